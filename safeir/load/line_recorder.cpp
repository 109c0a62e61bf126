#include "safeir/load/line_recorder.h"

#include "safeir/load/clone.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/CodeGen/AsmPrinterHandler.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/MC/MCStreamer.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

namespace tessera::safeir {
namespace {

using Frame = LineTable::Frame;

// What an instruction does to the frame: `push %rbp`, `mov %rsp, %rbp` where it is made, `pop %rbp` where it goes.
Frame frame_after(const llvm::MachineInstr& instruction, Frame before) {
    const bool makes = instruction.getFlag(llvm::MachineInstr::FrameSetup);
    if ((!makes && !instruction.getFlag(llvm::MachineInstr::FrameDestroy)) || instruction.getNumOperands() == 0 ||
        !instruction.getOperand(0).isReg()) {
        return before;
    }
    const auto& target = instruction.getMF()->getSubtarget();
    const llvm::StringRef name = target.getInstrInfo()->getName(instruction.getOpcode());
    if (llvm::StringRef(target.getRegisterInfo()->getName(instruction.getOperand(0).getReg())) != "RBP") {
        return before;
    }
    return makes && name == "PUSH64r" && before == Frame::AtTop ? Frame::BelowTop
           : makes && name == "MOV64rr"                         ? Frame::Made
           : !makes && name == "POP64r"                         ? Frame::AtTop
                                                                : before;
}

// The frame where a block begins, by the block's number. All ways to a block agree on it.
llvm::SmallVector<Frame> frames_of_blocks(const llvm::MachineFunction& function) {
    llvm::SmallVector<Frame> frames(function.getNumBlockIDs(), Frame::Made);
    llvm::SmallVector<bool> seen(function.getNumBlockIDs(), false);
    llvm::SmallVector<const llvm::MachineBasicBlock*> work{&function.front()};
    frames[static_cast<unsigned>(function.front().getNumber())] = Frame::AtTop;
    seen[static_cast<unsigned>(function.front().getNumber())] = true;
    while (!work.empty()) {
        const auto& block = *work.pop_back_val();
        auto frame = frames[static_cast<unsigned>(block.getNumber())];
        for (const auto& instruction : block) {
            frame = frame_after(instruction, frame);
        }
        for (const auto* next : block.successors()) {
            const auto number = static_cast<unsigned>(next->getNumber());
            if (!seen[number]) {
                seen[number] = true;
                frames[number] = frame;
                work.push_back(next);
            }
        }
    }
    return frames;
}

bool same_call(const llvm::DILocation& a, const llvm::DILocation& b) {
    return a.getInlinedAt() == b.getInlinedAt() && a.getScope()->getSubprogram() == b.getScope()->getSubprogram();
}

}  // namespace

class LineListener final : public llvm::AsmPrinterHandler {
  public:
    LineListener(LineRecorder& recorder, llvm::AsmPrinter& printer) : recorder_(recorder), printer_(printer) {}

    void beginFunction(const llvm::MachineFunction* function) override {
        const auto index = function_index(function->getName());
        known_ = index.has_value();
        if (!known_) {
            return;
        }
        const auto* origin =
            llvm::dyn_cast_or_null<llvm::DISubprogram>(function->getFunction().getMetadata(kOriginMetadata));
        recorder_.begin_function(*index, origin, here());
        last_ = nullptr;
        block_ = nullptr;
        frame_ = noted_frame_ = Frame::AtTop;
        frames_ = frames_of_blocks(*function);
    }

    void beginInstruction(const llvm::MachineInstr* instruction) override {
        if (!known_ || instruction->isMetaInstruction()) {
            return;
        }
        if (instruction->getParent() != block_) {
            block_ = instruction->getParent();
            frame_ = frames_[static_cast<unsigned>(block_->getNumber())];
        }
        note_frame();
        frame_ = frame_after(*instruction, frame_);
        const auto* location = instruction->getDebugLoc().get();
        // The compiler's own code, which has no line, keeps the line before it.
        if (location == last_ || location == nullptr ||
            (location->getLine() == 0 && last_ != nullptr && same_call(*location, *last_))) {
            return;
        }
        last_ = location;
        recorder_.note_place(here(), recorder_.place_of(location));
    }

