"""What a function sees beside its arguments is looked at again before each replay."""

import importlib
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import numpy as np
import pytest
from replays import LIMIT, counted

from autograd import Value, compile, exp, sin, tanh


class Line:
    def __init__(self, slope):
        self.slope = Value(slope)
        self.is_steep = False

    def __call__(self, x):
        return self.slope * x * (10 if self.is_steep else 1)

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    @compile
    def method(self, x):
        return self(x) + 1


def test_objects_are_told_apart_by_which_they_are():
    f, calls = counted(lambda line, x: line(x))
    steep, flat = Line(2.0), Line(0.5)
    assert [f(steep, 1.0), f(flat, 1.0), f(steep, 3.0), f(flat, 3.0)] == [2.0, 0.5, 6.0, 1.5]
    assert len(calls) == 2
    first = compile(lambda lines, x: lines[0](x))
    assert [first((steep,), 1.0), first((flat,), 1.0)] == [2.0, 0.5]
    flat.slope.data = 0.25
    assert f(flat, 4.0) == 1.0
    assert len(calls) == 2
    flat.is_steep = True
    assert f(flat, 4.0) == 10.0
    flat.is_steep = False
    assert f(flat, 4.0) == 1.0
    assert len(calls) == 3
    assert [steep.method(1.0), flat.method(1.0)] == [3.0, 1.25]


@pytest.mark.parametrize(
    "function",
    [
        lambda line: line,
        lambda line: line.__call__,
        lambda line: partial(Line.__call__, line),
        lambda line: compile(line),
        lambda line: lambda x: compile(line)(x),
        lambda line: lambda x, pair=(1, line): pair[1](x),
        lambda line: lambda x, *, pair=(1, line): pair[1](x),
    ],
)
def test_any_callable_is_compiled_with_what_it_holds(function):
    line = Line(2.0)
    f = compile(function(line))
    assert [f(1.0), f(2.0)] == [2.0, 4.0]
    line.is_steep = True
    assert [f(1.0), f(2.0), f.recordings] == [20.0, 40.0, 2]
    assert not hasattr(f, "slope")


SCALE = 2.0


class Scaled:
    def __call__(self, x):
        return x * SCALE


class ScaledToo(Scaled):
    pass


class Property:
    @property
    def scale(self):
        return SCALE

    def __call__(self, x):
        return x * self.scale


class Steep:
    factor = 2.0

    @staticmethod
    def scaled(x):
        return x * SCALE

    def by_factor(self, x):
        return x * self.factor


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * SCALE,
        lambda x: next(x * SCALE for _ in range(1)),
        lambda x: (lambda: x * SCALE)(),
        Scaled(),
        ScaledToo(),
        Property(),
        lambda x: Steep.scaled(x),
    ],
)
def test_globals_are_looked_at_again(f, monkeypatch):
    compiled = compile(f)
    assert [compiled(1.0), compiled(2.0)] == [2.0, 4.0]
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert [compiled(1.0), compiled(2.0), compiled.recordings] == [3.0, 6.0, 2]


def test_attributes_of_classes_are_looked_at_again(monkeypatch):
    steep = Steep()
    compiled = compile(lambda x: steep.by_factor(x))
    assert [compiled(1.0), compiled(2.0)] == [2.0, 4.0]
    monkeypatch.setattr(Steep, "factor", 3.0)
    assert [compiled(1.0), compiled(2.0)] == [3.0, 6.0]
    steep.factor = 4.0
    assert [compiled(1.0), compiled(2.0), compiled.recordings] == [4.0, 8.0, 3]


def test_a_name_without_a_value_is_none_of_its_business():
    def f(x):
        return x if x > 0 else later

    compiled = compile(f)
    assert [compiled(1.0), compiled(2.0)] == [1.0, 2.0]
    later = 7.0
    assert [compiled(-1.0), compiled(2.0)] == [later, 2.0]


def test_numbers_of_closures_and_attributes_are_looked_at_again():
    factor, line, sizes, options = 2.0, Line(1.0), [1.0, 2.0], {"shift": 0.0}

    def helper(x):
        return x * factor

    f, calls = counted(lambda x: helper(line(x)) + len(sizes) + options["shift"])
    assert [f(1.0), f(2.0), len(calls)] == [4.0, 6.0, 1]
    factor = 3.0
    assert [f(1.0), f(2.0), len(calls)] == [5.0, 8.0, 2]
    line.is_steep = True
    assert [f(1.0), f(2.0), len(calls)] == [32.0, 62.0, 3]
    sizes.append(3.0)
    assert [f(1.0), f(2.0), len(calls)] == [33.0, 63.0, 4]
    options["shift"] = 1.0
    assert [f(1.0), f(2.0), len(calls)] == [34.0, 64.0, 5]
    line.slope = Value(2.0)
    assert [f(1.0), f(2.0), len(calls)] == [64.0, 124.0, 6]
    line = Line(1.0)
    assert [f(1.0), len(calls)] == [7.0, 7]
    factor = 1.0
    assert [f(1.0), len(calls)] == [5.0, 8]
    factor = True
    assert [f(1.0), len(calls)] == [5.0, 9]


