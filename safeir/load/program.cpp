#include "safeir/load/program.h"

#include "safeir/load/cache_entry.h"
#include "safeir/load/lazy.h"

#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

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
    TRY_TO(auto entry, decode_cache_entry(bytes, cache_binding(module.content_hash(), context.features)));
    std::unique_ptr<LoadedProgram> program(new LoadedProgram);
    program->context_ = context;
    TRY_TO(program->region_, context.space->reserve_region());
    LinkedObject linked;
    TRY_VOID(context.guard->run([&]() -> Result<void> {
        TRY_TO(linked, link_object(entry.object, *program->region_, [&](llvm::StringRef symbol) {
                   return context.bindings->find(symbol);
               }));
        return {};
    }));
    program->function_names_ = names_of_functions(module.module());
    program->image_ = module.image();
    program->take_object(std::move(linked), std::move(entry.lines));
    for (const auto& exported : module.exports()) {
        const auto name = std::ranges::find(program->function_names_, exported.function);
        const auto index = static_cast<std::uint32_t>(name - program->function_names_.begin());
        const auto found = std::ranges::find(program->functions_, index, &LinkedFunction::index);
        if (found == program->functions_.end()) {
            return fail(Blame::Caller, "it lacks the exported function " + exported.name);
        }
        program->exports_.emplace_back(exported.name,
                                       EntryPoint{found->address, exported.cap_params, exported.returns_status});
    }
    return program;
}

Result<std::unique_ptr<LoadedProgram>> LoadedProgram::lazy(const LoadContext& context, CheckedModule module) {
    TRY_VOID(context.bindings->check_imports(module.module()));
    std::unique_ptr<LoadedProgram> program(new LoadedProgram);
    program->context_ = context;
    TRY_TO(program->region_, context.space->reserve_region());
    program->function_names_ = names_of_functions(module.module());
    program->image_ = module.image();
    program->hash_ = module.content_hash();
    program->has_full_code_.resize(program->function_names_.size());
    const auto exports = module.exports();
    std::vector<std::uint32_t> indices;
    for (const auto& exported : exports) {
        const auto name = std::ranges::find(program->function_names_, exported.function);
        if (name == program->function_names_.end()) {
            return fail(Blame::Kernel, "the exported function " + exported.function + " has no body");
        }
        indices.push_back(static_cast<std::uint32_t>(name - program->function_names_.begin()));
    }
    TRY_TO(program->lazy_, LazyCode::create(program->context_, *program, *program->region_, std::move(module)));
    for (std::size_t i = 0; i < exports.size(); ++i) {
        program->exports_.emplace_back(
            exports[i].name,
            EntryPoint{program->lazy_->stub(indices[i]), exports[i].cap_params, exports[i].returns_status});
    }
    return program;
}

void LoadedProgram::take_object(LinkedObject object, LineTable lines) {
    functions_ = std::move(object.functions);
    std::ranges::sort(functions_, {}, &LinkedFunction::address);
    whole_lines_ = std::move(lines);
    functions_generated_ = static_cast<std::uint32_t>(functions_.size());
}

std::optional<LoadedProgram::EntryPoint> LoadedProgram::find_export(std::string_view name) const {
    const auto found =
        std::ranges::find(exports_, name, [](const auto& entry) { return std::string_view(entry.first); });
    if (found == exports_.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::optional<LoadedProgram::Place> LoadedProgram::locate(std::uintptr_t address) {
    const std::scoped_lock lock(mutex_);
    auto function = std::ranges::upper_bound(functions_, address, {}, &LinkedFunction::address);
    if (function == functions_.begin() ||
        address - (--function)->address >= std::max<std::uint64_t>(function->bytes, 1)) {
        return std::nullopt;
    }
    const auto& lines = lazy_ == nullptr ? whole_lines_ : piece_lines_[function->address];
    Place place{function_names_[function->index], {}, 0};
    if (const auto line = lines.find(function->index, static_cast<std::uint32_t>(address - function->address))) {
        place.file = *line->file;
        place.line = line->line;
    }
    return place;
}

std::uintptr_t LoadedProgram::generate(std::uint32_t function) {
    const std::scoped_lock lock(mutex_);
    const auto known = std::ranges::find(functions_, function, &LinkedFunction::index);
    if (known != functions_.end()) {
        return known->address;
    }
    const auto start = std::chrono::steady_clock::now();
    auto generated = lazy_->generate(function);
    generation_time_ += std::chrono::steady_clock::now() - start;
    if (!generated) {
        failure_ = std::move(generated).error().text;
        return 0;
    }
    functions_.insert(std::ranges::upper_bound(functions_, generated->function.address, {}, &LinkedFunction::address),
                      generated->function);
    piece_lines_[generated->function.address] = std::move(generated->lines);
    called_.push_back(function);
    ++functions_generated_;
    return generated->function.address;
}

std::optional<std::uint32_t> LoadedProgram::next_to_upgrade() {
    const std::scoped_lock lock(mutex_);
    while (called_done_ < called_.size() || all_done_ < has_full_code_.size()) {
        const auto function = called_done_ < called_.size() ? called_[called_done_++] : all_done_++;
        if (!has_full_code_[function]) {
            return function;
        }
    }
    return std::nullopt;
}

Result<void> LoadedProgram::upgrade(std::uint32_t function, GeneratedObject object) {
    const std::scoped_lock lock(mutex_);
    TRY_TO(auto generated, lazy_->adopt(function, std::move(object)));
    functions_.insert(std::ranges::upper_bound(functions_, generated.function.address, {}, &LinkedFunction::address),
                      generated.function);
    piece_lines_[generated.function.address] = std::move(generated.lines);
    has_full_code_[function] = true;
    ++functions_upgraded_;
    return {};
}

std::uint32_t LoadedProgram::functions_upgraded() {
    const std::scoped_lock lock(mutex_);
    return functions_upgraded_;
}

}  // namespace tessera::safeir
