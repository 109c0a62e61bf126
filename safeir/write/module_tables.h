// ModuleTables: what function bodies refer to by number while a module is written: names, types, constants, signatures,
// locations.
#pragma once

#include "safeir/prove/byte_writer.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::safeir {

// "interface/method" of an import, in a module that is to be lowered or was read; none: no import.
[[nodiscard]] std::optional<std::string_view> imported_name(const llvm::Function& function);

class ModuleTables {
  public:
    std::uint32_t string(std::string_view text);
    std::optional<std::uint32_t> type(llvm::Type* type);  // nothing for a pointer or what the dialect lacks
    std::optional<std::uint32_t> constant(llvm::Constant* constant);
    std::optional<std::uint32_t> signature(const llvm::Function& function);
    // The debug scope of a function. If it has no debug information, that is a name only, which it has where it is
    // inlined into those that have.
    std::uint32_t scope_of(const llvm::Function& function);
    std::uint32_t location(const llvm::DILocation* location);

    void write_strings(ByteWriter& out) const;
    void write_types(ByteWriter& out) const { write_table(out, type_count_, types_); }
    void write_constants(ByteWriter& out) const {
        write_table(out, static_cast<std::uint32_t>(constants_.size()), constant_bytes_);
    }
    void write_signatures(ByteWriter& out) const {
        write_table(out, static_cast<std::uint32_t>(signatures_.size()), signature_bytes_);
    }
    void write_debug(ByteWriter& out) const;

  private:
    static void write_table(ByteWriter& out, std::uint32_t count, const ByteWriter& content) {
        out.varint(count);
        out.bytes(content.data());
    }
    std::uint32_t subprogram(const llvm::DISubprogram* subprogram);
    bool scalar_bytes(llvm::Constant* constant, ByteWriter& out);

    std::map<std::string, std::uint32_t, std::less<>> strings_;
    std::vector<std::string> strings_in_order_;
    llvm::DenseMap<llvm::Type*, std::uint32_t> type_codes_;
    ByteWriter types_;
    std::uint32_t type_count_ = 0;
    llvm::DenseMap<llvm::Constant*, std::uint32_t> constants_;
    ByteWriter constant_bytes_;
    std::map<std::vector<std::uint32_t>, std::uint32_t> signatures_;
    ByteWriter signature_bytes_;
    llvm::DenseMap<const void*, std::uint32_t> subprograms_;  // or functions that have none
    ByteWriter subprogram_bytes_;
    llvm::DenseMap<const llvm::DILocation*, std::uint32_t> locations_;
    ByteWriter location_bytes_;
};

}  // namespace tessera::safeir
