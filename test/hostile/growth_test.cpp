// Programs made to be slow to check: each kind in three sizes, of which each is twice the one before. Time and memory
// may double, and what is too large is refused by the name of its limit. `growth-test --table` prints the times; no
// test depends on them but by its time limit.
#include "safeir/check/checked_module.h"
#include "safeir/wire/format.h"
#include "safeir/wire/program_image.h"
#include "safeir/write/byte_writer.h"
#include "test/fuzz/body.h"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <span>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::safeir::wire;
using fuzz::Body;
using fuzz::Constants;
using fuzz::Operand;
using Bytes = std::vector<std::byte>;

// A module of functions (slice, i32) -> i32.
struct Module {
    std::vector<Bytes> bodies;
    Constants constants;
    std::vector<std::string> more_names;
    unsigned extra_types = 0;

    [[nodiscard]] Bytes file() const {
        safeir::ByteWriter out;
        out.varint(bodies.size() + more_names.size());
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            out.text("f" + std::to_string(i));
        }
        for (const std::string& name : more_names) {
            out.text(name);
        }
        out.varint(1 + extra_types);
        out.byte(kVectorType);
        out.varint(kI64);
        out.varint(8);
        for (unsigned i = 0; i < extra_types; ++i) {
            out.byte(kStructType);
            out.varint(2);
            out.varint(kI32);
            out.varint(i == 0 ? unsigned{kI64} : unsigned{kFirstTableType});
        }
        out.varint(constants.count());
        out.bytes(constants.bytes());
        out.varint(1);
        for (const unsigned code : {unsigned{kI32}, 2U, unsigned{kSliceRo}, unsigned{kI32}}) {
            out.varint(code);
        }
        for (int i = 0; i < 3; ++i) {
            out.varint(0);  // imports, debug scopes, debug locations
        }
        out.varint(bodies.size());
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            out.varint(i);
            out.varint(0);
            out.varint(0);
            out.varint(0);
        }
        out.varint(0);
        out.varint(0);
        for (const std::uint64_t number : {4ULL * safeir::kMemoryPageBytes,
                                           static_cast<unsigned long long>(safeir::kArenaBytes),
                                           0x20000ULL,
                                           0x10000ULL,
                                           0ULL,
                                           0ULL}) {
            out.varint(number);
        }
        for (const Bytes& body : bodies) {
            out.varint(body.size());
            out.bytes(body);
        }
        safeir::ByteWriter file;
        for (const std::uint8_t byte : kMagic) {
            file.byte(byte);
        }
        file.fixed(kVersion);
        file.fixed(std::uint64_t{kHeaderBytes} + out.size());
        file.bytes(out.data());
        return file.data();
    }
};

constexpr std::uint32_t kParameters = 3;  // slice pointer, its length, the number
const Operand kPointer{0, false}, kLength{1, false}, kNumber{2, false};

void give(Body& body, Operand value) {
    body.op(kRet).use(value);
    body.end();
}

Operand is_below(Body& body, Operand a, Operand b) {
    body.op(kICmp).number(4).use(a).use(b);
    return body.gives();
}

void blocks(Module& module, unsigned n) {
    Body body(kParameters);
    for (unsigned i = 0; i < n; ++i) {
        const auto next = body.label();
        body.jump(next);
        body.start(next);
    }
    give(body, kNumber);
    module.bodies.push_back(body.bytes());
}

void diamonds(Module& module, unsigned n) {
    Body body(kParameters);
    const Operand zero = module.constants.of(kI32, 0);
    Operand value = kNumber;
    for (unsigned i = 0; i < n; ++i) {
        const auto yes = body.label();
        const auto no = body.label();
        const auto after = body.label();
        body.branch(is_below(body, value, zero), yes, no);
        body.start(yes);
        body.jump(after);
        body.start(no);
        body.jump(after);
        body.start(after);
        const Operand merged = body.phi(kI32);
        body.entry(merged, yes, value);
        body.entry(merged, no, zero);
        value = merged;
    }
    give(body, value);
    module.bodies.push_back(body.bytes());
}

