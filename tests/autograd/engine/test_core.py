"""Values in C: used where they may be, and as careful with memory as those in Python."""

import copy
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import weakref
from pathlib import Path

import pytest
from core_rows import FILE, text
from in_python import InPython, needs_core

from autograd import (
    DomainError,
    Each,
    GraphError,
    Op,
    Scope,
    Tape,
    Value,
    gradients,
    relu,
    step,
    trace,
)
from autograd.engine import IMPLEMENTATION, core, set_grads
from autograd.ops import NO_PARAMS
from autograd.ops.op import _table, withdraw

ROOT = Path(__file__).parents[3]
HAS_CORE = any(path.suffix in (".so", ".pyd") for path in FILE.parent.iterdir())


def child(code, **variables):
    """What a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "STEPGRAD_PURE": "", **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Who is used


def test_the_formulas_in_c_are_those_of_the_table():
    assert FILE.read_text("ascii") == text(), "run `make rows`"


def test_c_is_used_where_it_was_built():
    is_pure = os.environ.get("STEPGRAD_PURE", "0") not in ("", "0")
    assert (IMPLEMENTATION == "C") == (HAS_CORE and not is_pure), IMPLEMENTATION


SAY = "from autograd.engine import IMPLEMENTATION; print(IMPLEMENTATION)"


def test_python_is_used_where_it_is_asked_for():
    assert child(SAY, STEPGRAD_PURE="1") == "Python, for STEPGRAD_PURE is set"


@needs_core
def test_a_core_that_was_built_from_other_files_is_not_used(monkeypatch):
    monkeypatch.setattr(core, "sources_sum", lambda: "another")
    why = "the table, or the core in C itself, was edited since that was built"
    assert core._loaded() == (None, why)
    monkeypatch.undo()
    assert core._loaded()[1] == ""


def test_without_the_core_its_absence_is_told(monkeypatch):
    monkeypatch.setenv("STEPGRAD_PURE", "0")
    monkeypatch.setitem(sys.modules, "autograd.engine._core", None)
    found, why = core._loaded()
    assert found is None
    assert why.startswith("the core in C is not there: ")


@needs_core
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the module has another name")
def test_another_interpreter_is_refused():
    """NumPy refuses it before, hence the file is loaded by itself."""
    file = core._core.__file__
    code = f"""
import _xxsubinterpreters as interpreters
code = '''
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("_core", {file!r})
try:
    module_from_spec(spec)
except ImportError as error:
    print(error)
'''
interpreters.run_string(interpreters.create(), code)
"""
    said = child(code)
    assert said == "it serves one interpreter, the main one" or "subinterpreters" in said


# What is handed to Python


def test_subclasses_keep_what_they_have():
    class Named(Value):
        def __init__(self, data, **kind):
            super().__init__(data, **kind)
            self.note = "mine"

        def __add__(self, other):
            return "added"

    x = Named(2.0, name="x")
    assert (x.note, x + 1, x.name, x.data) == ("mine", "added", "x", 2.0)
    y = x * x
    y.backward()
    assert (type(y), y.inputs, x.grad) == (Value, (x, x), 4.0)
    assert copy.copy(x).data == 2.0


def test_nodes_are_copied_and_pickled():
    x = Value(2.0, name="x")
    y = x * 3
    y.backward()
    again = pickle.loads(pickle.dumps(x))
    assert (again.data, again.name, again.grad, again.constant) == (2.0, "x", 3.0, False)
    result = copy.deepcopy(y)
    assert (result.data, result.op, result.constant) == (6.0, None, True)


def test_a_row_is_given_all_its_params():
    x = Value(2.0)
    with pytest.raises(TypeError, match="at_zero"):
        x.__apply_op__(relu, (x,), NO_PARAMS)
    assert x.__apply_op__(relu, (x,), {"at_zero": 0.0}).data == 2.0


def test_a_leaf_can_be_made_anew():
    x = Value(1.0, name="x")
    set_grads([x], [2.0])
    x.__init__(5)
    assert (x.data, x.name, x.reached, x.inputs, x.args) == (5.0, None, False, (), ())


def test_a_leaf_of_a_scope_can_be_made_anew():
    with Scope("s"):
        leaves = [Value(3) for _ in range(200)]
    for leaf in leaves:
        del leaf.scope
        leaf.__init__(5)
    assert {leaf.data for leaf in leaves} == {5.0}
    del leaf, leaves
    gc.collect()  # which once looked at those that were freed


def test_ids_may_lie_far_apart():
    a = Value(1.0)
    b = a * 2
    c = b * 3
    b.id, c.id = -(2**63), 2**63 - 1
    c.backward()
    assert a.grad == 6.0


@needs_core
def test_who_changed_ids_gets_a_pass_of_python():
    a = Value(1.0)
    b, c = a * 2, a * 3
    d = b * c
    for ids in (5, 5, 6), (6, 5, 6), (-1, 5, 6), (5, 6, 2**63 - 1):
        b.id, c.id, d.id = ids
        assert not core.sweep(d, 1.0)
        assert [node.reached for node in (a, b, c, d)] == [False] * 4
    b.id, c.id, d.id = 5, 6, 7
    assert core.sweep(d, 1.0)
    assert (a.grad, b.grad, c.grad) == (12.0, 3.0, 2.0)


@pytest.mark.parametrize("id", [-1000, 0, 2**63 - 1])
def test_a_rule_may_change_ids_of_nodes_that_wait(ops, id):
    """A pass goes by the ids that there were when it began."""

    def renames(g, y, x):
        early.id = id
        return g

    x = Value(1.0)
    early = x * 3.0
    for _ in range(3_000):
        Value(0.0)
    (ops("renaming", renames)(x * 2.0) + early).backward()
    assert x.grad == 5.0


@pytest.mark.parametrize("enter", ["with s:", "with entered(s):"])
def test_the_first_scope_is_noticed(enter):
    code = f"""
