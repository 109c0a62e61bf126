// Programs made to be costly to check: each kind in three sizes, of which each is twice the one before. The memory that
// one takes is within the bound of docs/safeir/bounds.md, or it is refused by the name of a limit before it is not; the
// steps that it takes may double with the size. Every list of safeir/wire/lists.def has a kind.
//
// `growth-test --table` prints the worst of each kind, also in time and for quick code; no test depends on time.
#include "safeir/check/checked_module.h"
#include "safeir/load/compiler.h"
#include "safeir/wire/lists.h"
#include "test/growth/program.h"
#include "test/harness/work.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <string>

namespace {

using namespace tessera;
using growth::Bytes;
using growth::Kind;

// docs/safeir/bounds.md
constexpr std::size_t kBytesAByte = 200;
constexpr std::size_t kBytesForAny = 2U << 20U;
// A little more than twice: of trees that get deeper, and hash tables that grow.
constexpr double kDoubling = 2.4;
constexpr unsigned kAgain = 3;
constexpr std::uint64_t kStepsForAny = 50'000;

struct Measured {
    harness::Cost cost;
    double ns = 0;
    std::string refusal;
};

double processor_ns() { return static_cast<double>(std::clock()) * (1e9 / CLOCKS_PER_SEC); }

Measured check(const Bytes& file) {
    const double start = processor_ns();
    const harness::Meter meter;
    const auto checked = safeir::check_program(file);
    return {meter.cost(), processor_ns() - start, checked ? std::string() : checked.error().text};
}

// Of all functions, as if each was called.
Measured generate(const Bytes& file) {
    auto checked = safeir::check_program(file);
    if (!checked) {
        return {{}, 0, checked.error().text};
    }
    const double start = processor_ns();
    const harness::Meter meter;
    const safeir::PlainGuard guard;
    safeir::Compiler compiler(safeir::Features::X86_64,
                              safeir::guarded(guard, new safeir::CheckedModule(std::move(*checked))));
    std::string failure;
    const auto note = [&](const Result<safeir::GeneratedObject>& object) {
        failure = object ? failure : object.error().text;
    };
    note(compiler.compile_tables());
    constexpr std::uint32_t kBatch = 600;  // instructions, as LoadedProgram makes them
    std::vector<std::uint32_t> batch;
    std::uint32_t instructions = 0;
    const auto functions = static_cast<std::uint32_t>(compiler.names().functions().size());
    for (std::uint32_t function = 0; function < functions; ++function) {
        batch.push_back(function);
        instructions += compiler.instructions_of(function);
        if (instructions >= kBatch || function + 1 == functions) {
            note(compiler.compile(batch, safeir::Tier::Quick));
            batch.clear();
            instructions = 0;
        }
    }
    return {meter.cost(), processor_ns() - start, failure};
}

class Test {
  public:
    explicit Test(bool with_table) : with_table_(with_table) {
        if (with_table_) {
            fmt::print("{:<24} {:>8} {:>9} {:>10} {:>10} {:>9} {:>10} {:>9}\n",
                       "a byte of the file:",
                       "n",
                       "bytes",
                       "read bytes",
                       "read steps",
                       "read ns",
                       "code bytes",
                       "code ns");
        }
    }

    void run(const Kind& kind) {
        harness::Cost before;
        for (const unsigned part : {4U, 2U, 1U}) {
            growth::Program program;
            kind.make(program, kind.size / part);
            const Bytes file = program.file();
            Measured measured = check(file);
            std::string complaint;
            const auto complain = [&](std::string what) { complaint = std::move(what); };
            const std::string& refusal = measured.refusal;
            const bool is_refused =
                !kind.refused.empty() && refusal.starts_with("SIR") && refusal.find(kind.refused) != std::string::npos;
            // The smaller ones of what is too large may be either.
            if (!is_refused && (!refusal.empty() || (!kind.refused.empty() && part == 1))) {
                complain(refusal.empty() ? "accepted" : refusal);
            }
            if (const auto most = kBytesForAny + kBytesAByte * file.size(); measured.cost.bytes > most) {
                complain(fmt::format("{} bytes of memory, {} are the most", measured.cost.bytes, most));
            }
            const auto steps = kStepsForAny + static_cast<std::uint64_t>(kDoubling * static_cast<double>(before.steps));
            // Tables of LLVM's go by addresses, which are others each time: now and then one is crowded.
            for (unsigned again = 0; part != 4 && measured.cost.steps > steps && again < kAgain; ++again) {
                measured.cost.steps = std::min(measured.cost.steps, check(file).cost.steps);
            }
            if (part != 4 && measured.cost.steps > steps) {
                complain(fmt::format("{} steps, {} for half the size", measured.cost.steps, before.steps));
            }
            before = measured.cost;
            ++sizes_;
            if (!complaint.empty()) {
                fail(fmt::format("{}, {}: {}", kind.name, kind.size / part, complaint));
            }
            if (with_table_ && part == 1) {
                print(kind, file, measured);
            }
        }
    }

    int finish() const {
        fmt::print("{} passed, {} failed\n", sizes_ - failed_, failed_);
        return failed_ == 0 ? 0 : 1;
    }
    void fail(const std::string& what) {
        ++failed_;
        fmt::print("FAIL  {}\n", what);
    }

  private:
    static void print(const Kind& kind, const Bytes& file, const Measured& measured) {
        const auto a_byte = [](double value, const Bytes& of) { return value / static_cast<double>(of.size()); };
        fmt::print("{:<24} {:>8} {:>9} {:>10.0f} {:>10.1f} {:>9.0f}",
                   kind.name,
                   kind.size,
                   file.size(),
                   a_byte(static_cast<double>(measured.cost.bytes), file),
                   a_byte(static_cast<double>(measured.cost.steps), file),
                   a_byte(measured.ns, file));
        if (!measured.refusal.empty()) {
            fmt::print("  {}\n", measured.refusal.substr(0, 60));
            return;
        }
        growth::Program program;
        kind.make(program, kind.size / 8);
        const Bytes smaller = program.file();
        const Measured code = generate(smaller);
        fmt::print(" {:>10.0f} {:>9.0f}  {}\n",
                   a_byte(static_cast<double>(code.cost.bytes), smaller),
                   a_byte(code.ns, smaller),
                   code.refusal.substr(0, 60));
    }

    bool with_table_;
    unsigned sizes_ = 0;
    unsigned failed_ = 0;
};

}  // namespace

int main(int argc, char** /*argv*/) {
    Test test(argc > 1);
    const auto lists = growth::list_kinds();
    for (const auto& list : safeir::wire::kLists) {
        if (std::ranges::find(lists, list.name, &Kind::name) == lists.end()) {
            test.fail(fmt::format("the list {} of the wire form has no kind in test/growth/lists.cpp", list.name));
        }
    }
    // What LLVM makes once, it makes now.
    (void)check(growth::Program().file());
    for (const auto& kinds : {lists, growth::code_kinds()}) {
        for (const Kind& kind : kinds) {
            test.run(kind);
        }
    }
    return test.finish();
}
