#include "safeir/read/module_reader.h"

#include "core/base/printable.h"
#include "safeir/read/function_reader.h"
#include "safeir/read/helpers.h"
#include "safeir/read/read_program.h"
#include "safeir/wire/format.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"

#include <bit>
#include <fmt/format.h>

namespace tessera::safeir {

std::expected<ReadProgram, Refusal> read_program(std::span<const std::byte> sir, const Limits& limits) {
    ReadProgram program;
    program.context = std::make_unique<llvm::LLVMContext>();
    program.module = std::make_unique<llvm::Module>("program", *program.context);
    program.module->setDataLayout(kDataLayout);
    ModuleReader reader(sir, limits, program);
    if (auto refusal = reader.read()) {
        return std::unexpected(std::move(*refusal));
    }
    return program;
}

ModuleReader::ModuleReader(std::span<const std::byte> sir, const Limits& limits, ReadProgram& program)
    : limits_(limits), program_(program), context_(*program.context), module_(*program.module), in_(sir),
      debug_(*program.module) {}

bool ModuleReader::refuse(Rule rule, std::string what, Site site) {
    if (!is_enforced(rule, site)) {
        return true;
    }
    refusal_ = Refusal{rule_id(rule), std::move(what), {}, {}, {}};
    return false;
}

bool ModuleReader::refuse_truncated(std::string_view section, Site site) {
    if (const std::uint32_t limit = in_.passed_limit(); limit != 0) {
        return refuse(Rule::Limit, fmt::format("{}: more than {}", section, limit), site);
    }
    return refuse(Rule::Malformed, fmt::format("the {} are cut off or a count in them is not possible", section), site);
}

const WireType* ModuleReader::type_at(std::uint32_t code) const {
    return code < tables_.types.size() && tables_.types[code].type != nullptr ? &tables_.types[code] : nullptr;
}

const std::string* ModuleReader::string_at(std::uint32_t index) const {
    return index < strings_.size() ? &strings_[index] : nullptr;
}

std::optional<Refusal> ModuleReader::read() {
    const bool good = read_header(in_.bytes(in_.remaining())) && read_strings() && read_types() && read_constants() &&
                      read_signatures() && read_imports() && read_debug() && read_functions() &&
                      read_function_tables() && read_data_tables() && read_image() && read_bodies();
    debug_.finalize();
    if (good) {
        return std::nullopt;
    }
    return refusal_;
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
        return refuse_truncated("first 16 bytes");
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

bool ModuleReader::read_strings() {
    const std::uint32_t count = in_.count(limits_.instructions);
    strings_.reserve(count);
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const std::uint32_t size = in_.varint32();
        if (size > wire::kNameBytesMax) {
            return refuse(Rule::Limit,
                          fmt::format("name_bytes: a name of {} bytes is longer than {}", size, wire::kNameBytesMax));
        }
        const auto bytes = in_.bytes(size);
        // Names end up in messages and in symbol tables: no control characters (LLVM gives \x01 a meaning).
        // SAFETY: bytes are characters to whom they were text.
        strings_.push_back(printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    }
    return !in_.failed() || refuse_truncated("names");
}

bool ModuleReader::read_types() {
    auto& types = tables_.types;
    types.resize(wire::kFirstTableType);
    types[wire::kVoid] = {llvm::Type::getVoidTy(context_), Kind::Void, false, false};
    types[wire::kI1] = {llvm::Type::getInt1Ty(context_), Kind::Int, false, false};
    types[wire::kI8] = {llvm::Type::getInt8Ty(context_), Kind::Int, true, false};
    types[wire::kI16] = {llvm::Type::getInt16Ty(context_), Kind::Int, true, false};
    types[wire::kI32] = {llvm::Type::getInt32Ty(context_), Kind::Int, true, true};
    types[wire::kI64] = {llvm::Type::getInt64Ty(context_), Kind::Int, true, true};
    types[wire::kI128] = {llvm::Type::getInt128Ty(context_), Kind::Int, false, false};
    types[wire::kF32] = {llvm::Type::getFloatTy(context_), Kind::Float, true, true};
    types[wire::kF64] = {llvm::Type::getDoubleTy(context_), Kind::Float, true, true};
    types[wire::kCap] = {capability_type(context_), Kind::Capability, false, true};
    types[wire::kSliceRo] = {llvm::PointerType::get(context_, 0), Kind::SliceRo, false, true};
    types[wire::kSliceRw] = {llvm::PointerType::get(context_, 0), Kind::SliceRw, false, true};
    const std::uint32_t count = in_.count(1U << 16U);
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const std::uint8_t tag = in_.byte();
        if (tag == wire::kVectorType) {
            if (!read_vector_type()) {
                return false;
            }
        } else if (tag == wire::kStructType) {
            if (!read_struct_type()) {
                return false;
            }
        } else {
            return refuse(Rule::Malformed, fmt::format("unknown type tag {}", tag));
        }
    }
    return !in_.failed() || refuse_truncated("types");
}

bool ModuleReader::read_vector_type() {
    const std::uint32_t code = in_.varint32();
    const std::uint32_t lanes = in_.varint32();
    const WireType* element = type_at(code);
    if (element == nullptr || code > wire::kF64 || code == wire::kVoid || code == wire::kI128) {
        return refuse(Rule::Type, "a vector of something else than i1 to i64, float or double");
    }
    const std::uint64_t bits = std::uint64_t{lanes} * element->type->getPrimitiveSizeInBits().getFixedValue();
    if (lanes < 2 || lanes > wire::kLanesMax || !std::has_single_bit(lanes) || bits > wire::kVectorBitsMax) {
        return refuse(
            Rule::Type,
            fmt::format("a vector of {} lanes and {} bits: lanes are a power of two from 2 to {}, bits at most {}",
                        lanes,
                        bits,
                        wire::kLanesMax,
                        wire::kVectorBitsMax));
    }
    const bool stored = element->in_memory && bits % 8 == 0;
    tables_.types.push_back({llvm::FixedVectorType::get(element->type, lanes), Kind::Vector, stored, stored});
    return true;
}

bool ModuleReader::read_struct_type() {
    const std::uint32_t count = in_.varint32();
    if (count < 2 || count > wire::kStructFieldsMax) {
        return refuse(Rule::Type,
                      fmt::format("a struct of {} fields: 2 to {} are possible", count, wire::kStructFieldsMax));
    }
    llvm::SmallVector<llvm::Type*, wire::kStructFieldsMax> fields;
    bool in_call = true;
    for (std::uint32_t i = 0; i < count; ++i) {
        const WireType* field = type_at(in_.varint32());
        if (field == nullptr || field->kind == Kind::Void || field->kind == Kind::Struct ||
            field->kind == Kind::SliceRo || field->kind == Kind::SliceRw) {
            return refuse(Rule::Type, "a struct's field is a number, a vector or a capability");
        }
        in_call = in_call && field->in_call;
        fields.push_back(field->type);
    }
    tables_.types.push_back({llvm::StructType::get(context_, fields), Kind::Struct, false, in_call});
    return true;
}

bool ModuleReader::read_constants() {
    const std::uint32_t count = in_.count(limits_.instructions);
    tables_.constants.reserve(count);
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        if (!read_constant()) {
            return false;
        }
    }
    return !in_.failed() || refuse_truncated("constants");
}

