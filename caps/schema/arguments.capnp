@0xad8fc5b4bbe0347d;
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface Arguments @0xe68b152ac0228cdd {
  # What a program was started with: words, and named values (the environment). Read only; they do not change.

  count @0 () -> (words :UInt32, variables :UInt32) $Tessera.strict;

  word @1 (index :UInt32) -> (value :Text) $Tessera.strict;
  # Word 0 is the program's name. notFound past the last.

  variable @2 (index :UInt32) -> (name :Text, value :Text) $Tessera.strict;
  # In the order in which they were given. notFound past the last.

  find @3 (name :Text) -> (value :Text) $Tessera.strict;
  # notFound.
}
