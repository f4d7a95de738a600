/* The table of operations in C: the rows of table.py, in their order and with their formulas.

   A row is its name, its operands, the forward rule and one partial for each operand; partials see
   the output, y, too. (The operand of a unary row is x.) From them come the functions

       double row_<name>_forward(operands)
       double row_<name>_d0(operands, y), row_<name>_d1, row_<name>_d2

   Rows with any number of operands only have their name here; their functions are in variadic.h.

   The rows detach, arctan2, arcsinh and hypot are missing: detach makes a leaf, and in the others
   stands `math.hypot`, which Python computes in a way of its own. They run through Python. */

#ifndef AUTOGRAD_CORE_TABLE_H
#define AUTOGRAD_CORE_TABLE_H

#include <math.h>

#include "ieee.h"

#define TABLE(UNARY, BINARY, TERNARY, VARIADIC)                                                   \
    /* --- arithmetic --------------------------------------------------------------------- */    \
    BINARY(add, a, b, a + b, 1.0, 1.0)                                                            \
    BINARY(sub, a, b, a - b, 1.0, -1.0)                                                           \
    BINARY(mul, a, b, a * b, b, a)                                                                \
    BINARY(div, a, b, a / b, div(1.0, b), -div(y, b))                                             \
    UNARY(neg, -x, -1.0)                                                                          \
    /* 0 to the power 0 has slope 0 in b, although ln 0 is −∞. */                                 \
    BINARY(pow, a, b, ieee_pow(a, b),                                                             \
        flow(b, pow(a, b - 1.0)), flow(where(abs(a) + abs(b), y, 0.0), log(a)))                   \
    /* The slope in b is −floor(a/b), of a quotient that may have been rounded up. */             \
    BINARY(mod, a, b, ieee_mod(a, b),                                                             \
        1.0, where(equal(abs(y), INFINITY), 1.0, -floor(div(a - y, b) + 0.5)))                    \
    UNARY(square, x * x, 2.0 * x)                                                                 \
    UNARY(reciprocal, 1.0 / x, -(y * y))                                                          \
    UNARY(identity, x, 1.0)                                                                       \
    BINARY(flow, g, p, g == 0.0 ? 0.0 : g * p, p, g)                                              \
                                                                                                  \
    /* --- exponentials and logarithms ---------------------------------------------------- */    \
    UNARY(exp, exp(x), y)                                                                         \
    UNARY(exp2, exp2(x), y * log(2.0))                                                            \
    UNARY(expm1, expm1(x), exp(x))                                                                \
    UNARY(log, log(x), div(1.0, x))                                                               \
    UNARY(log1p, ieee_log1p(x), div(1.0, 1.0 + x))                                                \
    UNARY(log2, log2(x), div(1.0, x * log(2.0)))                                                  \
    UNARY(log10, log10(x), div(1.0, x * log(10.0)))                                               \
    UNARY(sqrt, sqrt(x), div(0.5, y))                                                             \
                                                                                                  \
    /* --- trigonometric and hyperbolic functions ----------------------------------------- */    \
    UNARY(sin, sin(x), cos(x))                                                                    \
    UNARY(cos, cos(x), -sin(x))                                                                   \
    UNARY(tan, tan(x), 1.0 + y * y)                                                               \
    UNARY(arcsin, asin(x), div(1.0, sqrt((1.0 - x) * (1.0 + x))))                                 \
    UNARY(arccos, acos(x), -div(1.0, sqrt((1.0 - x) * (1.0 + x))))                                \
    UNARY(arctan, atan(x), div(1.0, 1.0 + x * x))                                                 \
    UNARY(sinh, sinh(x), cosh(x))                                                                 \
    UNARY(cosh, cosh(x), sinh(x))                                                                 \
    UNARY(tanh, tanh(x), tanh_slope(x))                                                           \
    UNARY(arccosh, acosh(x), div(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)))                             \
    UNARY(arctanh, atanh(x), div(1.0, (1.0 - x) * (1.0 + x)))                                     \
    UNARY(sinpi, ieee_sinpi(x), IEEE_PI * cospi(x))                                               \
    UNARY(cospi, ieee_cospi(x), -IEEE_PI * sinpi(x))                                              \
    UNARY(sinc, ieee_sinc(x),                                                                     \
        where(step(1.0 - abs(IEEE_PI * x), 0.0), sinc_slope(IEEE_PI * x), div(cospi(x) - y, x)))  \
                                                                                                  \
    /* --- activations -------------------------------------------------------------------- */    \
    UNARY(sigmoid, ieee_sigmoid(x), y * sigmoid(-x))                                              \
    UNARY(log_sigmoid, ieee_log_sigmoid(x), sigmoid(-x))                                          \
    UNARY(softplus, ieee_softplus(x), sigmoid(x))                                                 \
    UNARY(relu, ieee_maximum(x, 0.0), step(x, 0.0))                                               \
    UNARY(relu6, ieee_clip(x, 0.0, 6.0), step(x, 0.0) * step(6.0 - x, 0.0))                       \
    BINARY(leaky_relu, x, slope, x > 0.0 ? x : slope * x,                                         \
        where(step(x, 0.0), 1.0, slope), where(step(x, 0.0), 0.0, x))                             \
    BINARY(elu, x, alpha, x > 0.0 ? x : alpha * expm1(x),                                         \
        where(step(x, 1.0), 1.0, alpha * exp(x)), where(step(x, 0.0), 0.0, expm1(x)))             \
    BINARY(celu, x, alpha, x > 0.0 ? x : alpha * expm1(x / alpha),                                \
        where(step(x, 0.0), 1.0, exp(div(x, alpha))),                                             \
        where(step(x, 0.0), 0.0, celu_slope(div(x, alpha))))                                      \
    UNARY(selu, SELU_SCALE * (x > 0.0 ? x : SELU_ALPHA * expm1(x)),                               \
        SELU_SCALE * where(step(x, 0.0), 1.0, SELU_ALPHA * exp(x)))                               \
    UNARY(gelu, ieee_gelu(x),                                                                     \
        0.5 * erfc(-sqrt(0.5) * x) + flow(exp(-0.5 * x * x), x * (1.0 / sqrt(2.0 * IEEE_PI))))    \
    UNARY(silu, ieee_silu(x), flow(sigmoid(x), 1.0 + flow(sigmoid(-x), x)))                       \
    UNARY(mish, ieee_mish(x),                                                                     \
        tanh(softplus(x)) + flow(tanh_slope(softplus(x)), flow(sigmoid(x), x)))                   \
    UNARY(softsign, x / (1.0 + fabs(x)), div(1.0, pow(1.0 + abs(x), 2.0)))                        \
    TERNARY(hardtanh, x, low, high, ieee_clip(x, low, high),                                      \
        step(x - low, 0.0) * step(high - x, 0.0), step(low - x, 1.0), step(x - high, 1.0))        \
    UNARY(hardsigmoid, ieee_clip((x + 3.0) / 6.0, 0.0, 1.0),                                      \
        step(x + 3.0, 0.0) * step(3.0 - x, 0.0) * (1.0 / 6.0))                                    \
    UNARY(hardswish, x != -INFINITY ? x * ieee_clip((x + 3.0) / 6.0, 0.0, 1.0) : -0.0,            \
        where(step(x + 3.0, 0.0),                                                                 \
              where(step(3.0 - x, 0.0), (2.0 * x + 3.0) * (1.0 / 6.0), 1.0), 0.0))                \
    UNARY(tanhshrink, ieee_tanhshrink(x), pow(tanh(x), 2.0))                                      \
    UNARY(erf, erf(x), 2.0 / sqrt(IEEE_PI) * exp(-x * x))                                         \
    UNARY(erfc, erfc(x), -2.0 / sqrt(IEEE_PI) * exp(-x * x))                                      \
                                                                                                  \
    /* --- pieces and choices ------------------------------------------------------------- */    \
    BINARY(step, x, at_zero, x > 0.0 ? 1.0 : x < 0.0 ? 0.0 : x == 0.0 ? at_zero : x,              \
        0.0, equal(x, 0.0))                                                                       \
    UNARY(sign, x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == 0.0 ? 0.0 : x, 0.0)                         \
    UNARY(abs, fabs(x), sign(x))                                                                  \
    UNARY(floor, floor(x), 0.0)                                                                   \
    BINARY(equal, a, b, a == b ? 1.0 : 0.0, 0.0, 0.0)                                             \
    TERNARY(where, c, a, b, c != 0.0 ? a : b, 0.0, 1.0 - equal(c, 0.0), equal(c, 0.0))            \
    TERNARY(clip, x, low, high, ieee_clip(x, low, high),                                          \
        at_least(x, low) * at_least(high, x) * (1.0 - at_least(low, high)),                       \
        (1.0 - at_least(x, low)) * (1.0 - at_least(low, high)),                                   \
        where(at_least(low, high), 1.0, 1.0 - at_least(high, x)))                                 \
    VARIADIC(max)                                                                                 \
    VARIADIC(first_max)                                                                           \
    VARIADIC(min)                                                                                 \
                                                                                                  \
    /* --- sums --------------------------------------------------------------------------- */    \
    VARIADIC(sum)                                                                                 \
    VARIADIC(mean)                                                                                \
    VARIADIC(prod)                                                                                \
    VARIADIC(logsumexp)                                                                           \
    VARIADIC(dot)

