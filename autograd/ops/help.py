"""What help(op) shows: how an op is called, what its params mean, and examples that run."""

import sys
from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from itertools import islice
from math import nan
from typing import Any

import numpy as np

from .messages import brief
from .op import REALS, Domain, Op, Params, flat

# Type and meaning of each param of our rows; under the name of a row, what it means there only.
MEANINGS = {
    "alpha": ("float", "Far below 0 the result tends to -alpha."),
    "at_zero": ("float", "Slope taken at 0."),
    "leaky_relu.at_zero": ("float", "Slope taken at 0: 0 is for the lower one, 1 for the upper."),
    "heaviside.at_zero": ("float", "Value at 0."),
    "axes": ("tuple of int", "The axes in their new order; None reverses them."),
    "axis": (
        "int, tuple of int or None",
        "Axes to work along, negative ones counted from the last; None for all.",
    ),
    "concatenate.axis": ("int", "Axis along which the arrays are joined."),
    "count": ("int", "How many classes there are."),
    "cross_entropy.axis": ("int", "Axis of the classes."),
    "softmax_error.axis": ("int", "Axis of the classes."),
    "one_hot.axis": ("int", "Place of the axis of classes in the result."),
    "eps": ("float", "Added to the variance, which keeps the root away from 0."),
    "cumsum.axis": ("int or None", "Axis to add along; None takes all elements in a row."),
    "spread.axis": ("int, tuple of int or None", "Axes that were summed; None for all."),
    "stack.axis": ("int", "Place of the new axis in the result."),
    "ddof": ("int", "Subtracted from the count that the squares are divided by; 1 for a sample."),
    "dtype": ("dtype", "float32 or float64."),
    "high": ("float", "Upper bound."),
    "index": ("int, slice, array or tuple of them", "Which elements, as in NumPy's indexing."),
    "kernel_size": ("int or (int, int)", "Height and width of a window."),
    "keepdims": ("bool", "Whether reduced axes are kept, with length 1."),
    "spread.keepdims": ("bool", "Whether the summed axes were kept, with length 1."),
    "low": ("float", "Lower bound."),
    "padding": (
        "int or (int, int)",
        "How far windows reach over the edges of images; there are zeros, and none is an extreme.",
    ),
    "reverse": ("bool", "Whether to add from the end."),
    "shape": ("tuple of int", "Shape of the result."),
    "reshape.shape": ("tuple of int", "Shape of the result; one length may be -1, for the rest."),
    "avg_unpool2d.size": ("int or (int, int)", "Height and width of the images."),
    "conv_transpose2d.size": ("int or (int, int)", "Height and width of the images."),
    "size": ("int or tuple of int", "Lengths of a window along the last axes."),
    "slope": ("float", "Slope below 0."),
    "stride": (
        "int or tuple of int",
        "Steps from one window to the next, for all axes or each; with None they touch.",
    ),
    "subscripts": ("str", "Letters of the axes: of each operand, and after -> of the result."),
    "value": ("float", "What the frame is filled with."),
    "widths": ("int, sequence or dict", "Width of the frame before and after, as in numpy.pad."),
}

