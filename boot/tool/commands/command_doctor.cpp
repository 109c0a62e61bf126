// tessera doctor, clean and version: about this tool and this machine.
#include "boot/image/qemu.h"
#include "boot/tool/base/packages.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/commands/commands.h"

#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDiskNeeded = 4ULL << 30U;

class Report {
  public:
    void good(const std::string& what) { fmt::print("ok       {}\n", what); }
    void note(const std::string& what, const std::string& remedy) {
        fmt::print("note     {}\n         {}\n", what, remedy);
    }
    void bad(const std::string& what, const std::string& remedy) {
        fmt::print("missing  {}\n         {}\n", what, remedy);
        ++faults_;
    }
    [[nodiscard]] int faults() const { return faults_; }

  private:
    int faults_ = 0;
};

void check_packages(const Workspace& workspace, Report& report) {
    const auto packages = list_packages(workspace);
    if (!packages) {
        report.bad(packages.error().text, "run it on Debian 12, from a whole checkout");
        return;
    }
    for (const char* purpose : {"build", "test", "graph", "bench"}) {
        std::string missing;
        int count = 0;
        for (const Package& package : *packages) {
            if (package.purpose == purpose) {
                ++count;
                missing += package.installed ? "" : " " + package.name;
            }
        }
        if (missing.empty()) {
            report.good(fmt::format("the {} Debian packages for `{}`", count, purpose));
        } else {
            const std::string command =
                fmt::format("{}apt-get install --no-install-recommends{}", ::geteuid() == 0 ? "" : "sudo ", missing);
            report.bad(fmt::format("Debian packages for `{}`:{}", purpose, missing), "mend it by: " + command);
        }
    }
}

void check_products(const Workspace& workspace, Report& report) {
    const std::pair<const char*, fs::path> products[] = {{"kernel for bare machines", workspace.kernel()},
                                                         {"kernel as a Linux process", workspace.hosted()},
                                                         {"compiler driver", workspace.compiler()},
                                                         {"checker", workspace.inspector()},
                                                         {"code generator", workspace.generator()},
                                                         {"C library", workspace.build / "sysroot/lib/libc.a"}};
    for (const auto& [name, file] : products) {
        std::error_code failure;
        if (fs::exists(file, failure)) {
            report.good(fmt::format("{} ({})", name, file.string()));
        } else {
            report.bad(fmt::format("{} ({})", name, file.string()),
                       "mend it by: ./tessera version (it builds what is missing)");
        }
    }
}

}  // namespace

int doctor_command(const Workspace& workspace) {
    Report report;
    check_packages(workspace, report);
    check_products(workspace, report);
    if (kvm_works()) {
        report.good("KVM: machines run at the processor's own speed");
    } else {
        report.note("no KVM: machines are emulated, 10 to 50 times slower",
                    ::access("/dev/kvm", F_OK) == 0
                        ? "the processor shows no vmx or svm flag, or /dev/kvm is not yours to use"
                        : "nothing to mend inside a virtual machine without nested virtualisation");
    }
    std::error_code failure;
    const auto space = fs::space(workspace.build, failure);
    if (!failure && space.available < kDiskNeeded) {
        report.bad(
            fmt::format("room for builds: {} free at {}", format_size(space.available), workspace.build.string()),
            fmt::format("mend it by: freeing {}", format_size(kDiskNeeded - space.available)));
    } else if (!failure) {
        report.good(fmt::format("{} of room at {}", format_size(space.available), workspace.build.string()));
    }
    if (report.faults() == 0) {
        fmt::print("Nothing is missing.\n");
    }
    return report.faults() == 0 ? 0 : 1;
}

int clean_command(const Workspace& workspace) {
    std::error_code failure;
    if (!fs::exists(workspace.build / "build.ninja", failure)) {
        say_error(fmt::format("{} is no build folder of Tessera's; nothing was removed", workspace.build.string()));
        return 1;
    }
    fs::remove_all(workspace.build, failure);
    if (failure) {
        say_error(fmt::format("cannot remove {}: {}", workspace.build.string(), failure.message()));
        return 1;
    }
    say(fmt::format("removed {}", workspace.build.string()));
    return 0;
}

int version_command(const Workspace& workspace) {
    const auto commit = run_command(
        {.argv = {"git", "-C", workspace.root.string(), "describe", "--always", "--dirty"}, .capture = Capture::Both});
    std::string revision = commit && commit->status == 0 ? commit->output : "unknown\n";
    revision.pop_back();
    fmt::print("tessera {} ({})\n", TESSERA_VERSION, revision);
    return 0;
}

}  // namespace tessera::tool
