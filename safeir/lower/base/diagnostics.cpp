#include "safeir/lower/base/diagnostics.h"

#include "core/base/printable.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DebugLoc.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instruction.h"
#include "llvm/IR/Module.h"

#include <algorithm>

namespace tessera::lower {

std::string display_name(const llvm::Function& function) {
    if (const auto* program = function.getSubprogram(); program != nullptr && !program->getName().empty()) {
        return program->getName().str();
    }
    return llvm::demangle(function.getName());
}

static std::string position(const llvm::Instruction& where) {
    if (const llvm::DebugLoc& location = where.getDebugLoc()) {
        return location->getFilename().str() + ":" + std::to_string(location.getLine()) + ": ";
    }
    if (const auto* program = where.getFunction()->getSubprogram()) {
        return program->getFilename().str() + ":" + std::to_string(program->getLine()) + ": ";
    }
    return "";
}

void Diagnostics::refuse(const llvm::Instruction& where, const llvm::Twine& text) {
    add(position(where) + "error: " + text.str() + " (in function " + display_name(*where.getFunction()) + ")", true);
}

void Diagnostics::refuse(const llvm::Function& where, const llvm::Twine& text) {
    std::string place;
    if (const auto* program = where.getSubprogram()) {
        place = program->getFilename().str() + ":" + std::to_string(program->getLine()) + ": ";
    }
    add(place + "error: " + text.str() + " (in function " + display_name(where) + ")", true);
}

// The first use of a variable in code; variables themselves have lines only with -g.
static std::string position_of_use(const llvm::GlobalVariable& variable) {
    constexpr std::size_t kSeenMax = 1000;
    llvm::SmallVector<const llvm::User*> work(variable.users());
    for (std::size_t at = 0; at < work.size() && at < kSeenMax; ++at) {
        if (const auto* instruction = llvm::dyn_cast<llvm::Instruction>(work[at])) {
            return position(*instruction);
        }
        if (llvm::isa<llvm::Constant>(work[at])) {
            llvm::append_range(work, work[at]->users());
        }
    }
    return "";
}

void Diagnostics::refuse(const llvm::GlobalVariable& where, const llvm::Twine& text) {
    llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> debug;
    where.getDebugInfo(debug);
    std::string place;
    if (debug.empty()) {
        place = position_of_use(where);
    } else {
        const auto* variable = debug.front()->getVariable();
        place = variable->getFilename().str() + ":" + std::to_string(variable->getLine()) + ": ";
    }
    add(place + "error: " + text.str() + " (variable " + llvm::demangle(where.getName()) + ")", true);
}

void Diagnostics::error(const llvm::Twine& text) { add("error: " + text.str(), true); }

void Diagnostics::warn(const llvm::Twine& text) { add("warning: " + text.str(), false); }

void Diagnostics::add(std::string line, bool is_error) {
    errors_ += is_error ? 1 : 0;
    line = printable(line);  // names in it are those of whoever made the bitcode
    if (lines_.size() < kLinesMax && std::ranges::find(lines_, line) == lines_.end()) {
        lines_.push_back(std::move(line));
    }
}

}  // namespace tessera::lower
