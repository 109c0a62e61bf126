// The flat description of an interface, as it travels in modules: what the kernel knows of a schema.
// docs/notes/schema.md describes the layout. The bytes are a program's, and hostile until `InterfaceDescription::read`
// has been through all of them; it allocates nothing, and what it gives out points into them.
#pragma once

#include "caps/description_form.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace tessera::caps {

enum class DescriptionFault : std::uint8_t {
    TooShort,
    UnknownForm,  // another magic number or version
    UnknownFlag,
    TooMany,          // superclasses, methods, fields, words or pointers: see caps/description_form.h
    BadName,          // empty, too long, or with anything but letters, digits and underscores
    BadIdentifier,    // without the top bit that every one has
    OrdersBackwards,  // methods that are not in the order of their ordinals, or one twice
    UnknownKind,
    Outside,     // a field that is not inside of its struct
    Overlap,     // two fields in one place
    BadDefault,  // of a kind that has none, or wider than its kind
    Rest,        // bytes behind the end
};
[[nodiscard]] std::string_view text_of(DescriptionFault fault);

struct FieldDescription {
    std::string_view name{};
    form::FieldKind kind = form::kVoid;
    form::FieldKind element_kind = form::kVoid;  // of a list's elements
    std::uint16_t offset = 0;        // in units of the kind's size: bits, bytes, ...; of pointers: their index
    std::uint64_t type_id = 0;       // of enums, structs, interfaces; of a list: its elements'
    std::uint64_t default_bits = 0;  // what numbers are combined with by exclusive or

    // How it travels in a call: i l f d c, or r for what is bytes.
    [[nodiscard]] char letter() const;
    [[nodiscard]] bool is_pointer() const;
    // In the message; 0 of pointers.
    [[nodiscard]] unsigned bits() const;
};

// The fields of one struct, in order: the parameters or the results of a method.
class FieldCursor {
  public:
    FieldCursor() = default;
    FieldCursor(std::span<const std::byte> bytes, unsigned count) : rest_(bytes), left_(count) {}
    // Empty after the last.
    [[nodiscard]] std::optional<FieldDescription> next();

  private:
    std::span<const std::byte> rest_{};
    unsigned left_ = 0;
};

struct RecordDescription {
    std::uint16_t data_words = 0;
    std::uint16_t pointers = 0;
    std::uint8_t count = 0;
    std::span<const std::byte> bytes{};  // of the fields

    [[nodiscard]] FieldCursor fields() const { return {bytes, count}; }
};

// More than the letters of any method with their ordinal: "65535:" and so on.
inline constexpr std::size_t kSignatureBytesMax = 8 + 3 * form::kFieldsMax + 2;

struct MethodDescription {
    std::uint16_t ordinal = 0;
    bool strict = false;
    std::string_view name{};
    RecordDescription parameters{};
    RecordDescription results{};

    // "2:lw>il", by which imports and exports name it.
    [[nodiscard]] std::string_view signature(std::span<char, kSignatureBytesMax> into) const;
};

// The methods in the order of their ordinals.
class MethodCursor {
  public:
    MethodCursor(std::span<const std::byte> bytes, unsigned count) : rest_(bytes), left_(count) {}
    [[nodiscard]] std::optional<MethodDescription> next();
    // From where the next one is.
    [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

  private:
    std::span<const std::byte> rest_;
    unsigned left_;
};

class InterfaceDescription {
  public:
    [[nodiscard]] static std::expected<InterfaceDescription, DescriptionFault> read(std::span<const std::byte> bytes);

    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] unsigned super_count() const { return static_cast<unsigned>(supers_.size() / sizeof(std::uint64_t)); }
    // `index` below super_count().
    [[nodiscard]] std::uint64_t super(unsigned index) const;
    [[nodiscard]] unsigned method_count() const { return method_count_; }
    [[nodiscard]] MethodCursor methods() const { return {methods_, method_count_}; }
    // Looks through all of them; a table for calls is made once.
    [[nodiscard]] std::optional<MethodDescription> find(std::uint16_t ordinal) const;

  private:
    InterfaceDescription() = default;

    std::uint64_t id_ = 0;
    std::string_view name_{};
    bool closed_ = false;
    std::span<const std::byte> supers_{};
    std::uint16_t method_count_ = 0;
    std::span<const std::byte> methods_{};
};

}  // namespace tessera::caps
