// ModuleReader's part for function tables, constant data and the arena's image.
#include "safeir/read/module_reader.h"
#include "safeir/spec/traps.h"
#include "safeir/wire/format.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"

#include <fmt/format.h>

namespace tessera::safeir {
namespace {

// A function table's slot: a use of a function, and a copy of it where the table is generated.
constexpr std::uint64_t kSlotBytes = 2 * sizeof(llvm::Use);

}  // namespace

// What the empty slots of function tables lead to: one function for all tables of a type.
llvm::Function* ModuleReader::trap_function(llvm::FunctionType* type) {
    llvm::Function*& function = trap_functions_[type];
    if (function == nullptr) {
        budget_.charge(wire::entry(wire::List::Functions).bytes + type->getNumParams() * kArgumentBytes);
        function = llvm::Function::Create(type,
                                          llvm::GlobalValue::InternalLinkage,
                                          fmt::format("tessera.trap.{}", trap_functions_.size() - 1),
                                          module_);
        llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context_, "", function));
        builder.CreateIntrinsic(llvm::Intrinsic::ubsantrap,
                                {builder.getInt8(static_cast<std::uint8_t>(TrapReason::BadFunction))});
        builder.CreateUnreachable();
    }
    return function;
}

bool ModuleReader::read_function_table(std::uint32_t index) {
    const std::uint32_t signature = in_.varint32();
    const std::uint32_t log2 = in_.varint32();
    constexpr std::uint32_t kLog2Max = wire::entry(wire::List::TableSlotsLog2).most;
    std::uint32_t entries = 0;
    if (!read_count(wire::List::TableEntries, entries)) {
        return false;
    }
    if (signature >= tables_.signatures.size() || log2 > kLog2Max) {
        return refuse(Rule::FunctionTable,
                      fmt::format("function table {} has no signature, or more than 2^{} entries", index, kLog2Max));
    }
    if (tables_.signatures[signature].has_slices) {
        return refuse(Rule::FunctionTable,
                      fmt::format("function table {}: slices are passed by direct calls only", index));
    }
    llvm::FunctionType* type = tables_.signatures[signature].type;
    const std::uint32_t size = 1U << log2;
    if (!charge(size * kSlotBytes)) {
        return false;
    }
    std::vector<llvm::Constant*> slots(size, trap_function(type));
    for (std::uint32_t e = 0; e < entries; ++e) {
        const std::uint32_t slot = in_.varint32();
        const std::uint32_t function = in_.varint32();
        if (slot >= size || function >= tables_.functions.size() ||
            tables_.functions[function].function->getFunctionType() != type) {
            return refuse(Rule::FunctionTable,
                          fmt::format("function table {}: an entry outside it or of another type", index));
        }
        slots[slot] = tables_.functions[function].function;
    }
    auto* array = llvm::ArrayType::get(llvm::PointerType::get(context_, 0), size);
    auto* table = make_table(llvm::ConstantArray::get(array, slots), "tessera.ftable.", index);
    tables_.function_tables.push_back({table, signature, size - 1});
    return true;
}

bool ModuleReader::read_data_table(std::uint32_t index) {
    std::span<const std::byte> bytes;
    if (!read_bytes(wire::List::DataTableBytes, bytes)) {
        return false;
    }
    if (bytes.empty()) {
        return refuse(Rule::Global, fmt::format("data table {} is empty or cut off", index));
    }
    // SAFETY: std::byte and char may alias anything.
    const llvm::StringRef data(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    auto* content = llvm::ConstantDataArray::getString(context_, data, false);
    tables_.data_tables.push_back(make_table(content, "tessera.table.", index));
    return true;
}

llvm::GlobalVariable* ModuleReader::make_table(llvm::Constant* content, const char* name, std::uint32_t index) {
    return new llvm::GlobalVariable(
        module_, content->getType(), true, llvm::GlobalValue::InternalLinkage, content, name + llvm::Twine(index));
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
    segments_end_ = image.stack_bottom;
    return true;
}

bool ModuleReader::read_capability_table(std::uint32_t index) {
    const std::uint32_t initial = in_.varint32();
    const std::uint32_t max = in_.varint32();
    capability_entries_ += initial;  // growing counts what all tables have by then
    if (initial > max || max > limits_.capability_table_entries ||
        capability_entries_ > limits_.capability_table_entries) {
        return refuse(Rule::Image,
                      fmt::format("capability table {}: {} entries of at most {}; all tables together may have {}",
                                  index,
                                  initial,
                                  max,
                                  limits_.capability_table_entries));
    }
    program_.image.cap_tables.push_back({initial, max});
    return true;
}

bool ModuleReader::read_segment(std::uint32_t index) {
    const std::uint64_t offset = in_.varint32();
    std::span<const std::byte> bytes;
    if (!read_bytes(wire::List::SegmentBytes, bytes)) {
        return false;
    }
    if (offset < segments_end_ || offset + bytes.size() > program_.image.memory_initial_bytes) {
        return refuse(Rule::Image,
                      fmt::format("segment {} overlaps another or ends outside the initial memory", index));
    }
    segments_end_ = offset + bytes.size();
    // SAFETY: std::byte and std::uint8_t may alias anything.
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    program_.image.segments.push_back({static_cast<std::uint32_t>(offset), {data, data + bytes.size()}});
    return true;
}

}  // namespace tessera::safeir
