"""A saved state is compared with the optimizer that is to go on from it."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from .options import check_options, plain, same_kind
from .parameter_blocks import Part, parts

Group = dict[str, Any]


def read_state(
    optimizer: Any, state_dict: Mapping[str, Any]
) -> tuple[list[Group], list[list[Part]]]:
    """Give the options and the parts of groups that a state makes of those that are here.

    Raises
    ------
    ValueError
        If anything in it is not as in a state of such an optimizer.
    """
    groups, name = optimizer.param_groups, type(optimizer).__name__
    try:
        saved, states = list(state_dict["param_groups"]), dict(state_dict["state"])
        positions = [list(group["params"]) for group in saved]
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            "load_state_dict: got no state of an optimizer. Give what state_dict() gave."
        ) from None
    here, there = ([len(group["params"]) for group in groups], [len(p) for p in positions])
    if here != there:
        raise ValueError(
            f"load_state_dict: got groups of {there} parameters for groups of {here}. "
            "Build the optimizer as the saved one was."
        )
    count = sum(here)
    known = states.keys() <= set(range(count)) and list(chain(*positions)) == list(range(count))
    if not known or not all(isinstance(state, Mapping) for state in states.values()):
        raise ValueError(
            f"load_state_dict: got no state of {count} parameters. Give what state_dict() gave."
        )
    for group in saved:
        missing = optimizer.defaults.keys() - group.keys()
        if missing:
            raise ValueError(
                f"load_state_dict: {name} needs {min(missing)!r}, which was not saved. "
                "Was it another optimizer?"
            )
    options = [_options(name, *pair) for pair in zip(groups, saved, strict=True)]
    for group, new in zip(groups, options, strict=True):
        optimizer.check({**group, **new})
    found = [
        parts(group["params"], [states.get(i, {}) for i in places])
        for group, places in zip(groups, positions, strict=True)
    ]
    return options, found


def _options(optimizer: str, group: Group, saved: Mapping[str, Any]) -> Group:
    """Give the options of a saved group, in the types that they have here."""
    options = {name: plain(x) for name, x in saved.items() if name != "params"}
    here = {"initial_lr": group.get("lr", 0.0), **group}
    for name, x in options.items():
        if name in here and not same_kind(x, plain(here[name])):
            raise ValueError(
                f"load_state_dict: {optimizer} has {name}={here[name]!r}, saved was {x!r}. "
                "Build the optimizer as the saved one was."
            )
    if "initial_lr" in options:
        check_options(optimizer, {"initial_lr": options["initial_lr"]})
    return options
