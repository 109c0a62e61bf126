// ModuleReader's part for debug locations: the only metadata that a program may bring.
#include "safeir/read/module_reader.h"

#include "llvm/IR/DIBuilder.h"

#include <fmt/format.h>

namespace tessera::safeir {

bool ModuleReader::read_debug() {
    std::uint32_t count = 0;
    if (!read_count(wire::List::Scopes, count)) {
        return false;
    }
    if (count != 0) {
        module_.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
        llvm::DIBuilder builder(module_);
        auto* unit = builder.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C11),
                                               builder.createFile("program", ""),
                                               "tessera",
                                               true,
                                               "",
                                               0,
                                               "",
                                               llvm::DICompileUnit::LineTablesOnly);
        auto* type = builder.createSubroutineType(builder.getOrCreateTypeArray({}));
        builder.finalize();
        // By the name's index: many scopes may share a long name.
        std::vector<llvm::MDString*> names(strings_.size());
        std::vector<llvm::DIFile*> files(strings_.size());
        for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
            const std::uint32_t name = in_.varint32();
            const std::uint32_t file = in_.varint32();
            const std::uint32_t line = in_.varint32();
            if (name >= strings_.size() || file >= strings_.size()) {
                return refuse(Rule::Malformed, fmt::format("debug scope {} has no name or file", i));
            }
            if (names[name] == nullptr) {
                names[name] = llvm::MDString::get(context_, strings_[name]);
            }
            if (files[file] == nullptr) {
                files[file] = llvm::DIFile::get(context_, strings_[file], "");
            }
            subprograms_.push_back(llvm::DISubprogram::getDistinct(context_,
                                                                   files[file],
                                                                   names[name],
                                                                   nullptr,
                                                                   files[file],
                                                                   line,
                                                                   type,
                                                                   line,
                                                                   nullptr,
                                                                   0,
                                                                   0,
                                                                   llvm::DINode::FlagZero,
                                                                   llvm::DISubprogram::SPFlagDefinition,
                                                                   unit));
        }
    }
    if (in_.failed()) {
        return refuse_cut_off(wire::List::Scopes);
    }
    return read_locations();
}

bool ModuleReader::read_locations() {
    constexpr std::uint32_t kDepthMax = wire::entry(wire::List::InliningDepth).most;
    std::uint32_t count = 0;
    if (!read_count(wire::List::Locations, count)) {
        return false;
    }
    tables_.locations.reserve(count);
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i) {
        const std::uint32_t scope = in_.varint32();
        const std::uint32_t line = in_.varint32();
        const std::uint32_t column = in_.varint32();
        const std::uint32_t inlined_at = in_.varint32();
        if (scope >= subprograms_.size() || inlined_at > i) {
            return refuse(Rule::Malformed,
                          fmt::format("debug location {} has no scope, or is inlined into a later one", i));
        }
        Location location{nullptr, scope, 0};
        llvm::DILocation* outer = nullptr;
        if (inlined_at != 0) {
            const Location& around = tables_.locations[inlined_at - 1];
            outer = around.location;
            location.root_subprogram = around.root_subprogram;
            location.depth = around.depth + 1;
            if (location.depth > kDepthMax) {
                return refuse(Rule::Limit,
                              fmt::format("inlining_depth: more than {} at debug location {}", kDepthMax, i));
            }
        }
        location.location = llvm::DILocation::getDistinct(context_, line, column & 0xffff, subprograms_[scope], outer);
        tables_.locations.push_back(location);
    }
    return !in_.failed() || refuse_cut_off(wire::List::Locations);
}

}  // namespace tessera::safeir
