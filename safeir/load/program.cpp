#include "safeir/load/program.h"

#include "safeir/load/cache_entry.h"
#include "safeir/load/lazy.h"
#include "safeir/load/link.h"

#include "llvm/IR/Module.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace tessera::safeir {
namespace {

constexpr std::size_t kInlinedMax = 256;
// Where nobody says how to wait.
constexpr std::chrono::microseconds kWait{100};
constexpr WorkList::Claimant kProgram = 1;
// A callee so likely is taken along,
constexpr float kCertain = 0.5F;
// as long as all of them are no more than this.
constexpr std::uint32_t kCompanionInstructions = 600;

std::vector<std::string> names_of_functions(const llvm::Module& module) {
    std::vector<std::string> names;
    for (const auto& function : module) {
        if (!function.isDeclaration()) {
            names.push_back(function.getName().str());
        }
    }
    return names;
}

}  // namespace

LoadedProgram::LoadedProgram(const LoadContext& context)
    : context_(context), parts_(guarded<Parts>(*context.guard, nullptr)) {}
LoadedProgram::~LoadedProgram() = default;

Result<LoadedProgram::Parts*> LoadedProgram::parts_of(const CheckedModule& module) const {
    TRY_VOID(context_.bindings->check_imports(module.module()));
    auto parts = std::make_unique<Parts>();
    parts->image = module.image();
    parts->hash = module.content_hash();
    parts->function_names = names_of_functions(module.module());
    TRY_VOID(parts->methods.read(module, *region_, context_.bindings->methods()));
    for (const auto& exported : module.exports()) {
        if (exported.method) {
            continue;
        }
        // Whoever makes or links the code knows the address.
        parts->exports.emplace_back(exported.name,
                                    EntryPoint{.address = 0,
                                               .function = exported.function,
                                               .cap_params = exported.cap_params,
                                               .returns_status = exported.returns_status});
    }
    return parts.release();
}

Result<std::unique_ptr<LoadedProgram>>
LoadedProgram::from_cache(const LoadContext& context, const CheckedModule& module, std::span<const std::byte> entry) {
    std::unique_ptr<LoadedProgram> program(new LoadedProgram(context));
    TRY_TO(program->region_, context.space->reserve_region(context.ledger));
    TRY_VOID(context.guard->run([&] { return program->link_entry(module, entry); }));
    return program;
}

Result<void> LoadedProgram::link_entry(const CheckedModule& module, std::span<const std::byte> bytes) {
    TRY_TO(const auto entry, decode_cache_entry(bytes, cache_binding(module.content_hash(), context_.features)));
    TRY_TO(auto* const made, parts_of(module));
    auto parts = guarded(*context_.guard, made);
    TRY_TO(auto linked, link_object(entry.object, *region_, [&](llvm::StringRef symbol) {
               const auto stub = parts->methods.find_stub(symbol);
               return stub ? stub : context_.bindings->find(symbol);
           }));
    std::vector<std::uintptr_t> addresses(parts->function_names.size());
    for (const auto& function : linked.functions) {
        if (function.index < addresses.size()) {
            addresses[function.index] = function.address;
        }
    }
    parts->methods.place([&](std::uint32_t function) { return addresses[function]; });
    for (auto& [name, entry_point] : parts->exports) {
        entry_point.address = addresses[entry_point.function];
        if (entry_point.address == 0) {
            return fail(Blame::Caller, "it lacks the exported function " + name);
        }
    }
    parts->functions = std::move(linked.functions);
    std::ranges::sort(parts->functions, {}, &LinkedFunction::address);
    parts->packed_lines = entry.lines;
    parts_ = std::move(parts);
    return {};
}

Result<std::unique_ptr<LoadedProgram>> LoadedProgram::lazy(const LoadContext& context,
                                                           GuardedPtr<CheckedModule> module) {
    std::unique_ptr<LoadedProgram> program(new LoadedProgram(context));
    TRY_TO(program->region_, context.space->reserve_region(context.ledger));
    TRY_VOID(context.guard->run([&] { return program->make_stubs(std::move(module)); }));
    program->work_.resize(program->parts_->function_names.size());
    return program;
}

