#include "safeir/load/bindings.h"

#include "safeir/read/helpers.h"
#include "safeir/spec/marks.h"

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

#include <string>

namespace tessera::safeir {
namespace {

bool is_slice_result(const llvm::Type* type) {
    const auto* structure = llvm::dyn_cast<llvm::StructType>(type);
    return structure != nullptr && structure->getNumElements() == 2 && structure->getElementType(0)->isPointerTy() &&
           structure->getElementType(1)->isIntegerTy(64);
}

char letter(const llvm::Type* type) {
    if (type->isVoidTy()) {
        return 'v';
    }
    if (type->isIntegerTy(32)) {
        return 'i';
    }
    if (type->isIntegerTy(64)) {
        return 'l';
    }
    if (type->isFloatTy()) {
        return 'f';
    }
    if (type->isDoubleTy()) {
        return 'd';
    }
    if (llvm::isa<llvm::TargetExtType>(type)) {
        return 'c';
    }
    return '?';
}

// The signature of a declaration, in the letters of KernelFunction. A slice's pointer is one letter and its length
// none.
std::string signature_of(const llvm::Function& function) {
    std::string text;
    const auto* result = function.getReturnType();
    const char slice = function.getFnAttribute(marks::kSliceResult).getValueAsString() == marks::kWritable ? 'w' : 'r';
    text += is_slice_result(result) ? slice : letter(result);
    for (unsigned i = 1; i < function.arg_size(); ++i) {
        const auto* argument = function.getArg(i);
        const bool read_only = argument->hasAttribute(marks::kReadOnlySlice);
        if (argument->getType()->isPointerTy() && (read_only || argument->hasAttribute(marks::kWritableSlice)) &&
            i + 1 < function.arg_size() && function.getArg(i + 1)->getType()->isIntegerTy(64)) {
            text += read_only ? 'r' : 'w';
            ++i;
            continue;
        }
        text += letter(argument->getType());
    }
    return text;
}

std::string in_words(std::string_view signature) {
    const auto word = [](char c) -> std::string {
        switch (c) {
        case 'v':
            return "nothing";
        case 'i':
            return "i32";
        case 'l':
            return "i64";
        case 'f':
            return "float";
        case 'd':
            return "double";
        case 'c':
            return "capability";
        case 'r':
            return "read-only slice";
        case 'w':
            return "read-write slice";
        default:
            return "something else";
        }
    };
    std::string text = "(";
    for (std::size_t i = 1; i < signature.size(); ++i) {
        text += (i > 1 ? ", " : "") + word(signature[i]);
    }
    return text + ") -> " + word(signature.empty() ? 'v' : signature[0]);
}

}  // namespace

Bindings::Bindings(std::span<const KernelFunction> helpers,
                   std::span<const KernelFunction> imports,
                   std::span<const KernelFunction> library) {
    for (const auto& helper : helpers) {
        symbols_["tessera." + std::string(helper.name)] = helper.address;
    }
    for (const auto& import : imports) {
        symbols_["import." + std::string(import.name)] = import.address;
        import_signatures_[std::string(import.name)] = import.signature;
    }
    for (const auto& function : library) {
        symbols_[std::string(function.name)] = function.address;
    }
}

Result<void> Bindings::check_imports(const llvm::Module& module) const {
    for (const auto& function : module) {
        const auto name = import_name(function);
        if (!name || parse_method_name(*name)) {
            continue;
        }
        const auto offered = import_signatures_.find(*name);
        if (offered == import_signatures_.end()) {
            return fail(Blame::Program, "unknown import " + std::string(*name));
        }
        if (const auto wanted = signature_of(function); wanted != offered->second) {
            return fail(Blame::Program,
                        "import " + std::string(*name) + " is " + in_words(offered->second) + ", the program wants " +
                            in_words(wanted));
        }
    }
    return {};
}

std::optional<std::uintptr_t> Bindings::find(std::string_view symbol) const {
    const auto found = symbols_.find(symbol);
    if (found == symbols_.end()) {
        return std::nullopt;
    }
    return found->second;
}

}  // namespace tessera::safeir
