"""Gradients of other libraries are checked as ours are: in both modes, of whatever is given."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from checks import words
from wrong_rules import spoiled

import autograd
from autograd import (
    GradientError,
    GraphError,
    Tensor,
    check_gradients,
    cos,
    exp,
    from_hips,
    from_jax,
    from_mygrad,
    from_torch,
    gradients,
    jvp,
    sin,
    tanh,
)
from autograd.checking import Foreign
from autograd.checking.foreign import _theirs


class Ours:
    """Stepgrad in the part of the other library, for these are not everywhere installed."""

    kind = Tensor
    highest = 3
    active = staticmethod(nullcontext)
    lift = staticmethod(Tensor)
    asked = ()

    @staticmethod
    def lower(y):
        return np.asarray(y.data) if isinstance(y, Tensor) else y

    @staticmethod
    def grad(f):
        return lambda xs: gradients(f(xs), xs)

    def jvp(self, f, xs, away):
        points, directions = (tuple(x.data for x in each) for each in (xs, away))
        return jvp(lambda *xs: f(xs), points, directions)[1]


class WithoutJvp(Ours):
    def jvp(self, f, xs, away):
        raise NotImplementedError("there is no jvp")


class WithWrongJvp(Ours):
    def jvp(self, f, xs, away):
        return super().jvp(f, xs, away) * 1.01


class WithFailingJvp(Ours):
    def jvp(self, f, xs, away):
        raise ZeroDivisionError("in the jvp")


def many(x, w, *, b, axis=None):
    return {"y": tanh(x) @ w["a"] + b, "z": [(x * x).sum(axis=axis), w["c"][0] * w["c"][1]]}


INPUTS = np.array([[0.3, -0.2], [0.1, 0.7]]), {"a": [1.0, 2.0], "c": {0: np.ones(2), 1: [0.5]}}


def test_whatever_goes_in_and_comes_out_is_checked_by_name():
    report = check_gradients(Foreign(many, Ours()), *INPUTS, b=0.5, axis=1, order=2)
    assert set(words(report)) == {"pass"}
    names = ["x", "w['a']", "w['c'][0]", "w['c'][1]", "b"]
    assert [verdict.input for verdict in report] == names * 2
    assert {verdict.probed for verdict in report} >= {"4 of 4, vjp and jvp"}


def test_it_finds_what_a_check_of_the_same_function_of_ours_finds():
    theirs = check_gradients(Foreign(many, Ours()), *INPUTS, b=0.5, order=2)
    ours = check_gradients(many, *INPUTS, b=0.5, order=2)
    assert [v.input for v in theirs] == [v.input for v in ours]
    for a, b in zip(theirs, ours, strict=True):
        assert abs(a.reference - b.reference) <= a.error + b.error or a.element != b.element


def test_without_a_jvp_its_vjp_is_checked():
    (verdict,) = check_gradients(Foreign(sin, WithoutJvp()), [0.5, 1.0])
    assert (verdict.verdict, verdict.probed) == ("pass", "2 of 2")


@pytest.mark.parametrize(
    ("f", "library", "order", "said"),
    [
        (sin, WithWrongJvp(), 1, r"By vjp it is .*, by jvp .*\. Correct the gradient\."),
        (sin, WithFailingJvp(), 1, r"ZeroDivisionError: in the jvp\. Correct the gradient\."),
        (spoiled(exp, lambda g, y, x: g * g * y), Ours(), 1, "not linear in what comes in"),
        (spoiled(sin, lambda g, y, x: g * cos(x) * 1.001), Ours(), 1, "wrong: first derivative"),
        (spoiled(exp, lambda g, y, x: g * y.data), WithoutJvp(), 2, "wrong: second derivative"),
        (lambda x: Tensor(x.data, constant=True) * x, WithoutJvp(), 1, "wrong: first derivative"),
    ],
)
def test_what_is_wrong_is_found_in_either_mode(f, library, order, said):
    with pytest.raises(GradientError, match=said):
        check_gradients(Foreign(f, library), np.array([0.5, 1.0]), order=order)


def test_whole_numbers_are_handed_over_as_they_are():
    index = Tensor(np.array([1.0]), constant=True)
    seen = []

    def f(x, i, axis):
        seen.append((i, axis))
        return x.sum(axis=axis)

    check_gradients(Foreign(f, Ours()), np.ones((2, 2)), np.array([0, 1]), axis=(0, 1))
    assert all(i.dtype == np.array([0]).dtype and axis == (0, 1) for i, axis in seen)
    with pytest.raises(GraphError, match="nothing there to differentiate by"):
        check_gradients(Foreign(f, Ours()), index.data.astype(int))


def test_a_library_that_differentiates_once_is_not_asked_for_more():
    library = Ours()
    library.highest = 1
    with pytest.raises(ValueError, match=r"got order=2\. .* for MyGrad, 1"):
        check_gradients(Foreign(sin, library), 0.5, order=2)


# HIPS' package has the name of ours


@pytest.fixture
def hips(tmp_path, monkeypatch):
    """A package by the name of autograd that is found where HIPS' could be."""
    package = tmp_path / "autograd"
    (package / "numpy").mkdir(parents=True)
    (package / "tracer.py").write_text("")
    (package / "__init__.py").write_text(
        "from autograd.numpy import slope\n"
        "grad = lambda f: lambda xs: [slope(f, xs)]\n"
        "make_jvp = lambda f: lambda xs: lambda away: (f(xs), slope(f, xs) * away[0])\n"
    )
    (package / "numpy" / "__init__.py").write_text(
        "from numpy import sin\nslope = lambda f, xs: (f([xs[0] + 1e-200j]).imag / 1e-200)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path[1:], str(tmp_path)])
    _theirs.clear()
    yield
    _theirs.clear()


def test_the_name_is_theirs_while_their_function_runs_and_only_then(hips):
    before = {name: x for name, x in sys.modules.items() if name.startswith("autograd")}

    def f(x):
        import autograd.numpy

        assert not hasattr(autograd, "check_gradients")
        return autograd.numpy.sin(x) * 2.0

    assert words(check_gradients(from_hips(f), 0.5)) == ["pass"]
    assert {name: x for name, x in sys.modules.items() if name.startswith("autograd")} == before

    def failing(x):
        from autograd import check_gradients  # noqa: F401

    with pytest.raises(ImportError, match="cannot import name 'check_gradients'"):
        check_gradients(from_hips(failing), 0.5)
    assert sys.modules["autograd"] is autograd


def test_a_library_that_is_not_installed_is_one_plain_sentence(monkeypatch):
    for name, wrap in [("torch", from_torch), ("jax", from_jax), ("mygrad", from_mygrad)]:
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(ImportError, match=rf"^from_{name} needs {name}: pip install {name}$"):
            wrap(sin)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr("autograd.checking.foreign._theirs", {})
    with pytest.raises(ImportError, match=r"^from_hips needs HIPS' autograd: pip install --target"):
        from_hips(sin)


# The libraries themselves


def of_torch():
    torch = pytest.importorskip("torch")

    class Odd(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.sin()

        @staticmethod
        def backward(ctx, g):
            return g * ctx.saved_tensors[0].cos() * 1.001

    return from_torch, torch.tanh, Odd.apply


def of_jax():
    jax = pytest.importorskip("jax")
    odd = jax.custom_vjp(jax.numpy.sin)
    odd.defvjp(lambda x: (odd(x), x), lambda x, g: (g * jax.numpy.cos(x) * 1.001,))
    return from_jax, jax.numpy.tanh, odd


def of_mygrad():
    mygrad = pytest.importorskip("mygrad")

    class Sine(mygrad.operation_base.Operation):
        def __call__(self, x):
            self.variables = (x,)
            return np.sin(x.data)

        def backward_var(self, g, index, **_):
            return g * np.cos(self.variables[0].data) * 1.001

    return from_mygrad, mygrad.tanh, lambda x: mygrad.Tensor._op(Sine, x)


def of_hips():
    """Find HIPS' package where `make full` installs it, or where the variable HIPS says."""
    folder = os.environ.get("HIPS", str(Path(__file__).parents[3] / ".venv-parity" / "hips"))
    if not Path(folder, "autograd", "tracer.py").is_file():
        pytest.skip("HIPS' autograd is not installed")
    sys.path.append(folder)

    def tanh(x):
        import autograd.numpy

        return autograd.numpy.tanh(x)

    def odd(x):
        import autograd.numpy as np
        from autograd.extend import defvjp, primitive

        sine = primitive(np.sin)
        defvjp(sine, lambda ans, x: lambda g: g * np.cos(x) * 1.001)
        return sine(x)

    return from_hips, tanh, odd


@pytest.mark.parametrize("library", [of_torch, of_jax, of_mygrad, of_hips])
def test_the_library_is_checked(library):
    wrap, tanh, odd = library()
    order = 1 if wrap is from_mygrad else 2

    def f(x, w, *, scale):
        return {"y": tanh(x * w["a"]) * scale, "z": [(x * x).sum()]}

    x, w = np.array([[0.3, -0.2], [0.1, 0.7]]), {"a": np.array([0.5, 2.0])}
    report = check_gradients(wrap(f), x, w, scale=0.5, order=order)
    assert set(words(report)) == {"pass"}
    assert [verdict.input for verdict in report] == ["x", "w['a']", "scale"] * order
    assert ("jvp" in report[0].probed) == (wrap is not from_mygrad)
    for inside in (odd, lambda x: tanh(odd(x))):
        with pytest.raises(GradientError, match="wrong: first derivative by x"):
            check_gradients(wrap(lambda x: inside(x)), x)  # noqa: B023
