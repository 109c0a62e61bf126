@0xe1a6c0f3d5b29784;
# What client.c and service.c say of each other by hand, for calls that become messages.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("described");

interface Bench @0xb1d2c3d4e5f60718 {
  add @0 (number :UInt64) -> (total :UInt64) $Tessera.strict;
  sum @1 (bytes :Data) -> (sum :UInt64) $Tessera.strict;
  make @2 (number :UInt64) -> (made :Bench) $Tessera.strict;
}
