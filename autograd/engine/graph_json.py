"""The text of a Graph: what is read is checked, for a file may come from anywhere."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from ..ops import OPS
from ..texts import quoted, shown
from .json_values import number, restored

_FORMAT, _VERSION = "stepgrad.graph", 1
_FIELDS = {
    *("index", "op", "inputs", "args", "params", "data", "grad", "constant", "name", "scope"),
}


Calls = Mapping[tuple[str, ...], str]


def write(records: list[dict[str, Any]], output: int, calls: Calls) -> str:
    """Write the fields of all nodes, the index of the output, and the calls, as JSON."""
    about = {"format": _FORMAT, "version": _VERSION}
    listed = [[*scope, name] for scope, name in calls.items()]
    record = {**about, "nodes": records, "output": output, "calls": listed}
    return json.dumps(record, allow_nan=False)


def read(text: str) -> tuple[list[dict[str, Any]], int, Calls]:
    """Read the fields of all nodes, the index of the output, and the calls.

    Raises
    ------
    ValueError
        If it is anything but what `write` gives.
    """
    try:
        record = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _wrong(error) from None
    if not isinstance(record, dict):
        raise _wrong("it is no object")
    # 0.1 wrote none of these.
    record = {"format": _FORMAT, "version": _VERSION, "calls": [], **record}
    if (record["format"], record["version"]) != (_FORMAT, _VERSION):
        raise ValueError(
            f"from_json: got {shown(record['format'])} of version {shown(record['version'])}, "
            f"known is {_FORMAT} of version {_VERSION}. Update stepgrad, or give what to_json "
            "wrote."
        )
    nodes: Any = record.get("nodes")
    output: Any = record.get("output")
    is_there = isinstance(nodes, list) and type(output) is int and 0 <= output < len(nodes)
    if not is_there:
        raise _wrong("it has no nodes, or no output among them")
    calls = record["calls"]
    if not isinstance(calls, list) or not all(_is_list(x, str) and x[1:] for x in calls):
        raise _wrong("its calls are no lists of names")
    found = {tuple(scope): name for *scope, name in calls}
    return [_node(i, node) for i, node in enumerate(nodes)], output, found


def _node(i: int, record: Any) -> dict[str, Any]:
    """Check the fields of a node, and give them."""
    if not isinstance(record, dict) or record.keys() != _FIELDS:
        raise _wrong(f"node {i} has other fields than a node")
    try:
        node = {key: restored(x) for key, x in record.items() if key != "params"}
        node["params"] = {str(key): restored(x) for key, x in record["params"].items()}
        node["data"] = _numbers(node["data"])
        node["args"] = tuple(map(_numbers, node["args"]))
        node["grad"] = None if node["grad"] is None else _numbers(node["grad"])
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise _wrong(f"node {i}: {shown(error, 200)}") from None
    op = OPS.get(node["op"]) if isinstance(node["op"], str) else None
    if op is None and node["op"] is not None:
        raise _wrong(
            f"node {i} is made by the op {quoted(node['op'])}, which is not here: make it, or "
            "import the module that does"
        )
    inputs, options = node["inputs"], node["params"].keys()
    fits = (
        node["index"] == i
        and _is_list(inputs, int)
        and all(0 <= x < i for x in inputs)
        and len(inputs) == len(node["args"])
        and (len(inputs) == (op.arity or len(inputs)) if op else not inputs)
        and (op is None or options <= op.defaults.keys())
        and isinstance(node["constant"], bool)
        and isinstance(node["name"], str | None)
        and _is_list(node["scope"], str)
    )
    if not fits:
        raise _wrong(f"node {i} does not fit into a graph")
    return node | {"inputs": tuple(inputs), "scope": tuple(node["scope"])}


def _numbers(x: Any) -> Any:
    """Give back an array, or a float."""
    return x if isinstance(x, np.ndarray) else float(number(x))


def _is_list(x: Any, kind: type) -> bool:
    return isinstance(x, list) and all(type(part) is kind for part in x)


def _wrong(reason: object) -> ValueError:
    return ValueError(
        f"from_json: got no text of a graph: {shown(reason, 300)}. Give what to_json wrote."
    )


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
