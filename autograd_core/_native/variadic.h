/* The rows with any number of operands, bit for bit those of table.py and variadic.py.

   Every row has two functions, for n ≥ 1 operands xs:

       bool row_<name>_forward(ptrdiff_t n, const double *xs, double *y)
       void row_<name>_partials(ptrdiff_t n, const double *xs, double y, double *out)

   A forward that returns false has no answer (y is undefined), and the caller asks Python. That is
   rare: where terms cancel and their exact sum (exact.h) is out of reach. `out` takes n doubles,
   apart from xs; nothing is allocated. */

#ifndef AUTOGRAD_CORE_VARIADIC_H
#define AUTOGRAD_CORE_VARIADIC_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "exact.h"
#include "table.h"

/* --- choices ---------------------------------------------------------------------------------- */

static inline bool row_max_forward(ptrdiff_t n, const double *xs, double *y) {
    double best = xs[0];
    for (ptrdiff_t i = 1; i < n; i++) {
        best = ieee_maximum(best, xs[i]);
    }
    *y = best;
    return true;
}

static inline bool row_min_forward(ptrdiff_t n, const double *xs, double *y) {
    double best = xs[0];
    for (ptrdiff_t i = 1; i < n; i++) {
        best = ieee_minimum(best, xs[i]);
    }
    *y = best;
    return true;
}

static inline bool row_first_max_forward(ptrdiff_t n, const double *xs, double *y) {
    return row_max_forward(n, xs, y);
}

/* 1 for the operand that equals y, 0 for the others; k operands that tie get 1/k each. */
static inline void row_max_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    double ties = 0.0;
    for (ptrdiff_t i = 0; i < n; i++) {
        ties += row_equal_forward(xs[i], y);
    }
    for (ptrdiff_t i = 0; i < n; i++) {
        out[i] = row_equal_forward(xs[i], y) / ties;
    }
}

static inline void row_min_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    row_max_partials(n, xs, y, out);
}

/* 1 for the first operand that equals y, 0 for the others. */
static inline void row_first_max_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    double free = 1.0;
    for (ptrdiff_t i = 0; i < n; i++) {
        double here = row_equal_forward(xs[i], y);
        out[i] = free * here;
        free = free * (1.0 - here);
    }
}

/* --- sums ------------------------------------------------------------------------------------- */

/* x₁ + x₂ + … from left to right; without rounding where the terms nearly cancel. */
static inline bool row_sum_forward(ptrdiff_t n, const double *xs, double *y) {
    double result = xs[0], largest = fabs(xs[0]);
    for (ptrdiff_t i = 1; i < n; i++) {
        result += xs[i];
        largest = fabs(xs[i]) > largest ? fabs(xs[i]) : largest;
    }
    if (ieee_cancelled(result, largest)) {
        exact_sum sum;
        sum.count = 0;
        for (ptrdiff_t i = 0; i < n; i++) {
            if (!exact_add(&sum, xs[i])) {
                return false;
            }
        }
        result = exact_value(&sum);
    }
    *y = result;
    return true;
}

static inline void row_sum_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    (void)xs, (void)y;
    for (ptrdiff_t i = 0; i < n; i++) {
        out[i] = 1.0;
    }
}

static inline bool row_mean_forward(ptrdiff_t n, const double *xs, double *y) {
    if (!row_sum_forward(n, xs, y)) {
        return false;
    }
    *y /= (double)n;
    return true;
}

static inline void row_mean_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    (void)xs, (void)y;
    for (ptrdiff_t i = 0; i < n; i++) {
        out[i] = 1.0 / (double)n;
    }
}

static inline bool row_prod_forward(ptrdiff_t n, const double *xs, double *y) {
    double result = xs[0];
    for (ptrdiff_t i = 1; i < n; i++) {
        result *= xs[i];
    }
    *y = result;
    return true;
}

/* For each operand the product of all others, without a division (some may be 0). */
static inline void row_prod_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    (void)y;
    double before = 1.0, after = 1.0;
    for (ptrdiff_t i = 0; i < n; i++) {
        out[i] = before;
        before *= xs[i];
    }
    for (ptrdiff_t i = n; i-- > 0;) {
        out[i] *= after;
        after *= xs[i];
    }
}

static inline bool row_logsumexp_forward(ptrdiff_t n, const double *xs, double *y) {
    double largest;
    row_max_forward(n, xs, &largest);
    if (!isfinite(largest)) {
        *y = largest;
        return true;
    }
    exact_sum sum;
    sum.count = 0;
    bool found = false; /* the largest: its own share is the 1 in ln(1 + …) */
    for (ptrdiff_t i = 0; i < n; i++) {
        if (!found && xs[i] == largest) {
            found = true;
        } else if (!exact_add(&sum, exp(xs[i] - largest))) {
            return false;
        }
    }
    *y = largest + ieee_log1p(exact_value(&sum));
    return true;
}

/* eˣⁱ/Σ eˣʲ, from the largest x down: e^(x − y) would inherit the rounding of y. */
static inline void row_logsumexp_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    (void)y;
    double largest, total = 0.0; /* of positive terms: they never cancel */
    row_max_forward(n, xs, &largest);
    for (ptrdiff_t i = 0; i < n; i++) {
        out[i] = exp(xs[i] - largest);
        total += out[i];
    }
    for (ptrdiff_t i = 0; i < n; i++) {
        out[i] = row_flow_forward(out[i], 1.0 / total);
    }
}

/* w₁·x₁ + … + wₘ·xₘ + b from left to right; without rounding where the terms nearly cancel. */
static inline bool dot_product(ptrdiff_t m, const double *w, const double *x, double b, double *y) {
    double result = 0.0, largest = fabs(b);
    for (ptrdiff_t i = 0; i < m; i++) {
        double term = w[i] * x[i];
        result += term;
        largest = fabs(term) > largest ? fabs(term) : largest;
    }
    result += b;
    if (ieee_cancelled(result, largest)) {
        exact_sum sum;
        sum.count = 0;
        for (ptrdiff_t i = 0; i < m; i++) {
            if (!exact_add_product(&sum, w[i], x[i])) {
                return false;
            }
        }
        if (!exact_add(&sum, b)) {
            return false;
        }
        result = exact_value(&sum);
    }
    *y = result;
    return true;
}

/* Of the operands (w…, x…, b), n = 2m + 1. */
static inline bool row_dot_forward(ptrdiff_t n, const double *xs, double *y) {
    return dot_product(n / 2, xs, xs + n / 2, xs[n - 1], y);
}

/* x… for the weights, w… for the inputs, 1 for b. */
static inline void row_dot_partials(ptrdiff_t n, const double *xs, double y, double *out) {
    (void)y;
    ptrdiff_t m = n / 2;
    for (ptrdiff_t i = 0; i < m; i++) {
        out[i] = xs[m + i];
        out[m + i] = xs[i];
    }
    out[2 * m] = 1.0;
}

#endif
