/* The engine in C: the twin of reference.py and backward.py, equal to them bit for bit.

   One translation unit, so that rules, nodes and memory are compiled into each other:

     table.h variadic.h ieee.h exact.h   the rules, row by row as in table.py
     compiler.h chunk.h slab.h           what C11 lacks; memory from the system; memory for nodes
     node.h                              the node: birth, death, the switches of modes.py
     backward.h                          the backward sweep
     rules.h operations.h draft.h        making nodes: the rules by index; of one and two operands;
                                         of any row
     vector.h dot.h                      lists and arrays of operands; dot products
     row.h                               the rows as callables
     operators.h attributes.h saving.h   what a Value can do
     value.h                             the type Value

   It uses the limited API of Python 3.11 only, so that one file serves every later version. Its
   state is global: one interpreter per process, with its lock held. */

#include "value.h"

static PyObject *make_value_type(PyObject *module, PyObject *arguments) {
    (void)module;
    if (value_type != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the type Value is there already");
        return NULL;
    }
    if (!PyArg_ParseTuple(arguments, "OOOOO:make_value_type", &base_value, &label_class, &real,
                          &require_finite_result, &real_numbers))
        return NULL;
    for (int index = 0; index < ROWS; index++) {
        if (row_objects[index] == NULL) {
            PyErr_Format(PyExc_RuntimeError, "the table has no row %s", row_names[index]);
            return NULL;
        }
    }
    value_type = (PyTypeObject *)PyType_FromSpecWithBases(&value_spec, base_value);
    if (value_type == NULL)
        return NULL;
    Py_INCREF(base_value);
    Py_INCREF(label_class);
    Py_INCREF(real);
    Py_INCREF(require_finite_result);
    Py_INCREF(real_numbers);
    Py_INCREF((PyObject *)value_type);
    return (PyObject *)value_type;
}

static PyObject *carry(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *op, *operands;
    if (!PyArg_ParseTuple(arguments, "OO!:on_values", &op, &PyTuple_Type, &operands))
        return NULL;
    return on_values(op, operands);
}

/* A Mode of modes.py, or None for none. */
static PyObject *set_mode(PyObject *module, PyObject *switches) {
    (void)module;
    int recording = 1, anomalies = 0;
    PyObject *scope = NULL;
    if (switches != Py_None) {
        if (!PyTuple_Check(switches)) {
            PyErr_SetString(PyExc_TypeError, "a mode is a named tuple");
            return NULL;
        }
        if (!PyArg_ParseTuple(switches, "ppO!:set_mode", &recording, &anomalies, &PyTuple_Type,
                              &scope))
            return NULL;
        if (PyTuple_Size(scope) == 0)
            scope = NULL;
        Py_XINCREF(scope);
    }
    PyObject *before = mode.scope;
    mode.recording = recording != 0;
    mode.anomalies = anomalies != 0;
    mode.scope = scope;
    mode.any = !mode.recording || mode.anomalies || scope != NULL;
    Py_XDECREF(before);
    Py_INCREF(Py_None);
    return Py_None;
}

static PyObject *memory(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    size_t nodes, bytes, taken;
    memory_held(&nodes, &bytes, &taken);
    return Py_BuildValue("{s:n,s:n,s:n}", "nodes", (Py_ssize_t)(nodes + large_nodes), "bytes",
                         (Py_ssize_t)(bytes + large_bytes), "taken",
                         (Py_ssize_t)(taken + large_bytes));
}

static PyObject *rows(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    PyObject *names = PyTuple_New(ROWS);
    for (int index = 0; names != NULL && index < ROWS; index++) {
        PyObject *name = PyUnicode_FromString(row_names[index]);
        if (name == NULL || PyTuple_SetItem(names, index, name) < 0)
            Py_CLEAR(names);
    }
    return names;
}

static PyMethodDef functions[] = {
    {"row_type", row_type, METH_O,
     "row_type(kind): the subclass of a Python class of rows whose calls run in C."},
    {"make_value_type", make_value_type, METH_VARARGS,
     "make_value_type(BaseValue, Label, real, require_finite_result, numbers.Real): the type."},
    {"on_values", carry, METH_VARARGS, "on_values(op, operands): a node of any operation."},
    {"set_mode", set_mode, METH_O, "set_mode(mode): what modes.py has switched, or None."},
    {"memory", memory, METH_NOARGS,
     "memory(): nodes alive, the bytes they hold, and the bytes taken from the system for them."},
    {"rows", rows, METH_NOARGS, "rows(): the names of the rows that have a rule in C."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "autograd_core._native.engine",
    .m_doc = "The engine in C; `autograd_core.value` takes Value from here where it was built.",
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit_engine(void) {
    for (int index = 0; index < ROWS; index++)
        by_python[index] = true; /* until the table has the row */
    return PyModule_Create(&definition);
}
