// FunctionGenerator's part for memory: the arena, frames, tables, slices.
#include "test/fuzz/function_generator.h"

#include <algorithm>

namespace tessera::fuzz {

using namespace safeir::wire;

namespace {

struct MemoryType {
    unsigned type;
    unsigned bytes;
};
constexpr MemoryType kIntegerTypes[] = {{kI8, 1},
                                        {kI16, 2},
                                        {kI32, 4},
                                        {kI32, 4},
                                        {kI64, 8},
                                        {kV4I32, 16},
                                        {kV2I64, 16},
                                        {kV8I16, 16},
                                        {kV8I32, 32},
                                        {kV16I32, 64}};
constexpr MemoryType kFloatTypes[] = {{kF32, 4}, {kF64, 8}, {kV4F32, 16}};

}  // namespace

// ---- the arena: mapped are [64 KiB, 256 KiB) and the last 128 KiB of 4 GiB ----

Operand FunctionGenerator::arena_offset() {
    const Operand from = value(kI32);
    // Mostly where memory is: a program that traps at once shows nothing.
    if (random_.chance(around_.for_kernel ? 400 : 80)) {
        return from;
    }
    switch (around_.for_kernel ? 4 + random_.below(12) : random_.below(16)) {
    case 1: {
        // The last pages, and over the end.
        const Operand top = binary(kOr, kI32, from, number(kI32, 0xfffe0000));
        const Operand inside = binary(kAnd, kI32, top, number(kI32, 0xffffff7f));
        return binary(kAdd, kI32, inside, number(kI32, random_.below(random_.chance(12) ? 200 : 64)));
    }
    case 2:
        return number(kI32, random_.chance(20) ? 0xffffffff - random_.below(80) : 0x10000 + random_.below(0x2ff00));
    case 3: {
        if (!random_.chance(8)) {
            return binary(kAdd, kI32, binary(kAnd, kI32, from, number(kI32, 0xfff)), number(kI32, 0xfffe0000));
        }
        // Around zero: below is 4 GiB, above is null.
        const Operand low = binary(kAnd, kI32, from, number(kI32, 63));
        return binary(kSub, kI32, low, number(kI32, random_.below(70)));
    }
    case 4:
    case 5: {
        const Operand low = binary(kAnd, kI32, from, number(kI32, 0x3fff));
        const Operand scaled = binary(kShl, kI32, low, number(kI32, random_.below(4)));
        return binary(kAdd, kI32, scaled, number(kI32, 0x10000 + 8 * random_.below(64)));
    }
    default: {
        const Operand low = binary(kAnd, kI32, from, number(kI32, random_.chance(2) ? 0x1ffff : 0xff));
        return binary(kAdd, kI32, low, number(kI32, 0x10000 + random_.below(0x8000)));
    }
    }
}

std::uint64_t FunctionGenerator::displacement() {
    if (!random_.chance(150) || around_.for_kernel) {
        return random_.chance(2) ? 0 : random_.below(256);
    }
    return random_.chance(2) ? 0x7fffffff - random_.below(70) : random_.below(0x7fffffff);
}

void FunctionGenerator::arena_access() {
    const MemoryType type = around_.with_floats && random_.chance(5)
                                ? kFloatTypes[random_.below(std::size(kFloatTypes))]
                                : kIntegerTypes[random_.below(std::size(kIntegerTypes))];
    const Operand offset = arena_offset();
    const std::uint64_t more = displacement();
    if (random_.chance(2)) {
        body_.op(kLoadArena).number(type.type).use(offset).number(more);
        keep(type.type, body_.gives());
    } else {
        body_.op(kStoreArena).use(value(type.type)).use(offset).number(more);
    }
}

void FunctionGenerator::atomic() {
    static constexpr unsigned kTypes[] = {kI8, kI16, kI32, kI64};
    const unsigned type = kTypes[random_.below(4)];
    const Operand offset = arena_offset();
    switch (random_.below(5)) {
    case 0:
        body_.op(kAtomicLoad).number(random_.chance(2) ? kSeqCst : kAcquire).number(type).use(offset);
        keep(type, body_.gives());
        break;
    case 1:
        body_.op(kAtomicStore).number(random_.chance(2) ? kSeqCst : kRelease).use(value(type)).use(offset);
        break;
    case 2:
        body_.op(kCmpXchg).number(kSeqCst).use(value(type)).use(value(type)).use(offset);
        keep(type, body_.gives());
        keep(kI1, body_.gives());
        break;
    case 3:
        body_.op(kFence).number(kSeqCst);
        break;
    default:
        body_.op(kAtomicRmw).number(random_.below(5)).number(random_.below(10)).use(value(type)).use(offset);
        keep(type, body_.gives());
        break;
    }
}

void FunctionGenerator::block_operation() {
    const Operand to = arena_offset();
    const Operand length = binary(kAnd, kI32, value(kI32), number(kI32, random_.chance(4) ? 0xffff : 0x7f));
    if (random_.chance(2)) {
        body_.op(kCallHelper).number(1).use(to).use(value(kI32)).use(length);
    } else {
        const Operand from = arena_offset();
        body_.op(kCallHelper).number(0).use(to).use(from).use(length);
    }
}

// ---- frames and tables ----

// At most `most`, whatever a racing load gives.
Operand FunctionGenerator::below(std::uint64_t most) {
    if (random_.chance(2)) {
        return binary(kURem, kI64, value(kI64), number(kI64, most + 1));
    }
    constexpr unsigned kUMin = 3;
    const Operand bound = number(kI64, most);
    const Operand any = value(kI64);
    const bool is_first = !random_.chance(4);
    body_.op(kCallIntrinsic).number(kUMin).number(kI64).use(is_first ? bound : any).use(is_first ? any : bound);
    return keep(kI64, body_.gives());
}

void FunctionGenerator::frame_access() {
    if (frames_.empty()) {
        arithmetic();
        return;
    }
    const Frame frame = frames_[random_.below(frames_.size())];
    const MemoryType type = kIntegerTypes[random_.below(std::size(kIntegerTypes))];
    if (frame.bytes < type.bytes) {
        return;
    }
    const std::uint64_t room = frame.bytes - type.bytes;
    Operand offset = number(kI64, random_.below(room + 1));
    std::uint64_t more = 0;
    if (!random_.chance(3)) {
        std::uint64_t mask = 1;
        while (mask * 2 - 1 <= room) {
            mask *= 2;
        }
        offset = random_.chance(2) ? binary(kAnd, kI64, value(kI64), number(kI64, mask - 1)) : below(room);
        more = random_.chance(2) ? 0 : std::min<std::uint64_t>(room - (mask - 1), 3);
        more = room == 0 || more > room - (mask - 1) ? 0 : more;
    }
    // A remainder and a minimum have all of the room, a mask leaves some.
    more = random_.chance(200) ? more + 1 : 0;
    if (random_.chance(2)) {
        body_.op(kLoadFrame).number(type.type).number(frame.index).use(offset).number(more);
        keep(type.type, body_.gives());
    } else {
        body_.op(kStoreFrame).use(value(type.type)).number(frame.index).use(offset).number(more);
    }
}

void FunctionGenerator::table_access() {
    const auto index = static_cast<unsigned>(random_.below(around_.table_bytes.size()));
    const unsigned bytes = around_.table_bytes[index];
    const MemoryType type = kIntegerTypes[random_.below(5)];
    if (bytes < type.bytes) {
        return;
    }
    const std::uint64_t room = bytes - type.bytes + (random_.chance(400) ? 1 : 0);
    const Operand offset = random_.chance(3) ? number(kI64, random_.below(room + 1)) : below(room);
    body_.op(kLoadTable).number(type.type).number(index).use(offset).number(0);
    keep(type.type, body_.gives());
}

// ---- slices ----

void FunctionGenerator::new_slice() {
    if (around_.for_kernel) {
        arithmetic();
        return;
    }
    const bool writable = random_.chance(2);
    body_.op(kCallImport).number(writable ? 3 : 2).use(value(kI32));
    const Operand pointer = body_.gives();
    const Operand length = keep(kI64, body_.gives());
    slices_.push_back({pointer, length, writable});
}

void FunctionGenerator::slice_access(const Slice& slice, Operand index, std::uint64_t displacement, unsigned bytes) {
    unsigned type = kI8;
    for (const MemoryType& each : kIntegerTypes) {
        type = each.bytes <= bytes && random_.chance(2) ? each.type : type;
    }
    if (slice.writable && random_.chance(2)) {
        body_.op(kStoreSlice).use(value(type)).use(slice.pointer).use(index).number(displacement);
    } else {
        body_.op(kLoadSlice).number(type).use(slice.pointer).use(index).number(displacement);
        keep(type, body_.gives());
    }
}

void FunctionGenerator::when(Operand condition, const std::function<void()>& body) {
    const Scope before = scope();
    const Body::Label inside = body_.label();
    const Body::Label after = body_.label();
    body_.branch(condition, inside, after);
    body_.start(inside);
    body();
    body_.jump(after);
    leave(before);
    body_.start(after);
}

void FunctionGenerator::slice_work() {
    if (slices_.empty() || random_.chance(4)) {
        new_slice();
        return;
    }
    const Slice slice = slices_[random_.below(slices_.size())];
    static constexpr unsigned kSizes[] = {1, 2, 4, 8, 16, 20, 40, 64};
    const unsigned bytes = kSizes[random_.below(std::size(kSizes))];
    const unsigned wrong = random_.chance(60) ? 1 : 0;  // by one: to be refused
    switch (random_.below(6)) {
    case 0:  // a header
        when(compare(3, slice.length, number(kI64, bytes - wrong)), [&] {
            const std::uint64_t at = random_.below(bytes);
            slice_access(slice, number(kI64, at), 0, static_cast<unsigned>(bytes - at));
        });
        break;
    case 1: {  // a byte
        const Operand index = frozen(random_.chance(2) ? widened(value(kI32)) : value(kI64));
        when(compare(wrong != 0 ? 5 : 4, index, slice.length), [&] { slice_access(slice, index, 0, 1); });
        break;
    }
    case 2: {  // a word below the end
        const Operand raw = binary(kAnd, kI64, value(kI64), number(kI64, 0xff));
        const Operand index = frozen(raw);
        when(compare(3, slice.length, number(kI64, bytes)), [&] {
            const Operand last = binary(kSub, kI64, slice.length, number(kI64, bytes - wrong));
            when(compare(5, index, last), [&] {
                const std::uint64_t at = random_.below(bytes);
                slice_access(slice, index, at, static_cast<unsigned>(bytes - at));
            });
        });
        break;
    }
    case 3:
        slice_loop(slice);
        break;
    case 4:
        slice_pass(slice);
        break;
    default: {  // by a helper, which checks
        const Operand offset = random_.chance(2) ? number(kI64, random_.below(16)) : value(kI64);
        const Operand at = arena_offset();
        body_.op(kCallHelper).number(slice.writable && random_.chance(2) ? 15 : 14);
        body_.use(slice.pointer).use(slice.length).use(offset).use(at).use(number(kI32, random_.below(16)));
        break;
    }
    }
}

// for (i = start; i < length; i += step) access [i]
void FunctionGenerator::slice_loop(const Slice& slice) {
    if (loops_ >= 2) {
        return;
    }
    ++loops_;
    const Scope before = scope();
    const Body::Label from = body_.here();
    const Body::Label head = body_.label();
    const Body::Label inside = body_.label();
    const Body::Label after = body_.label();
    body_.jump(head);
    body_.start(head);
    const Operand index = body_.phi(kI64);
    body_.entry(index, from, number(kI64, random_.chance(2) ? 0 : random_.below(9)));
    values_[kI64].push_back(index);
    const Operand more = compare(random_.chance(80) ? 5 : 4, index, slice.length);
    body_.branch(more, inside, after);
    body_.start(inside);
    const std::uint64_t step = 1 + random_.below(4);
    slice_access(slice, index, 0, random_.chance(60) ? 2 : 1);
    statements(1 + static_cast<unsigned>(random_.below(3)));
    const Operand next = binary(kAdd, kI64, index, number(kI64, step));
    body_.entry(index, body_.here(), next);
    body_.jump(head);
    leave(before);
    body_.start(after);
    --loops_;
}

// To a function that takes a slice: whole, shorter, or the rest.
void FunctionGenerator::slice_pass(const Slice& slice) {
    std::vector<unsigned> takers;
    for (unsigned f = self_ + 1; f < around_.functions.size(); ++f) {
        const auto& parameters = around_.functions[f].parameters;
        if (!parameters.empty() && (parameters[0] == kSliceRo || (parameters[0] == kSliceRw && slice.writable))) {
            takers.push_back(f);
        }
    }
    if (takers.empty()) {
        return;
    }
    const unsigned callee = takers[random_.below(takers.size())];
    const FunctionType& type = around_.functions[callee];
    const auto pass = [&](Operand pointer, Operand length) {
        std::vector<Operand> others;
        for (std::size_t i = 1; i < type.parameters.size(); ++i) {
            others.push_back(value(type.parameters[i]));
        }
        body_.op(kCall).number(callee).use(pointer).use(length);
        for (const Operand other : others) {
            body_.use(other);
        }
        keep(type.result, body_.gives());
    };
    const Operand part = frozen(binary(kAnd, kI64, value(kI64), number(kI64, 0x3f)));
    switch (random_.below(3)) {
    case 0:
        pass(slice.pointer, slice.length);
        break;
    case 1:
        when(compare(5, part, slice.length), [&] { pass(slice.pointer, part); });
        break;
    default:
        when(compare(5, part, slice.length), [&] {
            body_.op(kSubslice).use(slice.pointer).use(part);
            const Operand pointer = body_.gives();
            const Operand rest = binary(kSub, kI64, slice.length, part);
            pass(pointer, rest);
        });
        break;
    }
}

// A check and an access that were not made for each other. Most are refused; what is accepted has to hold.
void FunctionGenerator::wild_access() {
    if (slices_.empty()) {
        new_slice();
    }
    const Slice slice = slices_[random_.below(slices_.size())];
    const auto some = [&]() -> Operand {
        switch (random_.below(9)) {
        case 0:
            return slice.length;
        case 1:
            return number(kI64, random_.chance(2) ? random_.below(20) : ~random_.below(20));
        case 2:
            return binary(random_.chance(2) ? kAdd : kSub, kI64, slice.length, number(kI64, random_.below(12)));
        case 3:
            return frozen(binary(kAnd, kI64, value(kI64), number(kI64, random_.below(70))));
        case 4:
            return widened(frozen(value(kI32)));
        case 5:
            body_.op(kTrunc).number(kI32).use(slice.length);
            return widened(body_.gives());
        case 6:
            return binary(kLShr, kI64, slice.length, number(kI64, random_.below(4)));
        case 7: {
            static constexpr unsigned kOps[] = {kAdd, kSub, kMul, kShl, kLShr, kAShr, kURem, kUDiv, kOr, kXor};
            return binary(kOps[random_.below(8)], kI64, frozen(value(kI64)), number(kI64, 1 + random_.below(8)));
        }
        default:
            body_.op(kCallIntrinsic).number(1 + random_.below(4)).number(kI64).use(value(kI64)).use(slice.length);
            return frozen(keep(kI64, body_.gives()));
        }
    };
    const Operand a = some();
    const Operand b = some();
    const auto pick = [&] { return random_.chance(3) ? some() : random_.chance(2) ? a : b; };
    Operand first = compare(static_cast<unsigned>(random_.below(10)), a, random_.chance(2) ? slice.length : b);
    if (random_.chance(3)) {
        const Operand second = compare(static_cast<unsigned>(random_.below(10)), pick(), pick());
        first = binary(random_.chance(2) ? kAnd : kOr, kI1, first, second);
    }
    when(first, [&] {
        const auto access = [&] { slice_access(slice, pick(), random_.chance(2) ? 0 : random_.below(12), 4); };
        if (random_.chance(2)) {
            access();
        } else {
            when(compare(static_cast<unsigned>(random_.below(10)), pick(), slice.length), access);
        }
    });
}

}  // namespace tessera::fuzz
