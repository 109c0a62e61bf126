// Source lines of generated code, noted while the code generator writes it: making DWARF and reading it back took a
// third of the time of code generation. Modules need no debug information but the locations of their instructions.
//
// Noted are, for each address, the place with its chain of inlined calls, and where the return address is.
#pragma once

#include "safeir/load/line_table.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/MC/MCAssembler.h"
#include "llvm/MC/MCSection.h"

#include <cstdint>
#include <map>
#include <optional>
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
    struct Position {
        const llvm::MCFragment* fragment;
        std::uint64_t offset;
    };
    // Something that changes at a position in the code, which has no address yet.
    struct Note {
        Position where;
        std::uint32_t function;
        std::uint32_t offset;
        std::size_t order;
        std::optional<std::uint32_t> place;
        std::optional<LineTable::Frame> frame;
    };

    void begin_function(std::uint32_t function, const llvm::DISubprogram* origin, Position start);
    void note_place(Position where, std::uint32_t place) {
        notes_.push_back({where, function_, 0, notes_.size(), place, std::nullopt});
    }
    void note_frame(Position where, LineTable::Frame frame) {
        notes_.push_back({where, function_, 0, notes_.size(), std::nullopt, frame});
    }

    [[nodiscard]] std::uint32_t place_of(const llvm::DILocation* location);
    std::uint32_t place(const LineTable::Place& place) { return 1 + index_of(place, places_, table_.places); }
    std::uint32_t scope(llvm::StringRef name, llvm::StringRef file);
    std::uint32_t text(llvm::StringRef text);
    template <typename T>
    static std::uint32_t index_of(const T& value, std::map<T, std::uint32_t>& indices, std::vector<T>& values) {
        const auto [entry, added] = indices.try_emplace(value, static_cast<std::uint32_t>(values.size()));
        if (added) {
            values.push_back(value);
        }
        return entry->second;
    }

    std::uint32_t function_ = 0;
    std::uint32_t root_ = 0;  // what the current function's places are inlined into
    std::vector<Note> notes_;
    llvm::DenseMap<std::uint32_t, Position> starts_;
    llvm::DenseMap<const llvm::DILocation*, std::uint32_t> known_;  // of the current function
    llvm::StringMap<std::uint32_t> strings_;
    std::map<LineTable::Scope, std::uint32_t> scopes_;
    std::map<LineTable::Place, std::uint32_t> places_;
    LineTable table_;
};

}  // namespace tessera::safeir