/* The rows of one kind, for ROW(name, …). */
#define NO_ROW(...)
#define UNARY_ROWS(ROW) TABLE(ROW, NO_ROW, NO_ROW, NO_ROW)
#define BINARY_ROWS(ROW) TABLE(NO_ROW, ROW, NO_ROW, NO_ROW)
#define TERNARY_ROWS(ROW) TABLE(NO_ROW, NO_ROW, ROW, NO_ROW)
#define VARIADIC_ROWS(ROW) TABLE(NO_ROW, NO_ROW, NO_ROW, ROW)

/* --- the functions of the rows, declared: a rule may use any row ------------------------------ */

#define UNARY(name, forward, dx) \
    static inline double row_##name##_forward(double x); \
    static inline double row_##name##_d0(double x, double y);

#define BINARY(name, a, b, forward, da, db) \
    static inline double row_##name##_forward(double a, double b); \
    static inline double row_##name##_d0(double a, double b, double y); \
    static inline double row_##name##_d1(double a, double b, double y);

#define TERNARY(name, a, b, c, forward, da, db, dc) \
    static inline double row_##name##_forward(double a, double b, double c); \
    static inline double row_##name##_d0(double a, double b, double c, double y); \
    static inline double row_##name##_d1(double a, double b, double c, double y); \
    static inline double row_##name##_d2(double a, double b, double c, double y);

