// Flat descriptions of interfaces for test programs, each number in a word of its own.
#pragma once

#include "caps/description_form.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::test {

struct DescribedField {
    caps::form::FieldKind kind;
    std::uint64_t default_bits = 0;
};

struct DescribedRecord {
    std::vector<DescribedField> fields;
};

struct DescribedMethodText {
    std::string name;
    std::vector<DescribedField> parameters;
    std::vector<DescribedField> results;
};

class Described {
  public:
    Described(std::uint64_t id, const std::string& name, const std::vector<DescribedMethodText>& methods) {
        bytes_.append("TIF\1", 4);
        number(id, 8);
        number(0, 1);
        text(name);
        number(0, 1);
        number(methods.size(), 2);
        for (std::size_t i = 0; i < methods.size(); ++i) {
            number(i, 2);
            number(0, 1);
            text(methods[i].name);
            record(methods[i].parameters);
            record(methods[i].results);
        }
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    // As a table of a program's module.
    [[nodiscard]] std::string table(const std::string& symbol) const {
        const std::string content = "tessera.interface" + bytes_;
        std::string escaped;
        for (const char c : content) {
            constexpr const char* kDigits = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            escaped += {'\\', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
        }
        return "@" + symbol + " = internal constant [" + std::to_string(content.size()) + " x i8] c\"" + escaped +
               "\"\n";
    }

  private:
    static unsigned bits(caps::form::FieldKind kind) {
        constexpr unsigned kBits[] = {1, 8, 16, 32, 64, 8, 16, 32, 64, 32, 64, 16};
        return kind < std::size(kBits) ? kBits[kind] : 0;
    }
    void number(std::uint64_t value, unsigned count) {
        for (unsigned i = 0; i < count; ++i) {
            bytes_ += static_cast<char>(value >> (8 * i) & 0xFF);
        }
    }
    void text(const std::string& value) {
        number(value.size(), 1);
        bytes_ += value;
    }
    void record(const std::vector<DescribedField>& fields) {
        std::size_t words = 0;
        std::size_t pointers = 0;
        for (const auto& field : fields) {
            ++(bits(field.kind) != 0 ? words : pointers);
        }
        number(words, 2);
        number(pointers, 2);
        number(fields.size(), 1);
        words = pointers = 0;
        for (const auto& field : fields) {
            number(field.kind, 1);
            number(field.default_bits != 0 ? 1 : 0, 1);
            number(bits(field.kind) != 0 ? words++ * (64 / bits(field.kind)) : pointers++, 2);
            text("it");
            if (field.kind == caps::form::kList) {
                number(caps::form::kUInt64, 1);
            }
            if (field.kind == caps::form::kEnum || field.kind == caps::form::kStruct ||
                field.kind == caps::form::kInterface) {
                number(0x8000000000000077, 8);
            }
            if (field.default_bits != 0) {
                number(field.default_bits, 8);
            }
        }
    }

    std::string bytes_;
};

}  // namespace tessera::test
