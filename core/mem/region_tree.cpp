#include "core/mem/region_tree.h"

#include "core/base/assert.h"
#include "core/mem/frame_allocator.h"

namespace tessera::mem {

namespace {

// assign: two cuts (two nodes each while both halves are remade) and the new region.
constexpr std::uint64_t kNodesForAssign = 6;

void update(Region* region) {
    std::uint64_t largest = region->attributes.kind == RegionKind::Free ? region->end - region->start : 0;
    for (const Region* child : {region->left, region->right}) {
        if (child != nullptr && child->free_max > largest) {
            largest = child->free_max;
        }
    }
    region->free_max = largest;
}

struct Pair {
    Region* below;
    Region* from;
};

// Depth is logarithmic with overwhelming probability (a treap), so recursion is bounded.
Pair split(Region* region, std::uint64_t address) {
    if (region == nullptr) {
        return {nullptr, nullptr};
    }
    if (region->start < address) {
        const Pair pair = split(region->right, address);
        region->right = pair.below;
        update(region);
        return {region, pair.from};
    }
    const Pair pair = split(region->left, address);
    region->left = pair.from;
    update(region);
    return {pair.below, region};
}

Region* merge(Region* below, Region* above) {
    if (below == nullptr) {
        return above;
    }
    if (above == nullptr) {
        return below;
    }
    if (below->priority > above->priority) {
        below->right = merge(below->right, above);
        update(below);
        return below;
    }
    above->left = merge(below, above->left);
    update(above);
    return above;
}

std::uint64_t
search(const Region* region, std::uint64_t size, std::uint64_t align, std::uint64_t low, std::uint64_t high) {
    if (region == nullptr || region->free_max < size) {
        return 0;
    }
    if (region->start > low) {
        if (const std::uint64_t found = search(region->left, size, align, low, high); found != 0) {
            return found;
        }
    }
    if (region->attributes.kind == RegionKind::Free) {
        const std::uint64_t start = round_up(region->start > low ? region->start : low, align);
        const std::uint64_t end = region->end < high ? region->end : high;
        if (start < end && end - start >= size) {
            return start;
        }
    }
    return region->end < high ? search(region->right, size, align, low, high) : 0;
}

}  // namespace

bool RegionTree::create(std::uint64_t start, std::uint64_t end, Attributes attributes) {
    if (!prepare()) {
        return false;
    }
    insert(make(start, end, attributes));
    return true;
}

const Region* RegionTree::find(std::uint64_t address) const {
    const Region* region = root_;
    while (region != nullptr) {
        if (address < region->start) {
            region = region->left;
        } else if (address >= region->end) {
            region = region->right;
        } else {
            return region;
        }
    }
    return nullptr;
}

std::uint64_t
RegionTree::find_free(std::uint64_t size, std::uint64_t align, std::uint64_t low, std::uint64_t high) const {
    return search(root_, size, align, low, high);
}

bool RegionTree::prepare() {
    if (spare_count_ >= kNodesForAssign) {
        return true;
    }
    const std::optional<PhysAddr> frame = allocate_frame();
    if (!frame) {
        return false;
    }
    auto* nodes = static_cast<Region*>(frame_pointer(*frame));
    for (unsigned i = 0; i < kPageSize / sizeof(Region); ++i) {
        nodes[i].left = spare_;
        spare_ = &nodes[i];
        spare_count_ += 1;
    }
    return true;
}

void RegionTree::assign(std::uint64_t start, std::uint64_t end, Attributes attributes) {
    REQUIRES(start < end);
    REQUIRES(spare_count_ >= kNodesForAssign);  // by prepare(), which may fail: this may not
    cut(start);
    cut(end);
    const Pair low = split(root_, start);
    const Pair high = split(low.from, end);
    root_ = merge(low.below, high.from);
    recycle_all(high.below);
    if (const Region* before = find(start - 1); before != nullptr && before->attributes == attributes) {
        Region* gone = remove(before->start);
        start = gone->start;
        recycle(gone);
    }
    if (const Region* after = find(end); after != nullptr && after->attributes == attributes) {
        Region* gone = remove(after->start);
        end = gone->end;
        recycle(gone);
    }
    insert(make(start, end, attributes));
}

Region* RegionTree::make(std::uint64_t start, std::uint64_t end, Attributes attributes) {
    ASSERT(start < end);
    ASSERT(spare_ != nullptr && spare_count_ != 0);
    Region* region = spare_;
    spare_ = region->left;
    spare_count_ -= 1;
    count_ += 1;
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    *region = {start, end, attributes, random_, 0, nullptr, nullptr};
    update(region);
    return region;
}

void RegionTree::recycle(Region* region) {
    ASSERT(count_ != 0);
    region->left = spare_;
    spare_ = region;
    spare_count_ += 1;
    count_ -= 1;
}

void RegionTree::recycle_all(Region* region) {
    if (region != nullptr) {
        recycle_all(region->left);
        recycle_all(region->right);
        recycle(region);
    }
}

void RegionTree::insert(Region* region) {
    const Pair pair = split(root_, region->start);
    root_ = merge(merge(pair.below, region), pair.from);
}

Region* RegionTree::remove(std::uint64_t start) {
    const Pair low = split(root_, start);
    const Pair high = split(low.from, start + 1);
    root_ = merge(low.below, high.from);
    ASSERT(high.below != nullptr && high.below->start == start);
    ASSERT(high.below->left == nullptr && high.below->right == nullptr);
    return high.below;
}

// Makes `address` a boundary between two regions.
void RegionTree::cut(std::uint64_t address) {
    const Region* found = find(address);
    if (found == nullptr || found->start == address) {
        return;
    }
    ASSERT(found->start < address && address < found->end);
    Region* region = remove(found->start);
    Region* upper = make(address, region->end, region->attributes);
    region->end = address;
    update(region);
    insert(region);
    insert(upper);
}

}  // namespace tessera::mem
