#include "runtime/heap.h"

#include "runtime/deferral.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace tessera::runtime {
namespace {

constexpr std::uint64_t kHeapRange = std::uint64_t{8} << 30U;
constexpr std::uint64_t kSmallRange = std::uint64_t{2} << 30U;
constexpr std::size_t kHeapsMax = 4096;
constexpr std::uint64_t kWindowBytes = kHeapRange * kHeapsMax;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kFirstTake = std::size_t{16} << 10U;
constexpr std::size_t kTakeMax = std::size_t{1} << 20U;
constexpr std::size_t kSmallMax = std::size_t{128} << 10U;  // of contents
constexpr std::size_t kLargeMax = std::size_t{4} << 30U;
constexpr std::size_t kAlignmentMax = std::size_t{64} << 10U;

// Before each block. `back`: an aligned block lies so many bytes behind the block that it is a part of.
struct Header {
    std::uint32_t size_class;
    std::uint32_t back;
};
constexpr std::size_t kSmallestBlock = 32;
constexpr std::size_t kLargeHeader = 16;  // a pointer to its LargeBlock, and the Header

constexpr std::size_t page_aligned(std::size_t bytes) { return (bytes + kPage - 1) & ~(kPage - 1); }

// Sizes: every 16 bytes up to 128, then four for each power of two.
constexpr std::size_t class_of(std::size_t bytes) {
    if (bytes <= 128) {
        return bytes <= kSmallestBlock ? 0 : (bytes + 15) / 16 - 2;
    }
    const auto exponent = static_cast<unsigned>(std::bit_width(bytes - 1)) - 1;
    const auto quarter = ((bytes - 1) >> (exponent - 2)) - 4;
    return 7 + (exponent - 7) * std::size_t{4} + quarter;
}
constexpr std::size_t class_bytes(std::size_t size_class) {
    if (size_class < 7) {
        return (size_class + 2) * 16;
    }
    const auto exponent = (size_class - 7) / 4 + 7;
    return (std::size_t{1} << exponent) + ((size_class - 7) % 4 + 1) * (std::size_t{1} << (exponent - 2));
}
static_assert(class_of(1) == 0 && class_of(33) == 1 && class_of(128) == 6 && class_of(129) == 7);
static_assert(class_bytes(6) == 128 && class_bytes(7) == 160 && class_bytes(class_of(5000)) == 5120);
static_assert(class_of(kLargeMax) == 106 && class_bytes(106) == kLargeMax);
constexpr std::size_t kFirstLargeClass = class_of(kSmallMax) + 1;

// What a block takes with its header. From 128 bytes a class is one of contents, since many of those are powers of two,
// for which the next size would be a quarter too large.
constexpr std::size_t kFirstOfContents = class_of(128) + 1;
constexpr std::size_t block_bytes(std::size_t size_class) {
    return class_bytes(size_class) + (size_class < kFirstOfContents ? 0 : 16);
}
constexpr std::size_t class_of_contents(std::size_t bytes) {
    return bytes + sizeof(Header) <= 128 ? class_of(bytes + sizeof(Header))
                                         : std::max(class_of(bytes), kFirstOfContents);
}
static_assert(block_bytes(class_of_contents(4096)) == 4112 && block_bytes(class_of_contents(120)) == 128);

// SAFETY (this file): memory that is given out is numbers here, and pointers where it is used.
std::uintptr_t number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }
void* pointer(std::uintptr_t address) { return reinterpret_cast<void*>(address); }
Header& header_of(const void* block) { return *static_cast<Header*>(pointer(number(block) - sizeof(Header))); }

