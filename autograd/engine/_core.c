/* Values in C: what they hold, the operators that make them, and the pass back through them.

   value.py and backward.py are the truth; this file does the same for what is plain, and nothing
   else: Values of the class Value, beside them floats and whole numbers, and the rows of rows.h
   with the params that they have by default.

   It knows no formula (rows.h is written from the table), no message, no check of what a user
   gives, and nothing of arrays, recordings or subclasses. Whatever is not plain goes to the Python
   that it stands in for, which computes or explains it as if this file were not there: above all a
   result, or what flows to a node, that is not a finite number.

   Three things hold everywhere. A call that fails leaves nodes as they were: a pass sums adjoints
   in the nodes themselves, keeps what was there before, and puts that back if it cannot go on.
   Rules of Python run as often as without this file, and once more only where memory runs out or
   somebody gave two nodes the same id. No graph is too deep, for nothing here calls itself. One
   thread at a time runs here, the one that holds the lock of the interpreter; others come in only
   where Python is called, and whatever is let go may call it.

   Two things are refused here and not in Python: to change what a result was computed from, and
   to give a node that others were computed from a name or a scope that may lead back to them. */

#define Py_LIMITED_API 0x030B0000 /* one binary for Python 3.11 and all later ones */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <structmember.h>

#if FLT_EVAL_METHOD != 0
#error "Here doubles are rounded otherwise than Python rounds them; Values stay in Python."
#endif

typedef struct {
    const char *name;
    int arity;
    int hands_on; /* whether Python may give an operand itself as the result, as max(a, b) does */
    double (*value)(double a, double b);
    double (*rules[2])(double g, double y, double a, double b); /* NULL: a pass is refused */
    PyObject *op, *params, *scalar; /* the row in Python, its params, its function of floats */
    int has_params;
} Row;

#define VALUE(name, formula) \
    static double value_of_##name(double a, double b) { return (void)a, (void)b, formula; }
#define RULE(name, formula)                                      \
    static double name(double g, double y, double a, double b)   \
    {                                                            \
        return (void)g, (void)y, (void)a, (void)b, formula;      \
    }
