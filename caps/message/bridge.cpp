#include "caps/message/bridge.h"

#include "caps/call/call_words.h"
#include "caps/gate.h"
#include "caps/message/body.h"
#include "caps/message/describe.h"
#include "caps/message/described.h"
#include "caps/message/scratch.h"
#include "caps/schema/message.kernel.h"
#include "runtime/copy.h"

#include <algorithm>
#include <limits>

namespace tessera::caps {
namespace {

using schema::MessageHandler;

constexpr auto kCallSignature = safeir::method_signature(MessageHandler::kSignatures[MessageHandler::kCall]);
constexpr std::size_t kNumberBytes = sizeof(std::uint32_t);
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
constexpr unsigned kFieldsMax = form::kFieldsMax;

// SAFETY: words of typed calls that are addresses; the checker has seen to the slices, and capabilities are slots.
const std::byte* bytes_at(std::uint64_t word) { return reinterpret_cast<const std::byte*>(word); }
std::byte* writable_at(std::uint64_t word) { return reinterpret_cast<std::byte*>(word); }
Slot* slot_at(std::uint64_t word) { return reinterpret_cast<Slot*>(word); }
template <typename T>
std::uint64_t word_of(const T* address) {
    return reinterpret_cast<std::uint64_t>(address);
}

Status status_of(BodyFault fault) {
    switch (fault) {
    case BodyFault::Malformed:
        return Status::Malformed;
    case BodyFault::TooLarge:
        return Status::TooLarge;
    case BodyFault::Missing:
        break;
    }
    return Status::Stale;  // a slice whose memory is gone
}

// A call as a message: MessageHandler.call's parameters, in the caller's memory or the kernel's.
struct MessageCall {
    std::uint64_t interface;
    std::uint32_t ordinal;
    ReadSlice body;
    ReadSlice rooms;
    WriteSlice answer;
};

struct MessageCallWords {
    explicit MessageCallWords(const WordCall& call)
        : message{call.in[0],
                  static_cast<std::uint32_t>(call.in[1]),
                  {bytes_at(call.in[2]), call.in[3]},
                  {bytes_at(call.in[6]), call.in[7]},
                  {writable_at(call.in[8]), call.in[9]}},
          capabilities{bytes_at(call.in[4]), call.in[5]}, given{writable_at(call.in[10]), call.in[11]} {}
    MessageCall message;
    ReadSlice capabilities;
    WriteSlice given;
};

// The caller's numbers, as the slots that they are of.
Status read_capabilities(Domain& caller, ReadSlice table, std::span<Slot*> slots, std::uint32_t& count) {
    std::array<std::uint32_t, TableImport::kMax> numbers;
    if (table.length > sizeof numbers || table.length % kNumberBytes != 0) {
        return Status::Malformed;
    }
    if (tessera_copy(numbers.data(), table.bytes, table.length) != 0) {
        return Status::Stale;
    }
    count = static_cast<std::uint32_t>(table.length / kNumberBytes);
    for (std::uint32_t i = 0; i < count; ++i) {
        slots[i] = caller.slots().find(numbers[i]);
        if (slots[i] == nullptr && numbers[i] != 0) {
            return Status::Stale;
        }
    }
    return Status::Ok;
}

// Slots of the caller's, as its numbers.
Status write_capabilities(std::span<Slot* const> slots, WriteSlice table, std::uint64_t& length) {
    std::array<std::uint32_t, TableImport::kMax> numbers;
    std::ranges::transform(
        slots, numbers.begin(), [](const Slot* slot) { return slot == nullptr ? 0 : SlotTable::handle_of(*slot); });
    length = slots.size() * kNumberBytes;
    if (length > table.length) {
        return Status::TooSmall;
    }
    return tessera_copy(table.bytes, numbers.data(), length) == 0 ? Status::Ok : Status::Stale;
}

// --- To an implementer that takes messages.

// Both lengths are what it says, and may be anything. `import` has the capabilities that go, and those that come back.
Status
deliver(Domain& caller, ObjectHeader& object, const MessageCall& message, TableImport& import, std::uint64_t& length) {
    // SAFETY: objects with this handler have such a table. Whoever has ended meanwhile has another one.
    const auto* methods = object.methods;
    if (methods->by_words != reinterpret_cast<std::uintptr_t>(&call_handler)) {
        return Status::Stale;
    }
    const auto& table = *reinterpret_cast<const safeir::HandlerTable*>(methods);
    static const auto kImport = import_of(MessageHandler::kId, MessageHandler::kCall, kCallSignature);
    static_cast<safeir::MethodImport&>(import) = kImport;
    import.has_table = true;
    const std::array<std::uint64_t, 12> in = {message.interface,
                                              message.ordinal,
                                              word_of(message.body.bytes),
                                              message.body.length,
                                              word_of(import.numbers.data()),
                                              import.given_count * kNumberBytes,
                                              word_of(message.rooms.bytes),
                                              message.rooms.length,
                                              word_of(message.answer.bytes),
                                              message.answer.length,
                                              word_of(import.answer.data()),
                                              sizeof import.answer};
    std::array<std::uint64_t, 2> out{};
    const auto status = call_with_words(caller, object, table.typed, import, in, out);
    length = out[0];
    return status;
}

Status pass_on(WordCall& call) {
    const MessageCallWords words(call);
    TableImport import;
    if (const auto status = read_capabilities(call.caller, words.capabilities, import.given, import.given_count);
        status != Status::Ok) {
        return status;
    }
    const auto status = deliver(call.caller, call.object, words.message, import, call.out[0]);
    const auto written =
        write_capabilities(std::span(import.taken).first(import.taken_count), words.given, call.out[1]);
    return status != Status::Ok ? status : written;
}

// A typed call, as the values of its parameters, and the rooms that it lends for its results.
struct TypedCall {
    TypedCall(const MethodDescription& method, const WordCall& call) {
        std::size_t word = 0;
        std::size_t index = 0;
        for (auto fields = method.parameters.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() == 'r') {
                values[index] = {0, bytes_at(call.in[word]), call.in[word + 1]};
                ++word;
            } else {
                values[index].word = call.in[word];
            }
            ++word;
        }
        index = 0;
        for (auto fields = method.results.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() == 'r') {
                result_rooms[index] = {0, bytes_at(call.in[word]), call.in[word + 1]};
                word += 2;
            }
        }
    }
    FieldValues values;
    FieldValues result_rooms;  // by result
};

