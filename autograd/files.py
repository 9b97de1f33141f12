"""A file is written whole or not at all; the one it replaces leaves it its mode and its owner."""

import os
import stat
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from time import sleep
from typing import IO, Any

from .texts import shown

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: it locks what is open by itself, and has no owners or modes to keep
    fcntl = None


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Put data in the place of a file in one step, when all of it is on the disk.

    It is written to a draft beside its place, which only its writer may touch while he lives: what
    a killed process left is removed by the next call for the same place.

    Parameters
    ----------
    path : path-like
        A link stays a link.
    data : bytes

    Raises
    ------
    OSError
        If it cannot be written, or what is there is no file. What was there is there still.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "numbers")
    ...     write_whole(path, b"1 2 3")
    ...     path.read_bytes(), len(list(path.parent.iterdir()))
    (b'1 2 3', 1)
    """
    place = Path(path).resolve()
    for left in place.parent.glob(_draft_of(place, "????????")):
        _remove_if_dead(left)
    old = place.stat() if place.exists() else None
    if old and not stat.S_ISREG(old.st_mode):
        raise FileExistsError(
            f"{shown(path, 200)}: there is something else than a file. Give another path."
        )
    try:
        file = _locked_draft(place, 0o600 if old else 0o666)
    except OSError as error:
        error.filename = os.fspath(path)  # nobody knows the name of the draft
        raise
    draft = Path(file.name)
    try:
        with file:
            file.write(data)
            file.flush()
            if old and fcntl:
                _keep(file, old)
            os.fsync(file.fileno())
            if fcntl:
                os.replace(draft, place)  # while it is locked
        if not fcntl:
            _replace_on_windows(draft, place)
    finally:
        draft.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Name a file beside a place that is removed if a process dies while it is there.

    The next call of `write_whole` for the place removes it.

    Examples
    --------
    >>> len(beside(Path("a long name of a file")).name)
    18
    """
    return path.with_name(_draft_of(path, token_hex(4)))


def _draft_of(place: Path, token: str) -> str:
    """Name a draft; its length is its own, for the place's may be all that the system allows."""
    return f".{sha256(os.fsencode(place.name)).hexdigest()[:8]}_{token}"


def _locked_draft(place: Path, mode: int) -> IO[bytes]:
    """Make an empty file of a new name, and lock it."""
    while True:
        draft = beside(place)
        file = open(draft, "xb", opener=partial(os.open, mode=mode))  # noqa: SIM115
        if not fcntl:
            return file
        with suppress(OSError):  # some file systems know no locks: nobody gets one there
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # it was taken for a dead one before it was locked


def _remove_if_dead(draft: Path) -> None:
    """Remove a draft whose writer does not live any more."""
    with suppress(OSError):  # he lives, or it is gone
        if not fcntl:
            draft.unlink()
            return
        with draft.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()


def _keep(file: IO[bytes], old: os.stat_result) -> None:
    """Give a file the owner of an old one, as far as one may, and its mode."""
    for owner in (old.st_uid, -1):
        with suppress(PermissionError):
            os.fchown(file.fileno(), owner, old.st_gid)
            break
    os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))


def _replace_on_windows(draft: Path, place: Path) -> None:
    """Wait for a moment where somebody reads the old file, such as a virus scanner."""
    for pause in (0.01, 0.1, 1.0):
        with suppress(PermissionError):
            return os.replace(draft, place)
        sleep(pause)
    return os.replace(draft, place)
