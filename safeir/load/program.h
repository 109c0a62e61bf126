// A program whose code can be entered.
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/bindings.h"
#include "safeir/load/code_region.h"
#include "safeir/load/cpu_features.h"
#include "safeir/load/guard.h"
#include "safeir/load/line_table.h"
#include "safeir/load/link.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class TargetMachine;
}

namespace tessera::safeir {

class LazyCode;
class SymbolNames;

// What a program of any tier is loaded with. All of it must outlive the program.
struct LoadContext {
    CodeSpace* space = nullptr;
    const Bindings* bindings = nullptr;
    Guard* guard = nullptr;
    Features features = Features::X86_64;
    // Quick tier: called on the program's stack when it first enters a function; returns where the function is, by way
    // of LoadedProgram::generate. How it ends the program when there is an error is its affair; it can't return one.
    std::uintptr_t (*first_call)(class LoadedProgram& program, std::uint32_t function) = nullptr;
};

class LoadedProgram {
  public:
    // From a cache entry; the error says why the entry is unfit, and the module is as it was.
    static Result<std::unique_ptr<LoadedProgram>>
    from_cache(const LoadContext& context, CheckedModule& module, std::span<const std::byte> entry);
    // Each function is compiled when it is first called.
    static Result<std::unique_ptr<LoadedProgram>> lazy(const LoadContext& context, CheckedModule module);
    ~LoadedProgram();

    struct EntryPoint {
        std::uintptr_t address = 0;
        unsigned cap_params = 0;
        bool returns_status = false;
    };
    [[nodiscard]] std::optional<EntryPoint> find_export(std::string_view name) const;
    [[nodiscard]] const ProgramImage& image() const { return image_; }

    // Where an address of this program's code is in its source. Takes a lock: not for trap handlers.
    struct Place {
        std::string function;
        std::string file;  // empty: not known
        std::uint32_t line = 0;
    };
    [[nodiscard]] std::optional<Place> locate(std::uintptr_t address);

    // Quick tier: compiles a function, or finds that another core has done it. Takes milliseconds. 0: it failed, and
    // failure() says why.
    [[nodiscard]] std::uintptr_t generate(std::uint32_t function);
    // Upgrading (upgrade.h): a function that has no full code yet, those that were called first; and its code, made
    // from a module of the same bytes, which later calls go to.
    [[nodiscard]] std::optional<std::uint32_t> next_to_upgrade();
    [[nodiscard]] Result<void> upgrade(std::uint32_t function, struct GeneratedObject object);
    [[nodiscard]] const ContentHash& content_hash() const { return hash_; }
    [[nodiscard]] std::uint32_t functions_upgraded();
    [[nodiscard]] const char* failure() const { return failure_.c_str(); }
    [[nodiscard]] std::uintptr_t first_call(std::uint32_t function) { return context_.first_call(*this, function); }

    [[nodiscard]] std::uint64_t code_bytes() const { return region_->bytes_used(); }
    [[nodiscard]] std::uint32_t functions_generated() const { return functions_generated_; }
    [[nodiscard]] bool is_lazy() const { return lazy_ != nullptr; }
    [[nodiscard]] std::chrono::steady_clock::duration generation_time() const { return generation_time_; }
    [[nodiscard]] std::uintptr_t code_begin() const { return region_->begin(); }

  private:
    LoadedProgram();
    void take_object(LinkedObject object, LineTable lines);

    LoadContext context_;
    std::unique_ptr<CodeRegion> region_;
    ProgramImage image_;
    ContentHash hash_{};
    std::vector<std::string> function_names_;
    std::vector<std::pair<std::string, EntryPoint>> exports_;

    std::mutex mutex_;                                 // of everything below
    std::vector<LinkedFunction> functions_;            // sorted by address
    LineTable whole_lines_;                            // full tier
    std::map<std::uintptr_t, LineTable> piece_lines_;  // quick tier, by the function's address
    std::vector<std::uint32_t> called_;                // quick tier: in order of first calls
    std::vector<bool> has_full_code_;                  // quick tier: by function
    std::size_t called_done_ = 0;                      // how many of called_ have been given out to upgrade,
    std::uint32_t all_done_ = 0;                       // and of all functions
    std::uint32_t functions_upgraded_ = 0;
    std::uint32_t functions_generated_ = 0;
    std::chrono::steady_clock::duration generation_time_{};
    std::string failure_;
    std::unique_ptr<LazyCode> lazy_;
};

}  // namespace tessera::safeir
