// What a program's schemas are made into: headers on its include path, and the interfaces' ids by name.
#pragma once

#include "boot/tool/base/workspace.h"
#include "boot/tool/build/manifest.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace tessera::tool {

// Where the headers of a program that is built in `folder` are.
[[nodiscard]] std::filesystem::path schema_folder(const std::filesystem::path& folder);

// Of those that the build makes for everybody, `/tessera/time.capnp`.
[[nodiscard]] bool is_standard_schema(const std::string& name);

// Makes the headers (x.tessera.h, x.tessera.hpp) of the program's schemas anew where they are out of date.
[[nodiscard]] Result<void> make_schema_headers(const Workspace& workspace,
                                               const Manifest& manifest,
                                               const ProgramSpec& program,
                                               const std::filesystem::path& folder);

// The id, as 16 hexadecimal digits, of an interface of that name in the schemas of a program built in `folder`, or in
// the standard ones. The error says where it was looked for.
[[nodiscard]] Result<std::string>
interface_id(const Workspace& workspace, const std::filesystem::path& folder, const std::string& name);

// The name of the interface with that id in the standard schemas, or in those of an application whose products lie in
// `app` (if its headers are made); empty if it has none there.
[[nodiscard]] std::string
interface_name(const Workspace& workspace, const std::filesystem::path& app, const std::string& id);

}  // namespace tessera::tool
