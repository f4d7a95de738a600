/* The rows of the table as callables of C, and how their calls make nodes (op.py in C).

   `row_type(kind)` makes a type of rows: a subclass of the Python class `kind` (Op, Variadic, Dot)
   whose calls arrive here. A call on Values and floats whose row has a rule in C makes the node at
   once; every other call (arrays, symbols, keywords, mistakes, a row without a rule in C) is that of
   the Python class. A row whose `forward` or `partials` was replaced runs these, in Python. */

#ifndef AUTOGRAD_ROW_H
#define AUTOGRAD_ROW_H

#include "dot.h"

/* Hidden by the limited API of 3.11, part of it from 3.12 on; the values are those of 3.11's
   cpython/object.h, and stable. */
#if !defined(Py_TPFLAGS_HAVE_VECTORCALL)
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
typedef PyObject *(*vectorcallfunc)(PyObject *, PyObject *const *, size_t, PyObject *);
#endif
#define ARGUMENTS(nargsf) \
    ((Py_ssize_t)((nargsf) & ~((size_t)1 << (8 * sizeof(size_t) - 1)))) /* PyVectorcall_NARGS */

typedef struct {
    vectorcallfunc call;
    int index; /* of the rule in C; -1: none */
    bool is_dot;
    Py_ssize_t defaults; /* how many options may be left out */
    PyObject *default_values[LARGEST_ARITY];
    PyObject *forward, *partials; /* the rules of table.py, of which C's are the twins */
    PyObject *python_call;        /* `__call__` of the Python class; its type keeps it alive */
} Row;

static Py_ssize_t row_offset; /* of a Row in its object, behind the attributes of Python's class */
static PyTypeObject *row_types[8]; /* immortal, as are the calls */
static PyObject *python_calls[8];
static int row_type_count;

static Row *row_of(PyObject *op) {
    return (Row *)((char *)op + row_offset);
}

/* Whether the rule in C can be asked about so many operands. */
static bool takes(const Row *row, Py_ssize_t operands) {
    if (row->is_dot)
        return operands % 2 == 1;
    return row->index < FIRST_VARIADIC ? operands == arity_of(row->index) : operands > 0;
}

/* The index of an operation in the table of C; FOREIGN: it is none of its rows. */
static int row_index(PyObject *op) {
    for (int i = 0; i < row_type_count; i++)
        if (Py_TYPE(op) == row_types[i] && row_of(op)->index >= 0)
            return row_of(op)->index;
    return FOREIGN;
}

/* The index of the rule in C that stands for this operation just now; -1: none. */
static int rule_index(PyObject *op, Py_ssize_t operands) {
    int index = row_index(op);
    bool here = index != FOREIGN && !by_python[index] && takes(row_of(op), operands);
    return here ? index : -1;
}

/* The call as the Python class has it. */
static PyObject *call_python(PyObject *self, PyObject *const *arguments, Py_ssize_t n,
                             PyObject *names) {
    Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
    PyObject *positional = PyTuple_New(n + 1), *options = named > 0 ? PyDict_New() : NULL;
    PyObject *result = NULL;
    if (positional == NULL || (named > 0 && options == NULL))
        goto end;
    for (Py_ssize_t i = 0; i <= n; i++) {
        PyObject *argument = i == 0 ? self : arguments[i - 1];
        Py_INCREF(argument);
        if (PyTuple_SetItem(positional, i, argument) < 0)
            goto end;
    }
    for (Py_ssize_t i = 0; i < named; i++)
        if (PyDict_SetItem(options, PyTuple_GetItem(names, i), arguments[n + i]) < 0)
            goto end;
    result = PyObject_Call(row_of(self)->python_call, positional, options);
end:
    Py_XDECREF(positional);
    Py_XDECREF(options);
    return result;
}

/* max(a, b, c), max([a, b, c]), max(array); NULL without an error as above. */
static PyObject *call_variadic(PyObject *self, PyObject *const *arguments, Py_ssize_t n) {
    Draft draft;
    Vector vector = {.kind = 0};
    bool one = n == 1 && !is_value(arguments[0]) && !PyFloat_Check(arguments[0]);
    if (one) {
        vector_open(&vector, arguments[0]);
        n = vector.length;
    }
    if (n <= 0) {
        if (one && n == 0)
            vector_close(&vector);
        return NULL;
    }
    PyObject *result = NULL;
    if (!draft_begin(&draft, row_of(self)->index, n)) {
        draft_end(&draft);
        goto end;
    }
    bool right = true;
    if (one)
        right = vector_read(&vector, &draft);
    else
        for (Py_ssize_t i = 0; right && i < n; i++)
            right = draft_put(&draft, i, arguments[i]);
    if (right)
        result = draft_finish(&draft, self, row_of(self)->index);
    else
        draft_abandon(&draft);
end:
    if (one)
        vector_close(&vector);
    return result;
}

