// An object before another one, made by a program that implements Interposer (caps/schema/message.capnp).
#pragma once

#include "caps/domain.h"
#include "core/base/result.h"

namespace tessera::caps {

// On a fiber, outside of programs. What is given is a reference of the caller's.
[[nodiscard]] Result<ObjectHeader*> interpose(Domain& by, ObjectHeader& object);

}  // namespace tessera::caps
