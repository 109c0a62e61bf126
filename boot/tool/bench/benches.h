// The benches that `tessera bench` knows.
#pragma once

#include "boot/tool/base/workspace.h"
#include "boot/tool/bench/bench_options.h"
#include "boot/tool/bench/bench_rows.h"
#include "core/base/result.h"

#include <vector>

namespace tessera::tool {

// Generated code against native, V8 and wasm2c, on the sources of test/bench/kernels.
[[nodiscard]] Result<std::vector<BenchRow>> bench_codegen(const Workspace& workspace, const BenchOptions& options);
// Reading and checking a large program, and how it grows with the program.
[[nodiscard]] Result<std::vector<BenchRow>> bench_load(const Workspace& workspace, const BenchOptions& options);
// From QEMU's start to the program's first output, by phases, beside Linux.
[[nodiscard]] Result<std::vector<BenchRow>> bench_boot(const Workspace& workspace, const BenchOptions& options);
// A large program without generated code: to its first answer, and to full quality, beside V8 and clang -O0.
[[nodiscard]] Result<std::vector<BenchRow>> bench_start(const Workspace& workspace, const BenchOptions& options);

// Loops over borrowed slices beside the same loops over ordinary memory, and native.
[[nodiscard]] Result<std::vector<BenchRow>> bench_slices(const Workspace& workspace, const BenchOptions& options);

// Calls from one domain into another, beside calls in a Linux program and between two.
[[nodiscard]] Result<std::vector<BenchRow>> bench_caps(const Workspace& workspace, const BenchOptions& options);
// Typed messages built and read, beside stock Cap'n Proto, FlatBuffers and Protocol Buffers.
[[nodiscard]] Result<std::vector<BenchRow>> bench_messages(const Workspace& workspace, const BenchOptions& options);

// Forks and joins beside the same work in order, and on two cores.
[[nodiscard]] Result<std::vector<BenchRow>> bench_runtime(const Workspace& workspace, const BenchOptions& options);

// Calls from a Linux program into verified ones (libtessera), and a packet filter, a packet of each.
[[nodiscard]] Result<std::vector<BenchRow>> bench_embed(const Workspace& workspace, const BenchOptions& options);

}  // namespace tessera::tool
