// Code for a program that the image has none for, made while it is loaded and runs: on another core, if there is one,
// and on the program's own when it rests, with a share of its time while it doesn't.
#pragma once

#include "boot/system/program_run.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/program.h"

#include <chrono>
#include <functional>
#include <memory>

namespace tessera::system {

using ReadProgram = std::function<Result<safeir::GuardedPtr<safeir::CheckedModule>>(safeir::Guard&)>;

class Background {
  public:
    // On the program's fiber. Another core begins to read and check the program for itself; `read` does that, of so
    // many bytes, in guarded work of the background's own. Everything given must outlive this.
    // `loading` pays for what that takes, `account` for the fibers.
    static Result<std::unique_ptr<Background>> start(const System& system,
                                                     const safeir::LoadContext& context,
                                                     std::size_t program_bytes,
                                                     ReadProgram read,
                                                     runtime::Account& loading,
                                                     runtime::Account& account);
    // What it makes code for. Until this is called there is nothing that it does but read.
    void serve(safeir::LoadedProgram& program);
    // On a fiber. Ends the work, at once if it must, and waits for it.
    ~Background();

    // Since when the functions called so far have had their full code, and all functions, from the start; 0: not yet.
    [[nodiscard]] std::chrono::steady_clock::duration called_after() const;
    [[nodiscard]] std::chrono::steady_clock::duration finished_after() const;

  private:
    struct Shared;
    explicit Background(std::shared_ptr<Shared> shared);
    std::shared_ptr<Shared> shared_;
};

}  // namespace tessera::system
