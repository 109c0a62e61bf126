// Generated code of some functions of one program at a time, by one thread at a time: LLVM's contexts belong to one.
// All of it is guarded work (guard.h), so that none of it is touched when LLVM was ended in the middle.
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
#include <span>
#include <vector>

namespace tessera::safeir {

class Compiler {
  public:
    Compiler(Features features, GuardedPtr<CheckedModule> module);

    // Each function can be entered on its own, and calls others by their stubs.
    [[nodiscard]] Result<GeneratedObject> compile(std::span<const std::uint32_t> functions, Tier tier);
    // The constant tables; an object without code if there are none.
    [[nodiscard]] Result<GeneratedObject> compile_tables();

    [[nodiscard]] const SymbolNames& names() const { return names_; }
    [[nodiscard]] const ContentHash& content_hash() const { return module_->content_hash(); }
    [[nodiscard]] std::span<const Export> exports() const { return module_->exports(); }
    [[nodiscard]] std::uint32_t instructions_of(std::uint32_t function);
    [[nodiscard]] std::span<const Forecast::Callee> callees_of(std::uint32_t caller) {
        return forecast_.callees_of(caller);
    }

  private:
    [[nodiscard]] Result<CodeGenerator*> generator(Tier tier);

    Features features_;
    GuardedPtr<CheckedModule> module_;
    SymbolNames names_;
    Forecast forecast_;
    std::array<std::unique_ptr<CodeGenerator>, 2> generators_;  // by tier
    std::vector<std::uint32_t> instructions_;                   // by function; 0: not counted
};

}  // namespace tessera::safeir
