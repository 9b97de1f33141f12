"""Which of the planted faults the checks of stepgrad, torch, JAX and HIPS find, and what it costs.

Everyone is given the same functions and gradients of NumPy, wrapped as its manual says, and uses
its own tolerances. HIPS' package is found where `make full` installs it, or the variable HIPS says.
"""

import logging
import os
import sys
import warnings
from copy import deepcopy
from pathlib import Path

import numpy as np
from peers import Contestants, use_one_thread
from timing import race

import autograd
from autograd import check_gradients
from autograd.checking import examined
from autograd.checking.foreign import _Hips

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "checking.md"
sys.path.append(str(ROOT / "tests" / "support"))
sys.path.append(os.environ.get("HIPS", str(ROOT / ".venv-parity" / "hips")))

contestants = Contestants()
POINT = {"x": 0.5, "y": 1.5}
SCALAR = {"tanh(x)": "x", "exp(x) * sin(x)": "x", "x * y": "xy", "sin(x * y) + exp(x) / y": "xy"}
OPS_USED = ("exp", "sin", "tanh")


def plain(x):
    """Make a number of an array without axes, as the functions expect."""
    return np.array(x) if np.ndim(x) else float(x)


def several(gradient, inputs):
    """List slopes, one for each input."""
    found = gradient(*map(plain, inputs))
    return found if len(inputs) > 1 else (found,)


@contestants("stepgrad")
def stepgrad(f, gradient, inputs):
    report = examined((f, gradient), inputs, {}, 1)
    words = {verdict.verdict for verdict in report if not verdict.ok}
    return "undecided" if words == {"ill-conditioned"} else "refused" if words else "passed"


@contestants("torch", needs=["torch"])
def torch(f, gradient, inputs):
    """Make a Function, and let gradcheck judge it."""
    import torch

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *xs):
            ctx.save_for_backward(*xs)
            value = f(*(plain(x.detach().numpy()) for x in xs))
            return torch.tensor(float(value), dtype=torch.float64)

        @staticmethod
        def backward(ctx, g):
            xs = [x.numpy() for x in ctx.saved_tensors]
            slopes = several(gradient, xs)
            return tuple(g * torch.tensor(np.array(slope, float)) for slope in slopes)

    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    return "passed" if torch.autograd.gradcheck(Function.apply, tensors) else "refused"


@contestants("JAX", needs=["jax"])
def in_jax(f, gradient, inputs):
    """Make a function with a vjp of its own, and let check_grads judge it."""
    import jax
    from jax.test_util import check_grads

    shapes = tuple(jax.ShapeDtypeStruct(np.shape(x), float) for x in inputs)

    @jax.custom_vjp
    def function(*xs):
        number = jax.ShapeDtypeStruct((), float)
        return jax.pure_callback(lambda *xs: np.float64(f(*map(plain, xs))), number, *xs)

    def slopes(*xs):
        found = several(gradient, xs)
        return tuple(np.asarray(slope, float) for slope in found)

    function.defvjp(
        lambda *xs: (function(*xs), xs),
        lambda xs, g: tuple(g * d for d in jax.pure_callback(slopes, shapes, *xs)),
    )
    with jax.enable_x64(True):
        check_grads(function, tuple(map(jax.numpy.asarray, inputs)), order=1, modes=["rev"])
    return "passed"


def hips(f, gradient, inputs):
    """Make a primitive with a vjp of its own, and let check_grads judge it."""
    with _Hips().active():
        from autograd.extend import defvjp, primitive
        from autograd.test_util import check_grads

        function = primitive(lambda *xs: np.float64(f(*map(plain, xs))))

        def pull(i):
            return lambda y, *xs: lambda g: g * np.asarray(several(gradient, xs)[i], float)

        defvjp(function, *map(pull, range(len(inputs))))
        given = [np.array(x, float) if np.ndim(x) else float(x) for x in inputs]
        places = tuple(range(len(given))) if given[1:] else 0
        check_grads(function, places, modes=["rev"], order=1)(*given)
    return "passed"


def answer(check, case):
    """Ask for a verdict; whatever is raised refuses."""
    np.random.seed(0)  # noqa: NPY002, HIPS draws from it
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return check(*deepcopy(case.f), case.inputs)  # some of them remember
        except Exception:
            return "refused"


def table(cases):
    """Count what each check says about each kind of function."""
    rows = [("", "faults passed", "right, but refused", "cannot be told, but passed or refused")]
    for name, check in contestants.items():
        found = {kind: [answer(check, case) for case in each] for kind, each in cases.items()}
        passed = found["faults"].count("passed")
        refused = len(found["right"]) - found["right"].count("passed")
        told = len(found["cannot be told"]) - found["cannot be told"].count("undecided")
        rows.append((name, *map(str, (passed, refused, told))))
        missed = [c.name for c, word in zip(cases["faults"], found["faults"], strict=True)
                  if word == "passed"]  # fmt: skip
        print(f"{name} passes: {', '.join(missed) or 'none'}")
        alarms = [c.name for c, word in zip(cases["right"], found["right"], strict=True)
                  if word != "passed"]  # fmt: skip
        print(f"{name} refuses: {', '.join(alarms) or 'none'}\n")
    sizes = [f"of {len(each)}" for each in cases.values()]
    rows[0] = ("", *(f"{word} {size}" for word, size in zip(rows[0][1:], sizes, strict=True)))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---|---|---|---|", *lines[1:]])


def main():
    """Print the table, and write it into docs/checking.md if all were there."""
    import hard_cases
    import planted_faults as planted

    try:
        _Hips()
        contestants["HIPS"] = hips
    except ImportError:
        contestants.absent["HIPS"] = ["autograd of HIPS"]
    contestants.say_who_is_absent()
    cases = {
        kind: [case for case in some if isinstance(case.f, tuple)]
        for kind, some in {
            "faults": hard_cases.FAULTS + planted.FAULTS,
            "right": hard_cases.RIGHT + planted.RIGHT,
            "cannot be told": hard_cases.UNDECIDED + planted.UNDECIDED,
        }.items()
    }
    found = table(cases)
    print(found)
    if not contestants.absent:
        text = PAGE.read_text(encoding="utf-8")
        before, mark, rest = text.partition("<!-- planted faults -->\n")
        _, end, after = rest.partition("<!-- end -->")
        PAGE.write_text(f"{before}{mark}{found}\n{end}{after}", encoding="utf-8")
    if "torch" in contestants:
        ratios()


def ratios():
    """Time checks of functions of one number or two, by rows of ours and by functions of torch."""
    import torch

    at = {
        name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in POINT.items()
    }
    for text, names in SCALAR.items():
        ours, theirs = (
            eval(f"lambda {', '.join(names)}: {text}", {n: getattr(library, n) for n in OPS_USED})
            for library in (autograd, torch)
        )
        xs, tensors = [POINT[name] for name in names], [at[name] for name in names]
        seconds = race(
            {
                "stepgrad": lambda f=ours, xs=xs: check_gradients(f, *xs),
                "torch": lambda f=theirs, xs=tensors: torch.autograd.gradcheck(f, xs),
            },
            [()] * 31,
            lambda *_: None,
        )
        own, other = (np.median(seconds[name]) * 1e3 for name in ("stepgrad", "torch"))
        print(f"{text:28} {own:6.2f} ms, torch {other:6.2f} ms, ratio {own / other:.2f}")


if __name__ == "__main__":
    use_one_thread()
    logging.disable()  # JAX writes down what functions raise
    main()
