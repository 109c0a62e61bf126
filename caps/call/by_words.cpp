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

// One more reference for the time of the call, if the object can go meanwhile; the entry's end lets go of it, however
// it ends. Those of the kernel's own that nobody wants to hear the end of stay as long as the image.
Status hold(Domain& caller, const Slot& slot, Slot*& held) {
    auto& header = *slot.object.load();
    const auto lasts = header.target == nullptr && header.methods->released == 0;
    if (slot.identity.load() != header.identity.load()) {
        return Status::Stale;
    }
    if (lasts) {
        return Status::Ok;
    }
    held = caller.slots().copy(slot, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
    return held != nullptr ? Status::Ok : is_alive(slot) ? Status::Exhausted : Status::Stale;
}

void call_by_words(Crossing& frame, const std::uint64_t* stack_words, const Slot& slot) {
    auto& entry = *runtime::current_fiber()->entry;
    auto& caller = *static_cast<Domain*>(entry.target->domain);
    Slot* held = nullptr;
    if (const auto status = hold(caller, slot, held); status != Status::Ok) {
        write_results(frame, status, {});
        return;
    }
    auto& object = *(held != nullptr ? held : &slot)->object.load();
    WordCall call{caller, *frame.import, object, object.state, {}, {}};
    read_arguments(call.in, frame.import->signature, {frame, stack_words});
    // SAFETY: a table's by_words is a WordHandler.
    const auto status = reinterpret_cast<WordHandler>(object.methods->by_words)(call);
    write_results(frame, status, call.out);
    if (held != nullptr) {
        (void)caller.slots().release(*held, entry.first_temporary);
    }
}

}  // namespace

void tessera_call_by_words(Crossing* frame, const std::uint64_t* stack_words) {
    const runtime::KernelCall call;
    // SAFETY: cross.S has found it alive.
    const auto& slot = *reinterpret_cast<const Slot*>(frame->words[0]);
    call_by_words(*frame, stack_words, slot);
}
