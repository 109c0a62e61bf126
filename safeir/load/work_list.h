// Which functions of a lazily compiled program have code, who makes it now, and what was called. Not synchronised.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tessera::safeir {

class WorkList {
  public:
    void resize(std::size_t functions) { functions_.resize(functions); }

    // --- Quick code.
    // Who makes code, so that what was ended in the middle leaves no claim behind.
    using Claimant = std::uint8_t;
    // Nobody has made the function, and nobody else is to: the claim ends with `has_code` or `release`.
    [[nodiscard]] bool claim(std::uint32_t function, Claimant claimant);
    [[nodiscard]] bool is_claimed(std::uint32_t function) const { return functions_[function].claimant != 0; }
    void release(Claimant claimant);  // all of its claims
    void has_code(std::uint32_t function, std::uintptr_t address);
    // 0: none yet.
    [[nodiscard]] std::uintptr_t address_of(std::uint32_t function) const { return functions_[function].address; }

    // --- What the program does.
    // False: it was called before.
    bool was_called(std::uint32_t function);
    [[nodiscard]] std::uint32_t called_count() const { return static_cast<std::uint32_t>(called_.size()); }
    // Calls since one was last asked for, in order.
    [[nodiscard]] std::optional<std::uint32_t> next_called();

    // --- Full code, which takes the place of quick code.
    // Without any yet, each once: of those that were called the largest, so that none is left to one core alone at the
    // end, then the others.
    [[nodiscard]] std::optional<std::uint32_t>
    next_without_full_code(llvm::function_ref<std::uint32_t(std::uint32_t)> size);
    void has_full_code(std::uint32_t function, std::uintptr_t address);
    [[nodiscard]] bool is_full(std::uint32_t function) const { return functions_[function].full; }
    [[nodiscard]] std::uint32_t full_count() const { return full_count_; }
    [[nodiscard]] bool called_are_full() const { return full_called_ == called_.size(); }

  private:
    struct Function {
        std::uintptr_t address = 0;
        Claimant claimant = 0;  // 0: nobody
        bool called = false;
        bool full = false;
        bool given_out = false;  // for full code
    };
    std::vector<Function> functions_;
    std::vector<std::uint32_t> called_;  // in order of first calls
    std::size_t called_seen_ = 0;        // how many next_called has told of
    std::vector<std::uint32_t> slow_;    // called, and neither given out for full code nor in `largest_`
    std::vector<std::pair<std::uint32_t, std::uint32_t>> largest_;  // a heap of sizes and functions, called likewise
    std::uint32_t all_done_ = 0;                                    // how many of all functions have been given out
    std::uint32_t full_count_ = 0;
    std::size_t full_called_ = 0;
};

}  // namespace tessera::safeir
