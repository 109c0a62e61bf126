// Which capability values of the source are borrowed slices in truth.
//
// In C both have the type __externref_t. A value is a slice when it is used as one (the first argument of an accessor
// of tessera/slice.h) or comes from an import that gives one; what is copied, passed or returned to it is one too. The
// rest are capabilities. One that would be both is refused.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/base/signature.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Module.h"

namespace tessera::lower {

class Slices {
  public:
    Slices(llvm::Module& program, Diagnostics& diagnostics) : program_(program), diagnostics_(diagnostics) {}

    void infer();

    [[nodiscard]] bool is_slice(const llvm::Value* value) const;
    [[nodiscard]] bool is_writable(const llvm::Value* value) const;
    // Which parameters and whether the result of a function are slices; null when none is.
    [[nodiscard]] const SliceUse* use_of(const llvm::Function& function) const;

  private:
    enum class Kind : unsigned char { Unknown, Capability, ReadOnly, ReadWrite };
    static Kind kind_of_parameter(const llvm::Function& method, unsigned number);
    unsigned node_of(const llvm::Value* value);
    unsigned result_node(const llvm::Function* function);
    unsigned find(unsigned node) const;
    void join(unsigned first, unsigned second);
    void flow(const llvm::Value* from, const llvm::Value* to);
    void mark(const llvm::Instruction& where, unsigned node, Kind kind);
    void visit(llvm::Instruction& instruction);
    void visit_call(llvm::CallInst& call);

    llvm::Module& program_;
    Diagnostics& diagnostics_;
    llvm::DenseMap<const llvm::Value*, unsigned> nodes_;  // values; for a function, its result
    mutable std::vector<unsigned> parents_;
    std::vector<Kind> kinds_;
    llvm::DenseMap<const llvm::Function*, SliceUse> uses_;
};

}  // namespace tessera::lower
