// safeir-tool: the library from the command line, for tests and for looking at a program.
//   safeir-tool dis FILE.sir            print as LLVM assembly
//   safeir-tool as FILE.ll OUT.sir      lowered form to the wire form, unchecked
//   safeir-tool check FILE.sir          read and check
//   safeir-tool check-ll FILE.ll        check LLVM assembly as a module in checked form
//   safeir-tool time FILE.sir N         read and check N times, print milliseconds
#include "safeir/inspect/assembly.h"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace tessera;

std::vector<std::byte> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string read_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

int report(const std::string& text) {
    fmt::print(stderr, "{}\n", text);
    return 1;
}

int run(const std::vector<std::string>& arguments) {
    const std::string& command = arguments[1];
    const std::string& file = arguments[2];
    if (command == "dis") {
        const auto text = safeir::disassemble(read_file(file));
        return text ? (fmt::print("{}", *text), 0) : report(text.error().text);
    }
    if (command == "as" && arguments.size() == 4) {
        const auto bytes = safeir::assemble(read_text(file), file);
        if (!bytes) {
            return report(bytes.error().text);
        }
        std::ofstream out(arguments[3], std::ios::binary);
        for (const std::byte byte : *bytes) {
            out.put(static_cast<char>(byte));
        }
        return 0;
    }
    if (command == "check") {
        const auto checked = safeir::check_program(read_file(file));
        return checked ? 0 : report(checked.error().text);
    }
    if (command == "check-ll") {
        const auto refusal = safeir::check_assembly(read_text(file), file);
        if (!refusal) {
            return report(refusal.error().text);
        }
        return *refusal ? report((*refusal)->text()) : 0;
    }
    if (command == "time" && arguments.size() == 4) {
        const auto bytes = read_file(file);
        const int rounds = std::stoi(arguments[3]);
        double best = 1e9;
        for (int i = 0; i < rounds; ++i) {
            const auto start = std::chrono::steady_clock::now();
            const auto checked = safeir::check_program(bytes);
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
            if (!checked) {
                return report(checked.error().text);
            }
            best = std::min(best, took.count());
        }
        fmt::print("{:.2f} ms, {} bytes\n", best, bytes.size());
        return 0;
    }
    return report("safeir-tool dis|check|check-ll FILE, as FILE OUT, time FILE N");
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    return arguments.size() < 3 ? report("safeir-tool dis|check|check-ll FILE, as FILE OUT, time FILE N")
                                : run(arguments);
}
