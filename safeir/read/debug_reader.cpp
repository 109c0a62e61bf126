// ModuleReader's part for debug locations: the only metadata that a program may bring.
#include "safeir/read/module_reader.h"

#include <fmt/format.h>

namespace tessera::safeir {

bool ModuleReader::read_debug() {
    const std::uint32_t subprograms = in_.count(limits_.instructions);
    if (subprograms != 0) {
        module_.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
        debug_.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C11),
                                 debug_.createFile("program", ""),
                                 "tessera",
                                 true,
                                 "",
                                 0,
                                 "",
                                 llvm::DICompileUnit::LineTablesOnly);
    }
    auto* type = debug_.createSubroutineType(debug_.getOrCreateTypeArray({}));
    for (std::uint32_t i = 0; i < subprograms && !in_.failed(); ++i) {
        const std::string* name = string_at(in_.varint32());
        const std::string* file = string_at(in_.varint32());
        const std::uint32_t line = in_.varint32();
        if (name == nullptr || file == nullptr) {
            return refuse(Rule::Malformed, fmt::format("debug scope {} has no name or file", i));
        }
        auto* scope = debug_.createFile(*file, "");
        subprograms_.push_back(debug_.createFunction(
            scope, *name, "", scope, line, type, line, llvm::DINode::FlagZero, llvm::DISubprogram::SPFlagDefinition));
    }
    if (in_.failed()) {
        return refuse_truncated("debug scopes");
    }
    return read_locations(subprograms);
}

bool ModuleReader::read_locations(std::uint32_t subprograms) {
    const std::uint32_t locations = in_.count(limits_.instructions);
    tables_.locations.reserve(locations);
    for (std::uint32_t i = 0; i < locations && !in_.failed(); ++i) {
        const std::uint32_t scope = in_.varint32();
        const std::uint32_t line = in_.varint32();
        const std::uint32_t column = in_.varint32();
        const std::uint32_t inlined_at = in_.varint32();
        if (scope >= subprograms || inlined_at > i) {
            return refuse(Rule::Malformed,
                          fmt::format("debug location {} has no scope, or is inlined into a later one", i));
        }
        Location location{nullptr, scope, 0};
        llvm::DILocation* outer = nullptr;
        if (inlined_at != 0) {
            outer = tables_.locations[inlined_at - 1].location;
            location.root_subprogram = tables_.locations[inlined_at - 1].root_subprogram;
            location.depth = tables_.locations[inlined_at - 1].depth + 1;
            if (location.depth > limits_.inlining_depth) {
                return refuse(
                    Rule::Limit,
                    fmt::format("inlining_depth: more than {} at debug location {}", limits_.inlining_depth, i));
            }
        }
        location.location = llvm::DILocation::getDistinct(context_, line, column & 0xffff, subprograms_[scope], outer);
        tables_.locations.push_back(location);
    }
    return !in_.failed() || refuse_truncated("debug locations");
}

}  // namespace tessera::safeir