// n phis that hand their values around in a loop.
void phi_web(Module& module, unsigned n) {
    Body body(kParameters);
    const auto head = body.label();
    const auto after = body.label();
    const auto start = body.here();
    body.jump(head);
    body.start(head);
    std::vector<Operand> phis;
    for (unsigned i = 0; i < n; ++i) {
        phis.push_back(body.phi(kI32));
    }
    for (unsigned i = 0; i < n; ++i) {
        body.entry(phis[i], start, kNumber);
        body.entry(phis[i], head, phis[(i + 1) % n]);
    }
    body.branch(is_below(body, phis[0], kNumber), head, after);
    body.start(after);
    give(body, phis[n / 2]);
    module.bodies.push_back(body.bytes());
}

// As many cases as a switch may have, and the others in the next one.
void many_ways(Body& body, Body::Label otherwise, std::span<const std::pair<Operand, Body::Label>> cases) {
    constexpr std::size_t kMost = entry(List::SwitchCases).most;
    while (cases.size() > kMost) {
        const auto next = body.label();
        body.many_ways(kNumber, next, {cases.begin(), cases.begin() + kMost});
        body.start(next);
        cases = cases.subspan(kMost);
    }
    body.many_ways(kNumber, otherwise, {cases.begin(), cases.end()});
}

// A block with n ways in, and 16 phis over them.
void wide_phis(Module& module, unsigned n) {
    Body body(kParameters);
    const auto join = body.label();
    std::vector<std::pair<Operand, Body::Label>> cases;
    for (unsigned i = 0; i < n; ++i) {
        cases.emplace_back(module.constants.of(kI32, i), body.label());
    }
    many_ways(body, cases.front().second, cases);
    for (const auto& [constant, label] : cases) {
        body.start(label);
        body.jump(join);
    }
    body.start(join);
    Operand phi;
    for (unsigned p = 0; p < 16; ++p) {
        phi = body.phi(kI32);
        for (const auto& [constant, label] : cases) {
            body.entry(phi, label, constant);
        }
    }
    give(body, phi);
    module.bodies.push_back(body.bytes());
}

void giant_switch(Module& module, unsigned n) {
    Body body(kParameters);
    const auto out = body.label();
    std::vector<std::pair<Operand, Body::Label>> cases;
    for (unsigned i = 0; i < n; ++i) {
        cases.emplace_back(module.constants.of(kI32, i), out);
    }
    body.many_ways(kNumber, out, cases);
    body.start(out);
    give(body, kNumber);
    module.bodies.push_back(body.bytes());
}

void many_switches(Module& module, unsigned n) {
    Body body(kParameters);
    const auto out = body.label();
    std::vector<std::pair<Operand, Body::Label>> cases;
    for (unsigned i = 0; i < n; ++i) {
        cases.emplace_back(module.constants.of(kI32, i * 1000), out);
    }
    many_ways(body, out, cases);
    body.start(out);
    give(body, kNumber);
    module.bodies.push_back(body.bytes());
}

void chain(Module& module, unsigned n) {
    Body body(kParameters);
    Operand value = kNumber;
    for (unsigned i = 0; i < n; ++i) {
        body.op(i % 2 == 0 ? kAdd : kAnd).use(value).use(i % 3 == 0 ? value : kNumber);
        value = body.gives();
    }
    give(body, value);
    module.bodies.push_back(body.bytes());
}

