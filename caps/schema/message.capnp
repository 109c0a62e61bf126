@0xb0d4f3f97c0d8e1b;
using Tessera = import "tessera.capnp";
using Domain = import "domain.capnp";
$Tessera.namespace("tessera");

interface MessageHandler @0xe9d3b7a46c1f5208 {
  # Calls of any interface, as messages. Who implements it is handed calls of every interface, those that it has never heard of
  # included, and whoever calls its objects can't tell; and any object can be called by it, whether it takes messages or not.

  call @0 (interfaceId :UInt64, ordinal :UInt16, body :Data, capabilities :Data, rooms :Data) -> (answer :Data, given :Data)
      $Tessera.strict;
  # `body` is one segment whose root is the struct of the method's parameters. A capability in it is an index into `capabilities`:
  # numbers of four bytes, the caller's handles to a caller and the callee's to a callee, borrowed for the call; 0 is none.
  # `rooms` is a number of four bytes for each result that is bytes: how many the caller has room for. Without it there is as much as
  # for the whole answer. `answer` and `given` are the same as body and capabilities, of the results.
  # tooSmall: `answer` holds eight bytes for each result that is bytes: how many there are. Other errors have no answer.
  # unsupported: nobody on the way describes the method. malformed: a body is not what the description says.
}

interface Interposer @0xbe2d1a63c7f04985 {
  # Puts an object of its own before another one, of whatever interface.

  wrap @0 (object :Capability) -> (wrapped :Capability) $Tessera.strict;
}

interface Caretaker @0xa8e07f6c4b2d1935 {
  # The same, with what takes it back.

  wrap @0 (object :Capability) -> (wrapped :Capability, revoker :Domain.Revoker) $Tessera.strict;
}
