// Which addresses mean what. The tree partitions an interval of addresses into regions without gaps: free ones are
// nodes like the others, so a free place of a given size is found in logarithmic time, and neighbours with equal
// attributes are always joined. A treap, by start address; nodes come from whole frames and are recycled.
// No allocation while a fault is looked up. Not locked: the address space is.
#pragma once

#include "core/mem/page_table.h"

#include <cstdint>

namespace tessera::mem {

enum class RegionKind : std::uint8_t {
    Free,
    Reserved,  // not to be given out: below the image, the hole behind the program break
    Image,     // the kernel's own data, always with frames
    Program,   // mmap and break: frames on first touch
};

struct Attributes {
    RegionKind kind = RegionKind::Free;
    Access access = Access::None;
    bool charged = false;  // frames are promised to pages not yet touched
    constexpr bool operator==(const Attributes&) const = default;
};

struct Region {
    std::uint64_t start;
    std::uint64_t end;
    Attributes attributes;
    std::uint32_t priority;
    std::uint64_t free_max;  // largest free region in this subtree
    Region* left;
    Region* right;
};

class RegionTree {
  public:
    // One region over everything. False if there is no frame for nodes.
    [[nodiscard]] bool create(std::uint64_t start, std::uint64_t end, Attributes attributes);

    [[nodiscard]] const Region* find(std::uint64_t address) const;
    // Lowest free place of `size` bytes within [low, high), aligned; 0 if none.
    [[nodiscard]] std::uint64_t
    find_free(std::uint64_t size, std::uint64_t align, std::uint64_t low, std::uint64_t high) const;

    // Makes sure that the next assign has its nodes. False: no memory, nothing changed.
    [[nodiscard]] bool prepare();
    void assign(std::uint64_t start, std::uint64_t end, Attributes attributes);

    [[nodiscard]] std::uint64_t region_count() const { return count_; }

  private:
    Region* root_ = nullptr;
    Region* spare_ = nullptr;
    std::uint64_t spare_count_ = 0;
    std::uint64_t count_ = 0;
    std::uint32_t random_ = 0x9e3779b9;

    Region* make(std::uint64_t start, std::uint64_t end, Attributes attributes);
    void recycle(Region* region);
    void recycle_all(Region* region);
    void insert(Region* region);
    Region* remove(std::uint64_t start);
    void cut(std::uint64_t address);
};

}  // namespace tessera::mem
