// Writes a lowered program to a file.
#pragma once

#include "safeir/lower/program/program.h"

#include <string>

namespace tessera::lower {

// The program in safe IR. `launcher`: what Linux starts with it when it is run; the file is executable then. Empty: the
// program's bytes alone.
bool write_program(LoweredProgram& program,
                   const std::string& path,
                   const std::string& launcher,
                   Diagnostics& diagnostics);

// LLVM assembly of the lowered module, with the arena's image as constants: for tests that run it natively.
bool write_for_test(LoweredProgram& program, const std::string& path, Diagnostics& diagnostics);

}  // namespace tessera::lower
