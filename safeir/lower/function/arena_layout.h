// Where a program's globals lie in its arena, which numbers its functions have as pointers, and what the arena holds at
// start.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/base/signature.h"
#include "safeir/wire/program_image.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

#include <map>
#include <optional>
#include <vector>

namespace tessera::lower {

class ArenaLayout {
  public:
    ArenaLayout(llvm::Module& source, Diagnostics& diagnostics)
        : source_(source), data_(source.getDataLayout()), diagnostics_(diagnostics) {}

    // Lays out stack, globals and heap; gives the linker's symbols (__heap_base and the like) their addresses.
    void place(std::uint32_t stack_bytes, std::uint64_t memory_max_bytes);

    // Numbers the functions whose address is taken, by the type that they are called with. Types with few functions
    // come first, so that their tables (as large as the largest number in them) stay small.
    void number_functions(Signatures& signatures);

    // The initial contents of the arena. To be called last.
    void fill();

    // A constant pointer or integer as a number; nothing for what is none.
    std::optional<llvm::APInt> evaluate(const llvm::Constant* constant);

    // The size of the table for functions of a lowered type, a power of two.
    std::uint64_t table_size(llvm::FunctionType* lowered) const;
    struct NumberedFunction {
        llvm::Function* function;
        std::uint32_t number;
    };
    using FunctionGroups = llvm::MapVector<llvm::FunctionType*, std::vector<NumberedFunction>>;
    const FunctionGroups& function_groups() const { return groups_; }

    // The number of a table of capabilities.
    std::uint32_t table_number(const llvm::GlobalVariable* table);

    safeir::ProgramImage& image() { return image_; }

  private:
    void place_global(llvm::GlobalVariable& variable, std::uint64_t& at);
    void define_symbol(const char* name, std::uint64_t address);
    void write(std::uint64_t address, const llvm::Constant* value, const llvm::GlobalVariable& variable);
    void write_bits(std::uint64_t address, const llvm::APInt& value, std::uint64_t bytes);
    void write_lanes(std::uint64_t address,
                     const llvm::Constant& value,
                     const llvm::FixedVectorType& type,
                     const llvm::GlobalVariable& variable);
    std::optional<llvm::APInt> evaluate_expression(const llvm::ConstantExpr* expression);

    llvm::Module& source_;
    const llvm::DataLayout& data_;
    Diagnostics& diagnostics_;
    safeir::ProgramImage image_;
    llvm::DenseMap<const llvm::GlobalVariable*, std::uint32_t> addresses_;
    llvm::DenseMap<const llvm::Function*, std::uint32_t> numbers_;
    std::map<const llvm::GlobalVariable*, std::uint32_t> tables_;
    FunctionGroups groups_;
    std::vector<std::uint8_t> bytes_;  // the initialised globals, from data_start_
    std::uint64_t data_start_ = 0;
    std::uint64_t initialised_end_ = 0;
};

// True when a function is used as anything but the callee of a call.
[[nodiscard]] bool is_address_taken(const llvm::Function& function);

}  // namespace tessera::lower
