#include "safeir/lower/function/lowering.h"

#include "safeir/prove/helper_type.h"
#include "safeir/spec/marks.h"

namespace tessera::lower {

llvm::Function* Lowering::helper(llvm::StringRef name) {
    const std::string full = (safeir::marks::kHelperPrefix + name).str();
    if (llvm::Function* known = target->getFunction(full)) {
        return known;
    }
    const auto helpers = safeir::helpers();
    const auto found =
        llvm::find_if(helpers, [&](const safeir::Helper& each) { return name == llvm::StringRef(each.name); });
    if (found == helpers.end()) {
        diagnostics.error("no helper " + name);
    }
    auto* const type =
        found != helpers.end()
            ? safeir::helper_type(*found, context)
            : llvm::FunctionType::get(llvm::Type::getVoidTy(context), llvm::PointerType::get(context, 0), false);
    return llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, full, *target);
}

llvm::GlobalVariable* Lowering::table(llvm::FunctionType* type) {
    llvm::GlobalVariable*& known = tables[type];
    if (known == nullptr && layout.function_groups().contains(type)) {
        auto* array = llvm::ArrayType::get(llvm::PointerType::get(context, 0), layout.table_size(type));
        known = new llvm::GlobalVariable(*target,
                                         array,
                                         true,
                                         llvm::GlobalValue::InternalLinkage,
                                         nullptr,
                                         "tessera.ftable." + std::to_string(tables.size()));
    }
    return known;
}

}  // namespace tessera::lower
