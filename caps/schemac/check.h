// What a schema's versions, one after the other, break: docs/notes/compatibility.md has the rules.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

struct Version {
    std::string label;  // as the user calls it: a file or a folder
    Schema schema;
};

struct Finding {
    std::string place;   // "v2/a.capnp:7"
    std::string what;    // what was changed, and from what
    std::string cause;   // what would go wrong
    std::string remedy;  // what to do instead
    bool breaking = true;
};

// The versions in the order of their release. Each is compared with the latest earlier one that has the thing, and with
// the whole history where names and ordinals are given away again.
[[nodiscard]] std::vector<Finding> check(const std::vector<Version>& versions);

}  // namespace tessera::schemac
