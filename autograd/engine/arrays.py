"""Keeps the numbers of Tensors: copied in, read-only, replaced but never overwritten."""

from collections.abc import Callable
from math import copysign, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError
from ..ops import brief, real_numbers, surely_finite

Array = NDArray[Any]

_FEW = 1024  # bytes


class Frozen(np.ndarray[Any, np.dtype[Any]]):
    """A read-only array whose in-place operators make a new array instead.

    ``x.data -= step`` then binds new numbers, and graphs that saw the old ones keep them. Whatever
    is computed from it is a plain array.
    """

    def __array_wrap__(
        self, array: NDArray[Any], context: Any = None, return_scalar: bool = False
    ) -> Any:
        plain = array.view(np.ndarray)
        return plain[()] if return_scalar else plain

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))

    def __reduce__(self) -> Any:
        """Pickle a plain array: what is read again belongs to no node."""
        return self.view(np.ndarray).__reduce__()

    @staticmethod
    def _anew(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
        def in_place(self: Any, other: Any) -> Any:
            if self.flags.writeable:
                return ufunc(self, other, out=self)
            new = np.empty_like(self, subok=False)  # plain, or NumPy would ask __array_wrap__
            ufunc(self, other, out=new)
            new.flags.writeable = False
            return new.view(Frozen)

        return in_place

    def __setitem__(self, index: Any, numbers: Any) -> None:
        if not self.flags.writeable:
            raise _in_place("x.data[i] = ...")
        super().__setitem__(index, numbers)

    def fill(self, value: Any) -> None:
        if not self.flags.writeable:
            raise _in_place("x.data.fill")
        super().fill(value)

    __iadd__ = _anew(np.add)
    __isub__ = _anew(np.subtract)
    __imul__ = _anew(np.multiply)
    __itruediv__ = _anew(np.divide)
    __ipow__ = _anew(np.power)


def _in_place(call: str) -> ValueError:
    return ValueError(
        f"{call}: these numbers are read-only, for graphs hold them. Edit a copy and give it back: "
        "new = x.data.copy(); new[i] = ...; x.data = new."
    )


def frozen(data: Any, before: NDArray[Any] | None = None) -> NDArray[Any]:
    """Copy what a leaf is given; new numbers take the shape and the type of those `before`.

    Raises
    ------
    TypeError
        If it is not an array of real numbers.
    ShapeError
        If it has another shape than `before`.
    """
    if data.__class__ is Frozen and before is not None and _can_replace(data, before):
        return data.view(np.ndarray)  # it need not be copied
    array = real_numbers("Tensor: got", data, "Give an array of real numbers", shown=True)
    dtype = np.float32 if array.dtype == np.float32 else np.float64
    if before is not None:
        dtype = before.dtype.type
        if array.shape != before.shape:
            raise ShapeError(
                f"data: got numbers of shape {array.shape} for a Tensor of shape {before.shape}. "
                "A leaf keeps its shape; make a new Tensor."
            )
    payload = np.array(array, dtype=dtype)
    payload.flags.writeable = False
    return payload


def all_finite(x: Any) -> bool:
    """Whether a number, or each number of an array, is finite."""
    if x.__class__ is float:
        return isfinite(x)
    return surely_finite(np.asarray(x)) or bool(np.isfinite(x).all())


def frozen_index(index: Any) -> Any:
    """Check what a Tensor is indexed with; a copy of arrays keeps later edits out of the graph."""
    if isinstance(index, tuple):
        return tuple(map(frozen_index, index))
    if index is None or index is ... or isinstance(index, slice | int):
        return index
    if hasattr(index, "__index_array__"):
        return index.__index_array__()
    array = np.array([] if _is_node(index) else index)
    if _is_node(index) or (array.dtype.kind not in "iub" and array.size):
        raise IndexError(
            f"getitem: got the index {brief(index)}. Use whole numbers, slices, None, ..., or "
            "arrays of whole numbers or of bool, such as x[x > 0]."
        )
    if not array.size and array.dtype != bool:
        array = array.astype(int)  # NumPy makes an empty list one of floats
    array.flags.writeable = False
    return array if array.ndim else array.item()


def same_numbers(a: Any, b: Any) -> bool:
    """Whether two floats or arrays are of one shape and no op could tell their numbers apart.

    So nan is like nan. 0.0 is not like -0.0, for 1/x tells them apart.
    """
    if a is b:
        return True
    if isinstance(a, float) and isinstance(b, float):  # as below, without NumPy's overhead
        return copysign(1, a) == copysign(1, b) if a == b else a != a and b != b
    if not np.array_equal(a, b, equal_nan=True):
        return False
    return bool(np.all((np.signbit(a) == np.signbit(b)) | np.isnan(a)))


def fingerprint(array: NDArray[Any]) -> Any:
    """Take down what an array holds without a copy of it: other contents give something else.

    Of objects it is the list of them, for an address may be that of another object later; of a few
    numbers it is their bytes, for a digest takes longer.
    """
    if array.dtype.hasobject:
        return array.tolist()
    if array.nbytes <= _FEW:
        return array.shape, array.dtype.str, array.tobytes()
    from hashlib import sha256  # here, for few need it, and loading it takes long

    digest = sha256()
    flags = ["external_loop", "buffered", "zerosize_ok"]
    for part in np.nditer(array, flags, [["readonly", "contig"]], order="C", buffersize=2**16):  # type: ignore[call-overload]
        digest.update(part.view(np.uint8))
    return array.shape, array.dtype.str, digest.digest()


def _can_replace(data: Frozen, before: NDArray[Any]) -> bool:
    """Whether an array has the form of another, and nobody can write into its memory."""
    owner = data if data.base is None else data.base
    return (
        (data.shape, data.dtype) == (before.shape, before.dtype)
        and isinstance(owner, np.ndarray)
        and not owner.flags.writeable
        and owner.size == data.size
    )


def _is_node(x: Any) -> bool:
    return hasattr(x, "__apply_op__")
