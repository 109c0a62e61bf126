// tessera-compiler cc|c++|ar|rustc WORDS: what `tessera cc`, `c++`, `ar` and `rustc` become.
#include "safeir/lower/driver/driver.h"
#include "safeir/lower/driver/rust_driver.h"

#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
    const std::string_view which = argc > 1 ? argv[1] : "";
    if (which == "cc" || which == "c++") {
        return tessera::lower::cc_main(argc - 1, argv + 1);
    }
    if (which == "rustc") {
        return tessera::lower::rustc_main(argc - 1, argv + 1);
    }
    if (which == "ar") {
        return tessera::lower::ar_main(argc - 1, argv + 1);
    }
    std::fputs("tessera-compiler cc|c++|ar|rustc WORDS\n", stderr);
    return 2;
}
