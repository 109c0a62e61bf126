// CheckedModule: a program that has passed every rule. The only thing the loader takes, and only check_program makes
// one.
#pragma once

#include "core/base/result.h"
#include "safeir/diag/limits.h"
#include "safeir/diag/refusal.h"
#include "safeir/spec/method_name.h"
#include "safeir/wire/program_image.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
}  // namespace llvm

namespace tessera::safeir {

using ContentHash = std::array<std::uint8_t, 32>;  // BLAKE3 of the .sir bytes

// A function that the kernel may enter: (ptr base, i32 sp, target("tessera.cap") x cap_params) -> void or i32; or a
// method of an interface, (ptr base, i32 sp, i64 state, ...) -> i32 or {i32, ...}.
struct Export {
    std::string name;            // as the outside knows it
    std::uint32_t function = 0;  // which of the program's functions, in the module's order
    unsigned cap_params = 0;
    bool returns_status = false;  // i32 result
    std::optional<MethodName> method = std::nullopt;
};

class CheckedModule {
  public:
    CheckedModule(CheckedModule&&) noexcept;
    CheckedModule& operator=(CheckedModule&&) noexcept;
    ~CheckedModule();

    [[nodiscard]] llvm::Module& module() const { return *module_; }
    [[nodiscard]] const ProgramImage& image() const { return image_; }
    [[nodiscard]] const std::vector<Export>& exports() const { return exports_; }
    [[nodiscard]] const ContentHash& content_hash() const { return hash_; }

  private:
    friend class Checker;
    friend struct CheckedModuleForTests;  // test/ only: wraps a module that no checker saw
    CheckedModule();

    std::unique_ptr<llvm::LLVMContext> context_;
    std::unique_ptr<llvm::Module> module_;
    ProgramImage image_;
    std::vector<Export> exports_;
    ContentHash hash_{};
};

// Reads the wire form, builds the module in checked form and checks it. Linear in the size of `sir`; hostile input is
// the normal case. The error's text is the first refusal's.
[[nodiscard]] Result<CheckedModule> check_program(std::span<const std::byte> sir, const Limits& limits = {});

}  // namespace tessera::safeir
