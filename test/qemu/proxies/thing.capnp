@0xb6f1c0d2e3a49587;
# One method for each way in which things travel.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("testing");

struct Pair @0xd1e2f3a4b5c60718 {
  name @0 :Text;
  value @1 :Int64;
  more @2 :List(Pair);
}

interface Thing @0xc4d3e2f1a0b98776 {
  numbers @0 (truth :Bool = true, tiny :Int8, small :Int16 = -5, big :Int64, single :Float32, double :Float64)
      -> (sum :Float64, all :UInt32, half :Float32) $Tessera.strict;
  bytes @1 (text :Text, data :Data) -> (reversed :Data, upper :Text) $Tessera.strict;
  pair @2 (pair :Pair) -> (back :Pair) $Tessera.strict;
  objects @3 (first :Thing, second :Thing, which :UInt32) -> (chosen :Thing, same :Bool) $Tessera.strict;
  fails @4 (status :UInt16) -> () $Tessera.strict;
  traps @5 () -> () $Tessera.strict;
  child @6 (number :UInt32) -> (child :Thing) $Tessera.strict;
  number @7 () -> (number :UInt32) $Tessera.strict;
  counts @8 () -> (a :UInt64, b :UInt64, c :UInt64, d :UInt64) $Tessera.strict;
}
