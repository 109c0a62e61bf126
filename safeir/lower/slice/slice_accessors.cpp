#include "safeir/lower/slice/slice_accessors.h"

#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/shape.h"
#include "safeir/wire/format.h"

#include "llvm/IR/ConstantRange.h"
#include "llvm/Support/raw_ostream.h"

namespace tessera::lower {
namespace {

constexpr const char* kModule = "tessera_slice";

void describe(llvm::Function& function) {
    using llvm::MemoryEffects;
    const llvm::StringRef name = import_name_of(function);
    function.addFnAttr(llvm::Attribute::NoUnwind);
    if (name == "length") {
        function.setMemoryEffects(MemoryEffects::none());
        function.addFnAttr(llvm::Attribute::WillReturn);
        const unsigned bits = function.getReturnType()->getIntegerBitWidth();
        function.addRangeRetAttr(
            llvm::ConstantRange(llvm::APInt(bits, 0), llvm::APInt(bits, safeir::wire::kSliceBytesMax + 1)));
    } else if (name == kApart) {
        function.setMemoryEffects(MemoryEffects::none());
        function.addFnAttr(llvm::Attribute::WillReturn);
    } else if (name.starts_with("load")) {
        function.setMemoryEffects(MemoryEffects::inaccessibleMemOnly(llvm::ModRefInfo::Ref));
    } else if (name.starts_with("store") || name == kAssured) {
        function.setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
    } else if (name == "sub" || name == "from") {
        function.setMemoryEffects(MemoryEffects::none());
    }
    if (name == kLoadAny || name == kStoreAny) {
        function.addFnAttr(llvm::Attribute::WillReturn);
    }
}

// Two calls on two paths with a slice each, made one, would be of a slice that depends on the path: safe IR has no
// such.
void keep_apart(llvm::Function& function) {
    if (llvm::any_of(function.args(), [](const llvm::Argument& each) { return is_capability(each.getType()); })) {
        function.addFnAttr(llvm::Attribute::NoMerge);
    }
}

llvm::Function* declare(llvm::Module& module, const char* name, const llvm::Type* moved, llvm::FunctionType* type) {
    std::string symbol = std::string("tessera.slice.") + name;
    if (moved != nullptr) {
        llvm::raw_string_ostream(symbol) << '.' << *moved;
    }
    auto* function = llvm::cast<llvm::Function>(module.getOrInsertFunction(symbol, type).getCallee());
    function->addFnAttr(kImportModule, kModule);
    function->addFnAttr(kImportName, name);
    keep_apart(*function);
    describe(*function);
    return function;
}

llvm::Type* slice_type(llvm::LLVMContext& context) { return llvm::PointerType::get(context, kCapabilitySpace); }

}  // namespace

void describe_slices(llvm::Module& module) {
    for (llvm::Function& function : module) {
        keep_apart(function);
        if (import_module_of(function) == kModule) {
            describe(function);
        }
    }
}

bool is_slice_accessor(const llvm::Function* function) {
    return function != nullptr && import_module_of(*function) == kModule;
}

llvm::Type* moved_type(llvm::LLVMContext& context, llvm::StringRef name) {
    if (!name.consume_front("load") && !name.consume_front("store")) {
        return nullptr;
    }
    if (name == "f32") {
        return llvm::Type::getFloatTy(context);
    }
    if (name == "f64") {
        return llvm::Type::getDoubleTy(context);
    }
    unsigned bits = 0;
    return !name.getAsInteger(10, bits) && (bits == 8 || bits == 16 || bits == 32 || bits == 64)
               ? llvm::IntegerType::get(context, bits)
               : nullptr;
}

llvm::Function* load_any(llvm::Module& module, llvm::Type* type) {
    llvm::LLVMContext& context = module.getContext();
    llvm::Type* wide = llvm::Type::getInt64Ty(context);
    return declare(module, kLoadAny, type, llvm::FunctionType::get(type, {slice_type(context), wide, wide}, false));
}

llvm::Function* store_any(llvm::Module& module, llvm::Type* type) {
    llvm::LLVMContext& context = module.getContext();
    llvm::Type* wide = llvm::Type::getInt64Ty(context);
    return declare(
        module,
        kStoreAny,
        type,
        llvm::FunctionType::get(llvm::Type::getVoidTy(context), {slice_type(context), wide, wide, type}, false));
}

llvm::Function* apart(llvm::Module& module) {
    llvm::LLVMContext& context = module.getContext();
    llvm::Type* slice = slice_type(context);
    return declare(
        module, kApart, nullptr, llvm::FunctionType::get(llvm::Type::getInt32Ty(context), {slice, slice}, false));
}

llvm::Function* assured(llvm::Module& module) {
    llvm::LLVMContext& context = module.getContext();
    llvm::Type* wide = llvm::Type::getInt64Ty(context);
    return declare(
        module, kAssured, nullptr, llvm::FunctionType::get(llvm::Type::getVoidTy(context), {wide, wide, wide}, false));
}

llvm::Function* slice_length(llvm::Module& module) {
    llvm::LLVMContext& context = module.getContext();
    auto* type = llvm::FunctionType::get(llvm::Type::getInt64Ty(context), {slice_type(context)}, false);
    for (llvm::Function& function : module) {
        if (import_module_of(function) == kModule && import_name_of(function) == "length" &&
            function.getFunctionType() == type) {
            return &function;
        }
    }
    return declare(module, "length", nullptr, type);
}

}  // namespace tessera::lower