/* The others, options left out or not; NULL without an error as above. */
static PyObject *call_fixed(PyObject *self, PyObject *const *arguments, Py_ssize_t n) {
    Row *row = row_of(self);
    int arity = arity_of(row->index);
    if (n > arity || n < arity - row->defaults)
        return NULL;
    if (n == 1 && arity == 1 && is_exact(arguments[0]))
        return unary_makers[row->index]((Node *)arguments[0]);
    Node *nodes[LARGEST_ARITY];
    double numbers[LARGEST_ARITY], partials[LARGEST_ARITY];
    bool any_value = false;
    for (int i = 0; i < arity; i++) {
        PyObject *argument =
            i < n ? arguments[i] : row->default_values[i - (arity - row->defaults)];
        nodes[i] = NULL;
        if (is_value(argument)) {
            nodes[i] = (Node *)argument;
            numbers[i] = nodes[i]->data;
            any_value = true;
        } else if (PyFloat_CheckExact(argument)) {
            numbers[i] = PyFloat_AsDouble(argument);
        } else {
            return NULL;
        }
    }
    if (!any_value)
        return PyFloat_FromDouble(rule(row->index, numbers, partials));
    if (arity == 1)
        return unary_makers[row->index](nodes[0]);
    if (arity == 2)
        return binary_makers[row->index - FIRST_BINARY](nodes[0], numbers[0], nodes[1], numbers[1]);
    Node *node = node_new(row->index, (size_t)arity);
    if (node == NULL)
        return NULL;
    node->data = rule(row->index, numbers, partials);
    for (int i = 0; i < arity; i++) {
        if (nodes[i] != NULL)
            hold(nodes[i]);
        node->slots[i].operand = nodes[i];
        node->slots[i].number = nodes[i] != NULL ? partials[i] : numbers[i];
    }
    return finished(node, NAN);
}

static PyObject *row_call(PyObject *self, PyObject *const *arguments, size_t nargsf,
                          PyObject *names) {
    Row *row = row_of(self);
    Py_ssize_t n = ARGUMENTS(nargsf);
    if (LIKELY(row->index >= 0 && names == NULL && !by_python[row->index])) {
        PyObject *result = NULL;
        if (row->index < FIRST_VARIADIC)
            result = call_fixed(self, arguments, n);
        else if (!row->is_dot)
            result = call_variadic(self, arguments, n);
        else if (n == 2 || n == 3)
            result = call_dot(arguments, n);
        if (LIKELY(result != NULL) || PyErr_Occurred())
            return result;
    }
    return call_python(self, arguments, n, names);
}

/* A method of the Python class, on this row. */
static PyObject *call_method(PyObject *self, PyObject *method, PyObject *arguments,
                             PyObject *options) {
    PyObject *bound = method == NULL ? NULL : PyObject_CallMethod(method, "__get__", "O", self);
    PyObject *result = bound == NULL ? NULL : PyObject_Call(bound, arguments, options);
    Py_XDECREF(bound);
    return result;
}

/* tp_call, for callers that have a tuple and a dictionary. */
static PyObject *row_tp_call(PyObject *self, PyObject *arguments, PyObject *options) {
    PyObject *few[8];
    Py_ssize_t n = PyTuple_Size(arguments);
    if (n > 8 || (options != NULL && PyDict_Size(options) > 0))
        return call_method(self, row_of(self)->python_call, arguments, options);
    for (Py_ssize_t i = 0; i < n; i++)
        few[i] = PyTuple_GetItem(arguments, i);
    return row_call(self, few, (size_t)n, NULL);
}

static PyObject *base_attribute(PyObject *self, const char *name) {
    return PyObject_GetAttrString(PyType_GetSlot(Py_TYPE(self), Py_tp_base), name);
}

/* dot.products(weights, inputs, biases) */
static PyObject *row_products(PyObject *self, PyObject *arguments, PyObject *options) {
    Row *row = row_of(self);
    if (row->is_dot && !by_python[row->index] && options == NULL && PyTuple_Size(arguments) == 3) {
        PyObject *result =
            call_products(PyTuple_GetItem(arguments, 0), PyTuple_GetItem(arguments, 1),
                          PyTuple_GetItem(arguments, 2));
        if (LIKELY(result != NULL) || PyErr_Occurred())
            return result;
    }
    PyObject *method = base_attribute(self, "products");
    PyObject *result = call_method(self, method, arguments, options);
    Py_XDECREF(method);
    return result;
}

static PyObject *row_new(PyTypeObject *type, PyObject *arguments, PyObject *options) {
    (void)arguments, (void)options;
    PyObject *self = PyType_GenericNew(type, NULL, NULL);
    if (self != NULL) {
        Row *row = row_of(self);
        row->call = row_call;
        row->index = -1;
        for (int i = 0; i < row_type_count; i++)
            if (row_types[i] == type)
                row->python_call = python_calls[i];
    }
    return self;
}

