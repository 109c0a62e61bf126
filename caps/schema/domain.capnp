@0xcfda9df3398a7c56;
# Programs: loaded, instantiated, watched, replaced, limited and ended by objects.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface Loader @0xc01ec57fffbd9b0e {
  load @0 (module :Data, name :Text) -> (program :Program) $Tessera.strict;
  # Reads and checks a program in safe IR. `name` is for messages. malformed (what the checker refuses), exhausted.

  explain @1 (module :Data, name :Text) -> (accepted :Bool, text :Text);
  # What the checker says, for people: rule, function and place.

  account @2 () -> (account :Account) $Tessera.strict;
  # The caller's own, at whose expense it loads.
}

struct Parameter @0xe84392ab8f1371a2 {
  # A capability that a program's entry takes.
  name @0 :Text;
  interfaceId @1 :UInt64;
}

interface Program @0xe372533995af4234 {
  # A module that was checked. Its code is shared by all instances.

  parameters @0 () -> (parameters :List(Parameter)) $Tessera.strict;

  prepare @1 (account :Account) -> (setup :Setup) $Tessera.strict;
  # A new instance at the account's expense; without one, at the caller's. It does not run yet. exhausted.

  interfaces @2 () -> (imported :List(UInt64), served :List(UInt64));
}

interface Setup @0xdef8ac0b75b58c2b {
  # What an instance will be given. One that is let go of without `start` is gone.

  grant @0 (name :Text, capability :Capability) -> () $Tessera.strict;
  # The next of the capabilities that its entry takes. Behind those that it takes, and by name, it finds all among its
  # Arguments. invalid: the capability is null, or what it meant is gone. exists: the name was used before. exhausted: 16.

  argument @1 (word :Text) -> () $Tessera.strict;
  # The next word of the program's arguments.

  start @2 () -> (domain :Domain) $Tessera.strict;
  # invalid: its entry takes more capabilities than were granted, or it has none. exhausted. Once: closed after that.
}

enum State @0xbe250211fde0ad18 {
  running @0;
  returned @1;
  trapped @2;
  ended @3;
  # From outside: by `end`, an account or a time limit.
}

interface Domain @0xca0ae45e471e05b1 {
  # An instance of a program. It ends when its last Domain is let go of, when the account that pays for it is closed, or
  # by itself, when its entry fails or returns anything but 0; otherwise it goes on to serve its objects.

  wait @0 (deadline :UInt64 = 0xffffffffffffffff) -> (state :State, status :Int32) $Tessera.strict;
  # Returns when it no longer runs. `status`: what its entry returned. timedOut, cancelled.

  end @1 () -> () $Tessera.strict;
  # Ends it at whatever instruction; when this returns, no code of it runs, and all that it had taken is back. Twice is no
  # error. What calls this from inside of it, through others, is itself ended when it returns.

  state @2 () -> (state :State, status :Int32) $Tessera.strict;

  account @3 () -> (account :Account) $Tessera.strict;

  replace @4 (program :Program, deadline :UInt64 = 0xffffffffffffffff) -> () $Tessera.strict;
  # Calls in progress end in the old version, new ones wait until the new version is ready. On an error the old one goes on.

  fault @5 () -> (text :Text) $Tessera.strict;
  # Why it was ended, and where: for people. Empty if it was not.

  object @6 (interfaceId :UInt64) -> (capability :Capability) $Tessera.strict;
  # A new object, of state 0, of an interface that it serves. starting: its entry has not returned. notFound. ended.
}

enum Resource @0xed40d901004b1f08 {
  memoryBytes @0;
  slots @1;
  objects @2;
  buffers @3;
  fibers @4;
  microseconds @5;
  bytesPerSecond @6;
}

interface Account @0xc80da4e6ee3ee8ed {
  # What may be taken, and what was. Accounts form a tree: what a child takes its ancestors take.

  limit @0 (resource :Resource) -> (limit :UInt64, used :UInt64) $Tessera.strict;
  # The largest number: no limit of its own.

  setLimit @1 (resource :Resource, limit :UInt64) -> () $Tessera.strict;
  # Below what is used: nothing more can be taken until enough has come back.

  child @2 (name :Text) -> (account :Account) $Tessera.strict;
  # One within it, which is closed when its last Account is let go of.

  close @3 () -> () $Tessera.strict;
  # Ends every domain of it and of its descendants, and takes back all that was taken.

  peak @4 (resource :Resource) -> (peak :UInt64) $Tessera.strict;
  # The most that was used at a time.
}

interface Revoker @0xc11a2402da0b1e5c {
  # Made together with a capability that forwards to another; ends that one.

  revoke @0 () -> () $Tessera.strict;
  # After this returns no call through the capability begins; those under way are told. Twice is no error.

  revoked @1 () -> (revoked :Bool) $Tessera.strict;
}
