// Structs in C: functions that read and build them, over apps/sdk/tessera/message.h.
#pragma once

#include "caps/schemac/model.h"

#include <string>

namespace tessera::schemac {

[[nodiscard]] std::string emit_c_struct_types(const Schema& schema, const Node& node);
[[nodiscard]] std::string emit_c_struct(const Schema& schema, const Node& node);

}  // namespace tessera::schemac
