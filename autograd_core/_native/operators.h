/* Operators and comparisons of Values, with each other and with any real number. */

#ifndef AUTOGRAD_OPERATORS_H
#define AUTOGRAD_OPERATORS_H

#include "row.h"

static PyObject *base_value, *real, *real_numbers; /* BaseValue, base.real, numbers.Real */

/* --- operands that are neither a Value nor a float ----------------------------------------------- */

/* The double of any real number, by `real` of base.py; -1 and an error for anything else. */
static double double_of(PyObject *object) {
    if (PyFloat_CheckExact(object))
        return PyFloat_AsDouble(object);
    PyObject *number = PyObject_CallFunctionObjArgs(real, object, NULL);
    if (number == NULL)
        return -1.0;
    double result = PyFloat_AsDouble(number);
    Py_DECREF(number);
    return result;
}

/* A node of any row: `op` on operands of which at least one is a Value, the carrier of op.py. */
static PyObject *on_values(PyObject *op, PyObject *operands) {
    Draft draft;
    Py_ssize_t n = PyTuple_Size(operands);
    if (n < 0)
        return NULL;
    if (!draft_begin(&draft, row_index(op), n)) {
        draft_end(&draft);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *operand = PyTuple_GetItem(operands, i);
        if (is_value(operand)) {
            draft_put(&draft, i, operand);
            continue;
        }
        draft.numbers[i] = double_of(operand);
        if (draft.numbers[i] == -1.0 && PyErr_Occurred()) {
            draft_abandon(&draft);
            return NULL;
        }
    }
    return draft_finish(&draft, op, rule_index(op, n));
}

static PyObject *operator_on(int index, PyObject *left, PyObject *right) {
    PyObject *operands = PyTuple_New(2);
    if (operands == NULL)
        return NULL;
    Py_INCREF(left);
    Py_INCREF(right);
    PyTuple_SetItem(operands, 0, left);
    PyTuple_SetItem(operands, 1, right);
    PyObject *result = on_values(row_objects[index], operands);
    Py_DECREF(operands);
    return result;
}

/* An operator on operands of which one is unusual: any real number passes, and an instance of a
   subclass of Value. For what is left, an array say, NotImplemented lets Python ask the other. */
static PyObject *operator_slow(int index, PyObject *left, PyObject *right) {
    PyObject *other = is_value(left) ? right : left;
    if (!is_value(other) && !PyFloat_Check(other) && !PyLong_Check(other)) {
        int number = PyObject_IsInstance(other, real_numbers);
        if (number < 0)
            return NULL;
        if (number == 0) {
            Py_INCREF(Py_NotImplemented);
            return Py_NotImplemented;
        }
    }
    if (!PyLong_CheckExact(other))
        return operator_on(index, left, right);
    double number = PyLong_AsDouble(other);
    if (number == -1.0 && PyErr_Occurred())
        return NULL;
    PyObject *constant = PyFloat_FromDouble(number);
    if (constant == NULL)
        return NULL;
    PyObject *result =
        other == right ? operator_on(index, left, constant) : operator_on(index, constant, right);
    Py_DECREF(constant);
    return result;
}

/* --- operators and methods -------------------------------------------------------------------------- */

#define OPERATOR(name)                                                          \
    static PyObject *operator_##name(PyObject *left, PyObject *right) {         \
        Node *p, *q;                                                            \
        double a, b;                                                            \
        if (LIKELY(read_operand(left, &p, &a) && read_operand(right, &q, &b) && \
                   !by_python[ROW_##name]))                                     \
            return binary_##name(p, a, q, b);                                   \
        return operator_slow(ROW_##name, left, right);                          \
    }
OPERATOR(sub)
OPERATOR(mul)
OPERATOR(div)
OPERATOR(mod)

static PyObject *operator_add(PyObject *left, PyObject *right) {
    Node *p, *q;
    double a, b;
    if (UNLIKELY(PyLong_CheckExact(left))) {
        int overflow;
        if (PyLong_AsLongAndOverflow(left, &overflow) == 0 && overflow == 0) {
            Py_INCREF(right); /* Python's sum() starts from 0: no step */
            return right;
        }
    }
    if (LIKELY(read_operand(left, &p, &a) && read_operand(right, &q, &b) && !by_python[ROW_add]))
        return binary_add(p, a, q, b);
    return operator_slow(ROW_add, left, right);
}

static PyObject *operator_pow(PyObject *left, PyObject *right, PyObject *modulus) {
    Node *p, *q;
    double a, b;
    if (UNLIKELY(modulus != Py_None)) {
        Py_INCREF(Py_NotImplemented);
        return Py_NotImplemented;
    }
    if (LIKELY(read_operand(left, &p, &a) && read_operand(right, &q, &b) && !by_python[ROW_pow]))
        return binary_pow(p, a, q, b);
    return operator_slow(ROW_pow, left, right);
}

static PyObject *unary_on(int index, PyObject *self) {
    PyObject *operands = PyTuple_New(1);
    if (operands == NULL)
        return NULL;
    Py_INCREF(self);
    PyTuple_SetItem(operands, 0, self);
    PyObject *result = on_values(row_objects[index], operands);
    Py_DECREF(operands);
    return result;
}

#define METHOD(name, ...)                                               \
    static PyObject *method_##name(PyObject *self, PyObject *nothing) { \
        (void)nothing;                                                  \
        if (LIKELY(!by_python[ROW_##name]))                             \
            return unary_##name((Node *)self);                          \
        return unary_on(ROW_##name, self);                              \
    }
UNARY_ROWS(METHOD)
#undef METHOD

static PyObject *operator_neg(PyObject *self) {
    return method_neg(self, NULL);
}

static PyObject *operator_abs(PyObject *self) {
    return method_abs(self, NULL);
}

static PyObject *operator_pos(PyObject *self) {
    Py_INCREF(self);
    return self;
}

/* --- comparing: usual operands here, the rest in base.py ---------------------------------------------- */

static PyObject *value_compare(PyObject *self, PyObject *other, int comparison) {
    static const char *const names[] = {"__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"};
    bool equality = comparison == Py_EQ || comparison == Py_NE;
    bool result;
    if (equality && is_value(other)) {
        result = (self == other) == (comparison == Py_EQ);
    } else if (!equality && (is_value(other) || PyFloat_CheckExact(other))) {
        double a = ((Node *)self)->data;
        double b = is_value(other) ? ((Node *)other)->data : PyFloat_AsDouble(other);
        result = comparison == Py_LT   ? a < b
                 : comparison == Py_LE ? a <= b
                 : comparison == Py_GT ? a > b
                                       : a >= b;
    } else {
        return PyObject_CallMethod(base_value, names[comparison], "OO", self, other);
    }
    PyObject *answer = result ? Py_True : Py_False;
    Py_INCREF(answer);
    return answer;
}

static Py_hash_t value_hash(PyObject *self) {
    uintptr_t address = (uintptr_t)self; /* identity; the low bits are 0 */
    Py_hash_t hash = (Py_hash_t)(address >> 4 | address << (8 * sizeof address - 4));
    return hash == -1 ? -2 : hash;
}

#endif
