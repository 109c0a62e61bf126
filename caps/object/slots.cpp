#include "caps/object/slots.h"

#include "core/base/assert.h"
#include "runtime/program_heap.h"

#include <bit>
#include <new>
#include <utility>

namespace tessera::caps {
namespace {

constexpr std::uint32_t kHandleNumberBits = 20;
constexpr std::uint32_t kTimesMask = 0xFFF;

}  // namespace

Slot* SlotTable::at(std::uint32_t number) const {
    const auto [chunk, place] = place_of(number);
    return &chunks_[chunk][place];
}

SlotTable::Place SlotTable::place_of(std::uint32_t number) {
    const auto from_first = number + (1U << kFirstLog2);
    const auto chunk = static_cast<std::uint32_t>(std::bit_width(from_first)) - 1 - kFirstLog2;
    return {chunk, from_first - (1U << (kFirstLog2 + chunk))};
}

Slot* SlotTable::take_free() {
    if (free_ != 0) {
        auto* slot = at(free_);
        free_ = slot->next;
        return slot;
    }
    const auto number = size_.load(std::memory_order_relaxed);
    if (number >= kSlotsMax || chunks_[place_of(number).chunk] == nullptr) {
        return nullptr;
    }
    auto* slot = at(number);
    slot->number = number;
    size_.store(number + 1, std::memory_order_release);
    return slot;
}

bool SlotTable::grow() {
    const auto number = size_.load();
    if (number >= kSlotsMax) {
        return false;
    }
    const auto chunk = place_of(number).chunk;
    const std::size_t count = std::size_t{1} << (kFirstLog2 + chunk);
    const auto bytes = count * sizeof(Slot);
    if (pays_ && !account_.charge(bytes)) {
        return false;
    }
    auto* made = static_cast<Slot*>(runtime::try_allocate(bytes));
    if (made == nullptr) {
        if (pays_) {
            account_.credit(bytes);
        }
        return false;
    }
    for (std::size_t i = 0; i < count; ++i) {
        new (made + i) Slot;
    }
    std::unique_ptr<Slot[], Free> slots(made);
    const std::scoped_lock lock(lock_);
    if (chunks_[chunk] == nullptr) {
        chunks_[chunk].swap(slots);
        paid_ += pays_ ? bytes : 0;
    } else if (pays_) {
        account_.credit(bytes);
    }
    return true;
}

bool SlotTable::lease() {
    if (used_.load(std::memory_order_relaxed) < leased_) {
        return true;
    }
    for (const auto count : {kLease, 1U}) {
        if (account_.take(runtime::Resource::Slots, count)) {
            leased_ += count;
            return true;
        }
    }
    return false;
}

void SlotTable::end_lease() {
    if (leased_ - used_.load(std::memory_order_relaxed) >= 2 * kLease) {
        leased_ -= kLease;
        account_.give_back(runtime::Resource::Slots, kLease);
    }
}

void SlotTable::link(Slot& slot, std::uint32_t& list) {
    slot.list = &list;
    slot.next = list;
    slot.previous = 0;
    if (list != 0) {
        at(list)->previous = slot.number;
    }
    list = slot.number;
}

void SlotTable::unlink(Slot& slot, std::uint32_t& list) {
    if (slot.next != 0) {
        at(slot.next)->previous = slot.previous;
    }
    (slot.previous != 0 ? at(slot.previous)->next : list) = slot.next;
    slot.list = nullptr;
}

Capability SlotTable::add(ObjectHeader& object, Slot::Kind kind, std::uint32_t& list) {
    std::unique_lock lock(lock_);
    auto* slot = take_free();
    while (slot == nullptr) {
        lock.unlock();
        if (!grow()) {
            return nullptr;
        }
        lock.lock();
        slot = take_free();
    }
    const auto identity = object.identity.load();
    if (identity == 0 || !lease()) {
        slot->next = free_;
        free_ = slot->number;
        return nullptr;
    }
    add_reference(object);
    slot->kind = kind;
    slot->identity = identity;
    slot->object = &object;
    if (kind != Slot::Kind::Kept) {
        link(*slot, list);
    }
    used_.fetch_add(1, std::memory_order_relaxed);
    return slot;
}

Capability SlotTable::copy(const Slot& slot, Slot::Kind kind, std::uint32_t& list) {
    auto* object = take(slot);
    if (object == nullptr) {
        return nullptr;
    }
    auto* made = add(*object, kind, list);
    if (drop_reference(*object)) {
        end_object(*object);
    }
    return made;
}

ObjectHeader* SlotTable::take(const Slot& slot) {
    const std::scoped_lock lock(lock_);
    auto* object = slot.object.load();
    if (object->identity.load() != slot.identity.load()) {
        return nullptr;
    }
    add_reference(*object);
    return object;
}

// What it referred to, whose reference is now the caller's.
ObjectHeader* SlotTable::free(Slot& slot) {
    slot.identity = kNobody;
    auto* object = slot.object.exchange(&nobody());
    slot.kind = Slot::Kind::Free;
    ++slot.times;
    slot.next = free_;
    free_ = slot.number;
    used_.fetch_sub(1, std::memory_order_relaxed);
    end_lease();
    return object;
}

void SlotTable::drop(ObjectHeader* object) {
    if (object != nullptr && drop_reference(*object)) {
        end_object(*object);
    }
}

bool SlotTable::release(Slot& slot, std::uint32_t& list) {
    ObjectHeader* object = nullptr;
    {
        const std::scoped_lock lock(lock_);
        if (slot.kind != Slot::Kind::Temporary || slot.list != &list) {
            return false;
        }
        unlink(slot, list);
        object = free(slot);
    }
    drop(object);
    return true;
}

bool SlotTable::release_kept(Slot& slot) {
    ObjectHeader* object = nullptr;
    {
        const std::scoped_lock lock(lock_);
        if (slot.kind != Slot::Kind::Kept) {
            return false;
        }
        object = free(slot);
    }
    drop(object);
    return true;
}

void SlotTable::release_all(std::uint32_t& list) {
    while (list != 0) {
        ObjectHeader* object = nullptr;
        {
            const std::scoped_lock lock(lock_);
            auto& slot = *at(list);
            unlink(slot, list);
            object = free(slot);
        }
        drop(object);
    }
}

void SlotTable::clear() {
    for (std::uint32_t number = 1; number < size_.load(); ++number) {
        auto& slot = *at(number);
        if (slot.kind != Slot::Kind::Free) {
            drop(free(slot));
        }
    }
    account_.give_back(runtime::Resource::Slots, std::exchange(leased_, 0));
    account_.credit(std::exchange(paid_, 0));
}

std::uint32_t SlotTable::handle_of(const Slot& slot) {
    return slot.number | (slot.times & kTimesMask) << kHandleNumberBits;
}

Capability SlotTable::find(std::uint32_t handle) const {
    const auto number = handle & (kSlotsMax - 1);
    if (number == 0 || number >= size_.load(std::memory_order_acquire)) {
        return nullptr;
    }
    auto* slot = at(number);
    const bool is_the_one = (slot->times & kTimesMask) == handle >> kHandleNumberBits && slot->kind != Slot::Kind::Free;
    return is_the_one ? slot : nullptr;
}

}  // namespace tessera::caps