# Params that an example gives, for they have no default.
_GIVEN: dict[str, Params] = {
    "astype": {"dtype": "float32"},
    "broadcast_to": {"shape": (2, 3)},
    "avg_pool2d": {"kernel_size": 2},
    "avg_unpool2d": {"size": 2, "kernel_size": 2},
    "clip": {"low": -1.0, "high": 1.0},
    "conv2d_weight": {"kernel_size": 2},
    "conv_transpose2d": {"size": 2},
    "einsum": {"subscripts": "i,j->ij"},
    "fold": {"shape": (3,), "size": 2},
    "getitem": {"index": [1, 0]},
    "max_gather2d": {"kernel_size": 2},
    "max_pool2d": {"kernel_size": 2},
    "max_scatter2d": {"kernel_size": 2},
    "min_pool2d": {"kernel_size": 2},
    "one_hot": {"count": 3},
    "pad": {"widths": 1},
    "put": {"shape": (3, 2), "index": [2, 0]},
    "reshape": {"shape": (4,)},
    "spread": {"shape": (2, 3)},
    "sum_to": {"shape": (2,)},
    "unfold": {"size": 2},
}
_ARRAYS = ([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0, 3.0])  # an example takes the first that fits
_IMAGES, _KERNELS, _PLACES = [[_ARRAYS[0]]], [[[[1.0, 0.0], [0.0, 10.0]]]], [[[[2.0]]]]
_FITTING: dict[str, list[Any]] = {  # operands of rows that take none of these
    "avg_pool2d": [_IMAGES],
    "avg_unpool2d": [_PLACES],
    "batch_norm": [_ARRAYS[0], [1.0, 10.0], [0.0, 0.5]],
    "conv2d": [_IMAGES, _KERNELS, [0.5]],
    "conv2d_weight": [_IMAGES, _PLACES],
    "conv_transpose2d": [_PLACES, _KERNELS],
    "correlate2d": [_IMAGES, _KERNELS],
    "cross_entropy": [_ARRAYS[0], [1.0, 0.0]],
    "linear": [_ARRAYS[0], [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0.0, 0.0, 0.5]],
    "max_gather2d": [_KERNELS, _IMAGES],
    "max_pool2d": [_IMAGES],
    "max_scatter2d": [_PLACES, _IMAGES],
    "min_pool2d": [_IMAGES],
    "one_hot": [[2.0, 0.0]],
    "softmax_error": [_ARRAYS[0], [1.0, 0.0]],
}

_Trial = tuple[list[str], list[str], list[Any]]  # lines before, arguments as written, and as given


def text(op: Op) -> str:
    """Write the text of help(op)."""
    names = list(signature(op).parameters)[: op.arity or 1]
    options = [
        name if usual is Parameter.empty else f"{name}={brief(usual)}"
        for name, usual in op.defaults.items()
    ]
    lines = [
        f"{op.name}({', '.join([*names, *options])})",
        "",
        op.doc,
        "",
        f"Formula: {op.latex.format(*names)}",
        "",
        "Parameters",
        "----------",
        *(line for i, name in enumerate(names) for line in _operand(op, i, name)),
        *(line for name in op.defaults for line in _param(op, name)),
    ]
    for heading, section in {"Notes": _kinks(op, names), "Examples": _examples(op, names)}.items():
        if section:
            lines += ["", heading, "-" * len(heading), *section]
    return "\n".join(lines)


def meaning(op: Op, param: str) -> tuple[str, str] | None:
    """Say of which type a param is and what it means; nothing of ops that users make."""
    if not _is_ours(op):
        return None
    return MEANINGS.get(f"{op.name}.{param}") or MEANINGS.get(param)


def _is_ours(op: Op) -> bool:
    return op.__module__.startswith(f"{__package__}.")


# Parameters


def _operand(op: Op, i: int, name: str) -> list[str]:
    domain = op.domain[i] if op.arity else REALS
    kind = "float, array, Value or Tensor" if op.elementwise else "array or Tensor"
    if op.arity is None:
        kind = f"list of {kind}"
    lines = [f"{name} : {kind}"]
    if domain != Domain(domain.text):
        lines.append(f"    Domain: {domain.text}.")
    if op.vjps[i] is None:
        lines.append("    It has no gradient: a pass that needs one is refused.")
    if op.vjps[i] is flat:
        lines.append("    Its gradient is 0.")
    return lines


def _param(op: Op, name: str) -> list[str]:
    usual = op.defaults[name]
    default = [] if usual is Parameter.empty else [f"default {brief(usual)}"]
    known = meaning(op, name)
    if known is None:
        return [" : ".join([name, *default])]
    kind, words = known
    return [f"{name} : {', '.join([kind, *default])}", f"    {words}"]


# Notes


def _kinks(op: Op, names: list[str]) -> list[str]:
    if op.kinks is None:
        return []
    slopes = (_attempt(_slopes, op, names, x) for x in (0.0, 1.0))
    return ["At kinks the slope jumps, or the value itself does.", *filter(None, slopes)][:2]