// Checks inside checks, each with an access: facts and proofs as deep as the function is long.
void nested_checks(Module& module, unsigned n) {
    Body body(kParameters);
    body.op(kZExt).number(kI64).use(kNumber);
    const Operand wide = body.gives();
    body.op(kFreeze).use(wide);
    const Operand index = body.gives();
    const auto out = body.label();
    for (unsigned i = 0; i < n; ++i) {
        const auto inside = body.label();
        body.branch(is_below(body, index, kLength), inside, out);
        body.start(inside);
        body.op(kLoadSlice).number(kI8).use(kPointer).use(index).number(0);
        (void)body.gives();
    }
    body.jump(out);
    body.start(out);
    give(body, kNumber);
    module.bodies.push_back(body.bytes());
}

// Loops whose accesses can't be proven, with all that makes a proof look far: several counters that go up by different
// steps, sums of them, and conditions between the sums.
void failing_proofs(Module& module, unsigned n) {
    constexpr unsigned kCounters = 6;
    Body body(kParameters);
    const Operand zero = module.constants.of(kI64, 0);
    for (unsigned i = 0; i < n; ++i) {
        const auto head = body.label();
        const auto out = body.label();
        const auto before = body.here();
        body.jump(head);
        body.start(head);
        std::vector<Operand> counters;
        for (unsigned c = 0; c < kCounters; ++c) {
            counters.push_back(body.phi(kI64));
            body.entry(counters[c], before, zero);
        }
        const auto inside = [&](Operand condition) {
            const auto next = body.label();
            body.branch(condition, next, out);
            body.start(next);
        };
        std::vector<Operand> sums;
        for (unsigned c = 0; c + 1 < kCounters; ++c) {
            body.op(c % 3 == 2 ? kSub : kAdd).use(counters[c + 1]).use(counters[c]);
            sums.push_back(body.gives());
            inside(is_below(body, sums.back(), kLength));
            inside(is_below(body, counters[c], sums[c / 2]));
        }
        for (const Operand sum : sums) {
            body.op(kAdd).use(sum).use(sums.front());
            const Operand place = body.gives();
            body.op(kLoadSlice).number(kI8).use(kPointer).use(place).number(0);
            (void)body.gives();
        }
        for (unsigned c = 0; c < kCounters; ++c) {
            body.op(kAdd).use(counters[c]).use(module.constants.of(kI64, 1 + c));
            const Operand next = body.gives();
            body.entry(counters[c], body.here(), next);
        }
        body.branch(is_below(body, counters.front(), kLength), head, out);
        body.start(out);
    }
    give(body, kNumber);
    module.bodies.push_back(body.bytes());
}

// Loops inside loops: LLVM's dominator tree climbs from each latch to its head.
void nested_loops(Module& module, unsigned n) {
    Body body(kParameters);
    std::vector<Body::Label> heads;
    for (unsigned i = 0; i < n; ++i) {
        heads.push_back(body.label());
        body.jump(heads.back());
        body.start(heads.back());
    }
    for (unsigned i = n; i > 0; --i) {
        const auto after = body.label();
        body.branch(is_below(body, kNumber, module.constants.of(kI32, i)), heads[i - 1], after);
        body.start(after);
    }
    give(body, kNumber);
    module.bodies.push_back(body.bytes());
}

void divisions(Module& module, unsigned n) {
    Body body(kParameters);
    Operand value = kNumber;
    for (unsigned i = 0; i < n; ++i) {
        body.op(kSDiv).use(kNumber).use(value);
        value = body.gives();
    }
    give(body, value);
    module.bodies.push_back(body.bytes());
}

void functions(Module& module, unsigned n) {
    Body body(kParameters);
    give(body, kNumber);
    module.bodies.assign(n, body.bytes());
}

void constants(Module& module, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        module.constants.of(kFirstTableType, i);
    }
    functions(module, 1);
}

void names(Module& module, unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
        module.more_names.emplace_back(kNameBytesMax, 'n');
    }
    functions(module, 1);
}

void types(Module& module, unsigned n) {
    module.extra_types = n;
    functions(module, 1);
}

