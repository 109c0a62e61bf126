// From what `capnp compile` hands its plug-ins (CodeGeneratorRequest) to a Schema.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

// Reads a request from a file descriptor; throws kj::Exception if it is none.
[[nodiscard]] Schema read_request(int descriptor);

struct CompileOptions {
    std::vector<std::string> files{};
    std::vector<std::string> import_paths{};
};

// Runs `capnp compile` on the files. Throws std::runtime_error with what it said if it refuses them, or is not there.
[[nodiscard]] Schema compile(const CompileOptions& options);

}  // namespace tessera::schemac
