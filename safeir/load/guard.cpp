#include "safeir/load/guard.h"

#include "llvm/Support/ErrorHandling.h"

namespace tessera::safeir {
namespace {

// LLVM's handlers are process-wide, so this is too; set once at start.
constinit EscapeFunction escape_function = nullptr;

void on_error(void* /*unused*/, const char* reason, bool /*unused*/) { escape_function(reason); }

}  // namespace

void install_llvm_error_handlers(EscapeFunction escape) {
    escape_function = escape;
    llvm::install_fatal_error_handler(on_error);
    llvm::install_bad_alloc_error_handler(on_error);
}

}  // namespace tessera::safeir
