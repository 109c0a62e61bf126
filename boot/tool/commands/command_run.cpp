// tessera run: builds what is needed and runs it, in QEMU or as a Linux process. The program's output and exit status
// are passed through.
#include "boot/bundle/command_line.h"
#include "boot/image/media.h"
#include "boot/image/qemu.h"
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/build/app_build.h"
#include "boot/tool/commands/commands.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSourceForms[] = {".c", ".cc", ".cpp", ".cxx", ".sir", ".bc", ".ll", ".rs", ".wasm", ".wat"};
constexpr std::string_view kImageForms[] = {".iso", ".img", ".qcow2"};
constexpr int kStoppedStatus = 130;
constexpr int kTimeoutStatus = 124;
// The kernel ends a program that is out of time; this is for a kernel that does not.
constexpr std::chrono::milliseconds kTimeoutSlack{15000};

bool is_one_of(const fs::path& file, std::span<const std::string_view> forms) {
    return std::ranges::find(forms, file.extension().string()) != forms.end();
}

constexpr unsigned kCpusMax = 64;

struct Limits {
    unsigned cpus = 1;
    std::uint64_t memory_bytes = 512ULL << 20U;
    std::optional<std::chrono::milliseconds> timeout;
};

// Where nobody says how many: hosted all that there are, if a program may use them; a machine has one.
unsigned usual_cpus(const RunOptions& options, const Manifest& manifest) {
    const bool uses_them = std::ranges::any_of(manifest.programs, [](const ProgramSpec& program) {
        return std::ranges::find(program.grants, Grant::Kind::Cores, &Grant::kind) != program.grants.end();
    });
    return options.hosted && uses_them ? std::clamp(std::thread::hardware_concurrency(), 1U, kCpusMax) : 1;
}

Result<Limits> limits_of(const RunOptions& options, const Manifest& manifest) {
    Limits limits;
    limits.cpus = options.cpus ? *options.cpus : manifest.cpus.value_or(usual_cpus(options, manifest));
    if (limits.cpus < 1 || limits.cpus > kCpusMax) {
        return fail(Blame::Caller, "--cpus: expected a number from 1 to 64");
    }
    limits.memory_bytes = manifest.memory_bytes.value_or(limits.memory_bytes);
    if (!options.memory.empty()) {
        const auto bytes = parse_size(options.memory);
        if (!bytes || *bytes < (128ULL << 20U)) {
            return fail(Blame::Caller,
                        fmt::format("--memory: expected a size such as \"512 MiB\", at least 128 MiB, found \"{}\"",
                                    options.memory));
        }
        limits.memory_bytes = *bytes;
    }
    if (!options.timeout.empty()) {
        limits.timeout = parse_duration(options.timeout);
        if (!limits.timeout) {
            return fail(Blame::Caller,
                        fmt::format("--timeout: expected a time such as \"5 s\", found \"{}\"", options.timeout));
        }
    }
    return limits;
}

std::vector<std::string> kernel_options(const RunOptions& options, const Limits& limits) {
    std::vector<std::string> words;
    if (limits.timeout) {
        words.push_back(fmt::format("timeout={}ms", limits.timeout->count()));
    }
    if (options.no_cache) {
        words.emplace_back("no-cache");
    }
    if (options.accounts) {
        words.emplace_back("accounts");
    }
    if (options.verbose) {
        words.emplace_back("log=verbose");
    }
    if (!options.boot_options.empty()) {
        words.push_back(options.boot_options);
    }
    return words;
}

