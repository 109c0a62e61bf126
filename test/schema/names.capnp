@0xb3f1c86a1d0e5c27;
# Methods and parameters with names that the languages, or what is generated, have for something else.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("names");

interface Names @0xd1b7a04c9e3f2a68 {
  handle @0 (type :UInt32) -> (self :UInt32) $Tessera.strict;
  takeHandle @1 () -> () $Tessera.strict;
  mint @2 (match :Text) -> (class :Data) $Tessera.strict;
  released @3 () -> () $Tessera.strict;
  serve @4 (object :Names) -> (impl :Names) $Tessera.strict;
  serveGranted @5 () -> () $Tessera.strict;
  fromHandle @6 () -> () $Tessera.strict;
  fromObject @7 () -> () $Tessera.strict;
  switch @8 () -> () $Tessera.strict;
  nextGranted @9 (handle :Int32, status :Text) -> (this :UInt64, room :Data) $Tessera.strict;
  server @10 () -> () $Tessera.strict;
  tesseraPart @11 () -> () $Tessera.strict;
}