llvm::Constant* ModuleReader::read_scalar(const WireType& type) {
    if (type.type->isFloatTy()) {
        return llvm::ConstantFP::get(
            context_, llvm::APFloat(llvm::APFloat::IEEEsingle(), llvm::APInt(32, in_.fixed<std::uint32_t>())));
    }
    if (type.type->isDoubleTy()) {
        return llvm::ConstantFP::get(
            context_, llvm::APFloat(llvm::APFloat::IEEEdouble(), llvm::APInt(64, in_.fixed<std::uint64_t>())));
    }
    const unsigned bits = type.type->getIntegerBitWidth();
    if (bits == 128) {
        const std::uint64_t words[2] = {in_.varint(), in_.varint()};
        return llvm::ConstantInt::get(context_, llvm::APInt(128, words));
    }
    const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    return llvm::ConstantInt::get(type.type, in_.varint() & mask);
}

bool ModuleReader::read_constant() {
    const WireType* type = type_at(in_.varint32());
    if (type == nullptr || (type->kind != Kind::Int && type->kind != Kind::Float && type->kind != Kind::Vector)) {
        return refuse(Rule::Constant, "a constant of something else than a number or a vector");
    }
    const std::uint8_t tag = in_.byte();
    if (type->kind != Kind::Vector) {
        if (tag != wire::kScalar) {
            return refuse(Rule::Malformed, "a scalar constant with a vector's tag");
        }
        tables_.constants.push_back(read_scalar(*type));
        return true;
    }
    auto* vector = llvm::cast<llvm::FixedVectorType>(type->type);
    const WireType element{vector->getElementType(), Kind::Int, false, false};
    if (tag == wire::kSplat) {
        tables_.constants.push_back(llvm::ConstantVector::getSplat(vector->getElementCount(), read_scalar(element)));
        return true;
    }
    if (tag != wire::kElements) {
        return refuse(Rule::Malformed, "a vector constant with an unknown tag");
    }
    llvm::SmallVector<llvm::Constant*, wire::kLanesMax> elements;
    for (unsigned i = 0; i < vector->getNumElements(); ++i) {
        elements.push_back(read_scalar(element));
    }
    tables_.constants.push_back(llvm::ConstantVector::get(elements));
    return true;
}