std::uint32_t write_rooms(const RecordDescription& results, const FieldValues& rooms, std::span<std::uint32_t> into) {
    std::uint32_t count = 0;
    std::size_t index = 0;
    for (auto fields = results.fields(); const auto field = fields.next(); ++index) {
        if (field->letter() == 'r') {
            into[count++] = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(rooms[index].length, std::numeric_limits<std::uint32_t>::max()));
        }
    }
    return count;
}

// The implementer's answer, which is hostile, as the typed call's results.
class Answer {
  public:
    Answer(const RecordDescription& results, const TypedCall& typed, WordCall& call)
        : results_(results), typed_(typed), call_(call) {}

    // It would have been more than the caller has room for: how much, in order.
    Status too_small(std::span<const std::byte> lengths) {
        std::size_t index = 0;
        for (auto fields = results_.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() == 'r' && lengths.size() >= kWordBytes) {
                std::memcpy(&call_.out[index], lengths.data(), kWordBytes);
                lengths = lengths.subspan(kWordBytes);
            }
        }
        return Status::TooSmall;
    }

    Status give(std::span<const std::byte> body, const BodyCapabilities& capabilities, std::span<std::byte> room) {
        FieldValues values;
        if (const auto read = read_body(results_, body, capabilities, room, values); !read) {
            return Status::Malformed;
        }
        auto status = Status::Ok;
        std::size_t index = 0;
        for (auto fields = results_.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() != 'r') {
                call_.out[index] = values[index].word;
                continue;
            }
            const auto& into = typed_.result_rooms[index];
            call_.out[index] = values[index].length;
            if (values[index].length > into.length) {
                status = Status::TooSmall;
            } else if (tessera_copy(const_cast<std::byte*>(into.bytes), values[index].bytes, values[index].length) !=
                       0) {
                return Status::Stale;
            }
        }
        if (status != Status::Ok) {
            drop_capabilities();
        }
        return status;
    }

  private:
    void drop_capabilities() {
        std::size_t index = 0;
        for (auto fields = results_.fields(); const auto field = fields.next(); ++index) {
            call_.out[index] = field->letter() == 'c' ? 0 : call_.out[index];
        }
    }
    const RecordDescription& results_;
    const TypedCall& typed_;
    WordCall& call_;
};

