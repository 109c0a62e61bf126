#include "safeir/load/code_region.h"

#include <sys/mman.h>

namespace tessera::safeir {
namespace {

constexpr std::uintptr_t kPage = 4096;
constexpr std::uintptr_t page_aligned(std::uintptr_t bytes) { return (bytes + kPage - 1) & ~(kPage - 1); }
constexpr int kReserveFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

// SAFETY: mappings are numbers here, and pointers only at the calls that map and fill them.
void* pointer(std::uintptr_t address) { return reinterpret_cast<void*>(address); }
std::uintptr_t number(const void* address) { return reinterpret_cast<std::uintptr_t>(address); }

}  // namespace

Result<std::unique_ptr<CodeSpace>> CodeSpace::create() {
    std::unique_ptr<CodeSpace> space(new CodeSpace);
    void* reserved = mmap(nullptr, kRegionBytes * kRegionsMax, PROT_NONE, kReserveFlags, -1, 0);
    if (reserved == MAP_FAILED) {
        return fail(Blame::Machine, "no address space is left for generated code");
    }
    space->begin_ = number(reserved);
    space->used_.resize(kRegionsMax);
    return space;
}

CodeSpace::~CodeSpace() { munmap(pointer(begin_), kRegionBytes * kRegionsMax); }

Result<std::unique_ptr<CodeRegion>> CodeSpace::reserve_region(Ledger* ledger) {
    const std::scoped_lock lock(mutex_);
    for (std::uint32_t i = 0; i < kRegionsMax; ++i) {
        if (!used_[i]) {
            used_[i] = true;
            return std::make_unique<CodeRegion>(*this, begin_ + i * kRegionBytes, ledger);
        }
    }
    return fail(Blame::Caller, "more than " + std::to_string(kRegionsMax) + " programs are loaded");
}

void CodeSpace::give_back(std::uintptr_t region) {
    const std::scoped_lock lock(mutex_);
    used_[(region - begin_) / kRegionBytes] = false;
}

CodeRegion::CodeRegion(CodeSpace& space, std::uintptr_t begin, Ledger* ledger)
    : space_(space), ledger_(ledger), begin_(begin), code_(begin), data_(begin + kRegionBytes / 2) {}

CodeRegion::~CodeRegion() {
    // Mapping afresh gives the pages back and keeps the reservation.
    bool given_back = true;
    for (const auto& [from, to] : {std::pair{begin_, code_}, std::pair{begin_ + kRegionBytes / 2, data_}}) {
        if (to > from) {
            given_back &= mmap(pointer(from), to - from, PROT_NONE, kReserveFlags | MAP_FIXED, -1, 0) != MAP_FAILED;
        }
    }
    if (ledger_ != nullptr) {
        ledger_->credit(bytes_used());
    }
    // Never to be used again while there is code of the old program in it.
    if (given_back) {
        space_.give_back(begin_);
    }
}

std::byte* CodeRegion::allocate(Use use, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    auto& next = use == Use::Code ? code_ : data_;
    const auto limit = begin_ + (use == Use::Code ? kRegionBytes / 2 : kRegionBytes);
    const auto size = page_aligned(bytes);
    if (size > limit - next || (ledger_ != nullptr && !ledger_->charge(size))) {
        return nullptr;
    }
    if (mprotect(pointer(next), size, PROT_READ | PROT_WRITE) != 0) {
        if (ledger_ != nullptr) {
            ledger_->credit(size);
        }
        return nullptr;
    }
    auto* pages = static_cast<std::byte*>(pointer(next));
    next += size;
    return pages;
}

bool CodeRegion::protect(std::byte* pages, std::size_t bytes, Protection protection) {
    const int flags = protection == Protection::ReadExecute ? PROT_READ | PROT_EXEC
                      : protection == Protection::Read      ? PROT_READ
                                                            : PROT_READ | PROT_WRITE;
    const std::scoped_lock lock(mutex_);
    return mprotect(pages, page_aligned(bytes), flags) == 0;
}

}  // namespace tessera::safeir
