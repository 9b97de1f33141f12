"""Training that was interrupted goes on from a checkpoint as if nothing had happened."""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.texts import shown

from ..module import Module
from ..optim import Optimizer, Schedule, read_state
from ..state_dict import by_path, once, paired
from . import random_states as generators
from .json_values import from_json, to_json
from .model import CLASS, NOT_OF_THE_MODEL, finite_here, numbers_of, of_the_model
from .optimizer_state import PACKED, packed, unpacked
from .safetensors_file import Arrays, read, write

_BEST, _OPTIMIZER = NOT_OF_THE_MODEL + "best/", NOT_OF_THE_MODEL + "optimizer/"

# What a checkpoint says, and the types of it.
_SAID: dict[str, Any] = {
    "stepgrad.about": dict,
    "stepgrad.generators": [{"paths": [str], "state": dict}],
    "stepgrad.optimizer": {"class": str, **PACKED},
    "stepgrad.schedule": {"class": str, "state": dict},
}
_ABOUT, _GENERATORS, _OF_OPTIMIZER, _OF_SCHEDULE = _SAID


def save_checkpoint(
    path: str | os.PathLike[str],
    model: Module,
    optimizer: Optimizer | None = None,
    schedule: Schedule | None = None,
    rng: np.random.Generator | None = None,
    *,
    best: Mapping[str, ArrayLike] | None = None,
    **about: Any,
) -> None:
    """Write all that training needs to go on later, bit for bit, to one safetensors file.

    The numbers of the model have the names that `save` gives them: `load` takes them from a
    checkpoint, too, and PyTorch reads them. Names of all else begin with ``stepgrad/``. The file
    is written beside its place and moved there when it is complete: at any moment, the old file
    is there or the new one.

    Parameters
    ----------
    path : path-like
        Such as ``"training.safetensors"``; a file that is there is replaced.
    model : Module
        With its buffers and with the random generators in attributes of its layers.
    optimizer : Optimizer, optional
    schedule : Schedule, optional
        Of this optimizer.
    rng : numpy.random.Generator, optional
        One more, such as that which shuffles the samples.
    best : mapping from str to array_like, optional
        Another state of the model: that of the best epoch so far.
    **about
        What else is to be known later, such as ``epoch=3``: numbers, texts, lists and dicts of
        them, which come back as they were; tuples come back as lists.

    Raises
    ------
    ValueError
        If a number is not finite: the last good file would be lost to one that cannot be loaded. Or
        if the name ends as those of another kind of file do.
    TypeError
        If a keyword is not made of numbers, texts, lists and dicts.
    ImportError
        If safetensors is not installed.

    See Also
    --------
    load_checkpoint

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import nn
    >>> model = nn.Linear(2, 3, rng=0)
    >>> optimizer = nn.Adam(model.parameters(), lr=0.05)
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "training.safetensors")
    ...     nn.save_checkpoint(path, model, optimizer, epoch=3, losses=[0.5, 0.25])
    ...     other = nn.Linear(2, 3, rng=1)
    ...     resumed = nn.Adam(other.parameters())
    ...     nn.load_checkpoint(path, other, resumed)
    {'epoch': 3, 'losses': [0.5, 0.25]}
    >>> (other.weight.data == model.weight.data).all(), resumed.param_groups[0]["lr"]
    (np.True_, 0.05)
    """
    _check("save_checkpoint", model, optimizer, schedule)
    arrays = numbers_of(model)
    said: dict[str, Any] = {_ABOUT: about, _GENERATORS: generators.states_of(model, rng)}
    if best is not None:
        leaves = by_path(model)
        held = dict(paired(leaves, best, True, "save_checkpoint: best"))
        arrays.update({_BEST + name: held[leaf] for name, leaf in once(leaves).items()})
    if optimizer is not None:
        state, remembered = packed(optimizer)
        arrays.update({_OPTIMIZER + name: x for name, x in remembered.items()})
        said[_OF_OPTIMIZER] = {"class": _kind(optimizer), **state}
    if schedule is not None:
        said[_OF_SCHEDULE] = {"class": _kind(schedule), "state": schedule.state_dict()}
    texts = {key: to_json(x, f"save_checkpoint: {key}") for key, x in said.items()}
    write("save_checkpoint", path, arrays, {CLASS: _kind(model), **texts})


