// What somebody begins with who implements an interface: a server whose methods say `unsupported`, and a client that
// calls each. `tessera new --serves` and `tessera schema skeleton` lay it down.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

enum class SkeletonLanguage : unsigned char { C, Cpp, Rust };

struct Skeleton {
    std::string interface{};  // its name
    std::string server{};     // source of the program that implements it
    std::string client{};     // source of the one that is granted an object of it, and the console behind it
    std::string output{};     // what the client prints as long as nothing is implemented
};

// Of the interface with that name in `file`, or of the only one if the name is empty. `include` is how the file's
// header is named without its ending: `"counter` or `<tessera/time`. Throws std::runtime_error if there is none (saying
// which there are), or if a method has no form in C.
[[nodiscard]] Skeleton skeleton_of(const Schema& schema,
                                   const RequestedFile& file,
                                   const std::string& name,
                                   const std::string& include,
                                   SkeletonLanguage language);

// The names of the interfaces that a file declares.
[[nodiscard]] std::vector<std::string> interfaces_of(const Schema& schema, const RequestedFile& file);

}  // namespace tessera::schemac
