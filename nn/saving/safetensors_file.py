"""Files are of safetensors, which hold numbers, names and texts, and nothing that runs."""

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

VERSION, CHECKSUM = "stepgrad.version", "stepgrad.sha256"
FIRST, CURRENT = "1", "2"  # the checksum of the first is of numbers only

Arrays = Mapping[str, NDArray[Any]]


def write(
    function: str, path: str | os.PathLike[str], arrays: Arrays, about: Mapping[str, str]
) -> None:
    """Write arrays and what is said about them to a file, all of it or nothing.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    wrong = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if wrong:
        raise ValueError(
            f"{function}: {', '.join(wrong)}: NaN or infinity. Nothing is written to {path}; train "
            "with a smaller rate from the last good numbers."
        )
    about = {VERSION: CURRENT, **about}
    about[CHECKSUM] = _checksum(arrays, about)
    _replace(Path(path), _safetensors(function).save(arrays, about))


def read(function: str, path: str | os.PathLike[str]) -> tuple[Arrays, Mapping[str, str]]:
    """Read the arrays of a file, and what is said about them.

    Raises
    ------
    ValueError
        If the file is damaged or of another kind.
    """
    source, library = f"{function}: {path}", _safetensors(function)
    data = Path(path).read_bytes()  # all at once: another file may take its place meanwhile
    try:
        arrays: Arrays = library.load(data)
    except KeyError as error:
        raise ValueError(
            f"{source}: it holds numbers of type {error.args[0]}, which NumPy does not have. "
            "Save them as float32."
        ) from None
    except Exception as error:  # those of safetensors, or of NumPy for shapes beyond its own
        raise ValueError(
            f"{source}: no safetensors file, or a damaged one ({error}). Load another."
        ) from None
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    about = header.get("__metadata__") or {}
    if any(key.startswith("stepgrad.") for key in about):
        if about.get(VERSION) not in (FIRST, CURRENT):
            raise ValueError(
                f"{source}: its format has version {about.get(VERSION)}, known are {FIRST} and "
                f"{CURRENT}. Update stepgrad, or load another file."
            )
        if about.get(CHECKSUM) != _checksum(arrays, about):
            raise ValueError(
                f"{source}: it is damaged, its contents are not what was saved. Load another."
            )
    return arrays, about


def _safetensors(name: str) -> ModuleType:
    try:
        import safetensors.numpy
    except ImportError:
        raise ImportError(f"{name} needs safetensors: pip install safetensors") from None
    return safetensors.numpy


def _checksum(arrays: Arrays, about: Mapping[str, str]) -> str:
    """Sum up all that a file holds, in an order that no writer can change."""
    digest, whole = hashlib.sha256(), about[VERSION] != FIRST
    for name, array in sorted(arrays.items()):
        shape = f" {array.shape}" if whole else ""
        digest.update(f"{name!r} {array.dtype.str}{shape}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    if whole:
        said = sorted((key, text) for key, text in about.items() if key != CHECKSUM)
        digest.update(json.dumps(said).encode())
    return digest.hexdigest()


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
