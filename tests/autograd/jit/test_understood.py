"""What a function sees is compared at each call, or the function runs as it is."""

import builtins
import collections
import contextlib
import dataclasses
import datetime
import os
import pathlib
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surroundings import KINDS, SHARED

import nn
from autograd import compile
from autograd.jit.environment_guards import Surroundings
from autograd.jit.understood import is_fixed, is_in_c, is_own, is_pure, words_of

pytestmark = pytest.mark.filterwarnings("ignore:f. :UserWarning")


def _program(seen):
    reads = [each.read for each in seen]

    def f(x):
        for read in reads:
            x = x * read()
        return x

    return f


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_seen_to_change(kind):
    ours, plain = KINDS[kind](), KINDS[kind]()
    compiled, f = compile(_program([ours])), _program([plain])
    for _ in range(4):
        for x in (1.0, 1.5, 2.0):
            assert compiled(x) == f(x)
        ours.change()
        if kind not in SHARED:
            plain.change()


@given(
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4, unique=True),
    steps=st.lists(st.integers(-1, 3), max_size=12),
)
def test_programs_of_any_kinds_give_what_they_give(kinds, steps):
    kinds = [kind for kind in kinds if kind not in SHARED]
    ours, plain = [KINDS[kind]() for kind in kinds], [KINDS[kind]() for kind in kinds]
    compiled, f = compile(_program(ours)), _program(plain)
    for k, step in enumerate([-1, -1, *steps, -1, -1]):
        if step < 0:
            assert compiled(1.0 + k) == f(1.0 + k)
        elif step < len(kinds):
            ours[step].change()
            plain[step].change()


