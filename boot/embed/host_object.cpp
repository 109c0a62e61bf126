#include "boot/embed/host_object.h"

#include "boot/embed/kernel.h"
#include "caps/call/capability_words.h"
#include "caps/kernel/made.h"
#include "runtime/copy.h"
#include "runtime/deferral.h"
#include "runtime/seat.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <string_view>

namespace tessera::embed {
namespace {

using caps::ObjectHeader;
using caps::Side;
using caps::Status;
using caps::WordCall;
using safeir::Place;

constexpr std::size_t kPageBytes = 4096;
constexpr unsigned kNibbleBits = 4;
constexpr std::size_t kPlacesMax = 15;

static_assert(sizeof(tessera_word) == sizeof(std::uint64_t));

// What programs lend may have pages missing where stacks of theirs end; the host is not to find out.
bool is_readable(std::uint64_t address, std::uint64_t length) {
    std::byte byte{};
    // SAFETY: a slice of the caller's, looked at as guarded copies do.
    for (std::uint64_t at = 0; at < length; at += kPageBytes) {
        if (tessera_copy(&byte, reinterpret_cast<const std::byte*>(address + at), 1) != 0) {
            return false;
        }
    }
    return length == 0 || tessera_copy(&byte, reinterpret_cast<const std::byte*>(address + length - 1), 1) == 0;
}

// SAFETY (both): capabilities in registers are addresses of slots, and outside of programs of handles.
caps::Slot* slot_in(std::uint64_t word) { return reinterpret_cast<caps::Slot*>(word); }
tessera_object* handle_in(std::uint64_t word) { return reinterpret_cast<tessera_object*>(word); }

// Handles for the time of a call.
class LentHandles {
  public:
    explicit LentHandles(Kernel& kernel) : kernel_(kernel) {}
    ~LentHandles() {
        for (std::size_t i = 0; i < count_; ++i) {
            caps::drop_held(handles_[i].header);
        }
    }
    LentHandles(const LentHandles&) = delete;
    LentHandles& operator=(const LentHandles&) = delete;
    // Of a reference that is handed over; null for null.
    [[nodiscard]] tessera_object* add(ObjectHeader* header) {
        if (header == nullptr) {
            return nullptr;
        }
        handles_[count_] = {&kernel_, header};
        return &handles_[count_++];
    }

