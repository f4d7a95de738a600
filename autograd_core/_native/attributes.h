/* The attributes of a Value: data, grad, op, operands, partials, label. */

#ifndef AUTOGRAD_ATTRIBUTES_H
#define AUTOGRAD_ATTRIBUTES_H

#include "operators.h"

static bool is_deleted(PyObject *value, const char *name) {
    if (value == NULL)
        PyErr_Format(PyExc_AttributeError, "the attribute %s of a Value cannot be deleted", name);
    return value == NULL;
}

static PyObject *get_data(PyObject *self, void *closure) {
    (void)closure;
    return PyFloat_FromDouble(((Node *)self)->data);
}

static int set_data(PyObject *self, PyObject *value, void *closure) {
    (void)closure;
    Node *node = (Node *)self;
    if (is_deleted(value, "data"))
        return -1;
    if (node->count > 0) {
        PyObject *nothing = PyObject_CallMethod(self, "_refuse_data", NULL); /* raises */
        Py_XDECREF(nothing);
        return nothing == NULL ? -1 : 0;
    }
    double number = double_of(value);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    PyObject *label = label_of(node);
    PyObject *previous = PyFloat_FromDouble(node->data); /* for the message of `StaleGraph` */
    bool right = label != NULL && previous != NULL &&
                 PyObject_SetAttrString(label, "previous", previous) == 0;
    Py_XDECREF(label);
    Py_XDECREF(previous);
    if (right)
        node->data = number;
    return right ? 0 : -1;
}

static PyObject *get_grad(PyObject *self, void *closure) {
    (void)closure;
    return PyFloat_FromDouble(((Node *)self)->grad);
}

static int set_grad(PyObject *self, PyObject *value, void *closure) {
    (void)closure;
    if (is_deleted(value, "grad"))
        return -1;
    double number = double_of(value);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    ((Node *)self)->grad = number;
    return 0;
}

static PyObject *get_op(PyObject *self, void *closure) {
    (void)closure;
    Node *node = (Node *)self;
    PyObject *op = node->flags & BLANK ? Py_None : node_op(node);
    Py_INCREF(op);
    return op;
}

static PyObject *get_operands(PyObject *self, void *closure) {
    (void)closure;
    Node *node = (Node *)self;
    Py_ssize_t n = operand_count(node);
    PyObject *operands = PyTuple_New(n);
    if (operands != NULL && operand_count(node) != n) {
        Py_DECREF(operands); /* garbage was collected, and with it the node became a leaf */
        return PyTuple_New(0);
    }
    for (Py_ssize_t i = 0; operands != NULL && i < n; i++) {
        Slot slot = operand_at(node, i);
        PyObject *operand = (PyObject *)slot.operand;
        if (operand != NULL)
            Py_INCREF(operand);
        else
            operand = PyFloat_FromDouble(slot.number);
        if (operand == NULL || PyTuple_SetItem(operands, i, operand) < 0)
            Py_CLEAR(operands);
    }
    return operands;
}

/* Of constants the partial is not kept: it is computed from the operands when it is asked for. */
static PyObject *get_partials(PyObject *self, void *closure) {
    (void)closure;
    Node *node = (Node *)self;
    Py_ssize_t n = operand_count(node);
    bool all_kept = true;
    for (Py_ssize_t i = 0; i < n; i++)
        all_kept = all_kept && operand_at(node, i).operand != NULL;
    double *numbers = calloc(2 * (size_t)n + 1, sizeof(double));
    if (numbers == NULL)
        return PyErr_NoMemory();
    double *partials = numbers + n;
    PyObject *result = NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        Slot slot = operand_at(node, i);
        numbers[i] = slot.operand != NULL ? slot.operand->data : slot.number;
    }
    if (!all_kept && !(node->flags & BLANK)) {
        PyObject *op = node_op(node);
        int index = rule_index(op, n);
        double y;
        if (index >= FIRST_VARIADIC) {
            if (!variadic_rule(index, n, numbers, &y, partials))
                index = -1;
        } else if (index >= 0) {
            rule(index, numbers, partials);
        }
        if (index < 0) {
            PyObject *data = PyFloat_FromDouble(node->data);
            Py_INCREF(op); /* the rule may make a leaf of this node */
            bool right = data != NULL && python_partials(op, numbers, n, data, partials);
            Py_DECREF(op);
            Py_XDECREF(data);
            if (right && operand_count(node) != n) /* it has become a leaf */
                result = PyTuple_New(0);
            if (!right || operand_count(node) != n)
                goto end;
        }
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Slot slot = operand_at(node, i);
        if (slot.operand != NULL)
            partials[i] = slot.number;
    }
    result = tuple_of_doubles(partials, n, NULL);
end:
    free(numbers);
    return result;
}

static PyObject *get_label(PyObject *self, void *closure) {
    (void)closure;
    Node *node = (Node *)self;
    if (node->label != NULL)
        return label_of(node);
    Py_INCREF(Py_None);
    return Py_None;
}

static int set_label(PyObject *self, PyObject *value, void *closure) {
    (void)closure;
    Node *node = (Node *)self;
    if (is_deleted(value, "label"))
        return -1;
    if (value != Py_None && (PyObject *)Py_TYPE(value) != label_class) {
        PyErr_SetString(PyExc_TypeError, "the label of a node is a Label or None");
        return -1;
    }
    if (value == Py_None)
        value = NULL;
    Py_XINCREF(value);
    set_node_label(node, value);
    return 0;
}

#endif
