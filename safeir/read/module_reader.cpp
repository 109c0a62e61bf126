#include "safeir/read/module_reader.h"

#include "core/base/printable.h"
#include "safeir/read/function_reader.h"
#include "safeir/read/helpers.h"
#include "safeir/read/read_program.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"

#include <fmt/format.h>

namespace tessera::safeir {

std::expected<ReadProgram, Refusal> read_program(std::span<const std::byte> sir, const Limits& limits) {
    ReadProgram program;
    program.context = std::make_unique<llvm::LLVMContext>();
    program.module = std::make_unique<llvm::Module>("program", *program.context);
    program.module->setDataLayout(kDataLayout);
    Budget budget(sir.size(), limits);
    ModuleReader reader(sir, limits, budget, program);
    if (auto refusal = reader.read()) {
        return std::unexpected(std::move(*refusal));
    }
    return program;
}

ModuleReader::ModuleReader(std::span<const std::byte> sir, const Limits& limits, Budget& budget, ReadProgram& program)
    : Reader(sir, limits, budget), program_(program), context_(*program.context), module_(*program.module) {
    make_plain_types();
}

const std::string* ModuleReader::string_at(std::uint32_t index) const {
    return index < strings_.size() ? &strings_[index] : nullptr;
}

std::optional<Refusal> ModuleReader::read() {
    using wire::List;
    const bool good =
        read_header(in_.bytes(in_.remaining())) && read_list(List::Names, &ModuleReader::read_name) &&
        read_list(List::Types, &ModuleReader::read_type) && read_list(List::Constants, &ModuleReader::read_constant) &&
        read_list(List::Signatures, &ModuleReader::read_signature) &&
        read_list(List::Imports, &ModuleReader::read_import) && read_list(List::Scopes, &ModuleReader::read_scope) &&
        read_list(List::Locations, &ModuleReader::read_location) &&
        read_list(List::Functions, &ModuleReader::read_function) &&
        read_list(List::FunctionTables, &ModuleReader::read_function_table) &&
        read_list(List::DataTables, &ModuleReader::read_data_table) && read_image() &&
        read_list(List::Segments, &ModuleReader::read_segment) &&
        read_list(List::CapabilityTables, &ModuleReader::read_capability_table) && read_bodies();
    return good ? std::nullopt : std::move(refusal_);
}

bool ModuleReader::read_header(std::span<const std::byte> sir) {
    if (sir.size() > limits_.file_bytes) {
        return refuse(Rule::Limit, fmt::format("file_bytes: {} is more than {}", sir.size(), limits_.file_bytes));
    }
    ByteReader header(sir);
    for (const std::uint8_t expected : wire::kMagic) {
        if (header.byte() != expected) {
            return refuse(Rule::Malformed, "not a .sir file: it does not start with 'TSIR'");
        }
    }
    const auto version = header.fixed<std::uint32_t>();
    const auto size = header.fixed<std::uint64_t>();
    if (header.failed()) {
        return refuse(Rule::Malformed, "the file ends within its first 16 bytes");
    }
    if (version != wire::kVersion) {
        return refuse(
            Rule::Version,
            fmt::format("version {}, but this kernel reads version {}: build it again", version, wire::kVersion));
    }
    if (size != sir.size()) {
        return refuse(Rule::Malformed, fmt::format("the file has {} bytes, its header says {}", sir.size(), size));
    }
    in_ = ByteReader(sir.subspan(wire::kHeaderBytes));
    return true;
}

bool ModuleReader::read_list(wire::List list, bool (ModuleReader::*one)(std::uint32_t index)) {
    std::uint32_t count = 0;
    if (!read_count(list, count)) {
        return false;
    }
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        if (!(this->*one)(i)) {
            return false;
        }
    }
    return !in_.failed() || refuse_cut_off(list);
}

