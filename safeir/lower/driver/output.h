// Writes a lowered program to a file.
#pragma once

#include "safeir/lower/program/program.h"

#include <string>

namespace tessera::lower {

// The program in safe IR.
bool write_program(LoweredProgram& program, const std::string& path, Diagnostics& diagnostics);

// LLVM assembly of the lowered module, with the arena's image as constants: for tests that run it natively.
bool write_for_test(LoweredProgram& program, const std::string& path, Diagnostics& diagnostics);

}  // namespace tessera::lower
