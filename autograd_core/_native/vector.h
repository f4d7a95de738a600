/* Vectors of operands as they lie in memory: lists, tuples, arrays. */

#ifndef AUTOGRAD_VECTOR_H
#define AUTOGRAD_VECTOR_H

#include "draft.h"
#include "operations.h"

/* A vector of operands: a list, a tuple, or a one-dimensional array of Values or doubles, read
   through the buffer protocol. */
typedef struct {
    PyObject *source;
    Py_ssize_t length; /* -1: it is no such thing */
    PyObject *(*item)(PyObject *, Py_ssize_t);
    char kind; /* 0: has items; 'O', 'd': entries of `view` */
    Py_buffer view;
} Vector;

static void vector_open(Vector *vector, PyObject *source) {
    vector->source = source;
    vector->kind = 0;
    vector->length = -1;
    if (PyList_CheckExact(source)) {
        vector->length = PyList_Size(source);
        vector->item = PyList_GetItem;
    } else if (PyTuple_CheckExact(source)) {
        vector->length = PyTuple_Size(source);
        vector->item = PyTuple_GetItem;
    } else if (PyObject_CheckBuffer(source)) {
        Py_buffer *view = &vector->view;
        if (PyObject_GetBuffer(source, view, PyBUF_FORMAT | PyBUF_STRIDES) < 0) {
            PyErr_Clear();
            return;
        }
        const char *format = view->format;
        bool known = format != NULL && (format[0] == 'O' || format[0] == 'd') && format[1] == 0;
        if (view->ndim == 1 && known && view->itemsize == 8) {
            vector->kind = format[0];
            vector->length = view->shape[0];
        } else {
            PyBuffer_Release(view);
        }
    }
}

static void vector_close(Vector *vector) {
    if (vector->kind != 0)
        PyBuffer_Release(&vector->view);
}

/* Read all operands into their places. */
static bool vector_read(Vector *vector, Draft *draft) {
    Py_ssize_t n = vector->length;
    if (vector->kind == 0) {
        for (Py_ssize_t i = 0; i < n; i++) {
            if (UNLIKELY(!draft_put(draft, i, vector->item(vector->source, i)))) {
                PyErr_Clear(); /* a list that has become shorter */
                return false;
            }
        }
        return true;
    }
    const char *entry = vector->view.buf;
    Py_ssize_t stride = vector->view.strides[0];
    for (Py_ssize_t i = 0; i < n; i++, entry += stride) {
        if (vector->kind == 'd')
            memcpy(&draft->numbers[i], entry, sizeof(double));
        else {
            PyObject *object;
            memcpy(&object, entry, sizeof object);
            if (UNLIKELY(!draft_put(draft, i, object)))
                return false;
        }
    }
    return true;
}

/* The entries of a vector, borrowed: Values (NULL for a plain number) and their numbers. */
typedef struct {
    Py_ssize_t length, values; /* so many of them are Values */
    Node **nodes;
    double *numbers;
} Entries;

/* Read them. Nothing here runs Python code, so they stay alive. False for anything else. */
static bool vector_borrow(const Vector *vector, Entries *entries) {
    Py_ssize_t n = entries->length = vector->length;
    Node **nodes = entries->nodes;
    double *numbers = entries->numbers;
    const char *entry = vector->kind == 0 ? NULL : vector->view.buf;
    entries->values = 0;
    if (vector->kind == 'd') {
        for (Py_ssize_t i = 0; i < n; i++, entry += vector->view.strides[0]) {
            nodes[i] = NULL;
            memcpy(&numbers[i], entry, sizeof(double));
        }
        return true;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *object;
        if (vector->kind == 0) {
            object = vector->item(vector->source, i);
        } else {
            memcpy(&object, entry, sizeof object);
            entry += vector->view.strides[0];
        }
        if (UNLIKELY(object == NULL)) {
            PyErr_Clear(); /* a list that has become shorter */
            return false;
        }
        if (UNLIKELY(!read_operand(object, &nodes[i], &numbers[i]))) {
            if (!is_value(object)) /* nor of a subclass */
                return false;
            nodes[i] = (Node *)object;
            numbers[i] = nodes[i]->data;
        }
        entries->values += nodes[i] != NULL;
    }
    return true;
}

#endif
