@0xc37a83c7fff1d27c;
# What drivers give out.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface BlockDevice @0x8680cda6efcbc64c {
  # A disk, or a part of one. Positions and counts are of blocks.

  geometry @0 () -> (blockBytes :UInt32, blocks :UInt64, writable :Bool, transferBlocks :UInt32) $Tessera.strict;
  # `transferBlocks`: the most of one call.

  read @1 (block :UInt64, count :UInt32) -> (data :Data) $Tessera.strict;
  # All of it, or an error: invalid (outside), device.

  write @2 (block :UInt64, data :Data) -> () $Tessera.strict;
  # Whole blocks. All of it, or an error, and then nobody knows which blocks were written: invalid, readOnly, device.

  flush @3 () -> () $Tessera.strict;
  # What was written before would survive a loss of power.

  discard @4 (block :UInt64, count :UInt64) -> ();
  # Nobody needs what is there; it may read as anything.

  zero @5 (block :UInt64, count :UInt64) -> ();
}

interface NetworkInterface @0xce3a9e2ffa835445 {
  # Ethernet frames.

  properties @0 () -> (address :Data, frameBytes :UInt32, up :Bool) $Tessera.strict;
  # `address`: 6 bytes. `frameBytes`: the longest frame, header included, checksum not.

  receive @1 (deadline :UInt64 = 0xffffffffffffffff) -> (frame :Data) $Tessera.strict;
  # wouldWait, timedOut, cancelled.

  send @2 (frame :Data, deadline :UInt64 = 0xffffffffffffffff) -> () $Tessera.strict;
  # The frame is on its way or queued. wouldWait, timedOut, cancelled, tooLarge.

  receiveMany @3 (count :UInt32, deadline :UInt64 = 0xffffffffffffffff) -> (frames :List(Data));
  # At least one: what is there.

  sendMany @4 (frames :List(Data), deadline :UInt64 = 0xffffffffffffffff) -> (sent :UInt32);
}
