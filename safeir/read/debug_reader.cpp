// ModuleReader's part for debug locations: the only metadata that a program may bring.
#include "safeir/read/module_reader.h"

#include "llvm/IR/DIBuilder.h"

#include <fmt/format.h>

namespace tessera::safeir {

void ModuleReader::make_debug_unit() {
    module_.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
    llvm::DIBuilder builder(module_);
    debug_unit_ = builder.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C11),
                                            builder.createFile("program", ""),
                                            "tessera",
                                            true,
                                            "",
                                            0,
                                            "",
                                            llvm::DICompileUnit::LineTablesOnly);
    debug_type_ = builder.createSubroutineType(builder.getOrCreateTypeArray({}));
    builder.finalize();
    debug_names_.resize(strings_.size());
    debug_files_.resize(strings_.size());
}

bool ModuleReader::read_scope(std::uint32_t index) {
    if (index == 0) {
        make_debug_unit();
    }
    const std::uint32_t name = in_.varint32();
    const std::uint32_t file = in_.varint32();
    const std::uint32_t line = in_.varint32();
    if (name >= strings_.size() || file >= strings_.size()) {
        return refuse(Rule::Malformed, fmt::format("debug scope {} has no name or file", index));
    }
    if (debug_names_[name] == nullptr) {
        debug_names_[name] = llvm::MDString::get(context_, strings_[name]);
    }
    if (debug_files_[file] == nullptr) {
        debug_files_[file] = llvm::DIFile::get(context_, strings_[file], "");
    }
    subprograms_.push_back(llvm::DISubprogram::getDistinct(context_,
                                                           debug_files_[file],
                                                           debug_names_[name],
                                                           nullptr,
                                                           debug_files_[file],
                                                           line,
                                                           debug_type_,
                                                           line,
                                                           nullptr,
                                                           0,
                                                           0,
                                                           llvm::DINode::FlagZero,
                                                           llvm::DISubprogram::SPFlagDefinition,
                                                           debug_unit_));
    subprogram_used_.push_back(false);
    return true;
}

bool ModuleReader::read_location(std::uint32_t index) {
    constexpr std::uint32_t kDepthMax = wire::entry(wire::List::InliningDepth).most;
    const std::uint32_t scope = in_.varint32();
    const std::uint32_t line = in_.varint32();
    const std::uint32_t column = in_.varint32();
    const std::uint32_t inlined_at = in_.varint32();
    if (scope >= subprograms_.size() || inlined_at > index) {
        return refuse(Rule::Malformed,
                      fmt::format("debug location {} has no scope, or is inlined into a later one", index));
    }
    const Location around = inlined_at != 0 ? tables_.locations[inlined_at - 1] : Location{nullptr, scope, 0};
    const std::uint32_t depth = inlined_at != 0 ? around.depth + 1 : 0;
    if (depth > kDepthMax) {
        return refuse(Rule::Limit, fmt::format("inlining_depth: more than {} at debug location {}", kDepthMax, index));
    }
    tables_.locations.push_back(
        {llvm::DILocation::getDistinct(context_, line, column & 0xffff, subprograms_[scope], around.location),
         around.root_subprogram,
         depth});
    return true;
}

}  // namespace tessera::safeir
