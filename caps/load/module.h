// A program that was loaded at run time: read, checked, and its code made as it is called. Instances share it; it is
// there until nobody can make or have one any more.
#pragma once

#include "caps/kernel_guard.h"
#include "caps/ledger.h"
#include "caps/load/estate.h"
#include "caps/load/made_code.h"
#include "core/base/result.h"
#include "core/base/spin_lock.h"
#include "runtime/heap.h"
#include "safeir/load/code_region.h"
#include "safeir/load/program.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tessera::caps {

class Instance;

// What programs are loaded with; the same for all of an image.
struct LoadPlaces {
    safeir::CodeSpace* space = nullptr;
    const safeir::Bindings* bindings = nullptr;
    std::span<const ImageModule> modules{};
};

// What the kernel allocates on the current fiber meanwhile is of another heap.
class HeapScope {
  public:
    explicit HeapScope(runtime::Heap* heap);
    ~HeapScope();
    HeapScope(const HeapScope&) = delete;
    HeapScope& operator=(const HeapScope&) = delete;

  private:
    runtime::Heap* before_;
};

inline constexpr std::size_t kModuleBytesMax = std::size_t{64} << 20U;

class Module final : public Estate {
  public:
    // On a fiber, for as long as reading and checking takes. `bytes` may lie in memory that goes. The error is the
    // program's (Blame::Program: the text says what is wrong with it), or that there is no memory. It has one user.
    [[nodiscard]] static Result<Use<Module>>
    load(const LoadPlaces& places, std::span<const std::byte> bytes, std::string_view name, Estate& within);
    ~Module() override;

    [[nodiscard]] safeir::LoadedProgram& program() const { return *program_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    // Of what the kernel keeps for its instances.
    [[nodiscard]] runtime::Heap& heap() const { return *heap_; }

    // Of its instances, which keep it. False: it is closed.
    [[nodiscard]] bool join(Instance& instance);
    void leave(Instance& instance);
    // The object that stands for it, and instances. With the last of them it is closed.
    void add_holder() { holders_.fetch_add(1); }
    void drop_holder();

  protected:
    void begin_end() override;  // that of its instances
    [[nodiscard]] bool finish() override;

  private:
    Module() = default;
    void unlink(Instance& instance);
    Result<void> read(const LoadPlaces& places, std::span<const std::byte> bytes);

    std::string name_;
    runtime::Heap::Owner heap_;
    std::optional<AccountLedger> ledger_;
    std::optional<KernelGuard> guard_;
    std::unique_ptr<safeir::LoadedProgram> program_;
    std::atomic<std::uint32_t> holders_ = 1;
    SpinLock lock_;  // of what follows
    Instance* instances_ = nullptr;
};

}  // namespace tessera::caps
