/* Sums of doubles without rounding, as Python's `math.fsum` and `Fraction` give them.

   Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997): the sum is kept as an expansion,
   doubles of rising size whose digits do not overlap. Where that fails (an overflow on the way, a
   product whose error is no double) a function here returns false. */

#ifndef AUTOGRAD_CORE_EXACT_H
#define AUTOGRAD_CORE_EXACT_H

#include <math.h>
#include <stdbool.h>

/* All digits from the largest double to the smallest fill 40 parts of 53 bits. */
#define EXACT_PARTS 64

typedef struct {
    int count; /* 0 at first */
    double parts[EXACT_PARTS];
} exact_sum;

static inline bool exact_add(exact_sum *sum, double x) {
    int kept = 0;
    for (int i = 0; i < sum->count; i++) {
        double y = sum->parts[i];
        if (fabs(x) < fabs(y)) {
            double larger = y;
            y = x;
            x = larger;
        }
        double high = x + y;
        double low = y - (high - x); /* x + y is exactly high + low */
        if (low != 0.0) {
            sum->parts[kept++] = low;
        }
        x = high;
    }
    if (!isfinite(x) || kept == EXACT_PARTS) {
        return false;
    }
    if (x != 0.0) {
        sum->parts[kept++] = x;
    }
    sum->count = kept;
    return true;
}

/* The sum rounded once, to the nearest double. */
static inline double exact_value(const exact_sum *sum) {
    int i = sum->count;
    if (i == 0) {
        return 0.0;
    }
    double high = sum->parts[--i], low = 0.0;
    while (i > 0 && low == 0.0) { /* from the largest down, as long as nothing is rounded */
        double x = high, y = sum->parts[--i];
        high = x + y;
        low = y - (high - x);
    }
    /* What was rounded away as a tie was more than half if the next part has the same sign. */
    if (i > 0 && (low < 0.0) == (sum->parts[i - 1] < 0.0)) {
        double other = high + 2.0 * low;
        if (other - high == 2.0 * low) {
            high = other;
        }
    }
    return high;
}

/* Half of the digits of x (Veltkamp): products of two halves are not rounded. */
static inline double exact_half(double x) {
    double c = 134217729.0 * x; /* 2²⁷ + 1 */
    return c - (c - x);
}

/* Adds a·b, as the rounded product and its error (Dekker). */
static inline bool exact_add_product(exact_sum *sum, double a, double b) {
    double product = a * b;
    if (a == 0.0 || b == 0.0) {
        return true;
    }
    if (fabs(product) < 0x1p-960) { /* the last digits of the error would be lost */
        return false;
    }
    /* If a half overflows, so does the error, and `exact_add` refuses it. */
    double a1 = exact_half(a), a2 = a - a1, b1 = exact_half(b), b2 = b - b1;
    double error = a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2);
    return exact_add(sum, product) && exact_add(sum, error);
}

#endif
