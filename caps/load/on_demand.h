// Code that is made when a program first calls it (safeir/load/program.h).
#pragma once

#include "safeir/load/program.h"

namespace tessera::caps {

// Failure is the end of the program's call.
std::uintptr_t make_on_first_call(safeir::LoadedProgram& program, std::uint32_t function);
// Others have the core while another one makes code that the program waits for.
bool wait_for_code();

}  // namespace tessera::caps
