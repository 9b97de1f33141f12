"""Arrays as a page holds them: numbers, how each was computed, and rooms inside them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Node, Value, trace
from autograd.texts import quoted

from ..moments import Formulas, Pass, flow_formulas, named, texts_of, value_formulas
from ..pictures import has_map, maps, shades
from .cell import weight

MOST = 4096  # numbers of one array
_TAKEN_APART = 150  # bytes of a page for each Value that arrays are taken apart into
_PATIENCE = 0.2  # seconds for rooms inside arrays, for each MB of a page


class Arrays:
    """Gives arrays of a pass as plain data.

    Parameters
    ----------
    run : Pass
    open_room : callable
        Gives the room that shows the graph of a Value, from it and names for its nodes.
    most : int
        Bytes of the page, by which it is chosen how much is taken apart into Values. Of what is
        not, the page has the call that tells how an element was computed.
    """

    def __init__(
        self, run: Pass, open_room: Callable[[Value, dict[str, Node]], dict[str, Any]], most: int
    ) -> None:
        self._run, self._open_room = run, open_room
        self._left, self._patience = most // _TAKEN_APART, most / 2**20 * _PATIENCE
        self._known: dict[tuple[int, bool], list[Formulas] | None] = {}

    def fill(self, rooms: dict[str, Any], most: int) -> None:
        """Add to rooms their arrays, and the rooms inside these, as far as there are bytes left."""
        most = self.add_to([*rooms.values()], most)
        rooms |= self._insides(rooms, most)

    def add_to(self, rooms: Sequence[dict[str, Any]], most: int) -> int:
        """Add to rooms the arrays that are in their boxes; say how many bytes are left.

        Where they are too many, an array has its name and its shape.
        """
        for room in rooms:
            found = _labelled(self._described(_indices(room)), room)
            more = weight(found) - weight(self.name_in(room)["arrays"])
            if more <= most:
                room["arrays"] = found
                most -= more
        return most

    def name_in(self, room: dict[str, Any]) -> dict[str, Any]:
        """Add to a room the names and shapes of the arrays that are in its boxes."""
        arrays = {str(i): self._named(i) | self._call(i) for i in _indices(room)}
        room["arrays"] = _labelled(arrays, room)
        return room

    def inside(self, id: str, rooms: Mapping[str, Any]) -> dict[str, Any]:
        """Give the room with an id: the place of an array, and one in it, as in 3.0."""
        if id not in self._ids(rooms):
            return {}
        i, place = map(int, id.split("."))
        (made,) = self._formulas(i, False) or []
        node, label = self._run.graph.nodes[i], self._run.notation.labels[i]
        title = named(label, np.shape(node.data), place)
        cell = made.cells[place]
        results = [x for x in trace(cell) if x.op is not None and x is not cell]
        names = {f"t{k}": x for k, x in enumerate(results, 1)}  # what is around has v₁, v₂
        room = self._open_room(cell, {title: cell, **names})
        for box in room["boxes"].values():
            box.pop("room", None)  # there is none further inside
        above = next(each["path"] for each in rooms.values() if i in _indices(each))
        return {id: {**room, "path": [*above, [id, title]], "arrays": {}}}

    def _insides(self, rooms: Mapping[str, Any], most: int) -> dict[str, Any]:
        """Give rooms inside arrays that some rooms show: as many as fit and are soon laid out."""
        end = perf_counter() + self._patience
        held: dict[str, Any] = {}
        for id in self._ids(rooms):
            room = self.inside(id, rooms)
            most -= weight({id: room})
            if most < 0 or perf_counter() > end:
                break
            held |= room
        return held

    def _ids(self, rooms: Mapping[str, Any]) -> list[str]:
        """List the rooms there are inside arrays: of each the first, then of each the second."""
        found: dict[int, list[str]] = {}
        for i in (i for room in rooms.values() for i in _indices(room)):
            cells = [cell for made in self._known.get((i, False)) or [] for cell in made.cells]
            found[i] = [f"{i}.{k}" for k, cell in enumerate(cells) if _is_computed(cell)]
        return [id for row in zip_longest(*found.values()) for id in row if id is not None]

    def _described(self, indices: Sequence[int]) -> dict[str, Any]:
        """Describe arrays with their formulas, and without them those that stand in formulas."""
        found: dict[str, Any] = {}
        beside: dict[int, None] = {}
        for i in sorted(indices, key=lambda i: np.size(self._run.graph.nodes[i].data)):
            told = found[str(i)] = self._numbers(i) | self._call(i)
            for key, is_grad in (("made", False), ("passed", True)):
                formulas = self._formulas(i, is_grad)
                if formulas is not None:
                    told[key] = [each.plain() for each in formulas]
                    sources = (source for each in formulas for source in each.sources)
                    beside |= {x.node: None for x in sources if x.node is not None}
            cells = [cell for made in self._known[i, False] or [] for cell in made.cells]
            told["opens"] = bool(cells) and all(map(_is_computed, cells))
        for i in beside:
            found.setdefault(str(i), self._numbers(i))
        return found

    def _call(self, i: int) -> dict[str, str]:
        """Give the beginning of the call that tells how an element was computed."""
        labels = self._run.notation.labels
        output = labels[self._run.graph.output]
        return {"call": f"viz.step({output}).element({quoted(labels[i])}, "}

    def _named(self, i: int) -> dict[str, Any]:
        shape = np.shape(self._run.graph.nodes[i].data)
        return {"label": self._run.notation.labels[i], "shape": [*shape]}

    def _numbers(self, i: int) -> dict[str, Any]:
        found = self._named(i)
        arrays = {"value": self._run.graph.nodes[i].data, "grad": self._run.adjoints.get(i)}
        for key, array in arrays.items():
            if array is None:
                continue
            if has_map(array):
                found[f"{key}Maps"] = [*map(texts_of, maps(array))]
            if np.size(array) <= MOST:
                found |= {f"{key}s": texts_of(array), f"{key}Shades": _colors(array)}
        return found

    def _formulas(self, i: int, is_grad: bool) -> list[Formulas] | None:
        """Give the formulas of a value, or of all that flows to it; None if they are too much."""
        if (i, is_grad) not in self._known:
            self._known[i, is_grad] = self._made(i, is_grad)
        return self._known[i, is_grad]

    def _made(self, i: int, is_grad: bool) -> list[Formulas] | None:
        node, found = self._run.graph.nodes[i], []
        if np.size(node.data) > MOST:
            return None
        try:
            for flow in self._run.flows_to(i) if is_grad else []:
                found.append(self._counted(flow_formulas(self._run, flow, self._left)))
            if node.op is not None and not is_grad:
                found.append(self._counted(value_formulas(self._run, i, self._left)))
        except Exception:  # too many Values, or an op of a user does what needs numbers
            return None
        sizes = (np.size(source.data) for made in found for source in made.sources)
        return found if all(size <= MOST for size in sizes) else None

    def _counted(self, made: Formulas) -> Formulas:
        self._left -= made.size
        return made


def _indices(room: Mapping[str, Any]) -> list[int]:
    return [int(box["array"]) for box in room["boxes"].values() if "array" in box]


def _labelled(arrays: dict[str, Any], room: Mapping[str, Any]) -> dict[str, Any]:
    """Call arrays as the boxes of a room are called that hold them."""
    for box in room["boxes"].values():
        if "array" in box:
            arrays[box["array"]]["label"] = box["label"]
    return arrays


def _is_computed(cell: Value) -> bool:
    return cell.op is not None and not cell.constant


def _colors(array: Any) -> str:
    return "".join(map(str, shades(array)))
