// Program: a .sir file, list by list, for programs that are made to be large in one of them.
#pragma once

#include "safeir/prove/byte_writer.h"
#include "safeir/wire/format.h"
#include "test/fuzz/body.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tessera::growth {

using Bytes = std::vector<std::byte>;

// Functions are (slice, i32) -> i32 where nothing else is said.
inline constexpr std::uint32_t kParameters = 3;  // slice pointer, its length, the number
inline constexpr fuzz::Operand kPointer{0, false}, kLength{1, false}, kNumber{2, false};
inline constexpr unsigned kVector = safeir::wire::kFirstTableType;  // <8 x i64>

struct Section {
    std::uint32_t count = 0;
    safeir::ByteWriter bytes;
    safeir::ByteWriter& add() {
        ++count;
        return bytes;
    }
};

class Program {
  public:
    Program();

    std::uint32_t name(std::string_view text);
    // Codes of types; the result first.
    std::uint32_t signature(const std::vector<unsigned>& codes);
    void function(const Bytes& body, std::uint32_t signature = 0);
    void function(std::uint32_t name, const Bytes& body, std::uint32_t signature, std::uint32_t scope);
    [[nodiscard]] std::uint32_t functions() const { return functions_.count; }
    [[nodiscard]] Bytes file() const;

    Section names, types, signatures, imports, scopes, locations, function_tables, data_tables, segments, cap_tables;
    fuzz::Constants constants;
    Section more_constants;  // behind those

  private:
    Section functions_;
    std::vector<Bytes> bodies_;
};

void numbers(safeir::ByteWriter& out, std::initializer_list<std::uint64_t> values);
// A body that gives 0.
[[nodiscard]] Bytes nothing(Program& program, std::uint32_t parameters = kParameters);

struct Kind {
    std::string_view name;
    void (*make)(Program&, unsigned);
    unsigned size;             // of the largest; the others are a half and a quarter
    std::string_view refused;  // the rule or limit by which the largest is refused; empty: accepted
};
// By the names of safeir/wire/lists.def.
[[nodiscard]] std::vector<Kind> list_kinds();
// What instructions can do.
[[nodiscard]] std::vector<Kind> code_kinds();

}  // namespace tessera::growth
