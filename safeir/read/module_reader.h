// ModuleReader: the sections of a .sir file before the function bodies.
#pragma once

#include "safeir/read/program_types.h"
#include "safeir/read/reader.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

class ModuleReader : private Reader {
  public:
    ModuleReader(std::span<const std::byte> sir, const Limits& limits, Budget& budget, ReadProgram& program);

    [[nodiscard]] std::optional<Refusal> read();

  private:
    bool read_header(std::span<const std::byte> sir);
    bool read_strings();
    bool read_types();
    bool read_struct_type();
    bool read_vector_type();
    bool read_constants();
    llvm::Constant* read_scalar(const WireType& type);
    bool read_constant();
    bool read_signatures();
    bool read_signature();
    bool read_imports();
    bool read_functions();
    bool read_function(std::uint32_t index);
    bool read_function_tables();
    bool read_function_table(std::uint32_t index);
    llvm::Function* trap_function(llvm::FunctionType* type);
    bool read_data_tables();
    bool read_image();
    bool read_segments();
    bool read_capability_tables();
    bool read_debug();
    bool read_locations();
    bool read_bodies();
    bool check_export(const FunctionEntry& entry, const std::string& name);
    [[nodiscard]] Signature make_signature(std::uint32_t result, std::vector<std::uint32_t> parameters) const;
    [[nodiscard]] llvm::AttributeList slice_attributes(const Signature& signature) const;

    [[nodiscard]] const std::string* string_at(std::uint32_t index) const;

    ReadProgram& program_;
    llvm::LLVMContext& context_;
    llvm::Module& module_;
    ProgramTables tables_;
    std::vector<std::string> strings_;
    llvm::StringSet<> function_names_;
    llvm::StringSet<> export_names_;
    std::vector<llvm::DISubprogram*> subprograms_;
    std::vector<bool> subprogram_used_;
    llvm::DenseMap<llvm::FunctionType*, llvm::Function*> trap_functions_;
};

}  // namespace tessera::safeir
