// Domain's part for what others use of it: objects, calls and their stacks.
#include "caps/call/crossing.h"
#include "caps/domain.h"
#include "caps/fault_text.h"
#include "core/base/spin_lock.h"
#include "runtime/ending.h"
#include "runtime/worker.h"

#include <mutex>
#include <span>
#include <unistd.h>
#include <utility>

namespace tessera::caps {
namespace {

constexpr unsigned kFailuresTold = 16;
constexpr std::chrono::microseconds kBetweenLooks{200};

void link(ObjectHeader& object, ObjectHeader*& list) {
    object.previous = nullptr;
    object.next = list;
    if (list != nullptr) {
        list->previous = &object;
    }
    list = &object;
}

void unlink(ObjectHeader& object, ObjectHeader*& list) {
    if (object.next != nullptr) {
        object.next->previous = object.previous;
    }
    (object.previous != nullptr ? object.previous->next : list) = object.next;
}

struct ReleasedCall {
    std::uintptr_t address;
    std::byte* base;
    std::uint32_t stack;
    std::uint64_t state;
};

std::uint64_t call_released(void* pointer) {
    const auto& call = *static_cast<ReleasedCall*>(pointer);
    // SAFETY: the loader gave the address of an export, whose type the checker has seen to.
    return reinterpret_cast<std::uint32_t (*)(std::byte*, std::uint32_t, std::uint64_t)>(call.address)(
        call.base, call.stack, call.state);
}

// Between the end of an object and that of its domain.
constinit SpinLock ends;

}  // namespace

// The last reference to it is gone. Kernel objects that stay have one reference of their own.
void end_object(ObjectHeader& object) {
    {
        const std::scoped_lock lock(ends);
        if (object.target != nullptr) {
            static_cast<Domain*>(object.target->domain)->object_released(object);
            return;
        }
    }
    if (object.identity.exchange(0) != 0) {  // not of a domain that has ended, but the kernel's own
        // SAFETY: what such objects have there.
        reinterpret_cast<void (*)(std::uint64_t)>(object.methods->released)(object.state);
    }
    give_header(object);
}

Capability Domain::give(ObjectHeader* object) {
    if (object == nullptr) {
        return nullptr;
    }
    auto* slot = slots_.add(*object, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
    if (slot == nullptr && object->identity.load() != 0) {
        runtime::end_program({.kind = runtime::FaultKind::OutOfMemory});
    }
    return slot;
}

ObjectHeader* Domain::mint(const safeir::MethodTable& methods, std::uint64_t state) {
    if (!account_.take(runtime::Resource::Objects, 1)) {
        return nullptr;
    }
    if (!account_.charge(sizeof(ObjectHeader))) {
        account_.give_back(runtime::Resource::Objects, 1);
        return nullptr;
    }
    auto* object = take_header();
    if (object == nullptr) {
        credit_object();
        return nullptr;
    }
    object->methods = &methods;
    object->target = &target_;
    object->state = state;
    {
        const std::scoped_lock lock(objects_lock_);
        if (!closed_) {
            has_minted_ = true;
            object->identity = new_identity();
            link(*object, objects_);
            return object;
        }
    }
    forget(*object);
    return nullptr;
}

void Domain::object_released(ObjectHeader& object) {
    const bool was_alive = object.identity.exchange(0) != 0;
    const std::scoped_lock lock(objects_lock_);
    if (was_alive) {
        unlink(object, objects_);
    }
    if (!was_alive || object.methods->released == 0) {
        forget(object);
        return;
    }
    object.next = nullptr;
    (last_released_ != nullptr ? last_released_->next : released_) = &object;
    last_released_ = &object;
    if (teller_.call != nullptr) {
        teller_.call(teller_.argument);
    }
}

void Domain::credit_object() {
    account_.credit(sizeof(ObjectHeader));
    account_.give_back(runtime::Resource::Objects, 1);
}

void Domain::forget(ObjectHeader& object) {
    credit_object();
    give_header(object);
}

ObjectHeader* Domain::next_released() {
    const std::scoped_lock lock(objects_lock_);
    auto* object = released_;
    if (object != nullptr) {
        released_ = object->next;
        last_released_ = released_ == nullptr ? nullptr : last_released_;
    }
    return object;
}

void Domain::tell_released() {
    while (auto* object = next_released()) {
        ReleasedCall call{object->methods->released, arena_->base(), take_arena_stack(), object->state};
        forget(*object);
        if (call.stack == 0) {
            continue;
        }
        std::uint64_t result = 0;
        runtime::Fault fault;
        if (!runtime::call_program(call_released, &call, result, fault, &target_)) {
            tell_failure(fault);
        }
        keep_arena_stack(call.stack);
    }
}

// Others may hold references: their slots find the objects gone, and the last one gives the header back.
void Domain::close() {
    const std::scoped_lock lock(ends, objects_lock_);
    closed_ = true;
    while (objects_ != nullptr) {
        auto& object = *objects_;
        unlink(object, objects_);
        object.identity = 0;
        object.target = nullptr;
        object.methods = nobody().methods;  // its own go with the program
        credit_object();
    }
}

// Who calls from here on finds the objects gone, and who has found one before is inside by the time that all cores have
// passed.
void Domain::end_calls() {
    close();
    if (has_minted_) {
        runtime::begin_end(target_);
    }
    while (!calls_are_over()) {
        runtime::give_way(kBetweenLooks);
    }
}

void Domain::begin_end() {
    close();
    runtime::begin_end(target_);
}

bool Domain::calls_are_over() {
    if (!has_minted_ || calls_are_over_) {
        return true;  // nobody could call
    }
    runtime::wait_for_passes();
    calls_are_over_ = calls_inside() == 0 && tasks_.count() == 0;
    return calls_are_over_;
}

bool Domain::holds_this_fiber() const { return runtime::is_inside(target_); }

std::int64_t Domain::calls_inside() {
    const std::scoped_lock lock(stacks_mutex_);
    std::int64_t inside = stacks_made_ - static_cast<std::int64_t>(spare_stacks_.size());
    for (auto& core : std::span(cores_.get(), core_count_)) {
        inside -= std::atomic_ref(core.free_stacks).load(std::memory_order_acquire);
    }
    return inside;
}

std::uint32_t Domain::take_arena_stack() {
    {
        const std::scoped_lock lock(stacks_mutex_);
        if (!spare_stacks_.empty()) {
            const auto stack = spare_stacks_.back();
            spare_stacks_.pop_back();
            return stack;
        }
    }
    const auto stack = arena_->add_stack(kArenaStackBytes);
    const std::scoped_lock lock(stacks_mutex_);
    if (stack != 0) {
        ++stacks_made_;
        // Now, when the heap is this domain's: stacks come back on others' fibers, with whatever heap.
        if (const auto needed = static_cast<std::size_t>(stacks_made_); spare_stacks_.capacity() < needed) {
            spare_stacks_.reserve(2 * needed);
        }
    }
    return stack;
}

void Domain::keep_arena_stack(std::uint32_t stack) {
    const std::scoped_lock lock(stacks_mutex_);
    spare_stacks_.push_back(stack);
}

std::uint32_t Domain::take_core_stack() {
    auto& calls = cores_[runtime::current_core()];
    return calls.free_stacks != 0 ? calls.stacks[--calls.free_stacks] : take_arena_stack();
}

void Domain::keep_core_stack(std::uint32_t stack) {
    auto& calls = cores_[runtime::current_core()];
    if (calls.free_stacks < runtime::kFreeStacksMax) {
        calls.stacks[calls.free_stacks++] = stack;
    } else {
        keep_arena_stack(stack);
    }
}

void Domain::tell_failure(const runtime::Fault& fault) {
    const auto told = failures_told_.fetch_add(1);
    if (told > kFailuresTold) {
        return;
    }
    const auto text = "tessera: program '" + spec_.name + "': a call failed: " +
                      (told == kFailuresTold ? "more will not be told" : describe_fault(*this, fault)) + "\n";
    (void)!write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace tessera::caps
