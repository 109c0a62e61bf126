// tessera-generator PROGRAM.sir PROCESSOR OUTPUT: machine code for an image, made ahead. A process of its own, since
// LLVM may end it; what it writes is taken by the kernel only with the program that it belongs to. Empty output: the
// program gains nothing from this processor over the one before.
#include "core/base/launcher_line.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/cache.h"
#include "safeir/load/cpu_features.h"
#include "safeir/load/wide_vectors.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace {

int complain(const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace tessera::safeir;
    if (argc != 4) {
        return complain("tessera-generator PROGRAM.sir x86-64|x86-64-v2|x86-64-v3|x86-64-v4 OUTPUT");
    }
    const auto* const features = std::ranges::find(kFeatureSets, std::string_view(argv[2]), features_name);
    if (features == kFeatureSets.end()) {
        return complain(std::string("unknown processor ") + argv[2]);
    }
    std::ifstream input(argv[1], std::ios::binary);
    if (!input) {
        return complain(std::string("cannot read ") + argv[1]);
    }
    std::string text{std::istreambuf_iterator<char>(input), {}};
    text.erase(0, tessera::launcher_bytes(text));
    const auto checked = check_program(std::as_bytes(std::span(text)));
    if (!checked) {
        return complain("refused: " + checked.error().text);
    }
    const bool useful = is_useful(*features, checked->module());
    const auto code = useful ? generate_cache_entry(*checked, *features) : std::vector<std::byte>();
    if (!code) {
        return complain(code.error().text);
    }
    const std::string unfinished = std::string(argv[3]) + ".new";
    std::ofstream output(unfinished, std::ios::binary | std::ios::trunc);
    output.write(reinterpret_cast<const char*>(code->data()), static_cast<std::streamsize>(code->size()));
    output.close();
    if (!output || std::rename(unfinished.c_str(), argv[3]) != 0) {
        return complain(std::string("cannot write ") + argv[3]);
    }
    return 0;
}
