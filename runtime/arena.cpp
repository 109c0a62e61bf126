#include "runtime/arena.h"

#include "runtime/commit.h"
#include "runtime/copy.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace tessera::runtime {
namespace {

constexpr std::uint64_t kReach = std::uint64_t{1} << 32U;
constexpr std::uint64_t kGuard = std::uint64_t{1} << 31U;
constexpr std::uint64_t kStackGuard = kArenaPageBytes;  // below each stack for calls
constexpr std::uint64_t kMachinePage = 4096;
constexpr std::uint64_t kKernelPage = kMachinePage;
// Behind the guard: the widest access that begins at its last byte.
constexpr std::uint64_t kSlack = kMachinePage;
constexpr std::uint64_t kReservedBytes = kKernelPage + kReach + kGuard + kSlack;

}  // namespace

Result<std::unique_ptr<Arena>> Arena::create(const ArenaLayout& layout, void* owner, Account& account) {
    std::unique_ptr<Arena> arena(new Arena(layout, account));
    void* reserved = mmap(nullptr, kReservedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) {
        return fail(Blame::Machine, "no address space is left for a program's memory");
    }
    arena->reserved_ = static_cast<std::byte*>(reserved);
    arena->base_ = arena->reserved_ + kKernelPage;
    const std::uint64_t first = layout.stack_bottom & ~(kMachinePage - 1);
    if (first > layout.initial_bytes || layout.initial_bytes > kReach ||
        !arena->commit_from(arena->reserved_, kKernelPage) ||
        !arena->commit_from(arena->base_ + first, layout.initial_bytes - first)) {
        return fail(Blame::Machine, "no memory is left for the program");
    }
    std::memcpy(arena->base_ - sizeof owner, static_cast<void*>(&owner), sizeof owner);
    arena->set_bytes(layout.initial_bytes);
    return arena;
}

Arena::~Arena() {
    if (reserved_ != nullptr) {
        munmap(reserved_, kReservedBytes);
        account_.credit(committed_bytes_ + stack_bytes_);
    }
}

bool Arena::commit_from(const std::byte* from, std::uint64_t bytes) {
    // SAFETY: an address as a number.
    if (!commit(&account_, reinterpret_cast<std::uintptr_t>(from), bytes)) {
        return false;
    }
    committed_bytes_ += bytes;
    return true;
}

void Arena::discard() {
    // SAFETY: an address as a number.
    const auto from = reinterpret_cast<std::uintptr_t>(base_) + (layout_.stack_bottom & ~(kMachinePage - 1));
    decommit(&account_, from, committed_bytes_ - kKernelPage);
    committed_bytes_ = kKernelPage;
}

void Arena::set_bytes(std::uint64_t bytes) {
    bytes_.store(bytes, std::memory_order_release);
    // SAFETY: the kernel's page; copy.S reads the word there as a whole.
    std::atomic_ref<std::uint64_t>(*reinterpret_cast<std::uint64_t*>(base_ - 16))
        .store(bytes, std::memory_order_release);
}

void* Arena::owner_of(const void* base) {
    void* owner = nullptr;
    std::memcpy(static_cast<void*>(&owner), static_cast<const std::byte*>(base) - sizeof owner, sizeof owner);
    return owner;
}

std::uint32_t Arena::grow(std::uint32_t pages) {
    while (growing_.test_and_set(std::memory_order_acquire)) {
    }
    const auto old = bytes();
    const std::uint64_t more = std::uint64_t{pages} * kArenaPageBytes;
    const auto most =
        stack_bytes_ == 0 ? layout_.max_bytes : std::min(layout_.max_bytes, stacks_begin_.load() - kStackGuard);
    const bool done = old + more <= most && commit_from(base_ + old, more);
    if (done) {
        set_bytes(old + more);
    }
    growing_.clear(std::memory_order_release);
    return done ? static_cast<std::uint32_t>(old / kArenaPageBytes) : kGrowFailed;
}

std::uint32_t Arena::add_stack(std::uint32_t bytes) {
    while (growing_.test_and_set(std::memory_order_acquire)) {
    }
    const auto end = stacks_begin_.load() - (stacks_begin_.load() == kStacksEnd ? 0 : kStackGuard);
    const auto begin = end - bytes;
    // SAFETY: an address as a number.
    const bool done = begin >= this->bytes() + kStackGuard &&
                      commit(&account_, reinterpret_cast<std::uintptr_t>(base_) + begin, bytes);
    if (done) {
        stack_bytes_ += bytes;
        stacks_begin_.store(begin, std::memory_order_release);
    }
    growing_.clear(std::memory_order_release);
    return done ? static_cast<std::uint32_t>(end) : 0;
}

bool Arena::read(std::uint32_t offset, void* into, std::size_t length) const {
    return contains(offset, length) && tessera_copy(into, base_ + offset, length) == 0;
}

bool Arena::write(std::uint32_t offset, const void* from, std::size_t length) {
    return contains(offset, length) && tessera_copy(base_ + offset, from, length) == 0;
}

}  // namespace tessera::runtime
