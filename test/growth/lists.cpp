// One kind for each entry of safeir/wire/lists.def: a program in which that list, count or nesting is large.
#include "test/growth/program.h"

#include <fmt/format.h>
#include <string>

namespace tessera::growth {
namespace {

using namespace safeir::wire;
using fuzz::Body;
using fuzz::Operand;

void only(Program& program) { program.function(nothing(program)); }

void names(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        program.name("");
    }
    only(program);
}

// Each is a function's, an export's and an import's, and the name of many scopes.
void name_bytes(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        auto text = std::to_string(i) + "/";
        text.resize(kNameBytesMax, 'n');
        const auto name = program.name(text);
        numbers(program.imports.add(), {name, 0});
        numbers(program.scopes.add(), {name, name, 1});
        numbers(program.scopes.add(), {name, name, 1});
        program.function(name, nothing(program), 0, 1 + 2 * i);
    }
}

void types(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.types.add(), {kStructType, 2, kI32, kI64});
    }
    only(program);
}

// All different.
void struct_fields(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        auto& out = program.types.add();
        numbers(out, {kStructType, 8});
        for (unsigned field = 0; field < 8; ++field) {
            out.varint((i >> (2 * field)) % 4 + kI16);
        }
    }
    only(program);
}

void constants(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        program.constants.of(kI64, i);
    }
    only(program);
}

void vector_elements(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.more_constants.add(), {kVector, kElements, i, 1, 2, 3, 4, 5, 6, 7});
    }
    only(program);
}

void signatures(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        static constexpr unsigned kCodes[] = {kI32, kI64, kF32, kF64, kCap};
        program.signature({kI32, kCodes[i % 5], kCodes[i / 5 % 5], kCodes[i / 25 % 5], kCodes[i / 125 % 5]});
    }
    only(program);
}

std::uint32_t wide_signature(Program& program, unsigned code) {
    std::vector<unsigned> codes(1 + kParametersMax, code);
    codes.front() = kI32;
    return program.signature(codes);
}

// Functions, tables and imports of a type with as many parameters as there may be.
void parameters(Program& program, unsigned n) {
    const auto numbers_only = wide_signature(program, kI32);
    const auto slices = wide_signature(program, kSliceRo);
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.function_tables.add(), {numbers_only, 0, 0});
        numbers(program.imports.add(), {program.name(fmt::format("/{:x}", i)), slices});
    }
    only(program);
}

void functions_of_parameters(Program& program, unsigned n) {
    const auto slices = wide_signature(program, kSliceRo);
    for (unsigned i = 0; i < n; ++i) {
        program.function(nothing(program, 2 * kParametersMax), slices);
    }
}

void imports(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.imports.add(), {program.name(fmt::format("/{:x}", i)), 0});
    }
    only(program);
}

void scopes(Program& program, unsigned n) {
    const auto name = program.name("s");
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.scopes.add(), {name, name, i % 100});
    }
    only(program);
}

void locations(Program& program, unsigned n, bool inlined) {
    const auto name = program.name("s");
    numbers(program.scopes.add(), {name, name, 1});
    Body body(kParameters);
    for (unsigned i = 0; i < n; ++i) {
        const bool begins = !inlined || i % (entry(List::InliningDepth).most + 1) == 0;
        numbers(program.locations.add(), {0, i % 100, 0, begins ? 0U : i});
        body.op(kLocation).number(i);
        body.op(kFreeze).use(kNumber);
        (void)body.gives();
    }
    body.op(kRet).use(kNumber);
    body.end();
    program.function(program.name("f"), body.bytes(), 0, 1);
}
void locations(Program& program, unsigned n) { locations(program, n, false); }
void inlining(Program& program, unsigned n) { locations(program, n, true); }

void functions(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        program.function(nothing(program));
    }
}

void function_tables(Program& program, unsigned n) {
    const auto signature = program.signature({kI32, kI32});
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.function_tables.add(), {signature, 0, 0});
    }
    only(program);
}

void table_slots(Program& program, unsigned n) {
    const auto signature = program.signature({kI32, kI32});
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.function_tables.add(), {signature, kTableLog2Max, 0});
    }
    only(program);
}

void table_entries(Program& program, unsigned n) {
    const auto signature = program.signature({kI32, kI32});
    program.function(nothing(program, 1), signature);
    for (unsigned done = 0; done < n; done += 1U << kTableLog2Max) {
        auto& out = program.function_tables.add();
        numbers(out, {signature, kTableLog2Max, 1U << kTableLog2Max});
        for (unsigned i = 0; i < 1U << kTableLog2Max; ++i) {
            numbers(out, {i, 0});
        }
    }
}

void data_tables(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        program.data_tables.add().text("x");
    }
    only(program);
}

void data_table_bytes(Program& program, unsigned n) {
    program.data_tables.add().text(std::string(n, 'x'));
    only(program);
}

