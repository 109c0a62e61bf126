#include "safeir/read/function_reader.h"

#include "safeir/spec/marks.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

#include <algorithm>
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
    blocks_.resize(blocks);
    for (Block& block : blocks_) {
        block.start = llvm::BasicBlock::Create(module_.getContext(), "", function_);
    }
    for (block_ = 0; block_ < blocks; ++block_) {
        Block& block = blocks_[block_];
        if (block_ != 0 && block.first_from == kNone) {
            return refuse(Rule::Blocks, "an unreachable block, or one before all that lead to it");
        }
        builder_.SetInsertPoint(block.start);
        begin_ = block.end = static_cast<std::uint32_t>(tree_.size());
        tree_.push_back({block.start, block_ != 0 ? blocks_[block.first_from].end : 0});
        phis_possible_ = true;
        for (bool open = true; open;) {
            const std::uint8_t op = in_.byte();
            if (in_.failed()) {
                return refuse(Rule::Malformed, "the function's body is cut off");
            }
            phis_possible_ = phis_possible_ && (op == wire::kPhi || op == wire::kLocation || op == wire::kAbove);
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
    case 'B':
        return read_target(parts);
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
    return value_of(code & 1U, (code & 1U) != 0 ? code >> 1U : values_.size() - (code >> 1U));
}

// By number; null: there is none.
llvm::Value* FunctionReader::value_of(bool is_constant, std::uint64_t number) const {
    if (is_constant) {
        return number < tables_.constants.size() ? tables_.constants[number] : nullptr;
    }
    return number < values_.size() ? values_[number] : nullptr;
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
    std::uint32_t& end = blocks_[block_].end;
    tree_.push_back({trapping, end});
    tree_.push_back({following, end});
    end = static_cast<std::uint32_t>(tree_.size() - 1);
    builder_.SetInsertPoint(trapping);
    trap(reason);
    builder_.SetInsertPoint(following);
}

bool FunctionReader::make_control(std::uint8_t op, const Parts& parts) {
    switch (op) {
    case wire::kLocation:
        return make_location(parts.numbers[0]);
    case wire::kAbove:
        return read_above(parts.numbers[0]);
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

bool FunctionReader::read_target(Parts& parts) {
    const std::uint32_t index = in_.varint32();
    if (index >= blocks_.size()) {
        return false;
    }
    if (index == 0) {
        return refuse(Rule::Blocks, "a way back to the function's first block");
    }
    blocks_[index].first_from = std::min(blocks_[index].first_from, block_);
    parts.blocks.push_back(blocks_[index].start);
    return true;
}

// The next block that every way to this one leads through, where it isn't the first of the file that leads here.
bool FunctionReader::read_above(std::uint32_t distance) {
    if (distance == 0 || distance > block_) {
        return false;
    }
    tree_[begin_].above = blocks_[block_ - distance].end;
    return true;
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
    pending_.push_back({phi, sources_.size(), count});
    for (std::uint32_t i = 0; i < count; ++i) {
        sources_.push_back(in_.varint());
    }
    return push(phi) && !in_.failed();
}

// One value for each block that leads here, in the order of the file, however many edges it has.
bool FunctionReader::finish_phis() {
    for (const PendingPhi& pending : pending_) {
        // LLVM has what came last first.
        llvm::SmallVector<llvm::BasicBlock*, 8> edges(llvm::predecessors(pending.phi->getParent()));
        if (edges.empty()) {  // the first block: what it would be is whatever is in the register
            return refuse(Rule::Dominance, "a phi in a block that none leads to");
        }
        instructions_ += edges.size();
        if (!charge(edges.size() * wire::entry(wire::List::PhiEntries).bytes)) {
            return false;
        }
        std::uint32_t taken = 0;
        llvm::Value* value = nullptr;
        const llvm::BasicBlock* before = nullptr;
        for (llvm::BasicBlock* from : llvm::reverse(edges)) {
            if (from != before) {
                const std::uint64_t source = taken < pending.count ? sources_[pending.first + taken] : ~0ULL;
                value = value_of(source & 1U, source >> 1U);
                ++taken;
            }
            if (value == nullptr || value->getType() != pending.phi->getType()) {
                return refuse(Rule::OperandType, "a phi merges a value that isn't there, or is of another type");
            }
            pending.phi->addIncoming(value, from);
            before = from;
        }
        if (taken != pending.count) {
            return refuse(Rule::Dominance, "a phi has more values than blocks lead to it");
        }
    }
    return true;
}

}  // namespace tessera::safeir