#define ROW(name, arity, hands_on, by_a, by_b) \
    {#name, arity, hands_on, value_of_##name, {by_a, by_b}, NULL, NULL, NULL, 0}
RULE(no_flow, 0.0) /* the rule `flat`: its address says that nothing flows; it is never called */
#include "rows.h"

typedef struct Scalar {
    PyObject_HEAD
    double data;
    double grad;
    long long id;
    union { /* `row` says which; what is set from Python goes to the second, so rows refuse it */
        struct { /* of what a row computed */
            struct Scalar *inputs[2];
            double args[2];
        };
        struct { /* of leaves, and of what Python computed: `is_result` says which */
            PyObject *given_or_inputs; /* the float that a leaf was made of; a tuple */
            union {
                long long since; /* of a leaf: the next id when it got its data */
                PyObject *arg_tuple;
            };
            PyObject *op, *params;
        } python;
    };
    unsigned char row;           /* 0: a leaf, or what Python computed */
    unsigned char count;         /* of the inputs of a row */
    unsigned char is_result;     /* of a row, or of Python once its op, inputs or args were set */
    unsigned char constant;
    unsigned char reached;       /* whether there is a grad */
    unsigned char was_reached;   /* the same, before the pass that entered it */
    unsigned char is_on_way;     /* whether a pass has entered it: its inputs stay what they are */
    unsigned char handed_on;     /* 1 + the input whose object is its own; 0: none: find_source */
    unsigned char tracking;      /* by the garbage collector: see TRACKED */
    unsigned char has_untracked; /* whether what is UNTRACKED was computed from it */
    unsigned int place;          /* in `listed` */
    PyObject *name, *scope;      /* NULL: None, here and above */
    PyObject *held;              /* data as a float of Python, once it was asked for */
} Scalar;

/* How the garbage collector knows of a node. Graphs have no cycles by themselves, so most nodes
   are UNTRACKED and it never sees them. But a module may keep a node whose scope keeps the
   module. Nodes that lead to a scope are LISTED, and tracked before a full collection, for there
   are many and few live long; the price is that a module that keeps its last output is freed no
   sooner. TRACKED are those, and those to which Python gave anything that could lead back to
   them; it is 0, for Python zeroes and tracks what it allocates. What is computed inherits from
   its inputs; what was computed before is not told, hence set_note refuses. */
enum { TRACKED, UNTRACKED, LISTED };

#define EXACT_BELOW (1LL << 53) /* a float is the same whole number */
#define MOST_LISTED (1 << 20)
#define PLACES 256 /* of rows, by where their ops lie in memory; the number of rows is less */

static PyTypeObject *scalar_type, *value_type;
static PyObject *apply_in_python, *init_in_python, *current_scope, *float64;
static PyObject *keep_in_python, *explain_in_python;
static PyObject *no_params, *no_inputs, *word_apply;
static unsigned char row_at[PLACES];
static long long next_number;
static int scopes_exist; /* whether one was ever entered; to ask for the current one takes long */
static Scalar **listed;
static size_t listed_count, listed_room;
static Scalar *to_be_freed; /* linked by held, so that a chain is let go without recursion */
static int is_freeing;
static int is_running; /* a pass; one that a rule in Python begins is left to Python */

/* Rows */

static size_t place_of(PyObject *op) { return ((size_t)op >> 4) % PLACES; }

static int row_of(PyObject *op)
{
    size_t place = place_of(op);
    while (row_at[place] && ROWS[row_at[place]].op != op)
        place = (place + 1) % PLACES;
    return row_at[place];
}

/* The garbage collector */

static void unlist(Scalar *x)
{
    if (x->tracking == LISTED) {
        Scalar *last = listed[--listed_count];
        listed[x->place] = last;
        last->place = x->place;
        x->tracking = UNTRACKED;
    }
}

static void track(Scalar *x)
{
    if (x->tracking != TRACKED) {
        unlist(x);
        x->tracking = TRACKED;
        if (!PyObject_GC_IsTracked((PyObject *)x)) /* Python does so before it calls a __del__ */
            PyObject_GC_Track(x);
    }
}

static void track_all_listed(void)
{
    for (size_t k = listed_count; k > 0; k--) {
        Scalar *x = listed[k - 1];
        if (Py_REFCNT((PyObject *)x) > 0) /* else Python is about to free it */
            track(x);
    }
}

/* Called by core.py before full collections. */
static PyObject *track_listed(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    track_all_listed();
    return Py_NewRef(Py_None);
}

static void list_for_gc(Scalar *x)
{
    if (listed_count == MOST_LISTED)
        track_all_listed();
    if (listed_count == listed_room) {
        size_t room = listed_room ? 2 * listed_room : 1024;
        Scalar **larger = PyMem_Realloc(listed, room * sizeof *listed);
        if (!larger) {
            track(x);
            return;
        }
        listed = larger;
        listed_room = room;
    }
    x->tracking = LISTED;
    x->place = (unsigned int)listed_count;
    listed[listed_count++] = x;
}

/* Making nodes */

static int is_scalar(PyObject *x)
{
    return Py_TYPE(x) == value_type || PyObject_TypeCheck(x, scalar_type);
}

/* Read a plain operand: a Value, or what becomes a constant as it is. Python casts bool, float32
   and subclasses. */
static int read_plain(PyObject *x, double *number)
{
    if (Py_TYPE(x) == value_type) {
        *number = ((Scalar *)x)->data;
        return 1;
    }
    if (PyFloat_CheckExact(x) || (PyObject *)Py_TYPE(x) == float64) {
        *number = PyFloat_AsDouble(x);
        return 1;
    }
    if (PyLong_CheckExact(x)) {
        int beyond;
        long long whole = PyLong_AsLongLongAndOverflow(x, &beyond);
        *number = (double)whole;
        return !beyond && -EXACT_BELOW < whole && whole < EXACT_BELOW;
    }
    return 0;
}

static int take_id_and_scope(Scalar *x)
{
    x->id = next_number++;
    if (!scopes_exist)
        return 0;
    x->scope = PyObject_CallNoArgs(current_scope);
    if (!x->scope)
        return -1;
    if (x->scope == Py_None)
        Py_CLEAR(x->scope);
    return 0;
}

static Scalar *fresh(void)
{
    Scalar *x = PyObject_GC_New(Scalar, value_type);
    if (!x)
        return NULL;
    static const Scalar blank = {.tracking = UNTRACKED}; /* to copy it is faster than memset */
    memcpy(&x->data, &blank.data, sizeof blank - offsetof(Scalar, data));
    if (take_id_and_scope(x) < 0)
        Py_CLEAR(x);
    return x;
}

static void set_leaf(Scalar *leaf, PyObject *given, double number, int constant)
{
    leaf->data = number;
    leaf->constant = (unsigned char)constant;
    if (PyFloat_CheckExact(given))
        leaf->python.given_or_inputs = Py_NewRef(given);
}

static Scalar *operand(PyObject *x, double number)
{
    if (Py_TYPE(x) == value_type)
        return (Scalar *)Py_NewRef(x);
    Scalar *leaf = fresh();
    if (!leaf)
        return NULL;
    set_leaf(leaf, x, number, 1);
    if (leaf->scope)
        list_for_gc(leaf);
    return leaf;
}

/* Apply a row to plain operands, b NULL if there is one. NULL without an error set: Python is to do
   it. */
static PyObject *apply(int row, PyObject *a, PyObject *b)
{
    double args[2] = {0.0, 0.0};
    if (!read_plain(a, &args[0]) || (b && !read_plain(b, &args[1])))
        return NULL;
    double data = ROWS[row].value(args[0], args[1]);
    if (!isfinite(data))
        return NULL;
    Scalar *x = operand(a, args[0]);
    Scalar *y = x && b ? operand(b, args[1]) : NULL;
    Scalar *node = x && (y || !b) ? fresh() : NULL;
    if (!node) {
        Py_XDECREF((PyObject *)x);
        Py_XDECREF((PyObject *)y);
        return NULL;
    }
    node->data = data;
    node->row = (unsigned char)row;
    node->count = b ? 2 : 1;
    node->is_result = 1;
    node->inputs[0] = x;
    node->inputs[1] = y;
    node->args[0] = args[0];
    node->args[1] = args[1];
    node->constant = x->constant && (!y || y->constant);
    if (node->scope || x->tracking != UNTRACKED || (y && y->tracking != UNTRACKED)) {
        list_for_gc(node);
    } else {
        x->has_untracked = 1;
        if (y)
            y->has_untracked = 1;
    }
    return (PyObject *)node;
}

/* Apply a row as an operator or a method does. Subclasses may have an __apply_op__ of their own, so
   what is not plain looks it up. */
static PyObject *operate(int row, PyObject *a, PyObject *b, PyObject *params)
{
    PyObject *node = apply(row, a, b);
    if (node || PyErr_Occurred())
        return node;
    PyObject *operands = b ? PyTuple_Pack(2, a, b) : PyTuple_Pack(1, a);
    if (!operands)
        return NULL;
    PyObject *self = is_scalar(a) ? a : b;
    node = PyObject_CallMethodObjArgs(self, word_apply, ROWS[row].op, operands, params, NULL);
    Py_DECREF(operands);
    return node;
}

#define BINARY(name, row) \
    static PyObject *name(PyObject *a, PyObject *b) { return operate(row, a, b, no_params); }
#define UNARY(name, row) \
    static PyObject *name(PyObject *a) { return operate(row, a, NULL, no_params); }
#define METHOD(name, row)                             \
    static PyObject *name(PyObject *a, PyObject *none) \
    {                                                 \
        (void)none;                                   \
        return operate(row, a, NULL, ROWS[row].params); \
    }
BINARY(scalar_add, ROW_add)
BINARY(scalar_sub, ROW_sub)
BINARY(scalar_mul, ROW_mul)
BINARY(scalar_div, ROW_div)
UNARY(scalar_neg, ROW_neg)
UNARY(scalar_abs, ROW_abs)
METHOD(scalar_exp, ROW_exp)
METHOD(scalar_log, ROW_log)
METHOD(scalar_sqrt, ROW_sqrt)
METHOD(scalar_sigmoid, ROW_sigmoid)
METHOD(scalar_tanh, ROW_tanh)
METHOD(scalar_relu, ROW_relu)

static PyObject *scalar_pow(PyObject *a, PyObject *b, PyObject *modulus)
{
    if (modulus != Py_None)
        return Py_NewRef(Py_NotImplemented);
    return operate(ROW_pow, a, b, no_params);
}

/* __apply_op__(op, operands, params) */
static PyObject *scalar_apply_op(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 3) {
        PyErr_SetString(PyExc_TypeError, "call it as __apply_op__(op, operands, params)");
        return NULL;
    }
    PyObject *op = args[0], *operands = args[1], *params = args[2];
    int row = row_of(op), arity = ROWS[row].arity;
    if (row && (params == ROWS[row].params || (params == no_params && !ROWS[row].has_params)) &&
        PyTuple_CheckExact(operands) && PyTuple_Size(operands) == arity) {
        PyObject *a = PyTuple_GetItem(operands, 0);
        PyObject *node = apply(row, a, arity == 2 ? PyTuple_GetItem(operands, 1) : NULL);
        if (node || PyErr_Occurred())
            return node;
    }
    return PyObject_CallFunctionObjArgs(apply_in_python, self, op, operands, params, NULL);
}

