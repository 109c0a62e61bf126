// The checker's dominator tree against LLVM's, on graphs by chance.
#include "safeir/prove/dominators.h"

#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <vector>

TEST_CASE("both trees say the same") {
    std::uint64_t state = 1;
    const auto random = [&state](std::size_t bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state >> 33U) % bound;
    };
    for (unsigned round = 0; round < 300; ++round) {
        llvm::LLVMContext context;
        llvm::Module module("test", context);
        auto* function = llvm::Function::Create(
            llvm::FunctionType::get(llvm::Type::getVoidTy(context), {llvm::Type::getInt32Ty(context)}, false),
            llvm::GlobalValue::InternalLinkage,
            "f",
            module);
        std::vector<llvm::BasicBlock*> blocks;
        const std::size_t count = 2 + random(40);
        for (std::size_t i = 0; i < count; ++i) {
            blocks.push_back(llvm::BasicBlock::Create(context, "", function));
        }
        llvm::IRBuilder<> builder(context);
        for (llvm::BasicBlock* block : blocks) {
            builder.SetInsertPoint(block);
            auto* end = builder.CreateSwitch(function->getArg(0), blocks[1 + random(count - 1)]);
            for (std::size_t cases = random(3); cases > 0; --cases) {
                end->addCase(builder.getInt32(static_cast<std::uint32_t>(cases)), blocks[1 + random(count - 1)]);
            }
        }
        const llvm::DominatorTree expected(*function);
        tessera::safeir::Dominators found;
        found.calculate(*function);
        bool same = true;
        for (llvm::BasicBlock* a : blocks) {
            same = same && found.is_reachable(*a) == (expected.getNode(a) != nullptr);
            for (llvm::BasicBlock* b : blocks) {
                if (found.is_reachable(*a) && found.is_reachable(*b)) {
                    same = same && found.dominates(*a, *b) == expected.dominates(a, b);
                }
            }
            if (found.is_reachable(*a)) {
                same = same && found.children(*a).size() == expected.getNode(a)->getNumChildren();
                for (const llvm::BasicBlock* child : found.children(*a)) {
                    same = same && expected.getNode(child)->getIDom()->getBlock() == a;
                }
            }
        }
        INFO("round " << round);
        CHECK(same);
    }
}
