#include "safeir/lower/function/arena_layout.h"

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Operator.h"

#include <algorithm>
#include <bit>

namespace tessera::lower {

namespace {

constexpr std::uint32_t kStackGuardBytes = 64 * 1024;       // unmapped, between null and the stack
constexpr std::uint64_t kFirstHeapBytes = 64 * 1024;        // mapped beyond the data at start
constexpr std::uint64_t kDataMax = std::uint64_t{1} << 31;  // so that a global's address folds into the guard
constexpr std::uint32_t kCapTableMax = 1U << 20U;
// What loops go over with vectors begins at a cache line; each vector of 64 bytes would lie in two otherwise.
constexpr std::uint64_t kLargeBytes = 1024;
constexpr auto kCacheLine = llvm::Align::Constant<64>();

std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) { return (value + unit - 1) / unit * unit; }

bool is_initialised(const llvm::GlobalVariable& variable) {
    return variable.hasInitializer() && !variable.getInitializer()->isNullValue() &&
           !llvm::isa<llvm::UndefValue>(variable.getInitializer());
}

}  // namespace

bool is_address_taken(const llvm::Function& function) {
    return std::ranges::any_of(function.uses(), [&](const llvm::Use& use) {
        const auto* call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
        return call == nullptr || !call->isCallee(&use);
    });
}

void ArenaLayout::place_global(llvm::GlobalVariable& variable, std::uint64_t& at) {
    const llvm::Align align = variable.getAlign().value_or(data_.getPreferredAlign(&variable));
    const std::uint64_t bytes = data_.getTypeAllocSize(variable.getValueType()).getFixedValue();
    at = llvm::alignTo(at, bytes < kLargeBytes ? align : std::max<llvm::Align>(align, kCacheLine));
    addresses_[&variable] = static_cast<std::uint32_t>(at);
    at += std::max<std::uint64_t>(1, bytes);
}

void ArenaLayout::define_symbol(const char* name, std::uint64_t address) {
    if (auto* symbol = source_.getNamedGlobal(name); symbol != nullptr && symbol->isDeclaration()) {
        addresses_[symbol] = static_cast<std::uint32_t>(address);
    }
}

void ArenaLayout::place(std::uint32_t stack_bytes, std::uint64_t memory_max_bytes) {
    image_.stack_bottom = safeir::kArenaFirstByte + kStackGuardBytes;
    image_.stack_top = image_.stack_bottom + static_cast<std::uint32_t>(round_up(stack_bytes, 4096));
    data_start_ = image_.stack_top;
    std::uint64_t at = data_start_;
    for (const bool initialised : {true, false}) {
        for (llvm::GlobalVariable& variable : source_.globals()) {
            if (variable.getAddressSpace() == kTableSpace) {
                tables_.try_emplace(&variable, tables_.size());
            } else if (!variable.isDeclaration() && is_initialised(variable) == initialised) {
                place_global(variable, at);
                if (at > kDataMax) {
                    diagnostics_.refuse(variable, "the program's data is larger than 2 GiB");
                    return;
                }
            }
        }
        initialised_end_ = initialised ? at : initialised_end_;
    }
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        image_.cap_tables.push_back({0, kCapTableMax});
    }
    for (const auto& [table, number] : tables_) {
        if (const auto* array = llvm::dyn_cast<llvm::ArrayType>(table->getValueType())) {
            image_.cap_tables[number].initial =
                static_cast<std::uint32_t>(std::min<std::uint64_t>(array->getNumElements(), kCapTableMax));
        }
    }
    const std::uint64_t data_end = at;
    const std::uint64_t heap = round_up(at, 16);
    image_.memory_initial_bytes = round_up(heap + kFirstHeapBytes, safeir::kMemoryPageBytes);
    image_.memory_max_bytes = std::clamp(
        round_up(memory_max_bytes, safeir::kMemoryPageBytes), image_.memory_initial_bytes, safeir::kArenaBytes);
    define_symbol("__heap_base", heap);
    define_symbol("__heap_end", image_.memory_initial_bytes);
    define_symbol("__data_end", data_end);
    define_symbol("__stack_low", image_.stack_bottom);
    define_symbol("__stack_high", image_.stack_top);
    define_symbol("__global_base", data_start_);
    define_symbol("__dso_handle", data_start_);
    for (const char* name : {"__memory_base", "__table_base", "__tls_base", "__tls_size", "__tls_align"}) {
        define_symbol(name, 0);
    }
}

