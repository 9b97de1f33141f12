"""Models are saved to files and come back from them as they were."""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node
from autograd.texts import listed, quoted, shown

from ..module import Module
from ..state_dict import by_path, once, take_over
from .safetensors_file import Arrays, read, write

CLASS = "stepgrad.class"
NOT_OF_THE_MODEL = "stepgrad/"  # what the names of other arrays begin with


def save(model: Module, path: str | os.PathLike[str]) -> None:
    """Write the numbers of a model to a file, which PyTorch can read, too.

    They are those of ``model.state_dict()``: of parameters, frozen or not, and of buffers. What
    layers share is written once, under the first of its names, as `load_model` of safetensors
    expects. The file is written beside its place and moved there when it is complete: at any
    moment, the old file is there or the new one.

    Parameters
    ----------
    model : Module
    path : path-like
        Such as ``"model.safetensors"``; a file that is there is replaced, by one of its mode.

    Raises
    ------
    ValueError
        If a number is not finite: the last good file would be lost to one that `load` refuses. Or
        if the name ends as those of another kind of file do, in ``.npz`` or ``.onnx``.
    ImportError
        If safetensors is not installed.

    See Also
    --------
    load

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import nn
    >>> model, other = nn.Linear(2, 3, rng=0), nn.Linear(2, 3, rng=1)
    >>> with TemporaryDirectory() as folder:
    ...     nn.save(model, Path(folder, "model.safetensors"))
    ...     nn.load(other, Path(folder, "model.safetensors"))
    >>> (other.weight.data == model.weight.data).all()
    np.True_
    """
    if not isinstance(model, Module):
        raise TypeError(_not_a_model("save", model))
    write("save", path, numbers_of(model), {CLASS: type(model).__name__})


def load(model: Module, path: str | os.PathLike[str], strict: bool = True) -> None:
    """Give a model the numbers of a file that `save` wrote, or safetensors from PyTorch.

    The numbers take the types of the model's own; what is frozen, and what is not, stays so.

    Parameters
    ----------
    model : Module
        Of the same layers.
    path : path-like
    strict : bool
        Whether the names must be the same; without it, those that both have are taken.

    Raises
    ------
    ValueError
        If the file is damaged or of another kind, if names or shapes differ, or if a number is
        not finite: with it, all that the model computes would be lost. The model is as before.
    FileNotFoundError
        If there is no such file.
    ImportError
        If safetensors is not installed.

    See Also
    --------
    save : with an example.

    Notes
    -----
    A file of `save` has a checksum, so that no damage goes unnoticed. One that was written
    elsewhere has none: damage to its numbers shows only where they are no longer finite.
    """
    if not isinstance(model, Module):
        raise TypeError(_not_a_model("load", model))
    arrays, _ = read("load", path)
    leaves, source = by_path(model), f"load: {shown(path, 200)}"
    take_over(leaves, finite_here(leaves, of_the_model(arrays), source), strict, source)


def numbers_of(model: Module) -> dict[str, NDArray[Any]]:
    """Give the numbers of a model, as a file holds them."""
    leaves = once(by_path(model))
    arrays = {path: np.array(leaf.data, order="C") for path, leaf in leaves.items()}
    for name in arrays:
        if name.startswith(NOT_OF_THE_MODEL):
            raise ValueError(
                f"{type(model).__name__}: a file has no place for {quoted(name)}. Rename it."
            )
    return arrays


def of_the_model(arrays: Arrays) -> Arrays:
    """Choose what `numbers_of` gave: a checkpoint holds more."""
    return {name: x for name, x in arrays.items() if not name.startswith(NOT_OF_THE_MODEL)}


def finite_here(leaves: Mapping[str, Node], arrays: Arrays, source: str) -> Arrays:
    """Give back the arrays, if the leaves can hold them.

    Raises
    ------
    ValueError
        If a number is not finite, also as the type that it is to have.
    """
    wrong = [name for name in leaves if name in arrays and not _fits(arrays[name], leaves[name])]
    if wrong:
        raise ValueError(
            f"{source}: {listed(wrong)}: NaN, infinity, or larger than this model can hold. "
            "Load a file that was saved before."
        )
    return arrays


def _not_a_model(function: str, model: Any) -> str:
    return f"{function}: got a {type(model).__name__} for the model. Call {function}(model, path)."


def _fits(array: NDArray[Any], leaf: Node) -> bool:
    """Tell whether numbers are finite, also as the type that they are to have."""
    if array.dtype.kind != "f":
        return True
    with np.errstate(over="ignore"):
        return bool(np.isfinite(array.astype(np.asarray(leaf.data).dtype)).all())
