#include "caps/message/adapt.h"

#include "caps/call/call_words.h"
#include "caps/message/described.h"
#include "caps/message/scratch.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace tessera::caps {
namespace {

// For a result of bytes that the caller knows nothing of, so that the callee need not do without it.
constexpr std::size_t kUnknownBytes = 4096;

using Fields = std::span<const FieldPlan>;

// As far as both go.
bool agree(Fields one, Fields other) {
    const auto count = std::min(one.size(), other.size());
    return std::ranges::equal(one.first(count), other.first(count), [](const FieldPlan& a, const FieldPlan& b) {
        return a.kind == b.kind && a.place == b.place && a.shift == b.shift && a.mask == b.mask;
    });
}

constexpr unsigned kPlaceBits = 4;
constexpr std::uint64_t kPlaceMask = 0xF;

// What a plan leaves open: whether a number's bits are a float.
bool same_places(safeir::MethodSignature one, safeir::MethodSignature other, std::size_t count) {
    const auto bits = kPlaceBits * count;
    return bits == 0 || ((one ^ other) << (64 - bits)) == 0;
}

// Behind the letter that separates.
safeir::MethodSignature results_of(safeir::MethodSignature signature) {
    while ((signature & kPlaceMask) != static_cast<std::uint64_t>(safeir::Place::Results)) {
        signature >>= kPlaceBits;
    }
    return signature >> kPlaceBits;
}

bool agree(const CallPlan& one, const CallPlan& other) {
    const auto parameters = std::min(one.parameters().fields.size(), other.parameters().fields.size());
    const auto results = std::min(one.results().fields.size(), other.results().fields.size());
    return agree(one.parameters().fields, other.parameters().fields) &&
           agree(one.results().fields, other.results().fields) &&
           same_places(*one.signature(), *other.signature(), parameters) &&
           same_places(results_of(*one.signature()), results_of(*other.signature()), results);
}

// In a typed call numbers are as wide as words, those with a sign extended by it.
std::uint64_t default_of(const FieldPlan& field) {
    switch (field.kind) {
    case FieldPlan::Kind::SignedByte:
        return static_cast<std::uint64_t>(static_cast<std::int8_t>(field.default_bits));
    case FieldPlan::Kind::SignedShort:
        return static_cast<std::uint64_t>(static_cast<std::int16_t>(field.default_bits));
    default:
        return field.is_number() ? field.default_bits : 0;
    }
}

// Words of one version's call as the other version has them. Both walk the same fields, as far as both go.
class Words {
  public:
    Words(const std::uint64_t* from, std::uint64_t* to) : from_(from), to_(to) {}
    void both(const FieldPlan& field) {
        const unsigned words = field.is_bytes() ? 2 : 1;
        std::copy_n(from_, words, to_);
        from_ += words;
        to_ += words;
    }
    void only_from(const FieldPlan& field) { from_ += field.is_bytes() ? 2 : 1; }
    void only_to(const FieldPlan& field) {
        *to_++ = default_of(field);
        if (field.is_bytes()) {
            *to_++ = 0;
        }
    }
    void lend(std::span<std::byte> room) {
        // SAFETY: an address as a number, as slices are passed.
        *to_++ = reinterpret_cast<std::uint64_t>(room.data());
        *to_++ = room.size();
    }

  private:
    const std::uint64_t* from_;
    std::uint64_t* to_;
};

void adapt_parameters(Words& words, Fields callers, Fields callees) {
    for (std::size_t i = 0; i < std::max(callers.size(), callees.size()); ++i) {
        if (i < callers.size() && i < callees.size()) {
            words.both(callees[i]);
        } else if (i < callees.size()) {
            words.only_to(callees[i]);
        } else {
            words.only_from(callers[i]);
        }
    }
}

// Behind the parameters: room for each result that is bytes.
void adapt_rooms(Words& words, Fields callers, Fields callees, Scratch& scratch) {
    for (std::size_t i = 0; i < callees.size(); ++i) {
        if (!callees[i].is_bytes()) {
            continue;
        }
        if (i < callers.size()) {
            words.both(callees[i]);
        } else {
            words.lend(scratch.take_zeros(kUnknownBytes));
        }
    }
}

}  // namespace

Status call_other_version(WordCall& call) {
    const auto* callers = static_cast<const CallPlan*>(call.import.plan);
    const auto* methods =
        call.object.target == nullptr ? nullptr : safeir::table_for(*call.object.methods, call.import.interface);
    const auto* callees = methods == nullptr ? nullptr : described_by(*methods, call.ordinal());
    if (callers == nullptr || callees == nullptr || !callers->signature() || !callees->signature() ||
        !agree(*callers, *callees)) {
        return Status::WrongSignature;
    }
    // The callee's program may go during the call, and its plans with it.
    const auto import = callees->import();
    const auto wanted = callers->results().fields;
    const auto given = callees->results().fields;
    const auto known = given.size();
    const auto unknown = given.subspan(std::min(known, wanted.size()));
    const auto rooms = static_cast<std::size_t>(std::ranges::count_if(unknown, &FieldPlan::is_bytes));
    Scratch scratch(call.caller, rooms * kUnknownBytes);
    if (!scratch.good()) {
        return Status::Exhausted;
    }
    std::array<std::uint64_t, 32> in;
    Words words(call.in.data(), in.data());
    adapt_parameters(words, callers->parameters().fields, callees->parameters().fields);
    adapt_rooms(words, wanted, given, scratch);
    std::array<std::uint64_t, 16> out{};
    const auto status = call_with_words(call.caller, call.object, nullptr, import, in, out);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        call.out[i] = i < known ? out[i] : status == Status::Ok ? default_of(wanted[i]) : 0;
    }
    return status;
}

}  // namespace tessera::caps
