/* The node: a number that remembers how it was computed (reference.py in C).

   Operands stand in order behind the node, each with the partial derivative in it, computed when
   the node is made; a constant operand stands there as its number alone and costs no node. Operands
   never change, so a graph has no reference cycles and needs no garbage collector: 48 bytes and 16
   for each operand. The sweeps through a graph are linked through the nodes themselves and allocate
   nothing. */

#ifndef AUTOGRAD_NODE_H
#define AUTOGRAD_NODE_H

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <fenv.h>
#include <string.h>

#include "slab.h"
#include "variadic.h"

typedef struct Node Node;

typedef struct {
    Node *operand; /* NULL: a constant */
    double number; /* the partial derivative in the operand; of a constant the constant itself */
} Slot;

struct Node {
    PyObject_HEAD
    double data;
    double grad;
    PyObject *label;    /* a Label; of a node with a scope alone that tuple; or NULL */
    uint32_t consumers; /* how often it is an operand */
    uint16_t count;     /* operands; 0 for a leaf; MANY: see node_count */
    uint8_t row; /* index of the operation among the rows of C; LEAF; FOREIGN: none of them */
    uint8_t flags;
    Slot slots[]; /* a leaf has one, for the sweeps: the next leaf, and the gradient it had before
                     (and then, of a subclass of Value, Python's own fields) */
};

enum {
    WAITING = 1, /* in a backward sweep: for its consumers (a leaf: reached) */
    COUNTED = 2, /* its consumers below the root are counted */
    LARGE = 4,   /* a block of malloc with a LargeHead, not a cell of a slab */
    BLANK = 8,   /* waits for `__setstate__` */
    HALVED =
        16, /* a dot of Values and constants: each constant stands in its weight's slot alone */
    OWNS_OP = 32, /* FOREIGN: a reference on the operation stands behind the operands */
    FOREIGN = UINT8_MAX,
    LEAF = FOREIGN - 1,
    MANY = UINT16_MAX,
    MOST_OPERANDS = (1 << 26) - 1
};

typedef struct {
    size_t count, bytes; /* of the operands, and of the node with them */
} LargeHead;

static inline LargeHead *large_head(const Node *node) {
    return (LargeHead *)node - 1;
}

static inline size_t node_count(const Node *node) {
    return LIKELY(node->count != MANY) ? node->count : large_head(node)->count;
}

static inline PyObject **foreign_op(Node *node) {
    return (PyObject **)(node->slots + node_count(node));
}

/* No Python code sees a node while a sweep runs, or once it is dead, and its type is known (a result
   is an exact Value): that word is free then for the next node of a list, or for a count. */
static inline void set_link(Node *node, Node *next) {
    Py_SET_TYPE((PyObject *)node, (PyTypeObject *)next);
}

static inline Node *link_of(const Node *node) {
    return (Node *)Py_TYPE((PyObject *)node);
}

static inline void hold(Node *operand) {
    Py_INCREF((PyObject *)operand);
    operand->consumers++;
}

static PyTypeObject *value_type; /* of every result; instances of its subclasses are leaves */

static inline bool is_exact(PyObject *object) {
    return Py_TYPE(object) == value_type;
}

static inline bool is_value(PyObject *object) {
    return is_exact(object) || PyType_IsSubtype(Py_TYPE(object), value_type);
}

/* --- the switches of modes.py ------------------------------------------------------------------ */

static struct {
    bool any; /* one test for each node */
    bool recording, anomalies;
    PyObject *scope; /* a tuple; NULL outside of every scope */
} mode = {.recording = true};

static PyObject *require_finite_result, *label_class; /* of Python, given by value.py */

/* --- birth ------------------------------------------------------------------------------------- */

static size_t large_nodes, large_bytes;

static Node *node_large(size_t count, size_t bytes) {
    LargeHead *head = malloc(sizeof(LargeHead) + bytes);
    if (head == NULL)
        return NULL;
    *head = (LargeHead){count, bytes};
    large_nodes++;
    large_bytes += bytes;
    return (Node *)(head + 1);
}

/* A node of a row with room for its operands, which the caller fills; NULL and MemoryError. */
INLINE Node *node_new(int row, size_t count) {
    size_t slots = count > 0 ? count : 1;
    size_t bytes = sizeof(Node) + slots * sizeof(Slot) + (row == FOREIGN ? sizeof(PyObject *) : 0);
    bool large = bytes > LARGEST_CELL;
    Node *node = UNLIKELY(large) ? node_large(count, bytes) : cell_alloc(bytes);
    if (UNLIKELY(node == NULL)) {
        PyErr_NoMemory();
        return NULL;
    }
    /* No reference on the type: it lives as long as the process. */
    Py_SET_REFCNT((PyObject *)node, 1);
    Py_SET_TYPE((PyObject *)node, value_type);
    node->grad = 0.0;
    node->label = NULL;
    node->consumers = 0;
    node->count = (uint16_t)(count < MANY ? count : MANY);
    node->row = (uint8_t)row;
    node->flags = large ? LARGE : 0;
    if (row == FOREIGN) {
        node->flags |= OWNS_OP;
        *foreign_op(node) = NULL;
    }
    return node;
}

/* Another label, or none; its reference goes over to the node. What goes with the old one may run
   Python code that looks at the node: it is dropped last. */
static void set_node_label(Node *node, PyObject *label) {
    PyObject *before = node->label;
    node->label = label;
    Py_XDECREF(before);
}

