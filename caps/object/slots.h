// A domain's references to objects. A capability in a program's hands is the address of one of its domain's slots,
// which stays a slot of that domain until the domain is gone: whatever a program does with one that it no longer has,
// it meets nothing, or another capability of its own. Handles are the same as numbers that can be kept in memory.
#pragma once

#include "caps/object/header.h"
#include "core/base/spin_lock.h"
#include "runtime/account.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>

namespace tessera::caps {

// The first two fields are read by cross.S.
struct Slot {
    std::atomic<ObjectHeader*> object = &nobody();  // nobody: the slot is free
    std::atomic<std::uint64_t> identity = kNobody;  // of the object's life that is meant
    std::uint32_t* list = nullptr;                  // that it is in, of one fiber's entry, which alone changes it
    std::uint32_t next = 0;                         // in the list, by number; 0: none
    std::uint32_t previous = 0;
    std::uint32_t number = 0;
    std::uint16_t times = 0;  // how often it was free; part of its handle
    enum class Kind : std::uint8_t {
        Free,
        Temporary,  // its program's until the entry ends that it was given in, or it lets go of it
        Borrowed,   // the same, but not its program's to let go of: an argument
        Kept,       // by handle, or in a table
    } kind = Kind::Free;
};
static_assert(sizeof(Slot) == 40 && offsetof(Slot, identity) == 8);

using Capability = Slot*;

// For messages and limits: it may change at any time.
[[nodiscard]] inline bool is_alive(const Slot& slot) {
    return slot.object.load()->identity.load() == slot.identity.load();
}

class SlotTable {
  public:
    static constexpr std::uint32_t kSlotsMax = 1U << 20U;  // what a handle can say

    // How many there are is the account's to say. `pays`: it also pays for their memory, which is of a heap that it
    // does not pay for.
    explicit SlotTable(runtime::Account& account, bool pays = false) : account_(account), pays_(pays) {}
    ~SlotTable() = default;  // after clear()
    SlotTable(const SlotTable&) = delete;
    SlotTable& operator=(const SlotTable&) = delete;

    // A slot that refers to the object, one more reference to it. Null: the limit, or no memory is left.
    [[nodiscard]] Capability add(ObjectHeader& object, Slot::Kind kind, std::uint32_t& list);
    // Another one that refers to what this one does; null also if that is gone.
    [[nodiscard]] Capability copy(const Slot& slot, Slot::Kind kind, std::uint32_t& list);
    // What it refers to, with one more reference; null if that is gone.
    [[nodiscard]] ObjectHeader* take(const Slot& slot);
    // Of a temporary one of this list. False: it is another's, or free already. Whatever slot it is: programs choose
    // it.
    [[nodiscard]] bool release(Slot& slot, std::uint32_t& list);
    // Of a kept one. False: it is none.
    [[nodiscard]] bool release_kept(Slot& slot);
    // All of a list of temporary ones.
    void release_all(std::uint32_t& list);
    // Everything, when no fiber can be in the domain any more.
    void clear();

    [[nodiscard]] static std::uint32_t handle_of(const Slot& slot);
    // Null: it was never given, or released. Takes no lock, so it may be released meanwhile.
    [[nodiscard]] Capability find(std::uint32_t handle) const;

    [[nodiscard]] std::uint32_t in_use() const { return used_.load(std::memory_order_relaxed); }

  private:
    // Chunk n has kFirstSlots << n of them, so that none ever moves.
    static constexpr std::uint32_t kFirstLog2 = 6;
    static constexpr std::uint32_t kChunks = 15;
    struct Free {
        void operator()(Slot* slots) const { std::free(static_cast<void*>(slots)); }
    };

    struct Place {
        std::uint32_t chunk;
        std::uint32_t place;
    };
    [[nodiscard]] static Place place_of(std::uint32_t number);
    [[nodiscard]] Slot* at(std::uint32_t number) const;
    // Null: there is none, or `grow` has to be called first.
    [[nodiscard]] Slot* take_free();
    // Outside of the lock. False: the limit, or no memory.
    [[nodiscard]] bool grow();
    // Under the lock. The account lets it have some at a time.
    [[nodiscard]] bool lease();
    void end_lease();
    void link(Slot& slot, std::uint32_t& list);
    void unlink(Slot& slot, std::uint32_t& list);
    [[nodiscard]] ObjectHeader* free(Slot& slot);
    static void drop(ObjectHeader* object);

    static constexpr std::uint32_t kLease = 32;

    runtime::Account& account_;
    bool pays_;
    std::uint64_t paid_ = 0;
    std::uint32_t leased_ = 0;
    SpinLock lock_;
    std::array<std::unique_ptr<Slot[], Free>, kChunks> chunks_;
    std::atomic<std::uint32_t> size_ = 1;  // slots that there are; the first is none
    std::uint32_t free_ = 0;
    std::atomic<std::uint32_t> used_ = 0;
};

// The object's last reference is gone: see domain.h.
void end_object(ObjectHeader& object);

}  // namespace tessera::caps
