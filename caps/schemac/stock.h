// Before any header of Cap'n Proto's: its version 0.9 leaves these two to be found with the operands the other way
// round, which C++20 no longer does for them.
#pragma once

#include <kj/string.h>

namespace kj {

inline bool operator==(const char* a, const StringPtr& b) { return b.operator==(StringPtr(a)); }
inline bool operator!=(const char* a, const StringPtr& b) { return !b.operator==(StringPtr(a)); }

}  // namespace kj