void ArenaLayout::number_functions(Signatures& signatures) {
    for (llvm::Function& function : source_) {
        if (!function.isDeclaration() && is_address_taken(function)) {
            if (llvm::FunctionType* type = signatures.lower(function.getFunctionType(), StackPointer::Passed)) {
                groups_[type].push_back({&function, 0});
            }
        }
    }
    std::vector<FunctionGroups::iterator> by_size;
    for (auto group = groups_.begin(); group != groups_.end(); ++group) {
        by_size.push_back(group);
    }
    std::ranges::sort(by_size, {}, [](const auto& group) { return std::pair(group->second.size(), group); });
    std::uint32_t next = 1;  // 0 is the null pointer
    for (const auto& group : by_size) {
        for (NumberedFunction& entry : group->second) {
            entry.number = next;
            numbers_[entry.function] = next++;
        }
    }
}

std::uint64_t ArenaLayout::table_size(llvm::FunctionType* lowered) const {
    const auto group = groups_.find(lowered);
    return group == groups_.end() ? 1 : std::bit_ceil(std::uint64_t{group->second.back().number} + 1);
}

std::uint32_t ArenaLayout::table_number(const llvm::GlobalVariable* table) {
    const auto found = tables_.find(table);
    return found == tables_.end() ? 0 : found->second;
}

std::optional<llvm::APInt> ArenaLayout::evaluate(const llvm::Constant* constant) {
    const auto pointer = [this](std::uint64_t value) {
        return llvm::APInt(data_.getPointerSizeInBits(0), value & 0xffffffffU);
    };
    if (const auto* integer = llvm::dyn_cast<llvm::ConstantInt>(constant)) {
        return integer->getValue();
    }
    if (const auto* number = llvm::dyn_cast<llvm::ConstantFP>(constant)) {
        return number->getValueAPF().bitcastToAPInt();
    }
    if (llvm::isa<llvm::ConstantPointerNull>(constant)) {
        return pointer(0);
    }
    if (const auto* function = llvm::dyn_cast<llvm::Function>(constant)) {
        const auto number = numbers_.find(function);
        return pointer(number == numbers_.end() ? 0 : number->second);  // a weak function that nobody defines is null
    }
    if (const auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(constant)) {
        if (variable->getAddressSpace() == kTableSpace) {
            return pointer(table_number(variable));
        }
        const auto address = addresses_.find(variable);
        if (address == addresses_.end()) {
            if (!variable->hasExternalWeakLinkage()) {
                diagnostics_.refuse(*variable, "undefined symbol " + variable->getName());
            }
            return pointer(0);
        }
        return pointer(address->second);
    }
    if (llvm::isa<llvm::UndefValue>(constant)) {
        const unsigned bits = static_cast<unsigned>(data_.getTypeSizeInBits(constant->getType()).getFixedValue());
        return llvm::APInt(std::max(1U, bits), 0);
    }
    if (const auto* expression = llvm::dyn_cast<llvm::ConstantExpr>(constant)) {
        return evaluate_expression(expression);
    }
    return std::nullopt;
}

std::optional<llvm::APInt> ArenaLayout::evaluate_expression(const llvm::ConstantExpr* expression) {
    if (expression->getType()->isVectorTy()) {
        return std::nullopt;
    }
    const unsigned bits = static_cast<unsigned>(data_.getTypeSizeInBits(expression->getType()).getFixedValue());
    const auto first = evaluate(expression->getOperand(0));
    if (!first) {
        return std::nullopt;
    }
    if (const auto* gep = llvm::dyn_cast<llvm::GEPOperator>(expression)) {
        llvm::APInt offset(data_.getPointerSizeInBits(0), 0);
        // An index may itself be made of addresses: the length of a constant text, for one.
        const auto index = [this](llvm::Value& value, llvm::APInt& result) {
            const auto* constant = llvm::dyn_cast<llvm::Constant>(&value);
            const auto number = constant != nullptr ? evaluate(constant) : std::nullopt;
            if (number) {
                result = *number;
            }
            return number.has_value();
        };
        if (!gep->accumulateConstantOffset(data_, offset, index)) {
            return std::nullopt;
        }
        return first->zextOrTrunc(offset.getBitWidth()) + offset;
    }
    switch (expression->getOpcode()) {
    case llvm::Instruction::PtrToInt:
    case llvm::Instruction::PtrToAddr:
    case llvm::Instruction::IntToPtr:
    case llvm::Instruction::Trunc:
    case llvm::Instruction::BitCast:
    case llvm::Instruction::AddrSpaceCast:
        return first->zextOrTrunc(bits);
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
    case llvm::Instruction::Xor: {
        const auto second = evaluate(expression->getOperand(1));
        if (!second || second->getBitWidth() != first->getBitWidth()) {
            return std::nullopt;
        }
        if (expression->getOpcode() == llvm::Instruction::Xor) {
            return *first ^ *second;
        }
        return expression->getOpcode() == llvm::Instruction::Add ? *first + *second : *first - *second;
    }
    default:
        return std::nullopt;
    }
}

