// Multiplication and division of complex numbers, with C's rules for infinities (annex G).
#include <complex.h>
#include <math.h>

#define COMPLEX_OPERATIONS(real, multiply, divide, is_inf, is_nan, copy_sign, largest, log_b, scale_b)                    \
    static real unit(real x) { return copy_sign(is_inf(x) ? 1 : 0, x); }                                                  \
    static real no_nan(real x) { return is_nan(x) ? copy_sign(0, x) : x; }                                                \
    real _Complex multiply(real a, real b, real c, real d) {                                                              \
        real x = a * c - b * d, y = a * d + b * c;                                                                        \
        if (is_nan(x) && is_nan(y)) {                                                                                     \
            int again = 0;                                                                                                \
            if (is_inf(a) || is_inf(b)) {                                                                                 \
                a = unit(a), b = unit(b), c = no_nan(c), d = no_nan(d), again = 1;                                        \
            }                                                                                                             \
            if (is_inf(c) || is_inf(d)) {                                                                                 \
                c = unit(c), d = unit(d), a = no_nan(a), b = no_nan(b), again = 1;                                        \
            }                                                                                                             \
            if (again) {                                                                                                  \
                x = (real)INFINITY * (a * c - b * d), y = (real)INFINITY * (a * d + b * c);                               \
            }                                                                                                             \
        }                                                                                                                 \
        real _Complex result;                                                                                             \
        __real__ result = x;                                                                                              \
        __imag__ result = y;                                                                                              \
        return result;                                                                                                    \
    }                                                                                                                     \
    real _Complex divide(real a, real b, real c, real d) {                                                                \
        int down = 0;                                                                                                     \
        const real size = log_b(largest(c < 0 ? -c : c, d < 0 ? -d : d));                                                 \
        if (!is_inf(size) && !is_nan(size)) {                                                                             \
            down = -(int)size;                                                                                            \
            c = scale_b(c, down), d = scale_b(d, down);                                                                   \
        }                                                                                                                 \
        const real bottom = c * c + d * d;                                                                                \
        real x = scale_b((a * c + b * d) / bottom, down), y = scale_b((b * c - a * d) / bottom, down);                    \
        if (is_nan(x) && is_nan(y)) {                                                                                     \
            if (bottom == 0 && (!is_nan(a) || !is_nan(b))) {                                                              \
                x = copy_sign((real)INFINITY, c) * a, y = copy_sign((real)INFINITY, c) * b;                               \
            } else if ((is_inf(a) || is_inf(b)) && !is_inf(c) && !is_nan(c) && !is_inf(d) && !is_nan(d)) {                \
                a = unit(a), b = unit(b);                                                                                 \
                x = (real)INFINITY * (a * c + b * d), y = (real)INFINITY * (b * c - a * d);                               \
            } else if (is_inf(size) && size > 0 && !is_inf(a) && !is_nan(a) && !is_inf(b) && !is_nan(b)) {                \
                c = unit(c), d = unit(d);                                                                                 \
                x = 0 * (a * c + b * d), y = 0 * (b * c - a * d);                                                         \
            }                                                                                                             \
        }                                                                                                                 \
        real _Complex result;                                                                                             \
        __real__ result = x;                                                                                              \
        __imag__ result = y;                                                                                              \
        return result;                                                                                                    \
    }

#define IS_INF(x) __builtin_isinf(x)
#define IS_NAN(x) __builtin_isnan(x)
COMPLEX_OPERATIONS(double, __muldc3, __divdc3, IS_INF, IS_NAN, copysign, fmax, logb, scalbn)
#define unit unit_float
#define no_nan no_nan_float
COMPLEX_OPERATIONS(float, __mulsc3, __divsc3, IS_INF, IS_NAN, copysignf, fmaxf, logbf, scalbnf)
#undef unit
#undef no_nan
#define unit unit_long
#define no_nan no_nan_long
COMPLEX_OPERATIONS(long double, __multc3, __divtc3, IS_INF, IS_NAN, copysignl, fmaxl, logbl, scalbnl)
