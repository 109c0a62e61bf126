#include "test/fuzz/box_memory.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <span>
#include <sys/mman.h>

// SAFETY (this file): the box is made of addresses; it is a test's, and no program's.
namespace tessera::fuzz {

BoxState box;

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30U;
constexpr std::uint64_t kReserved = 160 * kGiB;
constexpr std::uint64_t kArenaAt = 32 * kGiB;
constexpr std::uint64_t kSlicesAt = 80 * kGiB;
constexpr std::uint64_t kCapsAt = 150 * kGiB;
// Of random programs; a program with an image begins with what that says.
constexpr std::uint64_t kLowBegin = safeir::kArenaFirstByte, kLowEnd = 0x40000;
constexpr std::uint64_t kTopBegin = 0xfffe0000, kTopEnd = 0x100000000;
constexpr std::uint64_t kLowMax = 64U << 20U;

std::byte* reserved = nullptr;
std::atomic<std::uint64_t> low_end = kLowEnd;
std::uint64_t low_max = kLowEnd;

std::byte* slice_page(unsigned index) { return reserved + kSlicesAt + index * 8 * kGiB; }

std::array<std::span<std::byte>, 2 + kSlices> writable() {
    std::array<std::span<std::byte>, 2 + kSlices> all;
    all[0] = {box.base + kLowBegin, low_end - kLowBegin};
    all[1] = {box.base + kTopBegin, kTopEnd - kTopBegin};
    for (unsigned i = 0; i < kSlices; ++i) {
        all[2 + i] = {slice_page(i), kSlicePage};
    }
    return all;
}

bool open(std::byte* from, std::size_t bytes) { return mprotect(from, bytes, PROT_READ | PROT_WRITE) == 0; }

void set_low(std::uint64_t end, std::uint64_t max) {
    mprotect(box.base + kLowBegin, kLowMax - kLowBegin, PROT_NONE);
    madvise(box.base + end, kLowMax - end, MADV_DONTNEED);
    low_end = end;
    low_max = max;
}

// Small numbers are what loops and indexes are made of.
std::uint64_t mostly_small(std::uint64_t word) { return (word & 7U) == 0 ? word : word >> (word & 56U); }

void scribble(Random& random, std::span<std::byte> part) {
    for (std::size_t at = 0; at < part.size(); at += 8) {
        std::atomic_ref(*reinterpret_cast<std::uint64_t*>(part.data() + at))
            .store(mostly_small(random.next()), std::memory_order_relaxed);
    }
}

}  // namespace

bool make_memory() {
    void* memory = mmap(nullptr, kReserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return false;
    }
    reserved = static_cast<std::byte*>(memory);
    box.base = reserved + kArenaAt;
    return std::ranges::all_of(writable(), [](std::span<std::byte> part) { return open(part.data(), part.size()); });
}

std::byte* box_capability(unsigned index) { return reserved + kCapsAt + std::size_t{index} * 4096; }

void fill_memory(std::uint64_t seed, const safeir::ProgramImage* image) {
    if (image != nullptr) {
        set_low(std::min(image->memory_initial_bytes, kLowMax), std::min(image->memory_max_bytes, kLowMax));
    } else if (low_end != kLowEnd) {
        set_low(kLowEnd, kLowEnd);
    }
    Random random(seed);
    for (const auto& part : writable()) {
        open(part.data(), part.size());
        if (image != nullptr) {
            std::ranges::fill(part, std::byte{0});
            continue;
        }
        for (std::size_t at = 0; at < part.size(); at += 8) {
            const std::uint64_t value = mostly_small(random.next());
            std::memcpy(part.data() + at, &value, sizeof value);
        }
    }
    for (const auto& segment : image != nullptr ? image->segments : std::vector<safeir::ProgramImage::Segment>{}) {
        if (segment.offset + segment.bytes.size() <= low_end) {
            std::memcpy(box.base + segment.offset, segment.bytes.data(), segment.bytes.size());
        }
    }
    for (unsigned i = 0; i < kSlices; i += 2) {
        mprotect(slice_page(i), kSlicePage, PROT_READ);
    }
    for (unsigned i = 0; i < kSlices; ++i) {
        box.slices[i] = slice_page(i);
    }
    for (auto& slot : box.cap_table) {
        slot.store(nullptr, std::memory_order_relaxed);
    }
}

std::uint64_t hash_of_memory(std::uint64_t start) {
    std::uint64_t sum = start;
    for (const auto& part : writable()) {
        for (std::size_t at = 0; at < part.size(); at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, part.data() + at, sizeof word);
            sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
            sum ^= sum >> 29U;
        }
    }
    return sum;
}

bool memory_holds(std::uint64_t secret) {
    return std::ranges::any_of(writable(), [&](std::span<std::byte> part) {
        return memmem(part.data(), part.size(), &secret, sizeof secret / 2) != nullptr;
    });
}

void scribble_all(Random& random) {
    const auto parts = writable();
    for (unsigned i = 0; i < parts.size(); ++i) {
        if (i < 2 || i % 2 == 1) {  // the other slices may only be read
            scribble(random, parts[i]);
        }
        // Where programs look most.
        for (unsigned times = 0; times < 8; ++times) {
            scribble(random, parts[0].first(8192));
        }
    }
}

std::uint32_t grow_memory(std::uint32_t pages) {
    std::uint64_t old = low_end;
    const std::uint64_t more = std::uint64_t{pages} * safeir::kMemoryPageBytes;
    do {
        if (more > low_max || old > low_max - more || !open(box.base + old, more)) {
            return 0xffffffff;
        }
    } while (!low_end.compare_exchange_weak(old, old + more));
    return static_cast<std::uint32_t>(old / safeir::kMemoryPageBytes);
}

std::uint32_t memory_pages() { return static_cast<std::uint32_t>(low_end / safeir::kMemoryPageBytes); }

bool is_in_memory(std::uint64_t offset, std::uint64_t length) {
    return (offset >= kLowBegin && offset + length <= low_end) || (offset >= kTopBegin && offset + length <= kTopEnd);
}

}  // namespace tessera::fuzz
