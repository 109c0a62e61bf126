@0xa393765e5f715922;
# Directories and files. What can only be read is the same interfaces, whose objects answer what writes with `readOnly`.
using Tessera = import "tessera.capnp";
using ByteStream = import "stream.capnp".ByteStream;
$Tessera.namespace("tessera");

enum Kind @0xbf503bfa8610a56a {
  # What a name leads to.
  file @0;
  directory @1;
  link @2;
  stream @3;
  device @4;
}

struct Metadata @0xbba5b82af4df01ac {
  # What is known of a file or directory. Times are coordinated universal time in nanoseconds since 1970; 0 where nobody knows.
  kind @0 :Kind;
  bytes @1 :UInt64;
  modified @2 :Int64;
  created @3 :Int64;
  accessed @4 :Int64;
  links @5 :UInt32 = 1;
  writable @6 :Bool;
  identity @7 :UInt64;
  # Two names with one identity, not 0, in one file system are one object.
}

struct Entry @0x9cd125fed3dac05d {
  # A name in a directory.
  name @0 :Text;
  kind @1 :Kind;
  identity @2 :UInt64;
}

enum Create @0x9420e937ac53b68d $Tessera.strict {
  # What `open` does about a name that is missing, or there.
  never @0;
  # notFound if it is missing.
  missing @1;
  # Made if it is missing.
  new @2;
  # exists if it is there.
}

interface File @0xe05dfe41f7876597 {
  # Bytes with positions and a size. There is no current position: who wants one keeps it.

  metadata @0 () -> (metadata :Metadata) $Tessera.strict;

  size @1 () -> (bytes :UInt64) $Tessera.strict;

  read @2 (position :UInt64, count :UInt32) -> (data :Data) $Tessera.strict;
  # All of what is there, up to `count`; fewer only at the end, 0 bytes past it. device.

  write @3 (position :UInt64, data :Data) -> (written :UInt64) $Tessera.strict;
  # All of it, or as much as there was room for. What lies between the old end and the position reads as zeros.
  # readOnly, noSpace, tooLarge, device.

  append @4 (data :Data) -> (position :UInt64, written :UInt64) $Tessera.strict;
  # Behind the end, in one step with finding out where that is.

  resize @5 (bytes :UInt64) -> () $Tessera.strict;
  # Cuts, or fills with zeros. readOnly, noSpace, tooLarge.

  sync @6 (data :Bool = false) -> () $Tessera.strict;
  # Returns when what was written before would survive a loss of power; with `data`, times and the like may be lost. device.

  setTimes @7 (accessed :Int64, modified :Int64) -> ();

  readParts @8 (position :UInt64, counts :List(UInt32)) -> (data :Data);
  # As one `read` of the sum, for pieces that are used apart.

  writeParts @9 (position :UInt64, parts :List(Data)) -> (written :UInt64);
  # As one `write` of all parts one after the other.

  allocate @10 (position :UInt64, bytes :UInt64) -> ();
  # Writing there will not fail for want of space. noSpace.

  stream @11 (position :UInt64) -> (stream :ByteStream);
  # Reads, and writes, from there on.
}

interface Watch @0xc83a094bb029f7f8 {
  # Tells of changes, in order. One that falls behind is told that something was left out, and is not ended.

  next @0 (deadline :UInt64 = 0xffffffffffffffff) -> (name :Text, change :Change) $Tessera.strict;
  # The name of the entry; empty for the object itself. wouldWait, timedOut, cancelled.

  enum Change @0x9242dd6f75992a6d {
    created @0;
    removed @1;
    changed @2;
    missed @3;
    # Changes were left out: look again.
  }
}

interface Directory @0xfee6d96a6f4036eb {
  # Names to files and directories. A path is names with "/" between; "." and ".." are no names here, and a path never leads out of the
  # directory that is asked. So a directory can stand for the root of a program's file system.

  open @0 (path :Text, create :Create = never, truncate :Bool = false) -> (file :File) $Tessera.strict;
  # notFound, exists, isDirectory, notDirectory, readOnly, noSpace, invalid (the path).

  directory @1 (path :Text, create :Create = never) -> (directory :Directory) $Tessera.strict;
  # notFound, exists, notDirectory, readOnly, noSpace, invalid.

  metadata @2 (path :Text = "", follow :Bool = true) -> (metadata :Metadata) $Tessera.strict;
  # An empty path is the directory itself. `follow`: what a link leads to, not the link.

  list @3 (cookie :UInt64, count :UInt32) -> (entries :List(Entry), next :UInt64) $Tessera.strict;
  # From the cookie on (0: the first), at most `count` of them. `next` is the cookie to go on with, 0 when there is nothing more. What is
  # created or removed meanwhile is listed or not; the rest exactly once.

  remove @4 (path :Text, kind :Kind) -> () $Tessera.strict;
  # isDirectory and notDirectory if it is of the other kind; notEmpty, notFound, readOnly, busy.

  rename @5 (path :Text, to :Directory, newPath :Text, replace :Bool = true) -> () $Tessera.strict;
  # In one step: at no time are both there, or neither. otherDevice, exists, notFound, notEmpty, readOnly, invalid.

  sync @6 () -> () $Tessera.strict;
  # What was created, renamed and removed before would survive a loss of power.

  link @7 (path :Text, to :Directory, newPath :Text) -> ();
  # Another name for the same file.

  symbolicLink @8 (path :Text, target :Text) -> ();

  readLink @9 (path :Text) -> (target :Text);
  # invalid if it is no link.

  setTimes @10 (path :Text, accessed :Int64, modified :Int64) -> ();

  watch @11 (path :Text = "") -> (watch :Watch);

  space @12 () -> (total :UInt64, free :UInt64);
  # In bytes.
}
