// Programs whose code is made to be slow to check.
#include "test/growth/program.h"

#include <span>

namespace tessera::growth {
namespace {

using namespace safeir::wire;
using fuzz::Body;
using fuzz::Operand;

void give(Body& body, Operand value) {
    body.op(kRet).use(value);
    body.end();
}

Operand is_below(Body& body, Operand a, Operand b) {
    body.op(kICmp).number(4).use(a).use(b);
    return body.gives();
}

void diamonds(Program& program, unsigned n) {
    Body body(kParameters);
    const Operand zero = program.constants.of(kI32, 0);
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
    program.function(body.bytes());
}

// n phis that hand their values around in a loop.
void phi_web(Program& program, unsigned n) {
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
    program.function(body.bytes());
}

void chain(Program& program, unsigned n) {
    Body body(kParameters);
    Operand value = kNumber;
    for (unsigned i = 0; i < n; ++i) {
        body.op(i % 2 == 0 ? kAdd : kAnd).use(value).use(i % 3 == 0 ? value : kNumber);
        value = body.gives();
    }
    give(body, value);
    program.function(body.bytes());
}

// Checks inside checks, each with an access: facts and proofs as deep as the function is long.
void nested_checks(Program& program, unsigned n) {
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
    program.function(body.bytes());
}

// Loops whose accesses can't be proven, with all that makes a proof look far: several counters that go up by different
// steps, sums of them, and conditions between the sums.
void failing_proofs(Program& program, unsigned n) {
    constexpr unsigned kCounters = 6;
    Body body(kParameters);
    const Operand zero = program.constants.of(kI64, 0);
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
            body.op(kAdd).use(counters[c]).use(program.constants.of(kI64, 1 + c));
            const Operand next = body.gives();
            body.entry(counters[c], body.here(), next);
        }
        body.branch(is_below(body, counters.front(), kLength), head, out);
        body.start(out);
    }
    give(body, kNumber);
    program.function(body.bytes());
}

// Loops inside loops: LLVM's dominator tree climbs from each latch to its head.
void nested_loops(Program& program, unsigned n) {
    Body body(kParameters);
    std::vector<Body::Label> heads;
    for (unsigned i = 0; i < n; ++i) {
        heads.push_back(body.label());
        body.jump(heads.back());
        body.start(heads.back());
    }
    for (unsigned i = n; i > 0; --i) {
        const auto after = body.label();
        body.branch(is_below(body, kNumber, program.constants.of(kI32, i)), heads[i - 1], after);
        body.start(after);
    }
    give(body, kNumber);
    program.function(body.bytes());
}

void divisions(Program& program, unsigned n) {
    Body body(kParameters);
    Operand value = kNumber;
    for (unsigned i = 0; i < n; ++i) {
        body.op(kSDiv).use(kNumber).use(value);
        value = body.gives();
    }
    give(body, value);
    program.function(body.bytes());
}

// One instruction over and over.
void repeat(Program& program, unsigned n, void (*one)(Program&, Body&)) {
    Body body(kParameters);
    for (unsigned i = 0; i < n; ++i) {
        one(program, body);
    }
    give(body, kNumber);
    program.function(body.bytes());
}

void freezes(Program& program, unsigned n) {
    repeat(program, n, [](Program&, Body& body) {
        body.op(kFreeze).use(kNumber);
        (void)body.gives();
    });
}

void loads(Program& program, unsigned n) {
    repeat(program, n, [](Program&, Body& body) {
        body.op(kLoadArena).number(kI32).use(kNumber).number(1);
        (void)body.gives();
    });
}

void lanes(Program& program, unsigned n) {
    repeat(program, n, [](Program& p, Body& body) {
        body.op(kExtractElement).use(p.constants.of(kVector, 1)).use(kNumber);
        (void)body.gives();
    });
}

// By constants of 64 lanes.
void vector_shifts(Program& program, unsigned n) {
    numbers(program.types.add(), {kVectorType, kI8, kLanesMax});
    repeat(program, n, [](Program& p, Body& body) {
        const Operand vector = p.constants.of(kVector + 1, 1);
        body.op(kShl).use(vector).use(vector);
        (void)body.gives();
    });
}

void helper_calls(Program& program, unsigned n) {
    repeat(program, n, [](Program&, Body& body) {
        body.op(kCallHelper).number(2);  // memory_size
        (void)body.gives();
    });
}

void intrinsic_calls(Program& program, unsigned n) {
    repeat(program, n, [](Program&, Body& body) {
        body.op(kCallIntrinsic).number(6).number(kI32).use(kNumber);  // ctpop
        (void)body.gives();
    });
}

void calls(Program& program, unsigned n) {
    repeat(program, n, [](Program&, Body& body) {
        body.op(kCall).number(0).use(kPointer).use(kLength).use(kNumber);
        (void)body.gives();
    });
}

}  // namespace

std::vector<Kind> code_kinds() {
    return {
        {"diamonds", diamonds, 100'000, ""},
        {"phis around a loop", phi_web, 200'000, ""},
        {"operations in a row", chain, 800'000, ""},
        {"checks inside checks", nested_checks, 100'000, ""},
        {"proofs that fail", failing_proofs, 800, "SIR048"},
        {"loops inside loops", nested_loops, 4'000, ""},
        {"loops inside loops", nested_loops, 16'000, "block_climb"},
        {"divisions", divisions, 60'000, "built_bytes"},
        {"freezes", freezes, 200'000, ""},
        {"loads", loads, 100'000, ""},
        {"lanes", lanes, 100'000, ""},
        {"shifts of vectors", vector_shifts, 100'000, ""},
        {"calls of helpers", helper_calls, 100'000, ""},
        {"calls of intrinsics", intrinsic_calls, 100'000, ""},
        {"calls", calls, 100'000, ""},
    };
}

}  // namespace tessera::growth
