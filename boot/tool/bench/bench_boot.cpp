#include "boot/image/media.h"
#include "boot/image/qemu.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"
#include "boot/tool/build/app_build.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHello = "Hello from a verified program.";
constexpr std::uint64_t kMemory = 256ULL << 20U;

struct Guest {
    std::string name;
    Machine machine;
    double best_wall = 1e300;  // from QEMU's start to the program's line
    double best_cpu = 1e300;   // QEMU's processor time in all
};

class BootBench {
  public:
    BootBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/boot") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_guests());
        Step step("measuring");
        for (unsigned round = 0; round < options_.rounds; ++round) {
            for (Guest& guest : guests_) {
                step.update(fmt::format("measuring: round {} of {}, {}", round + 1, options_.rounds, guest.name));
                TRY_VOID(measure(guest));
            }
        }
        return rows();
    }

  private:
    Result<void> make_guests() {
        std::error_code failure;
        fs::create_directories(folder_, failure);
        const fs::path hello = workspace_.root / "apps/hello";
        TRY_TO(const Manifest manifest, load_manifest(hello, {workspace_.entry(), workspace_.sources()}));
        TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Generate));
        const auto direct = [&](const std::string& name, const std::string& options) {
            Machine machine{.kernel = workspace_.kernel(),
                            .bundle = app.bundle,
                            .command_line = "exit=isa-debug trace=boot" + options,
                            .memory_bytes = kMemory};
            guests_.push_back({.name = name, .machine = std::move(machine)});
        };
        direct("tessera, direct boot", "");
        direct("tessera, no cached code", " no-cache");
        const fs::path iso = folder_ / "hello.iso";
        TRY_VOID(make_iso(
            {.kernel = workspace_.kernel(), .bundle = app.bundle, .command_line = "exit=isa-debug", .label = "hello"},
            iso));
        guests_.push_back({.name = "tessera, GRUB ISO", .machine = {.cdrom = iso, .memory_bytes = kMemory}});
        image_bytes_ = fs::file_size(iso, failure);
        kernel_bytes_ = fs::file_size(workspace_.kernel(), failure);

        const fs::path linux_folder = folder_ / "linux";
        const Step step("fetching Debian's cloud kernel");
        TRY_TO(const Ended fetched,
               run_command({.argv = {(workspace_.root / "test/bench/fetch-linux").string(), linux_folder.string()},
                            .capture = Capture::Both}));
        if (fetched.status != 0) {
            return fail(Blame::Machine, fmt::format("could not fetch Debian's cloud kernel: {}", fetched.output));
        }
        guests_.push_back({.name = "Linux cloud kernel",
                           .machine = {.kernel = linux_folder / "vmlinuz",
                                       .bundle = linux_folder / "initrd.gz",
                                       .command_line = "console=ttyS0 quiet",
                                       .memory_bytes = kMemory}});
        return {};
    }

    Result<void> measure(Guest& guest) {
        TRY_TO(std::vector<std::string> argv, qemu_command(guest.machine));
        TRY_TO(const Ended ended,
               run_command({.argv = std::move(argv),
                            .capture = Capture::Both,
                            .timeout = std::chrono::minutes(2),
                            .input_file = "/dev/null",
                            .priority = -19,
                            .marker = kHello}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.marker_seconds < 0) {
            return fail(Blame::Kernel, fmt::format("{} did not say hello: {}", guest.name, ended.output));
        }
        guest.best_wall = std::min(guest.best_wall, ended.marker_seconds);
        guest.best_cpu = std::min(guest.best_cpu, ended.cpu_seconds);
        read_phases(guest.name, ended.output);
        return {};
    }

    // Lines of "boot-phase NAME MILLISECONDS ms" (docs/image.md).
    void read_phases(const std::string& guest, const std::string& output) {
        std::istringstream lines(output);
        std::string line;
        while (std::getline(lines, line)) {
            const std::size_t at = line.find("boot-phase ");
            if (at == std::string::npos) {
                continue;
            }
            // "h load 0.351 ms": the name may be of several words
            const std::string rest = line.substr(at + 11);
            const std::size_t unit = rest.find(" ms");
            const std::size_t space = unit == std::string::npos ? unit : rest.rfind(' ', unit - 1);
            if (space != std::string::npos) {
                const std::string name = rest.substr(0, space);
                const double ms = std::strtod(rest.c_str() + space, nullptr);
                const std::string key = fmt::format("{}: {}", guest, name);
                const auto [place, is_new] = phases_.try_emplace(key, ms);
                place->second = std::min(place->second, ms);
                if (is_new) {
                    phase_order_.push_back(key);
                }
            }
        }
    }

    std::vector<BenchRow> rows() {
        const Guest& peer = guests_.back();
        std::vector<BenchRow> rows;
        for (const Guest& guest : guests_) {
            const bool is_peer = &guest == &peer;
            rows.push_back({guest.name + ": to first output",
                            guest.best_wall * 1e3,
                            "ms",
                            is_peer ? "" : peer.name,
                            peer.best_wall * 1e3});
            rows.push_back({guest.name + ": QEMU's CPU",
                            guest.best_cpu * 1e3,
                            "ms",
                            is_peer ? "" : peer.name,
                            peer.best_cpu * 1e3});
        }
        for (const std::string& phase : phase_order_) {
            rows.push_back({phase, phases_[phase], "ms"});
        }
        rows.push_back({"kernel", static_cast<double>(kernel_bytes_) / 0x1p20, "MiB"});
        rows.push_back({"hello.iso", static_cast<double>(image_bytes_) / 0x1p20, "MiB"});
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
    std::vector<Guest> guests_;
    std::map<std::string, double> phases_;
    std::vector<std::string> phase_order_;
    std::uintmax_t image_bytes_ = 0;
    std::uintmax_t kernel_bytes_ = 0;
};

}  // namespace

Result<std::vector<BenchRow>> bench_boot(const Workspace& workspace, const BenchOptions& options) {
    return BootBench(workspace, options).run();
}

}  // namespace tessera::tool
