#include "test/growth/program.h"

#include "safeir/wire/program_image.h"

#include <string>

namespace tessera::growth {

using namespace safeir::wire;

Program::Program() {
    numbers(types.add(), {kVectorType, kI64, 8});
    signature({kI32, kSliceRo, kI32});
}

std::uint32_t Program::name(std::string_view text) {
    names.add().text(text);
    return names.count - 1;
}

std::uint32_t Program::signature(const std::vector<unsigned>& codes) {
    auto& out = signatures.add();
    out.varint(codes.front());
    out.varint(codes.size() - 1);
    for (std::size_t i = 1; i < codes.size(); ++i) {
        out.varint(codes[i]);
    }
    return signatures.count - 1;
}

void Program::function(const Bytes& body, std::uint32_t signature) {
    function(name("f" + std::to_string(functions())), body, signature, 0);
}

void Program::function(std::uint32_t name, const Bytes& body, std::uint32_t signature, std::uint32_t scope) {
    numbers(functions_.add(), {name, signature, 0, scope});
    bodies_.push_back(body);
}

Bytes Program::file() const {
    safeir::ByteWriter out;
    const auto section = [&out](const Section& section) {
        out.varint(section.count);
        out.bytes(section.bytes.data());
    };
    section(names);
    section(types);
    out.varint(constants.count() + more_constants.count);
    out.bytes(constants.bytes());
    out.bytes(more_constants.bytes.data());
    for (const Section* each :
         {&signatures, &imports, &scopes, &locations, &functions_, &function_tables, &data_tables}) {
        section(*each);
    }
    numbers(out, {4ULL * safeir::kMemoryPageBytes, safeir::kArenaBytes, 0x20000, 0x10000});
    section(segments);
    section(cap_tables);
    for (const Bytes& body : bodies_) {
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
    return file.data();
}

void numbers(safeir::ByteWriter& out, std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) {
        out.varint(value);
    }
}

Bytes nothing(Program& program, std::uint32_t parameters) {
    fuzz::Body body(parameters);
    body.op(kRet).use(program.constants.of(kI32, 0));
    body.end();
    return body.bytes();
}

}  // namespace tessera::growth
