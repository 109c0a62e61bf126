#include "test/fuzz/generator.h"

#include "safeir/wire/format.h"
#include "safeir/wire/program_image.h"
#include "test/fuzz/function_generator.h"

#include <algorithm>
#include <string>

namespace tessera::fuzz {

using namespace safeir::wire;

namespace {

void put_types(safeir::ByteWriter& out) {
    struct Vector {
        unsigned element, lanes;
    };
    static constexpr Vector kVectors[] = {{kI32, 4},
                                          {kI64, 2},
                                          {kI8, 16},
                                          {kI16, 8},
                                          {kI32, 8},
                                          {kI32, 16},
                                          {kF32, 4},
                                          {kF64, 2},
                                          {kI1, 4},
                                          {kI1, 2},
                                          {kI1, 16},
                                          {kI1, 8}};
    out.varint(std::size(kVectors) + 1);
    for (const Vector& vector : kVectors) {
        out.byte(kVectorType);
        out.varint(vector.element);
        out.varint(vector.lanes);
    }
    out.byte(kStructType);
    out.varint(2);
    out.varint(kI32);
    out.varint(kI64);
}

void put_signature(safeir::ByteWriter& out, const FunctionType& type) {
    out.varint(type.result);
    out.varint(type.parameters.size());
    for (const unsigned parameter : type.parameters) {
        out.varint(parameter);
    }
}

// Exported, then what it may call: numbers, slices, a vector, two results, and what a try may run.
std::vector<FunctionType> some_functions(Random& random) {
    std::vector<FunctionType> functions = {{kI32, {kI32, kCap}}};
    static const FunctionType kOthers[] = {
        {kI32, {kI32, kI32}},
        {kI32, {kSliceRo, kI32}},
        {kI32, {kSliceRw, kI64}},
        {kI64, {kI64, kI32, kI64}},
        {kV4I32, {kI64, kV4I32}},
        {kPair, {kI32, kI64}},
        {kI32, {kCap, kI32}},
    };
    for (std::size_t count = random.below(4); count > 0; --count) {
        functions.push_back(kOthers[random.below(std::size(kOthers))]);
    }
    functions.push_back({kI32, {kI32, kI32}});   // of the function table
    functions.push_back({kVoid, {kI32, kI32}});  // of tries
    return functions;
}

struct Import {
    std::string name;
    FunctionType type;
};

std::vector<Import> imports_of(const Surroundings& around) {
    if (around.for_kernel) {
        return {{"tessera_memory/slice_const", {kSliceRo, {kI32, kI32}}},
                {"ec8ee198c6c97d6c/1", {kPair, {kI32, kCap, kSliceRo, kI64}}}};  // ByteStream.write
    }
    return {{"t/cap", {kCap, {}}},
            {"t/use", {kI32, {kCap}}},
            {"t/ro", {kSliceRo, {kI32}}},
            {"t/rw", {kSliceRw, {kI32}}},
            {"t/number", {kI64, {kI32, kI64}}}};
}

constexpr std::uint64_t kMemoryBytes = 4 * safeir::kMemoryPageBytes;

// What the memory begins with: half of it small numbers. The box has numbers of its own for each run.
void put_segments(safeir::ByteWriter& out, Random& random, bool for_kernel) {
    out.varint(for_kernel ? 1 : 0);
    if (!for_kernel) {
        return;
    }
    constexpr std::uint64_t kBytes = std::uint64_t{48} << 10U;
    out.varint(safeir::kArenaFirstByte);
    out.varint(kBytes);
    for (std::uint64_t i = 0; i < kBytes; i += 8) {
        const std::uint64_t word = random.next();
        out.fixed((word & 7U) == 0 ? word : word >> (word & 56U));
    }
}

// Writes a line about what "go" gave and left in memory.
class Report {
  public:
    explicit Report(Constants& constants) : constants_(constants) {}

    std::vector<std::byte> body(std::uint64_t number) {
        body_.op(kCall).number(0).use({0, false}).use({1, false});
        const Operand result = body_.gives();
        const Operand sum = sum_of_memory(result);
        text("P" + std::to_string(number) + " ");
        hexadecimal(result);
        text(" ");
        hexadecimal(sum);
        text("\n");
        body_.op(kCallImport).number(0).use(word(safeir::kArenaFirstByte)).use(word(at_));
        const Operand pointer = body_.gives();
        const Operand length = body_.gives();
        body_.op(kCallImport)
            .number(1)
            .use(word(0))
            .use({1, false})
            .use(pointer)
            .use(length)
            .use(constants_.of(kI64, 0));
        (void)body_.gives();
        body_.op(kRet).use(word(0));
        body_.end();
        return body_.bytes();
    }

  private:
    Operand word(std::uint64_t value) { return constants_.of(kI32, value); }
    Operand made(unsigned op, Operand a, Operand b) {
        body_.op(op).use(a).use(b);
        return body_.gives();
    }

    Operand sum_of_memory(Operand start) {
        const Body::Label from = body_.here();
        const Body::Label loop = body_.label();
        const Body::Label after = body_.label();
        body_.jump(loop);
        body_.start(loop);
        const Operand at = body_.phi(kI32);
        const Operand sum = body_.phi(kI32);
        body_.entry(at, from, word(safeir::kArenaFirstByte));
        body_.entry(sum, from, start);
        body_.op(kLoadArena).number(kI32).use(at).number(0);
        const Operand next_sum = made(kMul, made(kXor, sum, body_.gives()), word(0x9e3779b1));
        const Operand next = made(kAdd, at, word(4));
        body_.entry(at, loop, next);
        body_.entry(sum, loop, next_sum);
        body_.op(kICmp).number(4).use(next).use(word(kMemoryBytes));  // unsigned, less
        const Operand more = body_.gives();
        body_.branch(more, loop, after);
        body_.start(after);
        return next_sum;
    }

