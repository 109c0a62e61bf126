// Programs of a C library in the box.
#pragma once

#include <string>
#include <vector>

namespace tessera::fuzz {

// The program's own name and its arguments.
void set_box_words(std::vector<std::string> given);

}  // namespace tessera::fuzz
