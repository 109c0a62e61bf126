// Where generated code lives. One reservation holds all of it, so that "is this address program code?" is a comparison
// and a trap handler can answer it; each program has a region of its own in there, in which code and constants are
// within 2 GiB of each other. Pages are writable or executable, never both.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace tessera::safeir {

inline constexpr std::uint64_t kRegionBytes = std::uint64_t{256} << 20U;
inline constexpr std::uint32_t kRegionsMax = 4096;

class CodeRegion;

// Whom a program's pages are charged to.
class Ledger {
  public:
    virtual ~Ledger() = default;
    [[nodiscard]] virtual bool charge(std::uint64_t bytes) = 0;  // false: refused, and nothing is charged
    virtual void credit(std::uint64_t bytes) = 0;
    // Memory that the program may do without; null if there is none. Goes back by free().
    [[nodiscard]] virtual void* try_allocate(std::size_t bytes) = 0;
    // Its memory is used up: it is to end, and nothing more is to be kept for it.
    [[nodiscard]] virtual bool is_exhausted() const = 0;
};

// Must outlive its regions.
class CodeSpace {
  public:
    static Result<std::unique_ptr<CodeSpace>> create();
    ~CodeSpace();

    // The ledger, if there is one, outlives the region.
    [[nodiscard]] Result<std::unique_ptr<CodeRegion>> reserve_region(Ledger* ledger = nullptr);
    [[nodiscard]] std::uintptr_t begin() const { return begin_; }
    [[nodiscard]] std::uintptr_t end() const { return begin_ + kRegionBytes * kRegionsMax; }

  private:
    friend class CodeRegion;
    CodeSpace() = default;
    void give_back(std::uintptr_t region);

    std::uintptr_t begin_ = 0;
    std::mutex mutex_;
    std::vector<bool> used_;
};

class CodeRegion {
  public:
    CodeRegion(CodeSpace& space, std::uintptr_t begin, Ledger* ledger);
    ~CodeRegion();  // unmaps everything: no code of the region may be running
    CodeRegion(const CodeRegion&) = delete;
    CodeRegion& operator=(const CodeRegion&) = delete;

    enum class Use : std::uint8_t { Code, Data };
    // Fresh zeroed pages, readable and writable; null if the region or the machine is full, or the ledger refuses.
    [[nodiscard]] std::byte* allocate(Use use, std::size_t bytes);
    enum class Protection : std::uint8_t { ReadExecute, Read, ReadWrite };
    [[nodiscard]] bool protect(std::byte* pages, std::size_t bytes, Protection protection);

    [[nodiscard]] std::uintptr_t begin() const { return begin_; }
    [[nodiscard]] std::uint64_t bytes_used() const {
        const std::scoped_lock lock(mutex_);
        return (code_ - begin_) + (data_ - begin_ - kRegionBytes / 2);
    }

  private:
    CodeSpace& space_;
    Ledger* ledger_;
    std::uintptr_t begin_;
    mutable std::mutex mutex_;  // of the rest, and of its mappings
    std::uintptr_t code_;
    std::uintptr_t data_;
};

}  // namespace tessera::safeir
