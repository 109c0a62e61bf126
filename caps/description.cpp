#include "caps/description.h"

#include "core/base/assert.h"
#include "safeir/wire/byte_reader.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>

namespace tessera::caps {
namespace {

using safeir::ByteReader;

constexpr std::uint64_t kIdentifierBit = 1ULL << 63U;

struct KindRow {
    char letter;
    std::uint8_t bits;  // in the data section; 0: a pointer
    bool has_id;
};
// By FieldKind.
constexpr std::array<KindRow, form::kFieldKinds> kKinds{{
    {'i', 1, false},   // Bool
    {'i', 8, false},   // Int8
    {'i', 16, false},  // Int16
    {'i', 32, false},  // Int32
    {'l', 64, false},  // Int64
    {'i', 8, false},   // UInt8
    {'i', 16, false},  // UInt16
    {'i', 32, false},  // UInt32
    {'l', 64, false},  // UInt64
    {'f', 32, false},  // Float32
    {'d', 64, false},  // Float64
    {'i', 16, true},   // Enum
    {'r', 0, false},   // Text
    {'r', 0, false},   // Data
    {'r', 0, false},   // List
    {'r', 0, true},    // Struct
    {'r', 0, false},   // Any
    {'c', 0, true},    // Interface
    {'c', 0, false},   // Capability
    {0, 0, false},     // Void
}};

// What has been read once is only gone through again.
enum class Look : std::uint8_t { Check, Again };

template <typename T>
using Read = std::expected<T, DescriptionFault>;

std::unexpected<DescriptionFault> refuse(DescriptionFault fault) { return std::unexpected(fault); }

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= form::kNameBytesMax && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Read<std::string_view> read_name(ByteReader& from, Look look) {
    const auto bytes = from.bytes(from.byte());
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (look == Look::Check && !is_name(text)) {
        return refuse(DescriptionFault::BadName);
    }
    return text;
}

Read<std::uint64_t> read_id(ByteReader& from) {
    const auto id = from.fixed<std::uint64_t>();
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    return (id & kIdentifierBit) != 0 ? Read<std::uint64_t>(id) : refuse(DescriptionFault::BadIdentifier);
}

Read<form::FieldKind> read_kind(ByteReader& from, bool void_too) {
    const std::uint8_t kind = from.byte();
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    if (kind >= form::kFieldKinds || (kind == form::kVoid && !void_too)) {
        return refuse(DescriptionFault::UnknownKind);
    }
    return static_cast<form::FieldKind>(kind);
}

Read<std::uint64_t> read_default(ByteReader& from, const KindRow& row) {
    const auto bits = from.fixed<std::uint64_t>();
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    const bool fits = row.bits == 64 || bits >> row.bits == 0;
    if (row.bits == 0 || bits == 0 || !fits) {
        return refuse(DescriptionFault::BadDefault);
    }
    return bits;
}

Read<FieldDescription> read_field(ByteReader& from, Look look) {
    FieldDescription field;
    const auto kind = read_kind(from, false);
    if (!kind) {
        return refuse(kind.error());
    }
    field.kind = *kind;
    const std::uint8_t flags = from.byte();
    field.offset = from.fixed<std::uint16_t>();
    const auto name = read_name(from, look);
    if (!name) {
        return refuse(name.error());
    }
    field.name = *name;
    if ((flags & ~form::kHasDefault) != 0) {
        return refuse(DescriptionFault::UnknownFlag);
    }
    bool has_id = kKinds[field.kind].has_id;
    if (field.kind == form::kList) {
        const auto element = read_kind(from, true);
        if (!element) {
            return refuse(element.error());
        }
        field.element_kind = *element;
        has_id = kKinds[field.element_kind].has_id;
    }
    if (has_id) {
        const auto id = read_id(from);
        if (!id) {
            return refuse(id.error());
        }
        field.type_id = *id;
    }
    if ((flags & form::kHasDefault) != 0) {
        const auto bits = read_default(from, kKinds[field.kind]);
        if (!bits) {
            return refuse(bits.error());
        }
        field.default_bits = *bits;
    }
    return field;
}

// Which bits of the data section and which pointers are taken.
struct Places {
    std::bitset<std::size_t{form::kDataWordsMax} * 64> data{};
    std::bitset<form::kPointersMax> pointers{};
};

Read<void> place(Places& places, const RecordDescription& record, const FieldDescription& field) {
    if (field.is_pointer()) {
        if (field.offset >= record.pointers) {
            return refuse(DescriptionFault::Outside);
        }
        if (places.pointers.test(field.offset)) {
            return refuse(DescriptionFault::Overlap);
        }
        places.pointers.set(field.offset);
        return {};
    }
    const std::size_t begin = std::size_t{field.offset} * field.bits();
    if (begin + field.bits() > std::size_t{record.data_words} * 64) {
        return refuse(DescriptionFault::Outside);
    }
    for (std::size_t bit = begin; bit < begin + field.bits(); ++bit) {
        if (places.data.test(bit)) {
            return refuse(DescriptionFault::Overlap);
        }
        places.data.set(bit);
    }
    return {};
}

Read<void> check_fields(ByteReader& from, const RecordDescription& record) {
    Places places;
    for (unsigned i = 0; i < record.count; ++i) {
        const auto field = read_field(from, Look::Check);
        if (!field) {
            return refuse(field.error());
        }
        if (const auto placed = place(places, record, *field); !placed) {
            return refuse(placed.error());
        }
    }
    return {};
}

Read<void> skip_fields(ByteReader& from, const RecordDescription& record) {
    for (unsigned i = 0; i < record.count; ++i) {
        if (const auto field = read_field(from, Look::Again); !field) {
            return refuse(field.error());
        }
    }
    return {};
}

// `whole`: all that lies before `from` and behind it, from which the fields' bytes are cut.
Read<RecordDescription> read_record(ByteReader& from, std::span<const std::byte> whole, Look look) {
    RecordDescription record;
    record.data_words = from.fixed<std::uint16_t>();
    record.pointers = from.fixed<std::uint16_t>();
    record.count = from.byte();
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    if (record.data_words > form::kDataWordsMax || record.pointers > form::kPointersMax ||
        record.count > form::kFieldsMax) {
        return refuse(DescriptionFault::TooMany);
    }
    const std::size_t begin = whole.size() - from.remaining();
    if (const auto read = look == Look::Check ? check_fields(from, record) : skip_fields(from, record); !read) {
        return refuse(read.error());
    }
    record.bytes = whole.subspan(begin, whole.size() - from.remaining() - begin);
    return record;
}

Read<MethodDescription> read_method(ByteReader& from, std::span<const std::byte> whole, Look look) {
    MethodDescription method;
    method.ordinal = from.fixed<std::uint16_t>();
    const std::uint8_t flags = from.byte();
    const auto name = read_name(from, look);
    if (!name) {
        return refuse(name.error());
    }
    if ((flags & ~form::kStrict) != 0) {
        return refuse(DescriptionFault::UnknownFlag);
    }
    method.strict = (flags & form::kStrict) != 0;
    method.name = *name;
    for (RecordDescription* record : {&method.parameters, &method.results}) {
        const auto read = read_record(from, whole, look);
        if (!read) {
            return refuse(read.error());
        }
        *record = *read;
    }
    return method;
}

Read<void> read_methods(ByteReader& from, std::span<const std::byte> whole, unsigned count) {
    unsigned least = 0;
    for (unsigned i = 0; i < count; ++i) {
        const auto method = read_method(from, whole, Look::Check);
        if (!method) {
            return refuse(method.error());
        }
        if (method->ordinal < least) {
            return refuse(DescriptionFault::OrdersBackwards);
        }
        least = method->ordinal + 1U;
    }
    return {};
}

}  // namespace

std::string_view text_of(DescriptionFault fault) {
    switch (fault) {
    case DescriptionFault::TooShort:
        return "it ends too soon";
    case DescriptionFault::UnknownForm:
        return "it is of another form or version";
    case DescriptionFault::UnknownFlag:
        return "it has a flag that is not known";
    case DescriptionFault::TooMany:
        return "it has more superclasses, methods, fields or words than it may";
    case DescriptionFault::BadName:
        return "a name is empty, too long or no identifier";
    case DescriptionFault::BadIdentifier:
        return "an identifier lacks its top bit";
    case DescriptionFault::OrdersBackwards:
        return "its methods are not in the order of their ordinals";
    case DescriptionFault::UnknownKind:
        return "a field is of a kind that is not known";
    case DescriptionFault::Outside:
        return "a field lies outside of its struct";
    case DescriptionFault::Overlap:
        return "two fields lie in one place";
    case DescriptionFault::BadDefault:
        return "a default is 0, wider than its field, or of a field that has none";
    case DescriptionFault::Rest:
        return "bytes follow behind its end";
    }
    return "";
}

char FieldDescription::letter() const { return kKinds[kind].letter; }
bool FieldDescription::is_pointer() const { return kKinds[kind].bits == 0; }
unsigned FieldDescription::bits() const { return kKinds[kind].bits; }

std::optional<FieldDescription> FieldCursor::next() {
    if (left_ == 0) {
        return std::nullopt;
    }
    --left_;
    ByteReader from(rest_);
    const auto field = read_field(from, Look::Again);
    ASSERT(field.has_value());  // InterfaceDescription::read has been here
    rest_ = rest_.last(from.remaining());
    return *field;
}

std::optional<MethodDescription> MethodCursor::next() {
    if (left_ == 0) {
        return std::nullopt;
    }
    --left_;
    ByteReader from(rest_);
    const auto method = read_method(from, rest_, Look::Again);
    ASSERT(method.has_value());  // as above
    rest_ = rest_.last(from.remaining());
    return *method;
}

std::string_view MethodDescription::signature(std::span<char, kSignatureBytesMax> into) const {
    char* at = std::to_chars(into.data(), into.data() + into.size(), ordinal).ptr;
    *at++ = ':';
    for (FieldCursor fields = parameters.fields(); const auto field = fields.next();) {
        *at++ = field->letter();
    }
    for (FieldCursor fields = results.fields(); const auto field = fields.next();) {
        if (field->letter() == 'r') {
            *at++ = 'w';
        }
    }
    *at++ = '>';
    *at++ = 'i';
    for (FieldCursor fields = results.fields(); const auto field = fields.next();) {
        *at++ = field->letter() == 'r' ? 'l' : field->letter();
    }
    return {into.data(), static_cast<std::size_t>(at - into.data())};
}

std::expected<InterfaceDescription, DescriptionFault> InterfaceDescription::read(std::span<const std::byte> bytes) {
    InterfaceDescription description;
    ByteReader from(bytes);
    const auto magic = from.bytes(sizeof(form::kMagic));
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    if (std::memcmp(magic.data(), form::kMagic, sizeof(form::kMagic)) != 0) {
        return refuse(DescriptionFault::UnknownForm);
    }
    const auto id = read_id(from);
    if (!id) {
        return refuse(id.error());
    }
    description.id_ = *id;
    const std::uint8_t flags = from.byte();
    const auto name = read_name(from, Look::Check);
    if (!name) {
        return refuse(name.error());
    }
    if ((flags & ~form::kClosed) != 0) {
        return refuse(DescriptionFault::UnknownFlag);
    }
    description.closed_ = (flags & form::kClosed) != 0;
    description.name_ = *name;
    const unsigned supers = from.byte();
    if (supers > form::kSupersMax) {
        return refuse(DescriptionFault::TooMany);
    }
    const std::size_t begin = bytes.size() - from.remaining();
    for (unsigned i = 0; i < supers; ++i) {
        if (const auto super = read_id(from); !super) {
            return refuse(super.error());
        }
    }
    description.supers_ = bytes.subspan(begin, std::size_t{supers} * sizeof(std::uint64_t));
    description.method_count_ = from.fixed<std::uint16_t>();
    if (from.failed()) {
        return refuse(DescriptionFault::TooShort);
    }
    if (description.method_count_ > form::kMethodsMax) {
        return refuse(DescriptionFault::TooMany);
    }
    description.methods_ = bytes.last(from.remaining());
    if (const auto read = read_methods(from, bytes, description.method_count_); !read) {
        return refuse(read.error());
    }
    return from.remaining() == 0 ? Read<InterfaceDescription>(description) : refuse(DescriptionFault::Rest);
}

std::uint64_t InterfaceDescription::super(unsigned index) const {
    REQUIRES(index < super_count());
    std::uint64_t id = 0;
    std::memcpy(&id, supers_.data() + index * sizeof(id), sizeof(id));
    return id;
}

std::optional<MethodDescription> InterfaceDescription::find(std::uint16_t ordinal) const {
    for (MethodCursor at = methods(); auto method = at.next();) {
        if (method->ordinal == ordinal) {
            return method;
        }
    }
    return std::nullopt;
}

}  // namespace tessera::caps
