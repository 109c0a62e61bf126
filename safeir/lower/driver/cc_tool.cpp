// The driver by itself, for tests and for building the C library before the CLI exists: tessera-cc [c++|ar|rustc]
// ARGUMENTS.
#include "safeir/lower/driver/driver.h"
#include "safeir/lower/driver/rust_driver.h"

#include <cstring>

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "ar") == 0) {
        return tessera::lower::ar_main(argc - 1, argv + 1);
    }
    if (argc > 1 && std::strcmp(argv[1], "rustc") == 0) {
        return tessera::lower::rustc_main(argc - 1, argv + 1);
    }
    const int skipped = argc > 1 && std::strcmp(argv[1], "c++") == 0 ? 1 : 0;
    return tessera::lower::cc_main(argc - skipped, argv + skipped);
}
