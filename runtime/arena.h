// A program's memory: 4 GiB of address space that 32-bit offsets reach, and guards that catch what constants add to
// them.
//
//   base - 4096   the kernel's page: whose arena this is (last word), its size (the word before), the Arena; programs
//                 can't reach it: offsets are unsigned
//   base          64 KiB never mapped, so offset 0 is no address
//   ...           what the program has of its memory, of which its stack is committed as it is touched (trap.cpp)
//   ...           from the top down: stacks for calls into the program, each above a guard
//   base + 4 GiB  2 GiB and a little, never mapped
#pragma once

#include "core/base/result.h"
#include "runtime/account.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace tessera::runtime {

inline constexpr std::uint64_t kArenaPageBytes = std::uint64_t{64} * 1024;

struct ArenaLayout {
    std::uint64_t initial_bytes = 0;  // mapped from stack_bottom's page to here
    std::uint64_t max_bytes = 0;      // grows to at most this
    std::uint32_t stack_bottom = 0;
    std::uint32_t committed_from = 0;  // above stack_bottom: what lies between them is committed when it is touched
};

class Arena {
  public:
    // What is mapped is charged to the account, and can be touched: it is promised.
    static Result<std::unique_ptr<Arena>> create(const ArenaLayout& layout, void* owner, Account& account);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    [[nodiscard]] std::byte* base() const { return base_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t max_bytes() const { return layout_.max_bytes; }
    [[nodiscard]] std::uint32_t stack_bottom() const { return layout_.stack_bottom; }
    // The old size in pages of 64 KiB, or nothing if the limit, the account or the machine forbids more.
    [[nodiscard]] std::uint32_t grow(std::uint32_t pages);  // kGrowFailed
    static constexpr std::uint32_t kGrowFailed = 0xFFFFFFFF;

    // One more stack for a call, of so many bytes (whole arena pages): the offset behind it, or 0 if the account, the
    // machine or the address space has none left. Stays for as long as the arena.
    [[nodiscard]] std::uint32_t add_stack(std::uint32_t bytes);

    // Commits what is missing of the program's stack from the address up; from trap handlers, too. Elsewhere: the
    // address is none of its stack, or one that is there for good.
    enum class Touch : std::uint8_t { Elsewhere, Done, Refused };
    [[nodiscard]] Touch touch(std::uintptr_t address);
    // From what programs pass as their first argument.
    [[nodiscard]] static Arena& at(const void* base);

    // When the program has ended: all but its bounds goes back at once.
    void discard();

    // Whether [offset, offset + length) is inside the program's memory as it is now.
    [[nodiscard]] bool contains(std::uint32_t offset, std::uint64_t length) const {
        return offset + length <= bytes() ||
               (offset >= stacks_begin_.load(std::memory_order_acquire) && offset + length <= kStacksEnd);
    }

    // False if the range is outside or a page is missing: the program's fault.
    [[nodiscard]] bool read(std::uint32_t offset, void* into, std::size_t length) const;
    [[nodiscard]] bool write(std::uint32_t offset, const void* from, std::size_t length);

    // The owner given to create(), from what programs pass as their first argument.
    [[nodiscard]] static void* owner_of(const void* base);

  private:
    static constexpr std::uint64_t kStacksEnd = (std::uint64_t{1} << 32U) - kArenaPageBytes;

    Arena(const ArenaLayout& layout, Account& account) : layout_(layout), account_(account) {}

    class Growing;
    [[nodiscard]] bool commit_from(const std::byte* from, std::uint64_t bytes);
    void set_bytes(std::uint64_t bytes);

    ArenaLayout layout_;
    Account& account_;
    std::uint64_t committed_bytes_ = 0;
    std::byte* reserved_ = nullptr;
    std::byte* base_ = nullptr;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::atomic<std::uint64_t> stacks_begin_ = kStacksEnd;
    std::uint64_t stack_bytes_ = 0;
    // The program's own stack: where it begins, from where on it is committed, and where what was not so at first ends.
    std::uint64_t bottom_ = 0;
    std::uint64_t committed_from_ = 0;
    std::uint64_t touched_to_ = 0;
    std::atomic_flag growing_;  // held for what follows, and for these
};

}  // namespace tessera::runtime
