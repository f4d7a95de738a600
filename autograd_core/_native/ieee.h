/* Float functions that never raise, bit for bit those of ieee.py.

   C's own functions give infinities and NaN where Python's `math` raises, so `exp`, `log`, `sqrt`,
   `sin` and their kind are what ieee.py makes of them. What stands here is written out in ieee.py
   too, or differs from the C function in some case. */

#ifndef AUTOGRAD_CORE_IEEE_H
#define AUTOGRAD_CORE_IEEE_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* With wider registers or reordered sums the last bits are not those of Python. */
#if FLT_EVAL_METHOD != 0 || defined(__FAST_MATH__)
#error "the C engine needs doubles that are rounded at every operation"
#endif

#define IEEE_PI 3.141592653589793

static inline double ieee_pow(double a, double b) {
    if (b == 2.0) {
        return a * a; /* it differs from pow(a, 2) in the last bit; one of them is the rule */
    }
    return b == 1.0 ? a : pow(a, b); /* the same, and faster: the slope of a square asks for it */
}

/* Python's remainder has the sign of the divisor, also when it is 0. */
static inline double ieee_mod(double a, double b) {
    double y = fmod(a, b);
    if (y == 0.0) {
        return copysign(0.0, b);
    }
    return (y < 0.0) != (b < 0.0) ? y + b : y;
}

static inline double ieee_log1p(double x) {
    return x == 0.0 ? x : log1p(x); /* some libraries lose the sign of −0 */
}

static inline double ieee_maximum(double a, double b) {
    return b > a || b != b ? b : a; /* a NaN wins: no comparison with it holds */
}

static inline double ieee_minimum(double a, double b) {
    return b < a || b != b ? b : a;
}

static inline double ieee_clip(double x, double low, double high) {
    return ieee_minimum(ieee_maximum(x, low), high);
}

/* True where of terms up to `largest` so little is left that rounding shows. */
static inline bool ieee_cancelled(double result, double largest) {
    return fabs(result) < 1e-3 * largest;
}

/* sin(πx); x is reduced exactly to [−½, ½] first, so that the zeros are exact. */
static inline double ieee_sinpi(double x) {
    double reduced = remainder(x, 2.0); /* in [−1, 1]; NaN where x is infinite */
    if (fabs(reduced) > 0.5) {
        reduced = copysign(1.0, reduced) - reduced;
    }
    return sin(IEEE_PI * reduced);
}

/* cos(πx), exact at whole and half numbers. */
static inline double ieee_cospi(double x) {
    double reduced = fabs(remainder(x, 2.0)); /* in [0, 1] */
    return sin(IEEE_PI * (0.5 - reduced));
}

static inline double ieee_sinc(double x) {
    if (x == 0.0) {
        return 1.0;
    }
    return isinf(x) ? 0.0 : ieee_sinpi(x) / (IEEE_PI * x);
}

static inline double ieee_sigmoid(double x) {
    if (x >= 0.0) {
        return 1.0 / (1.0 + exp(-x));
    }
    double e = exp(x); /* for x < 0 the textbook form would overflow */
    return e / (1.0 + e);
}

static inline double ieee_softplus(double x) {
    return ieee_maximum(x, 0.0) + ieee_log1p(exp(-fabs(x)));
}

static inline double ieee_log_sigmoid(double x) {
    return ieee_minimum(x, 0.0) - ieee_log1p(exp(-fabs(x)));
}

static inline double ieee_gelu(double x) {
    return x != -INFINITY ? 0.5 * x * erfc(-x * sqrt(0.5)) : -0.0;
}

static inline double ieee_silu(double x) {
    return x != -INFINITY ? x * ieee_sigmoid(x) : -0.0;
}

/* x·tanh(ln(1 + eˣ)), with tanh ∘ ln written out so that nothing cancels. */
static inline double ieee_mish(double x) {
    if (x > 0.0) {
        double q = exp(-x);
        return x * (1.0 + 2.0 * q) / (1.0 + 2.0 * q + 2.0 * q * q);
    }
    double e = exp(x);
    return x != -INFINITY ? x * (e * (e + 2.0)) / (e * (e + 2.0) + 2.0) : -0.0;
}

/* x − tanh(x); reduced 0, where it cancels, (x·cosh x − sinh x) / cosh x with a series. */
static inline double ieee_tanhshrink(double x) {
    if (fabs(x) > 1.0 || x != x) {
        return x - tanh(x);
    }
    double term = x, total = 0.0, square = x * x; /* Σ 2k/(2k+1)! · x^(2k+1) */
    for (int k = 1; k < 12; k++) {
        term *= square / (2 * k * (2 * k + 1));
        total += 2 * k * term;
    }
    return total / cosh(x);
}

#endif
