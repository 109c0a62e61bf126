#include "caps/schemac/describe.h"

#include "caps/description_form.h"
#include "caps/schemac/abi.h"

#include <concepts>
#include <fmt/format.h>
#include <stdexcept>
#include <string>

namespace tessera::schemac {
namespace {

namespace form = tessera::caps::form;

class Writer {
  public:
    template <std::unsigned_integral T>
    void number(T value) {
        for (unsigned i = 0; i < sizeof(T); ++i) {
            bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
        }
    }
    void name(const std::string& text) {
        number(static_cast<std::uint8_t>(bounded(text.size(), form::kNameBytesMax, "bytes in the name " + text)));
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }
    std::size_t bounded(std::size_t count, std::size_t max, const std::string& what) const {
        if (count > max) {
            throw std::runtime_error(fmt::format("{}: {} {}, at most {}", where_, count, what, max));
        }
        return count;
    }
    void at(std::string where) { where_ = std::move(where); }
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

  private:
    std::vector<std::uint8_t> bytes_;
    std::string where_;
};

form::FieldKind kind_of(Kind kind) {
    switch (kind) {
    case Kind::Void:
        return form::kVoid;
    case Kind::Bool:
        return form::kBool;
    case Kind::Int8:
        return form::kInt8;
    case Kind::Int16:
        return form::kInt16;
    case Kind::Int32:
        return form::kInt32;
    case Kind::Int64:
        return form::kInt64;
    case Kind::UInt8:
        return form::kUInt8;
    case Kind::UInt16:
        return form::kUInt16;
    case Kind::UInt32:
        return form::kUInt32;
    case Kind::UInt64:
        return form::kUInt64;
    case Kind::Float32:
        return form::kFloat32;
    case Kind::Float64:
        return form::kFloat64;
    case Kind::Text:
        return form::kText;
    case Kind::Data:
        return form::kData;
    case Kind::List:
        return form::kList;
    case Kind::Enum:
        return form::kEnum;
    case Kind::Struct:
        return form::kStruct;
    case Kind::Interface:
        return form::kInterface;
    case Kind::Any:
        return form::kAny;
    case Kind::Capability:
        return form::kCapability;
    }
    return form::kAny;
}

void write_type(Writer& to, const Type& type) {
    if (type.kind == Kind::List) {
        to.number<std::uint8_t>(kind_of(type.element.front().kind));
        if (type.element.front().id != 0) {
            to.number(type.element.front().id);
        }
    } else if (type.id != 0) {
        to.number(type.id);
    }
}

void write_record(Writer& to, const Node& record, const std::vector<Part>& parts) {
    to.number(static_cast<std::uint16_t>(to.bounded(record.data_words, form::kDataWordsMax, "words of numbers")));
    to.number(static_cast<std::uint16_t>(to.bounded(record.pointers, form::kPointersMax, "pointers")));
    to.number(static_cast<std::uint8_t>(to.bounded(parts.size(), form::kFieldsMax, "parameters or results")));
    for (const Part& part : parts) {
        const Field& field = *part.field;
        const bool has_default = field.default_bits != 0;
        to.number<std::uint8_t>(kind_of(field.type.kind));
        to.number<std::uint8_t>(has_default ? form::kHasDefault : 0);
        to.number(static_cast<std::uint16_t>(field.offset));
        to.name(field.name);
        write_type(to, field.type);
        if (has_default) {
            to.number(field.default_bits);
        }
    }
}

}  // namespace

std::vector<std::uint8_t> describe(const Schema& schema, const Node& interface) {
    Writer to;
    to.at(interface.path);
    for (const std::uint8_t byte : form::kMagic) {
        to.number(byte);
    }
    to.number(interface.id);
    to.number<std::uint8_t>(interface.closed ? form::kClosed : 0);
    to.name(interface.name);
    to.number(static_cast<std::uint8_t>(to.bounded(interface.supers.size(), form::kSupersMax, "superclasses")));
    for (const Id super : interface.supers) {
        to.number(super);
    }
    to.number(static_cast<std::uint16_t>(to.bounded(interface.methods.size(), form::kMethodsMax, "methods")));
    for (std::size_t i = 0; i < interface.methods.size(); ++i) {
        const Method& method = interface.methods[i];
        const Abi abi = abi_of(schema, interface, method);
        to.at(interface.path + "." + method.name);
        to.number(static_cast<std::uint16_t>(i));
        to.number<std::uint8_t>(method.strictness == Strictness::Strict ? form::kStrict : 0);
        to.name(method.name);
        write_record(to, schema.at(method.parameters), abi.parameters);
        write_record(to, schema.at(method.results), abi.results);
    }
    return to.take();
}

}  // namespace tessera::schemac
