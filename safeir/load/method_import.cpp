#include "safeir/load/method_import.h"

#include "safeir/spec/marks.h"

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kNibbles = 16;
// What registers hold of the results: more are returned through a hidden pointer, which takes an argument's register.
constexpr unsigned kResultWords = 3;
constexpr unsigned kResultFloats = 2;
constexpr unsigned kFirstParameter = 3;

Place place_of(const llvm::Type* type) {
    if (type->isIntegerTy(32)) {
        return Place::I32;
    }
    if (type->isIntegerTy(64)) {
        return Place::I64;
    }
    if (type->isFloatTy()) {
        return Place::F32;
    }
    if (type->isDoubleTy()) {
        return Place::F64;
    }
    return llvm::isa<llvm::TargetExtType>(type) ? Place::Capability : Place::None;
}

Place place_of(const llvm::Argument& argument) {
    if (argument.hasAttribute(marks::kReadOnlySlice)) {
        return Place::ReadSlice;
    }
    return argument.hasAttribute(marks::kWritableSlice) ? Place::WriteSlice : place_of(argument.getType());
}

bool is_slice(Place place) { return place == Place::ReadSlice || place == Place::WriteSlice; }
bool is_float(Place place) { return place == Place::F32 || place == Place::F64; }

// Parameter by parameter, result by result.
class Shape {
  public:
    explicit Shape(const llvm::Function& function) : function_(function) {}

    Result<MethodImport> read() {
        if (function_.arg_size() < kFirstParameter || !function_.getArg(1)->getType()->isIntegerTy(32)) {
            return fail(Blame::Program, "a method takes (arena, stack, object) first");
        }
        import_.wide = has_wide_result();
        words_ = import_.wide ? 1 : 0;
        for (unsigned i = kFirstParameter; i < function_.arg_size(); ++i) {
            const Place place = place_of(*function_.getArg(i));
            TRY_VOID(add_parameter(place));
            i += is_slice(place) ? 1 : 0;
        }
        TRY_VOID(add(Place::Results));
        TRY_VOID(add_results());
        return import_;
    }

  private:
    Result<void> add(Place place) {
        if (place == Place::None) {
            return fail(Blame::Program, "a method takes and gives numbers, slices and capabilities");
        }
        if (count_ == kNibbles) {
            return fail(Blame::Program,
                        "a method has at most 15 parameters and results together: put some into a message");
        }
        import_.signature |= std::uint64_t{static_cast<std::uint8_t>(place)} << (4 * count_++);
        return {};
    }

    Result<void> add_parameter(Place place) {
        TRY_VOID(add(place));
        if (is_float(place)) {
            import_.stack_words += floats_++ < kFloatRegisters ? 0 : 1;
            return {};
        }
        for (unsigned part = 0; part < (is_slice(place) ? 2U : 1U); ++part) {
            import_.stack_words += words_++ < kWordRegisters ? 0 : 1;
        }
        if (place == Place::Capability) {
            if (import_.cap_param_count == kCapParamsMax) {
                return fail(Blame::Program, "a method takes at most 8 capabilities");
            }
            import_.cap_params[import_.cap_param_count++] =
                static_cast<std::uint8_t>(words_ <= kWordRegisters ? words_ : kWordRegisters + import_.stack_words);
        }
        return {};
    }

    template <typename Each>
    void each_result(Each each) const {
        const auto* type = function_.getReturnType();
        const auto* structure = llvm::dyn_cast<llvm::StructType>(type);
        for (unsigned i = 0; i < (structure != nullptr ? structure->getNumElements() : 1); ++i) {
            each(i, place_of(structure != nullptr ? structure->getElementType(i) : type));
        }
    }

    [[nodiscard]] bool has_wide_result() const {
        unsigned words = 0;
        unsigned floats = 0;
        each_result([&](unsigned /*index*/, Place place) { ++(is_float(place) ? floats : words); });
        return words > kResultWords || floats > kResultFloats;
    }

    Result<void> add_results() {
        Result<void> done;
        unsigned words = 0;
        each_result([&](unsigned index, Place place) {
            if (done && index == 0 && place != Place::I32) {
                done = fail(Blame::Program, "a method gives its status, an i32, first");
            } else if (done && index > 0) {
                done = add(place);
            }
            if (place == Place::Capability && !import_.wide) {
                import_.cap_results = static_cast<std::uint8_t>(import_.cap_results | 1U << words);
            }
            words += is_float(place) ? 0 : 1;
        });
        return done;
    }

    const llvm::Function& function_;
    MethodImport import_;
    unsigned count_ = 0;
    unsigned words_ = 0;
    unsigned floats_ = 0;
};

}  // namespace

Result<MethodSignature> method_signature(const llvm::Function& function) {
    TRY_TO(const auto import, Shape(function).read());
    return import.signature;
}

Result<MethodImport> method_import(const llvm::Function& function, std::uint64_t interface, std::uint32_t ordinal) {
    TRY_TO(auto import, Shape(function).read());
    import.interface = interface;
    import.place = ordinal * static_cast<std::uint32_t>(sizeof(Method));
    return import;
}

std::string method_signature_text(MethodSignature signature) {
    std::string text;
    for (auto rest = signature; rest != 0; rest >>= 4U) {
        text += kPlaceLetters[std::min<std::size_t>(rest & 0xFU, kPlaceLetters.size() - 1)];
    }
    return text;
}

}  // namespace tessera::safeir
