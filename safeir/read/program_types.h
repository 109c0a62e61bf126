// The tables of a .sir file as the reader keeps them: types, signatures, functions, debug locations.
#pragma once

#include "safeir/check/checked_module.h"
#include "safeir/check/obligation.h"
#include "safeir/wire/program_image.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tessera::safeir {

enum class Kind : std::uint8_t { Void, Int, Float, Vector, Capability, SliceRo, SliceRw, Struct, Function };

constexpr bool is_slice(Kind kind) { return kind == Kind::SliceRo || kind == Kind::SliceRw; }

struct WireType {
    llvm::Type* type = nullptr;
    Kind kind = Kind::Void;
    bool in_memory = false;  // may be loaded and stored
    bool in_call = false;    // may be a parameter or a result's field
};

struct Signature {
    llvm::FunctionType* type = nullptr;
    llvm::AttributeList attributes;         // marks of the slices
    bool has_slices = false;                // among parameters or as result
    std::uint32_t result = 0;               // type code
    std::vector<std::uint32_t> parameters;  // type codes; the arena's base is implied
};

struct FunctionEntry {
    llvm::Function* function = nullptr;
    std::uint32_t signature = 0;
    std::uint32_t subprogram = 0;  // 0: none, else index + 1
};

struct FunctionTable {
    llvm::GlobalVariable* global = nullptr;
    std::uint32_t signature = 0;
    std::uint32_t mask = 0;
};

struct Location {
    llvm::DILocation* location = nullptr;
    std::uint32_t root_subprogram = 0;  // the function into which everything was inlined
    std::uint32_t depth = 0;            // how often inlined
};

// What the reader gives to the checker.
struct ReadProgram {
    std::unique_ptr<llvm::LLVMContext> context;
    std::unique_ptr<llvm::Module> module;
    ProgramImage image;
    std::vector<Export> exports;
    std::vector<FunctionNotes> functions;  // whose proofs are in the file
};

// Tables that function bodies refer to.
struct ProgramTables {
    std::vector<WireType> types;
    std::vector<llvm::Constant*> constants;
    std::vector<Signature> signatures;
    std::vector<FunctionEntry> imports;
    std::vector<FunctionEntry> functions;
    std::vector<FunctionTable> function_tables;
    std::vector<llvm::GlobalVariable*> data_tables;
    std::vector<Location> locations;
    std::vector<Signature> helper_signatures;
    // Declared when first called.
    std::vector<llvm::Function*> helpers;
    using IntrinsicKey = std::pair<unsigned, std::pair<llvm::Type*, llvm::Type*>>;
    llvm::DenseMap<IntrinsicKey, llvm::Function*> intrinsics;

    [[nodiscard]] const WireType* type_at(std::uint32_t code) const {
        return code < types.size() && types[code].type != nullptr ? &types[code] : nullptr;
    }
};

}  // namespace tessera::safeir
