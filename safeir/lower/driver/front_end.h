// clang's WebAssembly front end, run as a child process.
#pragma once

#include "safeir/lower/driver/options.h"

#include <string>
#include <vector>

namespace tessera::lower {

// Makes unoptimised bitcode of one source in `bitcode_path`. `object` is what the user will call the result: dependency
// files are named after it. Returns clang's exit status; its messages went to standard error.
int run_front_end(const CcOptions& options,
                  const Input& source,
                  const std::string& bitcode_path,
                  const std::string& object);

// Lets clang say, with file and line, where `source` has assembly: bitcode no longer knows it of assembly at file
// scope.
void name_assembly(const CcOptions& options, const Input& source);

// Preprocesses, checks or answers a question: what does not end in code.
int run_clang_as_it_is(const CcOptions& options);

// Starts a program found in PATH, waits, and returns its exit status (127: not found; 128 + n: ended by signal n).
int run_program(const std::vector<std::string>& command);

}  // namespace tessera::lower