    // Also before padding that follows.
    void endInstruction() override {
        if (known_) {
            note_frame();
        }
    }

    void endFunction(const llvm::MachineFunction* /*function*/) override {}
    void endModule() override {}

  private:
    void note_frame() {
        if (frame_ != noted_frame_) {
            recorder_.note_frame(here(), frame_);
            noted_frame_ = frame_;
        }
    }

    [[nodiscard]] LineRecorder::Position here() const {
        const auto* fragment = printer_.OutStreamer->getCurrentFragment();
        return {fragment, fragment->getFixedSize()};
    }

    LineRecorder& recorder_;
    llvm::AsmPrinter& printer_;
    const llvm::DILocation* last_ = nullptr;
    const llvm::MachineBasicBlock* block_ = nullptr;
    llvm::SmallVector<Frame> frames_;
    Frame frame_ = Frame::AtTop;
    Frame noted_frame_ = Frame::AtTop;
    bool known_ = false;
};

void LineRecorder::listen_to(llvm::AsmPrinter& printer) {
    printer.addAsmPrinterHandler(std::make_unique<LineListener>(*this, printer));
}

void LineRecorder::begin_function(std::uint32_t function, const llvm::DISubprogram* origin, Position start) {
    function_ = function;
    starts_[function] = start;
    known_.clear();
    root_ = origin == nullptr ? place({scope("", ""), 0, 0}) : 0;
    note_place(start,
               origin == nullptr ? root_
                                 : place({scope(origin->getName(), origin->getFilename()), origin->getLine(), 0}));
    note_frame(start, Frame::AtTop);
}

std::uint32_t LineRecorder::place_of(const llvm::DILocation* location) {
    llvm::SmallVector<const llvm::DILocation*, 8> chain;  // outermost last
    const auto* at = location;
    for (; at != nullptr && !known_.contains(at); at = at->getInlinedAt()) {
        chain.push_back(at);
    }
    auto number = at == nullptr ? root_ : known_.lookup(at);
    while (!chain.empty()) {
        at = chain.pop_back_val();
        const auto& function = *at->getScope()->getSubprogram();
        number = place({scope(function.getName(), function.getFilename()), at->getLine(), number});
        known_[at] = number;
    }
    return number;
}

std::uint32_t LineRecorder::scope(llvm::StringRef name, llvm::StringRef file) {
    return index_of({text(name), text(file)}, scopes_, table_.scopes);
}

std::uint32_t LineRecorder::text(llvm::StringRef text) {
    const auto [entry, added] = strings_.try_emplace(text, static_cast<std::uint32_t>(table_.strings.size()));
    if (added) {
        table_.strings.push_back(text.str());
    }
    return entry->second;
}

void LineRecorder::resolve(const llvm::MCAssembler& assembler) {
    for (auto& note : notes_) {
        const auto start = starts_.lookup(note.function);
        note.offset = static_cast<std::uint32_t>(assembler.getFragmentOffset(*note.where.fragment) + note.where.offset -
                                                 assembler.getFragmentOffset(*start.fragment) - start.offset);
    }
}

LineTable LineRecorder::take() {
    std::ranges::sort(notes_, [](const Note& a, const Note& b) {
        return std::tie(a.function, a.offset, a.order) < std::tie(b.function, b.offset, b.order);
    });
    auto& rows = table_.rows;
    LineTable::Row now;
    for (const auto& note : notes_) {
        if (rows.empty() || note.function != now.function) {
            now = {note.function, 0, 0, Frame::AtTop};
        }
        now.offset = note.offset;
        now.place = note.place.value_or(now.place);
        now.frame = note.frame.value_or(now.frame);
        // Several notes of one address: the last one counts.
        if (!rows.empty() && rows.back().function == now.function && rows.back().offset == now.offset) {
            rows.pop_back();
        }
        if (rows.empty() || rows.back().function != now.function || rows.back().place != now.place ||
            rows.back().frame != now.frame) {
            rows.push_back(now);
        }
    }
    notes_.clear();
    starts_.clear();
    known_.clear();
    strings_.clear();
    scopes_.clear();
    places_.clear();
    return std::exchange(table_, {});
}

}  // namespace tessera::safeir
