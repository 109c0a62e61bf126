#include "caps/call/by_words.h"

#include "runtime/worker.h"

#include <cstring>

using namespace tessera;
using namespace tessera::caps;
using safeir::Place;

extern "C" void tessera_call_by_words(Crossing* frame, const std::uint64_t* stack_words);

namespace {

constexpr unsigned kPlaceBits = 4;
constexpr std::uint64_t kPlaceMask = 0xF;

// Where the caller's code has put the arguments, in their order.
class Arguments {
  public:
    Arguments(const Crossing& frame, const std::uint64_t* stack_words)
        : frame_(frame), stack_words_(stack_words), words_(frame.import->wide ? 1 : 0) {}
    std::uint64_t word() { return words_ < safeir::kWordRegisters ? frame_.words[1 + words_++] : *stack_words_++; }
    std::uint64_t number() { return floats_ < safeir::kFloatRegisters ? frame_.floats[floats_++] : *stack_words_++; }

  private:
    const Crossing& frame_;
    const std::uint64_t* stack_words_;
    unsigned words_;
    unsigned floats_ = 0;
};

void read_arguments(std::array<std::uint64_t, 32>& in, safeir::MethodSignature signature, Arguments from) {
    std::size_t count = 0;
    for (auto rest = signature;; rest >>= kPlaceBits) {
        switch (static_cast<Place>(rest & kPlaceMask)) {
        case Place::I32:
            in[count++] = static_cast<std::uint32_t>(from.word());
            break;
        case Place::I64:
        case Place::Capability:
            in[count++] = from.word();
            break;
        case Place::ReadSlice:
        case Place::WriteSlice:
            in[count++] = from.word();
            in[count++] = from.word();
            break;
        case Place::F32:
            in[count++] = static_cast<std::uint32_t>(from.number());
            break;
        case Place::F64:
            in[count++] = from.number();
            break;
        case Place::None:
        case Place::Results:
            return;
        }
    }
}

void write_results(Crossing& frame, Status status, const std::array<std::uint64_t, 16>& out) {
    std::size_t words = 1;
    std::size_t floats = 0;
    std::size_t i = 0;
    frame.words = {static_cast<std::uint64_t>(status)};
    frame.floats[0] = frame.floats[1] = 0;
    if (frame.import->wide) {
        std::memcpy(frame.result, &status, sizeof status);
        // SAFETY: an address as a number, which is what such calls give.
        frame.words[0] = reinterpret_cast<std::uint64_t>(frame.result);
    }
    for (safeir::ResultPlaces at(frame.import->signature); at.next(); ++i) {
        if (frame.import->wide) {
            std::memcpy(frame.result + at.offset, &out[i], at.bytes());
        } else if (at.place == Place::F32 || at.place == Place::F64) {
            frame.floats[floats++] = out[i];
        } else {
            frame.words[words++] = out[i];
        }
    }
}

// The object for the time of the call: with one more reference if it can go meanwhile, which the entry's end lets go of
// however it ends. Those of the kernel's own that nobody wants to hear the end of stay as long as the image.
struct Held {
    ObjectHeader* object = &nobody();
    Slot* slot = nullptr;
    Status status = Status::Ok;
};

Held hold(Domain& caller, const Slot& slot) {
    // As in cross.S: first the fields, at last the identity. Another core may let go of the slot at any time.
    auto* object = slot.object.load();
    const auto* methods = object->methods;
    const bool is_kernels = object->target == nullptr;
    if (slot.identity.load() != object->identity.load()) {
        return {.status = Status::Stale};
    }
    if (is_kernels && methods->released == 0) {
        return {.object = object};
    }
    auto* held = caller.slots().copy(slot, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
    if (held == nullptr) {
        return {.status = is_alive(slot) ? Status::Exhausted : Status::Stale};
    }
    // It may be another object by now, one that takes no words.
    object = held->object.load();
    methods = object->methods;
    const bool is_as_before = held->identity.load() == object->identity.load() && methods->by_words != 0;
    return {.object = object, .slot = held, .status = is_as_before ? Status::Ok : Status::Stale};
}

void call_by_words(Crossing& frame, const std::uint64_t* stack_words, const Slot& slot) {
    auto& entry = *runtime::current_fiber()->entry;
    auto& caller = *static_cast<Domain*>(entry.target->domain);
    const auto held = hold(caller, slot);
    WordCall call{caller, *frame.import, *held.object, held.object->state, {}, {}};
    auto status = held.status;
    if (status == Status::Ok) {
        read_arguments(call.in, frame.import->signature, {frame, stack_words});
        // SAFETY: a table's by_words is a WordHandler.
        status = reinterpret_cast<WordHandler>(held.object->methods->by_words)(call);
    }
    write_results(frame, status, call.out);
    if (held.slot != nullptr) {
        (void)caller.slots().release(*held.slot, entry.first_temporary);
    }
}

}  // namespace

void tessera_call_by_words(Crossing* frame, const std::uint64_t* stack_words) {
    const runtime::KernelCall call;
    // SAFETY: cross.S has found it alive.
    const auto& slot = *reinterpret_cast<const Slot*>(frame->words[0]);
    call_by_words(*frame, stack_words, slot);
}
