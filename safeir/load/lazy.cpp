#include "safeir/load/lazy.h"

#include "core/base/vector_state.h"

#include <atomic>
#include <cstring>

extern "C" {
// lazy_entry.S. Reached by a stub's tail: the function's index is pushed, r11 is the program.
void tessera_lazy_entry();
// What lazy_entry.S saves beside the general registers: an XSAVE mask, or 0 for FXSAVE. All that the machine has, so it
// changes once, before the first lazy program runs.
constinit std::uint64_t tessera_lazy_state_mask = 0;
std::uintptr_t tessera_lazy_first_call(tessera::safeir::LoadedProgram* program, std::uint64_t function);
}

namespace tessera::safeir {
namespace {

constexpr std::size_t kStubBytes = 16;
constexpr std::size_t kTailBytes = 24;

// SAFETY: code is bytes here and an address elsewhere.
std::uintptr_t number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

void put(std::byte*& at, std::initializer_list<unsigned> bytes) {
    for (const auto byte : bytes) {
        *at++ = static_cast<std::byte>(byte);
    }
}

template <typename T>
void put_value(std::byte*& at, T value) {
    std::memcpy(at, &value, sizeof value);
    at += sizeof value;
}

std::int32_t displacement(const std::byte* from, const std::byte* to) {
    return static_cast<std::int32_t>(to - from);  // both in one region
}

}  // namespace

LazyCode::LazyCode(const LoadContext& context,
                   CodeRegion& region,
                   GuardedPtr<CheckedModule> module,
                   const Methods& methods)
    : context_(context), region_(region), methods_(methods), compiler_(context.features, std::move(module)) {}

std::uintptr_t LazyCode::stub(std::uint32_t function) const { return number(stubs_ + function * kStubBytes); }
std::uint32_t LazyCode::function_count() const {
    return static_cast<std::uint32_t>(compiler_.names().functions().size());
}

Result<std::unique_ptr<LazyCode>> LazyCode::create(const LoadContext& context,
                                                   LoadedProgram& program,
                                                   CodeRegion& region,
                                                   GuardedPtr<CheckedModule> module,
                                                   const Methods& methods) {
    std::atomic_ref(tessera_lazy_state_mask).store(kept_vector_state(), std::memory_order_relaxed);
    std::unique_ptr<LazyCode> code(new LazyCode(context, region, std::move(module), methods));
    TRY_VOID(code->write_stubs(program));
    TRY_VOID(code->link_tables());
    return code;
}

Result<void> LazyCode::write_stubs(LoadedProgram& program) {
    const std::size_t count = function_count();
    const std::size_t code_bytes = count * kStubBytes + kTailBytes;
    stubs_ = region_.allocate(CodeRegion::Use::Code, code_bytes);
    slots_ = region_.allocate(CodeRegion::Use::Data, count * sizeof(std::uintptr_t) + 1);
    if (stubs_ == nullptr || slots_ == nullptr) {
        return fail(Blame::Machine, "no memory is left for generated code");
    }
    auto* const tail = stubs_ + count * kStubBytes;
    for (std::size_t i = 0; i < count; ++i) {
        auto* at = stubs_ + i * kStubBytes;
        auto* slot = slots_ + i * sizeof(std::uintptr_t);
        const std::uintptr_t second_part = number(at + 6);
        std::memcpy(slot, &second_part, sizeof second_part);
        put(at, {0xFF, 0x25});  // jmp *slot(%rip)
        put_value(at, displacement(at + 4, slot));
        put(at, {0x68});  // push $index
        put_value(at, static_cast<std::uint32_t>(i));
        put(at, {0xE9});  // jmp tail
        put_value(at, displacement(at + 4, tail));
    }
    auto* at = tail;
    put(at, {0x49, 0xBB});  // mov $program, %r11
    put_value(at, number(&program));
    put(at, {0xFF, 0x25});  // jmp *0(%rip)
    put_value(at, std::int32_t{0});
    // SAFETY: the entry's address, to be jumped to.
    put_value(at, reinterpret_cast<std::uintptr_t>(&tessera_lazy_entry));
    if (!region_.protect(stubs_, code_bytes, CodeRegion::Protection::ReadExecute)) {
        return fail(Blame::Machine, "the pages of generated code can't be protected");
    }
    return {};
}

Result<void> LazyCode::link_tables() {
    TRY_TO(const auto object, compiler_.compile_tables());
    if (!object.elf.empty()) {
        TRY_TO(auto linked, link(object));
        tables_ = std::move(linked.tables);
    }
    return {};
}

std::optional<std::uintptr_t> LazyCode::resolve(llvm::StringRef symbol) const {
    if (const auto index = stub_index(symbol); index && *index < function_count()) {
        return stub(*index);
    }
    if (const auto table = tables_.find(symbol); table != tables_.end()) {
        return table->second;
    }
    const auto stub = methods_.find_stub(symbol);
    return stub ? stub : context_.bindings->find(symbol);
}

Result<LinkedObject> LazyCode::link(const GeneratedObject& object) const {
    return link_object(
        {object.elf.data(), object.elf.size()}, region_, [this](llvm::StringRef symbol) { return resolve(symbol); });
}

void LazyCode::enter(std::uint32_t function, std::uintptr_t address) const {
    // SAFETY: slots are naturally aligned, and cores read them as whole words.
    std::atomic_ref<std::uintptr_t> slot(
        *reinterpret_cast<std::uintptr_t*>(slots_ + function * sizeof(std::uintptr_t)));
    slot.store(address, std::memory_order_release);
}

}  // namespace tessera::safeir

std::uintptr_t tessera_lazy_first_call(tessera::safeir::LoadedProgram* program, std::uint64_t function) {
    return program->first_call(static_cast<std::uint32_t>(function));
}
