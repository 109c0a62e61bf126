@0xb3c1f4a79e2d6083;
# What the modules of this test serve to whoever has loaded them.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("probe");

interface Probe @0xa6f0d2c47b918e35 {
  add @0 (a :UInt64, b :UInt64) -> (sum :UInt64) $Tessera.strict;

  spin @1 () -> () $Tessera.strict;
  # Never returns.

  trap @2 () -> () $Tessera.strict;

  child @3 (state :UInt64) -> (probe :Probe) $Tessera.strict;
  # A new object.

  through @4 (probe :Probe, depth :UInt32) -> (sum :UInt64) $Tessera.strict;
  # Calls `through` of that one, with this one, `depth` times in turn; adds what comes back.

  keep @5 (probe :Probe) -> () $Tessera.strict;
  # Holds it until the end.

  hoard @6 (what :UInt32) -> (count :UInt64) $Tessera.strict;
  # Takes objects (0), memory (1), handles (2) until there is no more.

  told @7 () -> (count :UInt64) $Tessera.strict;
  # Of how many objects it has heard that they are gone.

  fill @8 (count :UInt32) -> (bytes :Data) $Tessera.strict;
  # So many of 1, 2, 3...
}
