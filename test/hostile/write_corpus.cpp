// write-corpus FOLDER OUT: writes every case of the corpus that has a wire form as OUT/<refuse|accept>-<name>.sir, and
// OUT/expected with lines of "file rule" ("-": accepted), for tests that hand them to a kernel.
#include "test/hostile/corpus.h"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

int main(int argc, char** argv) {
    using namespace tessera;
    if (argc != 3) {
        fmt::print(stderr, "write-corpus FOLDER OUT\n");
        return 2;
    }
    const auto cases = hostile::load_corpus(argv[1]);
    if (!cases) {
        fmt::print(stderr, "{}\n", cases.error().text);
        return 1;
    }
    std::error_code ignored;
    std::filesystem::create_directories(argv[2], ignored);
    std::ofstream expected(std::string(argv[2]) + "/expected");
    for (const hostile::Case& each : *cases) {
        if (each.form == hostile::Form::Checked || each.has_own_limit) {
            continue;
        }
        const auto sir = hostile::sir_of(each);
        if (!sir) {
            fmt::print(stderr, "{}: {}\n", each.name, sir.error().text);
            return 1;
        }
        std::string file = each.name + ".sir";
        file.replace(file.find('/'), 1, "-");
        std::ofstream out(std::string(argv[2]) + "/" + file, std::ios::binary);
        for (const std::byte byte : *sir) {
            out.put(static_cast<char>(byte));
        }
        expected << file << ' ' << (each.rule.empty() ? "-" : each.rule) << '\n';
    }
    return 0;
}