// The addresses of all heaps. Promised memory, so that a touch of what a heap has taken never fails.
class Window {
  public:
    [[nodiscard]] std::uintptr_t reserve() {
        const std::scoped_lock lock(mutex_);
        if (begin_.load(std::memory_order_relaxed) == 0 && !map()) {
            return 0;
        }
        for (auto& word : used_) {
            if (const auto bit = std::countr_one(word); bit < 64) {
                word |= std::uint64_t{1} << static_cast<unsigned>(bit);
                const auto index = static_cast<std::uint64_t>(&word - used_.data()) * 64 + static_cast<unsigned>(bit);
                return begin_.load(std::memory_order_relaxed) + index * kHeapRange;
            }
        }
        return 0;
    }
    void give_back(std::uintptr_t range) {
        const std::scoped_lock lock(mutex_);
        const auto index = (range - begin_.load(std::memory_order_relaxed)) / kHeapRange;
        used_[index / 64] &= ~(std::uint64_t{1} << (index % 64));
    }
    [[nodiscard]] std::uintptr_t range_of(std::uintptr_t address) const {
        const auto begin = begin_.load(std::memory_order_acquire);
        return begin != 0 && address - begin < kWindowBytes ? address & ~(kHeapRange - 1) : 0;
    }

  private:
    bool map() {
        void* reserved = mmap(nullptr, kWindowBytes + kHeapRange, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (reserved == MAP_FAILED) {
            return false;
        }
        begin_.store((number(reserved) + kHeapRange - 1) & ~(kHeapRange - 1), std::memory_order_release);
        return true;
    }

    std::mutex mutex_;
    std::atomic<std::uintptr_t> begin_ = 0;
    std::array<std::uint64_t, kHeapsMax / 64> used_{};
};

constinit Window window;

bool unmap(std::uintptr_t from, std::size_t bytes) {
    return mmap(pointer(from), bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

}  // namespace

struct Heap::LargeBlock {
    std::uintptr_t start = 0;
    std::size_t taken = 0;  // of its pages
    bool clean = true;      // these have only zeros so far
    LargeBlock* next = nullptr;
};

class Heap::Lock {
  public:
    explicit Lock(Heap& heap) : heap_(heap) {
        if (heap.use_ == Use::Shared) {
            while (heap.locked_.test_and_set(std::memory_order_acquire)) {
            }
        }
    }
    ~Lock() {
        if (heap_.use_ == Use::Shared) {
            heap_.locked_.clear(std::memory_order_release);
        }
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    Heap& heap_;
};

Heap::Heap(const Options& options)
    : bytes_max_(options.bytes_max), payer_(options.payer), use_(options.use),
      reserve_bytes_(page_aligned(options.reserve_bytes)) {}

Heap::Owner Heap::create(const Options& options) {
    static_assert(sizeof(Heap) <= kFirstTake / 4);
    const auto range = window.reserve();
    if (range == 0) {
        return nullptr;
    }
    // As the heap takes more later; there is none yet to say it.
    const auto& payer = options.payer;
    const bool paid =
        kFirstTake <= options.bytes_max && (payer.charge == nullptr || payer.charge(payer.account, kFirstTake));
    if (!paid || mprotect(pointer(range), kFirstTake, PROT_READ | PROT_WRITE) != 0) {
        if (paid && payer.credit != nullptr) {
            payer.credit(payer.account, kFirstTake);
        }
        window.give_back(range);
        return nullptr;
    }
    auto* heap = new (pointer(range)) Heap(options);
    heap->taken_ = kFirstTake;
    // Blocks lie at multiples of 16, their headers 8 bytes before them.
    heap->small_next_ = range + (sizeof(Heap) + kAlignment - 1) / kAlignment * kAlignment + sizeof(Header);
    heap->small_end_ = range + kFirstTake;
    heap->large_next_ = range + kSmallRange;
    Owner owner(heap);
    const auto reserve = heap->reserve_bytes_;
    return reserve == 0 || heap->take(range + kSmallRange - reserve, reserve) ? std::move(owner) : nullptr;
}

void Heap::drop() {
    const auto range = number(this);
    const auto payer = payer_;
    const auto taken = taken_bytes();
    // Pages that can't go back keep their addresses for ever.
    if (unmap(range, kHeapRange)) {
        window.give_back(range);
        if (payer.credit != nullptr) {
            payer.credit(payer.account, taken);
        }
    }
}

Heap* Heap::owner_of(const void* block) { return static_cast<Heap*>(pointer(window.range_of(number(block)))); }

bool Heap::take(std::uintptr_t from, std::size_t bytes) {
    const Deferral deferral;
    machine_failed_ = false;
    if (bytes > bytes_max_ - std::min(bytes_max_, taken_bytes()) ||
        (payer_.charge != nullptr && !payer_.charge(payer_.account, bytes))) {
        return false;
    }
    if (mprotect(pointer(from), bytes, PROT_READ | PROT_WRITE) != 0) {
        machine_failed_ = true;
        if (payer_.credit != nullptr) {
            payer_.credit(payer_.account, bytes);
        }
        return false;
    }
    taken_.fetch_add(bytes, std::memory_order_relaxed);
    return true;
}

bool Heap::give_back(std::uintptr_t from, std::size_t bytes) {
    const Deferral deferral;
    if (!unmap(from, bytes)) {
        return false;
    }
    taken_.fetch_sub(bytes, std::memory_order_relaxed);
    if (payer_.credit != nullptr) {
        payer_.credit(payer_.account, bytes);
    }
    return true;
}

void* Heap::allocate(std::size_t bytes, std::size_t alignment) {
    if (payer_.fails != nullptr && payer_.fails(payer_.account)) {
        machine_failed_ = true;
        return nullptr;
    }
    const Lock lock(*this);
    return allocate_aligned(bytes, alignment);
}

void* Heap::draw(std::size_t bytes, std::size_t alignment) {
    const Lock lock(*this);
    if (reserve_bytes_ == 0) {
        return nullptr;
    }
    if (!overdrawn()) {
        small_end_ = number(this) + kSmallRange;  // nothing can be taken behind it
        small_next_ = small_end_ - reserve_bytes_ + sizeof(Header);
        overdrawn_.store(true, std::memory_order_relaxed);
        if (told_ != nullptr) {
            told_->store(true, std::memory_order_relaxed);
        }
    }
    return allocate_aligned(bytes, alignment);
}

void* Heap::allocate_aligned(std::size_t bytes, std::size_t alignment) {
    if (alignment <= kAlignment) {
        return allocate_block(bytes);
    }
    if (alignment > kAlignmentMax || bytes > kLargeMax) {
        return nullptr;
    }
    void* block = allocate_block(bytes + alignment);
    if (block == nullptr) {
        return nullptr;
    }
    const auto aligned = (number(block) + alignment - 1) & ~(alignment - 1);
    if (const auto back = aligned - number(block); back != 0) {
        header_of(pointer(aligned)) = {header_of(block).size_class, static_cast<std::uint32_t>(back)};
    }
    return pointer(aligned);
}

void* Heap::allocate_zeroed(std::size_t bytes) {
    if (payer_.fails != nullptr && payer_.fails(payer_.account)) {
        machine_failed_ = true;
        return nullptr;
    }
    const Lock lock(*this);
    void* block = allocate_block(bytes);
    if (block != nullptr) {
        const bool large = header_of(block).size_class >= kFirstLargeClass;
        if (!large || !(*static_cast<LargeBlock**>(pointer(number(block) - kLargeHeader)))->clean) {
            std::memset(block, 0, bytes);
        }
    }
    return block;
}

void* Heap::allocate_block(std::size_t bytes) {
    if (bytes > kLargeMax - kPage) {
        machine_failed_ = false;
        return nullptr;
    }
    const auto size_class = class_of_contents(bytes);
    return size_class < kFirstLargeClass ? allocate_small(size_class)
                                         : allocate_large(class_of(bytes + kLargeHeader), bytes + kLargeHeader);
}

void* Heap::allocate_small(std::size_t size_class) {
    if (auto* block = free_[size_class]) {
        free_[size_class] = block->next;
        return block;
    }
    const auto bytes = block_bytes(size_class);
    if (bytes > small_end_ - small_next_) {
        const auto step = std::clamp(page_aligned((small_end_ - number(this)) / 4), kFirstTake, kTakeMax);
        auto more = std::max(step, page_aligned(bytes));
        if (small_end_ + more > number(this) + kSmallRange - (overdrawn() ? 0 : reserve_bytes_)) {
            machine_failed_ = false;
            return nullptr;
        }
        if (!take(small_end_, more)) {
            more = page_aligned(bytes);  // near the limit, what is needed now may still do
            if (machine_failed_ || !take(small_end_, more)) {
                return nullptr;
            }
        }
        small_end_ += more;
    }
    void* block = pointer(small_next_ + sizeof(Header));
    header_of(block) = {static_cast<std::uint32_t>(size_class), 0};
    small_next_ += bytes;
    return block;
}

void* Heap::allocate_large(std::size_t size_class, std::size_t bytes) {
    auto* large = free_large_[size_class];
    const bool used_before = large != nullptr;
    if (!used_before) {
        // Its record is a small block, which outlives its pages.
        large = static_cast<LargeBlock*>(allocate_small(class_of_contents(sizeof(LargeBlock))));
        if (large == nullptr) {
            return nullptr;
        }
        *large = {.start = large_next_};
    }
    const auto wanted = page_aligned(bytes);
    const bool fits = used_before || class_bytes(size_class) <= number(this) + kHeapRange - large_next_;
    if (!fits || (wanted > large->taken && !take(large->start + large->taken, wanted - large->taken))) {
        if (!used_before) {
            free_block(large);
        }
        return nullptr;
    }
    large->taken = std::max(large->taken, wanted);
    if (used_before) {
        free_large_[size_class] = large->next;
    } else {
        large_next_ += page_aligned(class_bytes(size_class));
    }
    void* block = pointer(large->start + kLargeHeader);
    *static_cast<LargeBlock**>(pointer(large->start)) = large;
    header_of(block) = {static_cast<std::uint32_t>(size_class), 0};
    return block;
}

void Heap::free(void* block) {
    const Lock lock(*this);
    free_block(pointer(number(block) - header_of(block).back));
}

void Heap::free_block(void* block) {
    const auto size_class = header_of(block).size_class;
    if (size_class < kFirstLargeClass) {
        auto* free_one = static_cast<FreeBlock*>(block);
        free_one->next = free_[size_class];
        free_[size_class] = free_one;
        return;
    }
    auto* large = *static_cast<LargeBlock**>(pointer(number(block) - kLargeHeader));
    large->clean = give_back(large->start, large->taken);
    large->taken = large->clean ? 0 : large->taken;
    large->next = free_large_[size_class];
    free_large_[size_class] = large;
}

std::size_t Heap::usable_bytes(const void* block) {
    const auto header = header_of(block);
    if (header.size_class < kFirstLargeClass) {
        return block_bytes(header.size_class) - sizeof(Header) - header.back;
    }
    const auto start = number(block) - header.back - kLargeHeader;
    return (*static_cast<LargeBlock**>(pointer(start)))->taken - kLargeHeader - header.back;
}

void* Heap::resize(void* block, std::size_t bytes) {
    const auto header = header_of(block);
    const auto usable = usable_bytes(block);
    // What shrinks to less than half moves, so that a large vector's end gives back what it took.
    if (bytes <= usable && (bytes >= usable / 2 || header.size_class == 0)) {
        return block;
    }
    if (header.size_class >= kFirstLargeClass && header.back == 0 && bytes > usable &&
        bytes + kLargeHeader <= class_bytes(header.size_class)) {
        const Lock lock(*this);
        auto* large = *static_cast<LargeBlock**>(pointer(number(block) - kLargeHeader));
        const auto wanted = page_aligned(bytes + kLargeHeader);
        if (!take(large->start + large->taken, wanted - large->taken)) {
            return nullptr;
        }
        large->taken = wanted;
        return block;
    }
    void* moved = allocate(bytes);
    if (moved != nullptr) {
        std::memcpy(moved, block, std::min(bytes, usable));
        free(block);
    }
    return moved;
}

}  // namespace tessera::runtime
