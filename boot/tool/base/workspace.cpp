#include "boot/tool/base/workspace.h"

#include <cstdlib>
#include <system_error>

namespace tessera::tool {

namespace fs = std::filesystem;

fs::path Workspace::tool() const { return build / "boot/tool/tessera"; }
fs::path Workspace::entry() const { return root / "tessera"; }
fs::path Workspace::compiler() const { return build / "boot/tool/tessera-compiler"; }
fs::path Workspace::inspector() const { return build / "boot/tool/tessera-inspector"; }
fs::path Workspace::generator() const { return build / "boot/tool/tessera-generator"; }
fs::path Workspace::hosted() const { return build / "boot/system/tessera-hosted"; }
fs::path Workspace::lender() const { return build / "test/bench/tessera-lender"; }
fs::path Workspace::kernel() const { return build / "boot/system/tessera.elf"; }
fs::path Workspace::schema_tool() const { return build / "caps/schemac/tessera-schema"; }
fs::path Workspace::schemas() const { return build / "caps/schema/include"; }
fs::path Workspace::apps() const { return build / "apps"; }
fs::path Workspace::sources() const { return build / "sources"; }

Workspace find_workspace() {
    std::error_code ignored;
    const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
    Workspace workspace;
    const char* build = std::getenv("TESSERA_BUILD");
    const char* root = std::getenv("TESSERA_ROOT");
    workspace.build = build != nullptr ? fs::path(build) : self.parent_path().parent_path().parent_path();
    workspace.root = root != nullptr ? fs::path(root) : workspace.build.parent_path();
    // The compiler looks for its C library there.
    ::setenv("TESSERA_SYSROOT", (workspace.build / "sysroot").c_str(), 0);
    return workspace;
}

}  // namespace tessera::tool