/* Refuse to change what was computed. */
static int refuse_change(void)
{
    PyErr_SetString(PyExc_AttributeError, "what a node was computed from is not changed");
    return -1;
}

/* Whether nothing was set yet. */
static int is_fresh(Scalar *x)
{
    return !x->row && !x->python.given_or_inputs && !x->python.op && !x->python.params &&
           !x->name && !x->scope && !x->held && !x->reached;
}

static int init_by_python(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t count = PyTuple_Size(args);
    PyObject *all = PyTuple_New(count + 1);
    if (!all)
        return -1;
    PyTuple_SetItem(all, 0, Py_NewRef(self));
    for (Py_ssize_t k = 0; k < count; k++)
        PyTuple_SetItem(all, k + 1, Py_NewRef(PyTuple_GetItem(args, k)));
    PyObject *none = PyObject_Call(init_in_python, all, kwargs);
    Py_DECREF(all);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* Value(data), Value(data, constant=True); the rest is done by Node.__init__. */
static int scalar_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Scalar *x = (Scalar *)self;
    if (x->is_result)
        return refuse_change();
    PyObject *data = PyTuple_Size(args) == 1 ? PyTuple_GetItem(args, 0) : NULL;
    PyObject *constant = Py_False;
    if (kwargs)
        constant = PyDict_Size(kwargs) == 1 ? PyDict_GetItemString(kwargs, "constant") : NULL;
    double number;
    if (Py_TYPE(self) != value_type || !is_fresh(x) || !data || Py_TYPE(data) == value_type ||
        (constant != Py_False && constant != Py_True) || !read_plain(data, &number))
        return init_by_python(self, args, kwargs);
    set_leaf(x, data, number, constant == Py_True);
    if (take_id_and_scope(x) < 0)
        return -1;
    x->python.since = x->id;
    PyObject_GC_UnTrack(x); /* all that Python allocates is tracked */
    unlist(x);
    x->tracking = UNTRACKED;
    if (x->scope)
        list_for_gc(x);
    return 0;
}

/* The end of nodes */