  private:
    Kernel& kernel_;
    std::array<tessera_object, kPlacesMax> handles_{};
    std::size_t count_ = 0;
};

}  // namespace

Result<safeir::MethodSignature> parse_signature(const char* text) {
    constexpr std::string_view kStatus = ">i";
    const std::string_view letters = text == nullptr ? "" : text;
    const auto refused = [&] { return fail(Blame::Caller, "'" + std::string(letters) + "' is no signature"); };
    const auto end = letters.find(kStatus);
    if (end == std::string_view::npos) {
        return refused();
    }
    const auto parameters = letters.substr(0, end);
    const auto results = letters.substr(end + kStatus.size());
    if (parameters.find_first_not_of("ilfdcrw") != std::string_view::npos ||
        results.find_first_not_of("ilfdc") != std::string_view::npos ||
        parameters.size() + results.size() > kPlacesMax ||
        std::ranges::count(parameters, 'c') > static_cast<std::ptrdiff_t>(safeir::kCapParamsMax)) {
        return refused();
    }
    safeir::MethodSignature signature = 0;
    unsigned count = 0;
    const auto add = [&](char letter) {
        signature |= std::uint64_t{safeir::kPlaceLetters.find(letter)} << (kNibbleBits * count++);
    };
    std::ranges::for_each(parameters, add);
    add('>');
    std::ranges::for_each(results, add);
    return signature;
}

tessera_object* make_handle(Kernel& kernel, ObjectHeader* header) {
    if (header == nullptr) {
        return nullptr;
    }
    const runtime::Deferral hosts(nullptr);
    kernel.add_handle();
    return new tessera_object{&kernel, header};
}

void drop_handle(tessera_object* object) {
    caps::drop_held(object->header);
    object->kernel->drop_handle();
    delete object;
}

Result<tessera_object*> HostObject::create(Kernel& kernel, const tessera_interface& interface, void* state) {
    std::unique_ptr<HostObject> made(new HostObject);
    made->kernel_ = &kernel;
    made->interface_ = interface.id;
    made->released_ = interface.released;
    made->state_ = state;
    for (std::uint32_t i = 0; i < interface.method_count; ++i) {
        const auto& method = interface.methods[i];
        auto& own = made->methods_.emplace_back();
        if (method.signature != nullptr && method.function != nullptr) {
            TRY_TO(own.signature, parse_signature(method.signature));
            own.function = method.function;
        }
    }
    auto* header = caps::take_header();
    if (header == nullptr) {
        return fail(Blame::Machine, "no memory is left for an object");
    }
    header->methods = &kernel.table_of(interface.id);
    header->target = nullptr;
    // SAFETY: an address as a number, for the handlers.
    header->state = reinterpret_cast<std::uint64_t>(made.release());
    caps::add_reference(*header);
    header->identity = caps::new_identity();
    return make_handle(kernel, header);
}

void HostObject::tell_released() {
    if (released_ != nullptr) {
        released_(state_);
    }
}

// SAFETY (both): code addresses as numbers.
std::uintptr_t HostObject::handler() { return reinterpret_cast<std::uintptr_t>(&call_handler); }
std::uintptr_t HostObject::end_handler() { return reinterpret_cast<std::uintptr_t>(&end); }

// SAFETY: what create() put there.
void HostObject::end(std::uint64_t state) {
    auto& object = *reinterpret_cast<HostObject*>(state);
    object.kernel_->bury(object);
}

Status HostObject::call_handler(WordCall& call) {
    // SAFETY: the same.
    const auto& object = *reinterpret_cast<const HostObject*>(call.object.state);
    if (call.import.interface != object.interface_) {
        return Status::WrongInterface;
    }
    const auto ordinal = call.ordinal();
    if (ordinal >= object.methods_.size() || object.methods_[ordinal].function == nullptr) {
        return Status::Unsupported;
    }
    const auto& method = object.methods_[ordinal];
    return method.signature == call.import.signature ? object.call(call, method) : Status::WrongSignature;
}

Status HostObject::call(WordCall& call, const Method& method) const {
    LentHandles lent(*kernel_);
    bool is_good = true;
    // SAFETY: the same words, as the host knows them.
    const auto* const in = reinterpret_cast<const tessera_word*>(call.in.data());
    auto* const out = reinterpret_cast<tessera_word*>(call.out.data());
    caps::each_word(method.signature, Side::Parameters, call.in, [&](std::uint64_t& word, Place place) {
        if (place == Place::Capability) {
            auto* slot = slot_in(word);
            // SAFETY: an address as a number.
            word =
                reinterpret_cast<std::uint64_t>(lent.add(slot == nullptr ? nullptr : call.caller.slots().take(*slot)));
        } else if (place == Place::ReadSlice || place == Place::WriteSlice) {
            is_good = is_good && is_readable(word, (&word)[1]);
        }
    });
    if (!is_good) {
        return Status::Stale;
    }
    struct Callback {
        const Method& method;
        void* state;
        const tessera_word* in;
        tessera_word* out;
        tessera_status status;
    } callback{method, state_, in, out, 0};
    runtime::Seat::run_outside(
        [](void* pointer) {
            auto& inner = *static_cast<Callback*>(pointer);
            inner.status = inner.method.function(inner.state, inner.in, inner.out);
        },
        &callback);
    auto status = callback.status < 0 || callback.status > std::numeric_limits<std::uint16_t>::max()
                      ? Status::Failed
                      : static_cast<Status>(callback.status);
    caps::each_capability(method.signature, Side::Results, call.out, [&](std::uint64_t& word) {
        const auto* handle = handle_in(word);
        auto* slot = handle == nullptr ? nullptr
                                       : call.caller.slots().add(*handle->header,
                                                                 caps::Slot::Kind::Temporary,
                                                                 runtime::current_fiber()->entry->first_temporary);
        status = handle != nullptr && slot == nullptr ? Status::Exhausted : status;
        // SAFETY: an address as a number.
        word = reinterpret_cast<std::uint64_t>(slot);
    });
    return status;
}

std::size_t HostConsole::write(std::span<const std::byte> bytes, std::uint64_t& /*mark*/) {
    struct Call {
        const HostConsole& console;
        std::span<const std::byte> bytes;
    } call{*this, bytes};
    runtime::Seat::run_outside(
        [](void* pointer) {
            const auto& inner = *static_cast<const Call*>(pointer);
            inner.console.write_(inner.console.state_, inner.bytes.data(), inner.bytes.size());
        },
        &call);
    return bytes.size();
}

}  // namespace tessera::embed
