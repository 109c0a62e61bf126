#include "safeir/read/function_reader.h"

#include "safeir/spec/marks.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

#include <array>
#include <fmt/format.h>

namespace tessera::safeir {
namespace {

enum class How : std::uint8_t { None, Binary, Shift, Division, Cast, Data, Access, Memory, Call, Control };

struct Operation {
    How how = How::None;
    std::string_view parts;
    unsigned llvm = 0;
};

constexpr auto kOperations = [] {
    using enum llvm::Instruction::BinaryOps;
    using enum llvm::Instruction::CastOps;
    std::array<Operation, 256> table{};
#define TESSERA_OPERATION(code, name, parts, how, llvm) table[code] = {How::how, parts, llvm};
#include "safeir/spec/operations.def"
#undef TESSERA_OPERATION
    return table;
}();

bool is_number(const llvm::Type* type) { return type->isIntOrIntVectorTy() || type->isFPOrFPVectorTy(); }

bool is_in_memory(const llvm::Type* type) {
    return is_number(type) && !type->getScalarType()->isIntegerTy(1) && !type->getScalarType()->isIntegerTy(128);
}

bool is_word(const llvm::Type* type) { return type->isIntegerTy() && is_in_memory(type); }

bool is_type(char kind, const WireType& type) {
    switch (kind) {
    case 'T':
        return type.kind >= Kind::Int && type.kind <= Kind::Vector;
    case 'M':
        return type.in_memory;
    case 'W':
        return is_word(type.type);
    case 'C':
        return type.kind >= Kind::Int && type.kind <= Kind::Capability;
    default:
        return type.kind == Kind::Struct;
    }
}

bool fits(char kind, const llvm::Type* type, const llvm::Type* before) {
    switch (kind) {
    case '=':
        return type == before;
    case 'e':
        return type == before->getScalarType();
    case 'n':
        return is_number(type);
    case 'i':
        return type->isIntOrIntVectorTy();
    case 'f':
        return type->isFPOrFPVectorTy();
    case 'v':
        return type->isVectorTy();
    case 'x':
        return type->isIntegerTy();
    case 'b':
        return type->isIntegerTy(1);
    case 'o':
        return type->isIntegerTy(32);
    case 'O':
        return type->isIntegerTy(64);
    case 'w':
        return is_word(type);
    case 'c':
        return is_number(type) || type->isTargetExtTy();
    case 's':
        return type->isStructTy();
    default:
        return type->isPointerTy();
    }
}

}  // namespace

FunctionReader::FunctionReader(std::span<const std::byte> body,
                               const Limits& limits,
                               Budget& budget,
                               ProgramTables& tables,
                               const FunctionEntry& entry,
                               llvm::Module& module)
    : Reader(body, limits, budget), tables_(tables), entry_(entry), function_(entry.function), module_(module),
      builder_(module.getContext(), llvm::NoFolder(), ChargingInserter(budget, instructions_)),
      base_(entry.function->getArg(0)) {
    for (llvm::Argument& argument : llvm::drop_begin(function_->args())) {
        values_.push_back(&argument);
        if (argument.getType()->isPointerTy()) {
            const bool is_writable = argument.hasAttribute(marks::kWritableSlice);
            slices_[&argument] = {is_writable, function_->getArg(argument.getArgNo() + 1), nullptr};
        }
    }
    if (auto* scope = function_->getSubprogram()) {
        // Every instruction of a function with a scope has a location: LLVM's inliner relies on it.
        builder_.SetCurrentDebugLocation(llvm::DILocation::get(module.getContext(), 0, 0, scope));
    }
}

std::optional<Refusal> FunctionReader::read() {
    (void)(read_blocks() && finish_phis());
    if (refusal_) {
        refusal_->function = function_->getName().str();
        if (const llvm::DILocation* location = builder_.getCurrentDebugLocation().get();
            location != nullptr && location->getLine() != 0) {
            refusal_->location = fmt::format("{}:{}", location->getFilename().str(), location->getLine());
        }
    }
    return std::move(refusal_);
}

bool FunctionReader::read_blocks() {
    std::uint32_t blocks = 0;
    if (!read_count(wire::List::Blocks, blocks)) {
        return false;
    }
    if (blocks == 0) {
        return refuse(Rule::Malformed, "a function without blocks");
    }
    instructions_ += blocks;
    starts_.reserve(blocks);
    for (std::uint32_t i = 0; i < blocks; ++i) {
        starts_.push_back(llvm::BasicBlock::Create(module_.getContext(), "", function_));
    }
    ends_ = starts_;
    for (std::uint32_t i = 0; i < blocks; ++i) {
        builder_.SetInsertPoint(starts_[i]);
        phis_possible_ = true;
        for (bool open = true; open;) {
            const std::uint8_t op = in_.byte();
            if (in_.failed()) {
                return refuse(Rule::Malformed, "the function's body is cut off");
            }
            phis_possible_ = phis_possible_ && (op == wire::kPhi || op == wire::kLocation);
            open = op < wire::kRetVoid;
            if (!read_instruction(op)) {
                return refuse(Rule::Malformed, "an instruction is cut off or has an impossible part") && false;
            }
            if (instructions_ > limits_.function_instructions &&
                !refuse(Rule::Limit,
                        fmt::format("function_instructions: more than {}", limits_.function_instructions))) {
                return false;
            }
            if (!charge(0)) {
                return false;
            }
        }
        ends_[i] = builder_.GetInsertBlock();
    }
    return true;
}

bool FunctionReader::read_instruction(std::uint8_t op) {
    const Operation& operation = kOperations[op];
    Parts parts;
    for (const char kind : operation.parts) {
        if (!read_part(kind, parts)) {
            return false;
        }
    }
    const auto binary = static_cast<llvm::Instruction::BinaryOps>(operation.llvm);
    switch (operation.how) {
    case How::Binary:
        return push(builder_.CreateBinOp(binary, parts.values[0], parts.values[1]));
    case How::Shift:
        return make_shift(binary, parts);
    case How::Division:
        return make_division(binary, parts);
    case How::Cast:
        return make_cast(op, static_cast<llvm::Instruction::CastOps>(operation.llvm), parts);
    case How::Data:
        return make_data(op, parts);
    case How::Access:
        return make_access(op, parts);
    case How::Memory:
        return make_memory(op, parts);
    case How::Call:
        return make_call(op, parts);
    case How::Control:
        return make_control(op, parts);
    case How::None:
        break;
    }
    return refuse(Rule::Instruction, fmt::format("unknown operation {}", op));
}

// ---- parts ----

bool FunctionReader::read_part(char kind, Parts& parts) {
    const auto read_code = [&](std::size_t codes) {
        parts.numbers.push_back(in_.byte());
        return parts.numbers.back() < codes;
    };
    switch (kind) {
    case 'I':
        return read_code(wire::kICmpPredicates);
    case 'Y':
        return read_code(wire::kFCmpPredicates);
    case 'A':
        return read_code(wire::kOrderings);
    case 'R':
        return read_code(wire::kRmwOperations);
    case 'u':
        return read_code(256);
    case '#':
        parts.numbers.push_back(in_.varint32());
        return true;
    case 'B': {
        const std::uint32_t index = in_.varint32();
        parts.blocks.push_back(index < starts_.size() ? starts_[index] : nullptr);
        return parts.blocks.back() != nullptr;
    }
    case 'T':
    case 'M':
    case 'W':
    case 'C':
    case 'S':
        parts.type = tables_.type_at(in_.varint32());
        return (parts.type != nullptr && is_type(kind, *parts.type)) || refuse_operand();
    default:
        return read_operand(kind, parts);
    }
}

bool FunctionReader::read_operand(char kind, Parts& parts) {
    if (kind == 'F' || kind == 'D') {
        const std::uint32_t index = in_.varint32();
        if (index >= (kind == 'F' ? frames_.size() : tables_.data_tables.size())) {
            return refuse_operand();
        }
        parts.values.push_back(kind == 'F' ? static_cast<llvm::Value*>(frames_[index]) : tables_.data_tables[index]);
        return true;
    }
    llvm::Value* value = operand();
    const llvm::Type* type = value != nullptr ? value->getType() : nullptr;
    if (kind == 'm') {
        if ((type == nullptr || !is_in_memory(type)) && !refuse(Rule::MemoryType, "what memory can't hold is stored")) {
            return false;
        }
    } else if (type == nullptr ||
               (kind == 'r' ? type != function_->getReturnType()
                            : !fits(kind, type, parts.values.empty() ? nullptr : parts.values.back()->getType()))) {
        return refuse_operand();
    }
    parts.values.push_back(value);
    return true;
}

llvm::Value* FunctionReader::operand() {
    const std::uint64_t code = in_.varint();
    const std::uint64_t index = code >> 1U;
    if ((code & 1U) != 0) {
        return index < tables_.constants.size() ? tables_.constants[index] : nullptr;
    }
    return index >= 1 && index <= values_.size() ? values_[values_.size() - index] : nullptr;
}

bool FunctionReader::push(llvm::Value* value) {
    values_.push_back(value);
    return true;
}

// ---- control flow ----

void FunctionReader::trap(TrapReason reason) {
    intrinsic(llvm::Intrinsic::ubsantrap, {}, {builder_.getInt8(static_cast<std::uint8_t>(reason))});
    builder_.CreateUnreachable();
}

void FunctionReader::trap_if(llvm::Value* condition, TrapReason reason) {
    auto* trapping = llvm::BasicBlock::Create(module_.getContext(), "", function_);
    auto* following = llvm::BasicBlock::Create(module_.getContext(), "", function_, trapping);
    builder_.CreateCondBr(condition, trapping, following);
    instructions_ += 2;
    budget_.charge(std::uint64_t{2} * wire::entry(wire::List::Blocks).bytes);
    builder_.SetInsertPoint(trapping);
    trap(reason);
    builder_.SetInsertPoint(following);
}

bool FunctionReader::make_control(std::uint8_t op, const Parts& parts) {
    switch (op) {
    case wire::kLocation:
        return make_location(parts.numbers[0]);
    case wire::kRetVoid:
        builder_.CreateRetVoid();
        return function_->getReturnType()->isVoidTy() || refuse_operand();
    case wire::kRet:
        builder_.CreateRet(parts.values[0]);
        return true;
    case wire::kBr:
        builder_.CreateBr(parts.blocks[0]);
        return true;
    case wire::kCondBr:
        builder_.CreateCondBr(parts.values[0], parts.blocks[0], parts.blocks[1]);
        return true;
    case wire::kSwitch:
        return make_switch(parts);
    default:
        trap(static_cast<TrapReason>(parts.numbers[0]));
        return true;
    }
}

bool FunctionReader::make_location(std::uint32_t index) {
    if (index >= tables_.locations.size() || entry_.subprogram == 0 ||
        tables_.locations[index].root_subprogram != entry_.subprogram - 1) {
        return refuse(Rule::Malformed, "a debug location of another function");
    }
    builder_.SetCurrentDebugLocation(tables_.locations[index].location);
    return true;
}

bool FunctionReader::make_switch(const Parts& parts) {
    std::uint32_t cases = 0;
    if (!read_count(wire::List::SwitchCases, cases)) {
        return false;
    }
    auto* switched = builder_.CreateSwitch(parts.values[0], parts.blocks[0], cases);
    llvm::DenseSet<llvm::ConstantInt*> seen;
    for (std::uint32_t i = 0; i < cases; ++i) {
        Parts one;
        one.values.push_back(parts.values[0]);
        if (!read_part('=', one) || !read_part('B', one)) {
            return false;
        }
        auto* constant = llvm::dyn_cast<llvm::ConstantInt>(one.values[1]);
        if (constant == nullptr || !seen.insert(constant).second) {
            return refuse(Rule::Malformed, "a switch case is no constant, or is there twice");
        }
        switched->addCase(constant, one.blocks[0]);
    }
    instructions_ += cases;
    return true;
}

bool FunctionReader::make_phi(const WireType& type) {
    std::uint32_t count = 0;
    if (!read_count(wire::List::PhiEntries, count)) {
        return false;
    }
    if (!phis_possible_) {
        return refuse(Rule::Malformed, "a phi after other instructions");
    }
    llvm::PHINode* phi = builder_.CreatePHI(type.type, count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t from = in_.varint32();
        pending_.push_back({phi, from, in_.varint()});
    }
    instructions_ += count;
    return push(phi) && !in_.failed();
}

bool FunctionReader::finish_phis() {
    for (const PendingPhi& pending : pending_) {
        const std::uint64_t index = pending.source >> 1U;
        llvm::Value* value = nullptr;
        if ((pending.source & 1U) != 0) {
            value = index < tables_.constants.size() ? tables_.constants[index] : nullptr;
        } else {
            value = index < values_.size() ? values_[index] : nullptr;
        }
        if (value == nullptr || pending.block >= ends_.size() || value->getType() != pending.phi->getType()) {
            return refuse(Rule::OperandType, "a phi merges a value or block that isn't there, or is of another type");
        }
        pending.phi->addIncoming(value, ends_[pending.block]);
    }
    return true;
}

}  // namespace tessera::safeir