bool ModuleReader::read_signatures() {
    const std::uint32_t count = in_.count(limits_.functions);
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        Signature signature;
        signature.result = in_.varint32();
        const WireType* result = type_at(signature.result);
        if (result == nullptr || (result->kind != Kind::Void && !result->in_call)) {
            return refuse(Rule::Signature, "a result of a type that can't be one");
        }
        llvm::Type* result_type = result->type;
        if (result->kind == Kind::SliceRo || result->kind == Kind::SliceRw) {
            result_type = llvm::StructType::get(result->type, llvm::Type::getInt64Ty(context_));
        }
        const std::uint32_t parameters = in_.varint32();
        if (parameters > wire::kParametersMax) {
            return refuse(Rule::Limit, fmt::format("parameters: {} is more than {}", parameters, wire::kParametersMax));
        }
        llvm::SmallVector<llvm::Type*, 16> types = {llvm::PointerType::get(context_, 0)};
        for (std::uint32_t p = 0; p < parameters; ++p) {
            const std::uint32_t code = in_.varint32();
            const WireType* type = type_at(code);
            if (type == nullptr || !type->in_call || type->kind == Kind::Struct) {
                return refuse(Rule::Signature, "a parameter of a type that can't be one");
            }
            signature.parameters.push_back(code);
            types.push_back(type->type);
            if (type->kind == Kind::SliceRo || type->kind == Kind::SliceRw) {
                types.push_back(llvm::Type::getInt64Ty(context_));
            }
        }
        signature.type = llvm::FunctionType::get(result_type, types, false);
        signature.attributes = slice_marks(signature);
        tables_.signatures.push_back(std::move(signature));
    }
    return !in_.failed() || refuse_truncated("signatures");
}

llvm::AttributeList ModuleReader::slice_marks(const Signature& signature) const {
    llvm::SmallVector<std::pair<unsigned, llvm::AttributeSet>, 8> marks;
    unsigned at = 1;
    for (const std::uint32_t code : signature.parameters) {
        const Kind kind = tables_.types[code].kind;
        if (kind == Kind::SliceRo || kind == Kind::SliceRw) {
            const llvm::Attribute mark =
                llvm::Attribute::get(context_, kind == Kind::SliceRo ? "tessera.ro" : "tessera.rw");
            marks.emplace_back(llvm::AttributeList::FirstArgIndex + at++, llvm::AttributeSet::get(context_, {mark}));
        }
        ++at;
    }
    return llvm::AttributeList::get(context_, marks);
}

bool ModuleReader::read_imports() {
    const std::uint32_t count = in_.count(limits_.functions);
    llvm::StringSet<> names;
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const std::string* name = string_at(in_.varint32());
        const std::uint32_t code = in_.varint32();
        if (name == nullptr || code >= tables_.signatures.size() || name->find('/') == std::string::npos ||
            !names.insert(*name).second) {
            return refuse(Rule::Declaration, "an import without a name of the form interface/method, or named twice");
        }
        const Signature& signature = tables_.signatures[code];
        auto* function = llvm::Function::Create(
            signature.type, llvm::GlobalValue::ExternalLinkage, "tessera.import." + *name, module_);
        function->setAttributes(signature.attributes);
        function->addFnAttr("tessera.import", *name);
        const Kind result = tables_.types[signature.result].kind;
        if (result == Kind::SliceRo || result == Kind::SliceRw) {
            function->addFnAttr("tessera.result", result == Kind::SliceRo ? "ro" : "rw");
        }
        tables_.imports.push_back({function, code, 0});
    }
    return !in_.failed() || refuse_truncated("imports");
}

bool ModuleReader::check_export(const FunctionEntry& entry, const std::string& name) {
    const Signature& signature = tables_.signatures[entry.signature];
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
                                entry.function->getName().str(),
                                static_cast<unsigned>(signature.parameters.size() - 1),
                                returns_status});
    return true;
}