void segments(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        program.segments.add().varint(0x20000);
        program.segments.bytes.text("");
    }
    only(program);
}

void segment_bytes(Program& program, unsigned n) {
    program.segments.add().varint(0x10000);
    program.segments.bytes.text(std::string(n, 'x'));
    only(program);
}

void capability_tables(Program& program, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        numbers(program.cap_tables.add(), {0, 1});
    }
    only(program);
}

void blocks(Program& program, unsigned n) {
    Body body(kParameters);
    for (unsigned i = 0; i < n; ++i) {
        const auto next = body.label();
        body.jump(next);
        body.start(next);
    }
    body.op(kRet).use(kNumber);
    body.end();
    program.function(body.bytes());
}

// As many cases as a switch may have, and the others in the next one.
void many_ways(Program& program, Body& body, unsigned n, Body::Label out) {
    constexpr unsigned kMost = entry(List::SwitchCases).most;
    std::vector<std::pair<Operand, Body::Label>> cases;
    for (unsigned i = 0; i < n; ++i) {
        cases.emplace_back(program.constants.of(kI32, i * 1000), out);
        if (cases.size() == kMost || i + 1 == n) {
            const auto next = i + 1 == n ? out : body.label();
            body.many_ways(kNumber, next, cases);
            if (next != out) {
                body.start(next);
            }
            cases.clear();
        }
    }
}

void phi_entries(Program& program, unsigned n) {
    Body body(kParameters);
    const auto join = body.label();
    std::vector<Body::Label> ways;
    for (unsigned i = 0; i < n / 16; ++i) {
        const auto next = body.label();
        ways.push_back(body.here());
        body.op(kICmp).number(0).use(kNumber).use(program.constants.of(kI32, i));
        body.branch(body.gives(), join, next);
        body.start(next);
    }
    ways.push_back(body.here());
    body.jump(join);
    body.start(join);
    for (unsigned p = 0; p < 16; ++p) {
        const Operand phi = body.phi(kI32);
        for (const auto way : ways) {
            body.entry(phi, way, kNumber);
        }
    }
    body.op(kRet).use(kNumber);
    body.end();
    program.function(body.bytes());
}

void switch_cases(Program& program, unsigned n) {
    Body body(kParameters);
    const auto out = body.label();
    many_ways(program, body, n, out);
    body.start(out);
    body.op(kRet).use(kNumber);
    body.end();
    program.function(body.bytes());
}

void shuffle_lanes(Program& program, unsigned n) {
    numbers(program.types.add(), {kVectorType, kI8, kLanesMax});
    const Operand vector = program.constants.of(kVector, 1);
    Body body(kParameters);
    for (unsigned i = 0; i < n; ++i) {
        body.op(kShuffle).use(vector).use(vector).number(8);
        for (unsigned lane = 0; lane < 8; ++lane) {
            body.number((i >> lane) % 16);
        }
        (void)body.gives();
    }
    body.op(kRet).use(kNumber);
    body.end();
    program.function(body.bytes());
}

}  // namespace

std::vector<Kind> list_kinds() {
    return {
        {"Names", names, 400'000, ""},
        {"NameBytes", name_bytes, 1'000, ""},
        {"Types", types, 60'000, ""},
        {"Types", types, 66'000, "types"},
        {"StructFields", struct_fields, 60'000, ""},
        {"Constants", constants, 200'000, ""},
        {"VectorElements", vector_elements, 100'000, ""},
        {"Signatures", signatures, 100'000, ""},
        {"Parameters", parameters, 60'000, ""},
        {"Parameters", functions_of_parameters, 2'000, "built_bytes"},
        {"Imports", imports, 100'000, ""},
        {"Scopes", scopes, 100'000, ""},
        {"Locations", locations, 100'000, ""},
        {"InliningDepth", inlining, 100'000, ""},
        {"Functions", functions, 100'000, ""},
        {"Functions", functions, 300'000, "functions"},
        {"FunctionTables", function_tables, 60'000, ""},
        {"TableSlotsLog2", table_slots, 256, "built_bytes"},
        {"TableEntries", table_entries, 512'000, ""},
        {"DataTables", data_tables, 60'000, "built_bytes"},
        {"DataTableBytes", data_table_bytes, 8'000'000, ""},
        {"Segments", segments, 200'000, ""},
        {"SegmentBytes", segment_bytes, 100'000, ""},
        {"CapabilityTables", capability_tables, 1'024, ""},
        {"Blocks", blocks, 340'000, ""},
        {"Blocks", blocks, 1'100'000, "function_instructions"},
        {"PhiEntries", phi_entries, 400'000, ""},
        {"SwitchCases", switch_cases, 200'000, ""},
        {"ShuffleLanes", shuffle_lanes, 50'000, ""},
    };
}

}  // namespace tessera::growth
