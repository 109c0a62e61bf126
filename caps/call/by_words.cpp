#include "caps/call/by_words.h"

#include "caps/message/bridge.h"
#include "caps/schema/message.kernel.h"
#include "runtime/worker.h"

#include <algorithm>
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

void read_in_order(std::array<std::uint64_t, 32>& in, safeir::MethodSignature signature, Arguments from) {
    std::size_t count = 0;
    for (auto rest = signature;; rest >>= kPlaceBits) {
        switch (static_cast<Place>(rest & kPlaceMask)) {
        case Place::I32:
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
        case Place::F64:
            in[count++] = from.number();
            break;
        case Place::None:
        case Place::Results:
            return;
        }
    }
}

void read_arguments(std::array<std::uint64_t, 32>& in, const Crossing& frame, const std::uint64_t* stack_words) {
    const auto& import = *frame.import;
    if (import.wide || safeir::has_floats(import.signature)) {
        read_in_order(in, import.signature, {frame, stack_words});
        return;
    }
    // Registers, and then the stack: in order as they are.
    std::copy_n(&frame.words[1], safeir::kWordRegisters, in.begin());
    std::copy_n(stack_words, import.stack_words, in.begin() + safeir::kWordRegisters);
}

void write_results(Crossing& frame, Status status, const std::array<std::uint64_t, 16>& out) {
    std::size_t words = 1;
    std::size_t floats = 0;
    std::size_t i = 0;
    frame.words = {static_cast<std::uint64_t>(status), out[0], out[1]};
    frame.floats[0] = frame.floats[1] = 0;
    if (!frame.import->wide && !safeir::has_floats(frame.import->signature)) {
        return;
    }
    if (frame.import->wide) {
        const auto word = static_cast<std::uint32_t>(status);
        std::memcpy(frame.result, &word, sizeof word);
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

// The object of a call. One of a program is called as cross.S does it, by fields that are looked at again before its
// domain is entered. One of the kernel's that can go meanwhile has one more reference for the time of the call, which
// the entry's end lets go of however it ends; those that nobody wants to hear the end of stay as long as the image.
struct Held {
    ObjectView object;
    Slot* slot = nullptr;
    Status status = Status::Ok;
};

// Any object can be called by message.
bool is_message(const safeir::MethodImport& import) { return import.interface == schema::MessageHandler::kId; }

bool can_stay(const ObjectView& object) { return object.target != nullptr || object.methods->released == 0; }

Held hold(Domain& caller, const Slot& slot, const safeir::MethodImport& import) {
    // As in cross.S: first the fields, at last the identity. Another core may let go of the slot at any time.
    auto* object = slot.object.load();
    Held held{.object = view_of(*object, slot.identity.load())};
    if (!held.object.is_alive()) {
        return {.object = held.object, .status = Status::Stale};
    }
    if (!can_stay(held.object)) {
        held.slot = caller.slots().copy(slot, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
        if (held.slot == nullptr) {
            return {.object = held.object, .status = is_alive(slot) ? Status::Exhausted : Status::Stale};
        }
        object = held.slot->object.load();
        held.object = view_of(*object, held.slot->identity.load());
    }
    // It may be another object by now, one that takes no words.
    const bool is_as_before = held.object.is_alive() && (held.object.methods->by_words != 0 || is_message(import));
    held.status = is_as_before ? Status::Ok : Status::Stale;
    return held;
}

void call_by_words(Crossing& frame, const std::uint64_t* stack_words, const Slot& slot) {
    auto& entry = *runtime::current_fiber()->entry;
    auto& caller = *static_cast<Domain*>(entry.target->domain);
    const auto held = hold(caller, slot, *frame.import);
    WordCall call(caller, *frame.import, held.object);
    auto status = held.status;
    if (status == Status::Ok) {
        read_arguments(call.in, frame, stack_words);
        // SAFETY: a table's by_words is a WordHandler.
        auto handler = reinterpret_cast<WordHandler>(held.object.methods->by_words);
        if (is_message(*frame.import) && handler != &call_handler) {
            handler = &call_by_message;
        }
        status = handler == nullptr ? Status::Stale : handler(call);
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
