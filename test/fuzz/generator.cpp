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

}  // namespace

Generated generate_program(std::uint64_t number, const std::vector<unsigned>& most) {
    Random random(number * 0x9e3779b97f4a7c15U + 0x1234567);
    Generated generated;
    Surroundings around;
    around.with_floats = random.chance(3);
    around.wild = random.chance(4);
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
    const std::vector<std::string> imports = {"t/cap", "t/use", "t/ro", "t/rw", "t/number"};
    static const FunctionType kImportTypes[] = {
        {kCap, {}}, {kI32, {kCap}}, {kSliceRo, {kI32}}, {kSliceRw, {kI32}}, {kI64, {kI32, kI64}}};
    out.varint(imports.size() + around.functions.size());
    for (const std::string& name : imports) {
        out.text(name);
    }
    for (std::size_t f = 0; f < around.functions.size(); ++f) {
        out.text(f == 0 ? "go" : "f" + std::to_string(f));
    }
    put_types(out);
    out.varint(constants.count());
    out.bytes(constants.bytes());
    out.varint(imports.size() + around.functions.size());
    for (const FunctionType& type : kImportTypes) {
        put_signature(out, type);
    }
    for (const FunctionType& type : around.functions) {
        put_signature(out, type);
    }
    out.varint(imports.size());
    for (std::size_t i = 0; i < imports.size(); ++i) {
        out.varint(i);
        out.varint(i);
    }
    out.varint(0);  // debug scopes
    out.varint(0);  // debug locations
    out.varint(around.functions.size());
    for (std::size_t f = 0; f < around.functions.size(); ++f) {
        out.varint(imports.size() + f);
        out.varint(imports.size() + f);
        out.varint(f == 0 ? imports.size() + 1 : 0);
        out.varint(0);
    }
    out.varint(2);  // function tables: (i32, i32) -> i32, and void(i32, i32)
    for (unsigned table = 0; table < 2; ++table) {
        const std::uint64_t function = around.table_function + table;
        out.varint(imports.size() + function);
        out.varint(2);
        out.varint(2);
        for (const unsigned slot : {0U, 2U}) {
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
    out.varint(4 * safeir::kMemoryPageBytes);
    out.varint(safeir::kArenaBytes);
    out.varint(0x20000);
    out.varint(safeir::kArenaFirstByte);
    out.varint(0);  // segments
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
    generated.sir = file.data();
    generated.deterministic = !around.with_floats;
    return generated;
}

}  // namespace tessera::fuzz