static int scalar_traverse(PyObject *self, visitproc visit, void *arg)
{
    Scalar *x = (Scalar *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(x->name);
    Py_VISIT(x->scope);
    if (x->row) {
        Py_VISIT(x->inputs[0]);
        Py_VISIT(x->inputs[1]);
    } else {
        Py_VISIT(x->python.given_or_inputs);
        if (x->is_result)
            Py_VISIT(x->python.arg_tuple);
        Py_VISIT(x->python.op);
        Py_VISIT(x->python.params);
    }
    return 0;
}

/* Inputs and args are older than the node, and an op is cleared by its own class; so a cycle leads
   through one of these three. */
static int scalar_clear(PyObject *self)
{
    Scalar *x = (Scalar *)self;
    if (!x->row)
        Py_CLEAR(x->python.params);
    Py_CLEAR(x->name);
    Py_CLEAR(x->scope);
    return 0;
}

/* Clear a node that nobody refers to any more, and line it up to be freed. */
static void enqueue_free(Scalar *x)
{
    if (x->tracking == TRACKED)
        PyObject_GC_UnTrack(x);
    unlist(x);
    Py_CLEAR(x->name);
    Py_CLEAR(x->scope);
    Py_CLEAR(x->held);
    x->held = (PyObject *)to_be_freed;
    to_be_freed = x;
}

/* Give back a reference to an input. If it was the last one to a Value, that is lined up at once:
   scalar_dealloc would be reached by a detour, for Python prepares for subclasses, and puts off the
   freeing of deep chains. It is freed with a count of 1, for nobody can see it any more; a __del__
   that somebody put on Value itself is not called. */
static void release_input(Scalar *x)
{
    if (Py_TYPE((PyObject *)x) == value_type && Py_REFCNT((PyObject *)x) == 1)
        enqueue_free(x);
    else
        Py_DECREF((PyObject *)x);
}

static void scalar_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self); /* Python tracks what it brings here */
    enqueue_free((Scalar *)self);
    if (is_freeing)
        return;
    is_freeing = 1;
    for (Scalar *x; (x = to_be_freed);) {
        to_be_freed = (Scalar *)x->held;
        for (int k = 0; k < x->count; k++)
            release_input(x->inputs[k]);
        if (!x->row) {
            Py_XDECREF(x->python.given_or_inputs);
            if (x->is_result)
                Py_XDECREF(x->python.arg_tuple);
            Py_XDECREF(x->python.op);
            Py_XDECREF(x->python.params);
        }
        PyTypeObject *type = Py_TYPE((PyObject *)x);
        PyObject_GC_Del(x);
        Py_DECREF(type);
    }
    is_freeing = 0;
}

/* Attributes, as the slots of Node are without this file */

/* Whether an input holds the number that a row was computed from, and has held it since. */
static int is_still_there(Scalar *node, int k)
{
    Scalar *x = node->inputs[k];
    return !memcmp(&x->data, &node->args[k], sizeof x->data) &&
           (x->is_result || node->id >= x->python.since);
}

/* Find whose number a row handed on: in Python max(a, b) is one of a and b itself. It fills
   handed_on on the way, and gives NULL if there is an error. */
static Scalar *find_source(Scalar *x)
{
    while (!x->held && ROWS[x->row].hands_on) {
        PyObject *args = PyTuple_New(x->count);
        for (int k = 0; args && k < x->count; k++) {
            PyObject *number = PyFloat_FromDouble(x->args[k]);
            if (!number || PyTuple_SetItem(args, k, number) < 0)
                Py_CLEAR(args);
        }
        const Row *row = &ROWS[x->row];
        PyObject *result = args ? PyObject_Call(row->scalar, args, row->params) : NULL;
        unsigned char handed_on = 0;
        for (int k = 0; result && k < x->count; k++)
            if (result == PyTuple_GetItem(args, k) && is_still_there(x, k))
                handed_on = (unsigned char)(k + 1);
        x->handed_on = handed_on;
        if (result && !handed_on && !x->held) /* the call lets others in, which may have set it */
            x->held = Py_NewRef(result);
        Py_XDECREF(args);
        Py_XDECREF(result);
        if (!result)
            return NULL;
        if (!handed_on)
            break;
        x = x->inputs[handed_on - 1];
    }
    return x;
}

/* Give the float that stands for the data of a node in Python. It is the same object each time:
   where somebody writes Value(x.data), a tape of x knows by that very object that the number came
   out of its graph, and refuses. So all that handed on a number hold the object of its source. */
static PyObject *held_object(Scalar *x)
{
    Scalar *source = find_source(x);
    if (!source)
        return NULL;
    if (!source->held)
        source->held = PyFloat_FromDouble(source->data);
    PyObject *found = Py_XNewRef(source->held);
    for (; found && x != source; x = x->inputs[x->handed_on - 1]) {
        if (!x->held)
            x->held = Py_NewRef(found);
        if (!x->handed_on) /* another thread came between */
            break;
    }
    return found;
}

static PyObject *get_held(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    return x->held ? Py_NewRef(x->held) : held_object(x);
}

