// The state in which Linux starts a static program, made by hand: stack, arguments, auxiliary vector.
#pragma once

#include <string_view>

namespace tessera::libc {

// glibc's _start, then main(). Never returns: exit_group ends everything.
[[noreturn]] void start_program();

}  // namespace tessera::libc