// The description of the results outlives the callee's program, which may go during the call.
class KeptResults {
  public:
    explicit KeptResults(const RecordDescription& record) : record_(record) {
        if (record.bytes.size() <= bytes_.size()) {
            std::ranges::copy(record.bytes, bytes_.begin());
            record_.bytes = std::span(bytes_).first(record.bytes.size());
        } else {
            record_.bytes = {};
        }
    }
    KeptResults(const KeptResults&) = delete;
    KeptResults& operator=(const KeptResults&) = delete;
    [[nodiscard]] bool good() const { return record_.count == 0 || !record_.bytes.empty(); }
    [[nodiscard]] const RecordDescription& record() const { return record_; }

  private:
    std::array<std::byte, 512> bytes_;
    RecordDescription record_;
};

Status translate(WordCall& call, const MethodDescription& method) {
    const TypedCall typed(method, call);
    const auto body_bytes_max = body_room(method.parameters, typed.values);
    const auto answer_bytes_max = body_room(method.results, typed.result_rooms);
    if (!body_bytes_max || !answer_bytes_max) {
        return Status::TooLarge;
    }
    // Behind the answer lie the messages in it once more, each by itself.
    const auto answer_bytes = body_bytes(method.results, typed.result_rooms);
    const auto messages_bytes = answer_bytes + kFieldsMax * kWordBytes;
    Scratch scratch(call.caller, *body_bytes_max + answer_bytes + messages_bytes);
    if (!scratch.good()) {
        return Status::Exhausted;
    }
    BodyCapabilities capabilities;
    const auto body = scratch.take(*body_bytes_max);
    const auto length = write_body(method.parameters, typed.values, body, capabilities, tessera_copy);
    if (!length) {
        return status_of(length.error());
    }
    const auto answer = scratch.take_zeros(answer_bytes);
    TableImport import;
    import.given_count = capabilities.count;
    std::ranges::transform(std::span(capabilities.words).first(capabilities.count), import.given.begin(), slot_at);
    std::array<std::uint32_t, kFieldsMax> rooms;
    const auto room_count = write_rooms(method.results, typed.result_rooms, rooms);
    const MessageCall message{call.import.interface,
                              call.ordinal(),
                              {body.data(), *length},
                              {std::as_bytes(std::span(rooms)).data(), room_count * kNumberBytes},
                              {answer.data(), answer.size()}};
    std::uint64_t answered = 0;
    const auto status = deliver(call.caller, call.object, message, import, answered);
    if (answered > answer.size()) {
        return status == Status::Ok ? Status::Malformed : status;
    }
    Answer results(method.results, typed, call);
    if (status != Status::Ok) {
        return status == Status::TooSmall ? results.too_small(answer.first(answered)) : status;
    }
    BodyCapabilities taken;
    taken.count = import.taken_count;
    std::ranges::transform(std::span(import.taken).first(taken.count), taken.words.begin(), [](const Slot* slot) {
        return word_of(slot);
    });
    return results.give(answer.first(answered), taken, scratch.take(messages_bytes));
}

// --- To typed methods.

// How they are called: by the description that the implementer's program has, or the kernel.
struct Target {
    MethodDescription method;
    safeir::MethodSignature signature;
    bool is_kernels;
};