static int set_held(PyObject *self, PyObject *to, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    double number = to ? PyFloat_AsDouble(to) : 0.0;
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    x->data = number;
    if (!x->is_result)
        x->python.since = next_number;
    PyObject *before = x->held;
    x->held = to && PyFloat_CheckExact(to) ? Py_NewRef(to) : NULL;
    Py_XDECREF(before);
    return 0;
}

static PyObject *get_grad(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    return x->reached ? PyFloat_FromDouble(x->grad) : Py_NewRef(Py_None);
}

static int set_grad(PyObject *self, PyObject *to, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!to || to == Py_None) {
        x->reached = 0;
        return 0;
    }
    double number = PyFloat_AsDouble(to);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    x->grad = number;
    x->reached = 1;
    return 0;
}

static PyObject *get_constant(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    return PyBool_FromLong(x->constant);
}

static int set_constant(PyObject *self, PyObject *to, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    int is_true = to ? PyObject_IsTrue(to) : 0;
    if (is_true >= 0)
        x->constant = (unsigned char)is_true;
    return is_true < 0 ? -1 : 0;
}

/* Whether Python may say what a node was computed from: not while a pass goes through it. */
static int may_change(Scalar *x) { return !x->row && !(x->is_result && x->is_on_way); }

static void become_result(Scalar *x)
{
    if (!x->is_result) {
        Py_CLEAR(x->python.given_or_inputs);
        x->python.arg_tuple = NULL;
        x->is_result = 1;
    }
}

static PyObject *get_op(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    PyObject *op = x->row ? ROWS[x->row].op : x->python.op;
    return Py_NewRef(op ? op : Py_None);
}

static PyObject *get_params(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    PyObject *params = x->row ? ROWS[x->row].params : x->python.params;
    return Py_NewRef(params ? params : no_params);
}

static void put(PyObject **field, PyObject *to)
{
    PyObject *before = *field;
    *field = Py_XNewRef(to);
    Py_XDECREF(before);
}

static int set_op(PyObject *self, PyObject *to, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!to || !may_change(x))
        return refuse_change();
    if (to != Py_None)
        become_result(x);
    put(&x->python.op, to == Py_None ? NULL : to);
    track(x);
    return 0;
}

static int set_params(PyObject *self, PyObject *to, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!to || !may_change(x))
        return refuse_change();
    put(&x->python.params, to == no_params ? NULL : to);
    track(x);
    return 0;
}

/* name and scope, NULL where there is none */
static PyObject *get_note(PyObject *self, void *place)
{
    PyObject *note = *(PyObject **)(void *)((char *)self + (size_t)place);
    return Py_NewRef(note ? note : Py_None);
}

/* Keep a name or a scope. What may lead back to the node comes before what is UNTRACKED is computed
   from it: the collector could not see a cycle through that. */
static int set_note(PyObject *self, PyObject *to, void *place)
{
    Scalar *x = (Scalar *)self;
    int leads_back = to && PyType_HasFeature(Py_TYPE(to), Py_TPFLAGS_HAVE_GC);
    if (leads_back && x->has_untracked) {
        PyErr_SetString(PyExc_AttributeError, "name and scope are set before a node is used, but "
                                              "for a name that is a plain str");
        return -1;
    }
    put((PyObject **)(void *)((char *)self + (size_t)place), to == Py_None ? NULL : to);
    if (leads_back)
        track(x);
    return 0;
}

static PyObject *get_given(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!x->is_result)
        return Py_NewRef(x->python.given_or_inputs ? x->python.given_or_inputs : Py_None);
    PyErr_SetString(PyExc_AttributeError, "_given"); /* as a slot that was not filled */
    return NULL;
}

static int set_given(PyObject *self, PyObject *to, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!to || x->is_result)
        return refuse_change();
    put(&x->python.given_or_inputs, to == Py_None ? NULL : to);
    return 0;
}

static PyObject *get_inputs(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!x->row) {
        PyObject *inputs = x->is_result ? x->python.given_or_inputs : NULL;
        return Py_NewRef(inputs ? inputs : no_inputs);
    }
    return x->count == 1 ? PyTuple_Pack(1, x->inputs[0])
                         : PyTuple_Pack(2, x->inputs[0], x->inputs[1]);
}

static PyObject *get_args(PyObject *self, void *closure)
{
    Scalar *x = (Scalar *)self;
    (void)closure;
    if (!x->row)
        return Py_NewRef(x->is_result && x->python.arg_tuple ? x->python.arg_tuple : no_inputs);
    PyObject *args = PyTuple_New(x->count);
    for (int k = 0; args && k < x->count; k++) {
        PyObject *number = is_still_there(x, k) ? get_held((PyObject *)x->inputs[k], NULL)
                                                : PyFloat_FromDouble(x->args[k]);
        if (!number || PyTuple_SetItem(args, k, number) < 0)
            Py_CLEAR(args);
    }
    return args;
}

/* Keep inputs or args of what Python computed; those of a leaf are empty, and not kept. */
static int keep_tuple(Scalar *x, PyObject **field, PyObject *to)
{
    if (!to || !PyTuple_Check(to) || !may_change(x))
        return refuse_change();
    if (!x->is_result && !PyTuple_Size(to))
        return 0;
    become_result(x);
    put(field, to);
    track(x);
    return 0;
}

