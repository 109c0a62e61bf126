#include "safeir/load/methods.h"

#include "safeir/read/helpers.h"

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Module.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <set>

namespace tessera::safeir {
namespace {

constexpr std::size_t kStubBytes = 24;

std::byte* put(std::byte* at, std::initializer_list<unsigned> bytes) {
    for (const auto byte : bytes) {
        *at++ = static_cast<std::byte>(byte);
    }
    return at;
}

std::byte* put_value(std::byte* at, std::uint64_t value) {
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

Error about(std::string_view what, std::string_view name, Error error) {
    error.text = std::string(what) + " " + std::string(name) + ": " + error.text;
    return error;
}

bool is_mint(const llvm::FunctionType& type) {
    return type.getNumParams() == 2 && type.getParamType(1)->isIntegerTy(64) &&
           llvm::isa<llvm::TargetExtType>(type.getReturnType());
}

}  // namespace

void Methods::Free::operator()(MethodTable* table) const { ::operator delete(static_cast<void*>(table)); }

Result<void> Methods::read(const CheckedModule& module, CodeRegion& region, const MethodEntries& entries) {
    TRY_VOID(read_exports(module));
    TRY_VOID(read_imports(module));
    return write_stubs(region, entries);
}

Result<void> Methods::read_exports(const CheckedModule& module) {
    std::map<std::uint64_t, std::uint32_t> counts;
    for (const auto& each : module.exports()) {
        if (each.method) {
            auto& count = counts[each.method->interface];
            count = std::max(count, each.method->kind == MethodName::Kind::Method ? each.method->ordinal + 1 : 0);
        }
    }
    for (const auto& [interface, count] : counts) {
        const auto bytes = sizeof(MethodTable) + std::size_t{count} * sizeof(Method);
        auto* table = new (::operator new(bytes)) MethodTable;
        tables_[interface].reset(table);
        std::uninitialized_fill_n(table->methods, count, Method{});
        table->interface = interface;
        table->bytes = std::uint64_t{count} * sizeof(Method);
    }
    std::vector<const llvm::Function*> functions;
    for (const auto& function : module.module()) {
        if (!function.isDeclaration()) {
            functions.push_back(&function);
        }
    }
    for (const auto& each : module.exports()) {
        if (!each.method) {
            continue;
        }
        auto& table = *tables_[each.method->interface];
        if (each.method->kind == MethodName::Kind::Released) {
            exports_.push_back({each.function, &table.released});
            continue;
        }
        auto& method = table.methods[each.method->ordinal];
        const auto signature = method_signature(*functions[each.function]);
        if (!signature) {
            return std::unexpected(about("export", each.name, signature.error()));
        }
        method.signature = *signature;
        exports_.push_back({each.function, &method.address});
    }
    return {};
}

Result<void> Methods::read_imports(const CheckedModule& module) {
    for (const auto& function : module.module()) {
        const auto name = import_name(function);
        const auto method = name ? parse_method_name(*name) : std::nullopt;
        if (!method) {
            continue;
        }
        auto symbol = "import." + std::string(*name);
        if (method->kind == MethodName::Kind::Mint) {
            const auto* made = table(method->interface);
            if (made == nullptr || !is_mint(*function.getFunctionType())) {
                return fail(Blame::Program,
                            "import " + std::string(*name) +
                                (made == nullptr ? ": the program has no method of that interface"
                                                 : " is (i64) -> capability, the program wants something else"));
            }
            stubs_.push_back({std::move(symbol), made, &MethodEntries::mint});
            continue;
        }
        const auto import = method_import(function, method->interface, method->ordinal);
        if (!import) {
            return std::unexpected(about("import", *name, import.error()));
        }
        imports_.push_back(std::make_unique<MethodImport>(*import));
        const auto entry = import->wide         ? &MethodEntries::call_wide
                           : import->is_plain() ? &MethodEntries::call
                                                : &MethodEntries::call_more;
        stubs_.push_back({std::move(symbol), imports_.back().get(), entry});
    }
    return {};
}

Result<void> Methods::write_stubs(CodeRegion& region, const MethodEntries& entries) {
    if (stubs_.empty()) {
        return {};
    }
    const auto bytes = stubs_.size() * kStubBytes;
    auto* const code = region.allocate(CodeRegion::Use::Code, bytes);
    if (code == nullptr) {
        return fail(Blame::Machine, "no memory is left for generated code");
    }
    auto* at = code;
    for (const auto& stub : stubs_) {
        // SAFETY: addresses as numbers in code.
        addresses_[stub.symbol] = reinterpret_cast<std::uintptr_t>(at);
        at = put(at, {0x48, stub.entry == &MethodEntries::mint ? 0xBAU : 0xB8U});  // mov $argument, %rdx or %rax
        at = put_value(at, reinterpret_cast<std::uint64_t>(stub.argument));
        at = put(at, {0xFF, 0x25, 0, 0, 0, 0});  // jmp *0(%rip)
        at = put_value(at, entries.*stub.entry);
    }
    if (!region.protect(code, bytes, CodeRegion::Protection::ReadExecute)) {
        return fail(Blame::Machine, "the pages of generated code can't be protected");
    }
    return {};
}

std::optional<std::uintptr_t> Methods::find_stub(llvm::StringRef symbol) const {
    const auto found = addresses_.find(symbol);
    return found == addresses_.end() ? std::nullopt : std::optional(found->second);
}

void Methods::place(llvm::function_ref<std::uintptr_t(std::uint32_t function)> address_of) {
    for (const auto& each : exports_) {
        *each.address = address_of(each.function);
    }
}

const MethodTable* Methods::table(std::uint64_t interface) const {
    const auto found = tables_.find(interface);
    return found == tables_.end() ? nullptr : found->second.get();
}

}  // namespace tessera::safeir
