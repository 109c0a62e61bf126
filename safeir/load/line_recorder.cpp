#include "safeir/load/line_recorder.h"

#include "llvm/CodeGen/AsmPrinterHandler.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/IR/Function.h"
#include "llvm/MC/MCStreamer.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

namespace tessera::safeir {

class LineListener final : public llvm::AsmPrinterHandler {
  public:
    LineListener(LineRecorder& recorder, llvm::AsmPrinter& printer) : recorder_(recorder), printer_(printer) {}

    void beginFunction(const llvm::MachineFunction* function) override {
        const auto index = function_index(function->getName());
        known_ = index.has_value();
        if (!known_) {
            return;
        }
        recorder_.begin_function(*index, here());
        last_ = nullptr;
        if (const auto* origin =
                llvm::dyn_cast_or_null<llvm::DISubprogram>(function->getFunction().getMetadata(kOriginMetadata))) {
            recorder_.note(here(), origin->getFile(), origin->getLine());
        }
    }

    void beginInstruction(const llvm::MachineInstr* instruction) override {
        const auto* location = instruction->getDebugLoc().get();
        // Line 0 is the compiler's own code, which keeps the line before it.
        if (location == last_ || location == nullptr || location->getLine() == 0 || !known_ ||
            instruction->isMetaInstruction()) {
            return;
        }
        last_ = location;
        recorder_.note(here(), location->getFile(), location->getLine());
    }

    void endFunction(const llvm::MachineFunction* /*function*/) override {}
    void endModule() override {}

  private:
    [[nodiscard]] LineRecorder::Start here() const {
        const auto* fragment = printer_.OutStreamer->getCurrentFragment();
        return {fragment, fragment->getFixedSize()};
    }

    LineRecorder& recorder_;
    llvm::AsmPrinter& printer_;
    const llvm::DILocation* last_ = nullptr;
    bool known_ = false;
};

void LineRecorder::listen_to(llvm::AsmPrinter& printer) {
    printer.addAsmPrinterHandler(std::make_unique<LineListener>(*this, printer));
}

void LineRecorder::note(Start where, const llvm::DIFile* file, std::uint32_t line) {
    notes_.push_back({where.fragment, where.offset, {function_, 0, index_of(file), line}, notes_.size()});
}

std::uint32_t LineRecorder::index_of(const llvm::DIFile* file) {
    const auto [entry, added] = file_indices_.try_emplace(file, static_cast<std::uint32_t>(table_.files.size()));
    if (added) {
        table_.files.push_back(file == nullptr ? std::string() : file->getFilename().str());
    }
    return entry->second;
}

void LineRecorder::resolve(const llvm::MCAssembler& assembler) {
    for (auto& note : notes_) {
        const auto start = starts_.lookup(note.row.function);
        note.row.offset = static_cast<std::uint32_t>(assembler.getFragmentOffset(*note.fragment) + note.offset -
                                                     assembler.getFragmentOffset(*start.fragment) - start.offset);
    }
}

LineTable LineRecorder::take() {
    std::ranges::sort(notes_, [](const Note& a, const Note& b) {
        return std::tie(a.row.function, a.row.offset, a.order) < std::tie(b.row.function, b.row.offset, b.order);
    });
    // Several notes of one address: the last one counts.
    auto& rows = table_.rows;
    for (const auto& note : notes_) {
        const auto& row = note.row;
        if (!rows.empty() && rows.back().function == row.function && rows.back().offset == row.offset) {
            rows.back() = row;
        } else if (rows.empty() || rows.back().function != row.function || rows.back().file != row.file ||
                   rows.back().line != row.line) {
            rows.push_back(row);
        }
    }
    notes_.clear();
    starts_.clear();
    file_indices_.clear();
    return std::exchange(table_, {});
}

}  // namespace tessera::safeir
