@0xe2874c9ff5058670;
# Clocks and timers. Each time says which clock it is of.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface Clock @0xaeeb5874a5df9e99 {
  # Tells the time. It does not wait: that is a Timer's.

  now @0 () -> (nanoseconds :UInt64) $Tessera.strict;
  # The monotonic clock: since the machine's start, also while it sleeps; never goes back, and nobody sets it.

  wall @1 () -> (nanoseconds :Int64) $Tessera.strict;
  # Coordinated universal time, since 1970-01-01, without leap seconds. May be set, and go back. unsupported: nobody knows it.

  resolution @2 () -> (nanoseconds :UInt64) $Tessera.strict;
  # The smallest step of `now`.
}

interface Timer @0xe919553f9ee2dab2 {
  # Waits until a time of the monotonic clock.

  sleepUntil @0 (deadline :UInt64) -> (now :UInt64) $Tessera.strict;
  # Returns at that time or after it, never before; at once if it has passed. cancelled.

  sleep @1 (nanoseconds :UInt64) -> (now :UInt64) $Tessera.strict;
  # From the call on.
}
