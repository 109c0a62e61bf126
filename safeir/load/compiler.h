// Generated code of some functions of one program at a time, by one thread at a time: LLVM's contexts belong to one.
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/clone.h"
#include "safeir/load/forecast.h"
#include "safeir/load/generate.h"
#include "safeir/load/guard.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace tessera::safeir {

class Compiler {
  public:
    // The guard must outlive this.
    Compiler(Guard& guard, Features features, CheckedModule module);
    ~Compiler();

    // Guarded. Each function can be entered on its own, and calls others by their stubs.
    [[nodiscard]] Result<GeneratedObject> compile(std::span<const std::uint32_t> functions, Tier tier);
    // The constant tables; an object without code if there are none.
    [[nodiscard]] Result<GeneratedObject> compile_tables();

    [[nodiscard]] const SymbolNames& names() const { return names_; }
    [[nodiscard]] const ContentHash& content_hash() const { return module_->content_hash(); }
    [[nodiscard]] std::span<const Export> exports() const { return module_->exports(); }
    [[nodiscard]] std::uint32_t instructions_of(std::uint32_t function);
    // Guarded; of none after a failure.
    [[nodiscard]] std::span<const Forecast::Callee> callees_of(std::uint32_t caller);

  private:
    [[nodiscard]] Result<void> run(llvm::function_ref<Result<void>()> work);
    [[nodiscard]] Result<CodeGenerator*> generator(Tier tier);

    Guard& guard_;
    Features features_;
    std::unique_ptr<CheckedModule> module_;
    SymbolNames names_;
    Forecast forecast_;
    std::array<std::unique_ptr<CodeGenerator>, 2> generators_;  // by tier
    std::vector<std::uint32_t> instructions_;                   // by function; 0: not counted
    std::optional<Error> broken_;                               // LLVM failed once: its state can't be used again
};

}  // namespace tessera::safeir