std::expected<Target, Status> target_of(ObjectHeader& object, std::uint64_t interface, std::uint32_t ordinal) {
    // First the fields, at last the identity: the domain of one that is alive now stays until this core runs others.
    const auto* target = object.target;
    const auto* methods = object.methods;
    const bool is_kernels = target == nullptr;
    if (object.identity.load() == 0) {
        return std::unexpected(Status::Stale);
    }
    if (!is_kernels && safeir::table_for(*methods, interface) == nullptr) {
        return std::unexpected(Status::WrongInterface);
    }
    const auto method = is_kernels ? described_by_kernel(interface, ordinal)
                                   : described_by(*static_cast<Domain*>(target->domain), interface, ordinal);
    const auto signature = method ? signature_word(*method) : std::nullopt;
    if (!signature) {
        return std::unexpected(Status::Unsupported);
    }
    return Target{*method, *signature, is_kernels};
}

// How many bytes of each result are wanted at most: what the caller says, or as much as it has for all.
Status read_rooms(const MessageCall& message, const RecordDescription& results, FieldValues& rooms) {
    std::array<std::uint32_t, kFieldsMax> said;
    if (message.rooms.length > sizeof said || message.rooms.length % kNumberBytes != 0) {
        return Status::Malformed;
    }
    if (tessera_copy(said.data(), message.rooms.bytes, message.rooms.length) != 0) {
        return Status::Stale;
    }
    std::size_t index = 0;
    std::size_t count = 0;
    for (auto fields = results.fields(); const auto field = fields.next(); ++index) {
        rooms[index] = {};
        if (field->letter() == 'r') {
            rooms[index].length = count < message.rooms.length / kNumberBytes ? said[count++] : message.answer.length;
        }
    }
    return Status::Ok;
}

// A message on its way to typed methods: its body as words, and memory for results.
class MessageToWords {
  public:
    MessageToWords(WordCall& call, const MessageCallWords& words) : call_(call), words_(words) {}

    Status run() {
        const auto& message = words_.message;
        const auto target = target_of(call_.object, message.interface, message.ordinal);
        if (!target) {
            return target.error();
        }
        const KeptResults results(target->method.results);
        if (!results.good()) {
            return Status::Unsupported;
        }
        if (const auto status = read_rooms(message, results.record(), result_values_); status != Status::Ok) {
            return status;
        }
        const auto wanted = body_room(results.record(), result_values_);
        if (!wanted || message.body.length > kBodyBytesMax) {
            return Status::TooLarge;
        }
        const auto body_bytes = message.body.length / kWordBytes * kWordBytes;
        const auto messages = body_bytes + form::kPointersMax * kWordBytes;
        // The body twice, for the messages in it; and results as slices, and then as a body.
        Scratch scratch(call_.caller, body_bytes + messages + 2 * *wanted + kFieldsMax * kWordBytes);
        if (!scratch.good()) {
            return Status::Exhausted;
        }
        const auto body = scratch.take(body_bytes);
        if (tessera_copy(body.data(), message.body.bytes, body.size()) != 0) {
            return Status::Stale;
        }
        if (const auto status = make_words(target->method, body, scratch.take(messages)); status != Status::Ok) {
            return status;
        }
        for (auto& room : std::span(result_values_).first(results.record().count)) {
            room.bytes = room.length != 0 ? scratch.take_zeros(room.length).data() : nullptr;
        }
        lend_rooms(results.record());
        const auto status = call_typed(*target);
        return answer(status, results.record(), scratch.take(*wanted));
    }

