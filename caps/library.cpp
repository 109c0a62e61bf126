// What generated code may call although no program asked for it: the code generator's own library calls. Everything
// here takes and gives numbers, but for the block operations, whose addresses are those of the program's own frames.
#include "caps/imports.h"
#include "runtime/copy.h"

#include <cmath>

extern "C" {
// libgcc, by the names that the code generator uses.
// NOLINTBEGIN(bugprone-reserved-identifier)
__int128 __divti3(__int128 a, __int128 b);
__int128 __modti3(__int128 a, __int128 b);
unsigned __int128 __udivti3(unsigned __int128 a, unsigned __int128 b);
unsigned __int128 __umodti3(unsigned __int128 a, unsigned __int128 b);
__int128 __multi3(__int128 a, __int128 b);
__int128 __ashlti3(__int128 a, int b);
__int128 __ashrti3(__int128 a, int b);
__int128 __lshrti3(__int128 a, int b);
__int128 __fixdfti(double a);
__int128 __fixsfti(float a);
unsigned __int128 __fixunsdfti(double a);
unsigned __int128 __fixunssfti(float a);
double __floattidf(__int128 a);
float __floattisf(__int128 a);
double __floatuntidf(unsigned __int128 a);
float __floatuntisf(unsigned __int128 a);
// NOLINTEND(bugprone-reserved-identifier)
}

namespace tessera::caps {
namespace {

// LLVM's fmaximum_num family has no C name in this library; these are its rules for the fminimum and fmaximum
// intrinsics.
double minimum(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? a + b : a == b ? (std::signbit(a) ? a : b) : std::fmin(a, b);
}
double maximum(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? a + b : a == b ? (std::signbit(a) ? b : a) : std::fmax(a, b);
}
float minimumf(float a, float b) { return static_cast<float>(minimum(a, b)); }
float maximumf(float a, float b) { return static_cast<float>(maximum(a, b)); }
double round_even(double a) { return std::nearbyint(a); }
float round_evenf(float a) { return std::nearbyint(a); }

template <typename F>
std::uintptr_t address(F* function) {
    // SAFETY: a code address, for the linker.
    return reinterpret_cast<std::uintptr_t>(function);
}

}  // namespace

std::vector<safeir::KernelFunction> library_functions() {
    using D = double (*)(double);
    using F = float (*)(float);
    using D2 = double (*)(double, double);
    using F2 = float (*)(float, float);
    using D3 = double (*)(double, double, double);
    using F3 = float (*)(float, float, float);
    return {
        {"floor", "", address(static_cast<D>(::floor))},
        {"floorf", "", address(static_cast<F>(::floorf))},
        {"ceil", "", address(static_cast<D>(::ceil))},
        {"ceilf", "", address(static_cast<F>(::ceilf))},
        {"trunc", "", address(static_cast<D>(::trunc))},
        {"truncf", "", address(static_cast<F>(::truncf))},
        {"rint", "", address(static_cast<D>(::rint))},
        {"rintf", "", address(static_cast<F>(::rintf))},
        {"nearbyint", "", address(static_cast<D>(::nearbyint))},
        {"nearbyintf", "", address(static_cast<F>(::nearbyintf))},
        {"roundeven", "", address(round_even)},
        {"roundevenf", "", address(round_evenf)},
        {"sqrt", "", address(static_cast<D>(::sqrt))},
        {"sqrtf", "", address(static_cast<F>(::sqrtf))},
        {"fma", "", address(static_cast<D3>(::fma))},
        {"fmaf", "", address(static_cast<F3>(::fmaf))},
        {"fmin", "", address(static_cast<D2>(::fmin))},
        {"fminf", "", address(static_cast<F2>(::fminf))},
        {"fmax", "", address(static_cast<D2>(::fmax))},
        {"fmaxf", "", address(static_cast<F2>(::fmaxf))},
        {"fminimum", "", address(minimum)},
        {"fminimumf", "", address(minimumf)},
        {"fmaximum", "", address(maximum)},
        {"fmaximumf", "", address(maximumf)},
        {"__divti3", "", address(__divti3)},
        {"__modti3", "", address(__modti3)},
        {"__udivti3", "", address(__udivti3)},
        {"__umodti3", "", address(__umodti3)},
        {"__multi3", "", address(__multi3)},
        {"__ashlti3", "", address(__ashlti3)},
        {"__ashrti3", "", address(__ashrti3)},
        {"__lshrti3", "", address(__lshrti3)},
        {"__fixdfti", "", address(__fixdfti)},
        {"__fixsfti", "", address(__fixsfti)},
        {"__fixunsdfti", "", address(__fixunsdfti)},
        {"__fixunssfti", "", address(__fixunssfti)},
        {"__floattidf", "", address(__floattidf)},
        {"__floattisf", "", address(__floattisf)},
        {"__floatuntidf", "", address(__floatuntidf)},
        {"__floatuntisf", "", address(__floatuntisf)},
        {"memcpy", "", address(tessera_program_memmove)},
        {"memmove", "", address(tessera_program_memmove)},
        {"memset", "", address(tessera_program_memset)},
    };
}

safeir::Bindings all_bindings(std::span<const safeir::KernelFunction> more) {
    auto imports = sdk_functions();
    const auto waits = wait_functions();
    imports.insert(imports.end(), waits.begin(), waits.end());
    imports.insert(imports.end(), more.begin(), more.end());
    safeir::Bindings bindings(helper_functions(), imports, library_functions());
    bindings.set_methods(method_entries());
    return bindings;
}

}  // namespace tessera::caps