def test_containers_and_objects_of_all_kinds_are_looked_into():
    @dataclass(slots=True)
    class Settings:
        rate: float

    settings, counts, names = Settings(2.0), defaultdict(float, a=1.0), {"twice"}

    def f(x):
        return x * settings.rate * counts["a"] * (2 if "twice" in names else 1)

    compiled, calls = counted(f)
    assert [compiled(1.0), compiled(2.0), len(calls)] == [4.0, 8.0, 1]
    settings.rate = 3.0
    assert [compiled(1.0), compiled(2.0), len(calls)] == [6.0, 12.0, 2]
    counts["a"] = 2.0
    assert [compiled(1.0), compiled(2.0), len(calls)] == [12.0, 24.0, 3]
    names.clear()
    assert [compiled(1.0), compiled(2.0), len(calls)] == [6.0, 12.0, 4]


def test_another_array_is_seen():
    rows = [np.array([1.0, 2.0])]
    f = compile(lambda x: x * rows[0])
    assert [f(1.0 * np.ones(2)).tolist(), f(2.0 * np.ones(2)).tolist()] == [[1.0, 2.0], [2.0, 4.0]]
    rows[0] = np.array([1.0, 3.0])
    assert f(np.ones(2)).tolist() == [1.0, 3.0]


def module(name, **held):
    made = ModuleType(name)
    vars(made).update(held)
    return made


CONFIG = module("config", RATE=2.0, deeper=module("deeper", RATE=2.0))
HELPERS = module("helpers", SCALE=2.0)


exec("def scaled(x): return x * SCALE", vars(HELPERS))


def imports_inside(x):
    import made_for_this_test

    return x * made_for_this_test.RATE


@pytest.mark.parametrize(
    ("f", "where", "name"),
    [
        (lambda x: x * CONFIG.RATE, CONFIG, "RATE"),
        (lambda x: x * CONFIG.deeper.RATE, CONFIG.deeper, "RATE"),
        (lambda x: HELPERS.scaled(x), HELPERS, "SCALE"),
        ((lambda config: lambda x: x * config.RATE)(CONFIG), CONFIG, "RATE"),
        (imports_inside, CONFIG, "RATE"),
    ],
)
def test_modules_are_looked_into(f, where, name, monkeypatch):
    monkeypatch.setitem(sys.modules, "made_for_this_test", CONFIG)
    compiled = compile(f)
    assert [compiled(1.0), compiled(2.0)] == [2.0, 4.0]
    monkeypatch.setattr(where, name, 3.0)
    assert [compiled(1.0), compiled(2.0), compiled.recordings] == [3.0, 6.0, 2]


def test_another_module_and_another_op_under_the_same_name_are_seen(monkeypatch):
    f, g = compile(lambda x: x * CONFIG.RATE), compile(lambda x: sin(x))
    assert [f(1.0), g(0.0)] == [2.0, 0.0]
    monkeypatch.setitem(globals(), "CONFIG", module("other", RATE=5.0))
    monkeypatch.setitem(globals(), "sin", exp)
    assert [f(1.0), g(0.0)] == [5.0, 1.0]


def test_what_classes_and_functions_hold_is_looked_at_again(monkeypatch):
    def f(x):
        return f.power * (x + Steep.limits[0])

    monkeypatch.setattr(Steep, "limits", [1.0], raising=False)
    f.power = Value(2.0)
    compiled = compile(f)
    assert [compiled(1.0), compiled(2.0)] == [4.0, 6.0]
    f.power = Value(3.0)
    assert [compiled(1.0), compiled(2.0)] == [6.0, 9.0]
    monkeypatch.setattr(Steep, "limits", [2.0])
    assert [compiled(1.0), compiled.recordings] == [9.0, 3]


