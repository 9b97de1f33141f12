"""Writes steps as a function of Python, a call a line: a loop over them takes a tenth longer."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from .liveness import Pool, last_reads


class Step(NamedTuple):
    """A call, whose result goes to a slot."""

    call: Callable[..., Any]
    operands: tuple[int, ...]
    slot: int
    makes: str = "array"  # else a "number", or "nothing": it fills the array that the slot holds


class Output(NamedTuple):
    """A slot to give, and whether what is in it belongs to this run alone."""

    slot: int
    is_own: bool
    is_number: bool


def function_of(
    steps: Sequence[Step], given: int, held: Mapping[int, Any], outputs: Sequence[Output]
) -> Callable[..., list[Any]]:
    """Make a function of what is in the first slots, `given`; it gives a list of outputs.

    `held` are arrays in slots that are the same at each call. Results share local variables, so
    that an array is let go soon after its last reading.

    Examples
    --------
    >>> steps = [Step(np.exp, (0,), 2), Step(np.multiply, (2, 1), 3)]
    >>> run = function_of(steps, 1, {1: np.array(2.0)}, [Output(3, True, False)])
    >>> run(np.zeros(2))
    [array([2., 2.])]
    """
    names = {slot: f"x{slot}" for slot in range(given)}
    arguments = ", ".join(names.values())
    names |= {slot: f"x{slot}" for slot in held}
    space: dict[str, Any] = {names[slot]: x for slot, x in held.items()}
    space |= {"array": np.array, "asarray": np.asarray}
    last_read = last_reads([*(step.operands for step in steps), [x.slot for x in outputs]])
    registers, number = Pool[str](), count()
    register_of: dict[int, str] = {}
    lines = [f"def run({arguments}):"]
    for i, (call, operands, slot, makes) in enumerate(steps):
        space[f"f{i}"] = call
        written = ", ".join([names[x] for x in operands])
        done = [x for x in dict.fromkeys(operands) if last_read[x] == i and x in register_of]
        registers.give_back(register_of.pop(x) for x in done)
        if makes == "nothing":
            lines.append(f"    f{i}({written}, out={names[slot]})")
            continue
        names[slot] = register_of[slot] = registers.take(lambda: f"r{next(number)}")
        wrapped = f"f{i}({written})" if makes == "array" else f"asarray(f{i}({written}))"
        lines.append(f"    {names[slot]} = {wrapped}")
    found = [
        (names[x.slot] if x.is_own else f"array({names[x.slot]})") + "[()]" * x.is_number
        for x in outputs
    ]
    lines.append(f"    return [{', '.join(found)}]")
    exec("\n".join(lines), space)
    run: Callable[..., list[Any]] = space["run"]
    return run
