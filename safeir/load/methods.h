// What of a program's code is methods of interfaces: those that it calls, each by a stub that tells the kernel's
// crossing which one is meant, and those that it has.
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/code_region.h"
#include "safeir/load/method_import.h"
#include "safeir/load/name_map.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::safeir {

// What a module's own description of an interface says of its methods (docs/notes/schema.md).
struct DescribedMethod {
    std::uint32_t ordinal = 0;
    std::string name;
    std::optional<MethodSignature> signature;  // none: it has more parameters and results than code may
    std::shared_ptr<const void> plan;          // for whoever calls by it; of `describe`'s own making
};
struct DescribedInterface {
    std::uint64_t id = 0;
    std::string name;
    std::vector<DescribedMethod> methods;  // by ordinal
    std::vector<std::uint64_t> supers;     // which it extends
};

// Where the kernel takes them.
struct MethodEntries {
    std::uintptr_t call = 0;       // rax: the MethodImport; otherwise with the arguments of the method
    std::uintptr_t call_more = 0;  // the same, for those of which `is_plain` is not true
    std::uintptr_t call_wide = 0;  // the same, for those of which `wide` is true
    std::uintptr_t mint = 0;       // (arena, state, MethodTable*) -> capability
    // Reads a description, which is the program's and hostile. Null: nobody does, as in tools.
    Result<DescribedInterface> (*describe)(std::span<const std::byte> description) = nullptr;
    // The interface whose implementers take the calls of all interfaces, and what makes their calls of them.
    std::uint64_t handler_interface = 0;
    std::uintptr_t by_words = 0;
};

class Methods {
  public:
    Methods() = default;
    Methods(const Methods&) = delete;
    Methods& operator=(const Methods&) = delete;

    // From the module's imports and exports, before its code is linked. The error names the one that is not as it must
    // be.
    Result<void> read(const CheckedModule& module, CodeRegion& region, const MethodEntries& entries);
    // The stub of a method that is called, by the symbol of SymbolNames.
    [[nodiscard]] std::optional<std::uintptr_t> find_stub(std::string_view symbol) const;
    // When the code has its place.
    void place(llvm::function_ref<std::uintptr_t(std::uint32_t function)> address_of);

    // Null: the program has no method of the interface.
    [[nodiscard]] const MethodTable* table(std::uint64_t interface) const;

  private:
    struct Export {
        std::uint32_t function = 0;
        std::uintptr_t* address = nullptr;  // in its table
    };
    struct Free {
        void operator()(MethodTable* table) const;
    };
    Result<void> read_descriptions(const CheckedModule& module, const MethodEntries& entries);
    // The plan of a method whose code is as its description says, null if there is none. The error says how they
    // differ.
    [[nodiscard]] Result<const void*> plan_of(const MethodName& name, MethodSignature code) const;
    Result<void> read_exports(const CheckedModule& module);
    // What an object answers to besides its own interface.
    Result<void> inherit();
    void make_handler(const MethodEntries& entries);
    Result<void> read_imports(const CheckedModule& module);
    Result<void> write_stubs(CodeRegion& region, const MethodEntries& entries);

    struct Stub {
        std::string symbol;
        const void* argument;
        std::uintptr_t MethodEntries::* entry;
    };
    std::map<std::uint64_t, DescribedInterface> descriptions_;
    std::map<std::uint64_t, std::unique_ptr<MethodTable, Free>> tables_;
    std::vector<std::vector<const MethodTable*>> supers_;
    std::uint64_t handler_interface_ = 0;
    HandlerTable handler_;  // if the program has that interface
    std::vector<Export> exports_;
    std::vector<std::unique_ptr<MethodImport>> imports_;
    std::vector<Stub> stubs_;
    NameMap<std::uintptr_t> addresses_;
};

}  // namespace tessera::safeir
