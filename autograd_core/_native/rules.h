/* The rows that have a rule in C, by their index: names, values and partial derivatives. */

#ifndef AUTOGRAD_RULES_H
#define AUTOGRAD_RULES_H

#include "node.h"

#define INDEX(name, ...) ROW_##name,
enum {
    UNARY_ROWS(INDEX) FIRST_BINARY,
    BEFORE_BINARY = FIRST_BINARY - 1,
    BINARY_ROWS(INDEX) FIRST_TERNARY,
    BEFORE_TERNARY = FIRST_TERNARY - 1,
    TERNARY_ROWS(INDEX) FIRST_VARIADIC,
    BEFORE_VARIADIC = FIRST_VARIADIC - 1,
    VARIADIC_ROWS(INDEX) ROWS
};
#undef INDEX

_Static_assert((int)ROWS < (int)LEAF, "the index of a row is one byte");

#define NAME(name, ...) #name,
static const char *const row_names[ROWS] = {UNARY_ROWS(NAME) BINARY_ROWS(NAME) TERNARY_ROWS(NAME)
                                                VARIADIC_ROWS(NAME)};
#undef NAME

static PyObject *row_objects[ROWS]; /* immortal */
static bool by_python[ROWS];        /* a rule that was replaced */

/* The operation of a node, borrowed; None of a leaf. */
static PyObject *node_op(Node *node) {
    if (node->flags & OWNS_OP)
        return *foreign_op(node);
    return node->count > 0 ? row_objects[node->row] : Py_None;
}

#define LARGEST_ARITY 3

static int arity_of(int index) {
    return index < FIRST_BINARY ? 1 : index < FIRST_TERNARY ? 2 : index < FIRST_VARIADIC ? 3 : -1;
}

/* y and the partial derivatives of a row with one, two or three operands. */
static double rule(int index, const double *x, double *partials) {
    double y;
    switch (index) {
#define CASE(name, ...)                         \
    case ROW_##name:                            \
        y = row_##name##_forward(x[0]);         \
        partials[0] = row_##name##_d0(x[0], y); \
        return y;
        UNARY_ROWS(CASE)
#undef CASE
#define CASE(name, ...)                               \
    case ROW_##name:                                  \
        y = row_##name##_forward(x[0], x[1]);         \
        partials[0] = row_##name##_d0(x[0], x[1], y); \
        partials[1] = row_##name##_d1(x[0], x[1], y); \
        return y;
        BINARY_ROWS(CASE)
#undef CASE
#define CASE(name, ...)                                     \
    case ROW_##name:                                        \
        y = row_##name##_forward(x[0], x[1], x[2]);         \
        partials[0] = row_##name##_d0(x[0], x[1], x[2], y); \
        partials[1] = row_##name##_d1(x[0], x[1], x[2], y); \
        partials[2] = row_##name##_d2(x[0], x[1], x[2], y); \
        return y;
        TERNARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}

/* The same for a row with any number of operands; false where only Python has the answer. */
static bool variadic_rule(int index, Py_ssize_t n, const double *x, double *y, double *partials) {
    switch (index) {
#define CASE(name, ...)                            \
    case ROW_##name:                               \
        if (!row_##name##_forward(n, x, y))        \
            return false;                          \
        row_##name##_partials(n, x, *y, partials); \
        return true;
        VARIADIC_ROWS(CASE)
#undef CASE
    }
    return false;
}

#endif
