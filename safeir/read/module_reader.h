// ModuleReader: the sections of a .sir file before the function bodies.
#pragma once

#include "safeir/diag/enforcement.h"
#include "safeir/diag/rule.h"
#include "safeir/read/program_types.h"
#include "safeir/wire/byte_reader.h"

#include "llvm/IR/DIBuilder.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

class ModuleReader {
  public:
    ModuleReader(std::span<const std::byte> sir, const Limits& limits, ReadProgram& program);

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
    bool read_imports();
    bool read_functions();
    bool read_function_tables();
    llvm::Function* make_trap_function(llvm::FunctionType* type, std::uint32_t table);
    bool read_data_tables();
    bool read_image();
    bool read_segments();
    bool read_debug();
    bool read_locations(std::uint32_t subprograms);
    bool read_bodies();
    bool check_export(const FunctionEntry& entry, const std::string& name);
    [[nodiscard]] llvm::AttributeList slice_marks(const Signature& signature) const;

    bool refuse(Rule rule, std::string what, Site site = Site::current());
    bool refuse_truncated(std::string_view section, Site site = Site::current());
    [[nodiscard]] const WireType* type_at(std::uint32_t code) const;
    [[nodiscard]] const std::string* string_at(std::uint32_t index) const;

    const Limits& limits_;
    ReadProgram& program_;
    llvm::LLVMContext& context_;
    llvm::Module& module_;
    ByteReader in_;
    ProgramTables tables_;
    std::vector<std::string> strings_;
    std::vector<llvm::DISubprogram*> subprograms_;
    llvm::DIBuilder debug_;
    std::optional<Refusal> refusal_;
};

}  // namespace tessera::safeir
