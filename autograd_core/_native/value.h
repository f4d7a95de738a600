/* The type Value: attributes, operators, comparisons, methods (reference.py in C).

   Its base is the Python class BaseValue, which names, converts, prints and saves nodes of both
   engines. */

#ifndef AUTOGRAD_VALUE_H
#define AUTOGRAD_VALUE_H

#include "backward.h"
#include "saving.h"

static PyObject *value_backward(PyObject *self, PyObject *nothing) {
    (void)nothing;
    if (mode.anomalies) /* the readable sweep watches each step */
        return PyObject_CallMethod(base_value, "backward", "O", self);
    sweep((Node *)self);
    Py_INCREF(Py_None);
    return Py_None;
}

/* --- making and filling ----------------------------------------------------------------------------- */

static PyObject *value_new(PyTypeObject *type, PyObject *arguments, PyObject *options) {
    (void)arguments, (void)options;
    Node *node;
    if (type == value_type) {
        node = node_new(LEAF, 0);
    } else { /* zeros, with a reference on its type */
        node = (Node *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    }
    if (node != NULL)
        node->data = 0.0;
    return (PyObject *)node;
}

/* Of instances of subclasses, which the collector tracks. That the type has a traverse function of
   its own, and no flag, keeps results from being tracked, although BaseValue's instances would be. */
static int value_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT((PyObject *)Py_TYPE(self));
    Py_VISIT(((Node *)self)->label);
    return 0;
}

static int value_init(PyObject *self, PyObject *arguments, PyObject *options) {
    static char *names[] = {"data", "name", NULL};
    Node *node = (Node *)self;
    PyObject *data, *name = Py_None;
    if (options == NULL && PyTuple_Size(arguments) == 1)
        data = PyTuple_GetItem(arguments, 0);
    else if (!PyArg_ParseTupleAndKeywords(arguments, options, "O|O:Value", names, &data, &name))
        return -1;
    double number = double_of(data);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    if (node->count > 0 && !node_forget(node)) /* `__init__` called on a result */
        return -1;
    node->data = number;
    node->grad = 0.0;
    enter_scope(node);
    if (name != Py_None) {
        PyObject *same = PyObject_CallMethod(self, "named", "(O)", name);
        if (same == NULL)
            return -1;
        Py_DECREF(same);
    }
    return 0;
}

static PyObject *value_detach(PyObject *self, PyObject *nothing) {
    (void)nothing;
    PyObject *leaf = value_new(value_type, NULL, NULL);
    if (leaf == NULL)
        return NULL;
    ((Node *)leaf)->data = ((Node *)self)->data;
    enter_scope((Node *)leaf);
    return leaf;
}

/* --- the type ------------------------------------------------------------------------------------------ */

static PyGetSetDef value_attributes[] = {
    {"data", get_data, set_data,
     "The number. Only a leaf's can be set: an inner node's follows from its operands.", NULL},
    {"grad", get_grad, set_grad, "The gradient of what `backward` was last called on.", NULL},
    {"op", get_op, NULL, "The row of the table that made the node; None for a leaf.", NULL},
    {"operands", get_operands, NULL, "The operands in order: Values and floats.", NULL},
    {"partials", get_partials, NULL, "The partial derivative in each operand.", NULL},
    {"label", get_label, set_label, "Name, scope and place; None without any.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

#define SELF(name) name "($self, /)\n--\n\n" /* how a signature stands in a docstring of C */

static PyMethodDef value_methods[] = {
    {"backward", value_backward, METH_NOARGS, SELF("backward")},
    {"detach", value_detach, METH_NOARGS,
     SELF("detach") "A new leaf with the same number: gradients stop here."},
    {"_blank", value_blank, METH_O | METH_CLASS, "A node for `__setstate__` to fill."},
    {"__setstate__", value_setstate, METH_O, NULL},
#define METHOD(name, ...)               \
    {#name, method_##name, METH_NOARGS, \
     SELF(#name) "`" #name "(x)` of the table, on this node first."},
    UNARY_ROWS(METHOD)
#undef METHOD
        {NULL, NULL, 0, NULL},
};

static void free_cell(void *cell) {
    cell_free(cell);
}

static PyType_Slot value_slots[] = {
    {Py_tp_doc, "Value(data, name=None)\n--\n\n"}, /* the signature; BaseValue has the text */
    {Py_tp_new, value_new},
    {Py_tp_init, value_init},
    {Py_tp_dealloc, node_dealloc},
    {Py_tp_free, free_cell}, /* its own, so that no instance can become one of a subclass */
    {Py_tp_traverse, value_traverse},
    {Py_tp_methods, value_methods},
    {Py_tp_getset, value_attributes},
    {Py_tp_richcompare, value_compare},
    {Py_tp_hash, value_hash},
    {Py_nb_add, operator_add},
    {Py_nb_subtract, operator_sub},
    {Py_nb_multiply, operator_mul},
    {Py_nb_true_divide, operator_div},
    {Py_nb_remainder, operator_mod},
    {Py_nb_power, operator_pow},
    {Py_nb_negative, operator_neg},
    {Py_nb_positive, operator_pos},
    {Py_nb_absolute, operator_abs},
    {0, NULL},
};

static PyType_Spec value_spec = {
    "autograd_core.value.Value",
    sizeof(Node) + sizeof(Slot),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    value_slots,
};

#endif
