#include "test/hostile/proof_text.h"

#include "safeir/prove/byte_writer.h"
#include "safeir/wire/proof.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <fmt/format.h>
#include <map>

namespace tessera::hostile {
namespace {

using namespace safeir::wire;

const std::map<std::string_view, unsigned, std::less<>> kLines = {
    {"goal", kGoal},
    {"state", kState},
    {"shape", kShape},
    {"exact", kExact},
    {"edge", kEdge},
    {"together", kTogether},
    {"unknown", 7},
};

std::uint64_t zigzag(std::int64_t number) {
    return static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63U);
}

}  // namespace

Result<std::vector<std::byte>> proof_from_text(std::string_view text, llvm::Function& function) {
    llvm::StringMap<std::int64_t> values;
    llvm::StringMap<std::int64_t> blocks;
    std::int64_t number = 0;
    for (const llvm::Argument& argument : function.args()) {
        values[argument.getName()] = number++;
    }
    std::int64_t block_number = 0;
    for (const llvm::BasicBlock& block : function) {
        blocks[block.getName()] = block_number++;
        for (const llvm::Instruction& instruction : block) {
            if (instruction.hasName()) {
                values[instruction.getName()] = number;
            }
            ++number;
        }
    }
    safeir::ByteWriter out;
    std::int64_t last_value = 0;
    std::int64_t last_block = 0;
    llvm::SmallVector<llvm::StringRef, 32> words;
    llvm::SplitString(text, words);
    for (const llvm::StringRef word : words) {
        if (word == "none") {
            continue;
        }
        const auto [kind, small] = word.split('/');
        const auto line = kLines.find(std::string_view(kind));
        std::int64_t value = 0;
        if (line != kLines.end() && !small.getAsInteger(10, value)) {
            out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(value) << 3U | line->second));
        } else if (word.starts_with("%") || word.starts_with("^")) {
            const bool is_value = word.front() == '%';
            const auto& numbers = is_value ? values : blocks;
            const auto found = numbers.find(word.drop_front());
            if (found == numbers.end()) {
                return fail(Blame::Caller, fmt::format("proof text: there is no '{}'", word.str()));
            }
            std::int64_t& last = is_value ? last_value : last_block;
            out.varint(zigzag(found->second - last));
            last = found->second;
        } else if (word.starts_with("+") && !word.drop_front().getAsInteger(10, value)) {
            out.varint(zigzag(value));
        } else if (word.starts_with("-") && !word.getAsInteger(10, value)) {
            out.varint(zigzag(value));
        } else if (!word.getAsInteger(10, value)) {
            out.varint(static_cast<std::uint64_t>(value));
        } else {
            return fail(Blame::Caller, fmt::format("proof text: '{}' is no part of a proof", word.str()));
        }
    }
    return out.data();
}

}  // namespace tessera::hostile
