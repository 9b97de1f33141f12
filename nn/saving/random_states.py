"""Random generators of a model go on where they were: their states are kept, and given back."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from autograd.texts import listed, shown

from ..module import Module, joined, parts_of

# Beyond these places, NumPy would read memory that is not the generator's.
_LIMITS = {"pos": 624, "buffer_pos": 4, "has_uint32": 1}


def states_of(model: Module, rng: np.random.Generator | None) -> list[dict[str, Any]]:
    """Write the states of all sources of random bits, as JSON can hold them."""
    return [
        {"paths": paths, "state": _written(bits.state)}
        for paths, bits in _sources(model, rng).values()
    ]


def planned(
    model: Module, rng: np.random.Generator | None, states: list[dict[str, Any]]
) -> Callable[[], None]:
    """Check states that `states_of` wrote, and give what sets them.

    Raises
    ------
    ValueError
        If there are other generators here, or a state is none of them.
    """
    sources = _sources(model, rng)
    saved = {}
    for state in states:
        paths = [path for path in state["paths"] if path != "rng" or rng is not None]
        saved.update({tuple(paths): state["state"]} if paths else {})
    here = {tuple(paths): bits for paths, bits in sources.values()}
    if saved.keys() != here.keys():
        raise ValueError(
            f"it was saved with the generators {_named(saved)}, here are {_named(here)}. "
            "Build the model as the saved one was, and give rng if it was given"
        )
    new = [(bits, _read(paths[0], saved[paths], bits)) for paths, bits in here.items()]

    def set_them() -> None:
        for bits, state in new:
            bits.state = state  # in place: recordings refer to the object

    return set_them


def _sources(
    model: Module, rng: np.random.Generator | None
) -> dict[int, tuple[list[str], np.random.BitGenerator]]:
    """Find sources of random bits by their paths; generators that share one are one."""
    generators = [("rng", rng)] if rng is not None else []
    for path, module in model.named_modules():
        parts = parts_of(module, np.random.Generator)
        generators += [(joined("model", joined(path, name)), x) for name, x in parts]
    found: dict[int, tuple[list[str], np.random.BitGenerator]] = {}
    for path, generator in generators:
        bits = generator.bit_generator
        found.setdefault(id(bits), ([], bits))[0].append(path)
    return found


def _named(sources: Mapping[tuple[str, ...], Any]) -> str:
    return listed(" = ".join(paths) for paths in sources) or "none"


def _written(state: Any) -> Any:
    if isinstance(state, Mapping):
        return {name: _written(x) for name, x in state.items()}
    return state.tolist() if isinstance(state, np.ndarray | np.generic) else state


def _read(path: str, written: Any, bits: np.random.BitGenerator) -> Any:
    """Make a state of what was written, and see whether a copy of the source takes it."""
    try:
        state = _alike(written, bits.state)
        deepcopy(bits).state = state
    except (ValueError, TypeError, OverflowError):
        raise ValueError(
            f"the state of the generator {shown(path)} is none of {type(bits).__name__}, which is "
            "here. Use a generator of the kind that was saved"
        ) from None
    return state


def _alike(written: Any, here: Any, name: str = "") -> Any:
    """Give what was written the types that a state has here."""
    if isinstance(here, Mapping):
        if not isinstance(written, dict) or written.keys() != here.keys():
            raise ValueError
        return {key: _alike(written[key], here[key], key) for key in here}
    if isinstance(here, np.ndarray):
        array = np.array([_alike(x, 0) for x in written], here.dtype)
        if array.shape != here.shape:
            raise ValueError
        return array
    if isinstance(here, int) and (
        type(written) is not int or not 0 <= written <= _LIMITS.get(name, 2**128 - 1)
    ):
        raise ValueError
    return written
