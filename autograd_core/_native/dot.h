/* w₁·x₁ + … + wₘ·xₘ + b as one node: `dot(w, x, b)` of variadic.py, and many of them at once. */

#ifndef AUTOGRAD_DOT_H
#define AUTOGRAD_DOT_H

#include "vector.h"

static inline Slot *put(Slot *slot, Node *operand, double constant, double partial) {
    if (operand != NULL)
        hold(operand);
    slot->operand = operand;
    slot->number = operand != NULL ? partial : constant;
    return slot + 1;
}

/* The node, or the plain number where all are constants; NULL without an error where only Python has
   the sum. Where the weights are Values and the inputs constants, as in a first layer, each input is
   kept once: as the partial derivative. */
static PyObject *dot_node(const Entries *w, const Entries *x, Node *bias, double b) {
    Py_ssize_t m = w->length;
    double y;
    if (UNLIKELY(!dot_product(m, w->numbers, x->numbers, b, &y)))
        return NULL;
    if (w->values + x->values == 0 && bias == NULL)
        return PyFloat_FromDouble(y);
    bool halved = w->values == m && x->values == 0;
    Node *node = node_new(ROW_dot, (size_t)(halved ? m + 1 : 2 * m + 1));
    if (node == NULL)
        return NULL;
    node->data = y;
    if (halved)
        node->flags |= HALVED;
    Slot *slot = node->slots;
    for (Py_ssize_t i = 0; i < m; i++)
        slot = put(slot, w->nodes[i], w->numbers[i], x->numbers[i]);
    for (Py_ssize_t i = 0; !halved && i < m; i++)
        slot = put(slot, x->nodes[i], x->numbers[i], w->numbers[i]);
    put(slot, bias, b, 1.0);
    return finished(node, y);
}

/* dot(w, x, b); NULL without an error where Python has to look at the arguments. */
static PyObject *call_dot(PyObject *const *arguments, Py_ssize_t n) {
    Vector w, x = {.kind = 0};
    Node *few_nodes[FEW], **nodes = few_nodes;
    double few_numbers[FEW], *numbers = few_numbers;
    PyObject *result = NULL;
    vector_open(&w, arguments[0]);
    if (w.length <= 0)
        goto end;
    vector_open(&x, arguments[1]);
    Py_ssize_t m = w.length;
    if (x.length != m || m >= MOST_OPERANDS / 2)
        goto end;
    if (2 * m > FEW) {
        nodes = malloc(2 * (size_t)m * sizeof(Node *));
        numbers = malloc(2 * (size_t)m * sizeof(double));
    }
    Node *bias = NULL;
    double b = 0.0;
    if (nodes != NULL && numbers != NULL) {
        Entries weights = {.nodes = nodes, .numbers = numbers};
        Entries inputs = {.nodes = nodes + m, .numbers = numbers + m};
        if (vector_borrow(&w, &weights) && vector_borrow(&x, &inputs) &&
            (n == 2 || read_operand(arguments[2], &bias, &b)))
            result = dot_node(&weights, &inputs, bias, b);
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

/* --- every input with every row of weights -------------------------------------------------------- */

static Py_ssize_t list_length(PyObject *list) {
    if (PyList_CheckExact(list))
        return PyList_Size(list);
    return PyTuple_CheckExact(list) ? PyTuple_Size(list) : -1;
}

/* Borrow a list or a tuple of that length (reading an array might run Python code). */
static bool list_borrow(PyObject *list, Py_ssize_t length, Entries *entries) {
    if (list_length(list) != length)
        return false;
    Vector vector;
    vector_open(&vector, list);
    return vector_borrow(&vector, entries);
}

/* Fill `result` with dot(w, x, b), input by input. False with an error, or without one where Python has
   to look. `rows`, `nodes` and `numbers` have room for what is read; from the first read to the last
   node no Python code runs. */
static bool fill_products(PyObject *result, PyObject *weights, PyObject *inputs, PyObject *biases,
                          Py_ssize_t m, Entries *rows, Node **nodes, double *numbers) {
    Py_ssize_t units = PyList_Size(weights), place = 0;
    Entries b = {.nodes = nodes, .numbers = numbers};
    if (!list_borrow(biases, units, &b))
        return false;
    nodes += units;
    numbers += units;
    for (Py_ssize_t i = 0; i < units; i++, nodes += m, numbers += m) {
        rows[i] = (Entries){.nodes = nodes, .numbers = numbers};
        if (!list_borrow(PyList_GetItem(weights, i), m, &rows[i]))
            return false;
    }
    Entries x = {.nodes = nodes, .numbers = numbers};
    for (Py_ssize_t j = 0; j < PyList_Size(inputs); j++) {
        if (!list_borrow(PyList_GetItem(inputs, j), m, &x))
            return false;
        for (Py_ssize_t i = 0; i < units; i++) {
            PyObject *node = dot_node(&rows[i], &x, b.nodes[i], b.numbers[i]);
            if (node == NULL || PyList_SetItem(result, place++, node) < 0)
                return false;
        }
    }
    return true;
}

/* dot.products(weights, inputs, biases) of lists; NULL without an error where Python has to look at
   them. */
static PyObject *call_products(PyObject *weights, PyObject *inputs, PyObject *biases) {
    if (!PyList_CheckExact(weights) || !PyList_CheckExact(inputs))
        return NULL;
    Py_ssize_t units = PyList_Size(weights), n = PyList_Size(inputs);
    Py_ssize_t m = n == 0 ? -1 : list_length(PyList_GetItem(inputs, 0));
    if (units == 0 || m <= 0 || m >= MOST_OPERANDS / 2 || units > MOST_OPERANDS / (m + 2) ||
        n > MOST_OPERANDS / units)
        return NULL;
    size_t operands = (size_t)(units * (m + 1) + m);
    Entries *rows = malloc((size_t)units * sizeof(Entries));
    Node **nodes = malloc(operands * sizeof(Node *));
    double *numbers = malloc(operands * sizeof(double));
    PyObject *result = PyList_New(units * n);
    /* Making a list may collect garbage, and that runs anything. */
    bool same = PyList_Size(weights) == units && PyList_Size(inputs) == n && !mode.anomalies &&
                !by_python[ROW_dot];
    bool right = result != NULL && rows != NULL && nodes != NULL && numbers != NULL && same &&
                 fill_products(result, weights, inputs, biases, m, rows, nodes, numbers);
    free(rows);
    free(nodes);
    free(numbers);
    if (!right)
        Py_CLEAR(result);
    return result;
}

#endif
