/* Nodes of any row and any number of operands, by the rules of C or by those of Python. */

#ifndef AUTOGRAD_DRAFT_H
#define AUTOGRAD_DRAFT_H

#include "rules.h"

enum { FEW = 256 };

/* A node under construction: operands (with their references) and numbers, read one by one. */
typedef struct {
    Node *node;      /* slots before `count` are filled; NULL after a failure */
    double *numbers; /* of all operands, then room for as many partial derivatives */
    bool on_heap;
    bool any_value; /* not all of them are constants */
    double few[2 * FEW];
} Draft;

static bool draft_begin(Draft *draft, int row, Py_ssize_t operands) {
    draft->any_value = false;
    draft->on_heap = operands > FEW;
    draft->numbers = draft->few;
    draft->node = NULL;
    if (operands > MOST_OPERANDS) {
        PyErr_SetString(PyExc_OverflowError, "too many operands for one operation");
        draft->on_heap = false;
        return false;
    }
    if (draft->on_heap) {
        draft->numbers = malloc(2 * (size_t)operands * sizeof(double));
        if (draft->numbers == NULL) {
            PyErr_NoMemory();
            draft->on_heap = false;
            return false;
        }
    }
    draft->node = node_new(row, (size_t)operands);
    if (draft->node == NULL)
        return false;
    draft->node->data = 0.0;
    memset(draft->node->slots, 0, (size_t)operands * sizeof(Slot));
    return true;
}

static void draft_end(Draft *draft) {
    if (draft->on_heap)
        free(draft->numbers);
}

static void draft_abandon(Draft *draft) {
    Py_XDECREF((PyObject *)draft->node);
    draft->node = NULL;
    draft_end(draft);
}

/* Put a Value or a plain number in its place; false for anything else. */
INLINE bool draft_put(Draft *draft, Py_ssize_t i, PyObject *object) {
    if (UNLIKELY(object == NULL))
        return false;
    if (PyFloat_CheckExact(object)) {
        draft->numbers[i] = PyFloat_AsDouble(object);
        return true;
    }
    if (is_value(object)) {
        hold((Node *)object);
        draft->node->slots[i].operand = (Node *)object;
        draft->numbers[i] = ((Node *)object)->data;
        draft->any_value = true;
        return true;
    }
    if (PyFloat_Check(object)) {
        draft->numbers[i] = PyFloat_AsDouble(object);
        return true;
    }
    if (PyLong_CheckExact(object)) {
        draft->numbers[i] = PyLong_AsDouble(object);
        if (UNLIKELY(draft->numbers[i] == -1.0 && PyErr_Occurred())) {
            PyErr_Clear(); /* Python says it better */
            return false;
        }
        return true;
    }
    return false;
}

static PyObject *tuple_of_doubles(const double *numbers, Py_ssize_t n, PyObject *last) {
    PyObject *tuple = PyTuple_New(n + (last != NULL));
    for (Py_ssize_t i = 0; tuple != NULL && i < n; i++) {
        PyObject *number = PyFloat_FromDouble(numbers[i]);
        if (number == NULL || PyTuple_SetItem(tuple, i, number) < 0)
            Py_CLEAR(tuple);
    }
    if (tuple != NULL && last != NULL) {
        Py_INCREF(last);
        if (PyTuple_SetItem(tuple, n, last) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

/* op.forward(*numbers), a float; NULL and an error. */
static PyObject *python_forward(PyObject *op, const double *numbers, Py_ssize_t n) {
    PyObject *forward = PyObject_GetAttrString(op, "forward");
    PyObject *arguments = forward == NULL ? NULL : tuple_of_doubles(numbers, n, NULL);
    PyObject *result = arguments == NULL ? NULL : PyObject_CallObject(forward, arguments);
    Py_XDECREF(forward);
    Py_XDECREF(arguments);
    if (result != NULL && !PyFloat_CheckExact(result)) { /* (PyNumber_Float would read a string) */
        double number = PyFloat_AsDouble(result);
        Py_DECREF(result);
        result = number == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
    }
    return result;
}

/* op.partials(*numbers, y) into `partials`; false and an error. */
static bool python_partials(PyObject *op, const double *numbers, Py_ssize_t n, PyObject *y,
                            double *partials) {
    PyObject *rule_of_op = PyObject_GetAttrString(op, "partials");
    PyObject *arguments = rule_of_op == NULL ? NULL : tuple_of_doubles(numbers, n, y);
    PyObject *result = arguments == NULL ? NULL : PyObject_CallObject(rule_of_op, arguments);
    PyObject *slopes = result == NULL ? NULL : PySequence_Tuple(result);
    Py_XDECREF(rule_of_op);
    Py_XDECREF(arguments);
    Py_XDECREF(result);
    if (slopes == NULL)
        return false;
    bool right = PyTuple_Size(slopes) == n;
    if (!right)
        PyErr_Format(PyExc_ValueError, "%R gives %zd partial derivatives for %zd operands", op,
                     PyTuple_Size(slopes), n);
    for (Py_ssize_t i = 0; right && i < n; i++) {
        partials[i] = PyFloat_AsDouble(PyTuple_GetItem(slopes, i));
        right = !(partials[i] == -1.0 && PyErr_Occurred());
    }
    Py_DECREF(slopes);
    return right;
}

/* The value and the partial derivatives of a draft by the rule of C `index`, or by Python's for -1;
   false and an error. */
static bool draft_compute(Draft *draft, PyObject *op, int index, double *y) {
    Py_ssize_t n = (Py_ssize_t)node_count(draft->node);
    const double *numbers = draft->numbers;
    double *partials = draft->numbers + n;
    if (index >= 0 && index < FIRST_VARIADIC) {
        *y = rule(index, numbers, partials);
        return true;
    }
    if (index >= 0 && variadic_rule(index, n, numbers, y, partials))
        return true;
    PyObject *result = python_forward(op, numbers, n);
    if (result == NULL)
        return false;
    *y = PyFloat_AsDouble(result);
    bool right = python_partials(op, numbers, n, result, partials);
    Py_DECREF(result);
    return right;
}

/* The node, or the plain number where all operands are constants; ends the draft. */
static PyObject *draft_finish(Draft *draft, PyObject *op, int index) {
    Node *node = draft->node;
    Py_ssize_t n = (Py_ssize_t)node_count(node);
    double y;
    if (UNLIKELY(!draft_compute(draft, op, index, &y))) {
        draft_abandon(draft);
        return NULL;
    }
    if (!draft->any_value) {
        draft_abandon(draft);
        return PyFloat_FromDouble(y);
    }
    node->data = y;
    for (Py_ssize_t i = 0; i < n; i++)
        node->slots[i].number = draft->numbers[node->slots[i].operand != NULL ? n + i : i];
    draft_end(draft);
    if (node->flags & OWNS_OP) {
        Py_INCREF(op);
        *foreign_op(node) = op;
    }
    return finished(node, NAN); /* such nodes are rare: no need to look at every number */
}

#endif