  private:
    Status make_words(const MethodDescription& method, std::span<const std::byte> body, std::span<std::byte> room) {
        BodyCapabilities capabilities;
        std::array<Slot*, TableImport::kMax> slots;
        if (const auto status = read_capabilities(call_.caller, words_.capabilities, slots, capabilities.count);
            status != Status::Ok) {
            return status;
        }
        std::ranges::transform(std::span(slots).first(capabilities.count),
                               capabilities.words.begin(),
                               [](const Slot* slot) { return word_of(slot); });
        FieldValues values;
        if (const auto read = read_body(method.parameters, body, capabilities, room, values); !read) {
            return status_of(read.error());
        }
        std::size_t index = 0;
        for (auto fields = method.parameters.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() == 'r') {
                in_[words_in_++] = word_of(values[index].bytes);
                in_[words_in_++] = values[index].length;
            } else {
                in_[words_in_++] = values[index].word;
            }
        }
        return Status::Ok;
    }

    void lend_rooms(const RecordDescription& results) {
        std::size_t index = 0;
        for (auto fields = results.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() == 'r') {
                in_[words_in_++] = word_of(result_values_[index].bytes);
                in_[words_in_++] = result_values_[index].length;
            }
        }
    }

    Status call_typed(const Target& target) {
        const auto& message = words_.message;
        const auto import = import_of(message.interface, message.ordinal, target.signature);
        if (!target.is_kernels) {
            return call_with_words(call_.caller, call_.object, nullptr, import, in_, out_);
        }
        WordCall inner{call_.caller, import, call_.object, call_.state, in_, {}};
        // SAFETY: a table's by_words is a WordHandler.
        const auto status = reinterpret_cast<WordHandler>(call_.object.methods->by_words)(inner);
        out_ = inner.out;
        return status;
    }

    Status answer(Status status, const RecordDescription& results, std::span<std::byte> room) {
        if (status != Status::Ok && status != Status::TooSmall) {
            return status;
        }
        std::size_t index = 0;
        bool fits = status == Status::Ok;
        for (auto fields = results.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() != 'r') {
                result_values_[index].word = out_[index];
                continue;
            }
            fits = fits && out_[index] <= result_values_[index].length;
            result_values_[index].length = fits ? out_[index] : result_values_[index].length;
        }
        if (!fits) {
            return too_small(results);
        }
        BodyCapabilities capabilities;
        const auto length = write_body(results, result_values_, room, capabilities, tessera_copy);
        if (!length) {
            return status_of(length.error());
        }
        if (*length > words_.message.answer.length) {
            return too_small(results);
        }
        call_.out[0] = *length;
        std::array<Slot*, form::kPointersMax> slots;
        std::ranges::transform(std::span(capabilities.words).first(capabilities.count), slots.begin(), slot_at);
        const auto given = write_capabilities(std::span(slots).first(capabilities.count), words_.given, call_.out[1]);
        const bool written = tessera_copy(words_.message.answer.bytes, room.data(), *length) == 0;
        return given != Status::Ok ? given : written ? Status::Ok : Status::Stale;
    }

    Status too_small(const RecordDescription& results) {
        std::array<std::uint64_t, kFieldsMax> lengths;
        std::size_t count = 0;
        std::size_t index = 0;
        for (auto fields = results.fields(); const auto field = fields.next(); ++index) {
            if (field->letter() == 'r') {
                lengths[count++] = out_[index];
            }
        }
        const auto bytes = count * kWordBytes;
        if (bytes <= words_.message.answer.length &&
            tessera_copy(words_.message.answer.bytes, lengths.data(), bytes) == 0) {
            call_.out[0] = bytes;
        }
        return Status::TooSmall;
    }

    WordCall& call_;
    const MessageCallWords& words_;
    FieldValues result_values_;
    std::array<std::uint64_t, 32> in_{};
    std::array<std::uint64_t, 16> out_{};
    std::size_t words_in_ = 0;
};

bool is_message(const WordCall& call) {
    return call.import.interface == MessageHandler::kId && call.ordinal() == MessageHandler::kCall;
}

}  // namespace

Status call_handler(WordCall& call) {
    if (is_message(call)) {
        return call.import.signature == kCallSignature ? pass_on(call) : Status::WrongSignature;
    }
    auto method = described_by(call.caller, call.import.interface, call.ordinal());
    if (!method) {
        method = described_by_kernel(call.import.interface, call.ordinal());
    }
    if (!method) {
        return Status::Unsupported;
    }
    return signature_word(*method) == call.import.signature ? translate(call, *method) : Status::WrongSignature;
}

Status call_by_message(WordCall& call) {
    if (!is_message(call)) {
        return Status::Unsupported;
    }
    if (call.import.signature != kCallSignature) {
        return Status::WrongSignature;
    }
    const MessageCallWords words(call);
    return MessageToWords(call, words).run();
}

}  // namespace tessera::caps
