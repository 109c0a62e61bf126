// LLVM in ring 0: builds a function, generates code for it, links and runs it.
#include "test/nucleus/check.h"

#include <chrono>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/TargetSelect.h>
#include <memory>

extern "C" const bool tessera_prepares_code_generator = true;

namespace {

std::unique_ptr<llvm::Module> make_factorial(llvm::LLVMContext& context) {
    auto module = std::make_unique<llvm::Module>("test", context);
    llvm::Type* word = llvm::Type::getInt64Ty(context);
    auto* function = llvm::Function::Create(
        llvm::FunctionType::get(word, {word}, false), llvm::Function::ExternalLinkage, "factorial", *module);
    auto* entry = llvm::BasicBlock::Create(context, "entry", function);
    auto* loop = llvm::BasicBlock::Create(context, "loop", function);
    auto* done = llvm::BasicBlock::Create(context, "done", function);
    llvm::IRBuilder<> builder(entry);
    builder.CreateBr(loop);
    builder.SetInsertPoint(loop);
    llvm::PHINode* number = builder.CreatePHI(word, 2);
    llvm::PHINode* product = builder.CreatePHI(word, 2);
    llvm::Value* next_product = builder.CreateMul(product, number);
    llvm::Value* next_number = builder.CreateSub(number, builder.getInt64(1));
    builder.CreateCondBr(builder.CreateICmpEQ(next_number, builder.getInt64(0)), done, loop);
    number->addIncoming(function->getArg(0), entry);
    number->addIncoming(next_number, loop);
    product->addIncoming(builder.getInt64(1), entry);
    product->addIncoming(next_product, loop);
    builder.SetInsertPoint(done);
    builder.CreateRet(next_product);
    return module;
}

template <typename T>
T take(llvm::Expected<T> value) {
    if (!value) {
        std::printf("LLVM: %s\n", llvm::toString(value.takeError()).c_str());
        tessera::platform::shutdown(1);
    }
    return std::move(*value);
}

}  // namespace

void test_llvm() {
    tessera::platform::prepare_code_generator();
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    auto context = std::make_unique<llvm::LLVMContext>();
    auto module = make_factorial(*context);
    auto jit = take(llvm::orc::LLJITBuilder().create());
    module->setDataLayout(jit->getDataLayout());
    CHECK(!jit->addIRModule(llvm::orc::ThreadSafeModule(std::move(module), std::move(context))));
    const auto address = take(jit->lookup("factorial"));
    const auto factorial = address.toPtr<std::uint64_t (*)(std::uint64_t)>();
    CHECK(factorial(10) == 3'628'800);
    std::printf(
        "factorial(10) = %llu from %p\n", static_cast<unsigned long long>(factorial(10)), address.toPtr<void*>());
}
