#include "safeir/load/methods.h"

#include "safeir/read/helpers.h"
#include "safeir/spec/description_mark.h"

#include "llvm/IR/Constants.h"
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
constexpr std::size_t kInheritedMax = 32;

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
    TRY_VOID(read_descriptions(module, entries));
    TRY_VOID(read_exports(module));
    TRY_VOID(inherit());
    make_handler(entries);
    TRY_VOID(read_imports(module));
    return write_stubs(region, entries);
}

void Methods::make_handler(const MethodEntries& entries) {
    const auto found = tables_.find(entries.handler_interface);
    if (found == tables_.end()) {
        return;
    }
    handler_interface_ = entries.handler_interface;
    handler_.typed = found->second.get();
    handler_.table.by_words = entries.by_words;
}

Result<void> Methods::read_descriptions(const CheckedModule& module, const MethodEntries& entries) {
    if (entries.describe == nullptr) {
        return {};
    }
    for (const auto& global : module.module().globals()) {
        const auto* data =
            global.hasInitializer() ? llvm::dyn_cast<llvm::ConstantDataArray>(global.getInitializer()) : nullptr;
        llvm::StringRef text = data != nullptr ? data->getRawDataValues() : llvm::StringRef();
        if (!text.consume_front(kDescriptionMark)) {
            continue;
        }
        // SAFETY: characters are bytes.
        const std::span bytes(reinterpret_cast<const std::byte*>(text.data()), text.size());
        TRY_TO(auto said, entries.describe(bytes));
        const auto id = said.id;
        const auto name = said.name;
        if (!descriptions_.try_emplace(id, std::move(said)).second) {
            return fail(Blame::Program, "interface " + name + " is described twice");
        }
    }
    return {};
}

Result<const void*> Methods::plan_of(const MethodName& name, MethodSignature code) const {
    const auto found = descriptions_.find(name.interface);
    if (found == descriptions_.end()) {
        return nullptr;
    }
    const auto& said = found->second;
    const auto method = std::ranges::find(said.methods, name.ordinal, &DescribedMethod::ordinal);
    if (method != said.methods.end() && method->signature == code) {
        return method->plan.get();
    }
    const auto number = std::to_string(name.ordinal);
    if (method == said.methods.end()) {
        return fail(Blame::Program,
                    "interface " + said.name + " has no method " + number + " by the program's own description");
    }
    return fail(Blame::Program,
                "interface " + said.name + ", method " + method->name + ": the program's description says " +
                    (method->signature ? method_signature_text(*method->signature) : "more than code may take") +
                    ", its code " + method_signature_text(code));
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
        TRY_TO(method.plan, plan_of(*each.method, *signature));
        exports_.push_back({each.function, &method.address});
    }
    return {};
}

Result<void> Methods::inherit() {
    for (const auto& [interface, table] : tables_) {
        std::vector<std::uint64_t> found{interface};  // each once, and then what it extends
        std::vector<const MethodTable*> supers;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto said = descriptions_.find(found[i]);
            if (said == descriptions_.end()) {
                continue;
            }
            for (const auto super : said->second.supers) {
                if (std::ranges::find(found, super) != found.end()) {
                    continue;
                }
                if (found.size() > kInheritedMax) {
                    return fail(Blame::Program,
                                "an interface extends more than " + std::to_string(kInheritedMax) + " others");
                }
                found.push_back(super);
                if (const auto has = tables_.find(super); has != tables_.end()) {
                    supers.push_back(has->second.get());
                }
            }
        }
        if (!supers.empty()) {
            supers.push_back(nullptr);
            table->supers = supers_.emplace_back(std::move(supers)).data();
        }
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
        auto import = method_import(function, method->interface, method->ordinal);
        if (!import) {
            return std::unexpected(about("import", *name, import.error()));
        }
        TRY_TO(import->plan, plan_of(*method, import->signature));
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

std::optional<std::uintptr_t> Methods::find_stub(std::string_view symbol) const {
    const auto found = addresses_.find(symbol);
    return found == addresses_.end() ? std::nullopt : std::optional(found->second);
}

void Methods::place(llvm::function_ref<std::uintptr_t(std::uint32_t function)> address_of) {
    for (const auto& each : exports_) {
        *each.address = address_of(each.function);
    }
    handler_.table.released = handler_.typed != nullptr ? handler_.typed->released : 0;
}

const MethodTable* Methods::table(std::uint64_t interface) const {
    if (handler_.typed != nullptr && interface == handler_interface_) {
        return &handler_.table;
    }
    const auto found = tables_.find(interface);
    return found == tables_.end() ? nullptr : found->second.get();
}

}  // namespace tessera::safeir
