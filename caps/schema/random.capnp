@0x8669e270f220963e;
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface Random @0xd48a92183bb7ccd1 {
  # Numbers that nobody can foresee, fit for keys.

  bytes @0 (count :UInt32) -> (data :Data) $Tessera.strict;
  # Exactly `count` bytes. Never waits.

  number @1 () -> (value :UInt64) $Tessera.strict;
}
