#include "safeir/prove/zero_bits.h"

#include "safeir/check/multiples.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Instructions.h"

namespace tessera::safeir {
namespace {

constexpr std::size_t kValuesMax = 24;

bool keeps_bits(const llvm::Value* value) {
    if (llvm::isa<llvm::PHINode, llvm::ZExtInst, llvm::TruncInst>(value)) {
        return true;
    }
    switch (const Operation op = operation(const_cast<llvm::Value*>(value));
            op.binary != nullptr ? op.binary->getOpcode() : llvm::Instruction::UDiv) {
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
    case llvm::Instruction::Or:
    case llvm::Instruction::Xor:
    case llvm::Instruction::And:
    case llvm::Instruction::Mul:
    case llvm::Instruction::Shl:
        return true;
    default:
        return false;
    }
}

}  // namespace

// All bits are claimed of each value on the way, and what does not follow is taken back until the rest does.
std::vector<std::pair<llvm::Value*, unsigned>> claims_of(llvm::Value* value) {
    llvm::SetVector<llvm::Value*> values;
    const auto reach = [&](llvm::Value* each) {
        if (values.size() < kValuesMax && is_number(each) && keeps_bits(each)) {
            values.insert(each);
        }
    };
    reach(value);
    for (std::size_t at = 0; at < values.size(); ++at) {
        for (llvm::Value* operand : llvm::cast<llvm::User>(values[at])->operands()) {
            reach(operand);
        }
    }
    std::vector<std::pair<llvm::Value*, unsigned>> claims;
    for (llvm::Value* each : values) {
        claims.emplace_back(each, 64);
    }
    for (bool is_changed = true; is_changed;) {
        Multiples multiples;
        for (const auto& [each, bits] : claims) {
            (void)multiples.claim(each, bits);
        }
        is_changed = false;
        for (auto& [each, bits] : claims) {
            const unsigned least = multiples.zero_bits_of_result(each);
            is_changed = is_changed || least < bits;
            bits = std::min(bits, least);
        }
    }
    std::erase_if(claims, [&](const auto& claim) { return claim.second == 0 && claim.first != value; });
    return claims;
}

}  // namespace tessera::safeir
