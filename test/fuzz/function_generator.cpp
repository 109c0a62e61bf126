#include "test/fuzz/function_generator.h"

#include <algorithm>

namespace tessera::fuzz {

using namespace safeir::wire;

namespace {

constexpr unsigned kIntegers[] = {kI8, kI16, kI32, kI32, kI32, kI64, kI64};
constexpr unsigned kVectors[] = {kV4I32, kV2I64, kV16I8, kV8I16, kV8I32, kV16I32};
constexpr unsigned kFloats[] = {kF32, kF64, kV4F32, kV2F64};
constexpr std::uint64_t kEdges[] = {0,          1,          2,       3,          4,          7,
                                    8,          15,         16,      31,         63,         64,
                                    127,        128,        255,     256,        0x7fff,     0x8000,
                                    0xffff,     0x10000,    0x3fff8, 0x7fffffff, 0x80000000, 0xfffffff0,
                                    0xfffffffe, 0xffffffff, ~0ULL,   1ULL << 63, 1ULL << 32, (1ULL << 32) - 8};

}  // namespace

FunctionGenerator::FunctionGenerator(Random& random, Constants& constants, const Surroundings& around, unsigned self)
    : random_(random), constants_(constants), around_(around), self_(self), body_([&] {
          std::uint32_t count = 0;
          for (const unsigned type : around.functions[self].parameters) {
              count += type == kSliceRo || type == kSliceRw ? 2 : 1;
          }
          return count;
      }()),
      values_(kGeneratedTypesEnd), left_(static_cast<unsigned>(12 + random.below(40))) {
    std::uint32_t at = 0;
    for (const unsigned type : around.functions[self].parameters) {
        if (type == kSliceRo || type == kSliceRw) {
            slices_.push_back({{at, false}, {at + 1, false}, type == kSliceRw});
            values_[kI64].push_back({at + 1, false});
            at += 2;
        } else {
            values_[type].push_back({at++, false});
        }
    }
}

std::vector<std::byte> FunctionGenerator::generate(unsigned most_statements) {
    left_ = most_statements;
    // Frames stand in the entry block.
    for (std::size_t count = random_.below(3); count > 0; --count) {
        static constexpr unsigned kSizes[] = {1, 4, 16, 17, 64, 100, 256, 1000};
        const unsigned bytes = kSizes[random_.below(std::size(kSizes))];
        body_.op(kAlloca).number(bytes);
        frames_.push_back({static_cast<unsigned>(frames_.size()), bytes});
    }
    statements(left_);
    give_result();
    return body_.bytes();
}

// ---- values ----

Operand FunctionGenerator::constant(unsigned type) {
    if (type == kF32 || type == kV4F32) {
        static constexpr std::uint32_t kBits[] = {
            0, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x4f800000, 0xdf000000, 0x42f60000, 1};
        return constants_.of(type, kBits[random_.below(std::size(kBits))], 32);
    }
    if (type == kF64 || type == kV2F64) {
        static constexpr std::uint64_t kBits[] = {0,
                                                  0x3ff0000000000000,
                                                  0xbff0000000000000,
                                                  0x7ff0000000000000,
                                                  0x7ff8000000000000,
                                                  0x41f0000000000000,
                                                  0xc3e0000000000000,
                                                  0x405ec00000000000,
                                                  1};
        return constants_.of(type, kBits[random_.below(std::size(kBits))], 64);
    }
    const std::uint64_t value = random_.chance(3) ? random_.below(256) : kEdges[random_.below(std::size(kEdges))];
    const bool is_bit = type == kI1 || (type >= kV4I1 && type <= kV8I1);
    return constants_.of(type, is_bit ? value & 1U : value, 0);
}

Operand FunctionGenerator::value(unsigned type) {
    const auto& known = values_[type];
    if (known.empty() || random_.chance(6)) {
        return constant(type);
    }
    // Late ones more often: chains grow.
    const std::size_t back =
        random_.chance(2) ? random_.below(std::min<std::size_t>(known.size(), 4)) : random_.below(known.size());
    return known[known.size() - 1 - back];
}

Operand FunctionGenerator::keep(unsigned type, Operand operand) {
    values_[type].push_back(operand);
    return operand;
}

unsigned FunctionGenerator::number_type() {
    return random_.chance(4) ? kVectors[random_.below(std::size(kVectors))]
                             : kIntegers[random_.below(std::size(kIntegers))];
}

Operand FunctionGenerator::binary(unsigned op, unsigned type, Operand a, Operand b) {
    body_.op(op).use(a).use(b);
    return keep(type, body_.gives());
}

Operand FunctionGenerator::compare(unsigned predicate, Operand a, Operand b) {
    body_.op(kICmp).number(predicate).use(a).use(b);
    return keep(kI1, body_.gives());
}

Operand FunctionGenerator::widened(Operand i32) {
    body_.op(kZExt).number(kI64).use(i32);
    return keep(kI64, body_.gives());
}

Operand FunctionGenerator::frozen(Operand operand) {
    body_.op(kFreeze).use(operand);
    return body_.gives();
}

FunctionGenerator::Scope FunctionGenerator::scope() const {
    Scope scope{{}, slices_.size()};
    for (const auto& of_type : values_) {
        scope.values.push_back(of_type.size());
    }
    return scope;
}

void FunctionGenerator::leave(const Scope& scope) {
    for (std::size_t type = 0; type < values_.size(); ++type) {
        values_[type].resize(scope.values[type]);
    }
    slices_.resize(scope.slices);
}

// ---- statements ----

void FunctionGenerator::statements(unsigned count) {
    for (; count > 0 && left_ > 0; --count) {
        --left_;
        statement();
    }
}

void FunctionGenerator::statement() {
    if (around_.wild && random_.chance(2)) {
        wild_access();
        return;
    }
    switch (random_.below(26)) {
    case 0:
    case 1:
    case 2:
        arithmetic();
        break;
    case 3:
        conversion();
        break;
    case 4:
    case 5:
        vector_work();
        break;
    case 6:
        intrinsic();
        break;
    case 7:
    case 8:
        around_.with_floats ? float_work() : arithmetic();
        break;
    case 9:
    case 10:
    case 11:
    case 12:
        arena_access();
        break;
    case 13:
        atomic();
        break;
    case 14:
        block_operation();
        break;
    case 15:
        frame_access();
        break;
    case 16:
        table_access();
        break;
    case 17:
    case 18:
        slice_work();
        break;
    case 19:
        capability();
        break;
    case 20:
        call();
        break;
    case 21:
        choice();
        break;
    case 22:
        many_ways();
        break;
    case 23:
    case 24:
        loop();
        break;
    default:
        leave_early();
        break;
    }
}

void FunctionGenerator::arithmetic() {
    const unsigned type = random_.chance(12) ? unsigned{kI128} : number_type();
    const unsigned op = kAdd + static_cast<unsigned>(random_.below(13));
    if (type == kI128 && op > kAShr) {
        binary(kMul, type, value(type), value(type));
        return;
    }
    // Divisions trap for every zero: mostly by what is not zero.
    Operand right = value(type);
    if (op >= kUDiv && !random_.chance(40)) {
        right = binary(kOr, type, right, constants_.of(type, 1 + random_.below(64)));
    }
    const Operand result = binary(op, type, value(type), right);
    if (random_.chance(4) && type < kFirstTableType) {
        compare(static_cast<unsigned>(random_.below(10)), result, value(type));
    }
    if (random_.chance(6)) {
        body_.op(kSelect).use(value(kI1)).use(result).use(value(type));
        keep(type, body_.gives());
    }
}

void FunctionGenerator::conversion() {
    static constexpr unsigned kWidths[] = {kI1, kI8, kI16, kI32, kI64, kI128};
    const auto from = static_cast<unsigned>(random_.below(6));
    auto to = static_cast<unsigned>(random_.below(6));
    to = to == from ? (to + 1) % 6 : to;
    body_.op(to < from ? kTrunc : random_.chance(2) ? kZExt : kSExt).number(kWidths[to]).use(value(kWidths[from]));
    keep(kWidths[to], body_.gives());
}

void FunctionGenerator::vector_work() {
    const unsigned type = kVectors[random_.below(std::size(kVectors))];
    static constexpr unsigned kElements[] = {kI32, kI64, kI8, kI16, kI32, kI32};
    static constexpr unsigned kLanes[] = {4, 2, 16, 8, 8, 16};
    const unsigned element = kElements[type - kV4I32];
    const unsigned lanes = kLanes[type - kV4I32];
    switch (random_.below(6)) {
    case 0:
        body_.op(kExtractElement)
            .use(value(type))
            .use(random_.chance(2) ? number(kI32, random_.below(lanes)) : value(kI32));
        keep(element, body_.gives());
        break;
    case 1:
        body_.op(kInsertElement).use(value(type)).use(value(element)).use(value(kI32));
        keep(type, body_.gives());
        break;
    case 2: {
        body_.op(kShuffle).use(value(type)).use(value(type)).number(lanes);
        for (unsigned i = 0; i < lanes; ++i) {
            body_.number(random_.below(std::size_t{2} * lanes));
        }
        keep(type, body_.gives());
        break;
    }
    case 3: {
        static constexpr unsigned kBits[] = {kV4I1, kV2I1, kV16I1, kV8I1, kV8I1, kV16I1};
        const unsigned bits = kBits[type - kV4I32];
        const Operand left = value(type);
        body_.op(kICmp).number(random_.below(10)).use(left).use(value(type));
        const Operand mask = keep(bits, body_.gives());
        body_.op(kSelect).use(mask).use(left).use(value(type));
        keep(type, body_.gives());
        break;
    }
    case 4:  // reductions: add, mul, and, or, xor, smin, smax, umin, umax
        body_.op(kCallIntrinsic).number(31 + random_.below(9)).number(type).use(value(type));
        keep(element, body_.gives());
        break;
    default: {
        const unsigned to = kVectors[random_.below(4)];
        const Operand source = value(kVectors[random_.below(4)]);
        body_.op(kBitcast).number(to).use(source);
        keep(to, body_.gives());
        break;
    }
    }
}

void FunctionGenerator::intrinsic() {
    const unsigned type = random_.chance(3)   ? kVectors[random_.below(std::size(kVectors))]
                          : random_.chance(2) ? kI32
                                              : kI64;
    if (random_.chance(4)) {
        // With overflow: {T, i1}.
        const unsigned scalar = random_.chance(2) ? kI32 : kI64;
        body_.op(kCallIntrinsic).number(44 + random_.below(6)).number(scalar).use(value(scalar)).use(value(scalar));
        const Operand both = body_.gives();
        body_.op(kExtractValue).use(both).number(0);
        keep(scalar, body_.gives());
        body_.op(kExtractValue).use(both).number(1);
        keep(kI1, body_.gives());
        return;
    }
    static constexpr unsigned kOperands[] = {0, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 3, 3, 2, 2, 2, 2};
    unsigned code = 1 + static_cast<unsigned>(random_.below(16));
    code = code == 9 && type == kV16I8 ? 6 : code;
    body_.op(kCallIntrinsic).number(code).number(type);
    for (unsigned i = 0; i < kOperands[code]; ++i) {
        body_.use(value(type));
    }
    keep(type, body_.gives());
}

// Floats, and the way back: out of range on purpose, and straight into addresses.
void FunctionGenerator::float_work() {
    const std::size_t which = random_.below(std::size(kFloats));
    const unsigned type = kFloats[which];
    static constexpr unsigned kAsInteger[] = {kI32, kI64, kV4I32, kV2I64};
    const unsigned integer = kAsInteger[which];
    switch (random_.below(6)) {
    case 0:
        binary(kFAdd + static_cast<unsigned>(random_.below(4)), type, value(type), value(type));
        break;
    case 1:
        body_.op(random_.chance(2) ? kSIToFP : kUIToFP).number(type).use(value(integer));
        keep(type, body_.gives());
        break;
    case 2:
    case 3: {
        static constexpr unsigned kOps[] = {kFPToUI, kFPToSI, kFPToUI, kFPToSI, kFPToUISat, kFPToSISat};
        const bool scalar = type < kFirstTableType;
        const unsigned to = scalar ? kIntegers[random_.below(std::size(kIntegers))] : integer;
        body_.op(kOps[random_.below(std::size(kOps))]).number(to).use(value(type));
        keep(to, body_.gives());
        break;
    }
    case 4:  // the bits, those of a NaN included
        if (random_.chance(2)) {
            body_.op(kBitcast).number(integer).use(value(type));
            keep(integer, body_.gives());
        } else {
            body_.op(kBitcast).number(type).use(value(integer));
            keep(type, body_.gives());
        }
        break;
    default: {
        static constexpr unsigned kOne[] = {17, 18, 20, 21, 22, 23};
        body_.op(kCallIntrinsic).number(kOne[random_.below(std::size(kOne))]).number(type).use(value(type));
        keep(type, body_.gives());
        break;
    }
    }
}

}  // namespace tessera::fuzz
