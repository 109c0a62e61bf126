@0xa92ce942d51fca35;
# What the parts of this example say to each other. The kernel has heard of none of it.
using Tessera = import "/tessera/tessera.capnp";
$Tessera.namespace("plugins");

interface Filter @0xeffa6355e44f67a3 {
  # What a plug-in offers.

  apply @0 (text :Data) -> (result :Data) $Tessera.strict;
}

interface Shelf @0x9e4eb3b5092e3fbe {
  # What a plug-in is handed: some files of the service's.

  read @0 (name :Text) -> (data :Data) $Tessera.strict;
  # denied: the name leads elsewhere. notFound.
}

enum Outcome @0xdf5ff62138a529ca {
  done @0;
  refused @1;      # the plug-in wanted what it may not have
  late @2;         # it did not answer in time, and was ended
  broken @3;       # it trapped or went over a limit, and was ended
  unavailable @4;  # it was ended before, or never was there
}

interface Service @0xcbeeac3efc37f803 {
  # What the client is granted.

  handle @0 (plugin :Text, text :Data) -> (outcome :Outcome, result :Data) $Tessera.strict;
  # In a bounded time, whatever the plug-in does.
}
