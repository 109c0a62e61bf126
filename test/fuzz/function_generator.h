// One random function: statements over the values in scope.
#pragma once

#include "safeir/wire/format.h"
#include "test/fuzz/body.h"
#include "test/fuzz/mutator.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace tessera::fuzz {

// Type codes of every generated module, after the fixed ones.
enum GeneratedType : unsigned {
    kV4I32 = safeir::wire::kFirstTableType,
    kV2I64,
    kV16I8,
    kV8I16,
    kV8I32,
    kV16I32,
    kV4F32,
    kV2F64,
    kV4I1,
    kV2I1,
    kV16I1,
    kV8I1,
    kPair,  // {i32, i64}
    kGeneratedTypesEnd,
};

struct FunctionType {
    unsigned result = safeir::wire::kI32;
    std::vector<unsigned> parameters;
};

// What a function may refer to.
struct Surroundings {
    std::vector<FunctionType> functions;  // a function calls those after it
    std::vector<unsigned> table_bytes;    // constant tables
    unsigned table_function = 0;          // which function's type the function table has
    bool with_floats = false;
    bool wild = false;        // checks of slices and frames are random, not nearly right
    bool for_kernel = false;  // imports nothing that the kernel doesn't have, and has memory at the bottom only
};

class FunctionGenerator {
  public:
    FunctionGenerator(Random& random, Constants& constants, const Surroundings& around, unsigned self);
    [[nodiscard]] std::vector<std::byte> generate(unsigned most_statements);

  private:
    struct Slice {
        Operand pointer;
        Operand length;
        bool writable;
    };
    struct Frame {
        unsigned index;
        unsigned bytes;
    };
    struct Scope {
        std::vector<std::size_t> values;
        std::size_t slices;
    };

    // Values.
    Operand constant(unsigned type);
    Operand number(unsigned type, std::uint64_t value) { return constants_.of(type, value); }
    Operand value(unsigned type);  // one in scope, or a constant
    Operand keep(unsigned type, Operand operand);
    unsigned number_type();
    Operand binary(unsigned op, unsigned type, Operand a, Operand b);
    Operand compare(unsigned predicate, Operand a, Operand b);
    Operand widened(Operand i32);
    Operand frozen(Operand operand);
    [[nodiscard]] Scope scope() const;
    void leave(const Scope& scope);

    // Statements.
    void statements(unsigned count);
    void statement();
    void arithmetic();
    void conversion();
    void vector_work();
    void intrinsic();
    void float_work();
    void arena_access();
    void atomic();
    void block_operation();
    void frame_access();
    void table_access();
    void slice_work();
    void wild_access();
    void slice_access(const Slice& slice, Operand index, std::uint64_t displacement, unsigned bytes);
    void slice_loop(const Slice& slice);
    void slice_pass(const Slice& slice);
    void new_slice();
    void capability();
    void call();
    void choice();
    void many_ways();
    void loop();
    void leave_early();
    void when(Operand condition, const std::function<void()>& body);  // if without else

    Operand below(std::uint64_t most);
    Operand arena_offset();
    std::uint64_t displacement();
    void give_result();

    Random& random_;
    Constants& constants_;
    const Surroundings& around_;
    unsigned self_;
    Body body_;
    std::vector<std::vector<Operand>> values_;  // by type, in scope
    std::vector<Slice> slices_;
    std::vector<Frame> frames_;
    unsigned depth_ = 0;
    unsigned loops_ = 0;
    unsigned left_ = 0;  // statements that may still be made
};

}  // namespace tessera::fuzz
