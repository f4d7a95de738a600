/* Nodes of one and two operands, the most of a program: for each row the function that makes one. */

#ifndef AUTOGRAD_OPERATIONS_H
#define AUTOGRAD_OPERATIONS_H

#include "rules.h"

#define MAKER(name, ...)                                              \
    static inline PyObject *unary_##name(Node *x) {                   \
        Node *node = node_new(ROW_##name, 1);                         \
        if (UNLIKELY(node == NULL))                                   \
            return NULL;                                              \
        node->data = row_##name##_forward(x->data);                   \
        hold(x);                                                      \
        node->slots[0].operand = x;                                   \
        node->slots[0].number = row_##name##_d0(x->data, node->data); \
        return finished(node, node->data + node->slots[0].number);    \
    }
UNARY_ROWS(MAKER)
#undef MAKER

/* p, q: the operands, NULL where a, b are constants; the partial in a constant is not computed. */
#define MAKER(name, ...)                                                          \
    static inline PyObject *binary_##name(Node *p, double a, Node *q, double b) { \
        Node *node = node_new(ROW_##name, 2);                                     \
        if (UNLIKELY(node == NULL))                                               \
            return NULL;                                                          \
        double y = node->data = row_##name##_forward(a, b);                       \
        Slot *slots = node->slots;                                                \
        slots[0].operand = p;                                                     \
        slots[0].number = a;                                                      \
        if (p != NULL) {                                                          \
            hold(p);                                                              \
            slots[0].number = row_##name##_d0(a, b, y);                           \
        }                                                                         \
        slots[1].operand = q;                                                     \
        slots[1].number = b;                                                      \
        if (q != NULL) {                                                          \
            hold(q);                                                              \
            slots[1].number = row_##name##_d1(a, b, y);                           \
        }                                                                         \
        return finished(node, y + slots[0].number + slots[1].number);             \
    }
BINARY_ROWS(MAKER)
#undef MAKER

static PyObject *(*const unary_makers[])(Node *) = {
#define MAKER(name, ...) unary_##name,
    UNARY_ROWS(MAKER)
#undef MAKER
};

static PyObject *(*const binary_makers[])(Node *, double, Node *, double) = {
#define MAKER(name, ...) binary_##name,
    BINARY_ROWS(MAKER)
#undef MAKER
};

/* The usual operands: a Value, a float, a whole number; false for all others. */
INLINE bool read_operand(PyObject *object, Node **node, double *number) {
    if (LIKELY(is_exact(object))) {
        *node = (Node *)object;
        *number = (*node)->data;
        return true;
    }
    *node = NULL;
    if (LIKELY(PyFloat_CheckExact(object))) {
        *number = PyFloat_AsDouble(object);
        return true;
    }
    if (PyLong_CheckExact(object)) {
        *number = PyLong_AsDouble(object);
        if (LIKELY(*number != -1.0 || !PyErr_Occurred()))
            return true;
        PyErr_Clear(); /* too large: Python says so */
    }
    return false;
}

#endif
