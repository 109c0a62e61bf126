// CheckedModule: a program that has passed every rule. The only thing the loader takes, and only check_program makes
// one.
#pragma once

#include "core/base/result.h"
#include "safeir/wire/program_image.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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

// A function that the kernel may enter: (ptr base, i32 sp, target("tessera.cap") x cap_params) -> void or i32.
struct Export {
    std::string name;      // as the outside knows it
    std::string function;  // its name in the module
    unsigned cap_params = 0;
    bool returns_status = false;  // i32 result
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

// What a program may be at most. The names are the ones a refusal uses.
struct Limits {
    std::uint64_t file_bytes = 256U << 20U;
    std::uint32_t functions = 1U << 18U;
    std::uint32_t function_instructions = 1U << 20U;
    std::uint32_t instructions = 1U << 25U;
    std::uint32_t frame_bytes = 4096;  // of one function
    std::uint32_t function_table_entries = 1U << 22U;
    std::uint32_t capability_table_entries = 1U << 20U;
    std::uint32_t parameters = 1U << 22U;  // of all functions together
    std::uint32_t inlining_depth = 256;    // of a debug location: code generation recurses over it
    std::uint64_t block_climb =
        1ULL << 24U;  // steps of LLVM's dominator tree in one function: quadratic in hostile ones
    std::uint64_t proof_work = 1ULL << 27U;  // steps of proofs about slices and frames, of 0.3 us
    // No limit: called between functions, so that long work can be shared out.
    void (*between_functions)() = [] {};
};

// One broken rule, and where.
struct Refusal {
    std::string rule;                        // "SIR012", as in safeir/spec/rules.def
    std::string what;                        // the rule's sentence and the particulars
    std::string function;                    // empty: the module as a whole
    std::string instruction;                 // as LLVM prints it; empty where there is none
    std::string location;                    // "file.c:12", where known
    [[nodiscard]] std::string text() const;  // one line, all of it
};

// Reads the wire form, builds the module in checked form and checks it. Linear in the size of `sir`; hostile input is
// the normal case. The error's text is the first refusal's.
[[nodiscard]] Result<CheckedModule> check_program(std::span<const std::byte> sir, const Limits& limits = {});

}  // namespace tessera::safeir
