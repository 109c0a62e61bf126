#include "caps/message/bridge.h"

#include "caps/call/call_words.h"
#include "caps/gate.h"
#include "caps/message/body.h"
#include "caps/message/described.h"
#include "caps/message/scratch.h"
#include "caps/schema/message.kernel.h"
#include "runtime/copy.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace tessera::caps {
namespace {

using schema::MessageHandler;

constexpr auto kCallSignature = safeir::method_signature(MessageHandler::kSignatures[MessageHandler::kCall]);
constexpr std::size_t kNumberBytes = sizeof(std::uint32_t);
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
constexpr unsigned kFieldsMax = form::kFieldsMax;
// No method that code can have has more.
constexpr std::size_t kResultsMax = 15;

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
Status deliver(
    Domain& caller, const ObjectView& object, const MessageCall& message, TableImport& import, std::uint64_t& length) {
    if (!object.is_alive()) {
        return Status::Stale;
    }
    // SAFETY: objects with this handler have such a table, which is its program's and there as long as it is alive.
    const auto& table = *reinterpret_cast<const safeir::HandlerTable*>(object.methods);
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
    TypedCall(const MethodPlan& method, const WordCall& call) {
        const auto* word = call.in.data();
        for (std::size_t index = 0; const auto& field : method.parameters().fields) {
            values[index++] =
                field.is_bytes() ? FieldValue{0, bytes_at(word[0]), word[1]} : FieldValue{word[0], nullptr, 0};
            word += field.is_bytes() ? 2 : 1;
        }
        for (std::size_t index = 0; const auto& field : method.results().fields) {
            result_rooms[index++] = field.is_bytes() ? FieldValue{0, bytes_at(word[0]), word[1]} : FieldValue{};
            word += field.is_bytes() ? 2 : 0;
        }
    }
    FieldValues values;
    FieldValues result_rooms;  // by result
};

std::uint32_t write_rooms(const RecordPlan& results, const FieldValues& rooms, std::span<std::uint32_t> into) {
    std::uint32_t count = 0;
    for (std::size_t index = 0; const auto& field : results.fields) {
        if (field.is_bytes()) {
            into[count++] = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(rooms[index].length, std::numeric_limits<std::uint32_t>::max()));
        }
        ++index;
    }
    return count;
}

// The implementer's answer, which is hostile, as the typed call's results.
class Answer {
  public:
    Answer(const RecordPlan& results, const TypedCall& typed, WordCall& call)
        : results_(results), typed_(typed), call_(call) {}

    // It would have been more than the caller has room for: how much, in order.
    Status too_small(std::span<const std::byte> lengths) {
        for (std::size_t index = 0; const auto& field : results_.fields) {
            if (field.is_bytes() && lengths.size() >= kWordBytes) {
                std::memcpy(&call_.out[index], lengths.data(), kWordBytes);
                lengths = lengths.subspan(kWordBytes);
            }
            ++index;
        }
        return Status::TooSmall;
    }

