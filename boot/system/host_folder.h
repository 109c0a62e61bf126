// Folders of the host as `Directory`, and what is in them as `File`: for programs that run as Linux processes. They may
// be written. The host may change them at any time, and what a program is told then is what Linux says.
#pragma once

#include "caps/object.h"

#include <string>

namespace tessera::system {

// An object that stays; null: there is no such folder.
[[nodiscard]] caps::ObjectHeader* open_host_folder(const std::string& path);

}  // namespace tessera::system
