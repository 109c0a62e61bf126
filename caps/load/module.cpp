#include "caps/load/module.h"

#include "caps/load/instance.h"
#include "caps/load/on_demand.h"
#include "core/platform/platform.h"
#include "runtime/copy.h"
#include "runtime/deferral.h"
#include "runtime/program_heap.h"
#include "safeir/check/checked_module.h"

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <new>

namespace tessera::caps {
namespace {

using safeir::CheckedModule;

constexpr std::uint64_t kHeapBytesMax = std::uint64_t{1} << 30U;  // accounts' limits are lower
constexpr std::chrono::seconds kRunTimeMax{20};

// The module's own copy, as its bytes are another's to change.
class Copy {
  public:
    explicit Copy(std::span<const std::byte> of)
        : bytes_(static_cast<std::byte*>(runtime::try_allocate(of.size())), of.size()) {
        is_whole_ = bytes_.data() != nullptr && tessera_copy(bytes_.data(), of.data(), of.size()) == 0;
    }
    ~Copy() { std::free(bytes_.data()); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    [[nodiscard]] bool has_room() const { return bytes_.data() != nullptr; }
    [[nodiscard]] bool is_whole() const { return is_whole_; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

  private:
    std::span<std::byte> bytes_;
    bool is_whole_ = false;
};

}  // namespace

HeapScope::HeapScope(runtime::Heap* heap) : before_(runtime::current_fiber()->program_heap) { runtime::use_heap(heap); }
HeapScope::~HeapScope() { runtime::use_heap(before_); }

Result<Use<Module>>
Module::load(const LoadPlaces& places, std::span<const std::byte> bytes, std::string_view name, Estate& within) {
    Use<Module> made;
    {
        const runtime::Deferral kernels_own(nullptr);
        made = Use<Module>(new (std::nothrow) Module);
        if (!made || !made->enter(within, sizeof(Module) + name.size())) {
            return fail(Blame::Machine, "no memory is left for a program, or the account is closed");
        }
        made->name_ = name;
    }
    Error error;
    if (auto read = made->read(places, bytes)) {
        // Its code is made on the fibers of whoever calls it: one that runs out of its time spoils it for nobody.
        made->guard_->let_end(runtime::RunEnds::ByItself);
        return made;
    } else {
        // The text is in the memory that goes now.
        error = {read.error().blame, std::string(std::string_view(read.error().text))};
    }
    made->drop_holder();
    return std::unexpected(std::move(error));
}

Result<void> Module::read(const LoadPlaces& places, std::span<const std::byte> bytes) {
    heap_ = runtime::Heap::create({.bytes_max = kHeapBytesMax,
                                   .use = runtime::Heap::Use::Shared,
                                   .payer = payer_of(account()),
                                   .reserve_bytes = runtime::kHeapReserveBytes});
    if (heap_ == nullptr) {
        return fail(Blame::Machine, "no memory is left for what the kernel keeps for a program");
    }
    const HeapScope its_own(heap_.get());
    ledger_.emplace(account(), *heap_);
    guard_.emplace("loading", KernelGuard::Limits{.time_of_run = kRunTimeMax, .payer = payer_of(account())});
    const Copy copy(bytes);
    if (!copy.is_whole()) {
        return copy.has_room() ? fail(Blame::Caller, "its bytes can't be read")
                               : fail(Blame::Machine, "no memory is left for its bytes");
    }
    CheckedModule* checked = nullptr;
    TRY_VOID(guard_->run([&]() -> Result<void> {
        TRY_TO(auto module, safeir::check_program(copy.bytes()));
        checked = new CheckedModule(std::move(module));
        return {};
    }));
    {
        const runtime::Deferral of_all(nullptr);  // once for all programs
        platform::prepare_code_generator();
    }
    safeir::LoadContext context{.space = places.space,
                                .bindings = places.bindings,
                                .guard = &*guard_,
                                .ledger = &*ledger_,
                                .features = safeir::detect_features(),
                                .first_call = make_on_first_call,
                                .wait = wait_for_code};
    auto module = safeir::guarded(*guard_, checked);
    program_ = take_made_code(context, *module, codes_of(places.modules, copy.bytes())).program;
    if (program_ == nullptr) {
        TRY_TO(program_, safeir::LoadedProgram::lazy(context, std::move(module)));
    }
    if (heap_->overdrawn()) {
        return fail(Blame::Machine, "no memory is left for what the kernel keeps for a program");
    }
    return {};
}

Module::~Module() = default;

bool Module::join(Instance& instance) {
    const std::scoped_lock lock(lock_);
    if (is_closed()) {
        return false;
    }
    instance.module_next_ = instances_;
    if (instances_ != nullptr) {
        instances_->module_previous_ = &instance;
    }
    instances_ = &instance;
    instance.joined_ = true;
    add_holder();
    return true;
}

void Module::leave(Instance& instance) {
    {
        const std::scoped_lock lock(lock_);
        if (!std::exchange(instance.joined_, false)) {
            return;
        }
        unlink(instance);
    }
    drop_holder();
}

void Module::unlink(Instance& instance) {
    auto* const next = instance.module_next_;
    auto* const previous = instance.module_previous_;
    (previous != nullptr ? previous->module_next_ : instances_) = next;
    if (next != nullptr) {
        next->module_previous_ = previous;
    }
}

void Module::begin_end() {
    const std::scoped_lock lock(lock_);
    for (auto* instance = instances_; instance != nullptr; instance = instance->module_next_) {
        instance->close();
    }
}

void Module::drop_holder() {
    if (holders_.fetch_sub(1) == 1) {
        close();
    }
}

bool Module::finish() {
    {
        const std::scoped_lock lock(lock_);
        if (instances_ != nullptr) {
            return false;
        }
    }
    program_.reset();
    guard_.reset();
    ledger_.reset();
    heap_.reset();
    return true;
}

}  // namespace tessera::caps
