#include "caps/load/made_code.h"

#include "safeir/load/cache_entry.h"

#include <cstring>
#include <ranges>
#include <utility>

namespace tessera::caps {

MadeCode take_made_code(safeir::LoadContext& context,
                        const safeir::CheckedModule& module,
                        std::span<const std::span<const std::byte>> codes) {
    const auto best = context.features;
    MadeCode made{
        .program = nullptr, .index = 0, .why_not = "all was made for another program, compiler, processor or version"};
    for (const auto features : std::views::reverse(safeir::kFeatureSets)) {
        if (features > best) {
            continue;
        }
        for (std::size_t i = 0; i < codes.size(); ++i) {
            if (!safeir::is_bound_to(codes[i], safeir::cache_binding(module.content_hash(), features))) {
                continue;
            }
            context.features = features;
            if (auto loaded = safeir::LoadedProgram::from_cache(context, module, codes[i])) {
                made.program = std::move(*loaded);
                made.index = i;
                return made;
            } else {
                made.why_not = loaded.error().text;
            }
        }
    }
    context.features = best;
    return made;
}

std::span<const std::span<const std::byte>> codes_of(std::span<const ImageModule> modules,
                                                     std::span<const std::byte> program) {
    for (const auto& module : modules) {
        if (module.program.size() == program.size() &&
            std::memcmp(module.program.data(), program.data(), program.size()) == 0) {
            return module.codes;
        }
    }
    return {};
}

}  // namespace tessera::caps
