// All that is made from a request, as files.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

struct Product {
    std::string name;  // beside the schema's: "a/b.tessera.h" of a/b.capnp
    std::string content;
};

// Throws std::runtime_error with place and reason for what can't be expressed.
[[nodiscard]] std::vector<Product> products_of(const Schema& schema);

}  // namespace tessera::schemac
