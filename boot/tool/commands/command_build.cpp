// tessera build: an image in the form that the output's name asks for.
#include "boot/image/media.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/build/app_build.h"
#include "boot/tool/commands/commands.h"

#include <fmt/format.h>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr int kStoppedStatus = 130;
constexpr std::string_view kForms[] = {".iso", ".img", ".qcow2", ".bundle"};

Result<void> make_image(const Workspace& workspace,
                        const Manifest& manifest,
                        const BuiltApp& app,
                        const BuildOptions& options,
                        const fs::path& output) {
    const MediaContent content{.kernel = workspace.kernel(),
                               .bundle = app.bundle,
                               .command_line = options.boot_options,
                               .label = manifest.name};
    const std::string form = output.extension().string();
    if (form == ".bundle") {
        std::error_code failure;
        fs::copy_file(app.bundle, output, fs::copy_options::overwrite_existing, failure);
        if (failure) {
            return fail(Blame::Machine, fmt::format("cannot write {}: {}", output.string(), failure.message()));
        }
        return {};
    }
    std::error_code failure;
    if (!fs::exists(content.kernel, failure)) {
        return fail(Blame::Machine,
                    fmt::format("the kernel {} is not built; run ./tessera version to build everything",
                                content.kernel.string()));
    }
    const Step step(
        fmt::format("writing {}", options.output.empty() ? manifest.name + ".iso" : options.output.string()));
    if (form == ".iso") {
        return make_iso(content, output);
    }
    return form == ".img" ? make_raw_disk(content, output) : make_qcow2_disk(content, output);
}

Result<void> build_image(const Workspace& workspace, const BuildOptions& options) {
    TRY_TO(const Manifest manifest, manifest_of(workspace, options.folder));
    if (!options.flavour.empty() && options.flavour != "open") {
        return fail(Blame::Caller,
                    fmt::format("--flavour: expected \"open\" (the sealed flavour is not there yet), found \"{}\"",
                                options.flavour));
    }
    const fs::path output = options.output.empty() ? fs::path(manifest.name + ".iso") : options.output;
    const std::string form = output.extension().string();
    if (std::ranges::find(kForms, form) == std::end(kForms)) {
        return fail(
            Blame::Caller,
            fmt::format("-o: expected a name ending in {}, found \"{}\"", fmt::join(kForms, ", "), output.string()));
    }
    const fs::path folder = fs::absolute(output).parent_path();
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) {
        return fail(Blame::Caller, fmt::format("-o: there is no folder {}", folder.string()));
    }
    TRY_TO(const BuiltApp app, build_app(workspace, manifest, CodeCache::Generate));
    // Aside and renamed: what was there before stays until there is a whole one.
    const fs::path unfinished = folder / (".unfinished-" + output.filename().string());
    auto made = make_image(workspace, manifest, app, options, unfinished);
    if (made) {
        fs::rename(unfinished, output, failure);
        made = failure ? fail(Blame::Machine, fmt::format("cannot write {}: {}", output.string(), failure.message()))
                       : Result<void>{};
    }
    if (!made) {
        std::error_code ignored;
        fs::remove(unfinished, ignored);
        return made;
    }
    say(fmt::format("wrote {} ({})", output.string(), format_size(fs::file_size(output, failure))));
    return {};
}

}  // namespace

int build_command(const Workspace& workspace, const BuildOptions& options) {
    if (const auto done = build_image(workspace, options); !done) {
        if (interrupted()) {
            say("stopped");
            return kStoppedStatus;
        }
        say_error(done.error().text);
        return 1;
    }
    return 0;
}

}  // namespace tessera::tool