TABLE(UNARY, BINARY, TERNARY, NO_ROW)

#undef UNARY
#undef BINARY
#undef TERNARY

/* --- what rules are made of ------------------------------------------------------------------- */

/* A row goes by its own name in a rule, as in table.py; the last lines take these names back. */
#define abs(x) row_abs_forward(x)
#define cospi(x) row_cospi_forward(x)
#define div(a, b) row_div_forward(a, b)
#define equal(a, b) row_equal_forward(a, b)
#define flow(g, p) row_flow_forward(g, p)
#define pow(a, b) row_pow_forward(a, b)
#define sigmoid(x) row_sigmoid_forward(x)
#define sign(x) row_sign_forward(x)
#define sinpi(x) row_sinpi_forward(x)
#define softplus(x) row_softplus_forward(x)
#define square(x) row_square_forward(x)
#define step(x, at_zero) row_step_forward(x, at_zero)
#define where(c, a, b) ((c) != 0.0 ? (a) : (b)) /* the branch not taken is not computed */

#define SELU_ALPHA 1.6732632423543772
#define SELU_SCALE 1.0507009873554805

static inline double tanh_slope(double x) {
    return square(div(2.0, exp(x) + exp(-x)));
}

/* c₀ + c₁x + c₂x² + …, by Horner's rule. */
static inline double series(double x, int count, const double *coefficients) {
    double total = 0.0;
    while (count > 0) {
        total = total * x + coefficients[--count];
    }
    return total;
}