def test_where_there_is_too_much_to_look_at_it_runs_as_it_is(monkeypatch):
    monkeypatch.setattr("autograd.jit.environment_guards._MOST", 50)
    many = [[float(k)] for k in range(60)]
    f = compile(lambda x: x * many[-1][0])
    with pytest.warns(UserWarning, match="it uses more than 50 objects, which cannot be compared"):
        assert f(1.0) == 59.0
    many[-1][0] = 3.0
    assert (f(1.0), f.recordings) == (3.0, 0)
    values_ = [Value(float(k)) for k in range(60)]
    assert compile(lambda x: x * values_[-1])(1.0) == 59.0  # what tapes read need not be compared


def test_any_number_of_settings_may_be_gone_through():
    rate = 0.0
    f = compile(lambda x: x * rate)
    for k in range(3 * LIMIT):
        rate = float(k)
        assert [f(1.0), f(2.0)] == [rate, 2 * rate]
    assert f.recordings == LIMIT


def test_what_the_function_itself_counts_is_counted():
    count, seen = 0, []

    def f(x):
        nonlocal count
        count += 1
        seen.append(count)
        return x * count * len(seen)

    compiled = compile(f)
    assert compiled(1.0) == 1.0
    with pytest.warns(UserWarning, match="f: each call changes what it sees: a cell"):
        assert compiled(2.0) == 8.0
    assert [compiled(3.0), compiled(1.0)] == [27.0, 16.0]
    assert (count, len(seen), compiled.recordings) == (4, 4, 0)


class Stateful:
    def __init__(self):
        self.weight, self.training, self.hidden, self.cache = None, False, Value(0.0), {}

    def lazily(self, x):
        if self.weight is None:
            self.weight = Value(2.0)
        return x * self.weight

    def cached(self, x):
        if "weight" not in self.cache:
            self.cache["weight"] = Value(2.0)
        return x * self.cache["weight"]

    def reset(self, x):
        before, self.training = self.training, True
        return x * 2 if before else x * 3

    def marked(self, x):
        if hasattr(self, "mark"):
            return x * 2
        self.mark = None
        return x * 3

    def recurrent(self, x):
        self.hidden = tanh(x + self.hidden)
        return self.hidden


@pytest.mark.filterwarnings("ignore:recurrent. each call changes what it sees. hidden")
@pytest.mark.parametrize("name", ["lazily", "cached", "reset", "marked", "recurrent"])
def test_what_the_function_changes_is_no_secret_to_it(name):
    plain, replayed = Stateful(), Stateful()
    f, g = getattr(plain, name), compile(getattr(replayed, name))
    for _ in range(3):
        for x in (1.0, 2.0):
            assert g(x) == f(Value(x)).data
        for one in (plain, replayed):
            one.weight, one.cache["weight"], one.training = Value(10.0), Value(10.0), False
    for one in (plain, replayed):
        one.training = True
    assert [g(x) for x in (1.0, 2.0)] == [f(Value(x)).data for x in (1.0, 2.0)]
    assert bool(g.recordings) == (name != "recurrent")


def test_what_is_filled_once_is_compared_from_then_on():
    weights = []

    def f(x):
        if not weights:
            weights.append(Value(2.0))
        return x * weights[0] if x > 0 else x

    compiled = compile(f)
    assert [compiled(3.0), compiled(4.0), compiled.recordings] == [6.0, 8.0, 1]
    weights[0] = Value(10.0)
    assert [compiled(3.0), compiled(4.0), compiled.recordings] == [30.0, 40.0, 2]


def test_a_module_that_the_first_call_loads_is_seen_and_a_relative_one(tmp_path, monkeypatch):
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "__init__.py").write_text(
        "def f(x):\n    from .inner import scale\n    from . import other\n"
        "    return x * scale * other.scale\n"
        "def g(x):\n    import loaded_late\n    return x * loaded_late.scale\n"
    )
    for place in ("bundle/inner.py", "bundle/other.py", "loaded_late.py"):
        (tmp_path / place).write_text("scale = 2.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    bundle = importlib.import_module("bundle")
    f, g = compile(bundle.f), compile(bundle.g)
    assert [f(1.0), f(1.0), f(1.0), f.recordings] == [4.0, 4.0, 4.0, 1]
    assert [g(1.0), g(1.0), g(1.0), g.recordings] == [2.0, 2.0, 2.0, 1]
    for module in ("bundle.inner", "bundle.other", "loaded_late"):
        sys.modules[module].scale = 3.0
        assert f(1.0) == bundle.f(1.0)
        assert g(1.0) == bundle.g(1.0)
    for module in ("bundle", "bundle.inner", "bundle.other", "loaded_late"):
        monkeypatch.delitem(sys.modules, module)
