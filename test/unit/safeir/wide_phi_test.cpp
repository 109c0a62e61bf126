// What is loaded around a loop is extended where it is loaded; a counter is left alone.
#include "safeir/load/wide_phi.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Verifier.h"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("a loaded offset's phi is widened, with all its ways in, and a counter's is not", "[safeir][load]") {
    llvm::LLVMContext context;
    llvm::Module module("list", context);
    llvm::IRBuilder<> b(context);
    auto* const function =
        llvm::Function::Create(llvm::FunctionType::get(b.getInt32Ty(), {b.getPtrTy(), b.getInt32Ty()}, false),
                               llvm::Function::ExternalLinkage,
                               "length",
                               module);
    auto* const entry = llvm::BasicBlock::Create(context, "", function);
    auto* const loop = llvm::BasicBlock::Create(context, "", function);
    auto* const end = llvm::BasicBlock::Create(context, "", function);
    b.SetInsertPoint(entry);
    // Two edges into the loop from one block.
    auto* const both = b.CreateSwitch(function->getArg(1), loop, 1);
    both->addCase(b.getInt32(7), loop);
    b.SetInsertPoint(loop);
    auto* const at = b.CreatePHI(b.getInt32Ty(), 3);
    auto* const count = b.CreatePHI(b.getInt32Ty(), 3);
    auto* const address = b.CreateGEP(b.getInt8Ty(), function->getArg(0), b.CreateZExt(at, b.getInt64Ty()));
    auto* const next = b.CreateAlignedLoad(b.getInt32Ty(), address, llvm::Align(1));
    auto* const slot = b.CreateGEP(b.getInt8Ty(), function->getArg(0), b.CreateZExt(count, b.getInt64Ty()));
    b.CreateAlignedStore(at, slot, llvm::Align(1));
    auto* const more = b.CreateAdd(count, b.getInt32(1));
    b.CreateCondBr(b.CreateIsNull(next), end, loop);
    b.SetInsertPoint(end);
    b.CreateRet(more);
    for (int i = 0; i < 2; ++i) {
        at->addIncoming(function->getArg(1), entry);
        count->addIncoming(b.getInt32(0), entry);
    }
    at->addIncoming(next, loop);
    count->addIncoming(more, loop);
    REQUIRE_FALSE(llvm::verifyModule(module));

    safeir::widen_loaded_phis(module);
    CHECK_FALSE(llvm::verifyModule(module));
    llvm::PHINode* wide = nullptr;
    unsigned narrow = 0;
    for (auto& phi : loop->phis()) {
        wide = phi.getType()->isIntegerTy(64) ? &phi : wide;
        narrow += phi.getType()->isIntegerTy(32) ? 1 : 0;
    }
    CHECK(narrow == 1);
    REQUIRE(wide != nullptr);
    CHECK(llvm::cast<llvm::GetElementPtrInst>(address)->getOperand(1) == wide);
    const auto* const back = llvm::dyn_cast<llvm::ZExtInst>(wide->getIncomingValueForBlock(loop));
    REQUIRE(back != nullptr);
    CHECK(back->getOperand(0) == next);
    CHECK(back->getPrevNode() == next);
}
