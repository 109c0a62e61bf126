#include "safeir/inspect/proof_text.h"

#include "safeir/wire/byte_reader.h"
#include "safeir/wire/proof.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ModuleSlotTracker.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace tessera::safeir {
namespace {

class ProofReader {
  public:
    ProofReader(llvm::Function& function, std::span<const std::byte> proof)
        : in_(proof), slots_(function.getParent(), false) {
        slots_.incorporateFunction(function);
        for (llvm::Argument& argument : function.args()) {
            values_.push_back(&argument);
        }
        for (llvm::BasicBlock& block : function) {
            blocks_.push_back(&block);
            for (llvm::Instruction& instruction : block) {
                values_.push_back(&instruction);
            }
        }
    }

    ProofText read(std::size_t obligations) {
        for (std::uint64_t left = in_.varint(); left > 0 && !in_.failed(); --left) {
            (void)value();
            (void)in_.byte();
        }
        for (std::uint64_t left = in_.varint(); left > 0 && !in_.failed(); --left) {
            const llvm::Instruction* first = &block()->front();
            text_.lines.push_back({fmt::format("at {}: {} <= 0, as long as the block is entered", place(*first), sum()),
                                   first,
                                   true,
                                   {}});
        }
        while (text_.taken.size() < obligations && !in_.failed()) {
            line();
        }
        return std::move(text_);
    }

  private:
    static std::int64_t signed_of(std::uint64_t zigzag) {
        return static_cast<std::int64_t>(zigzag >> 1U) ^ -static_cast<std::int64_t>(zigzag & 1U);
    }
    llvm::Value* value() {
        last_value_ += static_cast<std::uint64_t>(signed_of(in_.varint()));
        return values_.at(last_value_);
    }
    llvm::BasicBlock* block() {
        last_block_ += static_cast<std::uint64_t>(signed_of(in_.varint()));
        return blocks_.at(last_block_);
    }
    std::string name(const llvm::Value* value) {
        std::string text;
        llvm::raw_string_ostream stream(text);
        value->printAsOperand(stream, false, slots_);
        return text;
    }
    std::string sum() {
        std::string text;
        for (std::uint64_t left = in_.varint(); left > 0 && !in_.failed(); --left) {
            const llvm::Value* part = value();
            const std::int64_t scale = signed_of(in_.varint());
            text += fmt::format("{}{}{}",
                                text.empty() ? (scale < 0 ? "-" : "") : (scale < 0 ? " - " : " + "),
                                scale == 1 || scale == -1 ? "" : fmt::format("{} ", scale < 0 ? -scale : scale),
                                name(part));
        }
        const std::int64_t high = signed_of(in_.varint());
        const std::int64_t constant = (high << 32U) + signed_of(in_.varint());  // for people: 2^64 - 1 is -1
        return text + (constant < 0 ? fmt::format(" - {}", -constant) : fmt::format(" + {}", constant));
    }
    static std::string place(const llvm::Instruction& at) {
        const std::string text = place_of(at);
        return text.empty() ? "an unknown line" : text;
    }

    std::vector<std::size_t> steps(std::uint64_t count) {
        std::vector<std::size_t> takes;
        for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) {
            const std::uint64_t step = in_.varint();
            if ((step & 1U) != 0) {
                (void)in_.varint();
            }
            take(step >> 1U, takes);
        }
        return takes;
    }
    void take(std::uint64_t distance, std::vector<std::size_t>& takes) const {
        if (distance != 0 && distance <= text_.lines.size()) {
            takes.push_back(text_.lines.size() - distance);
        }
    }
    std::vector<std::size_t> premises(unsigned count) {
        std::vector<std::size_t> takes;
        for (; count > 0; --count) {
            take(in_.varint(), takes);
        }
        return takes;
    }

