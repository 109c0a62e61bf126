// The compiler driver of programs: `tessera cc` and `tessera ar`.
#pragma once

#include <string>

namespace tessera::lower {

// A C and C++ compiler driver in the manner of cc: the arguments are what a Makefile would give a compiler; with `c++`
// as argv[0] every source file is C++. A link (no -c, -E, -S) writes a program in safe IR. Returns the exit status.
int cc_main(int argc, char** argv);

// llvm-ar, for archives of our objects: argv[0] is ignored. Does not return unless it can't be started.
int ar_main(int argc, char** argv);

// Where the SDK and the C library are: TESSERA_SDK and TESSERA_SYSROOT, else the source tree's own.
std::string sdk_directory();
std::string schema_directory();  // headers of the standard interfaces
std::string sysroot_directory();

}  // namespace tessera::lower
