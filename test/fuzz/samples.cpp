// samples FOLDER FIRST COUNT: random programs for the kernel itself, sample-NUMBER.sir, so many that the checker
// accepts.
#include "safeir/check/checked_module.h"
#include "test/fuzz/generator.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <string>

int main(int argc, char** argv) {
    using namespace tessera;
    if (argc != 4) {
        fmt::print(stderr, "samples FOLDER FIRST COUNT\n");
        return 2;
    }
    const std::string folder = argv[1];
    std::uint64_t number = std::strtoull(argv[2], nullptr, 10);
    const std::uint64_t count = std::strtoull(argv[3], nullptr, 10);
    // Most are accepted: if not, there would be no end.
    const std::uint64_t last = number + 10 * count;
    std::uint64_t accepted = 0;
    for (; accepted < count && number < last; ++number) {
        const auto sir = fuzz::generate_for_kernel(number).sir;
        const auto checked = safeir::check_program(sir);
        if (!checked) {
            if (std::getenv("TESSERA_SHOW_REFUSALS") != nullptr) {
                fmt::print(stderr, "{}: {}\n", number, checked.error().text);
            }
            continue;
        }
        std::ofstream out(fmt::format("{}/sample-{}.sir", folder, number), std::ios::binary);
        out.write(reinterpret_cast<const char*>(sir.data()), static_cast<std::streamsize>(sir.size()));
        if (!out.flush()) {
            fmt::print(stderr, "can't write to {}\n", folder);
            return 1;
        }
        ++accepted;
    }
    return accepted == count ? 0 : 1;
}
