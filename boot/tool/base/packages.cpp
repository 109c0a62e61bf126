#include "boot/tool/base/packages.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"

#include <algorithm>
#include <sstream>

namespace tessera::tool {

Result<std::vector<Package>> list_packages(const Workspace& workspace) {
    TRY_TO(const std::string text, read_file(workspace.root / "boot/tool/packages.txt"));
    std::vector<Package> packages;
    std::vector<std::string> query{"dpkg-query", "-W", "-f=${db:Status-Status} ${Package}\\n"};
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        Package package;
        if (words >> package.purpose >> package.name && !package.purpose.starts_with('#')) {
            query.push_back(package.name);
            packages.push_back(std::move(package));
        }
    }
    TRY_TO(const Ended ended, run_command({.argv = query, .capture = Capture::Both}));
    std::istringstream answers(ended.output);
    while (std::getline(answers, line)) {
        for (Package& package : packages) {
            package.installed = package.installed || line == "installed " + package.name;
        }
    }
    return packages;
}

}  // namespace tessera::tool