/* d sinc/dx = π·(t·cos t − sin t)/t² = π·Σ (−1)ᵏ·2k/(2k + 1)!·t^(2k−1), for |t| < 1. */
static inline double sinc_slope(double t) {
    static const double terms[] = {
        -2.0 / 6.0, 4.0 / 120.0, -6.0 / 5040.0, 8.0 / 362880.0, -10.0 / 39916800.0,
        12.0 / 6227020800.0, -14.0 / 1307674368000.0, 16.0 / 355687428096000.0,
        -18.0 / 121645100408832000.0, 20.0 / 51090942171709440000.0,
    };
    return IEEE_PI * t * series(t * t, 10, terms);
}

/* eᵘ − 1 − u·eᵘ for u ≤ 0; near 0, where it cancels, −Σ (n − 1)/n!·uⁿ. */
static inline double celu_slope(double u) {
    static const double terms[] = {
        -1.0 / 2.0, -2.0 / 6.0, -3.0 / 24.0, -4.0 / 120.0, -5.0 / 720.0, -6.0 / 5040.0,
        -7.0 / 40320.0, -8.0 / 362880.0, -9.0 / 3628800.0, -10.0 / 39916800.0,
        -11.0 / 479001600.0, -12.0 / 6227020800.0, -13.0 / 87178291200.0,
        -14.0 / 1307674368000.0, -15.0 / 20922789888000.0, -16.0 / 355687428096000.0,
        -17.0 / 6402373705728000.0, -18.0 / 121645100408832000.0,
    };
    return where(step(1.0 - abs(u), 0.0), u * u * series(u, 18, terms), expm1(u) - flow(exp(u), u));
}

/* 1 where a ≥ b, else 0; infinities compare too, and step(∞ − ∞) would not. */
static inline double at_least(double a, double b) {
    return equal(ieee_maximum(a, b), a);
}

/* --- the functions of the rows ---------------------------------------------------------------- */

#define UNARY(name, forward, dx) \
    static inline double row_##name##_forward(double x) { return forward; } \
    static inline double row_##name##_d0(double x, double y) { (void)x, (void)y; return dx; }

#define PARTIAL2(function, a, b, rule) \
    static inline double function(double a, double b, double y) { \
        (void)a, (void)b, (void)y; \
        return rule; \
    }
#define BINARY(name, a, b, forward, da, db) \
    static inline double row_##name##_forward(double a, double b) { return forward; } \
    PARTIAL2(row_##name##_d0, a, b, da) \
    PARTIAL2(row_##name##_d1, a, b, db)

#define PARTIAL3(function, a, b, c, rule) \
    static inline double function(double a, double b, double c, double y) { \
        (void)a, (void)b, (void)c, (void)y; \
        return rule; \
    }
#define TERNARY(name, a, b, c, forward, da, db, dc) \
    static inline double row_##name##_forward(double a, double b, double c) { return forward; } \
    PARTIAL3(row_##name##_d0, a, b, c, da) \
    PARTIAL3(row_##name##_d1, a, b, c, db) \
    PARTIAL3(row_##name##_d2, a, b, c, dc)

TABLE(UNARY, BINARY, TERNARY, NO_ROW)

#undef UNARY
#undef PARTIAL2
#undef BINARY
#undef PARTIAL3
#undef TERNARY

#undef abs
#undef cospi
#undef div
#undef equal
#undef flow
#undef pow
#undef sigmoid
#undef sign
#undef sinpi
#undef softplus
#undef square
#undef step
#undef where

#endif
