"""Files are of safetensors, which hold numbers, names and texts, and nothing that runs."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from autograd.files import write_whole
from autograd.texts import listed, shown

VERSION, CHECKSUM = "stepgrad.version", "stepgrad.sha256"
FIRST, CURRENT = "1", "2"  # the checksum of the first is of numbers only

_LONGEST_HEADER = 100_000_000  # bytes, as safetensors has it

Arrays = Mapping[str, NDArray[Any]]


def write(
    function: str, path: str | os.PathLike[str], arrays: Arrays, about: Mapping[str, str]
) -> None:
    """Write arrays and what is said about them to a file, all of it or nothing.

    Raises
    ------
    ValueError
        If a number is not finite, or the name is of another kind of file.
    """
    check_ending(function, path)
    wrong = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if wrong:
        raise ValueError(
            f"{function}: {listed(wrong)}: NaN or infinity. Nothing is written to {shown(path)}; "
            "train with a smaller rate from the last good numbers."
        )
    about = {VERSION: CURRENT, **about}
    about[CHECKSUM] = _checksum(arrays, about)
    write_whole(path, _safetensors(function).save(arrays, about))


def check_ending(function: str, path: str | os.PathLike[str]) -> None:
    """Refuse a name that would say the file is of another kind.

    Raises
    ------
    ValueError
        If it ends otherwise than in ``.safetensors``, which may be left out.
    """
    ending = Path(path).suffix
    if ending.lower() not in ("", ".safetensors"):
        raise ValueError(
            f"{function}: got a name in {shown(ending)}, which is another kind of file: "
            f"{shown(path)}. It writes safetensors: end the name in .safetensors."
        )


def read(function: str, path: str | os.PathLike[str]) -> tuple[Arrays, Mapping[str, str]]:
    """Read the arrays of a file, and what is said about them.

    Raises
    ------
    ValueError
        If the file is damaged or of another kind.
    """
    source, library = f"{function}: {shown(path, 200)}", _safetensors(function)
    if Path(path).exists() and not Path(path).is_file():
        raise ValueError(f"{source}: there is something else than a file. Give another path.")
    with Path(path).open("rb") as file:
        try:
            header, data = _contents(file)
            arrays: Arrays = library.load(data)
        except KeyError as error:
            raise ValueError(
                f"{source}: it holds numbers of type {shown(error.args[0])}, which NumPy does not "
                "have. Save them as float32."
            ) from None
        except Exception as error:  # those of safetensors, or of NumPy for shapes beyond its own
            reason = shown(error, 200) or type(error).__name__
            raise ValueError(
                f"{source}: no safetensors file, or a damaged one ({reason}). Load another."
            ) from None
    about = header.get("__metadata__") or {}
    if any(key.startswith("stepgrad.") for key in about):
        if about.get(VERSION) not in (FIRST, CURRENT):
            raise ValueError(
                f"{source}: its format has version {shown(about.get(VERSION))}, known are {FIRST} "
                f"and {CURRENT}. Update stepgrad, or load another file."
            )
        if about.get(CHECKSUM) != _checksum(arrays, about):
            raise ValueError(
                f"{source}: it is damaged, its contents are not what was saved. Load another."
            )
    return arrays, about


def _contents(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read a file that is as long as its header says, and no other: memory is not spent on those.

    All is read at once, for another file may take its place meanwhile.
    """
    size, start = os.fstat(file.fileno()).st_size, file.read(8)
    length = int.from_bytes(start, "little")
    if length > min(size, _LONGEST_HEADER):
        raise ValueError("it begins with no header")
    text = file.read(length)
    header: dict[str, Any] = json.loads(text)
    ends = (x["data_offsets"][1] for name, x in header.items() if name != "__metadata__")
    if 8 + length + max(ends, default=0) != size:
        raise ValueError("it is not as long as its header says")
    return header, start + text + file.read()


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
