// Methods of interfaces, as the SDK's generated headers say them in C, become functions with all of their results.
//
// In C a method gives its status and no more. An import's name, "<method>:<parameters>><results>" in the module
// "<interface>", and an export's, "<interface>/<method>:<parameters>><results>", say the rest, a letter each: i i32,
// l i64, f float, d double, c capability, r and w slices to read and to write. The results behind the status are
// fetched by calls of tessera_result/<letter><n> right behind the call, and given by a call of
// tessera_results/<results> whose status is returned.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Module.h"

namespace tessera::lower {

void give_methods_their_results(llvm::Module& program, Diagnostics& diagnostics);
}  // namespace tessera::lower
