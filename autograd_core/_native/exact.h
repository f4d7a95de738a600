/* Sums of doubles without rounding, as Python's `math.fsum` and `Fraction` give them.

   Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997): the sum is kept as an expansion,
   doubles of rising size whose digits do not overlap. What is beyond it, an overflow or a product
   whose error is no double, makes a function here return false, and Python computes the sum. */

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
    /* A tie that went to the even neighbour was none if what follows lies on the other side. */
    if (i > 0 && ((low < 0.0 && sum->parts[i - 1] < 0.0) || (low > 0.0 && sum->parts[i - 1] > 0.0))) {
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
    double product = a * b, size = fabs(product);
    if (a == 0.0 || b == 0.0) {
        return true;
    }
    /* 2^±960 leave room for the halves and for the digits of the error. */
    if (!(size > 0x1p-960 && size < 0x1p960 && fabs(a) < 0x1p960 && fabs(b) < 0x1p960)) {
        return false;
    }
    double a1 = exact_half(a), a2 = a - a1, b1 = exact_half(b), b2 = b - b1;
    double error = a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2);
    return exact_add(sum, product) && exact_add(sum, error);
}

#endif