std::string join(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

// What the run came to, in words where the program's own output does not say it.
int report(const Ended& ended, const char* what, int status) {
    if (ended.interrupted) {
        say("stopped");
        return kStoppedStatus;
    }
    if (ended.timed_out) {
        say(fmt::format("stopped: {} did not end in time", what));
        return kTimeoutStatus;
    }
    if (ended.signal != 0) {
        say_error(fmt::format("{} was ended by signal {}; this is a fault of Tessera's", what, ended.signal));
    }
    return status;
}

Result<int>
run_hosted(const Workspace& workspace, const RunOptions& options, const Limits& limits, const fs::path& bundle) {
    std::vector<std::string> argv{workspace.hosted().string(), bundle.string(), fmt::format("cpus={}", limits.cpus)};
    for (const std::string& word : kernel_options(options, limits)) {
        argv.push_back(word);
    }
    if (options.args_given) {
        argv.emplace_back("--");
        argv.insert(argv.end(), options.args.begin(), options.args.end());
    }
    Command command{.argv = std::move(argv)};
    if (limits.timeout) {
        command.timeout = *limits.timeout + kTimeoutSlack;
    }
    TRY_TO(const Ended ended, run_command(command));
    return report(ended, "the hosted kernel", ended.status);
}

// What the guest has left as its exit status: its last byte.
std::optional<int> told_status(const fs::path& file) {
    const auto bytes = read_file(file);
    return bytes && !bytes->empty() ? std::optional<int>(static_cast<unsigned char>(bytes->back())) : std::nullopt;
}

Result<int> run_machine(Machine machine, const std::optional<std::chrono::milliseconds>& timeout) {
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    machine.host = {.errors = fmt::format("/proc/{}/fd/{}", ::getpid(), STDERR_FILENO),
                    .status = scratch.path() / "status",
                    .input_terminal = ::isatty(STDIN_FILENO) != 0,
                    .output_terminal = ::isatty(STDOUT_FILENO) != 0,
                    .errors_terminal = ::isatty(STDERR_FILENO) != 0};
    TRY_TO(std::vector<std::string> argv, qemu_command(machine));
    Command command{.argv = std::move(argv), .capture = Capture::Error, .frames_input = true};
    if (timeout) {
        command.timeout = *timeout + kTimeoutSlack;
    }
    TRY_TO(const Ended ended, run_command(command));
    const auto told = told_status(machine.host->status);
    const auto status = told ? told : guest_status(ended.status);
    const bool own_failure = !told && ended.status == 1 && !ended.output.empty();
    if (!ended.interrupted && !ended.timed_out && (own_failure || (!status && ended.signal == 0))) {
        return fail(Blame::Machine, fmt::format("QEMU failed (status {}): {}", ended.status, ended.output));
    }
    return report(ended, "the machine", status.value_or(ended.status));
}

Result<int> run_in_qemu(const Workspace& workspace,
                        const RunOptions& options,
                        const Limits& limits,
                        const fs::path& bundle,
                        const std::string& name) {
    std::vector<std::string> words = kernel_options(options, limits);
    words.emplace_back("exit=isa-debug");
    if (options.args_given) {
        words.emplace_back("--");
        for (const std::string& word : options.args) {
            words.push_back(bundle::kernel_word(word));
        }
    }
    if (join(words).size() >= bundle::kCommandLineBytesMax) {
        return fail(
            Blame::Caller,
            fmt::format("the arguments are too long: a machine takes {} bytes, quotes and options included; give "
                        "long ones by the manifest's args, or in a file",
                        bundle::kCommandLineBytesMax - 1));
    }
    Machine machine{.command_line = join(words), .memory_bytes = limits.memory_bytes, .cpus = limits.cpus};
    machine.firmware = options.uefi ? Firmware::Uefi : Firmware::Bios;
    machine.acceleration = options.no_kvm ? Acceleration::Emulated : Acceleration::Auto;
    std::error_code failure;
    if (!fs::exists(workspace.kernel(), failure)) {
        return fail(Blame::Machine, fmt::format("the kernel {} is not built", workspace.kernel().string()));
    }
    if (!options.iso && !options.uefi) {
        machine.kernel = workspace.kernel();
        machine.bundle = bundle;
        return run_machine(machine, limits.timeout);
    }
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    machine.cdrom = scratch.path() / "app.iso";
    {
        const Step step("writing the ISO");
        TRY_VOID(make_iso({.kernel = workspace.kernel(), .bundle = bundle, .command_line = join(words), .label = name},
                          machine.cdrom));
    }
    return run_machine(machine, limits.timeout);
}

// What tells at once that there is nothing to start: a boot sector's mark, or qcow2's.
Result<void> look_at_image(const fs::path& image) {
    constexpr std::size_t kSectorBytes = 512;
    std::ifstream file(image, std::ios::binary);
    std::string start(kSectorBytes, '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    const auto refuse = [&](const char* what) {
        return fail(Blame::Caller, fmt::format("{}: {}; make it by `tessera build APP -o FILE`", image.string(), what));
    };
    if (file.gcount() == 0) {
        return refuse("the image is empty");
    }
    const bool is_qcow2 = start.starts_with("QFI\xfb");
    if (image.extension() == ".qcow2" ? !is_qcow2 : !start.ends_with("\x55\xaa")) {
        return refuse("it is no image that a machine could start from");
    }
    return {};
}

Result<int> run_image(const RunOptions& options, const Limits& limits) {
    TRY_VOID(look_at_image(options.target));
    if (options.hosted || options.args_given || options.no_cache || options.accounts) {
        return fail(
            Blame::Caller,
            "a finished image takes no --hosted, --no-cache, --accounts or arguments; run the application's folder");
    }
    Machine machine{.memory_bytes = limits.memory_bytes, .cpus = limits.cpus};
    (options.target.extension() == ".iso" ? machine.cdrom : machine.disk) = options.target;
    machine.firmware = options.uefi ? Firmware::Uefi : Firmware::Bios;
    machine.acceleration = options.no_kvm ? Acceleration::Emulated : Acceleration::Auto;
    return run_machine(machine, limits.timeout);
}

Result<int> run_target(const Workspace& workspace, const RunOptions& options) {
    std::error_code failure;
    if (!fs::exists(options.target, failure)) {
        return fail(
            Blame::Caller,
            fmt::format("there is no {}; give an application's folder, a .c or a .sir file", options.target.string()));
    }
    Manifest manifest;
    if (fs::is_directory(options.target, failure) || is_manifest(options.target)) {
        TRY_TO(manifest, load_manifest(options.target, {workspace.entry(), workspace.sources()}));
    } else if (is_one_of(options.target, kSourceForms)) {
        manifest = manifest_of_file(options.target);
    } else if (is_one_of(options.target, kImageForms)) {
        TRY_TO(const Limits limits, limits_of(options, {}));
        return run_image(options, limits);
    } else if (options.target.extension() == ".bundle") {
        TRY_TO(const Limits limits, limits_of(options, {}));
        return options.hosted ? run_hosted(workspace, options, limits, options.target)
                              : run_in_qemu(workspace, options, limits, options.target, options.target.stem().string());
    } else {
        // What `tessera cc -o lua` makes has no ending: the content tells.
        TRY_TO(const std::string bytes, read_file(options.target));
        if (!bytes.starts_with("TSIR")) {
            return fail(Blame::Caller,
                        fmt::format("{}: expected a folder with a tessera.toml, a .toml, .c, .cpp, .rs, .wasm or .sir "
                                    "file, or an image",
                                    options.target.string()));
        }
        manifest = manifest_of_file(options.target);
        manifest.programs[0].file = fs::weakly_canonical(options.target, failure).string();
        manifest.programs[0].sources.clear();
    }
    TRY_TO(const Limits limits, limits_of(options, manifest));
    TRY_TO(const BuiltApp app,
           build_app(workspace, manifest, options.no_cache ? CodeCache::Leave : CodeCache::Generate));
    return options.hosted ? run_hosted(workspace, options, limits, app.bundle)
                          : run_in_qemu(workspace, options, limits, app.bundle, manifest.name);
}

}  // namespace

int run_command_line(const Workspace& workspace, const RunOptions& options) {
    const Result<int> status = run_target(workspace, options);
    if (!status) {
        if (!interrupted()) {
            say_error(status.error().text);
        }
        return interrupted() ? kStoppedStatus : 1;
    }
    return *status;
}

}  // namespace tessera::tool
