#include "safeir/load/program.h"

#include "safeir/load/cache_entry.h"
#include "safeir/load/lazy.h"

#include "llvm/IR/Module.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

constexpr std::size_t kInlinedMax = 256;
constexpr std::chrono::milliseconds kWait{5};
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

LoadedProgram::LoadedProgram() = default;
LoadedProgram::~LoadedProgram() = default;

Result<std::unique_ptr<LoadedProgram>>
LoadedProgram::from_cache(const LoadContext& context, CheckedModule& module, std::span<const std::byte> bytes) {
    TRY_VOID(context.bindings->check_imports(module.module()));
    TRY_TO(const auto entry, decode_cache_entry(bytes, cache_binding(module.content_hash(), context.features)));
    std::unique_ptr<LoadedProgram> program(new LoadedProgram);
    program->context_ = context;
    TRY_TO(program->region_, context.space->reserve_region(context.ledger));
    LinkedObject linked;
    TRY_VOID(context.guard->run([&]() -> Result<void> {
        TRY_TO(linked, link_object(entry.object, *program->region_, [&](llvm::StringRef symbol) {
                   return context.bindings->find(symbol);
               }));
        return {};
    }));
    program->function_names_ = names_of_functions(module.module());
    program->image_ = module.image();
    program->take_object(std::move(linked));
    program->packed_lines_ = entry.lines;
    std::vector<std::uintptr_t> addresses(program->function_names_.size());
    for (const auto& function : program->functions_) {
        if (function.index < addresses.size()) {
            addresses[function.index] = function.address;
        }
    }
    for (const auto& exported : module.exports()) {
        const auto address = addresses[exported.function];
        if (address == 0) {
            return fail(Blame::Caller, "it lacks the exported function " + exported.name);
        }
        program->exports_.emplace_back(exported.name,
                                       EntryPoint{address, exported.cap_params, exported.returns_status});
    }
    return program;
}

Result<std::unique_ptr<LoadedProgram>> LoadedProgram::lazy(const LoadContext& context, CheckedModule module) {
    TRY_VOID(context.bindings->check_imports(module.module()));
    std::unique_ptr<LoadedProgram> program(new LoadedProgram);
    program->context_ = context;
    TRY_TO(program->region_, context.space->reserve_region(context.ledger));
    program->function_names_ = names_of_functions(module.module());
    program->image_ = module.image();
    program->hash_ = module.content_hash();
    program->work_.resize(program->function_names_.size());
    const auto exports = module.exports();
    TRY_TO(program->lazy_, LazyCode::create(program->context_, *program, *program->region_, std::move(module)));
    for (const auto& exported : exports) {
        program->exports_.emplace_back(
            exported.name,
            EntryPoint{program->lazy_->stub(exported.function), exported.cap_params, exported.returns_status});
    }
    return program;
}

void LoadedProgram::take_object(LinkedObject object) {
    functions_ = std::move(object.functions);
    std::ranges::sort(functions_, {}, &LinkedFunction::address);
}

std::optional<LoadedProgram::EntryPoint> LoadedProgram::find_export(std::string_view name) const {
    const auto found =
        std::ranges::find(exports_, name, [](const auto& entry) { return std::string_view(entry.first); });
    if (found == exports_.end()) {
        return std::nullopt;
    }
    return found->second;
}

const LineTable& LoadedProgram::lines_of(const LinkedFunction& function) {
    if (lazy_ != nullptr) {
        return *piece_lines_[function.address];
    }
    if (!whole_lines_) {
        whole_lines_ = LineTable::unpack(packed_lines_);
    }
    return whole_lines_ ? *whole_lines_ : whole_lines_.emplace();
}

std::optional<LoadedProgram::Location> LoadedProgram::locate(std::uintptr_t address) {
    const std::scoped_lock lock(mutex_);
    auto function = std::ranges::upper_bound(functions_, address, {}, &LinkedFunction::address);
    if (function == functions_.begin() ||
        address - (--function)->address >= std::max<std::uint64_t>(function->bytes, 1)) {
        return std::nullopt;
    }
    Location location;
    const auto& lines = lines_of(*function);
    const auto* row = lines.find(function->index, static_cast<std::uint32_t>(address - function->address));
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
        outermost = function_names_[function->index];
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
    const std::scoped_lock compiling(compiling_);
    const auto batch = with_companions(function);
    auto object = lazy_->compiler().compile(batch, Tier::Quick);
    auto adopted = object ? adopt(batch, std::move(*object), Tier::Quick) : std::unexpected(std::move(object).error());
    if (!adopted) {
        give_up(batch);
        const std::scoped_lock lock(mutex_);
        failure_ = std::move(adopted).error().text;
        return 0;
    }
    const std::scoped_lock lock(mutex_);
    return enter(function);
}

// None: the function has been claimed, and is to be made now.
std::optional<std::uintptr_t> LoadedProgram::known_or_claimed(std::uint32_t function) {
    std::unique_lock lock(mutex_);
    while (work_.is_claimed(function)) {
        changed_.wait_for(lock, kWait);
        if (context_.must_stop != nullptr && context_.must_stop()) {
            return 0;
        }
    }
    if (work_.address_of(function) != 0) {
        return enter(function);
    }
    (void)work_.claim(function);
    return std::nullopt;
}

std::uintptr_t LoadedProgram::enter(std::uint32_t function) {
    const auto address = work_.address_of(function);
    lazy_->enter(function, address);
    work_.was_called(function);
    return address;
}

// Making an object costs as much as some hundred instructions in it, so small functions that will be called by this one
// come with it. Small ones only: what fails here ends the program, which might not have called them.
std::vector<std::uint32_t> LoadedProgram::with_companions(std::uint32_t function) {
    auto& compiler = lazy_->compiler();
    std::vector<std::uint32_t> batch{function};
    std::uint32_t instructions = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        for (const auto& callee : compiler.callees_of(batch[i])) {
            const auto size = compiler.instructions_of(callee.function);
            if (callee.probability < kCertain || instructions + size > kCompanionInstructions) {
                break;
            }
            if (claim(callee.function)) {
                batch.push_back(callee.function);
                instructions += size;
            }
        }
    }
    return batch;
}

bool LoadedProgram::claim(std::uint32_t function) {
    const std::scoped_lock lock(mutex_);
    return work_.claim(function);
}

void LoadedProgram::give_up(std::span<const std::uint32_t> functions) {
    const std::scoped_lock lock(mutex_);
    work_.release(functions);
    changed_.notify_all();
}

Result<void> LoadedProgram::adopt(std::span<const std::uint32_t> functions, GeneratedObject object, Tier tier) {
    const std::scoped_lock lock(mutex_);
    TRY_TO(const auto linked, lazy_->link(object));
    if (linked.functions.size() != functions.size()) {
        return fail(Blame::Kernel, "the code generator dropped a function");
    }
    const auto lines = std::make_shared<const LineTable>(std::move(object.lines));
    for (const auto& function : linked.functions) {
        functions_.insert(std::ranges::upper_bound(functions_, function.address, {}, &LinkedFunction::address),
                          function);
        piece_lines_[function.address] = lines;
        if (tier == Tier::Quick) {
            work_.has_code(function.index, function.address);
            ++quick_count_;
        } else {
            work_.has_full_code(function.index, function.address);
            lazy_->enter(function.index, function.address);
        }
    }
    changed_.notify_all();
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
