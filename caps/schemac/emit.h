// What is made from one file of a schema: one function for each product.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

// For programs: STEM.tessera.h, STEM.tessera.hpp, STEM.tessera.rs and the C functions that Rust calls, STEM.shims.c.
[[nodiscard]] std::string emit_c(const Schema& schema, const RequestedFile& file);
[[nodiscard]] std::string emit_cpp(const Schema& schema, const RequestedFile& file);
[[nodiscard]] std::string emit_rust(const Schema& schema, const RequestedFile& file);
[[nodiscard]] std::string emit_shims(const Schema& schema, const RequestedFile& file);

// For the kernel: STEM.kernel.h.
[[nodiscard]] std::string emit_kernel(const Schema& schema, const RequestedFile& file);

}  // namespace tessera::schemac
