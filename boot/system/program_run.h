// One program of the image, from its bytes in the bundle to its exit status.
#pragma once

#include "boot/bundle/bundle.h"
#include "boot/system/options.h"
#include "boot/system/services.h"
#include "caps/load/made_code.h"
#include "runtime/worker.h"
#include "safeir/load/bindings.h"
#include "safeir/load/code_region.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tessera::system {

// By the folder in the bundle that a grant names; these are the host's instead.
using HostFolders = std::map<std::string, caps::ObjectHeader*>;

// What programs share.
struct System {
    Options options;
    bundle::Bundle bundle;
    safeir::CodeSpace* space = nullptr;
    const safeir::Bindings* bindings = nullptr;
    runtime::Scheduler* scheduler = nullptr;
    std::unique_ptr<Services> services;
    caps::ObjectRef loader;
    std::vector<caps::ImageModule> modules;
    std::map<std::string, caps::ObjectRef> directories;  // by the folder in the bundle
    HostFolders host_folders;
};

// Exit statuses that are not the program's own.
inline constexpr int kStatusTimeout = 124;
inline constexpr int kStatusRefused = 126;
inline constexpr int kStatusStopped = 130;
inline constexpr int kStatusTrapped = 134;

// The modules that the image brings for programs to load, with their code.
void find_modules(System& system);

// What the image's folders are granted as: made before any program runs, and there as long as the image.
void make_directories(System& system, const bundle::Manifest& manifest);

// For all that is taken for the program.
[[nodiscard]] Result<std::unique_ptr<runtime::Account>> make_account(const bundle::Program& program);

// On a fiber. Says what went wrong on the console, a trap with a line for each call that led to it.
[[nodiscard]] int run_program(const System& system, const bundle::Program& program, runtime::Account& account);
// As run_program does, for a program that can't even begin.
int refuse_program(const bundle::Program& program, const Error& error);

}  // namespace tessera::system