void ArenaLayout::write_bits(std::uint64_t address, const llvm::APInt& value, std::uint64_t bytes) {
    const llvm::APInt wide = value.zextOrTrunc(static_cast<unsigned>(bytes * 8));
    for (std::uint64_t i = 0; i < bytes; ++i) {
        bytes_[address - data_start_ + i] =
            static_cast<std::uint8_t>(wide.extractBitsAsZExtValue(8, static_cast<unsigned>(i * 8)));
    }
}

// Lanes lie side by side without padding, those of less than a byte, too.
void ArenaLayout::write_lanes(std::uint64_t address,
                              const llvm::Constant& value,
                              const llvm::FixedVectorType& type,
                              const llvm::GlobalVariable& variable) {
    const auto bits = static_cast<unsigned>(data_.getTypeSizeInBits(type.getElementType()).getFixedValue());
    llvm::APInt whole(bits * type.getNumElements(), 0);
    for (unsigned i = 0; i < type.getNumElements(); ++i) {
        const llvm::Constant* lane = value.getAggregateElement(i);
        if (lane != nullptr && llvm::isa<llvm::UndefValue>(lane)) {
            continue;
        }
        const auto number = lane == nullptr ? std::nullopt : evaluate(lane);
        if (!number) {
            diagnostics_.refuse(variable, "an initial value that can't be computed before the program starts");
            return;
        }
        whole.insertBits(number->zextOrTrunc(bits), i * bits);
    }
    write_bits(address, whole, data_.getTypeStoreSize(value.getType()).getFixedValue());
}

void ArenaLayout::write(std::uint64_t address, const llvm::Constant* value, const llvm::GlobalVariable& variable) {
    if (value->isNullValue() || llvm::isa<llvm::UndefValue>(value)) {
        return;
    }
    if (const auto* data = llvm::dyn_cast<llvm::ConstantDataSequential>(value)) {
        const llvm::StringRef raw = data->getRawDataValues();  // in the host's byte order, which is the program's
        std::ranges::copy(raw.bytes(), bytes_.begin() + static_cast<std::ptrdiff_t>(address - data_start_));
    } else if (const auto* structure = llvm::dyn_cast<llvm::ConstantStruct>(value)) {
        const llvm::StructLayout* layout = data_.getStructLayout(structure->getType());
        for (unsigned i = 0; i < structure->getNumOperands(); ++i) {
            write(address + layout->getElementOffset(i).getFixedValue(), structure->getOperand(i), variable);
        }
    } else if (const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(value->getType())) {
        write_lanes(address, *value, *vector, variable);
    } else if (llvm::isa<llvm::ConstantAggregate>(value)) {
        const std::uint64_t stride = data_.getTypeAllocSize(value->getAggregateElement(0U)->getType()).getFixedValue();
        for (unsigned i = 0; i < value->getNumOperands(); ++i) {
            write(address + i * stride, llvm::cast<llvm::Constant>(value->getOperand(i)), variable);
        }
    } else if (const auto number = evaluate(value)) {
        write_bits(address, *number, data_.getTypeStoreSize(value->getType()).getFixedValue());
    } else {
        diagnostics_.refuse(variable, "an initial value that can't be computed before the program starts");
    }
}

void ArenaLayout::fill() {
    bytes_.resize(initialised_end_ - data_start_);
    for (const llvm::GlobalVariable& variable : source_.globals()) {
        if (addresses_.contains(&variable) && !variable.isDeclaration() && is_initialised(variable)) {
            write(addresses_[&variable], variable.getInitializer(), variable);
        }
    }
    if (!bytes_.empty()) {
        image_.segments.push_back({static_cast<std::uint32_t>(data_start_), std::move(bytes_)});
    }
}

}  // namespace tessera::lower
