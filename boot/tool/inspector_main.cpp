// tessera-inspector check|dis|time: what the kernel makes of a program. A process of its own: the file is
// untrusted, and at worst it ends this.
#include "core/base/launcher_line.h"
#include "safeir/check/checked_module.h"
#include "safeir/diag/rule.h"
#include "safeir/inspect/assembly.h"
#include "safeir/inspect/explain.h"
#include "safeir/read/helpers.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <llvm/IR/Module.h>
#include <malloc.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace tessera;

struct Input {
    std::string text;
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(text)); }
};

// The rule that a refusal names ("SIR048 ..."), said at length.
void explain(std::string_view refusal) {
    const std::pair<safeir::Rule, const char*> rules[] = {
#define TESSERA_RULE(number, name, sentence) {safeir::Rule::name, #name},
#include "safeir/spec/rules.def"
#undef TESSERA_RULE
    };
    for (const auto& [rule, name] : rules) {
        if (refusal.find(safeir::rule_id(rule)) != std::string_view::npos) {
            fmt::print(stderr, "\n{} {}: {}.\n", safeir::rule_id(rule), name, safeir::rule_sentence(rule));
            fmt::print(
                stderr,
                "What is safe and why: docs/safeir/dialect.md. See the place in question with `tessera dis FILE`.\n"
                "A program from `tessera cc` never breaks a rule: if this one did, the fault is in the compiler.\n");
        }
    }
}

struct Accesses {
    std::size_t all = 0, before = 0, checked = 0, checks = 0;
    void operator+=(const Accesses& more) {
        all += more.all;
        before += more.before;
        checked += more.checked;
        checks += more.checks;
    }
    void print(std::string_view what) const {
        if (all != 0) {
            fmt::print(
                "{}: {} accesses, {} proven, {} checked before a loop, {} checked ({:.1f} %), by {} inserted checks\n",
                what,
                all,
                all - before - checked,
                before,
                checked,
                100.0 * static_cast<double>(checked) / static_cast<double>(all),
                checks);
        }
    }
};

Accesses explain_accesses(std::span<const std::byte> sir) {
    Accesses sum;
    for (const safeir::SliceAccess& each : safeir::explain_slices(sir)) {
        fmt::print("  {:<28} {:<22} {:<10} {}\n",
                   each.function,
                   each.location.empty() ? "(no line)" : each.location,
                   each.what,
                   each.why);
        for (const std::string& line : each.proof) {
            fmt::print("      {}\n", line);
        }
        sum.all += each.is_access ? 1 : 0;
        sum.checked += each.is_access && each.is_checked ? 1 : 0;
        sum.before += each.is_access && !each.is_checked && each.is_checked_before ? 1 : 0;
        sum.checks = std::max<std::size_t>(sum.checks, each.check);
    }
    sum.print("  slices");
    return sum;
}

// What it is called, and whether its accesses are to be explained and counted.
int check(const std::string& file, const Input& input, Accesses* explained) {
    const auto checked = safeir::check_program(input.bytes());
    if (!checked) {
        fmt::print(stderr, "{}: refused: {}\n", file, checked.error().text);
        if (explained != nullptr) {
            explain(checked.error().text);
        }
        return 1;
    }
    std::size_t functions = 0;
    std::vector<std::string> imports;
    for (const llvm::Function& function : checked->module()) {
        if (!function.isDeclaration()) {
            ++functions;
        } else if (const auto import = safeir::import_name(function)) {
            imports.emplace_back(*import);
        }
    }
    std::ranges::sort(imports);
    fmt::print("{}: accepted: {} functions, {} instructions, arena of {} KiB\n",
               file,
               functions,
               checked->module().getInstructionCount(),
               checked->image().memory_initial_bytes / 1024);
    if (explained != nullptr) {
        for (const safeir::Export& one : checked->exports()) {
            fmt::print("  exports {} ({} capabilities)\n", one.name, one.cap_params);
        }
        for (const std::string& name : imports) {
            fmt::print("  asks for {}\n", name);
        }
        *explained += explain_accesses(input.bytes());
    }
    return 0;
}

// What the process holds now: in memory (resident) and of its heap.
struct Held {
    std::size_t resident_kib = 0;
    std::size_t heap_kib = 0;
};

Held held_now() {
    std::size_t pages_all = 0;
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages_all >> pages;
    const struct mallinfo2 heap = ::mallinfo2();
    return {pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024, (heap.uordblks + heap.hblkhd) / 1024};
}

// Of this process: its one thread waits for nothing, so on an idle machine this is the time on the clock.
double processor_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

// `peak_kib` is what reading and checking added to the process at its highest, `module_kib` the part that stays: the
// checked module in memory. Both are true only of one round, since memory that was given back is used again.
int time(const Input& input, unsigned rounds) {
    const Held before = held_now();
    double best = 1e300;
    std::size_t instructions = 0;
    std::size_t module_kib = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        const double begin = processor_ms();
        const auto checked = safeir::check_program(input.bytes());
        const double took = processor_ms() - begin;
        if (!checked) {
            fmt::print(stderr, "refused: {}\n", checked.error().text);
            return 1;
        }
        best = std::min(best, took);
        instructions = checked->module().getInstructionCount();
        module_kib = held_now().heap_kib - before.heap_kib;
    }
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    const auto peak_kib = static_cast<std::size_t>(use.ru_maxrss);
    fmt::print("{{\"ms\": {:.3f}, \"instructions\": {}, \"bytes\": {}, \"peak_kib\": {}, \"module_kib\": {}}}\n",
               best,
               instructions,
               input.text.size(),
               peak_kib > before.resident_kib ? peak_kib - before.resident_kib : 0,
               module_kib);
    return 0;
}

std::optional<Input> read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        fmt::print(stderr, "cannot read {}\n", file);
        return std::nullopt;
    }
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    text.erase(0, launcher_bytes(text));
    return Input{std::move(text)};
}

// check [--explain] [--as NAME] FILE...
int check_all(std::span<const std::string> words) {
    const bool with_explanation = words.front() == "--explain";
    words = words.subspan(with_explanation ? 1 : 0);
    Accesses accesses;
    std::string name;
    unsigned files = 0;
    int status = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--as" && i + 1 < words.size()) {
            name = words[++i];
            continue;
        }
        const auto input = read(words[i]);
        if (!input) {
            return 2;
        }
        status =
            std::max(status, check(name.empty() ? words[i] : name, *input, with_explanation ? &accesses : nullptr));
        name.clear();
        ++files;
    }
    if (files > 1) {
        accesses.print(fmt::format("{} programs' slices", files));
    }
    return status;
}

int run(const std::vector<std::string>& words) {
    if (words[1] == "check") {
        return check_all(std::span(words).subspan(2));
    }
    const std::string& file = words.back();
    const auto input = read(file);
    if (!input) {
        return 2;
    }
    if (words[1] == "time") {
        return time(*input, words.size() > 3 ? static_cast<unsigned>(std::stoul(words[2])) : 1);
    }
    const auto text = safeir::disassemble(input->bytes());
    if (!text) {
        fmt::print(stderr, "{}: {}\n", file, text.error().text);
        return 1;
    }
    std::fwrite(text->data(), 1, text->size(), stdout);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv, argv + argc);
    if (words.size() < 3) {
        fmt::print(stderr,
                   "tessera-inspector check [--explain] [--as NAME] FILE.sir... | dis FILE.sir | time [N] FILE.sir\n");
        return 2;
    }
    return run(words);
}