Result<void> LoadedProgram::make_stubs(GuardedPtr<CheckedModule> module) {
    TRY_TO(auto* const made, parts_of(*module));
    auto parts = guarded(*context_.guard, made);
    TRY_TO(parts->lazy, LazyCode::create(context_, *this, *region_, std::move(module), parts->methods));
    parts->methods.place([&](std::uint32_t function) { return parts->lazy->stub(function); });
    for (auto& [name, entry_point] : parts->exports) {
        entry_point.address = parts->lazy->stub(entry_point.function);
    }
    parts_ = std::move(parts);
    return {};
}

std::optional<LoadedProgram::EntryPoint> LoadedProgram::find_export(std::string_view name) const {
    const auto& exports = parts_->exports;
    const auto found =
        std::ranges::find(exports, name, [](const auto& entry) { return std::string_view(entry.first); });
    if (found == exports.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::optional<LoadedProgram::Piece> LoadedProgram::find(std::uintptr_t address) {
    const auto holds = [address](const LinkedFunction& function) {
        return address - function.address < std::max<std::uint64_t>(function.bytes, 1);
    };
    if (is_lazy()) {
        const std::scoped_lock lock(mutex_);
        const auto piece = pieces_.upper_bound(address);
        if (piece == pieces_.begin() || !holds(std::prev(piece)->second.function)) {
            return std::nullopt;
        }
        return std::prev(piece)->second;
    }
    const auto function = std::ranges::upper_bound(parts_->functions, address, {}, &LinkedFunction::address);
    if (function == parts_->functions.begin() || !holds(*std::prev(function))) {
        return std::nullopt;
    }
    return Piece{*std::prev(function), {}};
}

std::optional<LoadedProgram::Location> LoadedProgram::locate(std::uintptr_t address,
                                                             std::optional<LineTable>& whole_lines) {
    const auto found = find(address);
    if (!found) {
        return std::nullopt;
    }
    Location location;
    const auto& function = found->function;
    if (is_lazy() || !whole_lines) {
        auto unpacked = LineTable::unpack(is_lazy() ? std::span(found->lines.bytes.get(), found->lines.count)
                                                    : parts_->packed_lines);
        whole_lines = unpacked ? std::move(*unpacked) : LineTable();
    }
    const auto& lines = *whole_lines;
    const auto* row = lines.find(function.index, static_cast<std::uint32_t>(address - function.address));
    location.frame = row == nullptr ? LineTable::Frame::Made : row->frame;
    for (auto next = row == nullptr ? 0 : row->place; next != 0 && location.places.size() < kInlinedMax;) {
        const auto& place = lines.places[next - 1];
        const auto& scope = lines.scopes[place.scope];
        location.places.push_back({lines.strings[scope.name], lines.strings[scope.file], place.line});
        next = place.inlined_into;
    }
    if (location.places.empty()) {
        location.places.emplace_back();
    }
    if (auto& outermost = location.places.back().function; outermost.empty()) {
        outermost = parts_->function_names[function.index];
    }
    return location;
}

std::uintptr_t LoadedProgram::generate(std::uint32_t function) {
    const auto start = std::chrono::steady_clock::now();
    ++waiting_;
    const auto address = code_for(function);
    --waiting_;
    const std::scoped_lock lock(mutex_);
    generation_time_ += std::chrono::steady_clock::now() - start;
    return address;
}

std::uintptr_t LoadedProgram::code_for(std::uint32_t function) {
    if (const auto known = known_or_claimed(function)) {
        return *known;
    }
    auto made = context_.guard->run([&] { return make(function); });
    const std::scoped_lock lock(mutex_);
    making_ = false;
    if (!made) {
        work_.release(kProgram);
        failure_ = std::move(made).error().text;
        return 0;
    }
    return enter(function);
}

// None: the function has been claimed, and is to be made now.
std::optional<std::uintptr_t> LoadedProgram::known_or_claimed(std::uint32_t function) {
    while (true) {
        {
            const std::scoped_lock lock(mutex_);
            if (work_.address_of(function) != 0) {
                return enter(function);
            }
            if (!failure_.empty()) {
                return 0;  // LLVM failed once: its state can't be used again
            }
            if (!making_ && work_.claim(function, kProgram)) {
                making_ = true;
                return std::nullopt;
            }
        }
        if (!wait()) {
            return 0;
        }
    }
}

bool LoadedProgram::wait() const {
    if (context_.wait != nullptr) {
        return context_.wait();
    }
    std::this_thread::sleep_for(kWait);
    return true;
}

std::uintptr_t LoadedProgram::enter(std::uint32_t function) {
    const auto address = work_.address_of(function);
    parts_->lazy->enter(function, address);
    work_.was_called(function);
    return address;
}

Result<void> LoadedProgram::make(std::uint32_t function) {
    const auto batch = with_companions(function);
    TRY_TO(const auto object, parts_->lazy->compiler().compile(batch, Tier::Quick));
    return adopt(batch, object, Tier::Quick);
}

// Making an object costs as much as some hundred instructions in it, so small functions that will be called by this one
// come with it. Small ones only: what fails here ends the program, which might not have called them.
std::vector<std::uint32_t> LoadedProgram::with_companions(std::uint32_t function) {
    auto& compiler = parts_->lazy->compiler();
    std::vector<std::uint32_t> batch{function};
    std::uint32_t instructions = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        for (const auto& callee : compiler.callees_of(batch[i])) {
            const auto size = compiler.instructions_of(callee.function);
            if (callee.probability < kCertain || instructions + size > kCompanionInstructions) {
                break;
            }
            if (claim(callee.function, kProgram)) {
                batch.push_back(callee.function);
                instructions += size;
            }
        }
    }
    return batch;
}

WorkList::Claimant LoadedProgram::new_claimant() {
    const std::scoped_lock lock(mutex_);
    return ++claimants_;
}

bool LoadedProgram::claim(std::uint32_t function, WorkList::Claimant claimant) {
    const std::scoped_lock lock(mutex_);
    return work_.claim(function, claimant);
}

void LoadedProgram::give_up(WorkList::Claimant claimant) {
    const std::scoped_lock lock(mutex_);
    work_.release(claimant);
}

// A copy: the original goes with the memory that it was made in.
LoadedProgram::PackedLines LoadedProgram::keep_lines(const std::vector<std::byte>& packed) {
    void* bytes =
        context_.ledger != nullptr ? context_.ledger->try_allocate(packed.size()) : std::malloc(packed.size());
    if (bytes == nullptr) {
        return {};
    }
    std::memcpy(bytes, packed.data(), packed.size());
    return {
        {static_cast<const std::byte*>(bytes), [](const std::byte* kept) { std::free(const_cast<std::byte*>(kept)); }},
        packed.size()};
}

Result<void> LoadedProgram::adopt(std::span<const std::uint32_t> functions, const GeneratedObject& object, Tier tier) {
    TRY_TO(const auto linked, parts_->lazy->link(object));
    if (linked.functions.size() != functions.size()) {
        return fail(Blame::Kernel, "the code generator dropped a function");
    }
    const auto packed = object.lines.pack();
    const std::scoped_lock lock(mutex_);
    if (context_.ledger != nullptr && context_.ledger->is_exhausted()) {
        return fail(Blame::Machine, "no memory is left to keep code");
    }
    const auto lines = keep_lines(packed);
    for (const auto& function : linked.functions) {
        pieces_[function.address] = {function, lines};
        if (tier == Tier::Quick) {
            work_.has_code(function.index, function.address);
            ++quick_count_;
        } else {
            work_.has_full_code(function.index, function.address);
            parts_->lazy->enter(function.index, function.address);
        }
    }
    return {};
}

std::optional<std::uint32_t> LoadedProgram::next_called() {
    const std::scoped_lock lock(mutex_);
    return work_.next_called();
}

std::optional<std::uint32_t> LoadedProgram::next_to_upgrade(llvm::function_ref<std::uint32_t(std::uint32_t)> size) {
    const std::scoped_lock lock(mutex_);
    return work_.next_without_full_code(size);
}

LoadedProgram::Progress LoadedProgram::progress() {
    const std::scoped_lock lock(mutex_);
    return {work_.called_count(), quick_count_, work_.full_count(), work_.called_are_full(), waiting_ != 0};
}

}  // namespace tessera::safeir
