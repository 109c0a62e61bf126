#include "safeir/load/link.h"

#include "safeir/load/clone.h"

#include "llvm/ExecutionEngine/JITLink/JITLink.h"
#include "llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h"
#include "llvm/ExecutionEngine/Orc/SymbolStringPool.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace tessera::safeir {
namespace {

namespace jitlink = llvm::jitlink;
namespace orc = llvm::orc;

llvm::Error error(const char* text) { return llvm::createStringError(llvm::inconvertibleErrorCode(), text); }

bool has(const orc::AllocGroup& group, orc::MemProt flag) {
    return (static_cast<unsigned>(group.getMemProt()) & static_cast<unsigned>(flag)) != 0;
}

struct Piece {
    std::byte* pages;
    std::size_t bytes;
    CodeRegion::Protection protection;
};

class Allocation final : public jitlink::JITLinkMemoryManager::InFlightAlloc {
  public:
    Allocation(CodeRegion& region, std::vector<Piece> pieces) : region_(region), pieces_(std::move(pieces)) {}
    // What was allocated stays unused until the program's region goes.
    void abandon(OnAbandonedFunction done) override { done(llvm::Error::success()); }
    void finalize(OnFinalizedFunction done) override {
        for (const auto& piece : pieces_) {
            if (!region_.protect(piece.pages, piece.bytes, piece.protection)) {
                done(error("the pages of generated code can't be protected"));
                return;
            }
        }
        done(jitlink::JITLinkMemoryManager::FinalizedAlloc(orc::ExecutorAddr(region_.begin())));
    }

  private:
    CodeRegion& region_;
    std::vector<Piece> pieces_;
};

// Objects are linked where they will run: the pages are written, then made executable or read-only for good.
class MemoryManager final : public jitlink::JITLinkMemoryManager {
  public:
    explicit MemoryManager(CodeRegion& region) : region_(region) {}

    void
    allocate(const jitlink::JITLinkDylib* /*unused*/, jitlink::LinkGraph& graph, OnAllocatedFunction done) override {
        jitlink::BasicLayout layout(graph);
        std::vector<Piece> pieces;
        for (auto& [group, segment] : layout.segments()) {
            const bool executable = has(group, orc::MemProt::Exec);
            const bool writable = has(group, orc::MemProt::Write);
            const std::size_t bytes = segment.ContentSize + segment.ZeroFillSize;
            if (executable && writable) {
                done(error("generated code asks for memory that is both writable and executable"));
                return;
            }
            if (segment.Alignment.value() > 4096) {
                done(error("generated code asks for more than a page's alignment"));
                return;
            }
            auto* pages = region_.allocate(executable ? CodeRegion::Use::Code : CodeRegion::Use::Data, bytes);
            if (pages == nullptr) {
                done(error("no memory is left for generated code"));
                return;
            }
            segment.Addr = orc::ExecutorAddr::fromPtr(pages);
            // SAFETY: bytes as characters.
            segment.WorkingMem = reinterpret_cast<char*>(pages);
            pieces.push_back({pages,
                              bytes,
                              executable ? CodeRegion::Protection::ReadExecute
                              : writable ? CodeRegion::Protection::ReadWrite
                                         : CodeRegion::Protection::Read});
        }
        if (auto failed = layout.apply()) {
            done(std::move(failed));
            return;
        }
        done(std::make_unique<Allocation>(region_, std::move(pieces)));
    }

    void deallocate(std::vector<FinalizedAlloc> allocations, OnDeallocatedFunction done) override {
        for (auto& allocation : allocations) {
            allocation.release();
        }
        done(llvm::Error::success());
    }

  private:
    CodeRegion& region_;
};

struct Outcome {
    LinkedObject object;
    std::string error;
    bool finished = false;
};

class Context final : public jitlink::JITLinkContext {
  public:
    Context(CodeRegion& region, SymbolResolver resolve, Outcome& outcome)
        : JITLinkContext(nullptr), memory_(region), resolve_(resolve), outcome_(outcome) {}

    jitlink::JITLinkMemoryManager& getMemoryManager() override { return memory_; }
    void notifyFailed(llvm::Error failed) override { outcome_.error = llvm::toString(std::move(failed)); }

    void lookup(const LookupMap& symbols, std::unique_ptr<jitlink::JITLinkAsyncLookupContinuation> next) override {
        jitlink::AsyncLookupResult found;
        for (const auto& [name, flags] : symbols) {
            const auto address = resolve_(*name);
            if (!address) {
                next->run(llvm::createStringError(llvm::inconvertibleErrorCode(),
                                                  "generated code needs `" + (*name).str() +
                                                      "`, which the kernel doesn't offer"));
                return;
            }
            found[name] = {orc::ExecutorAddr(*address), llvm::JITSymbolFlags::Exported};
        }
        next->run(std::move(found));
    }

    llvm::Error notifyResolved(jitlink::LinkGraph& graph) override {
        for (const auto* symbol : graph.defined_symbols()) {
            if (!symbol->hasName()) {
                continue;
            }
            const llvm::StringRef name = *symbol->getName();
            if (const auto index = function_index(name)) {
                outcome_.object.functions.push_back({*index, symbol->getAddress().getValue(), symbol->getSize()});
            } else if (name.starts_with("t.")) {
                outcome_.object.tables[name] = symbol->getAddress().getValue();
            }
        }
        return llvm::Error::success();
    }

    void notifyFinalized(jitlink::JITLinkMemoryManager::FinalizedAlloc allocation) override {
        allocation.release();
        outcome_.finished = true;
    }

  private:
    MemoryManager memory_;
    SymbolResolver resolve_;
    Outcome& outcome_;
};

}  // namespace

Result<LinkedObject> link_object(llvm::StringRef elf, CodeRegion& region, SymbolResolver resolve) {
    // Outlives the graph: what JITLink was given by lookup() refers to names, and goes last.
    const auto names = std::make_shared<orc::SymbolStringPool>();
    auto graph = jitlink::createLinkGraphFromObject({elf, "program"}, names);
    if (!graph) {
        return fail(Blame::Kernel, "generated code can't be linked: " + llvm::toString(graph.takeError()));
    }
    Outcome outcome;
    jitlink::link(std::move(*graph), std::make_unique<Context>(region, resolve, outcome));
    if (!outcome.finished) {
        return fail(Blame::Kernel, "generated code can't be linked: " + outcome.error);
    }
    return std::move(outcome.object);
}

}  // namespace tessera::safeir
