"""Models are kept in safetensors files, which hold numbers and names, and nothing that runs."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node

from .module import Module
from .state import by_path, take_over

VERSION, CLASS, CHECKSUM = "stepgrad.version", "stepgrad.class", "stepgrad.sha256"
CURRENT = "1"

Arrays = Mapping[str, NDArray[Any]]


def save(model: Module, path: str | os.PathLike[str]) -> None:
    """Write the numbers of a model to a file, which PyTorch can read, too.

    They are those of ``model.state_dict()``: of parameters, frozen or not, and of buffers. The file
    is written beside its place and moved there when it is complete: at any moment, the old file
    is there or the new one.

    Parameters
    ----------
    model : Module
    path : path-like
        Such as ``"model.safetensors"``; a file that is there is replaced.

    Raises
    ------
    ValueError
        If a number is not finite: the last good file would be lost to one that `load` refuses.
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
    _check(model, "save")
    arrays = {path: np.array(leaf.data, order="C") for path, leaf in by_path(model).items()}
    wrong = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if wrong:
        raise ValueError(
            f"save: {', '.join(wrong)}: NaN or infinity. Nothing is written to {path}; train with "
            "a smaller rate from the last good numbers."
        )
    about = {VERSION: CURRENT, CLASS: type(model).__name__, CHECKSUM: _checksum(arrays)}
    _replace(Path(path), _safetensors("save").save(arrays, about))


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
    _check(model, "load")
    leaves, arrays = by_path(model), _read(Path(path))
    wrong = [name for name in leaves if name in arrays and not _fits(arrays[name], leaves[name])]
    if wrong:
        raise ValueError(
            f"load: {path}: {', '.join(wrong)}: NaN, infinity, or larger than this model can hold. "
            "Load a file that was saved before."
        )
    take_over(leaves, arrays, strict, f"load: {path}")


def _check(model: Any, name: str) -> None:
    if not isinstance(model, Module):
        raise TypeError(
            f"{name}: got a {type(model).__name__} for the model. Call {name}(model, path)."
        )


def _safetensors(name: str) -> ModuleType:
    try:
        import safetensors.numpy
    except ImportError:
        raise ImportError(f"{name} needs safetensors: pip install safetensors") from None
    return safetensors.numpy


def _read(path: Path) -> Arrays:
    """Read the arrays of a file, all at once: another one may take its place meanwhile."""
    library = _safetensors("load")
    data = path.read_bytes()
    try:
        arrays: Arrays = library.load(data)
    except KeyError as error:
        raise ValueError(
            f"load: {path}: it holds numbers of type {error.args[0]}, which NumPy does not have. "
            "Save them as float32."
        ) from None
    except Exception as error:  # those of safetensors, or of NumPy for shapes beyond its own
        raise ValueError(
            f"load: {path}: no safetensors file, or a damaged one ({error}). Load another."
        ) from None
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    about = header.get("__metadata__") or {}
    if any(key.startswith("stepgrad.") for key in about):
        if about.get(VERSION) != CURRENT:
            raise ValueError(
                f"load: {path}: its format has version {about.get(VERSION)}, known is {CURRENT}. "
                "Update stepgrad, or load another file."
            )
        if about.get(CHECKSUM) != _checksum(arrays):
            raise ValueError(
                f"load: {path}: it is damaged, its numbers are not those that were saved. "
                "Load another."
            )
    return arrays


def _checksum(arrays: Arrays) -> str:
    """Sum up names, types and numbers in an order that no writer can change; models know shapes."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name!r} {array.dtype.str}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _fits(array: NDArray[Any], leaf: Node) -> bool:
    """Tell whether numbers are finite, also as the type that they are to have."""
    if array.dtype.kind != "f":
        return True
    with np.errstate(over="ignore"):
        return bool(np.isfinite(array.astype(np.asarray(leaf.data).dtype)).all())


def _replace(path: Path, data: bytes) -> None:
    """Put a file in the place of another in one step, when all of it is on the disk."""
    place = path.resolve()  # a link stays a link
    draft = place.with_name(f".{place.name}.{token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, place)
    finally:
        draft.unlink(missing_ok=True)