bool ModuleReader::read_name(std::uint32_t /*index*/) {
    std::span<const std::byte> bytes;
    if (!read_bytes(wire::List::NameBytes, bytes)) {
        return false;
    }
    // Names end up in messages and in symbol tables: no control characters (LLVM gives \x01 a meaning).
    // SAFETY: bytes are characters to whom they were text.
    strings_.push_back(printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    return true;
}

bool ModuleReader::read_import(std::uint32_t /*index*/) {
    const std::string* name = string_at(in_.varint32());
    const std::uint32_t code = in_.varint32();
    if (name == nullptr || code >= tables_.signatures.size() || name->find('/') == std::string::npos ||
        !import_names_.insert(*name).second) {
        return refuse(Rule::Declaration, "an import without a name of the form interface/method, or named twice");
    }
    const Signature& signature = tables_.signatures[code];
    auto* function = llvm::Function::Create(
        signature.type, llvm::GlobalValue::ExternalLinkage, marks::kImportPrefix + *name, module_);
    function->setAttributes(signature.attributes);
    tables_.imports.push_back({function, code, 0});
    return true;
}

bool ModuleReader::check_export(const FunctionEntry& entry, const std::string& name) {
    const Signature& signature = tables_.signatures[entry.signature];
    if (const auto method = parse_method_name(name)) {
        return check_method(entry, name, *method);
    }
    const bool returns_status = signature.result == wire::kI32;
    bool fits = (signature.result == wire::kVoid || returns_status) && !signature.parameters.empty() &&
                signature.parameters.front() == wire::kI32;
    for (std::size_t i = 1; i < signature.parameters.size(); ++i) {
        fits = fits && signature.parameters[i] == wire::kCap;
    }
    if (!fits) {
        return refuse(Rule::Export, fmt::format("export '{}': {}", name, rule_sentence(Rule::Export)));
    }
    entry.function->addFnAttr("tessera.export", name);
    program_.exports.push_back({name,
                                static_cast<std::uint32_t>(tables_.functions.size() - 1),
                                static_cast<unsigned>(signature.parameters.size() - 1),
                                returns_status});
    return true;
}

// The status comes first, by itself or in a struct.
bool ModuleReader::check_method(const FunctionEntry& entry, const std::string& name, const MethodName& method) {
    const Signature& signature = tables_.signatures[entry.signature];
    llvm::Type* result = signature.type->getReturnType();
    const auto* structure = llvm::dyn_cast<llvm::StructType>(result);
    const auto* status = structure != nullptr ? structure->getElementType(0) : result;
    const bool is_told = method.kind == MethodName::Kind::Released;
    if (signature.parameters.size() < 2 || signature.parameters[0] != wire::kI32 ||
        signature.parameters[1] != wire::kI64 || !status->isIntegerTy(32) || method.kind == MethodName::Kind::Mint ||
        (is_told && (signature.parameters.size() != 2 || structure != nullptr))) {
        return refuse(Rule::Export, fmt::format("method '{}': {}", name, rule_sentence(Rule::Export)));
    }
    entry.function->addFnAttr("tessera.export", name);
    program_.exports.push_back(
        {.name = name, .function = static_cast<std::uint32_t>(tables_.functions.size() - 1), .method = method});
    return true;
}

bool ModuleReader::read_function(std::uint32_t index) {
    const std::string* name = string_at(in_.varint32());
    const std::uint32_t code = in_.varint32();
    const std::uint32_t export_name = in_.varint32();
    const std::uint32_t subprogram = in_.varint32();
    if (name == nullptr || code >= tables_.signatures.size() || subprogram > subprograms_.size()) {
        return refuse(Rule::Malformed, fmt::format("function {} has no name, signature or place", index));
    }
    const Signature& signature = tables_.signatures[code];
    if (is_slice(tables_.types[signature.result].kind)) {
        return refuse(Rule::Signature, fmt::format("function '{}' returns a borrowed slice", *name));
    }
    if (name->empty() || name->starts_with("tessera.") || name->starts_with("llvm.") ||
        !function_names_.insert(*name).second) {
        return refuse(Rule::Malformed, fmt::format("function name '{}' is empty, reserved or used twice", *name));
    }
    if (!charge(signature.type->getNumParams() * kArgumentBytes)) {
        return false;
    }
    auto* function = llvm::Function::Create(signature.type, llvm::GlobalValue::InternalLinkage, *name, module_);
    function->setAttributes(signature.attributes);
    if (subprogram != 0) {
        if (subprogram_used_[subprogram - 1]) {
            return refuse(Rule::Malformed, fmt::format("function '{}' shares its debug scope with another", *name));
        }
        subprogram_used_[subprogram - 1] = true;
        function->setSubprogram(subprograms_[subprogram - 1]);
    }
    tables_.functions.push_back({function, code, subprogram});
    if (export_name == 0) {
        return true;
    }
    const std::string* outside = string_at(export_name - 1);
    if (outside == nullptr || !export_names_.insert(*outside).second) {
        return refuse(Rule::Export, fmt::format("function '{}' is exported under no name or one used twice", *name));
    }
    return check_export(tables_.functions.back(), *outside);
}

bool ModuleReader::read_bodies() {
    std::uint64_t instructions = 0;
    for (const FunctionEntry& entry : tables_.functions) {
        const auto bytes = in_.bytes(in_.varint32());
        if (in_.failed()) {
            return refuse(Rule::Malformed, "the function bodies are cut off");
        }
        FunctionReader reader(bytes, limits_, budget_, tables_, entry, module_);
        if (auto refusal = reader.read()) {
            refusal_ = std::move(refusal);
            return false;
        }
        program_.functions.push_back(reader.notes());
        instructions += reader.instructions();
        if (instructions > limits_.instructions) {
            return refuse(Rule::Limit, fmt::format("instructions: more than {} in the module", limits_.instructions));
        }
    }
    if (in_.remaining() != 0) {
        return refuse(Rule::Malformed, fmt::format("{} bytes follow the last function", in_.remaining()));
    }
    return true;
}

}  // namespace tessera::safeir
