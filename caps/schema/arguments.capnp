@0xad8fc5b4bbe0347d;
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface Arguments @0xe68b152ac0228cdd {
  # What a program was started with: words, named values (the environment) and capabilities. Read only; they do not change.

  count @0 () -> (words :UInt32, variables :UInt32) $Tessera.strict;

  word @1 (index :UInt32) -> (value :Text) $Tessera.strict;
  # Word 0 is the program's name. notFound past the last.

  variable @2 (index :UInt32) -> (name :Text, value :Text) $Tessera.strict;
  # In the order in which they were given. notFound past the last.

  find @3 (name :Text) -> (value :Text) $Tessera.strict;
  # notFound.

  grants @4 () -> (count :UInt32) $Tessera.strict;
  # How many capabilities.

  grantName @5 (index :UInt32) -> (name :Text) $Tessera.strict;
  # By which it is known to the program: of a directory its path. May be empty. notFound past the last.

  grant @6 (index :UInt32) -> (interfaceId :UInt64, capability :Capability) $Tessera.strict;
  # notFound past the last.
}
