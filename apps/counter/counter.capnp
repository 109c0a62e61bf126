@0xc6d9a1f0b2e84731;
# An interface that the kernel has never heard of.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("counting");

interface Counter @0xd5b1f4a2c3e60798 {
  # A number that only grows.

  add @0 (count :UInt64) -> (sum :UInt64) $Tessera.strict;
  # To it, and what it is then.

  child @1 (from :UInt64) -> (counter :Counter) $Tessera.strict;
  # Another one, which begins there.

  words @2 (text :Text) -> (sum :UInt64) $Tessera.strict;
  # Adds how many words the text has.
}
