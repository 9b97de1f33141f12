"""The rows that multiply matrices, and sum products of elements."""
# mypy: disable-error-code="has-type"
# (rules name rows that stand further down; mypy reads the file once)

from typing import Any

import numpy as np

from ..errors import ShapeError
from .messages import brief
from .op import Each, Op
from .shapes import broadcast_to, reshape, sum_to

__all__ = [
    "einsum",
    "matmul",
]


def _to_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    if b.ndim == 1:
        return (g if a.ndim == 1 else reshape(g, (*g.shape, 1))) * b
    if a.ndim > 1:
        return _summed(g @ b.mT, a, g)
    if b.ndim == 2:
        return b @ g
    rows = reshape(g, (*g.shape[:-1], 1, g.shape[-1])) @ b.mT
    return reshape(sum_to(rows, (1, *a.shape)), a.shape)


def _to_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    if a.ndim == 1:
        if b.ndim == 1:
            return a * g
        row = g if b.ndim == 2 else reshape(g, (*g.shape[:-1], 1, g.shape[-1]))
        return reshape(a, (-1, 1)) * row
    if b.ndim > 1:
        return _summed(a.mT @ g, b, g)
    if a.ndim == 2:
        return a.mT @ g
    return reshape(a, (g.size, *b.shape)).mT @ reshape(g, (g.size,))


def _summed(x: Any, operand: Any, g: Any) -> Any:
    """Add up over the batches that an operand was repeated for."""
    is_batch = g.ndim > 2 and g.shape[:-2] != operand.shape[:-2]
    return sum_to(x, operand.shape) if is_batch else x


matmul = Op(
    name="matmul",
    forward=np.matmul,
    vjps=(_to_left, _to_right),
    latex=r"{0} \, {1}",
    precedence=2,
    elementwise=False,
    doc="Matrix product, of each pair in two batches; vectors are rows or columns as they fit.",
)


def _to_factor(i: int, g: Any, y: Any, *xs: Any, subscripts: str) -> Any:
    terms, result = subscripts.split("->")
    every, shape = terms.split(","), xs[i].shape
    rest, others = [result, *every[:i], *every[i + 1 :]], (g, *xs[:i], *xs[i + 1 :])
    found = "".join(k for k in every[i] if k in "".join(rest))
    x = einsum(f"{','.join(rest)}->{found}", *others)
    lengths: dict[str, int] = {}
    for term, other in zip(rest, others, strict=True):
        lengths |= {k: n for k, n in zip(term, other.shape, strict=False) if n != 1}
    spread = tuple(lengths.get(k, 1) for k in every[i])
    if found == every[i] and spread == shape:
        return x
    # A letter stands here only, or NumPy repeated an axis of length 1.
    summed = tuple(1 if n == 1 else m for n, m in zip(shape, spread, strict=False))
    return broadcast_to(sum_to(reshape(x, spread), summed), shape)


_einsum = Op(
    name="einsum",
    forward=lambda *xs, subscripts: np.einsum(subscripts, *xs),
    vjps=Each(_to_factor),
    latex=r"\operatorname{{einsum}}\left({0}\right)",
    elementwise=False,
    doc="Sum of products, with axes named by letters.",
)


def einsum(subscripts: str, *operands: Any) -> Any:
    """Sum products of elements, with axes named by letters as in `numpy.einsum`.

    Parameters
    ----------
    subscripts : str
        One group of letters for each operand, and after ``->`` one for the result; without it the
        result has the letters that occur once. No letter twice in a group, no dots.
    *operands : Tensor or array

    Raises
    ------
    ShapeError
        If the subscripts cannot be read or do not fit the operands.

    Examples
    --------
    >>> from autograd import Tensor
    >>> a = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> einsum("ij,ij->i", a, a).data
    array([ 5., 25.])
    """
    if not isinstance(subscripts, str):
        raise TypeError(
            f"einsum: got {brief(subscripts)} first. Call it as einsum('ij,jk->ik', a, b)."
        )
    terms, arrow, result = subscripts.replace(" ", "").partition("->")
    letters = terms.replace(",", "")
    if not arrow:
        result = "".join(sorted(k for k in set(letters) if letters.count(k) == 1))
    groups = terms.split(",")
    readable = all(group.isalpha() or not group for group in [*groups, result])
    if not readable or any(len(set(group)) < len(group) for group in [*groups, result]):
        raise ShapeError(
            f"einsum: got {subscripts!r}. Write letters, each once in a group, such as 'ij,jk->ik'."
        )
    if len(groups) != len(operands) or not set(result) <= set(letters):
        raise ShapeError(
            f"einsum: {subscripts!r} describes {len(groups)} operands; got {len(operands)}. "
            "Give one group of letters for each, and only their letters after ->."
        )
    return _einsum(list(operands), f"{terms}->{result}")
