#include "safeir/check/check_module.h"
#include "safeir/check/checked_module.h"
#include "safeir/read/read_program.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/BLAKE3.h"

namespace tessera::safeir {

CheckedModule::CheckedModule() = default;
CheckedModule::CheckedModule(CheckedModule&&) noexcept = default;
CheckedModule::~CheckedModule() = default;

// The module goes before the context that owns its types.
CheckedModule& CheckedModule::operator=(CheckedModule&& other) noexcept {
    module_ = std::move(other.module_);
    context_ = std::move(other.context_);
    image_ = std::move(other.image_);
    exports_ = std::move(other.exports_);
    hash_ = other.hash_;
    return *this;
}

// The one that may make a CheckedModule.
class Checker {
  public:
    static Result<CheckedModule> check(std::span<const std::byte> sir, const Limits& limits) {
        auto program = read_program(sir, limits);
        if (!program) {
            return fail(Blame::Program, program.error().text());
        }
        if (const auto refusal = check_module(program->functions, limits)) {
            return fail(Blame::Program, refusal->text());
        }
        CheckedModule checked;
        checked.context_ = std::move(program->context);
        checked.module_ = std::move(program->module);
        checked.image_ = std::move(program->image);
        checked.exports_ = std::move(program->exports);
        // SAFETY: std::byte and std::uint8_t may alias anything.
        const llvm::ArrayRef bytes(reinterpret_cast<const std::uint8_t*>(sir.data()), sir.size());
        checked.hash_ = llvm::BLAKE3::hash<32>(bytes);
        return checked;
    }
};

Result<CheckedModule> check_program(std::span<const std::byte> sir, const Limits& limits) {
    return Checker::check(sir, limits);
}

}  // namespace tessera::safeir
