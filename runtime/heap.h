// A heap that is dropped whole: memory of one owner (work that may be ended at any instruction, a program) which goes
// back to the machine at once, whatever its user was doing, with no destructor run.
//
// A heap is a range of addresses of its own, and all of its state lies in that range: a block's address names its heap.
// Blocks of up to 128 KiB come from the range's beginning, behind each other, and are kept by size when they are freed.
// Larger ones have pages of their own, which go back when they are freed, and grow in place.
//
// What counts is what was taken from the machine, in pages, not what was asked for.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace tessera::runtime {

// Who is asked before a heap takes memory from the machine, and told when it gives some back.
struct HeapPayer {
    bool (*charge)(void* account, std::size_t bytes) = nullptr;  // false: no
    void (*credit)(void* account, std::size_t bytes) = nullptr;
    bool (*fails)(void* account) = nullptr;  // for tests: whether this allocation fails
    void* account = nullptr;
};

class Heap {
  public:
    enum class Use : std::uint8_t {
        OneThread,  // at a time: its user sees to that
        Shared,
    };
    struct Options {
        std::uint64_t bytes_max = 0;  // of the machine's memory
        Use use = Use::OneThread;
        HeapPayer payer{};
        std::size_t reserve_bytes = 0;  // for draw(): taken at once
    };
    struct Drop {
        void operator()(Heap* heap) const { heap->drop(); }
    };
    using Owner = std::unique_ptr<Heap, Drop>;

    // Null: no memory, or no addresses.
    [[nodiscard]] static Owner create(const Options& options);
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    // Whose block this is; null: no heap's.
    [[nodiscard]] static Heap* owner_of(const void* block);

    // Null: over the limit, refused by the payer, or no memory. Alignment is a power of two, at most 64 KiB.
    [[nodiscard]] void* allocate(std::size_t bytes, std::size_t alignment = kAlignment);
    [[nodiscard]] void* allocate_zeroed(std::size_t bytes);
    // The block with its content, maybe elsewhere. Null: as above, and the block is as it was.
    [[nodiscard]] void* resize(void* block, std::size_t bytes);
    void free(void* block);
    // Where allocate() failed and its caller can't: from the reserve, which then is open to all. Null: it is too small.
    [[nodiscard]] void* draw(std::size_t bytes, std::size_t alignment = kAlignment);
    // Whether that has happened: its user has no memory left, and is to end.
    [[nodiscard]] bool overdrawn() const { return overdrawn_.load(std::memory_order_relaxed); }
    // Set when it happens; outlives the heap.
    void tell_when_overdrawn(std::atomic<bool>& told) { told_ = &told; }
    [[nodiscard]] static std::size_t usable_bytes(const void* block);

    [[nodiscard]] std::uint64_t taken_bytes() const { return taken_.load(std::memory_order_relaxed); }
    // Whether the last failure was the machine's, which had no memory, rather than a limit's.
    [[nodiscard]] bool machine_failed() const { return machine_failed_; }

    static constexpr std::size_t kAlignment = 16;

  private:
    static constexpr std::size_t kClasses = 107;
    struct LargeBlock;
    struct FreeBlock {
        FreeBlock* next;
    };
    class Lock;

    explicit Heap(const Options& options);
    void drop();
    bool take(std::uintptr_t from, std::size_t bytes);
    bool give_back(std::uintptr_t from, std::size_t bytes);
    void* allocate_aligned(std::size_t bytes, std::size_t alignment);
    void* allocate_block(std::size_t bytes);
    void* allocate_small(std::size_t size_class);
    void* allocate_large(std::size_t size_class, std::size_t bytes);
    void free_block(void* block);

    std::uint64_t bytes_max_;
    HeapPayer payer_;
    Use use_;
    bool machine_failed_ = false;
    std::size_t reserve_bytes_ = 0;
    std::atomic<bool> overdrawn_ = false;
    std::atomic<bool>* told_ = nullptr;
    std::atomic_flag locked_;
    std::atomic<std::uint64_t> taken_ = 0;
    std::uintptr_t small_next_ = 0;
    std::uintptr_t small_end_ = 0;  // of what was taken for small blocks
    std::uintptr_t large_next_ = 0;
    std::array<FreeBlock*, kClasses> free_{};
    std::array<LargeBlock*, kClasses> free_large_{};
};

}  // namespace tessera::runtime
