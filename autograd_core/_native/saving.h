/* Filling a blank node from its saved state: what `pickle` and `copy.deepcopy` need (pickling.py). */

#ifndef AUTOGRAD_SAVING_H
#define AUTOGRAD_SAVING_H

#include "attributes.h"

/* A node with room for operands, for `__setstate__`. */
static PyObject *value_blank(PyObject *type, PyObject *operands) {
    Py_ssize_t n = PyLong_AsSsize_t(operands);
    if (n == -1 && PyErr_Occurred())
        return NULL;
    if (type != (PyObject *)value_type)
        return PyObject_CallMethod(type, "__new__", "O", type);
    if (n < 0 || n > MOST_OPERANDS) {
        PyErr_Format(PyExc_ValueError, "a node has between 0 and %d operands", MOST_OPERANDS);
        return NULL;
    }
    Node *node = node_new(n > 0 ? FOREIGN : LEAF, (size_t)n); /* room for any operation */
    if (node == NULL)
        return NULL;
    node->data = 0.0;
    node->flags |= BLANK;
    memset(node->slots, 0, (size_t)n * sizeof(Slot));
    return (PyObject *)node;
}

/* The operands (borrowed) and partials of a state, in memory to be freed; NULL and an error. */
static Slot *slots_of_state(PyObject *self, PyObject *operands, PyObject *partials) {
    Py_ssize_t n = PyTuple_Size(operands);
    if (n != PyTuple_Size(partials)) {
        PyErr_SetString(PyExc_ValueError, "a state has a partial derivative for each operand");
        return NULL;
    }
    Slot *slots = malloc(((size_t)n + 1) * sizeof(Slot));
    if (slots == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *operand = PyTuple_GetItem(operands, i);
        if (operand == self || !(is_value(operand) || PyFloat_Check(operand))) {
            PyErr_SetString(PyExc_TypeError, "operands of a node are other Values and floats");
            goto failed;
        }
        slots[i].operand = is_value(operand) ? (Node *)operand : NULL;
        slots[i].number = PyFloat_AsDouble(PyTuple_GetItem(partials, i));
        if (slots[i].number == -1.0 && PyErr_Occurred())
            goto failed;
        if (slots[i].operand == NULL)
            slots[i].number = PyFloat_AsDouble(operand);
    }
    return slots;
failed:
    free(slots);
    return NULL;
}

/* (data, grad, op, operands, partials, label, attributes of a subclass) */
static PyObject *value_setstate(PyObject *self, PyObject *state) {
    Node *node = (Node *)self;
    PyObject *op, *operands, *partials, *label, *own;
    double data, grad;
    if (!PyTuple_Check(state)) {
        PyErr_SetString(PyExc_TypeError, "the state of a Value is a tuple");
        return NULL;
    }
    if (!PyArg_ParseTuple(state, "ddOO!O!OO:__setstate__", &data, &grad, &op, &PyTuple_Type,
                          &operands, &PyTuple_Type, &partials, &label, &own))
        return NULL;
    Slot *slots = slots_of_state(self, operands, partials);
    if (slots == NULL)
        return NULL;
    /* Looked at only now: reading the numbers may have run Python code. What nothing consumes cannot
       be below its own operands, so the graph has no loop. */
    Py_ssize_t n = PyTuple_Size(operands);
    bool blank = node->flags & BLANK ? node->consumers == 0 : node->count == 0;
    if (!blank || (size_t)n != node_count(node)) {
        free(slots);
        PyErr_SetString(PyExc_ValueError, "this state belongs to another node");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        node->slots[i] = slots[i];
        if (slots[i].operand != NULL)
            hold(slots[i].operand);
    }
    free(slots);
    node->data = data;
    node->grad = grad;
    node->flags &= (uint8_t)~BLANK;
    if (n > 0) {
        Py_INCREF(op);
        *foreign_op(node) = op;
    }
    if (set_label(self, label, NULL) < 0)
        return NULL;
    int truth = PyObject_IsTrue(own); /* the attributes of a subclass */
    if (truth > 0) {
        PyObject *attributes = PyObject_GetAttrString(self, "__dict__");
        PyObject *nothing =
            attributes == NULL ? NULL : PyObject_CallMethod(attributes, "update", "(O)", own);
        Py_XDECREF(attributes);
        if (nothing == NULL)
            return NULL;
        Py_DECREF(nothing);
    }
    if (truth < 0)
        return NULL;
    Py_INCREF(Py_None);
    return Py_None;
}

#endif
