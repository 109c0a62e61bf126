// What is known by name, looked up by any view of one. Not LLVM's StringMap: the headers that hold these are most of
// the kernel's way to the loader, and without LLVM's they are read in half the time.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace tessera::safeir {

template <typename T>
using NameMap = std::map<std::string, T, std::less<>>;

}  // namespace tessera::safeir