static int set_inputs(PyObject *self, PyObject *to, void *closure)
{
    (void)closure;
    return keep_tuple((Scalar *)self, &((Scalar *)self)->python.given_or_inputs, to);
}

static int set_args(PyObject *self, PyObject *to, void *closure)
{
    (void)closure;
    return keep_tuple((Scalar *)self, &((Scalar *)self)->python.arg_tuple, to);
}

/* The pass back

   It goes through results from the latest to the first, as Python does: the order in which adjoints
   are added decides how their sum is rounded. Nothing is sorted. A node is entered at the latest of
   those that it is an input of, and so before its turn. Results that were entered stand in a
   window, an array with a place for each of so many ids. Those of lower ids wait; when the window
   is empty, it moves down to them.

   The pass borrows all nodes: the caller holds the output, inputs of rows never change, and those
   of what Python computed do not while `is_on_way` is set.

   Functions that give an int give 0 if the pass cannot go on: with an error set it has failed,
   else it is for Python to do. */

typedef struct {
    Scalar *node;
    double old_grad;
} Entered;

typedef struct {
    Scalar *node;
    long long id; /* when it was entered, for a rule in Python may set another */
} Waiting;

typedef struct {
    Entered *entered;
    size_t entered_count, entered_room;
    int is_complete; /* whether nothing is left to be entered */
    int is_finite;   /* whether all that flowed is known to be */
    Scalar **window;
    size_t width, in_window; /* how many places it has, and how many are taken */
    long long first, end;    /* the id of its first place; ids from here on are done */
    Waiting *waiting;
    size_t waiting_count, waiting_room;
} Way;

static int run_pass(Way *way, Scalar *output, double seed);
static int are_leaves_finite(Way *way);
static void settle(Way *way, int done);
static int move_window(Way *way);
static int flow_by_row(Way *way, Scalar *node);
static int flow_by_python(Way *way, Scalar *node);
static void flow(Way *way, Scalar *x, double passed);
static int enter(Way *way, Scalar *x);
static int enter_rest(Way *way, Scalar *node);
static int enter_inputs(Way *way, Scalar *node);
static int put_in_window(Way *way, Scalar *x, long long id);
static void *with_room(void *array, size_t count, size_t *room, size_t size);

/* sweep(output, seed): whether the pass was done; if not, or if there is an error, no grad has
   changed. */
static PyObject *sweep(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    double seed;
    if (is_running || count != 2 || !is_scalar(args[0]) || Py_TYPE(args[1]) == value_type ||
        !read_plain(args[1], &seed))
        return Py_NewRef(Py_False);
    if (((Scalar *)args[0])->constant) /* Python explains it */
        return Py_NewRef(Py_False);
    Way way = {.is_finite = 1, .first = LLONG_MAX, .end = LLONG_MAX};
    is_running = 1;
    int done = run_pass(&way, (Scalar *)args[0], seed);
    if (done && !way.is_finite && !are_leaves_finite(&way)) {
        Py_XDECREF(PyObject_CallFunction(explain_in_python, "Od", args[0], seed));
        done = 0;
    }
    settle(&way, done);
    is_running = 0;
    return PyErr_Occurred() ? NULL : PyBool_FromLong(done);
}

/* Sum adjoints in grad itself, as Python does. */
static int run_pass(Way *way, Scalar *output, double seed)
{
    if (!enter(way, output))
        return 0;
    flow(way, output, seed);
    while (way->waiting_count) {
        if (!move_window(way))
            return 0;
        while (way->in_window) {
            Scalar **place = &way->window[--way->end - way->first], *node = *place;
            if (!node)
                continue;
            *place = NULL;
            way->in_window--;
            if (!(node->row ? flow_by_row(way, node) : flow_by_python(way, node)))
                return 0;
        }
    }
    return 1;
}

static int are_leaves_finite(Way *way)
{
    for (size_t k = 0; k < way->entered_count; k++) {
        Scalar *x = way->entered[k].node;
        if (!x->is_result && x->reached && !isfinite(x->grad))
            return 0;
    }
    return 1;
}

/* End the pass: leaves add what they had before; if it was not done, all is as it was. */
static void settle(Way *way, int done)
{
    for (size_t k = 0; k < way->entered_count; k++) {
        Scalar *x = way->entered[k].node;
        x->is_on_way = 0;
        if (done && x->is_result)
            continue;
        if (!done || !x->reached) {
            x->grad = way->entered[k].old_grad;
            x->reached = x->was_reached;
        } else if (x->was_reached) {
            x->grad += way->entered[k].old_grad;
        }
    }
    PyMem_Free(way->entered);
    PyMem_Free(way->window);
    PyMem_Free(way->waiting);
}

/* Move the window down, so that it ends with the latest of those that wait. It is at least as wide
   as they are many: to look at all of them takes no longer than to go through it, and a pass no
   longer than in proportion to its nodes, or to the span of their ids. */
