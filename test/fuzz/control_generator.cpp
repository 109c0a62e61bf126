// FunctionGenerator's part for control flow, calls and capabilities.
#include "test/fuzz/function_generator.h"

#include <algorithm>

namespace tessera::fuzz {

using namespace safeir::wire;

// ---- calls ----

void FunctionGenerator::capability() {
    switch (random_.below(6)) {
    case 0:
        if (around_.for_kernel) {
            return;
        }
        body_.op(kCallImport).number(0);
        keep(kCap, body_.gives());
        return;
    case 1:
        body_.op(kCallHelper).number(4);  // cap_null
        keep(kCap, body_.gives());
        return;
    default:
        break;
    }
    if (values_[kCap].empty()) {
        return;
    }
    const auto some = [&] { return values_[kCap][random_.below(values_[kCap].size())]; };
    const Operand cap = some();
    const Operand index = random_.chance(8) ? value(kI32) : binary(kAnd, kI32, value(kI32), number(kI32, 7));
    switch (random_.below(5)) {
    case 0:
        body_.op(kCallHelper).number(8).use(number(kI32, 0)).use(index).use(cap);  // cap_table_set
        break;
    case 1:
        body_.op(kCallHelper).number(7).use(number(kI32, 0)).use(index);  // cap_table_get
        keep(kCap, body_.gives());
        break;
    case 2: {
        const Operand other = some();
        body_.op(kSelect).use(value(kI1)).use(cap).use(other);
        keep(kCap, body_.gives());
        break;
    }
    case 3: {
        const Operand other = some();
        body_.op(kCallHelper).number(6).use(cap).use(other);  // cap_equal
        keep(kI32, body_.gives());
        break;
    }
    default:
        if (!around_.for_kernel) {
            body_.op(kCallImport).number(1).use(cap);
            keep(kI32, body_.gives());
        }
        break;
    }
}

void FunctionGenerator::call() {
    if (random_.chance(4) && !around_.for_kernel) {
        body_.op(kCallImport).number(4).use(value(kI32)).use(value(kI64));
        keep(kI64, body_.gives());
        return;
    }
    if (random_.chance(5)) {
        // try f(a0, a1), f from the table of type void(i32, i32).
        body_.op(kCallHelper).number(12).number(1).use(value(kI32)).use(value(kI32)).use(value(kI32));
        keep(kI32, body_.gives());
        return;
    }
    const bool by_table = random_.chance(3) && self_ < around_.table_function;
    unsigned callee = around_.table_function;
    if (!by_table) {
        if (self_ + 1 >= around_.functions.size()) {
            return;
        }
        callee = self_ + 1 + static_cast<unsigned>(random_.below(around_.functions.size() - self_ - 1));
    }
    const FunctionType& type = around_.functions[callee];
    std::vector<Operand> arguments;
    for (const unsigned parameter : type.parameters) {
        if (parameter == kSliceRo || parameter == kSliceRw || (parameter == kCap && values_[kCap].empty())) {
            return;
        }
        arguments.push_back(parameter == kCap ? values_[kCap].back() : value(parameter));
    }
    const Operand index = value(kI32);
    body_.op(by_table ? kCallTable : kCall).number(by_table ? 0 : callee);
    if (by_table) {
        body_.use(index);
    }
    for (const Operand argument : arguments) {
        body_.use(argument);
    }
    if (type.result == kPair) {
        const Operand both = body_.gives();
        body_.op(kExtractValue).use(both).number(0);
        keep(kI32, body_.gives());
        body_.op(kExtractValue).use(both).number(1);
        keep(kI64, body_.gives());
    } else if (type.result != kVoid) {
        keep(type.result, body_.gives());
    }
}

// ---- control flow ----

void FunctionGenerator::choice() {
    if (depth_ >= 5) {
        return;
    }
    ++depth_;
    const Scope before = scope();
    const Body::Label yes = body_.label();
    const Body::Label no = body_.label();
    const Body::Label after = body_.label();
    std::vector<unsigned> types;
    for (std::size_t count = random_.below(3); count > 0; --count) {
        types.push_back(random_.chance(6) && !values_[kCap].empty() ? unsigned{kCap} : number_type());
    }
    body_.branch(value(kI1), yes, no);
    std::vector<std::pair<Body::Label, std::vector<Operand>>> ways;
    for (const Body::Label way : {yes, no}) {
        body_.start(way);
        statements(static_cast<unsigned>(random_.below(4)));
        std::vector<Operand> results;
        for (const unsigned type : types) {
            results.push_back(type == kCap ? values_[kCap].back() : value(type));
        }
        ways.emplace_back(body_.here(), std::move(results));
        body_.jump(after);
        leave(before);
    }
    body_.start(after);
    for (std::size_t i = 0; i < types.size(); ++i) {
        const Operand merged = body_.phi(types[i]);
        for (const auto& [from, results] : ways) {
            body_.entry(merged, from, results[i]);
        }
        keep(types[i], merged);
    }
    --depth_;
}

void FunctionGenerator::many_ways() {
    if (depth_ >= 4) {
        return;
    }
    ++depth_;
    const Scope before = scope();
    const Body::Label after = body_.label();
    const unsigned type = random_.chance(3) ? kI64 : random_.chance(3) ? kI8 : kI32;
    const std::size_t count = 1 + random_.below(6);
    std::vector<std::pair<Operand, Body::Label>> cases;
    std::vector<Body::Label> labels;
    const std::uint64_t first = random_.below(4);
    const std::uint64_t step = random_.chance(3) ? 1 + random_.below(30) : 1;
    for (std::size_t i = 0; i < count; ++i) {
        labels.push_back(random_.chance(4) && !labels.empty() ? labels.back() : body_.label());
        cases.emplace_back(number(type, first + i * step), labels.back());
    }
    const Operand chosen = binary(kAnd, type, value(type), number(type, 15));
    const Body::Label otherwise = body_.label();
    body_.many_ways(chosen, otherwise, cases);
    labels.push_back(otherwise);
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    std::vector<std::pair<Body::Label, Operand>> ways;
    for (const Body::Label label : labels) {
        body_.start(label);
        statements(static_cast<unsigned>(random_.below(3)));
        ways.emplace_back(body_.here(), value(kI32));
        body_.jump(after);
        leave(before);
    }
    body_.start(after);
    const Operand merged = body_.phi(kI32);
    for (const auto& [from, result] : ways) {
        body_.entry(merged, from, result);
    }
    keep(kI32, merged);
    --depth_;
}

// A counted loop that carries values around, in the ways that compilers know: up, down, by steps, narrow and wide, with
// a second counter that wraps.
void FunctionGenerator::loop() {
    if (loops_ >= 2 || depth_ >= 5) {
        return;
    }
    ++loops_;
    ++depth_;
    const Scope before = scope();
    const Body::Label from = body_.here();
    const Body::Label head = body_.label();
    const Body::Label inside = body_.label();
    const Body::Label after = body_.label();
    const unsigned type = random_.chance(3) ? kI64 : kI32;
    const std::uint64_t most = self_ == 0 ? 63 : loops_ == 1 ? 15 : 7;
    const Operand trips =
        random_.chance(3) ? number(type, random_.below(most + 1)) : binary(kAnd, type, value(type), number(type, most));
    struct Carried {
        unsigned type;
        Operand phi;
    };
    std::vector<Carried> carried;
    std::vector<Operand> starts;
    for (std::size_t count = random_.below(4); count > 0; --count) {
        const unsigned carried_type = number_type();
        starts.push_back(value(carried_type));
        carried.push_back({carried_type, {}});
    }
    const Operand second_start =
        number(kI32, random_.chance(2) && !around_.for_kernel ? 0xfffffff0 : 0x10000 + random_.below(64));
    const bool down = random_.chance(4);
    body_.jump(head);
    body_.start(head);
    const Operand counter = body_.phi(type);
    body_.entry(counter, from, down ? trips : number(type, 0));
    const Operand second = body_.phi(kI32);
    body_.entry(second, from, second_start);
    for (std::size_t i = 0; i < carried.size(); ++i) {
        carried[i].phi = body_.phi(carried[i].type);
        body_.entry(carried[i].phi, from, starts[i]);
        keep(carried[i].type, carried[i].phi);
    }
    keep(type, counter);
    keep(kI32, second);
    const Operand more = down ? compare(1, counter, number(type, 0)) : compare(4, counter, trips);
    body_.branch(more, inside, after);
    body_.start(inside);
    const Scope outside = scope();
    if (random_.chance(2)) {
        // An array walk: base + counter * size + constant.
        const Operand narrow = type == kI32 ? counter : (body_.op(kTrunc).number(kI32).use(counter), body_.gives());
        const Operand scaled = binary(kShl, kI32, narrow, number(kI32, random_.below(4)));
        const Operand at =
            binary(kAdd, kI32, scaled, random_.chance(2) ? number(kI32, 0x10000 + 16 * random_.below(99)) : second);
        body_.op(kLoadArena).number(kI32).use(at).number(0);
        const Operand loaded = keep(kI32, body_.gives());
        const Operand sum = binary(kAdd, kI32, loaded, value(kI32));
        body_.op(kStoreArena).use(sum).use(at).number(random_.chance(2) ? 0 : 256);
    }
    statements(1 + static_cast<unsigned>(random_.below(5)));
    std::vector<Operand> nexts;
    for (const Carried& each : carried) {
        nexts.push_back(value(each.type));
    }
    const Operand next = binary(down ? kSub : kAdd, type, counter, number(type, 1));
    const Operand second_next = binary(kAdd, kI32, second, number(kI32, 1 + random_.below(8)));
    body_.entry(counter, body_.here(), next);
    body_.entry(second, body_.here(), second_next);
    for (std::size_t i = 0; i < carried.size(); ++i) {
        body_.entry(carried[i].phi, body_.here(), nexts[i]);
    }
    body_.jump(head);
    leave(outside);
    body_.start(after);
    // What the head gives lives on; the rest of the loop does not.
    leave(before);
    keep(kI32, second);
    for (const Carried& each : carried) {
        keep(each.type, each.phi);
    }
    --depth_;
    --loops_;
}

void FunctionGenerator::leave_early() {
    if (!random_.chance(3)) {
        return;
    }
    const Operand left = value(kI32);
    const Operand rare = compare(0, left, number(kI32, random_.below(1000)));
    const Body::Label out = body_.label();
    const Body::Label on = body_.label();
    body_.branch(rare, out, on);
    body_.start(out);
    if (random_.chance(8)) {
        body_.op(kTrap).number(1 + random_.below(8));
        body_.end();
    } else if (random_.chance(6)) {
        body_.op(kCallHelper).number(13).use(value(kI32));  // throw
        body_.op(kTrap).number(1);
        body_.end();
    } else {
        give_result();
    }
    body_.start(on);
}

void FunctionGenerator::give_result() {
    const unsigned type = around_.functions[self_].result;
    if (type == kVoid) {
        body_.op(kRetVoid);
    } else if (type == kPair) {
        const Operand first = value(kI32);
        const Operand second = value(kI64);
        body_.op(kMakeStruct).number(kPair).use(first).use(second);
        body_.op(kRet).use(body_.gives());
    } else {
        body_.op(kRet).use(value(type));
    }
    body_.end();
}

}  // namespace tessera::fuzz