/* Find the rule in C by the row's name, and remember the rules of Python that it is the twin of. */
static bool row_adopt(PyObject *self) {
    Row *row = row_of(self);
    if (row->index >= 0) /* `__init__` called a second time */
        return true;
    PyObject *name = PyObject_GetAttrString(self, "name");
    int index = 0;
    while (name != NULL && index < ROWS &&
           (row_objects[index] != NULL ||
            PyUnicode_CompareWithASCIIString(name, row_names[index]) != 0))
        index++;
    Py_XDECREF(name);
    if (name == NULL || index == ROWS)
        return name != NULL;
    PyObject *defaults = PyObject_GetAttrString(self, "defaults");
    PyObject *values = defaults == NULL ? NULL : PyDict_Values(defaults);
    PyObject *forward = PyObject_GetAttrString(self, "forward");
    PyObject *partials = PyObject_GetAttrString(self, "partials");
    Py_ssize_t count = values == NULL ? -1 : PyList_Size(values);
    bool right = count >= 0 && count <= LARGEST_ARITY && forward != NULL && partials != NULL;
    if (right) { /* from here on it is immortal */
        for (Py_ssize_t i = 0; i < count; i++) {
            row->default_values[i] = PyList_GetItem(values, i);
            Py_INCREF(row->default_values[i]);
        }
        row->defaults = count;
        row->forward = forward;
        row->partials = partials;
        row->index = index;
        row->is_dot = strcmp(row_names[index], "dot") == 0;
        row_objects[index] = self;
        by_python[index] = false;
        Py_INCREF(self);
    } else {
        Py_XDECREF(forward);
        Py_XDECREF(partials);
    }
    Py_XDECREF(defaults);
    Py_XDECREF(values);
    return PyErr_Occurred() == NULL;
}

static int row_init(PyObject *self, PyObject *arguments, PyObject *options) {
    PyObject *init = base_attribute(self, "__init__");
    PyObject *nothing = call_method(self, init, arguments, options);
    Py_XDECREF(init);
    Py_XDECREF(nothing);
    return nothing != NULL && row_adopt(self) ? 0 : -1;
}

/* A row whose rule is replaced computes by Python, until it has its own rule back. */
static int row_setattr(PyObject *self, PyObject *name, PyObject *value) {
    if (PyObject_GenericSetAttr(self, name, value) < 0)
        return -1;
    Row *row = row_of(self);
    if (row->index < 0)
        return 0;
    PyObject *forward = PyObject_GetAttrString(self, "forward");
    PyObject *partials = PyObject_GetAttrString(self, "partials");
    by_python[row->index] = forward != row->forward || partials != row->partials;
    if (forward == NULL || partials == NULL)
        PyErr_Clear();
    Py_XDECREF(forward);
    Py_XDECREF(partials);
    return 0;
}

static PyObject *row_type(PyObject *module, PyObject *kind) {
    (void)module;
    for (int i = 0; i < row_type_count; i++) {
        if ((PyObject *)PyType_GetSlot(row_types[i], Py_tp_base) == kind) {
            Py_INCREF((PyObject *)row_types[i]);
            return (PyObject *)row_types[i];
        }
    }
    PyObject *size = PyObject_GetAttrString(kind, "__basicsize__");
    if (size == NULL)
        return NULL;
    Py_ssize_t offset = PyLong_AsSsize_t(size);
    Py_DECREF(size);
    if (offset < 0 || row_type_count == 8 || (row_type_count > 0 && offset != row_offset)) {
        PyErr_SetString(PyExc_TypeError, "a kind of rows is a subclass of Op with no attributes");
        return NULL;
    }
    row_offset = offset;
    PyMemberDef members[] = {
        {"__vectorcalloffset__", T_PYSSIZET, offset + (Py_ssize_t)offsetof(Row, call), READONLY,
         NULL},
        {NULL, 0, 0, 0, NULL},
    };
    static PyMethodDef methods[] = {
        {"products", (PyCFunction)(void (*)(void))row_products, METH_VARARGS | METH_KEYWORDS,
         "products($self, weights, inputs, biases)\n--\n\n"
         "`dot(w, x, b)` of each input x with each row w of the weights and its bias b, in a "
         "list."},
        {NULL, NULL, 0, NULL},
    };
    bool has_products = PyObject_HasAttrString(kind, "products");
    PyType_Slot slots[] = {
        {Py_tp_members, members},
        {Py_tp_new, row_new},
        {Py_tp_init, row_init},
        {Py_tp_call, row_tp_call},
        {Py_tp_setattro, row_setattr},
        {has_products ? Py_tp_methods : 0, methods}, /* (0 ends the list) */
        {0, NULL},
    };
    PyType_Spec spec = {
        "autograd_core.op.Op",
        (int)(offset + (Py_ssize_t)sizeof(Row)),
        0,
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
        slots,
    };
    PyObject *call = PyObject_GetAttrString(kind, "__call__");
    PyObject *type = call == NULL ? NULL : PyType_FromSpecWithBases(&spec, kind);
    if (type == NULL) {
        Py_XDECREF(call);
        return NULL;
    }
    python_calls[row_type_count] = call;
    row_types[row_type_count++] = (PyTypeObject *)type;
    Py_INCREF(type);
    return type;
}

#endif
