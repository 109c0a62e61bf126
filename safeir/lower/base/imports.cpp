#include "safeir/lower/base/imports.h"

namespace tessera::lower {

llvm::StringRef import_module_of(const llvm::Function& function) {
    return function.isDeclaration() ? function.getFnAttribute(kImportModule).getValueAsString() : "";
}

llvm::StringRef import_name_of(const llvm::Function& function) {
    const llvm::StringRef name = function.getFnAttribute(kImportName).getValueAsString();
    return name.empty() ? function.getName() : name;
}

bool is_method_import(const llvm::Function& function) {
    return function.isDeclaration() && function.hasFnAttribute(kMethodParameters);
}

}  // namespace tessera::lower
