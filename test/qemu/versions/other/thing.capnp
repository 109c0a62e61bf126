@0x9d3cf0b17a5e8241;
# Not a version of the others: a number is of another kind.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("things");

interface Thing @0xf07c8f5b1d2e6a93 {
  look @0 (name :Text, at :Float32) -> (found :Data, count :UInt64) $Tessera.strict;
  child @1 () -> (thing :Thing) $Tessera.strict;
}
