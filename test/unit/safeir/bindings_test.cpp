// What a program says of an import must be what the kernel offers.
#include "safeir/load/bindings.h"

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

#include <catch2/catch.hpp>

TEST_CASE("a borrow to read is not taken for one to write") {
    using namespace tessera::safeir;
    llvm::LLVMContext context;
    llvm::Module module("test", context);
    auto* pointer = llvm::PointerType::get(context, 0);
    auto* slice = llvm::StructType::get(pointer, llvm::Type::getInt64Ty(context));
    auto* borrow = llvm::Function::Create(llvm::FunctionType::get(slice, {pointer}, false),
                                          llvm::GlobalValue::ExternalLinkage,
                                          "tessera.import.m/borrow",
                                          module);
    borrow->addFnAttr("tessera.import", "m/borrow");
    const KernelFunction offered[] = {{"m/borrow", "r", 0x1000}};
    const Bindings bindings({}, offered, {});
    borrow->addFnAttr("tessera.result", "ro");
    CHECK(bindings.check_imports(module));
    borrow->addFnAttr("tessera.result", "rw");
    CHECK_FALSE(bindings.check_imports(module));
}