static int move_window(Way *way)
{
    if (way->width < way->waiting_count) {
        PyMem_Free(way->window);
        way->width = way->waiting_count < 16 ? 64 : 4 * way->waiting_count;
        way->window = PyMem_Calloc(way->width, sizeof *way->window);
        if (!way->window)
            return 0;
    }
    long long last = 0;
    for (size_t k = 0; k < way->waiting_count; k++)
        if (way->waiting[k].id > last)
            last = way->waiting[k].id;
    way->end = last + 1;
    way->first = way->end - (long long)way->width;
    size_t kept = 0;
    for (size_t k = 0; k < way->waiting_count; k++) {
        Waiting next = way->waiting[k];
        if (next.id < way->first)
            way->waiting[kept++] = next;
        else if (!put_in_window(way, next.node, next.id))
            return 0;
    }
    way->waiting_count = kept;
    return 1;
}

/* Let the adjoint of what a row computed flow to its inputs. */
static int flow_by_row(Way *way, Scalar *node)
{
    const Row *row = &ROWS[node->row];
    double passed[2] = {0.0, 0.0};
    for (int k = 0; k < node->count; k++) {
        if (node->inputs[k]->constant)
            continue;
        if (!enter(way, node->inputs[k]))
            return 0;
        if (!node->reached || row->rules[k] == no_flow)
            continue;
        passed[k] = NAN;
        if (row->rules[k])
            passed[k] = row->rules[k](node->grad, node->data, node->args[0], node->args[1]);
    }
    if (!node->reached)
        return 1;
    if (!isfinite(passed[0]) || !isfinite(passed[1])) /* Python knows whether it is an error */
        return flow_by_python(way, node);
    for (int k = 0; k < node->count; k++)
        if (!node->inputs[k]->constant && row->rules[k] != no_flow)
            flow(way, node->inputs[k], passed[k]);
    return 1;
}

/* Let Python do the same: keep_floats of backward.py. */
static int flow_by_python(Way *way, Scalar *node)
{
    if (!way->is_complete && !enter_rest(way, node))
        return 0;
    if (!node->reached)
        return 1;
    way->is_finite = 0;
    PyObject *nodes = PyTuple_Pack(1, node);
    PyObject *none = nodes ? PyObject_CallFunctionObjArgs(keep_in_python, nodes, NULL) : NULL;
    Py_XDECREF(nodes);
    Py_XDECREF(none);
    return none != NULL;
}

/* Add to an adjoint. */
static void flow(Way *way, Scalar *x, double passed)
{
    x->grad = x->reached ? x->grad + passed : passed;
    x->reached = 1;
    if (!isfinite(x->grad))
        way->is_finite = 0;
}

/* Keep and forget the grad of a node, and let it wait for its turn. */
static int enter(Way *way, Scalar *x)
{
    if (x->is_on_way || way->is_complete)
        return 1;
    Entered *entered =
        with_room(way->entered, way->entered_count, &way->entered_room, sizeof *entered);
    if (!entered)
        return 0;
    way->entered = entered;
    entered[way->entered_count++] = (Entered){x, x->grad};
    x->was_reached = x->reached;
    x->reached = 0;
    x->is_on_way = 1;
    if (!x->is_result)
        return 1;
    if (x->id < 0 || x->id >= way->end) /* somebody changed ids */
        return 0;
    if (x->id >= way->first)
        return put_in_window(way, x, x->id);
    Waiting *waiting =
        with_room(way->waiting, way->waiting_count, &way->waiting_room, sizeof *waiting);
    if (!waiting)
        return 0;
    way->waiting = waiting;
    waiting[way->waiting_count++] = (Waiting){x, x->id};
    return 1;
}

/* Enter all that is left, before the first rule of Python runs, which may read and set grads: in
   Python, too, all were kept and forgotten by then. Inputs have lower ids than what was computed
   from them, so none that is entered here stands where this has looked already. */
static int enter_rest(Way *way, Scalar *node)
{
    if (!enter_inputs(way, node))
        return 0;
    for (long long id = way->end; id > way->first; id--) {
        node = way->window[id - 1 - way->first];
        if (node && !enter_inputs(way, node))
            return 0;
    }
    for (size_t k = 0; k < way->waiting_count; k++)
        if (!enter_inputs(way, way->waiting[k].node))
            return 0;
    way->is_complete = 1;
    return 1;
}

static int enter_inputs(Way *way, Scalar *node)
{
    PyObject *inputs = node->row ? NULL : node->python.given_or_inputs;
    Py_ssize_t count = inputs ? PyTuple_Size(inputs) : node->count;
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *input = inputs ? PyTuple_GetItem(inputs, k) : (PyObject *)node->inputs[k];
        Scalar *x = (Scalar *)input;
        if (!is_scalar(input) || (x->is_result && x->id >= node->id))
            return 0;
        if (!x->constant && !enter(way, x))
            return 0;
    }
    return 1;
}

/* 0: two nodes have the same id. */
static int put_in_window(Way *way, Scalar *x, long long id)
{
    Scalar **place = &way->window[id - way->first];
    if (*place)
        return 0;
    *place = x;
    way->in_window++;
    return 1;
}

/* Make room for one more in an array. */
static void *with_room(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    size_t more = *room ? 2 * *room : 32;
    void *moved = PyMem_Realloc(array, more * size);
    if (moved)
        *room = more;
    return moved;
}

/* The module */

static PyObject *next_id(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    return PyLong_FromLongLong(next_number++);
}

/* Called by scope.py before the first scope is entered. */
static PyObject *expect_scopes(PyObject *module, PyObject *none)
{
    (void)module, (void)none;
    scopes_exist = 1;
    return Py_NewRef(Py_None);
}

