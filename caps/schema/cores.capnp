@0x9a4460aac07ec2a1;
# A program on every core.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

interface Task @0xe0d87a251c158a9f {
  # What a fiber is started with.

  run @0 (argument :UInt64) -> () $Tessera.strict;
  # The fiber's whole work. What it returns nobody hears.
}

interface Cores @0x8fadf7d5834d8ce2 {
  # Lets a program run on more than one fiber. Cores take the fibers that are ready, whoever started them.

  count @0 () -> (cores :UInt32) $Tessera.strict;
  # How many fibers can run at once.

  start @1 (task :Task, argument :UInt64, stackBytes :UInt32) -> () $Tessera.strict;
  # A new fiber calls `task.run(argument)`, with so much of a stack in its memory (rounded up to a power of two; at least
  # 64 KiB, at most 64 MiB: invalid), beside the one for calls, which has 8 MiB. It is charged to the caller, whose own object the task has to be, and counts
  # against its limit of fibers. A fault in it ends the program as one in its entry does, and so does an exit; when the
  # entry ends by an exit, these fibers end, too. invalid: the task is another's. exhausted. ended.
}
