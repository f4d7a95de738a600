/* The rows of the table as callables of C, and how their calls make nodes (op.py in C).

   `row_type(kind)` makes a type of rows: a subclass of the Python class `kind` (Op, Variadic, Dot)
   whose calls arrive here. A call on Values and floats whose row has a rule in C makes the node at
   once; every other call (arrays, symbols, keywords, mistakes, a row without a rule in C) is that of
   the Python class. A row whose `forward` or `partials` was replaced runs these, in Python. */

#ifndef AUTOGRAD_ROW_H
#define AUTOGRAD_ROW_H

#include "node.h"

/* Hidden by the limited API of 3.11, part of it from 3.12 on; the values are those of 3.11's
   cpython/object.h, and stable. */
#if !defined(Py_TPFLAGS_HAVE_VECTORCALL)
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
typedef PyObject *(*vectorcallfunc)(PyObject *, PyObject *const *, size_t, PyObject *);
#endif
#define ARGUMENTS(nargsf) \
    ((Py_ssize_t)((nargsf) & ~((size_t)1 << (8 * sizeof(size_t) - 1)))) /* PyVectorcall_NARGS */

/* --- the rows that have a rule in C ------------------------------------------------------------ */

#define INDEX(name, ...) ROW_##name,
enum {
    UNARY_ROWS(INDEX)
    FIRST_BINARY,
    BEFORE_BINARY = FIRST_BINARY - 1,
    BINARY_ROWS(INDEX)
    FIRST_TERNARY,
    BEFORE_TERNARY = FIRST_TERNARY - 1,
    TERNARY_ROWS(INDEX)
    FIRST_VARIADIC,
    BEFORE_VARIADIC = FIRST_VARIADIC - 1,
    VARIADIC_ROWS(INDEX)
    ROWS
};
#undef INDEX

#define NAME(name, ...) #name,
static const char *const row_names[ROWS] = {
    UNARY_ROWS(NAME) BINARY_ROWS(NAME) TERNARY_ROWS(NAME) VARIADIC_ROWS(NAME)};
#undef NAME

static PyObject *row_objects[ROWS]; /* immortal */
static bool by_python[ROWS];        /* a rule that was replaced */

#define LARGEST_ARITY 3

static int arity_of(int index)
{
    return index < FIRST_BINARY ? 1 : index < FIRST_TERNARY ? 2 : index < FIRST_VARIADIC ? 3 : -1;
}

