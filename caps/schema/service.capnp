@0xe0530fc506f23734;
# What services are handed beside their work: a log, a configuration, secrets.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

enum Severity @0xf87eaf1257548843 {
  debug @0;
  info @1;
  warning @2;
  error @3;
}

struct Record @0xa22aaf368f05174c {
  # One event.
  severity @0 :Severity = info;
  text @1 :Text;
  fields @2 :List(Field);
  wall @3 :Int64;
  # Coordinated universal time in nanoseconds since 1970; 0: the log's own time of arrival.

  struct Field @0xf9ad44804ddc9640 {
    name @0 :Text;
    value :union {
      text @1 :Text;
      integer @2 :Int64;
      natural @3 :UInt64;
      number @4 :Float64;
      truth @5 :Bool;
      bytes @6 :Data;
    }
  }
}

interface Log @0xf9c43e457dbbe7ab {
  # Takes what happened. Never makes the caller wait: what does not fit is counted and left out.

  write @0 (severity :Severity, text :Text) -> () $Tessera.strict;

  record @1 (record :Record) -> () $Tessera.strict;

  threshold @2 () -> (severity :Severity) $Tessera.strict;
  # What is below is not wanted.
}

struct Value @0x99447fa75af6856d {
  # Of a configuration.
  union {
    nothing @0 :Void;
    truth @1 :Bool;
    integer @2 :Int64;
    number @3 :Float64;
    text @4 :Text;
    bytes @5 :Data;
    list @6 :List(Value);
    table @7 :List(Item);
  }

  struct Item @0xc43901dd2625fc4a {
    name @0 :Text;
    value @1 :Value;
  }
}

interface Configuration @0xbc6c916c05244fb8 {
  # Named values, "section.name". They may change; `version` grows with each change.

  get @0 (name :Text) -> (value :Value) $Tessera.strict;
  # notFound.

  text @1 (name :Text) -> (value :Text) $Tessera.strict;
  # notFound; invalid if it is no text.

  integer @2 (name :Text) -> (value :Int64) $Tessera.strict;
  # notFound; invalid if it is no integer.

  names @3 (prefix :Text = "") -> (names :List(Text)) $Tessera.strict;

  waitForChange @4 (version :UInt64, deadline :UInt64 = 0xffffffffffffffff) -> (newVersion :UInt64) $Tessera.strict;
  # Returns when the version is another than the one given. timedOut, cancelled.
}

interface Secret @0x90eb7e6544edee9d {
  # A key or a password. Who holds it can use it, and see it only if `reveal` is not denied.

  reveal @0 () -> (bytes :Data) $Tessera.strict;
  # denied.

  equals @1 (bytes :Data) -> (equal :Bool) $Tessera.strict;
  # In time that does not depend on where they differ.

  sign @2 (data :Data) -> (signature :Data);
  # A code of authentication by this key: HMAC-SHA-256, 32 bytes.
}
