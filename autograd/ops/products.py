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


def _matrices(g: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Make a row of a first vector and a column of a second one, as matmul itself does."""
    if b.ndim == 1:
        g, b = reshape(g, (*g.shape, 1)), reshape(b, (-1, 1))
    if a.ndim == 1:
        g, a = reshape(g, (*g.shape[:-1], 1, g.shape[-1])), reshape(a, (1, -1))
    return g, a, b


def _fitted(x: Any, matrix: Any, operand: Any) -> Any:
    """Add up over the batches that an operand was repeated for."""
    return x if x.shape == operand.shape else reshape(sum_to(x, matrix.shape), operand.shape)


def _to_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    g, left, right = _matrices(g, a, b)
    return _fitted(g @ right.mT, left, a)


def _to_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    g, left, right = _matrices(g, a, b)
    return _fitted(left.mT @ g, right, b)


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
    *before, wanted = terms.split(",")[: i + 1]
    rest = [*before, *terms.split(",")[i + 1 :]]
    found = "".join(k for k in wanted if k in "".join([result, *rest]))
    x = einsum(f"{','.join([result, *rest])}->{found}", g, *xs[:i], *xs[i + 1 :])
    if x.shape != xs[i].shape:  # a letter stands here only, or NumPy repeated an axis of length 1
        lengths = dict(zip(found, x.shape, strict=True))
        x = reshape(x, tuple(lengths.get(k, 1) for k in wanted))
        x = sum_to(x, tuple(1 if n == 1 else m for n, m in zip(xs[i].shape, x.shape, strict=True)))
        x = broadcast_to(x, xs[i].shape)
    return x


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
