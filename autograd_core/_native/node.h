/* The node: a number that remembers how it was computed (reference.py in C).

   Operands stand in order behind the node, each with the partial derivative in it, computed when
   the node is made; a constant operand stands there as its number alone and costs no node. Operands
   never change, so a graph has no reference cycles and needs no garbage collector: 64 bytes and 16
   for each operand. The sweeps through a graph are linked through the nodes themselves and allocate
   nothing. */

#ifndef AUTOGRAD_NODE_H
#define AUTOGRAD_NODE_H

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <fenv.h>

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
    union {
        PyObject *op;       /* of a result: borrowed, as rows are immortal, unless OWNS_OP */
        double grad_before; /* of a leaf, during a backward sweep */
    };
    PyObject *label;     /* a Label; of a node with a scope alone that tuple; or NULL */
    Node *link;          /* the next one, among the ready of a sweep or among the dead */
    uint32_t consumers;  /* how often it is an operand */
    unsigned count : 26; /* operands; 0 for a leaf */
    unsigned flags : 6;
    Slot slots[]; /* (of a subclass of Value, whose instances are leaves, Python's own fields) */
};

enum {
    WAITING = 1, /* in a backward sweep: for its consumers (a leaf: reached) */
    COUNTED = 2, /* its consumers below the root are counted */
    OWNS_OP = 4, /* a reference on `op`, which is no row of the table in C */
    LARGE = 8,   /* a block of malloc, not a cell of a slab */
    BLANK = 16,  /* waits for `__setstate__` */
    HALVED =
        32, /* a dot of Values and constants: each constant stands in its weight's slot alone */
    MOST_OPERANDS = (1 << 26) - 1
};

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

static Node *node_large(uint32_t count) {
    size_t bytes = sizeof(Node) + count * sizeof(Slot);
    Node *node = malloc(bytes);
    if (node != NULL) {
        large_nodes++;
        large_bytes += bytes;
    }
    return node;
}

/* A node with room for its operands, which the caller fills; NULL and MemoryError. */
INLINE Node *node_new(uint32_t count) {
    Node *node;
    size_t bytes = sizeof(Node) + count * sizeof(Slot);
    node = LIKELY(bytes <= LARGEST_CELL) ? cell_alloc(bytes) : node_large(count);
    if (UNLIKELY(node == NULL)) {
        PyErr_NoMemory();
        return NULL;
    }
    /* No reference on the type: it lives as long as the process. */
    Py_SET_REFCNT((PyObject *)node, 1);
    Py_SET_TYPE((PyObject *)node, value_type);
    node->grad = 0.0;
    node->op = NULL;
    node->label = NULL;
    node->consumers = 0;
    node->count = count;
    node->flags = bytes <= LARGEST_CELL ? 0 : LARGE;
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
    if (!right) {
        Py_DECREF((PyObject *)node);
        return NULL;
    }
    if (!mode.recording && !node_forget(node)) {
        Py_DECREF((PyObject *)node);
        return NULL;
    }
    return (PyObject *)node;
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
    return node->flags & HALVED ? 2 * (Py_ssize_t)node->count - 1 : (Py_ssize_t)node->count;
}

static inline Slot operand_at(const Node *node, Py_ssize_t i) {
    if (node->flags & HALVED && i >= (Py_ssize_t)node->count - 1) {
        Py_ssize_t half = (Py_ssize_t)node->count - 1;
        if (i == 2 * half)
            return node->slots[half];
        return (Slot){NULL, node->slots[i - half].number};
    }
    return node->slots[i];
}

/* --- death ------------------------------------------------------------------------------------- */

static Node *dead; /* nodes that wait for the loop that is running, linked */
static bool burying;

/* Let go of the operands, and put those that nobody else holds before the list of the dead. */
INLINE Node *release_operands(Node *node, Node *list) {
    for (Slot *slot = node->slots, *end = slot + node->count; slot < end; slot++) {
        Node *operand = slot->operand;
        if (operand == NULL)
            continue;
        Py_ssize_t references = Py_REFCNT((PyObject *)operand);
        if (references > 1) {
            operand->consumers--;
            Py_SET_REFCNT((PyObject *)operand, references - 1);
        } else if (LIKELY(is_exact((PyObject *)operand))) {
            operand->link = list;
            list = operand;
        } else {
            Py_DECREF((PyObject *)operand);
        }
    }
    return list;
}

/* Free nodes, and all that goes with them: a loop, never recursion. What a label, an operation or an
   instance of a subclass drags along may run Python code that frees other nodes; they come to
   `dead`, and have their turn. */
static void bury(Node *list) {
    burying = true;
    while (list != NULL) {
        Node *node = list;
        list = release_operands(node, node->link);
        fetch_before(node);
        if (UNLIKELY(node->label != NULL))
            Py_DECREF(node->label);
        if (UNLIKELY(node->flags & OWNS_OP))
            Py_DECREF(node->op);
        if (UNLIKELY(node->flags & LARGE)) {
            large_nodes--;
            large_bytes -= sizeof(Node) + node->count * sizeof(Slot);
            free(node);
        } else {
            cell_free(node);
        }
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
        node->link = NULL;
        if (LIKELY(!burying)) {
            bury(node);
        } else {
            node->link = dead;
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
    Node *rest = node_new(node->count); /* takes the operands along */
    if (rest == NULL)
        return false;
    memcpy(rest->slots, node->slots, node->count * sizeof(Slot));
    rest->op = node->op;
    rest->flags |= node->flags & OWNS_OP;
    if (node->flags & LARGE) /* its size is told by its operands */
        large_bytes -= node->count * sizeof(Slot);
    node->count = 0;
    node->flags &= ~(unsigned)(OWNS_OP | BLANK | HALVED);
    node->op = NULL;
    Py_DECREF((PyObject *)rest);
    return true;
}

#endif