# Kinds that are comparable, and stay recorded while nothing changes.
RECORDED = {
    *("a_closure", "a_list", "a_nested_list", "a_dict", "a_set", "an_array", "a_large_array"),
    *("a_view", "an_attribute", "a_slot", "a_partial", "a_default", "a_keyword_default", "a_code"),
    *("a_class_attribute", "an_attribute_of_a_base", "a_method", "a_call", "a_property"),
    *("a_static_method", "a_class_method", "a_descriptor", "a_subclass_of_list", "a_data_class"),
    *("an_attribute_of_a_subclass_of_list", "a_subclass_of_float", "a_default_dict"),
    *("a_counter_of_collections", "a_chain_map", "a_user_list", "a_named_tuple", "an_enum"),
    *("a_namespace", "a_module", "a_function_of_a_module", "a_wrapper", "a_bound_method_of_c"),
    *("a_cell_of_a_cell", "an_attribute_of_a_function", "another_class_of_an_object"),
    *("a_cached_property", "an_ordered_dict", "a_module_in_a_dict", "a_module_as_a_default"),
    *("a_module_asked_by_a_name_that_is_computed", "a_module_that_computes_its_names"),
    *("a_module_called_like_one_of_python", "the_number_pi", "an_array_of_lists"),
    *("an_array_of_objects", "a_slot_that_is_empty", "an_attribute_that_a_function_will_have"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_understood_is_recorded_and_nothing_else(kind):
    seen = KINDS[kind]()
    compiled = compile(_program([seen]))
    for x in (1.0, 1.5, 2.0):
        compiled(x)
    assert (compiled.recordings > 0, compiled.reason is None) == (kind in RECORDED,) * 2


def _samples_of_c():
    """Objects of classes written in C, of the modules where Python keeps them."""
    for module in (builtins, collections, types, contextlib):
        for name, kind in vars(module).items():
            if isinstance(kind, type) and is_in_c(kind) and not issubclass(kind, BaseException):
                with contextlib.suppress(Exception):
                    yield f"{module.__name__}.{name}", kind()
    yield "list_iterator", iter([])
    yield "generator", (x for x in ())
    yield "memoryview", memoryview(b"")


COMPARED = {int, float, complex, str, bytes, bool, list, dict, set, tuple, frozenset, type(None)}
COMPARED |= {object, range, slice, collections.defaultdict, collections.OrderedDict}
COMPARED |= {
    type(...),
    type(NotImplemented),
    types.SimpleNamespace,
    types.ModuleType,
    property,
    staticmethod,
    classmethod,
}


@pytest.mark.parametrize(("name", "thing"), list(_samples_of_c()))
def test_objects_of_c_are_understood_only_where_they_are_compared(name, thing):
    around = Surroundings([thing])
    assert (around.unknown is None) == (type(thing) in COMPARED), around.unknown


def test_names_are_read_from_the_code_of_a_function():
    def f(x):
        import os.path

        return [g(x) for g in x.attribute] and os.path and (lambda: later)  # noqa: F821

    words = words_of(f.__code__)
    assert "later" in words.looked_up
    assert "os.path" in words.imported
    assert "attribute" in words.all
    assert "attribute" not in words.looked_up
    assert not words.catches


def test_modules_and_builtins_are_told_apart():
    assert is_pure("math")
    assert is_pure("numpy.linalg")
    assert is_pure("autograd.ops")
    assert not is_pure("os")
    assert not is_pure("time")
    assert not is_pure(None)
    assert not is_pure("builtins", "open")
    assert not is_pure("builtins", "a_name_that_is_not_there")
    assert is_pure("builtins", "len")
    assert is_own(nn.Linear.__module__)
    assert not is_own("nnn")
    assert is_fixed("os")
    assert is_fixed("hypothesis")
    assert not is_fixed(__name__)


def test_the_warning_is_given_once_and_names_the_line_that_calls():
    numbers = iter([1.0] * 9)
    compiled = compile(lambda x: x * next(numbers))
    with pytest.warns(UserWarning, match="it uses something of the class list_iterator") as caught:
        assert [compiled(2.0), compiled(3.0)] == [2.0, 3.0]
    assert [warning.filename for warning in caught] == [__file__]
    assert repr(compiled).startswith("<compiled <lambda>: runs as it is, for it uses something of")


def test_arrays_that_nobody_can_write_into_are_not_looked_at():
    numbers = np.ones(3)
    numbers.flags.writeable = False
    compiled = compile(lambda x: x * numbers)
    compiled(2.0 * np.ones(3))
    (way,) = next(iter(compiled._ways.values()))
    assert not any(isinstance(sight.holder, np.ndarray) for sight in way.sights)


@dataclasses.dataclass(frozen=True)
class Config:
    rate: float = 2.0
    folder: pathlib.Path = pathlib.Path()
    when: datetime.date = datetime.date(2020, 1, 1)


class Model:
    def __init__(self, config):
        self.config, self.started = config, os.getpid()

    def save(self):
        with open(os.devnull, "wb") as file:
            file.write(b"")

    def scaled(self, x):
        if self.config.rate < 0:
            raise ValueError(type(self).__name__)
        return x * self.config.rate

    def forward(self, x):
        return self.scaled(x)


def test_methods_that_nobody_calls_do_not_matter():
    model = Model(Config())
    compiled = compile(model.forward)
    assert [compiled(1.0), compiled(2.0), compiled.recordings] == [2.0, 4.0, 1]
    model.config = Config(5.0)
    assert compiled(1.0) == 5.0


@pytest.mark.parametrize("call", ["save", "by name", "made"])
def test_methods_that_are_called_do(call):
    model = Model(Config())
    if call == "save":
        compiled = compile(lambda x: (model.save(), model.forward(x))[1])
    elif call == "made":
        compiled = compile(lambda x: Model(Config()).scaled(x))
    else:
        compiled = compile(lambda x: (getattr(model, "save")(), model.forward(x))[1])  # noqa: B009
    with pytest.warns(UserWarning, match="the module os|open"):
        assert compiled(1.0) == 2.0


def test_other_bases_are_seen():
    one, other = (type(name, (), {"scale": k}) for name, k in (("One", 2.0), ("Other", 5.0)))
    derived = type("Derived", (one,), {})
    thing = derived()
    compiled = compile(lambda x: x * thing.scale)
    assert [compiled(1.0), compiled(2.0)] == [2.0, 4.0]
    derived.__bases__ = (other,)
    assert compiled(1.0) == 5.0
