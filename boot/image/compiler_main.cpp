// tessera-compiler cc|c++|ar WORDS: what `tessera cc`, `c++` and `ar` become.
#include "safeir/lower/driver.h"

#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
    const std::string_view which = argc > 1 ? argv[1] : "";
    if (which == "cc" || which == "c++") {
        return tessera::lower::cc_main(argc - 1, argv + 1);
    }
    if (which == "ar") {
        return tessera::lower::ar_main(argc - 1, argv + 1);
    }
    std::fputs("tessera-compiler cc|c++|ar WORDS\n", stderr);
    return 2;
}