/* y and the partial derivatives of a row with one, two or three operands. */
static double rule(int index, const double *x, double *partials)
{
    double y;
    switch (index) {
#define CASE(name, ...)                           \
    case ROW_##name:                              \
        y = row_##name##_forward(x[0]);           \
        partials[0] = row_##name##_d0(x[0], y);   \
        return y;
        UNARY_ROWS(CASE)
#undef CASE
#define CASE(name, ...)                                 \
    case ROW_##name:                                    \
        y = row_##name##_forward(x[0], x[1]);           \
        partials[0] = row_##name##_d0(x[0], x[1], y);   \
        partials[1] = row_##name##_d1(x[0], x[1], y);   \
        return y;
        BINARY_ROWS(CASE)
#undef CASE
#define CASE(name, ...)                                       \
    case ROW_##name:                                          \
        y = row_##name##_forward(x[0], x[1], x[2]);           \
        partials[0] = row_##name##_d0(x[0], x[1], x[2], y);   \
        partials[1] = row_##name##_d1(x[0], x[1], x[2], y);   \
        partials[2] = row_##name##_d2(x[0], x[1], x[2], y);   \
        return y;
        TERNARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}

/* The same for a row with any number of operands; false where only Python has the answer. */
static bool variadic_rule(int index, Py_ssize_t n, const double *x, double *y, double *partials)
{
    switch (index) {
#define CASE(name, ...)                                  \
    case ROW_##name:                                     \
        if (!row_##name##_forward(n, x, y))              \
            return false;                                \
        row_##name##_partials(n, x, *y, partials);       \
        return true;
        VARIADIC_ROWS(CASE)
#undef CASE
    }
    return false;
}

/* --- nodes of one and two operands, the most of a program --------------------------------------- */

#define MAKER(name, ...)                                       \
    static inline PyObject *unary_##name(Node *x)              \
    {                                                          \
        Node *node = node_new(1);                              \
        if (UNLIKELY(node == NULL))                            \
            return NULL;                                       \
        node->op = row_objects[ROW_##name];                    \
        node->data = row_##name##_forward(x->data);            \
        hold(x);                                               \
        node->slots[0].operand = x;                            \
        node->slots[0].number = row_##name##_d0(x->data, node->data); \
        return finished(node);                                 \
    }
UNARY_ROWS(MAKER)
#undef MAKER

/* p, q: the operands, NULL where a, b are constants; the partial in a constant is not computed. */
#define MAKER(name, ...)                                                              \
    static inline PyObject *binary_##name(Node *p, double a, Node *q, double b)       \
    {                                                                                 \
        Node *node = node_new(2);                                                     \
        if (UNLIKELY(node == NULL))                                                   \
            return NULL;                                                              \
        node->op = row_objects[ROW_##name];                                           \
        double y = node->data = row_##name##_forward(a, b);                           \
        (void)y;                                                                      \
        Slot *slots = node->slots;                                                    \
        slots[0].operand = p;                                                         \
        slots[0].number = a;                                                          \
        if (p != NULL) {                                                              \
            hold(p);                                                                  \
            slots[0].number = row_##name##_d0(a, b, y);                               \
        }                                                                             \
        slots[1].operand = q;                                                         \
        slots[1].number = b;                                                          \
        if (q != NULL) {                                                              \
            hold(q);                                                                  \
            slots[1].number = row_##name##_d1(a, b, y);                               \
        }                                                                             \
        return finished(node);                                                        \
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
INLINE bool read_operand(PyObject *object, Node **node, double *number)
{
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

/* --- nodes of any row ---------------------------------------------------------------------------- */

enum { FEW = 256 };

/* A node under construction: operands (with their references) and numbers, read one by one. */
typedef struct {
    Node *node;      /* slots before `count` are filled; NULL after a failure */
    double *numbers; /* of all operands, then room for as many partial derivatives */
    bool on_heap;
    bool any_value; /* not all of them are constants */
    double few[2 * FEW];
} Draft;

static bool draft_begin(Draft *draft, Py_ssize_t operands)
{
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
    draft->node = node_new((uint32_t)operands);
    if (draft->node == NULL)
        return false;
    draft->node->data = 0.0;
    memset(draft->node->slots, 0, (size_t)operands * sizeof(Slot));
    return true;
}

static void draft_end(Draft *draft)
{
    if (draft->on_heap)
        free(draft->numbers);
}

static void draft_abandon(Draft *draft)
{
    Py_XDECREF((PyObject *)draft->node);
    draft->node = NULL;
    draft_end(draft);
}

/* Put a Value or a plain number in its place; false for anything else. */
INLINE bool draft_put(Draft *draft, Py_ssize_t i, PyObject *object)
{
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

static PyObject *tuple_of_doubles(const double *numbers, Py_ssize_t n, PyObject *last)
{
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
static PyObject *python_forward(PyObject *op, const double *numbers, Py_ssize_t n)
{
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
                            double *partials)
{
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
static bool draft_compute(Draft *draft, PyObject *op, int index, double *y)
{
    Py_ssize_t n = draft->node->count;
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
static PyObject *draft_finish(Draft *draft, PyObject *op, int index)
{
    Node *node = draft->node;
    Py_ssize_t n = node->count;
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
    node->op = op;
    if (index < 0) {
        Py_INCREF(op);
        node->flags |= OWNS_OP;
    }
    return finished(node);
}

/* --- the type of rows ------------------------------------------------------------------------------ */

typedef struct {
    vectorcallfunc call;
    int index;           /* of the rule in C; -1: none */
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

static Row *row_of(PyObject *op)
{
    return (Row *)((char *)op + row_offset);
}

/* Whether the rule in C can be asked about so many operands. */
static bool takes(const Row *row, Py_ssize_t operands)
{
    if (row->is_dot)
        return operands % 2 == 1;
    return row->index < FIRST_VARIADIC ? operands == arity_of(row->index) : operands > 0;
}

/* The index of the rule in C that stands for this operation just now; -1: none. */
static int rule_index(PyObject *op, Py_ssize_t operands)
{
    for (int i = 0; i < row_type_count; i++) {
        if (Py_TYPE(op) == row_types[i]) {
            const Row *row = row_of(op);
            bool here = row->index >= 0 && !by_python[row->index] && takes(row, operands);
            return here ? row->index : -1;
        }
    }
    return -1;
}

/* The call as the Python class has it. */
static PyObject *call_python(PyObject *self, PyObject *const *arguments, Py_ssize_t n,
                             PyObject *names)
{
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

/* A vector of operands: a list, a tuple, or a one-dimensional array of Values or doubles, read
   through the buffer protocol. */
typedef struct {
    PyObject *source;
    Py_ssize_t length; /* -1: it is no such thing */
    PyObject *(*item)(PyObject *, Py_ssize_t);
    char kind; /* 0: has items; 'O', 'd': entries of `view` */
    Py_buffer view;
} Vector;

static void vector_open(Vector *vector, PyObject *source)
{
    vector->source = source;
    vector->kind = 0;
    vector->length = -1;
    if (PyList_CheckExact(source)) {
        vector->length = PyList_Size(source);
        vector->item = PyList_GetItem;
    }
    else if (PyTuple_CheckExact(source)) {
        vector->length = PyTuple_Size(source);
        vector->item = PyTuple_GetItem;
    }
    else if (PyObject_CheckBuffer(source)) {
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
        }
        else {
            PyBuffer_Release(view);
        }
    }
}

static void vector_close(Vector *vector)
{
    if (vector->kind != 0)
        PyBuffer_Release(&vector->view);
}

/* Read all operands into their places from `first` on. */
static bool vector_read(Vector *vector, Draft *draft, Py_ssize_t first)
{
    Py_ssize_t n = vector->length;
    if (vector->kind == 0) {
        for (Py_ssize_t i = 0; i < n; i++) {
            if (UNLIKELY(!draft_put(draft, first + i, vector->item(vector->source, i)))) {
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
            memcpy(&draft->numbers[first + i], entry, sizeof(double));
        else {
            PyObject *object;
            memcpy(&object, entry, sizeof object);
            if (UNLIKELY(!draft_put(draft, first + i, object)))
                return false;
        }
    }
    return true;
}

/* Borrow the entries of a vector: Values (NULL for a plain number) and their numbers. Nothing here
   runs Python code, so they stay alive. False for anything else among them. */
static bool vector_borrow(const Vector *vector, Node **nodes, double *numbers)
{
    Py_ssize_t n = vector->length;
    const char *entry = vector->kind == 0 ? NULL : vector->view.buf;
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
        }
        else {
            memcpy(&object, entry, sizeof object);
            entry += vector->view.strides[0];
        }
        if (UNLIKELY(object == NULL)) {
            PyErr_Clear(); /* a list that has become shorter */
            return false;
        }
        if (LIKELY(read_operand(object, &nodes[i], &numbers[i])))
            continue;
        if (!is_value(object)) /* nor of a subclass */
            return false;
        nodes[i] = (Node *)object;
        numbers[i] = nodes[i]->data;
    }
    return true;
}

/* w₁·x₁ + … + wₘ·xₘ + b of borrowed operands w…, x…, b as one node. Where the weights are Values and
   the inputs constants, as in a first layer, each input is kept once: as the partial derivative. */
static PyObject *dot_node(PyObject *op, Py_ssize_t m, Node **nodes, double *numbers, double y)
{
    Py_ssize_t weights = 0, inputs = 0;
    for (Py_ssize_t i = 0; i < m; i++) {
        weights += nodes[i] != NULL;
        inputs += nodes[m + i] != NULL;
    }
    if (weights + inputs == 0 && nodes[2 * m] == NULL)
        return PyFloat_FromDouble(y);
    bool halved = weights == m && inputs == 0;
    Node *node = node_new((uint32_t)(halved ? m + 1 : 2 * m + 1));
    if (node == NULL)
        return NULL;
    node->op = op;
    node->data = y;
    Slot *slot = node->slots;
    for (Py_ssize_t i = 0; i < m; i++, slot++) {
        if (nodes[i] != NULL)
            hold(nodes[i]);
        slot->operand = nodes[i];
        slot->number = nodes[i] != NULL ? numbers[m + i] : numbers[i];
    }
    if (halved)
        node->flags |= HALVED;
    for (Py_ssize_t i = m; !halved && i < 2 * m; i++, slot++) {
        if (nodes[i] != NULL)
            hold(nodes[i]);
        slot->operand = nodes[i];
        slot->number = nodes[i] != NULL ? numbers[i - m] : numbers[i];
    }
    if (nodes[2 * m] != NULL)
        hold(nodes[2 * m]);
    slot->operand = nodes[2 * m];
    slot->number = nodes[2 * m] != NULL ? 1.0 : numbers[2 * m];
    return finished(node);
}

/* dot(w, x, b); NULL without an error where Python has to look at the arguments. */
static PyObject *call_dot(PyObject *self, PyObject *const *arguments, Py_ssize_t n)
{
    Vector w, x = {.kind = 0};
    Node *few_nodes[FEW], **nodes = few_nodes;
    double few_numbers[FEW], *numbers = few_numbers;
    PyObject *result = NULL;
    vector_open(&w, arguments[0]);
    if (w.length <= 0)
        goto end;
    vector_open(&x, arguments[1]);
    Py_ssize_t m = w.length, all = 2 * m + 1;
    if (x.length != m || m >= MOST_OPERANDS / 2)
        goto end;
    if (all > FEW) {
        nodes = malloc((size_t)all * sizeof(Node *));
        numbers = malloc((size_t)all * sizeof(double));
    }
    Node *bias = NULL;
    double constant = 0.0, y;
    if (nodes != NULL && numbers != NULL && vector_borrow(&w, nodes, numbers)
        && vector_borrow(&x, nodes + m, numbers + m)
        && (n == 2 || read_operand(arguments[2], &bias, &constant))) {
        nodes[2 * m] = bias;
        numbers[2 * m] = constant;
        if (row_dot_forward(all, numbers, &y))
            result = dot_node(self, m, nodes, numbers, y);
    }
    if (nodes != few_nodes)
        free(nodes);
    if (numbers != few_numbers)
        free(numbers);
end:
    vector_close(&w);
    vector_close(&x);
    return result;
}

/* max(a, b, c), max([a, b, c]), max(array); NULL without an error as above. */
static PyObject *call_variadic(PyObject *self, PyObject *const *arguments, Py_ssize_t n)
{
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
    if (!draft_begin(&draft, n)) {
        draft_end(&draft);
        goto end;
    }
    bool right = true;
    if (one)
        right = vector_read(&vector, &draft, 0);
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
static PyObject *call_fixed(PyObject *self, PyObject *const *arguments, Py_ssize_t n)
{
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
        }
        else if (PyFloat_CheckExact(argument)) {
            numbers[i] = PyFloat_AsDouble(argument);
        }
        else {
            return NULL;
        }
    }
    if (!any_value)
        return PyFloat_FromDouble(rule(row->index, numbers, partials));
    if (arity == 1)
        return unary_makers[row->index](nodes[0]);
    if (arity == 2)
        return binary_makers[row->index - FIRST_BINARY](nodes[0], numbers[0], nodes[1], numbers[1]);
    Node *node = node_new((uint32_t)arity);
    if (node == NULL)
        return NULL;
    node->op = self;
    node->data = rule(row->index, numbers, partials);
    for (int i = 0; i < arity; i++) {
        if (nodes[i] != NULL)
            hold(nodes[i]);
        node->slots[i].operand = nodes[i];
        node->slots[i].number = nodes[i] != NULL ? partials[i] : numbers[i];
    }
    return finished(node);
}

static PyObject *row_call(PyObject *self, PyObject *const *arguments, size_t nargsf,
                          PyObject *names)
{
    Row *row = row_of(self);
    Py_ssize_t n = ARGUMENTS(nargsf);
    if (LIKELY(row->index >= 0 && names == NULL && !by_python[row->index])) {
        PyObject *result = NULL;
        if (row->index < FIRST_VARIADIC)
            result = call_fixed(self, arguments, n);
        else if (!row->is_dot)
            result = call_variadic(self, arguments, n);
        else if (n == 2 || n == 3)
            result = call_dot(self, arguments, n);
        if (LIKELY(result != NULL) || PyErr_Occurred())
            return result;
    }
    return call_python(self, arguments, n, names);
}

/* tp_call, for callers that have a tuple and a dictionary. */
static PyObject *row_tp_call(PyObject *self, PyObject *arguments, PyObject *options)
{
    PyObject *few[8];
    Py_ssize_t n = PyTuple_Size(arguments);
    if (n > 8 || (options != NULL && PyDict_Size(options) > 0)) {
        PyObject *bound = PyObject_CallMethod(row_of(self)->python_call, "__get__", "O", self);
        PyObject *result = bound == NULL ? NULL : PyObject_Call(bound, arguments, options);
        Py_XDECREF(bound);
        return result;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        few[i] = PyTuple_GetItem(arguments, i);
    return row_call(self, few, (size_t)n, NULL);
}

static PyObject *row_new(PyTypeObject *type, PyObject *arguments, PyObject *options)
{
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
static bool row_adopt(PyObject *self)
{
    Row *row = row_of(self);
    if (row->index >= 0) /* `__init__` called a second time */
        return true;
    PyObject *name = PyObject_GetAttrString(self, "name");
    int index = 0;
    while (name != NULL && index < ROWS
           && (row_objects[index] != NULL
               || PyUnicode_CompareWithASCIIString(name, row_names[index]) != 0))
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
    }
    else {
        Py_XDECREF(forward);
        Py_XDECREF(partials);
    }
    Py_XDECREF(defaults);
    Py_XDECREF(values);
    return PyErr_Occurred() == NULL;
}

static int row_init(PyObject *self, PyObject *arguments, PyObject *options)
{
    PyObject *base = PyType_GetSlot(Py_TYPE(self), Py_tp_base);
    PyObject *init = PyObject_GetAttrString(base, "__init__");
    PyObject *bound = init == NULL ? NULL : PyObject_CallMethod(init, "__get__", "O", self);
    PyObject *nothing = bound == NULL ? NULL : PyObject_Call(bound, arguments, options);
    Py_XDECREF(init);
    Py_XDECREF(bound);
    Py_XDECREF(nothing);
    return nothing != NULL && row_adopt(self) ? 0 : -1;
}

/* A row whose rule is replaced computes by Python, until it has its own rule back. */
static int row_setattr(PyObject *self, PyObject *name, PyObject *value)
{
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

static PyObject *row_type(PyObject *module, PyObject *kind)
{
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
        {"__vectorcalloffset__", T_PYSSIZET, offset + (Py_ssize_t)offsetof(Row, call), READONLY, NULL},
        {NULL, 0, 0, 0, NULL},
    };
    PyType_Slot slots[] = {
        {Py_tp_members, members},
        {Py_tp_new, row_new},
        {Py_tp_init, row_init},
        {Py_tp_call, row_tp_call},
        {Py_tp_setattro, row_setattr},
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