static inline void enter_scope(Node *node) {
    Py_XINCREF(mode.scope);
    set_node_label(node, mode.scope);
}

/* The Label of a node (a new reference), made of its scope if it has none yet; NULL and an error.
   Making it runs Python code, which may give the node another one. */
static PyObject *label_of(Node *node) {
    for (;;) {
        PyObject *before = node->label;
        Py_XINCREF(before);
        if (before != NULL && !PyTuple_CheckExact(before))
            return before;
        PyObject *label = PyObject_CallFunctionObjArgs(label_class, Py_None, before, NULL);
        if (label != NULL && node->label == before)
            set_node_label(node, label);
        else
            Py_XDECREF(label);
        Py_XDECREF(before);
        if (label == NULL)
            return NULL;
    }
}

static bool node_forget(Node *node);

static PyObject *apply_modes(Node *node) {
    bool right = true;
    enter_scope(node); /* first: the node of an error says where it belongs */
    if (mode.anomalies && !isfinite(node->data)) {
        PyObject *nothing =
            PyObject_CallFunctionObjArgs(require_finite_result, (PyObject *)node, NULL);
        right = nothing != NULL;
        Py_XDECREF(nothing);
    }
    if (right && (mode.recording || node_forget(node)))
        return (PyObject *)node;
    Py_DECREF((PyObject *)node);
    return NULL;
}

/* The last step of making a result. `sum` is that of its numbers: where one of them is infinite or no
   number, the processor's flags are taken back, which NumPy would report as a warning when it
   works on arrays of Values. */
INLINE PyObject *finished(Node *node, double sum) {
    if (UNLIKELY(sum - sum != 0.0))
        feclearexcept(FE_ALL_EXCEPT);
    return LIKELY(!mode.any) ? (PyObject *)node : apply_modes(node);
}

/* --- operands as Python sees them ---------------------------------------------------------------- */

static inline Py_ssize_t operand_count(const Node *node) {
    Py_ssize_t count = (Py_ssize_t)node_count(node);
    return node->flags & HALVED ? 2 * count - 1 : count;
}

static inline Slot operand_at(const Node *node, Py_ssize_t i) {
    Py_ssize_t half = (Py_ssize_t)node_count(node) - 1;
    if (!(node->flags & HALVED) || i < half)
        return node->slots[i];
    if (i == 2 * half)
        return node->slots[half];
    return (Slot){NULL, node->slots[i - half].number};
}

/* --- death ------------------------------------------------------------------------------------- */

static Node *dead; /* nodes that wait for the loop that is running, linked */
static bool burying;

/* Let go of the operands, and put those that nobody else holds before the list of the dead. */
INLINE Node *release_operands(Node *node, Node *list) {
    for (Slot *slot = node->slots, *end = slot + node_count(node); slot < end; slot++) {
        Node *operand = slot->operand;
        if (operand == NULL)
            continue;
        Py_ssize_t references = Py_REFCNT((PyObject *)operand);
        if (references > 1) {
            operand->consumers--;
            Py_SET_REFCNT((PyObject *)operand, references - 1);
        } else if (LIKELY(is_exact((PyObject *)operand))) {
            set_link(operand, list);
            list = operand;
        } else {
            Py_DECREF((PyObject *)operand);
        }
    }
    return list;
}

static void free_unusual(Node *node) {
    if (node->flags & OWNS_OP)
        Py_XDECREF(*foreign_op(node));
    if (node->flags & LARGE) {
        LargeHead *head = large_head(node);
        large_nodes--;
        large_bytes -= head->bytes;
        free(head);
    } else {
        cell_free(node);
    }
}

/* Free nodes, and all that goes with them: a loop, never recursion. What a label, an operation or an
   instance of a subclass drags along may run Python code that frees other nodes; they come to
   `dead`, and have their turn. */
static void bury(Node *list) {
    size_t buried = 0;
    burying = true;
    while (list != NULL) {
        Node *node = list;
        list = release_operands(node, link_of(node));
        fetch_before(node, ++buried);
        if (UNLIKELY(node->label != NULL))
            Py_DECREF(node->label);
        if (UNLIKELY(node->flags & (OWNS_OP | LARGE)))
            free_unusual(node);
        else
            cell_free(node);
        if (list == NULL) {
            list = dead;
            dead = NULL;
        }
    }
    burying = false;
}

/* tp_dealloc */
static void node_dealloc(PyObject *self) {
    Node *node = (Node *)self;
    if (is_exact(self)) {
        if (LIKELY(!burying)) {
            set_link(node, NULL);
            bury(node);
        } else {
            set_link(node, dead);
            dead = node;
        }
        return;
    }
    PyTypeObject *type = Py_TYPE(self);
    Py_CLEAR(node->label);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF((PyObject *)type);
}

/* Make a leaf of a result: without recording, or constructed a second time. */
static bool node_forget(Node *node) {
    size_t count = node_count(node);
    Node *rest = node_new(node->row, count); /* takes the operands along */
    if (rest == NULL)
        return false;
    memcpy(rest->slots, node->slots, count * sizeof(Slot));
    if (node->flags & OWNS_OP)
        *foreign_op(rest) = *foreign_op(node);
    node->count = 0;
    node->row = LEAF;
    node->flags &= LARGE;
    Py_DECREF((PyObject *)rest);
    return true;
}

#endif
