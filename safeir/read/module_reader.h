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
    // A list, of which `one` reads each member, by its index.
    bool read_list(wire::List list, bool (ModuleReader::*one)(std::uint32_t index));
    bool read_name(std::uint32_t index);
    void make_plain_types();
    bool read_type(std::uint32_t index);
    bool read_struct_type();
    bool read_vector_type();
    bool read_constant(std::uint32_t index);
    llvm::Constant* read_scalar(llvm::Type* type);
    bool read_signature(std::uint32_t index);
    bool read_import(std::uint32_t index);
    bool read_scope(std::uint32_t index);
    void make_debug_unit();
    bool read_location(std::uint32_t index);
    bool read_function(std::uint32_t index);
    bool read_function_table(std::uint32_t index);
    llvm::Function* trap_function(llvm::FunctionType* type);
    bool read_data_table(std::uint32_t index);
    llvm::GlobalVariable* make_table(llvm::Constant* content, const char* name, std::uint32_t index);
    bool read_image();
    bool read_segment(std::uint32_t index);
    bool read_capability_table(std::uint32_t index);
    bool read_bodies();
    bool check_method(const FunctionEntry& entry, const std::string& name, const MethodName& method);
    bool check_export(const FunctionEntry& entry, const std::string& name);
    [[nodiscard]] Signature make_signature(std::uint32_t result, std::vector<std::uint32_t> parameters) const;
    [[nodiscard]] llvm::AttributeList slice_attributes(const Signature& signature) const;

    [[nodiscard]] const std::string* string_at(std::uint32_t index) const;

    ReadProgram& program_;
    llvm::LLVMContext& context_;
    llvm::Module& module_;
    ProgramTables tables_;
    std::vector<std::string> strings_;
    llvm::StringSet<> import_names_;
    llvm::StringSet<> function_names_;
    llvm::StringSet<> export_names_;
    llvm::DICompileUnit* debug_unit_ = nullptr;
    llvm::DISubroutineType* debug_type_ = nullptr;
    // By the name's index: many scopes may share a long name.
    std::vector<llvm::MDString*> debug_names_;
    std::vector<llvm::DIFile*> debug_files_;
    std::vector<llvm::DISubprogram*> subprograms_;
    std::vector<bool> subprogram_used_;
    llvm::DenseMap<llvm::FunctionType*, llvm::Function*> trap_functions_;
    std::uint64_t segments_end_ = 0;
    std::uint64_t capability_entries_ = 0;
};

}  // namespace tessera::safeir