from autograd import Scope, Value
from autograd.engine.scope import entered
x, s = Value(1.0), Scope("s")
{enter}
    y = x * 2
print([node.scope and node.scope.name for node in (x, y, y.inputs[1], y * 3)])
"""
    assert child(code) == "[None, 's', 's', None]"


def test_what_is_given_to_a_leaf_is_checked():
    for wrong in ("1", None, [1.0], 1j):
        with pytest.raises(TypeError, match="Value: got"):
            Value(wrong)
    with pytest.raises(TypeError, match="got 2 arguments"):
        Value(1.0, 2.0)
    assert [Value(x).data for x in (True, 10**300, 2**53 + 1)] == [1.0, 1e300, 2.0**53]


def test_a_number_that_was_taken_out_is_found_again():
    """A tape tells numbers apart by their objects, so there is one for each node."""
    x = Value(2.0)
    y = x * 3
    assert x.data is x.data
    assert y.data is y.data
    assert y.args[0] is x.data
    assert relu(x).data is x.data  # as in Python, where max(x, 0.0) is x
    assert step(x).data is step(Value(7.0)).data
    held = x.data
    x.data = 5.0
    assert (y.args[0], x.data, y.args[0] is held) == (2.0, 5.0, True) or IMPLEMENTATION == "C"
    with pytest.raises(GraphError, match="was made of the number of"):
        Tape([y + Value(y.data)], inputs=[x])


def test_a_number_that_was_set_anew_is_another():
    x = Value(1.0)
    before = x * 2.0, relu(x)
    assert x.data == 1.0
    x.data = 5.0
    x.data = float("1.0")
    assert before[0].args[0] is not x.data
    assert before[1].data is not x.data
    assert (x * 2.0).args[0] is relu(x).data is x.data
    z = Value(1)
    before = z * 2.0
    z.__init__(1)
    assert before.args[0] is not z.data


@needs_core
def test_no_memory_for_a_number_is_an_error():
    """Memory is refused at each place in turn."""
    pytest.importorskip("_testcapi")
    assert (
        child("""
from _testcapi import remove_mem_hooks, set_nomemory
from autograd import Value, maximum, relu

def outcome(allowed):
    x = Value(2.0 + allowed)
    y = maximum(relu(x * 1.5), x)
    floats = [k + 0.25 for k in range(300)]  # none is free to be used again
    try:
        set_nomemory(allowed)
        try:
            return y.data
        finally:
            remove_mem_hooks()
    except MemoryError:
        return None

