/* The type Value: attributes, operators, comparisons, methods (reference.py in C).

   Its base is the Python class BaseValue, which names, converts, prints and saves nodes of both
   engines. */

#ifndef AUTOGRAD_VALUE_H
#define AUTOGRAD_VALUE_H

#include "backward.h"
#include "row.h"

static PyObject *base_value, *real, *real_numbers; /* BaseValue, base.real, numbers.Real */

/* --- operands that are neither a Value nor a float ----------------------------------------------- */

/* The double of any real number, by `real` of base.py; -1 and an error for anything else. */
static double double_of(PyObject *object)
{
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
static PyObject *on_values(PyObject *op, PyObject *operands)
{
    Draft draft;
    Py_ssize_t n = PyTuple_Size(operands);
    if (n < 0)
        return NULL;
    if (!draft_begin(&draft, n)) {
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

static PyObject *operator_on(int index, PyObject *left, PyObject *right)
{
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
static PyObject *operator_slow(int index, PyObject *left, PyObject *right)
{
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
    PyObject *result = other == right ? operator_on(index, left, constant)
                                      : operator_on(index, constant, right);
    Py_DECREF(constant);
    return result;
}

/* --- operators and methods -------------------------------------------------------------------------- */

#define OPERATOR(name)                                                               \
    static PyObject *operator_##name(PyObject *left, PyObject *right)                \
    {                                                                                \
        Node *p, *q;                                                                 \
        double a, b;                                                                 \
        if (LIKELY(read_operand(left, &p, &a) && read_operand(right, &q, &b)         \
                   && !by_python[ROW_##name]))                                       \
            return binary_##name(p, a, q, b);                                        \
        return operator_slow(ROW_##name, left, right);                               \
    }
OPERATOR(sub)
OPERATOR(mul)
OPERATOR(div)
OPERATOR(mod)

static PyObject *operator_add(PyObject *left, PyObject *right)
{
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

static PyObject *operator_pow(PyObject *left, PyObject *right, PyObject *modulus)
{
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

static PyObject *unary_on(int index, PyObject *self)
{
    PyObject *operands = PyTuple_New(1);
    if (operands == NULL)
        return NULL;
    Py_INCREF(self);
    PyTuple_SetItem(operands, 0, self);
    PyObject *result = on_values(row_objects[index], operands);
    Py_DECREF(operands);
    return result;
}

#define METHOD(name, ...)                                                        \
    static PyObject *method_##name(PyObject *self, PyObject *nothing)            \
    {                                                                            \
        (void)nothing;                                                           \
        if (LIKELY(!by_python[ROW_##name]))                                      \
            return unary_##name((Node *)self);                                   \
        return unary_on(ROW_##name, self);                                       \
    }
UNARY_ROWS(METHOD)
#undef METHOD

static PyObject *operator_neg(PyObject *self)
{
    return method_neg(self, NULL);
}

static PyObject *operator_abs(PyObject *self)
{
    return method_abs(self, NULL);
}

static PyObject *operator_pos(PyObject *self)
{
    Py_INCREF(self);
    return self;
}

static PyObject *value_backward(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    if (mode.anomalies) /* the readable sweep watches each step */
        return PyObject_CallMethod(base_value, "backward", "O", self);
    sweep((Node *)self);
    Py_INCREF(Py_None);
    return Py_None;
}

/* --- comparing: usual operands here, the rest in base.py ---------------------------------------------- */

static PyObject *value_compare(PyObject *self, PyObject *other, int comparison)
{
    static const char *const names[] = {"__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"};
    bool equality = comparison == Py_EQ || comparison == Py_NE;
    bool result;
    if (equality && is_value(other)) {
        result = (self == other) == (comparison == Py_EQ);
    }
    else if (!equality && (is_value(other) || PyFloat_CheckExact(other))) {
        double a = ((Node *)self)->data;
        double b = is_value(other) ? ((Node *)other)->data : PyFloat_AsDouble(other);
        result = comparison == Py_LT   ? a < b
                 : comparison == Py_LE ? a <= b
                 : comparison == Py_GT ? a > b
                                       : a >= b;
    }
    else {
        return PyObject_CallMethod(base_value, names[comparison], "OO", self, other);
    }
    PyObject *answer = result ? Py_True : Py_False;
    Py_INCREF(answer);
    return answer;
}

static Py_hash_t value_hash(PyObject *self)
{
    uintptr_t address = (uintptr_t)self; /* identity; the low bits are 0 */
    Py_hash_t hash = (Py_hash_t)(address >> 4 | address << (8 * sizeof address - 4));
    return hash == -1 ? -2 : hash;
}

/* --- making and filling ----------------------------------------------------------------------------- */

static PyObject *value_new(PyTypeObject *type, PyObject *arguments, PyObject *options)
{
    (void)arguments, (void)options;
    Node *node;
    if (type == value_type) {
        node = node_new(0);
    }
    else { /* zeros, with a reference on its type */
        node = (Node *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    }
    if (node != NULL)
        node->data = 0.0;
    return (PyObject *)node;
}

/* Of instances of subclasses, which the collector tracks. That the type has a traverse function of
   its own, and no flag, keeps results from being tracked, although BaseValue's instances would be. */
static int value_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT((PyObject *)Py_TYPE(self));
    Py_VISIT(((Node *)self)->label);
    return 0;
}

static int value_init(PyObject *self, PyObject *arguments, PyObject *options)
{
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

static PyObject *value_detach(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    PyObject *leaf = value_new(value_type, NULL, NULL);
    if (leaf == NULL)
        return NULL;
    ((Node *)leaf)->data = ((Node *)self)->data;
    enter_scope((Node *)leaf);
    return leaf;
}

/* A node with room for operands, for `__setstate__`. */
static PyObject *value_blank(PyObject *type, PyObject *operands)
{
    Py_ssize_t n = PyLong_AsSsize_t(operands);
    if (n == -1 && PyErr_Occurred())
        return NULL;
    if (type != (PyObject *)value_type)
        return PyObject_CallMethod(type, "__new__", "O", type);
    if (n < 0 || n > MOST_OPERANDS) {
        PyErr_Format(PyExc_ValueError, "a node has between 0 and %d operands", MOST_OPERANDS);
        return NULL;
    }
    Node *node = node_new((uint32_t)n);
    if (node == NULL)
        return NULL;
    node->data = 0.0;
    node->flags |= BLANK;
    memset(node->slots, 0, (size_t)n * sizeof(Slot));
    return (PyObject *)node;
}

/* The operands (borrowed) and partials of a state, in memory to be freed; NULL and an error. */
static Slot *slots_of_state(PyObject *self, PyObject *operands, PyObject *partials)
{
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

static int set_label(PyObject *self, PyObject *value, void *closure);

/* (data, grad, op, operands, partials, label, attributes of a subclass) */
static PyObject *value_setstate(PyObject *self, PyObject *state)
{
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
    if (!blank || n != node->count) {
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
    node->flags &= ~(unsigned)BLANK;
    if (n > 0) {
        node->op = op;
        if (rule_index(op, n) < 0) {
            Py_INCREF(op);
            node->flags |= OWNS_OP;
        }
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

/* --- attributes -------------------------------------------------------------------------------------- */

static bool is_deleted(PyObject *value, const char *name)
{
    if (value == NULL)
        PyErr_Format(PyExc_AttributeError, "the attribute %s of a Value cannot be deleted", name);
    return value == NULL;
}

static PyObject *get_data(PyObject *self, void *closure)
{
    (void)closure;
    return PyFloat_FromDouble(((Node *)self)->data);
}

static int set_data(PyObject *self, PyObject *value, void *closure)
{
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
    bool right = label != NULL && previous != NULL
                 && PyObject_SetAttrString(label, "previous", previous) == 0;
    Py_XDECREF(label);
    Py_XDECREF(previous);
    if (right)
        node->data = number;
    return right ? 0 : -1;
}

static PyObject *get_grad(PyObject *self, void *closure)
{
    (void)closure;
    return PyFloat_FromDouble(((Node *)self)->grad);
}

static int set_grad(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    if (is_deleted(value, "grad"))
        return -1;
    double number = double_of(value);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    ((Node *)self)->grad = number;
    return 0;
}

static PyObject *get_op(PyObject *self, void *closure)
{
    (void)closure;
    Node *node = (Node *)self;
    PyObject *op = node->count > 0 && !(node->flags & BLANK) ? node->op : Py_None;
    Py_INCREF(op);
    return op;
}

static PyObject *get_operands(PyObject *self, void *closure)
{
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
static PyObject *get_partials(PyObject *self, void *closure)
{
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
        PyObject *op = node->op;
        int index = rule_index(op, n);
        double y;
        if (index >= FIRST_VARIADIC) {
            if (!variadic_rule(index, n, numbers, &y, partials))
                index = -1;
        }
        else if (index >= 0) {
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

static PyObject *get_label(PyObject *self, void *closure)
{
    (void)closure;
    Node *node = (Node *)self;
    if (node->label != NULL)
        return label_of(node);
    Py_INCREF(Py_None);
    return Py_None;
}

static int set_label(PyObject *self, PyObject *value, void *closure)
{
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
#define METHOD(name, ...)              \
    {#name, method_##name, METH_NOARGS, \
     SELF(#name) "`" #name "(x)` of the table, on this node first."},
    UNARY_ROWS(METHOD)
#undef METHOD
    {NULL, NULL, 0, NULL},
};

static void free_cell(void *cell)
{
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
    sizeof(Node),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    value_slots,
};

#endif
