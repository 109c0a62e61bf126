// What the compiler side says to a programmer: one clear line for each thing that it can't lower.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <string>
#include <vector>

namespace llvm {
class DebugLoc;
class Function;
class GlobalVariable;
class Instruction;
}  // namespace llvm

namespace tessera::lower {

// Collects refusals. Lowering goes on after one, with a placeholder value, so that a program's author sees several at a
// time; nothing is written when any was collected.
class Diagnostics {
  public:
    // "file.c:12: error: TEXT (in function f)"; without debug information the function alone names the place.
    void refuse(const llvm::Instruction& where, const llvm::Twine& text);
    void refuse(const llvm::Function& where, const llvm::Twine& text);
    void refuse(const llvm::GlobalVariable& where, const llvm::Twine& text);
    void error(const llvm::Twine& text);
    void warn(const llvm::Twine& text);

    [[nodiscard]] bool failed() const { return errors_ != 0; }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

  private:
    void add(std::string line, bool is_error);

    static constexpr unsigned kLinesMax = 20;  // a program with more faults than this is not read further by anyone
    unsigned errors_ = 0;
    std::vector<std::string> lines_;
};

// The source name of a function, without LLVM's or C++'s decoration where it can be had.
std::string display_name(const llvm::Function& function);

}  // namespace tessera::lower