found = [outcome(allowed) for allowed in range(40)]
print(found[0], found[-1])
""")
        == "None 61.5"
    )


def test_a_long_chain_of_equal_numbers_gives_one_object():
    x = Value(2.0)
    y = x
    for _ in range(20_000):
        y = relu(y)
    assert all(node.data is x.data for node in trace(y))


# Passes


@pytest.fixture
def ops():
    before = set(_table)
    yield lambda name, *rules: Op(
        name=name, forward=lambda x: x * 1.0, vjps=rules, latex="{0}", doc="The same number."
    )
    for name in set(_table) - before:
        del _table[name]


def grown(x, op):
    """A graph with something in front of an op, and something behind it."""
    return (op(x * 2.0) + x).tanh()


def test_a_rule_that_fails_changes_nothing(ops):
    def fails(g, y, x):
        raise LookupError("no slope today")

    x = Value(0.5)
    set_grads([x], [7.0])
    y = grown(x, ops("failing", fails))
    for _ in range(2):
        with pytest.raises(LookupError, match="today") as caught:
            y.backward()
        assert caught.value.__notes__ == [
            "This happened in a rule of the op failing, during a backward pass."
        ]
    assert [node.reached for node in trace(y)].count(True) == 1
    assert x.grad == 7.0


def test_a_pass_can_be_stopped(ops):
    def stops(g, y, x):
        raise KeyboardInterrupt

    x = Value(0.5)
    with pytest.raises(KeyboardInterrupt):
        grown(x, ops("stopping", stops)).backward()
    assert not x.reached
    (x * x).backward()  # nothing is left behind that would be in the way
    assert x.grad == 1.0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such signals")
def test_an_exception_of_a_signal_ends_the_pass(ops):
    class Late(Exception):
        pass

    def too_late(*_):
        raise Late

    def waits(g, y, x):
        time.sleep(0.5)
        return g

    x = Value(0.5)
    set_grads([x], [7.0])
    y = grown(x, ops("waiting", waits))
    before = signal.signal(signal.SIGALRM, too_late)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(Late):
            y.backward()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert x.grad == 7.0


def test_an_op_of_no_operands_gives_a_result():
    op = Op(
        name="sum of none",
        forward=lambda *xs: sum(xs) + 3.0,
        vjps=Each(lambda i, g, y, *xs: g),
        latex="{0}",
        doc="Their sum and 3.",
    )
    withdraw([op])
    x = Value(1.0)
    y = x.__apply_op__(op, (), NO_PARAMS)
    assert (y.data, y.op, y.inputs, y.args, hasattr(y, "_given")) == (3.0, op, (), (), False)
    y.constant = False
    for _ in range(2):
        (y * x).backward()
    assert (y.grad, x.grad) == (1.0, 6.0)


def test_a_rule_may_begin_a_pass(ops):
    other = Value(3.0)

    def nested(g, y, x):
        (other * other).backward()
        return g * other.grad

    x = Value(0.5)
    ops("nested", nested)(x * 2.0).backward()
    assert (other.grad, x.grad) == (6.0, 12.0)


def test_a_rule_that_takes_a_graph_apart_ends_the_pass(ops):
    x = Value(0.5)

    def cuts(g, y, a):
        twice.inputs = ()
        return g

    twice = x * 2.0
    y = ops("cutting", cuts)(twice)
    with pytest.raises((AttributeError, ValueError)):
        y.backward()
    assert not x.reached


def test_what_was_made_a_constant_since_is_passed_by():
    x, k = Value(2.0), Value(3.0)
    y = x * k
    k.constant = True
    y.backward()
    assert (x.grad, k.reached) == (3.0, False)


@needs_core
def test_what_was_computed_is_not_changed():
    x = Value(2.0)
    y = relu(x * 3)
    for name in ("op", "params", "inputs", "args", "_given"):
        with pytest.raises(AttributeError):
            setattr(y, name, getattr(x, name))
    assert (y.op, y.params, y.args, hasattr(y, "_given")) == (relu, {"at_zero": 0.0}, (6.0,), False)


@needs_core
def test_what_python_computed_is_not_changed_while_a_pass_goes_through_it(ops):
    def cuts(g, y, a):
        for name, empty in ("inputs", ()), ("args", ()), ("op", None), ("params", {}):
            with pytest.raises(AttributeError, match="what a node was computed from"):
                setattr(inside, name, empty)
        return g

    x = Value(0.5)
    inside = ops("inside", lambda g, y, x: g)(x * 2.0)
    ops("cutting", cuts)(inside * 1.0).backward()
    assert x.grad == 2.0


@needs_core
def test_a_result_is_not_made_anew(ops):
    x = Value(2.0)
    for y in x * 3.0, ops("made by Python", lambda g, y, x: g)(x):
        held = y.data, y.op, y.inputs, y.args, y.id
        with pytest.raises(AttributeError, match="what a node was computed from is not changed"):
            y.__init__(5.0)
        assert (y.data, y.op, y.inputs, y.args, y.id) == held


def test_a_rule_may_make_a_leaf_anew(ops):
    def renews(g, y, a):
        x.__init__(5.0, name="anew")
        return g

    x = Value(0.5)
    y = ops("renewing", renews)(x * 2.0) + x
    y.backward()
    assert (x.data, x.name, x.grad) == (5.0, "anew", 2.0)  # what had flowed is gone


def test_threads_share_leaves():
    x = Value(2.0)
    failures = []

    def work():
        try:
            for k in range(300):
                y = x
                for _ in range(20):
                    y = y * 1.0 + k
                y.backward()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, x.grad) == ([], 1200.0)


# Memory


def test_deep_graphs_need_no_stack():
    done = []

    def work():
        x = Value(0.5)
        y = x
        for _ in range(30_000):
            y = y * 1.0000001 + 1e-9
        y.backward()
        done.append(x.reached)
        kept = y.inputs[0]
        del y
        del kept

    before = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert done == [True]


def chain(length):
    x, scale, shift = Value(0.5), Value(1.0001), Value(1e-4)
    for _ in range(length // 2):
        x = x * scale + shift
    return x


@needs_core
def test_a_node_takes_at_most_150_bytes():
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        y = chain(10_000)
        after, _ = tracemalloc.get_traced_memory()
        del y
        gone, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 10_000 <= 150
    assert gone - before < 10_000


def used(x):
    """Do all that can be done to some nodes."""
    y = (x * 2 + 1).tanh() / (x.exp() - 0.5)
    y.backward()
    z = y.inputs, y.args, y.data, y.grad, y.op, y.params, y.scope, y.name, y.id, y.constant
    x.name = "x"
    x.grad = None
    gradients(x * x, [x])
    with pytest.raises(DomainError):
        x / 0
    with pytest.raises(TypeError):
        x + "1"
    return len(z)


def test_every_reference_is_given_back():
    x, text, op = Value(1.5), "a name of its own", relu
    used(x)
    x.name = text
    before = [sys.getrefcount(each) for each in (x, text, op, Value, InPython)]
    for _ in range(50):
        used(x)
        InPython(2.0) * x
        relu(x, 1.0)
        x.name = text
    gc.collect()
    assert [sys.getrefcount(each) for each in (x, text, op, Value, InPython)] == before


class Keeper:
    """What keeps a node whose scope keeps it."""

    def __init__(self, x):
        with Scope("kept", self):
            self.kept = x * 2 + 1
        self.after = self.kept * 3


def test_cycles_through_scopes_are_collected():
    keeper = Keeper(Value(1.0))
    alive = weakref.ref(keeper)
    y = keeper.after
    del keeper
    gc.collect()
    assert alive() is not None
    assert y.inputs[0].scope.called is alive()
    del y
    gc.collect()
    assert alive() is None


@needs_core
def test_the_garbage_collector_is_not_bothered_by_graphs():
    gc.collect()
    with Scope("step"):
        y = chain(1_000)
    assert not gc.is_tracked(y)
    gc.collect(1)
    assert not gc.is_tracked(y)
    gc.collect()
    assert gc.is_tracked(y)  # it may be in a cycle
    assert not gc.is_tracked(chain(10))


@pytest.mark.parametrize("what", ["name", "scope"])
def test_what_leads_back_to_a_node_is_set_before_the_node_is_used(what):
    """The collector looks at no results of what led nowhere, so it could not free such a ring."""

    class Keeper(str):
        pass

    def made(keeper):
        return keeper if what == "name" else Scope("s", called=keeper)

    x, keeper = Value(1.0), Keeper("a")
    setattr(x, what, made(keeper))
    keeper.kept = x * 2.0
    alive = weakref.ref(keeper)
    del x, keeper
    gc.collect()
    assert alive() is None
    if IMPLEMENTATION == "C":
        x = Value(1.0)
        y = x * 2.0
        with pytest.raises(AttributeError, match="set before a node is used"):
            setattr(x, what, made(Keeper("a")))
        x.name = "plain"
        setattr(y, what, made(Keeper("a")))
        assert (x.name, x.scope, getattr(y, what) is None) == ("plain", None, False)


@pytest.mark.parametrize("ended", ["gc.collect()", "kept.append(self)"])
def test_nodes_may_be_brought_back_when_they_are_freed(ended):
    assert child(f"""
import gc
from autograd import Scope, Value

kept = []

class Ending(Value):
    __slots__ = ()

    def __del__(self):
        {ended}

with Scope("s"):
    inside = Value(1.0) * 2.0
outside = Value(1.0) * 2.0
inside.__class__ = outside.__class__ = Ending
del inside, outside
gc.collect()
for node in kept:
    node.__class__ = Value
    node.name = ["leads somewhere"]
print([(node * 2.0).data for node in kept])
""") == ("[4.0, 4.0]" if "kept" in ended else "[]")
