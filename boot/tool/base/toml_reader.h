// toml++ as this folder uses it: header only, with exceptions. Its parser (3.3.0) has assertions that malformed text
// breaks; here they throw, so that bad text is an error and not the end of the tool.
#pragma once

namespace tessera::tool {

struct MalformedToml {};

}  // namespace tessera::tool

#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(expression) ((expression) ? static_cast<void>(0) : throw ::tessera::tool::MalformedToml())
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <toml++/toml.h>
#pragma clang diagnostic pop