bool ModuleReader::read_functions() {
    const std::uint32_t count = in_.count(limits_.functions);
    llvm::StringSet<> names;
    llvm::StringSet<> exports;
    std::vector<bool> subprogram_used(subprograms_.size());
    std::uint32_t parameters = 0;
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const std::string* name = string_at(in_.varint32());
        const std::uint32_t signature = in_.varint32();
        const std::uint32_t export_name = in_.varint32();
        const std::uint32_t subprogram = in_.varint32();
        if (name == nullptr || signature >= tables_.signatures.size() || subprogram > subprograms_.size()) {
            return refuse(Rule::Malformed, fmt::format("function {} has no name, signature or place", i));
        }
        const Kind result = tables_.types[tables_.signatures[signature].result].kind;
        if (result == Kind::SliceRo || result == Kind::SliceRw) {
            return refuse(Rule::Signature, fmt::format("function '{}' returns a borrowed slice", *name));
        }
        if (name->empty() || name->starts_with("tessera.") || name->starts_with("llvm.") ||
            !names.insert(*name).second) {
            return refuse(Rule::Malformed, fmt::format("function name '{}' is empty, reserved or used twice", *name));
        }
        auto* function = llvm::Function::Create(
            tables_.signatures[signature].type, llvm::GlobalValue::InternalLinkage, *name, module_);
        const FunctionEntry entry{function, signature, subprogram};
        function->setAttributes(tables_.signatures[signature].attributes);
        parameters += static_cast<std::uint32_t>(function->arg_size());
        if (parameters > limits_.parameters) {
            return refuse(Rule::Limit, fmt::format("parameters: more than {} in the module", limits_.parameters));
        }
        if (subprogram != 0) {
            if (subprogram_used[subprogram - 1]) {
                return refuse(Rule::Malformed, fmt::format("function '{}' shares its debug scope with another", *name));
            }
            subprogram_used[subprogram - 1] = true;
            function->setSubprogram(subprograms_[subprogram - 1]);
        }
        tables_.functions.push_back(entry);
        if (export_name != 0) {
            const std::string* outside = string_at(export_name - 1);
            if (outside == nullptr || !exports.insert(*outside).second) {
                return refuse(Rule::Export,
                              fmt::format("function '{}' is exported under no name or one used twice", *name));
            }
            if (!check_export(entry, *outside)) {
                return false;
            }
        }
    }
    return !in_.failed() || refuse_truncated("functions");
}

llvm::Function* ModuleReader::make_trap_function(llvm::FunctionType* type, std::uint32_t table) {
    auto* function = llvm::Function::Create(
        type, llvm::GlobalValue::InternalLinkage, fmt::format("tessera.trap.{}", table), module_);
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context_, "", function));
    builder.CreateIntrinsic(llvm::Intrinsic::ubsantrap, {builder.getInt8(4)});
    builder.CreateUnreachable();
    return function;
}

bool ModuleReader::read_function_tables() {
    const std::uint32_t count = in_.count(1U << 16U);
    std::uint64_t entries_in_all = 0;
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const std::uint32_t signature = in_.varint32();
        const std::uint32_t log2 = in_.varint32();
        const std::uint32_t entries = in_.count(limits_.functions);
        if (signature >= tables_.signatures.size() || log2 > wire::kTableLog2Max) {
            return refuse(
                Rule::FunctionTable,
                fmt::format("function table {} has no signature, or more than 2^{} entries", i, wire::kTableLog2Max));
        }
        for (const std::uint32_t code : tables_.signatures[signature].parameters) {
            const Kind kind = tables_.types[code].kind;
            if (kind == Kind::SliceRo || kind == Kind::SliceRw) {
                return refuse(Rule::FunctionTable,
                              fmt::format("function table {}: slices are passed by direct calls only", i));
            }
        }
        llvm::FunctionType* type = tables_.signatures[signature].type;
        const std::uint32_t size = 1U << log2;
        entries_in_all += size;
        if (entries_in_all > limits_.function_table_entries) {
            return refuse(Rule::Limit,
                          fmt::format("function_table_entries: more than {}", limits_.function_table_entries));
        }
        std::vector<llvm::Constant*> slots(size, make_trap_function(type, i));
        for (std::uint32_t e = 0; e < entries; ++e) {
            const std::uint32_t slot = in_.varint32();
            const std::uint32_t function = in_.varint32();
            if (slot >= size || function >= tables_.functions.size() ||
                tables_.functions[function].function->getFunctionType() != type) {
                return refuse(Rule::FunctionTable,
                              fmt::format("function table {}: an entry outside it or of another type", i));
            }
            slots[slot] = tables_.functions[function].function;
        }
        auto* array = llvm::ArrayType::get(llvm::PointerType::get(context_, 0), size);
        auto* global = new llvm::GlobalVariable(module_,
                                                array,
                                                true,
                                                llvm::GlobalValue::InternalLinkage,
                                                llvm::ConstantArray::get(array, slots),
                                                fmt::format("tessera.ftable.{}", i));
        tables_.function_tables.push_back({global, signature, size - 1});
    }
    return !in_.failed() || refuse_truncated("function tables");
}

