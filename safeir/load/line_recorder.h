// Source lines of generated code, noted while the code generator writes it: making DWARF and reading it back took a
// third of the time of code generation. Modules need no debug information but the locations of their instructions.
#pragma once

#include "safeir/load/line_table.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/MC/MCAssembler.h"
#include "llvm/MC/MCSection.h"

#include <cstdint>
#include <vector>

namespace tessera::safeir {

// The metadata by which a function tells where it begins: its subprogram, under a name that no pass of LLVM knows.
inline constexpr llvm::StringLiteral kOriginMetadata = "tessera.origin";

class LineRecorder {
  public:
    // Makes the printer tell this recorder of every instruction. The recorder must outlive the printer.
    void listen_to(llvm::AsmPrinter& printer);
    // Once all code has its address, and before the assembler forgets it.
    void resolve(const llvm::MCAssembler& assembler);
    // Ready for the next object then.
    [[nodiscard]] LineTable take();

  private:
    friend class LineListener;
    // A place in the code that has no address yet.
    struct Note {
        const llvm::MCFragment* fragment;
        std::uint64_t offset;
        LineTable::Row row;
        std::size_t order;
    };
    struct Start {
        const llvm::MCFragment* fragment;
        std::uint64_t offset;
    };

    void begin_function(std::uint32_t function, Start start) {
        function_ = function;
        starts_[function] = start;
    }
    void note(Start where, const llvm::DIFile* file, std::uint32_t line);
    std::uint32_t index_of(const llvm::DIFile* file);

    std::uint32_t function_ = 0;
    std::vector<Note> notes_;
    llvm::DenseMap<std::uint32_t, Start> starts_;
    llvm::DenseMap<const llvm::DIFile*, std::uint32_t> file_indices_;
    LineTable table_;
};

}  // namespace tessera::safeir
