// The Rust of skeleton.h.
#pragma once

#include "caps/schemac/model.h"

#include <string>

namespace tessera::schemac {

[[nodiscard]] std::string rust_server_skeleton(const Schema& schema, const Node& node);
[[nodiscard]] std::string rust_client_skeleton(const Schema& schema, const Node& node);

}  // namespace tessera::schemac
