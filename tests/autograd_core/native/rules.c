/* The rules of the C engine alone, without the engine: every row by name, over many points at once.

   -DMUTANT_FORWARD, -DMUTANT_PARTIAL=i make every row wrong in the last bit: of its value, or of
   its i-th partial where that is not 0. The tests must notice it in each row. */

#include "variadic.h"

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT
#endif

/* Adapters: every row with the signature of a row with any number of operands. */

#define UNARY(name, ...) \
    static bool name##_forward(ptrdiff_t n, const double *x, double *y) { \
        (void)n; \
        *y = row_##name##_forward(x[0]); \
        return true; \
    } \
    static void name##_partials(ptrdiff_t n, const double *x, double y, double *out) { \
        (void)n; \
        out[0] = row_##name##_d0(x[0], y); \
    }
#define BINARY(name, ...) \
    static bool name##_forward(ptrdiff_t n, const double *x, double *y) { \
        (void)n; \
        *y = row_##name##_forward(x[0], x[1]); \
        return true; \
    } \
    static void name##_partials(ptrdiff_t n, const double *x, double y, double *out) { \
        (void)n; \
        out[0] = row_##name##_d0(x[0], x[1], y); \
        out[1] = row_##name##_d1(x[0], x[1], y); \
    }
#define TERNARY(name, ...) \
    static bool name##_forward(ptrdiff_t n, const double *x, double *y) { \
        (void)n; \
        *y = row_##name##_forward(x[0], x[1], x[2]); \
        return true; \
    } \
    static void name##_partials(ptrdiff_t n, const double *x, double y, double *out) { \
        (void)n; \
        out[0] = row_##name##_d0(x[0], x[1], x[2], y); \
        out[1] = row_##name##_d1(x[0], x[1], x[2], y); \
        out[2] = row_##name##_d2(x[0], x[1], x[2], y); \
    }
#define VARIADIC(name) \
    static bool name##_forward(ptrdiff_t n, const double *x, double *y) { \
        return row_##name##_forward(n, x, y); \
    } \
    static void name##_partials(ptrdiff_t n, const double *x, double y, double *out) { \
        row_##name##_partials(n, x, y, out); \
    }

UNARY_ROWS(UNARY)
BINARY_ROWS(BINARY)
TERNARY_ROWS(TERNARY)
VARIADIC_ROWS(VARIADIC)

static const struct {
    const char *name;
    int operands; /* 0: any number */
    bool (*forward)(ptrdiff_t, const double *, double *);
    void (*partials)(ptrdiff_t, const double *, double, double *);
} rows[] = {
#define ENTRY1(name, ...) {#name, 1, name##_forward, name##_partials},
#define ENTRY2(name, ...) {#name, 2, name##_forward, name##_partials},
#define ENTRY3(name, ...) {#name, 3, name##_forward, name##_partials},
#define ENTRY(name) {#name, 0, name##_forward, name##_partials},
    TABLE(ENTRY1, ENTRY2, ENTRY3, ENTRY)
};

EXPORT int row_count(void) {
    return (int)(sizeof rows / sizeof *rows);
}

EXPORT const char *row_name(int row) {
    return rows[row].name;
}

EXPORT int row_operands(int row) {
    return rows[row].operands;
}

/* `count` points of n operands each. `answered` tells where there is a value; partials always. */
EXPORT void row_evaluate(int row, ptrdiff_t count, ptrdiff_t n, const double *points,
                         double *values, bool *answered, double *partials) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const double *point = points + i * n;
        double *slopes = partials + i * n, y = NAN;
        answered[i] = rows[row].forward(n, point, &y);
        rows[row].partials(n, point, y, slopes);
#ifdef MUTANT_FORWARD
        y = nextafter(y, INFINITY);
#endif
#ifdef MUTANT_PARTIAL
        if (MUTANT_PARTIAL < n) {
            double *slope = slopes + MUTANT_PARTIAL;
            *slope = *slope != 0.0 ? nextafter(*slope, INFINITY) : *slope;
        }
#endif
        values[i] = y;
    }
}