    Status give(std::span<const std::byte> body, const BodyCapabilities& capabilities, std::span<std::byte> room) {
        FieldValues values;
        if (const auto read = read_body(results_, body, capabilities, room, values); !read) {
            return Status::Malformed;
        }
        auto status = Status::Ok;
        for (std::size_t index = 0; const auto& field : results_.fields) {
            const auto& into = typed_.result_rooms[index];
            const auto& value = values[index];
            call_.out[index++] = field.is_bytes() ? value.length : value.word;
            if (!field.is_bytes()) {
                continue;
            }
            if (value.length > into.length) {
                status = Status::TooSmall;
            } else if (tessera_copy(const_cast<std::byte*>(into.bytes), value.bytes, value.length) != 0) {
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
        for (std::size_t index = 0; const auto& field : results_.fields) {
            call_.out[index] = field.kind == FieldPlan::Kind::Capability ? 0 : call_.out[index];
            ++index;
        }
    }
    const RecordPlan& results_;
    const TypedCall& typed_;
    WordCall& call_;
};

Status translate(WordCall& call, const MethodPlan& method) {
    const TypedCall typed(method, call);
    const auto parameters = method.parameters();
    const auto result_plan = method.results();
    const auto body_bytes_max = body_room(parameters, typed.values);
    const auto answer_bytes_max = body_room(result_plan, typed.result_rooms);
    if (!body_bytes_max || !answer_bytes_max) {
        return Status::TooLarge;
    }
    // Behind the answer lie the messages in it once more, each by itself.
    const auto answer_bytes = body_bytes(result_plan, typed.result_rooms);
    const auto messages_bytes = answer_bytes + kFieldsMax * kWordBytes;
    Scratch scratch(call.caller, *body_bytes_max + answer_bytes + messages_bytes);
    if (!scratch.good()) {
        return Status::Exhausted;
    }
    BodyCapabilities capabilities;
    const auto body = scratch.take(*body_bytes_max);
    const auto length = write_body(parameters, typed.values, body, capabilities, tessera_copy);
    if (!length) {
        return status_of(length.error());
    }
    const auto answer = scratch.take_zeros(answer_bytes);
    TableImport import;
    import.given_count = capabilities.count;
    std::ranges::transform(std::span(capabilities.words).first(capabilities.count), import.given.begin(), slot_at);
    std::array<std::uint32_t, kFieldsMax> rooms;
    const auto room_count = write_rooms(result_plan, typed.result_rooms, rooms);
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
    Answer results(result_plan, typed, call);
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

// How one is called: by the description that the implementer's program has, or the kernel.
class Target {
  public:
    Status find(const ObjectView& object, std::uint64_t interface, std::uint32_t ordinal) {
        const auto* methods = object.target == nullptr ? nullptr : safeir::table_for(*object.methods, interface);
        if (object.target != nullptr && methods == nullptr) {
            return Status::WrongInterface;
        }
        plan_ = methods == nullptr ? described_by_kernel(interface, ordinal) : described_by(*methods, ordinal);
        if (plan_ == nullptr || !plan_->signature()) {
            return Status::Unsupported;
        }
        // The callee's program may go during the call, and its plans with it.
        const auto results = plan_->results();
        std::ranges::copy(results.fields, fields_.begin());
        results_ = {results.data_words, results.pointers, std::span(fields_).first(results.fields.size())};
        import_ = plan_->import();
        return Status::Ok;
    }
    // Before the call.
    [[nodiscard]] RecordPlan parameters() const { return plan_->parameters(); }
    [[nodiscard]] const RecordPlan& results() const { return results_; }
    [[nodiscard]] const safeir::MethodImport& import() const { return import_; }

  private:
    const CallPlan* plan_ = nullptr;
    std::array<FieldPlan, kResultsMax> fields_;
    RecordPlan results_;
    safeir::MethodImport import_;
};

// How many bytes of each result are wanted at most: what the caller says, or as much as it has for all.
Status read_rooms(const MessageCall& message, const RecordPlan& results, FieldValues& rooms) {
    std::array<std::uint32_t, kFieldsMax> said;
    if (message.rooms.length > sizeof said || message.rooms.length % kNumberBytes != 0) {
        return Status::Malformed;
    }
    if (tessera_copy(said.data(), message.rooms.bytes, message.rooms.length) != 0) {
        return Status::Stale;
    }
    std::size_t count = 0;
    for (std::size_t index = 0; const auto& field : results.fields) {
        auto& room = rooms[index++] = {};
        if (field.is_bytes()) {
            room.length = count < message.rooms.length / kNumberBytes ? said[count++] : message.answer.length;
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
        Target target;
        if (const auto status = target.find(call_.object, message.interface, message.ordinal); status != Status::Ok) {
            return status;
        }
        const auto& results = target.results();
        if (const auto status = read_rooms(message, results, result_values_); status != Status::Ok) {
            return status;
        }
        const auto wanted = body_room(results, result_values_);
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
        if (const auto status = make_words(target.parameters(), body, scratch.take(messages)); status != Status::Ok) {
            return status;
        }
        for (auto& room : std::span(result_values_).first(results.fields.size())) {
            room.bytes = room.length != 0 ? scratch.take_zeros(room.length).data() : nullptr;
        }
        lend_rooms(results);
        const auto status = call_typed(target.import());
        return answer(status, results, scratch.take(*wanted));
    }

  private:
    Status make_words(const RecordPlan& parameters, std::span<const std::byte> body, std::span<std::byte> room) {
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
        if (const auto read = read_body(parameters, body, capabilities, room, values); !read) {
            return status_of(read.error());
        }
        for (std::size_t index = 0; const auto& field : parameters.fields) {
            const auto& value = values[index++];
            in_[words_in_++] = field.is_bytes() ? word_of(value.bytes) : value.word;
            if (field.is_bytes()) {
                in_[words_in_++] = value.length;
            }
        }
        return Status::Ok;
    }

    void lend_rooms(const RecordPlan& results) {
        for (std::size_t index = 0; const auto& field : results.fields) {
            const auto& room = result_values_[index++];
            if (field.is_bytes()) {
                in_[words_in_++] = word_of(room.bytes);
                in_[words_in_++] = room.length;
            }
        }
    }

    Status call_typed(const safeir::MethodImport& import) {
        if (call_.object.target != nullptr) {
            return call_with_words(call_.caller, call_.object, nullptr, import, in_, out_);
        }
        WordCall inner(call_.caller, import, call_.object);
        inner.in = in_;
        // SAFETY: a table's by_words is a WordHandler.
        const auto status = reinterpret_cast<WordHandler>(call_.object.methods->by_words)(inner);
        out_ = inner.out;
        return status;
    }

    Status answer(Status status, const RecordPlan& results, std::span<std::byte> room) {
        if (status != Status::Ok && status != Status::TooSmall) {
            return status;
        }
        bool fits = status == Status::Ok;
        for (std::size_t index = 0; const auto& field : results.fields) {
            auto& value = result_values_[index];
            value.word = out_[index++];
            if (field.is_bytes()) {
                fits = fits && value.word <= value.length;
                value.length = fits ? value.word : value.length;
            }
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

    Status too_small(const RecordPlan& results) {
        std::array<std::uint64_t, kFieldsMax> lengths;
        std::size_t count = 0;
        for (std::size_t index = 0; const auto& field : results.fields) {
            if (field.is_bytes()) {
                lengths[count++] = out_[index];
            }
            ++index;
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
    std::array<std::uint64_t, 32> in_;
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
    const auto* plan = static_cast<const CallPlan*>(call.import.plan);
    if (plan == nullptr) {
        plan = described_by_kernel(call.import.interface, call.ordinal());
    }
    if (plan == nullptr) {
        return Status::Unsupported;
    }
    return plan->signature() == call.import.signature ? translate(call, *plan) : Status::WrongSignature;
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