/* serve(Value, OPS, Node.__init__, current_scope, keep_floats, explain, NO_PARAMS, numpy.float64):
   stand in for Value.__apply_op__ from now on, and keep it for what is not plain. Called once. */
static PyObject *serve(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *value, *ops, *init, *scope, *keep, *explain, *params, *kind;
    if (!PyArg_ParseTuple(args, "OOOOOOOO", &value, &ops, &init, &scope, &keep, &explain, &params,
                          &kind))
        return NULL;
    memset(row_at, 0, sizeof row_at);
    for (int row = 1; row < (int)(sizeof ROWS / sizeof *ROWS); row++) {
        PyObject *op = ROWS[row].op = PyMapping_GetItemString(ops, ROWS[row].name);
        if (!op || !(ROWS[row].params = PyObject_GetAttrString(op, "defaults")) ||
            !(ROWS[row].scalar = PyObject_GetAttrString(op, "scalar")))
            return NULL;
        ROWS[row].has_params = PyDict_Size(ROWS[row].params) > 0;
        size_t place = place_of(op);
        while (row_at[place])
            place = (place + 1) % PLACES;
        row_at[place] = (unsigned char)row;
    }
    apply_in_python = PyObject_GetAttr(value, word_apply);
    if (!apply_in_python || PyObject_SetAttr(value, word_apply, NULL) < 0)
        return NULL;
    value_type = (PyTypeObject *)Py_NewRef(value);
    init_in_python = Py_NewRef(init);
    current_scope = Py_NewRef(scope);
    keep_in_python = Py_NewRef(keep);
    explain_in_python = Py_NewRef(explain);
    no_params = Py_NewRef(params);
    float64 = Py_NewRef(kind);
    return Py_NewRef(Py_None);
}

static PyGetSetDef attributes[] = {
    {"_given", get_given, set_given, NULL, NULL},
    {"_grad", get_grad, set_grad, NULL, NULL},
    {"_held", get_held, set_held, NULL, NULL},
    {"args", get_args, set_args, NULL, NULL},
    {"constant", get_constant, set_constant, NULL, NULL},
    {"inputs", get_inputs, set_inputs, NULL, NULL},
    {"name", get_note, set_note, NULL, (void *)offsetof(Scalar, name)},
    {"op", get_op, set_op, NULL, NULL},
    {"params", get_params, set_params, NULL, NULL},
    {"scope", get_note, set_note, NULL, (void *)offsetof(Scalar, scope)},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"id", T_LONGLONG, offsetof(Scalar, id), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyMethodDef methods[] = {
    {"__apply_op__", (PyCFunction)(void (*)(void))scalar_apply_op, METH_FASTCALL, NULL},
    {"exp", scalar_exp, METH_NOARGS, "exp($self, /)\n--\n\n"},
    {"log", scalar_log, METH_NOARGS, "log($self, /)\n--\n\n"},
    {"relu", scalar_relu, METH_NOARGS, "relu($self, /)\n--\n\n"},
    {"sigmoid", scalar_sigmoid, METH_NOARGS, "sigmoid($self, /)\n--\n\n"},
    {"sqrt", scalar_sqrt, METH_NOARGS, "sqrt($self, /)\n--\n\n"},
    {"tanh", scalar_tanh, METH_NOARGS, "tanh($self, /)\n--\n\n"},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_init, scalar_init},
    {Py_tp_dealloc, scalar_dealloc},
    {Py_tp_traverse, scalar_traverse},
    {Py_tp_clear, scalar_clear},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {Py_tp_methods, methods},
    {Py_nb_add, scalar_add},
    {Py_nb_subtract, scalar_sub},
    {Py_nb_multiply, scalar_mul},
    {Py_nb_true_divide, scalar_div},
    {Py_nb_power, scalar_pow},
    {Py_nb_negative, scalar_neg},
    {Py_nb_absolute, scalar_abs},
    {0, NULL},
};

static PyType_Spec spec = {
    "autograd.engine._core.Scalar",
    sizeof(Scalar),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    slots,
};

static PyMethodDef functions[] = {
    {"expect_scopes", expect_scopes, METH_NOARGS, NULL},
    {"track_listed", track_listed, METH_NOARGS, NULL},
    {"next_id", next_id, METH_NOARGS, NULL},
    {"serve", serve, METH_VARARGS, NULL},
    {"sweep", (PyCFunction)(void (*)(void))sweep, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "autograd.engine._core", NULL, -1, functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__core(void)
{
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0) {
        PyErr_SetString(PyExc_ImportError, "it serves one interpreter, the main one");
        return NULL;
    }
    PyObject *module = PyModule_Create(&definition);
    scalar_type = (PyTypeObject *)PyType_FromSpec(&spec);
    no_inputs = PyTuple_New(0);
    word_apply = PyUnicode_InternFromString("__apply_op__");
    if (!module || !scalar_type || !no_inputs || !word_apply ||
        PyModule_AddObjectRef(module, "Scalar", (PyObject *)scalar_type) < 0 ||
        PyModule_AddStringConstant(module, "SOURCES", SOURCES) < 0)
        return NULL;
    return module;
}
