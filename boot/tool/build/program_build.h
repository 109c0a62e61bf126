// From a program's sources to its .sir, doing only what is not up to date.
#pragma once

#include "boot/tool/base/workspace.h"
#include "boot/tool/build/manifest.h"
#include "core/base/result.h"

#include <filesystem>

namespace tessera::tool {

// `folder` is the program's own scratch folder, kept between calls. The result is the .sir's place.
[[nodiscard]] Result<std::filesystem::path> build_program(const Workspace& workspace,
                                                          const Manifest& manifest,
                                                          const ProgramSpec& program,
                                                          const std::filesystem::path& folder);

// Where in that folder the commands of `build` run.
[[nodiscard]] std::filesystem::path recipe_folder(const std::filesystem::path& folder);

// True if `product` exists and nothing in `inputs` is newer.
[[nodiscard]] bool is_current(const std::filesystem::path& product, const std::vector<std::filesystem::path>& inputs);

}  // namespace tessera::tool
