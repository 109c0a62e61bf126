// A program's full code, made on another worker while its quick code runs.
#pragma once

#include "boot/system/program_run.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/program.h"

#include <chrono>
#include <functional>
#include <memory>

namespace tessera::system {

class Background {
  public:
    // Starts after a while: most programs that are short are over by then. `read` reads and checks the program again.
    // Everything given must outlive this. An error (no memory for a fiber) leaves the program with its quick code.
    static Result<std::unique_ptr<Background>> start(const System& system,
                                                     const safeir::LoadContext& context,
                                                     safeir::LoadedProgram& program,
                                                     std::function<Result<safeir::CheckedModule>()> read);
    // On a fiber. Ends the work, at once if it must, and waits for it.
    ~Background();

    // When the last function had its full code; 0: not yet.
    [[nodiscard]] std::chrono::steady_clock::duration finished_after() const;

  private:
    struct Shared;
    explicit Background(std::shared_ptr<Shared> shared);
    std::shared_ptr<Shared> shared_;
};

}  // namespace tessera::system