def _slopes(op: Op, names: list[str], number: float) -> str:
    """Say what slopes are taken where every operand is this number, if there is a kink."""
    fitting = _FITTING.get(op.name, [[0.0, 0.0]] * len(names))
    operands = [number if op.elementwise else np.full(np.shape(x), number) for x in fitting]
    given = _GIVEN.get(op.name, {})
    params = {**op.defaults, **given}
    if op.kinks is None or np.any(op.kinks(*operands, **params)):
        return ""
    y = op(*operands, **params)
    upstream: Any = 1.0 if op.elementwise else np.ones_like(y)
    rules: Any = op.vjps  # calling one that is None ends the attempt
    found = [rules[i](upstream, y, *operands, **params) for i in range(len(names))]
    slopes = [(np.asarray(0.0 if slope is None else slope) + 0.0).tolist() for slope in found]
    words = [f"{slope} for {name}" for slope, name in zip(slopes, names, strict=True)]
    call = f"{op.name}({', '.join([*map(brief, operands), *_options(given)])})"
    return f"Slope taken at {call}: {', '.join(words)}."


# Examples


def _examples(op: Op, names: list[str]) -> list[str]:
    """Show up to two calls on numbers, or one on arrays."""
    imports, function = _found(op)
    if op.elementwise:
        trials, most = _on_numbers(op), 2
    else:
        trials, most = _on_arrays(op, names), 1
        imports = [">>> import numpy as np", *imports]
    shown = filter(None, (_attempt(_shown, op, function, *trial) for trial in trials))
    lines = [line for example in islice(shown, most) for line in example]
    return [*imports, *lines] if lines else []


def _found(op: Op) -> tuple[list[str], str]:
    """Say how to get at an op: by import, by its name where it was made, or in the table."""
    home = "autograd" if _is_ours(op) else op.__module__
    if getattr(sys.modules.get(home), op.name, None) is not op:
        return [">>> from autograd import OPS"], f"OPS[{op.name!r}]"
    return [] if home == "__main__" else [f">>> from {home} import {op.name}"], op.name


def _on_numbers(op: Op) -> Iterator[_Trial]:
    """Take numbers inside the domain, and their negatives where these are inside too."""
    domains = op.domain if op.arity else (REALS, REALS)
    points = []
    for i, domain in enumerate(domains):
        middle = (domain.low + domain.high) / 2
        tried = (2.0 + i, 0.5, domain.low + 1, domain.high - 1, middle)
        points.append(next((x for x in tried if _inside(domain, x)), nan))
    for numbers in (points, [-x for x in points]):
        if all(map(_inside, domains, numbers)):
            arguments = numbers if op.arity else [numbers]
            yield [], list(map(repr, arguments)), arguments


def _inside(domain: Domain, x: float) -> bool:
    return domain.low < x < domain.high and not (domain.poles and domain.poles(x) == 0)


def _on_arrays(op: Op, names: list[str]) -> Iterator[_Trial]:
    for numbers in _ARRAYS:
        arrays: list[Any] = [np.add(numbers, i * np.size(numbers)) for i in range(op.arity or 2)]
        if op.name in _FITTING:
            arrays = [*map(np.array, _FITTING[op.name])]
        words = [f"np.array({x.tolist()})" for x in arrays]
        if op.arity is None:
            words, arrays = [f"[{', '.join(words)}]"], [arrays]
        made = [f">>> {name} = {word}" for name, word in zip(names, words, strict=True)]
        yield made, names, arrays


def _shown(
    op: Op, function: str, made: list[str], words: list[str], arguments: list[Any]
) -> list[str]:
    """Write a call and its result as Python shows it, if doctest can compare that."""
    given = _GIVEN.get(op.name, {})
    y = op(*arguments, **given)
    result = repr(y)
    if not np.all(np.isfinite(y)) or "\n\n" in result:
        return []
    return [*made, f">>> {function}({', '.join([*words, *_options(given)])})", result]


def _attempt(show: Callable[..., Any], *arguments: Any) -> Any:
    """Compute what is to be shown; None where it fails, as ops of users may at any numbers."""
    with np.errstate(all="raise"):
        try:
            return show(*arguments)
        except Exception:
            return None


def _options(params: Params) -> list[str]:
    return [f"{name}={value!r}" for name, value in params.items()]
