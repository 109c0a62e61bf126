@0x9b1e0f5f0c6ad201;
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("pairs");

interface Left @0x8f3d1c22a1b0c301 {
  make @0 (from :UInt64) -> (made :Left) $Tessera.strict;
  value @1 () -> (value :UInt64) $Tessera.strict;
}

interface Right @0x8f3d1c22a1b0c302 {
  name @0 () -> (name :Text) $Tessera.strict;
}
