"""One room as a page holds it: its boxes and its frames, as plain data."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from autograd import Tensor, Value, texts
from autograd.formulas import written

from ..moments import Frame, Live, LivePass, Part, Pass, Room, number, several, whole
from ..pictures import Diagram, cell_texts, in_cells
from .arrows import told_flow
from .live import live_slopes
from .ways import ways

_MOST_BOXES = 100  # of a room in which gains are listed


def room_state(
    run: Pass, room: Room, shown: Diagram, moments: Sequence[Frame], guess: bool
) -> dict[str, Any]:
    """Give all of a room but its picture; numbers of a live pass by their places.

    Parameters
    ----------
    run : Pass
    room : Room
    shown : Diagram
        Its picture.
    moments : sequence of Frame
        Its frames.
    guess : bool
        Whether they ask for what flows.

    Examples
    --------
    >>> from autograd import Value, tanh
    >>> from viz.moments import frames, outermost
    >>> from viz.pictures import pictured
    >>> run = Pass(tanh(Value(0.0, name="x")), {})
    >>> room = outermost(run.notation)
    >>> shown = pictured(run.notation, room, run.adjoints)
    >>> [*room_state(run, room, shown, frames(run, room), False)["boxes"]]
    ['n0', 'n1']
    """
    numbered = in_cells(shown)
    with_cells = {part.id: part.outputs[0] for part in room.part_of.values() if part.id in numbered}
    plain: list[dict[str, Any]] = []
    adjoints: dict[int, Any] = {}  # those of a frame, kept from one to the next
    past = 0
    for frame in moments:
        adjoints.update(frame.history[past : frame.past])
        past = frame.past
        plain.append(_plain(run, frame, room, shown, adjoints, numbered, guess))
        plain[-1]["cells"] = {
            id: cell_texts(adjoints[i]) for id, i in with_cells.items() if id in plain[-1]["grads"]
        }
    return {
        "slopes": live_slopes(run, shown) if isinstance(run, LivePass) else {},
        "path": [[each.id, each.title] for each in room.path],
        "boxes": _boxes(run, room, shown),
        "frames": plain,
    }


def value_text(run: Pass, part: Part, in_cells: bool) -> str:
    """Write what a box holds when it has been computed."""
    held = [run.graph.nodes[i].data for i in part.outputs]
    if len(part.nodes) == 1 and isinstance(held[0], float):
        value = run.notation.value(part.nodes[0])
        return number(value) if isinstance(value, Live) else written(value)
    return whole(held) if in_cells else several(held)


def _boxes(run: Pass, room: Room, shown: Diagram) -> dict[str, Any]:
    boxes: dict[str, Any] = {}
    box_of = {run.order[i]: id for i, id in shown.box_of.items()}
    titled = run.within(room)
    for part, box in zip([*room.around, *room.parts], shown.boxes, strict=True):
        told = boxes[part.id] = {
            "what": box.formula,
            "whole": texts.shown(box.whole or box.title, 1000),
            "nodes": [*part.nodes],
        }
        if part.room:
            told["room"] = part.room.id
        if isinstance(run, LivePass):
            told["value"] = value_text(run, part, False)
            if len(part.nodes) == 1 and part.nodes[0] in run.leaves:
                told["leaf"] = run.notation.labels[part.nodes[0]]
        if len(part.outputs) == 1 and isinstance(run.order[part.outputs[0]], Value):
            told["output"] = part.outputs[0]
        if len(part.outputs) == 1 and isinstance(run.order[part.outputs[0]], Tensor):
            told["array"] = str(part.outputs[0])
            told["label"] = titled.label(part.outputs[0])
            if len(shown.boxes) <= _MOST_BOXES:
                told |= ways(run, part.outputs[0], box_of)
    return boxes


def _plain(
    run: Pass,
    frame: Frame,
    room: Room,
    shown: Diagram,
    adjoints: dict[int, Any],
    cells: set[str],
    guess: bool,
) -> dict[str, Any]:
    part_of, box_of = room.part_of, shown.box_of
    targets = [i for i in frame.targets if i in part_of]
    grads = {}
    for part in dict.fromkeys(part_of[i] for i in targets):
        if all(i in adjoints for i in part.outputs):
            found = [adjoints[i] for i in part.outputs]
            grads[part.id] = whole(found) if part.id in cells else several(found)
    values = {}
    if frame.phase == "forward":
        part = part_of[frame.nodes[0]]
        values[part.id] = value_text(run, part, part.id in cells)
    passed: dict[str, list[Any]] = {}
    for place in frame.flows if frame.phase == "backward" else ():
        if place in shown.edge_of:
            passed.setdefault(shown.edge_of[place], []).append(run.flow_of[place].passed)
    return {
        "phase": frame.phase,
        "title": frame.title,
        "node": box_of.get(frame.nodes[0]) if frame.nodes else None,
        "edges": [*dict.fromkeys(shown.edge_of[x] for x in frame.flows if x in shown.edge_of)],
        "targets": [*dict.fromkeys(box_of[i] for i in targets)],
        "rule": frame.mathml,
        "numbers": frame.numbers,
        "sum": frame.total,
        "math": {"numbers": frame.numbers_mathml, "sum": frame.total_mathml},
        "say": " ".join([frame.sentence, *frame.notes]),
        "values": values,
        "grads": grads,
        "flows": {edge: told_flow(flows) for edge, flows in passed.items()},
        "asks": _asks(run, frame) if guess else [],
    }


def _asks(run: Pass, frame: Frame) -> list[tuple[str, float | str]]:
    """Ask for a contribution that is one number."""
    if not isinstance(frame.passed, float) or not isfinite(frame.passed):
        return []
    passed = number(frame.passed, 17) if isinstance(frame.passed, Live) else frame.passed
    return [(run.notation.labels[frame.targets[0]], passed)]
