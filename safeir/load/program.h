// A program whose code can be entered.
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/bindings.h"
#include "safeir/load/code_region.h"
#include "safeir/load/cpu_features.h"
#include "safeir/load/guard.h"
#include "safeir/load/line_table.h"
#include "safeir/load/linked_function.h"
#include "safeir/load/methods.h"
#include "safeir/load/work_list.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class TargetMachine;
}

namespace tessera::safeir {

class LazyCode;
struct GeneratedObject;
enum class Tier : std::uint8_t;

// What a program of any tier is loaded with. All of it must outlive the program.
struct LoadContext {
    CodeSpace* space = nullptr;
    const Bindings* bindings = nullptr;
    Guard* guard = nullptr;
    Ledger* ledger = nullptr;  // of what the program's code takes; null: nobody counts
    Features features = Features::X86_64;
    // Quick tier: called on the program's stack when it first enters a function; returns where the function is, by way
    // of LoadedProgram::generate. How it ends the program when there is an error is its affair; it can't return one.
    std::uintptr_t (*first_call)(class LoadedProgram& program, std::uint32_t function) = nullptr;
    // Gives the core to others for a moment, while the program waits for code that is made elsewhere. False: it must
    // stop.
    bool (*wait)() = nullptr;
};

class LoadedProgram {
  public:
    // From a cache entry, which has to outlive the program; the error says why the entry is unfit. The module is not
    // needed any more afterwards.
    static Result<std::unique_ptr<LoadedProgram>>
    from_cache(const LoadContext& context, const CheckedModule& module, std::span<const std::byte> entry);
    // Each function is compiled when it is first called.
    static Result<std::unique_ptr<LoadedProgram>> lazy(const LoadContext& context, GuardedPtr<CheckedModule> module);
    ~LoadedProgram();

    struct EntryPoint {
        std::uintptr_t address = 0;
        std::uint32_t function = 0;  // which of the program's
        unsigned cap_params = 0;
        bool returns_status = false;
    };
    [[nodiscard]] std::optional<EntryPoint> find_export(std::string_view name) const;
    // Null: it has no method of the interface.
    [[nodiscard]] const MethodTable* methods(std::uint64_t interface) const { return parts_->methods.table(interface); }
    [[nodiscard]] const ProgramImage& image() const { return parts_->image; }

    // Where an address of this program's code is in its source. Takes a lock: not for trap handlers. `lines`: what has
    // been unpacked for an earlier address.
    struct Place {
        std::string function;
        std::string file;        // empty: not known
        std::uint32_t line = 0;  // 0: not known
    };
    struct Location {
        std::vector<Place> places;  // each was inlined into the next one; the last one is the function itself
        LineTable::Frame frame = LineTable::Frame::Made;
    };
    [[nodiscard]] std::optional<Location> locate(std::uintptr_t address, std::optional<LineTable>& lines);

    // Quick tier: compiles a function that is called for the first time, with some that it will call, or waits for
    // another core that does. Takes milliseconds. 0: it failed, and failure() says why, or the program must stop.
    [[nodiscard]] std::uintptr_t generate(std::uint32_t function);
    [[nodiscard]] const char* failure() const { return failure_.c_str(); }
    [[nodiscard]] std::uintptr_t first_call(std::uint32_t function) { return context_.first_call(*this, function); }

    // --- For code that is made elsewhere, from a module of the same bytes (upgrade.h).
    [[nodiscard]] const ContentHash& content_hash() const { return parts_->hash; }
    [[nodiscard]] std::optional<std::uint32_t> next_called();
    [[nodiscard]] std::optional<std::uint32_t> next_to_upgrade(llvm::function_ref<std::uint32_t(std::uint32_t)> size);
    [[nodiscard]] WorkList::Claimant new_claimant();
    // Callers wait for a claimed function until `adopt` or `give_up`, which has to follow soon. False: it has code, or
    // somebody else makes it.
    [[nodiscard]] bool claim(std::uint32_t function, WorkList::Claimant claimant);
    void give_up(WorkList::Claimant claimant);  // all that it has claimed
    [[nodiscard]] Result<void>
    adopt(std::span<const std::uint32_t> functions, const GeneratedObject& object, Tier tier);

    struct Progress {
        std::uint32_t called = 0;
        std::uint32_t quick = 0;  // made, called or not
        std::uint32_t full = 0;
        bool called_are_full = false;
        bool waits = false;  // the program, for quick code
    };
    [[nodiscard]] Progress progress();

    [[nodiscard]] std::uint64_t code_bytes() const { return region_->bytes_used(); }
    [[nodiscard]] bool is_lazy() const { return parts_->lazy != nullptr; }
    [[nodiscard]] std::chrono::steady_clock::duration generation_time() const { return generation_time_; }
    [[nodiscard]] std::uintptr_t code_begin() const { return region_->begin(); }

  private:
    // What never changes. Made in guarded work, and of its memory.
    struct Parts {
        ProgramImage image;
        ContentHash hash{};
        std::vector<std::string> function_names;
        std::vector<std::pair<std::string, EntryPoint>> exports;
        Methods methods;
        std::vector<LinkedFunction> functions;    // full tier: sorted by address
        std::span<const std::byte> packed_lines;  // and their lines, in the entry
        std::unique_ptr<LazyCode> lazy;           // quick tier
    };
    // None if there was no memory for them.
    struct PackedLines {
        std::shared_ptr<const std::byte> bytes;
        std::size_t count = 0;
    };
    [[nodiscard]] PackedLines keep_lines(const std::vector<std::byte>& packed);
    // Quick tier: code as it comes.
    struct Piece {
        LinkedFunction function;
        PackedLines lines;
    };

    explicit LoadedProgram(const LoadContext& context);
    // Guarded.
    [[nodiscard]] Result<Parts*> parts_of(const CheckedModule& module) const;
    [[nodiscard]] Result<void> link_entry(const CheckedModule& module, std::span<const std::byte> entry);
    [[nodiscard]] Result<void> make_stubs(GuardedPtr<CheckedModule> module);
    [[nodiscard]] Result<void> make(std::uint32_t function);
    [[nodiscard]] std::vector<std::uint32_t> with_companions(std::uint32_t function);

    [[nodiscard]] std::optional<Piece> find(std::uintptr_t address);
    [[nodiscard]] std::uintptr_t code_for(std::uint32_t function);
    [[nodiscard]] std::optional<std::uintptr_t> known_or_claimed(std::uint32_t function);
    [[nodiscard]] std::uintptr_t enter(std::uint32_t function);
    [[nodiscard]] bool wait() const;

    LoadContext context_;
    std::unique_ptr<CodeRegion> region_;
    GuardedPtr<Parts> parts_;

    std::mutex mutex_;                        // of everything below; never held while anything is made
    std::map<std::uintptr_t, Piece> pieces_;  // quick tier, by address
    WorkList work_;
    WorkList::Claimant claimants_ = 1;  // the first is the program itself
    bool making_ = false;               // the program's own code: one thread at a time
    std::uint32_t quick_count_ = 0;
    std::atomic<unsigned> waiting_ = 0;  // calls that have no code yet
    std::chrono::steady_clock::duration generation_time_{};
    std::string failure_;
};

}  // namespace tessera::safeir
