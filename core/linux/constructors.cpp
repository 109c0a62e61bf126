// Global constructors of LLVM's code generator (its command line options, mostly) are a list of their own, set apart by
// boot/link/pc.ld. Each runs once, so an emulator translates all of them for nothing: five times as long as the rest
// of the way to main(). A kernel that promises to call prepare_code_generator() gets them then; any other kernel gets
// them before main(), like all constructors.
#include "core/platform/platform.h"

#include <atomic>

extern "C" {
using NucleusConstructor = void (*)();
extern const NucleusConstructor nucleus_deferred_start[];
extern const NucleusConstructor nucleus_deferred_end[];
[[gnu::weak]] extern const bool tessera_prepares_code_generator;
}

namespace tessera::platform {

namespace {

enum class Progress : std::uint8_t { Waiting, Running, Done };
constinit std::atomic<Progress> progress{Progress::Waiting};

// Among the ordinary constructors, in no known order with them: the code generator's need none but LLVM's own.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wglobal-constructors"  // the one that the nucleus has
[[gnu::constructor]] void run_now_unless_promised() {
    if (&tessera_prepares_code_generator == nullptr || !tessera_prepares_code_generator) {
        prepare_code_generator();
    }
}
#pragma clang diagnostic pop

}  // namespace

void prepare_code_generator() {
    Progress expected = Progress::Waiting;
    if (progress.compare_exchange_strong(expected, Progress::Running)) {
        for (const NucleusConstructor* constructor = nucleus_deferred_start; constructor != nucleus_deferred_end;
             ++constructor) {
            (*constructor)();
        }
        progress.store(Progress::Done);
        progress.notify_all();
    }
    while (progress.load() != Progress::Done) {
        progress.wait(Progress::Running);
    }
}

}  // namespace tessera::platform
