/* w₁·x₁ + … + wₘ·xₘ + b as one node: `dot(w, x, b)` of variadic.py. */

#ifndef AUTOGRAD_DOT_H
#define AUTOGRAD_DOT_H

#include "vector.h"

/* w₁·x₁ + … + wₘ·xₘ + b of borrowed operands w…, x…, b as one node. Where the weights are Values and
   the inputs constants, as in a first layer, each input is kept once: as the partial derivative. */
static PyObject *dot_node(Py_ssize_t m, Node **nodes, double *numbers, double y) {
    Py_ssize_t weights = 0, inputs = 0;
    for (Py_ssize_t i = 0; i < m; i++) {
        weights += nodes[i] != NULL;
        inputs += nodes[m + i] != NULL;
    }
    if (weights + inputs == 0 && nodes[2 * m] == NULL)
        return PyFloat_FromDouble(y);
    bool halved = weights == m && inputs == 0;
    Node *node = node_new(ROW_dot, (size_t)(halved ? m + 1 : 2 * m + 1));
    if (node == NULL)
        return NULL;
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
    Py_ssize_t m = w.length, all = 2 * m + 1;
    if (x.length != m || m >= MOST_OPERANDS / 2)
        goto end;
    if (all > FEW) {
        nodes = malloc((size_t)all * sizeof(Node *));
        numbers = malloc((size_t)all * sizeof(double));
    }
    Node *bias = NULL;
    double constant = 0.0, y;
    if (nodes != NULL && numbers != NULL && vector_borrow(&w, nodes, numbers) &&
        vector_borrow(&x, nodes + m, numbers + m) &&
        (n == 2 || read_operand(arguments[2], &bias, &constant))) {
        nodes[2 * m] = bias;
        numbers[2 * m] = constant;
        if (row_dot_forward(all, numbers, &y))
            result = dot_node(m, nodes, numbers, y);
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

#endif
