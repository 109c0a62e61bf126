@0xfb4203cb67ca2c9f;
# Streams of bytes, and the console.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface ByteStream @0xec8ee198c6c97d6c {
  # Bytes in order, one way or both. Whether a call waits is said by the call and never a mode of the stream. A deadline is a time of
  # the monotonic clock in nanoseconds: 0 means not to wait, the largest number to wait for ever.

  read @0 (count :UInt32, deadline :UInt64 = 0xffffffffffffffff) -> (data :Data) $Tessera.strict;
  # At least one byte and at most `count`: what is there, without waiting for more. 0 bytes only if `count` is 0.
  # endOfStream; wouldWait, timedOut, cancelled; reset, device.

  write @1 (data :Data, deadline :UInt64 = 0xffffffffffffffff) -> (written :UInt64) $Tessera.strict;
  # How many bytes were taken, from the front: at least one, unless there was none. A stream with no room makes the caller wait.
  # closed, noSpace; wouldWait, timedOut, cancelled; reset, device.

  finish @2 () -> () $Tessera.strict;
  # Nothing more will be written; the other side reads what was, and then endOfStream. Reading goes on. Twice is no error.

  writeParts @3 (parts :List(Data), deadline :UInt64 = 0xffffffffffffffff) -> (written :UInt64);
  # As one `write` of all parts one after the other.
}

interface Console @0x8386c1bbeec16d97 extends(ByteStream) {
  # A person at a terminal, or what stands for one.

  size @0 () -> (columns :UInt16, rows :UInt16);
  # In characters; 0 where nobody knows.

  setInput @1 (echo :Bool, whole :Bool) -> ();
  # Whether what is typed is shown, and whether it is given out in whole lines, with editing. At the start both.

  waitForSize @2 (columns :UInt16, rows :UInt16, deadline :UInt64 = 0xffffffffffffffff) -> (newColumns :UInt16, newRows :UInt16);
  # Returns when the size is another than the one given. timedOut, cancelled.

  errors @3 () -> (stream :ByteStream);
  # Where messages about errors go, which may be read by somebody else than the rest. May be this object.

  isTerminal @4 () -> (input :Bool, output :Bool, errors :Bool);
  # Whether it is a person who types what is read, and who sees what is written here and to `errors`, while it happens.
}
