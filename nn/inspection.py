"""Shows what goes on in a model: what every layer gives, its shapes, its parameters."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Tensor, Value
from autograd.engine import Integers
from autograd.texts import columns, shown

calls: ContextVar[list[tuple[Any, Any]] | None] = ContextVar("calls", default=None)


def activations(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Call a module, and keep what every module in it gives, by its path."""
    paths = {id(part): path for path, part in module.named_modules()}
    token = calls.set([])
    try:
        output = module(*args, **kwargs)
        made = calls.get() or []
    finally:
        calls.reset(token)
    found = {"input": args[0] if args else None}
    for part, y in made[:-1]:
        path = paths.get(id(part), type(part).__name__)  # one that is in no attribute has no path
        again = sum(name.partition("#")[0] == path for name in found)
        found[f"{path}#{again + 1}" if again else path] = y
    return {**found, "output": output}


def summary(module: Any, input_shape: tuple[int, ...] | int) -> str:
    """Write a table of what a module gives for a sample of this shape."""
    sample = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
    modules = dict(module.named_modules())
    with evaluating(module):
        if is_of_values(module):
            found, batch = activations(module, ([0.0] * prod(sample),), {}), 0
        else:
            x = Integers(np.zeros((1, *sample), int), type_of(module))  # maybe it wants indices
            found, batch = activations(module, (x,), {}), 1
    rows = [("layer", "module", "output shape", "parameters")]
    for path, y in found.items():
        part = modules.get(path.partition("#")[0])
        if part is not None and not any(p.startswith(f"{path}.") for p in modules):
            count = "again" if "#" in path else f"{_count(part):,}"
            rows.append((shown(path), shown(repr(part)), f"{np.shape(y)[batch:]}", count))
    rows.append(("total", "", "", f"{_count(module):,}"))
    return columns(rows, right=[3])


def example(module: Any, x: Any) -> list[Node]:
    """Call a module on some input that has a name, or on zeros, without a change to it."""
    shape = module.input_shape
    if x is None and shape is None:
        raise ValueError(
            f"{type(module).__name__}: its first layer does not tell the shape of an input. "
            "Give one, such as np.zeros((1, 1, 28, 28))."
        )
    if is_of_values(module):
        numbers = [0.0] * prod(shape) if x is None else list(x)
        x = [
            number if isinstance(number, Node) else Value(number, constant=True, name=f"x{k}")
            for k, number in enumerate(numbers, start=1)
        ]
    elif not isinstance(x, Node):
        x = np.zeros((1, *shape), type_of(module)) if x is None else np.asarray(x)
        if x.dtype.kind == "f":
            x = Tensor(x, constant=True, name="x")
    with evaluating(module):
        return nodes_of(module(x))


@contextmanager
def evaluating(module: Any) -> Iterator[None]:
    """Let a module, and all in it, be used rather than trained, for a while."""
    modes = [(part, part.training) for _, part in module.named_modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


def is_of_values(module: Any) -> bool:
    """Whether a module computes with single numbers, and so takes one sample at a time."""
    return any(isinstance(leaf, Value) for _, leaf in module.named_leaves())


def type_of(model: Any) -> np.dtype[Any]:
    """Say in which type a model computes: that of its first Tensor."""
    first = next((leaf for _, leaf in model.named_leaves() if isinstance(leaf, Tensor)), None)
    return np.dtype(float) if first is None else first.dtype


def batch_of(X: NDArray[Any], dtype: Any) -> Tensor:
    """Make what a model of Tensors gets of some samples: whole numbers stay whole."""
    return Integers(X, dtype) if X.dtype.kind in "iu" else Tensor(X, constant=True)


def ran(model: Any, X: NDArray[Any], dtype: Any) -> Any:
    """Give what a model of Tensors gives for some samples, as floats."""
    output = model(batch_of(X, dtype))
    return output.floats if isinstance(output, Integers) else output


def nodes_of(output: Any) -> list[Node]:
    """List the nodes that a model gives."""
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, list | tuple):
        return [node for part in output for node in nodes_of(part)]
    return [output] if isinstance(output, Node) else []


def nested(leaves: Iterator[Any], shape: tuple[int, ...]) -> Any:
    """Take leaves in nested lists of a shape; in none if it is that of a number."""
    if not shape:
        return next(leaves)
    return [nested(leaves, shape[1:]) for _ in range(shape[0])]


def numbers_in(prediction: Any) -> Any:
    """Give what nodes hold, in lists as they stand."""
    if isinstance(prediction, list | tuple):
        return [numbers_in(part) for part in prediction]
    return prediction.data


def _count(module: Any) -> int:
    """Count the numbers that training may change, or that are frozen."""
    leaves = {leaf for _, leaf in module.named_leaves()} - set(module.buffers())
    return sum(leaf.size if isinstance(leaf, Tensor) else 1 for leaf in leaves)
