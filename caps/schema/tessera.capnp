@0x9231382c1ed7aff0;
# Annotations: what a schema says beside names and types. docs/notes/schema.md has what each does to the code that is generated,
# docs/notes/compatibility.md what each allows a later version to change.

annotation strict @0xf9d58484684029c4 (enum, struct, union, group, method) :Void;
# Of an enum or a union (on a struct: its unnamed union): the values listed are all there will ever be. A reader that meets another
# refuses the message. Of a method: whoever implements the interface has it, in every version; so it can't be added later.

annotation flexible @0xed719173939905e1 (enum, struct, union, group, method) :Void;
# The default. Of an enum or a union: a later version may add values; a reader that meets one it does not know gets its number, and
# that it is unknown. Of a method: a later version may add it; whoever calls it has to do something sensible with `unsupported`.

annotation open @0x8c8eb763b61cf393 (interface) :Void;
# The default: later versions may add flexible methods.

annotation closed @0xda9dd8722848040e (interface) :Void;
# No version adds a method. What wraps every method by hand, such as an allow-list, stays complete.

annotation text @0x93855d5a40405705 (enumerant) :Text;
# A sentence for people, without a full stop. An enum with these gets a function that gives the text of a value.

annotation namespace @0x80bc423b7a1982c6 (file) :Text;
# The C++ namespace ("a::b"), from which C's prefix ("a_b_") follows. Without it: the file's name.
