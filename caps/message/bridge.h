// Typed calls and messages, each turned into the other (caps/schema/message.capnp). An object has typed methods, or an
// implementer that takes messages, or is the kernel's: whoever calls it can do so either way and can't tell.
#pragma once

#include "caps/call/by_words.h"

namespace tessera::caps {

// The by_words of objects whose implementer takes messages. A typed call is turned into one by the caller's own
// description of the interface; a message is passed on as it is, but for the capabilities that come with it.
Status call_handler(WordCall& call);

// MessageHandler.call of any other object: a typed call is made of it, by the description of the object's program, or
// the kernel's own.
Status call_by_message(WordCall& call);

}  // namespace tessera::caps