    void line() {
        const std::uint8_t first = in_.byte();
        const std::uint64_t small = first >> 3U != wire::kSmallNumbers ? first >> 3U : in_.varint();
        switch (first & 7U) {
        case wire::kGoal: {
            std::set<std::size_t> all;
            std::vector<std::size_t> open = steps(small);
            while (!open.empty()) {
                const std::size_t at = open.back();
                open.pop_back();
                if (all.insert(at).second) {
                    open.insert(open.end(), text_.lines[at].takes.begin(), text_.lines[at].takes.end());
                }
            }
            text_.taken.emplace_back(all.begin(), all.end());
            break;
        }
        case wire::kState: {
            const std::string text = sum() + " <= 0";
            text_.lines.push_back({text, nullptr, false, steps(small)});
            break;
        }
        case wire::kShape:
            text_.lines.push_back({fmt::format("{} by its operation", name(value())), nullptr, false, {}});
            break;
        case wire::kExact: {
            const std::string text = name(value()) + " does not wrap";
            text_.lines.push_back({text, nullptr, false, premises(1)});
            break;
        }
        case wire::kTogether: {
            const std::string some = name(value());
            text_.lines.push_back(
                {fmt::format("{} and {} are bits of one number", some, name(value())), nullptr, false, {}});
            break;
        }
        default:
            edge(small);
        }
    }

    // A condition that was accepted: there is one at the end of the path.
    void edge(std::uint64_t flags) {
        const llvm::BasicBlock* to = block();
        const llvm::Instruction* end = to->getSinglePredecessor()->getTerminator();
        std::uint64_t path = (flags & wire::kEdgeHasPath) != 0 ? in_.varint() : 0;
        unsigned needed = 0;
        std::string text = name(end->getOperand(0)) + " is the case";
        if (const auto* branch = llvm::dyn_cast<llvm::BranchInst>(end)) {
            const bool holds = branch->getSuccessor(0) == to;
            const llvm::Value* condition = branch->getCondition();
            while (!llvm::isa<llvm::ICmpInst>(condition)) {
                const auto* whole = llvm::cast<llvm::User>(condition);
                const bool is_choice = llvm::isa<llvm::SelectInst>(whole);
                const unsigned second = is_choice && !holds ? 2 : 1;
                condition = whole->getOperand((path & 1U) != 0 ? second : 0);
                path >>= 1U;
            }
            const auto* compare = llvm::cast<llvm::ICmpInst>(condition);
            const auto predicate = holds ? compare->getPredicate() : compare->getInversePredicate();
            const auto* number = llvm::dyn_cast<llvm::ConstantInt>(compare->getOperand(1));
            const bool is_sign = number != nullptr && ((predicate == llvm::CmpInst::ICMP_SGT && number->isMinusOne()) ||
                                                       (predicate == llvm::CmpInst::ICMP_SGE && number->isZero()));
            needed = llvm::CmpInst::isSigned(predicate) && !is_sign ? 2 : (predicate == llvm::CmpInst::ICMP_NE ? 1 : 0);
            text = fmt::format("{} {} {}",
                               name(compare->getOperand(0)),
                               llvm::CmpInst::getPredicateName(predicate).str(),
                               name(compare->getOperand(1)));
        }
        text_.lines.push_back(
            {fmt::format("{}, the condition at {}", text, place(*end)), end, false, premises(needed)});
    }

    ByteReader in_;
    llvm::ModuleSlotTracker slots_;
    std::vector<llvm::Value*> values_;
    std::vector<llvm::BasicBlock*> blocks_;
    std::uint64_t last_value_ = 0;
    std::uint64_t last_block_ = 0;
    ProofText text_;
};

}  // namespace

std::string place_of(const llvm::Instruction& instruction) {
    const llvm::DILocation* location = instruction.getDebugLoc().get();
    if (location == nullptr || location->getLine() == 0) {
        return {};
    }
    return fmt::format(
        "{}:{}", std::filesystem::path(location->getFilename().str()).filename().string(), location->getLine());
}

ProofText read_proof(llvm::Function& function, std::span<const std::byte> proof, std::size_t obligations) {
    return ProofReader(function, proof).read(obligations);
}

}  // namespace tessera::safeir
