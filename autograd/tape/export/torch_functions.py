"""What NumPy's functions are called in torch, where that is another name or another use."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from .numpy_dispatch import at_numbers, pairs

Axis = int | tuple[int, ...] | None
Tensor = Any  # one of torch

_SHARED = {
    *("add", "subtract", "multiply", "divide", "negative", "positive", "absolute", "square"),
    *("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "reciprocal"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan"),
    *("arcsinh", "arccosh", "arctanh", "floor", "ceil", "trunc", "isnan", "isinf", "isfinite"),
    *("greater", "greater_equal", "less", "less_equal", "not_equal", "matmul", "real"),
    *("logical_and", "logical_or", "logical_not", "einsum", "broadcast_to", "tril", "triu"),
}
_OF_TENSORS = {"maximum", "minimum", "logaddexp", "copysign", "hypot", "arctan2", "power"}


def found(name: str) -> Callable[..., Any] | None:
    """Find the counterpart of a function of NumPy."""
    import torch

    if name in _OF_TENSORS:
        return _filled_in(getattr(torch, {"power": "pow"}.get(name, name)))
    return getattr(torch, name) if name in _SHARED else _OTHER.get(name)


def numpy_dtype(kind: Any) -> np.dtype[Any]:
    """Name a type as NumPy does."""
    return np.dtype(str(kind).removeprefix("torch."))


def torch_dtype(kind: Any) -> Any:
    """Name a type as torch does."""
    import torch

    return getattr(torch, np.dtype(kind).name)


def _is_tensor(x: Any) -> bool:
    return hasattr(x, "new_full")


def _filled(like: Tensor, x: Any) -> Tensor:
    """Make a tensor of a number, on the device of another."""
    return x if _is_tensor(x) else like.new_full((), float(x))


def _filled_in(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let one of two operands be a number."""

    def filled(a: Any, b: Any) -> Tensor:
        like = a if _is_tensor(a) else b
        return function(_filled(like, a), _filled(like, b))

    return filled


def _axes(x: Tensor, axis: Axis) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(x.ndim))
    return (axis,) if isinstance(axis, int) else tuple(axis)


def _reduction(name: str) -> Callable[..., Any]:
    """Reduce along several axes; torch takes none of them for all."""

    def reduced(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
        axes = _axes(x, axis)
        return getattr(x, name)(axes, keepdim=keepdims) if axes else x.clone()

    return at_numbers(reduced)


def _product(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    axes = sorted((k % x.ndim for k in _axes(x, axis)), reverse=True)
    return reduce(lambda y, k: y.prod(k, keepdim=keepdims), axes, x.clone())


def _where(condition: Any, a: Any, b: Any) -> Tensor:
    like = next((x for x in (a, b) if _is_tensor(x)), None)
    like = condition.double() if like is None else like
    chosen = condition if _is_tensor(condition) else like.new_full((), bool(condition)).bool()
    return _filled(like, a).where(chosen.bool(), _filled(like, b))


def _sign(x: Tensor) -> Tensor:
    """Give -1, 0 or 1, or nan of nan, of which torch's own sign makes 0."""
    return x.where(x.isnan(), x.sign())


def _step(x: Tensor, at_zero: float) -> Tensor:
    """Give 0, at_zero or 1; torch's own heaviside has no derivative, where this has 0."""
    steps = _filled(x, at_zero).where(x == 0, (x > 0).to(x.dtype))
    return x.where(x.isnan(), steps)


def _padded(x: Tensor, widths: Any, mode: str = "constant", constant_values: Any = 0.0) -> Tensor:
    import torch

    flat = [n for pair in reversed(pairs(widths, x.ndim)) for n in pair]
    return torch.nn.functional.pad(x, flat, mode, constant_values)


def _windows(x: Tensor, size: Any, axis: Any) -> Tensor:
    for n, k in zip(size, [k % x.ndim for k in axis], strict=True):
        x = x.unfold(k, n, 1)
    return x


def _moved(x: Tensor, source: Any, destination: Any) -> Tensor:
    return x.movedim(*(k if isinstance(k, int) else tuple(k) for k in (source, destination)))


def _transposed(x: Tensor, axes: Any = None) -> Tensor:
    return x.permute(tuple(range(x.ndim))[::-1] if axes is None else tuple(axes))


def _concatenated(xs: Any, axis: int = 0) -> Tensor:
    import torch

    return torch.cat(xs, axis)


def _stacked(xs: Any, axis: int = 0) -> Tensor:
    import torch

    return torch.stack(xs, axis)


def _common_type(*operands: Any) -> np.dtype[Any]:
    """Find the type of a result: that of the tensors, for numbers adapt to them."""
    import torch

    kinds = [x.dtype for x in operands if _is_tensor(x)]
    return numpy_dtype(reduce(torch.promote_types, kinds))


_OTHER: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(["add.reduce", "sum"], _reduction("sum")),
    "mean": _reduction("mean"),
    **dict.fromkeys(["maximum.reduce", "max"], _reduction("amax")),
    "min": _reduction("amin"),
    "prod": at_numbers(_product),
    "squeeze": at_numbers(lambda x, axis: x.squeeze(_axes(x, axis))),
    "cumsum": lambda x, axis: x.cumsum(axis),
    "cumprod": lambda x, axis: x.cumprod(axis),
    "equal": lambda a, b: a.eq(b) if _is_tensor(a) else b.eq(a),
    "where": _where,
    "clip": lambda x, low, high: x.clamp(low, high),
    "sign": _sign,
    "heaviside": _step,
    "pad": _padded,
    "sliding_window_view": _windows,
    "transpose": _transposed,
    "moveaxis": _moved,
    "swapaxes": lambda x, a, b: x.swapaxes(a, b),
    "reshape": lambda x, shape: x.reshape(shape if isinstance(shape, int) else tuple(shape)),
    "expand_dims": lambda x, axis: x.unsqueeze(axis),
    "flip": lambda x, axis=None: x.flip(_axes(x, axis)),
    "concatenate": _concatenated,
    "stack": _stacked,
    "zeros_like": lambda x, shape=None: x.new_zeros(x.shape if shape is None else shape),
    "ones_like": lambda x, shape=None: x.new_ones(x.shape if shape is None else shape),
    "result_type": _common_type,
    "iscomplexobj": lambda x: x.is_complex(),
}