bool ModuleReader::read_data_tables() {
    const std::uint32_t count = in_.count(1U << 16U);
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const auto bytes = in_.bytes(in_.varint32());
        if (bytes.empty()) {
            return refuse(Rule::Global, fmt::format("data table {} is empty or cut off", i));
        }
        // SAFETY: std::byte and char may alias anything.
        const llvm::StringRef data(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        auto* value = llvm::ConstantDataArray::getString(context_, data, false);
        tables_.data_tables.push_back(new llvm::GlobalVariable(module_,
                                                               value->getType(),
                                                               true,
                                                               llvm::GlobalValue::InternalLinkage,
                                                               value,
                                                               fmt::format("tessera.table.{}", i)));
    }
    return !in_.failed() || refuse_truncated("data tables");
}

bool ModuleReader::read_image() {
    ProgramImage& image = program_.image;
    image.memory_initial_bytes = in_.varint();
    image.memory_max_bytes = in_.varint();
    image.stack_top = in_.varint32();
    image.stack_bottom = in_.varint32();
    const auto whole_pages = [](std::uint64_t bytes) { return bytes % kMemoryPageBytes == 0 && bytes <= kArenaBytes; };
    if (!whole_pages(image.memory_initial_bytes) || !whole_pages(image.memory_max_bytes) ||
        image.memory_initial_bytes > image.memory_max_bytes || image.memory_initial_bytes <= kArenaFirstByte) {
        return refuse(Rule::Image,
                      "initial and largest memory are whole pages of 64 KiB, above the first one and at most 4 GiB");
    }
    if (image.stack_top % 16 != 0 || image.stack_bottom < kArenaFirstByte || image.stack_bottom > image.stack_top ||
        image.stack_top > image.memory_initial_bytes) {
        return refuse(Rule::Image, "the arena stack lies between the first 64 KiB and the end of the initial memory");
    }
    if (!read_segments()) {
        return false;
    }
    const std::uint32_t cap_tables = in_.count(1U << 10U);
    std::uint64_t entries_in_all = 0;
    for (std::uint32_t i = 0; i < cap_tables && !in_.failed(); ++i) {
        const std::uint32_t initial = in_.varint32();
        const std::uint32_t max = in_.varint32();
        entries_in_all += initial;  // growing counts what all tables have by then
        if (initial > max || max > limits_.capability_table_entries ||
            entries_in_all > limits_.capability_table_entries) {
            return refuse(Rule::Image,
                          fmt::format("capability table {}: {} entries of at most {}; all tables together may have {}",
                                      i,
                                      initial,
                                      max,
                                      limits_.capability_table_entries));
        }
        image.cap_tables.push_back({initial, max});
    }
    return !in_.failed() || refuse_truncated("arena image");
}

bool ModuleReader::read_segments() {
    ProgramImage& image = program_.image;
    const std::uint32_t segments = in_.count(1U << 20U);
    std::uint64_t next = image.stack_bottom;
    for (std::uint32_t i = 0; i < segments && !in_.failed(); ++i) {
        const std::uint64_t offset = in_.varint32();
        const auto bytes = in_.bytes(in_.varint32());
        if (offset < next || offset + bytes.size() > image.memory_initial_bytes) {
            return refuse(Rule::Image,
                          fmt::format("segment {} overlaps another or ends outside the initial memory", i));
        }
        next = offset + bytes.size();
        // SAFETY: std::byte and std::uint8_t may alias anything.
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
        image.segments.push_back({static_cast<std::uint32_t>(offset), {data, data + bytes.size()}});
    }
    return !in_.failed() || refuse_truncated("segments");
}

bool ModuleReader::read_bodies() {
    std::uint64_t instructions = 0;
    for (const FunctionEntry& entry : tables_.functions) {
        limits_.between_functions();
        const auto bytes = in_.bytes(in_.varint32());
        if (in_.failed()) {
            return refuse_truncated("function bodies");
        }
        FunctionReader reader(bytes, limits_, tables_, entry, module_);
        if (auto refusal = reader.read()) {
            refusal_ = std::move(refusal);
            return false;
        }
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
