@0x9d3cf0b17a5e8241;
# A later version of ../old.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("things");

interface Thing @0xf07c8f5b1d2e6a93 {
  look @0 (name :Text, at :UInt32, limit :UInt32 = 7, hint :Text, beside :Thing)
      -> (found :Data, count :UInt64, ratio :Float64 = 0.5, note :Text, other :Thing) $Tessera.strict;
  child @1 (name :Text) -> (thing :Thing, number :Int16 = -3) $Tessera.strict;
  forget @2 () -> ();
}