def load_checkpoint(
    path: str | os.PathLike[str],
    model: Module,
    optimizer: Optimizer | None = None,
    schedule: Schedule | None = None,
    rng: np.random.Generator | None = None,
) -> dict[str, Any]:
    """Go on where `save_checkpoint` was called; if anything does not fit, nothing is changed.

    What is in the file and not asked for is left there: a model alone can be had from it.

    Parameters
    ----------
    path : path-like
    model, optimizer, schedule, rng
        Built as the saved ones were. Generators get their states in place.

    Returns
    -------
    dict
        The keywords that were saved, and ``"best"`` if it was given: arrays by their names.

    Raises
    ------
    ValueError
        If the file is damaged or of another kind, or if anything in it does not fit what is given,
        or is not finite. All is as before then.
    FileNotFoundError
        If there is no such file.
    ImportError
        If safetensors is not installed.

    See Also
    --------
    save_checkpoint : with an example.
    """
    _check("load_checkpoint", model, optimizer, schedule)
    arrays, texts = read("load_checkpoint", path)
    try:
        said = {key: from_json(texts[key], _SAID[key], key) for key in _SAID if key in texts}
        if not {_ABOUT, _GENERATORS} <= said.keys():
            raise ValueError("it is no checkpoint; nn.load takes the numbers of a model from it")
        set_generators = generators.planned(model, rng, said[_GENERATORS])
        leaves, best, numbers = by_path(model), _under(_BEST, arrays), of_the_model(arrays)
        if best:
            paired(leaves, finite_here(leaves, best, "best"), True, "best")
        pairs = paired(leaves, finite_here(leaves, numbers, "model"), True, "model")
        if optimizer is not None:
            saved = _saved(said, _OF_OPTIMIZER, optimizer)
            state = unpacked(optimizer, saved, _under(_OPTIMIZER, arrays))
            read_state(optimizer, state)
        if schedule is not None:
            schedule.load_state_dict(_saved(said, _OF_SCHEDULE, schedule)["state"])
        if optimizer is not None:
            optimizer.load_state_dict(state)  # after the schedule: rates may have been set by hand
    except Exception as error:  # also those of optimizers and schedules of others
        raise ValueError(
            f"load_checkpoint: {shown(path, 200)}: {str(error).rstrip('.')}. Nothing was changed."
        ) from error
    for leaf, array in pairs:
        leaf.data = array
    set_generators()
    return {**said[_ABOUT], "best": best} if best else said[_ABOUT]


def said_in(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the keywords that were saved, and whether there is a best state, and nothing else."""
    arrays, texts = read("load_checkpoint", path)
    try:
        about: dict[str, Any] = from_json(texts.get(_ABOUT, ""), dict, _ABOUT)
    except ValueError as error:
        raise ValueError(f"load_checkpoint: {shown(path, 200)}: {error}.") from None
    return {**about, "best": bool(_under(_BEST, arrays))}


def _check(function: str, model: Any, optimizer: Any, schedule: Any) -> None:
    if not isinstance(model, Module):
        raise TypeError(
            f"{function}: got a {type(model).__name__} for the model. Call {function}(path, model)."
        )
    if schedule is not None and schedule.optimizer is not optimizer:
        raise ValueError(f"{function}: the schedule is of another optimizer. Give that one, too.")


def _kind(thing: Any) -> str:
    return type(thing).__name__


def _saved(said: Mapping[str, Any], key: str, thing: Any) -> Any:
    if key not in said:
        raise ValueError(f"it was saved without {key.split('.')[1]}; load it without one")
    if said[key]["class"] != _kind(thing):
        raise ValueError(
            f"it was saved with {shown(said[key]['class'])}, here is {_kind(thing)}; build the same"
        )
    return said[key]


def _under(prefix: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): x for name, x in arrays.items() if name.startswith(prefix)}