    void byte(Operand value) { body_.op(kStoreArena).use(value).use(word(safeir::kArenaFirstByte)).number(at_++); }
    void text(const std::string& text) {
        for (const char character : text) {
            byte(constants_.of(kI8, static_cast<unsigned char>(character)));
        }
    }
    void hexadecimal(Operand value) {
        for (unsigned shift = 32; shift > 0;) {
            shift -= 4;
            const Operand digit = made(kAnd, made(kLShr, value, word(shift)), word(15));
            body_.op(kICmp).number(2).use(digit).use(word(9));  // unsigned, greater
            const Operand is_letter = body_.gives();
            const Operand letter = made(kAdd, digit, word('a' - 10));
            const Operand numeral = made(kAdd, digit, word('0'));
            body_.op(kSelect).use(is_letter).use(letter).use(numeral);
            const Operand chosen = body_.gives();
            body_.op(kTrunc).number(kI8).use(chosen);
            byte(body_.gives());
        }
    }

    Constants& constants_;
    Body body_{2};
    std::uint64_t at_ = 0;
};

}  // namespace

static Generated generate(std::uint64_t number, const std::vector<unsigned>& most, bool for_kernel) {
    Random random(number * 0x9e3779b97f4a7c15U + 0x1234567);
    Generated generated;
    Surroundings around;
    around.for_kernel = for_kernel;
    around.with_floats = random.chance(3) && !for_kernel;
    around.wild = random.chance(4) && !for_kernel;
    around.functions = some_functions(random);
    around.table_function = static_cast<unsigned>(around.functions.size()) - 2;
    around.table_bytes = {1 + static_cast<unsigned>(random.below(16)), 256};
    Constants constants;
    std::vector<std::vector<std::byte>> bodies;
    for (unsigned f = 0; f < around.functions.size(); ++f) {
        // Of its own randomness each, so that less in one changes nothing in another.
        Random own(number * 0x9e3779b97f4a7c15U + 0x1234567 * (f + 2));
        const unsigned statements = 12 + static_cast<unsigned>(own.below(40));
        bodies.push_back(FunctionGenerator(own, constants, around, f)
                             .generate(f < most.size() ? std::min(most[f], statements) : statements));
    }

    safeir::ByteWriter out;
    const std::vector<Import> imports = imports_of(around);
    auto functions = around.functions;
    if (for_kernel) {
        functions.push_back(functions.front());
        bodies.push_back(Report(constants).body(number));
    }
    const std::size_t exported = for_kernel ? functions.size() - 1 : 0;
    out.varint(imports.size() + functions.size());
    for (const Import& import : imports) {
        out.text(import.name);
    }
    for (std::size_t f = 0; f < functions.size(); ++f) {
        out.text(f == exported && for_kernel ? "report" : f == 0 ? "go" : "f" + std::to_string(f));
    }
    put_types(out);
    out.varint(constants.count());
    out.bytes(constants.bytes());
    out.varint(imports.size() + functions.size());
    for (const Import& import : imports) {
        put_signature(out, import.type);
    }
    for (const FunctionType& type : functions) {
        put_signature(out, type);
    }
    out.varint(imports.size());
    for (std::size_t i = 0; i < imports.size(); ++i) {
        out.varint(i);
        out.varint(i);
    }
    out.varint(0);  // debug scopes
    out.varint(0);  // debug locations
    out.varint(functions.size());
    for (std::size_t f = 0; f < functions.size(); ++f) {
        out.varint(imports.size() + f);
        out.varint(imports.size() + f);
        out.varint(f == exported ? imports.size() + f + 1 : 0);
        out.varint(0);
    }
    out.varint(2);  // function tables: (i32, i32) -> i32, and void(i32, i32)
    for (unsigned table = 0; table < 2; ++table) {
        const std::uint64_t function = around.table_function + table;
        out.varint(imports.size() + function);
        // Half empty: a call traps. Fewer programs for the kernel may end so.
        const std::vector<unsigned> slots = for_kernel ? std::vector{0U, 1U, 2U, 3U} : std::vector{0U, 2U};
        out.varint(2);
        out.varint(slots.size());
        for (const unsigned slot : slots) {
            out.varint(slot);
            out.varint(function);
        }
    }
    out.varint(around.table_bytes.size());
    for (const unsigned bytes : around.table_bytes) {
        out.varint(bytes);
        for (unsigned i = 0; i < bytes; ++i) {
            out.byte(static_cast<std::uint8_t>(random.next()));
        }
    }
    out.varint(kMemoryBytes);
    out.varint(for_kernel ? kMemoryBytes : safeir::kArenaBytes);
    out.varint(0x20000);
    out.varint(safeir::kArenaFirstByte);
    put_segments(out, random, for_kernel);
    out.varint(1);  // a capability table
    out.varint(8);
    out.varint(8);
    for (const auto& body : bodies) {
        out.varint(body.size());
        out.bytes(body);
    }

    safeir::ByteWriter file;
    for (const std::uint8_t byte : kMagic) {
        file.byte(byte);
    }
    file.fixed(kVersion);
    file.fixed(std::uint64_t{kHeaderBytes} + out.size());
    file.bytes(out.data());
    generated.sir = with_proofs(file.data());
    generated.deterministic = !around.with_floats;
    return generated;
}

Generated generate_program(std::uint64_t number, const std::vector<unsigned>& most) {
    return generate(number, most, false);
}

Generated generate_for_kernel(std::uint64_t number) { return generate(number, {}, true); }

}  // namespace tessera::fuzz
