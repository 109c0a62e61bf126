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

constexpr std::size_t kSelfPlace = 24;  // below the base
constexpr std::uint64_t kTouchStep = kArenaPageBytes;

// SAFETY: an address as a number.
std::uintptr_t number(const std::byte* address) { return reinterpret_cast<std::uintptr_t>(address); }

}  // namespace

// Whoever holds it is kernel code, which touches no arena meanwhile and is not interrupted by others of its core.
class Arena::Growing {
  public:
    explicit Growing(Arena& arena) : flag_(arena.growing_) {
        while (flag_.test_and_set(std::memory_order_acquire)) {
        }
    }
    ~Growing() { flag_.clear(std::memory_order_release); }
    Growing(const Growing&) = delete;
    Growing& operator=(const Growing&) = delete;

  private:
    std::atomic_flag& flag_;
};

Result<std::unique_ptr<Arena>> Arena::create(const ArenaLayout& layout, void* owner, Account& account) {
    std::unique_ptr<Arena> arena(new Arena(layout, account));
    void* reserved = mmap(nullptr, kReservedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) {
        return fail(Blame::Machine, "no address space is left for a program's memory");
    }
    arena->reserved_ = static_cast<std::byte*>(reserved);
    arena->base_ = arena->reserved_ + kKernelPage;
    arena->bottom_ = layout.stack_bottom & ~(kMachinePage - 1);
    const auto first = std::max(arena->bottom_, layout.committed_from & ~(kMachinePage - 1));
    arena->committed_from_ = arena->touched_to_ = first;
    if (first > layout.initial_bytes || layout.initial_bytes > kReach ||
        !arena->commit_from(arena->reserved_, kKernelPage) ||
        !arena->commit_from(arena->base_ + first, layout.initial_bytes - first)) {
        return fail(Blame::Machine, "no memory is left for the program");
    }
    std::memcpy(arena->base_ - sizeof owner, static_cast<void*>(&owner), sizeof owner);
    auto* self = arena.get();
    std::memcpy(arena->base_ - kSelfPlace, static_cast<void*>(&self), sizeof self);
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
    if (!commit(&account_, number(from), bytes)) {
        return false;
    }
    committed_bytes_ += bytes;
    return true;
}

Arena::Touch Arena::touch(std::uintptr_t address) {
    const auto offset = address - number(base_);
    const Growing growing(*this);
    if (offset < bottom_ || offset >= touched_to_) {
        return Touch::Elsewhere;
    }
    if (offset >= committed_from_) {
        return Touch::Done;  // by another core, meanwhile
    }
    const auto from = std::max(bottom_, offset / kTouchStep * kTouchStep);
    if (!commit_from(base_ + from, committed_from_ - from)) {
        return Touch::Refused;
    }
    committed_from_ = from;
    return Touch::Done;
}

void Arena::discard() {
    const Growing growing(*this);
    decommit(&account_, number(base_) + committed_from_, committed_bytes_ - kKernelPage);
    committed_bytes_ = kKernelPage;
    touched_to_ = 0;
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

Arena& Arena::at(const void* base) {
    Arena* arena = nullptr;
    std::memcpy(static_cast<void*>(&arena), static_cast<const std::byte*>(base) - kSelfPlace, sizeof arena);
    return *arena;
}

std::uint32_t Arena::grow(std::uint32_t pages) {
    const Growing growing(*this);
    const auto old = bytes();
    const std::uint64_t more = std::uint64_t{pages} * kArenaPageBytes;
    const auto most =
        stack_bytes_ == 0 ? layout_.max_bytes : std::min(layout_.max_bytes, stacks_begin_.load() - kStackGuard);
    const bool done = old + more <= most && commit_from(base_ + old, more);
    if (done) {
        set_bytes(old + more);
    }
    return done ? static_cast<std::uint32_t>(old / kArenaPageBytes) : kGrowFailed;
}

std::uint32_t Arena::add_stack(std::uint32_t bytes) {
    const Growing growing(*this);
    const auto end = stacks_begin_.load() - (stacks_begin_.load() == kStacksEnd ? 0 : kStackGuard);
    const auto begin = end - bytes;
    const bool done = begin >= this->bytes() + kStackGuard && commit(&account_, number(base_) + begin, bytes);
    if (done) {
        stack_bytes_ += bytes;
        stacks_begin_.store(begin, std::memory_order_release);
    }
    return done ? static_cast<std::uint32_t>(end) : 0;
}

bool Arena::read(std::uint32_t offset, void* into, std::size_t length) const {
    return contains(offset, length) && tessera_copy(into, base_ + offset, length) == 0;
}

bool Arena::write(std::uint32_t offset, const void* from, std::size_t length) {
    return contains(offset, length) && tessera_copy(base_ + offset, from, length) == 0;
}

}  // namespace tessera::runtime
