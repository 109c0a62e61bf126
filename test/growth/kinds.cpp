// Programs whose code is made to be slow to check.
#include "safeir/wire/proof.h"
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

std::uint64_t zigzag(std::int64_t number) {
    return static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63U);
}

void add_with_proof(Program& program, const Body& body, const safeir::ByteWriter& proof) {
    Bytes bytes = body.bytes();
    bytes.insert(bytes.end(), proof.data().begin(), proof.data().end());
    program.function(bytes);
}

// What the condition says of the way into a block, by the distance from the block that was named last.
void say_condition(safeir::ByteWriter& proof, std::int64_t block) {
    proof.byte(kEdge);
    proof.varint(zigzag(block));
}

void close_goal(safeir::ByteWriter& proof, std::uint64_t line_back) {
    proof.byte(1U << 3U | kGoal);
    proof.varint(line_back << 1U);
}

// Checks inside checks, each with an access and a proof.
void nested_checks(Program& program, unsigned n) {
    Body body(kParameters);
    body.op(kZExt).number(kI64).use(kNumber);
    const Operand wide = body.gives();
    body.op(kFreeze).use(wide);
    const Operand index = body.gives();
    const auto out = body.label();
    safeir::ByteWriter proof;
    numbers(proof, {0, 0});  // claims, invariants
    for (unsigned i = 0; i < n; ++i) {
        const auto inside = body.label();
        body.branch(is_below(body, index, kLength), inside, out);
        body.start(inside);
        body.op(kLoadSlice).number(kI8).use(kPointer).use(index).number(0);
        (void)body.gives();
        say_condition(proof, 1);
        close_goal(proof, 1);
    }
    body.jump(out);
    body.start(out);
    give(body, kNumber);
    add_with_proof(program, body, proof);
}

// One access, and a proof that says n times what its condition says.
void proof_lines(Program& program, unsigned n) {
    Body body(kParameters);
    body.op(kZExt).number(kI64).use(kNumber);
    const Operand wide = body.gives();
    body.op(kFreeze).use(wide);
    const Operand index = body.gives();
    const auto inside = body.label();
    const auto out = body.label();
    body.branch(is_below(body, index, kLength), inside, out);
    body.start(inside);
    body.op(kLoadSlice).number(kI8).use(kPointer).use(index).number(0);
    (void)body.gives();
    body.jump(out);
    body.start(out);
    give(body, kNumber);
    safeir::ByteWriter proof;
    numbers(proof, {0, 0});
    for (unsigned i = 0; i < n; ++i) {
        say_condition(proof, i == 0 ? 1 : 0);
    }
    close_goal(proof, n);
    add_with_proof(program, body, proof);
}

// A block with n ways in, and four invariants (the slice is no longer than it can be) that each of them keeps.
void proven_edges(Program& program, unsigned n) {
    Body body(kParameters);
    const auto join = body.label();
    for (unsigned i = 0; i < n; ++i) {
        const auto next = body.label();
        body.branch(is_below(body, kNumber, program.constants.of(kI32, i)), join, next);
        body.start(next);
    }
    body.jump(join);
    body.start(join);
    give(body, kNumber);
    constexpr unsigned kInvariants = 4;
    safeir::ByteWriter proof;
    numbers(proof, {0, kInvariants});
    for (unsigned i = 0; i < kInvariants; ++i) {
        const std::uint64_t block = zigzag(i == 0 ? n + 1 : 0);
        const std::uint64_t length = zigzag(i == 0 ? 2 : 0);  // behind base and pointer
        numbers(proof, {block, 1, length, zigzag(1), 0, zigzag(-static_cast<std::int64_t>(kSliceBytesMax))});
    }
    for (unsigned i = 0; i < kInvariants * (n + 1); ++i) {
        proof.byte(kGoal);
    }
    add_with_proof(program, body, proof);
}

// n numbers that are claimed to be multiples of one.
void proof_claims(Program& program, unsigned n) {
    Body body(kParameters);
    Operand value = kNumber;
    safeir::ByteWriter proof;
    proof.varint(n);
    for (unsigned i = 0; i < n; ++i) {
        body.op(kAdd).use(value).use(kNumber);
        value = body.gives();
        numbers(proof, {zigzag(i == 0 ? 4 : 1), 0});
    }
    proof.varint(0);
    give(body, value);
    add_with_proof(program, body, proof);
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
        {"lines of a proof", proof_lines, 200'000, ""},
        {"edges of invariants", proven_edges, 20'000, ""},
        {"claims of a proof", proof_claims, 100'000, ""},
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