struct Kind {
    const char* name;
    void (*make)(Module&, unsigned);
    unsigned size;        // of the largest; the others are a half and a quarter
    const char* refused;  // the rule or limit by which the largest is refused; empty: accepted
};

constexpr Kind kKinds[] = {
    {"blocks in a row", blocks, 400'000, ""},
    {"blocks in a row, too many", blocks, 1'100'000, "function_instructions"},
    {"diamonds", diamonds, 100'000, ""},
    {"phis around a loop", phi_web, 200'000, ""},
    {"16 phis over n ways", wide_phis, 30'000, ""},
    {"cases of a switch", giant_switch, 1'024, ""},
    {"cases of a switch, too many", giant_switch, 400'000, "switch_cases"},
    {"switches", many_switches, 400'000, ""},
    {"operations in a row", chain, 800'000, ""},
    {"checks inside checks", nested_checks, 100'000, ""},
    {"proofs that fail", failing_proofs, 1'600, "SIR048"},
    {"loops inside loops", nested_loops, 4'000, ""},
    {"loops inside loops, too many", nested_loops, 16'000, "block_climb"},
    {"divisions", divisions, 60'000, "built_bytes"},
    {"functions", functions, 100'000, ""},
    {"functions, too many", functions, 300'000, "functions"},
    {"vector constants", constants, 200'000, ""},
    {"names of 8 KiB", names, 4'000, ""},
    {"struct types", types, 60'000, ""},
    {"struct types, too many", types, 66'000, "types"},
};

struct Measured {
    double seconds = 0;
    char refusal[200] = {};
    bool accepted = false;
};

// In a process of its own, whose memory tells.
Measured measure(const Bytes& file, long& kib) {
    auto* shared = static_cast<Measured*>(
        mmap(nullptr, sizeof(Measured), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    *shared = {};
    const pid_t child = fork();
    if (child == 0) {
        const auto start = std::chrono::steady_clock::now();
        const auto checked = safeir::check_program(file);
        shared->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        shared->accepted = checked.has_value();
        if (!checked) {
            std::snprintf(shared->refusal, sizeof shared->refusal, "%s", checked.error().text.c_str());
        }
        _exit(0);
    }
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    kib = usage.ru_maxrss;
    Measured result = *shared;
    munmap(shared, sizeof(Measured));
    if (status != 0) {
        result.accepted = false;
        std::snprintf(result.refusal, sizeof result.refusal, "status %d", status);
    }
    return result;
}

}  // namespace

int main(int argc, char** /*argv*/) {
    const bool with_table = argc > 1;
    unsigned passed = 0;
    unsigned failed = 0;
    if (with_table) {
        fmt::print("{:<30} {:>9} {:>9} {:>9} {:>9}\n", "", "n", "bytes", "ms", "MiB");
    }
    for (const Kind& kind : kKinds) {
        for (const unsigned part : {4U, 2U, 1U}) {
            Module module;
            kind.make(module, kind.size / part);
            const Bytes file = module.file();
            long kib = 0;
            const Measured measured = measure(file, kib);
            const std::string refusal = measured.refusal;
            const bool last = part == 1;
            const std::string rule = std::string_view(kind.refused).starts_with("SIR") ? kind.refused : "SIR003: ";
            // The smaller ones of what is too large may be either.
            const bool good = kind.refused[0] == '\0' ? measured.accepted
                              : last ? refusal.starts_with(rule) && refusal.find(kind.refused) != std::string::npos
                                     : measured.accepted || refusal.starts_with(rule);
            ++(good ? passed : failed);
            if (!good) {
                fmt::print("FAIL  {}, {}: {}\n", kind.name, kind.size / part, refusal);
            }
            if (with_table) {
                fmt::print("{:<30} {:>9} {:>9} {:>9.1f} {:>9}  {}\n",
                           kind.name,
                           kind.size / part,
                           file.size(),
                           measured.seconds * 1000,
                           kib / 1024,
                           refusal.substr(0, 60));
            }
        }
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
