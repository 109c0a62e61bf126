@0xbfe11f0e5c4a9d36;
# An interface that extends another one.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("things");

interface Named @0xc3a5d2f8017e4b91 {
  name @0 () -> (name :Text) $Tessera.strict;
}

interface Tally @0xe0f1b6c92d5a3478 extends(Named) {
  add @0 (count :UInt64) -> (sum :UInt64) $Tessera.strict;
  child @1 (name :Text) -> (made :Tally) $Tessera.strict;
  handle @2 (other :Named) -> (name :Data) $Tessera.strict;
  # The other one's name.
}
