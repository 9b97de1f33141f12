"""`step`: a walk through a computation and its backward pass, frame by frame, room by room."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any, overload

import numpy as np

from autograd import GraphError, Node, texts
from autograd.formulas import written
from autograd.ops import brief

from ..given import one_output, outputs_of
from ..moments import (
    Frame,
    Live,
    LivePass,
    Notation,
    Pass,
    Room,
    frames,
    number,
    rooms,
    whole,
)
from ..names import caller_names, is_module, variable_names
from ..pictures import (
    BRIEF,
    Diagram,
    Picture,
    RenderError,
    cell_texts,
    in_cells,
    pass_text,
    pictured,
    render_all,
    to_dot,
)
from .cell import cell
from .live import javascript, live_box, live_slopes, live_state, why_state
from .page import embedded, page, save_page

_REST = 2**17  # bytes of a page beside its rooms
_IN_CELL, _IN_FILE = 2**20 - _REST, 2**23 - _REST  # of the rooms of a page of 1 MB, of 8 MB
_AT_ONCE = 16  # rooms that are laid out before it is seen whether more will fit
_PATIENCE = 3.0  # seconds for all of them
_OF_PLACE = 170  # bytes of a program for a number in a text, about


def step(
    output: Any,
    x: Any = None,
    *,
    phase: str = "both",
    guess: bool = False,
    detail: str | int = "auto",
    room: str | None = None,
    names: Mapping[str, Any] | None = None,
    title: str = "",
) -> "Stepper":
    """Step through the computation of a node and its backward pass; no node is changed.

    A graph of more than some 40 nodes is folded: a box of many is one step, and opens into a room
    with steps of its own.

    Parameters
    ----------
    output : Node, Graph, Tape or Module
        Where the pass starts: of a tape with its first output, of a module with the sum of its
        outputs. Gradients are shown without what only their rules brought in, such as 1·x.
    x : array_like or list, optional
        Input of a module; zeros if not given.
    phase : {'both', 'backward'}
        Whether to begin with the forward computation, or when it is done.
    guess : bool
        Whether a page asks for each contribution before it shows it.
    detail : 'auto', 'full' or int
        How the first room is folded, as in `draw`.
    room : str, optional
        Title of the room to begin in, or its id; the outermost without it.
    names : mapping from str to Node, optional
        Names for nodes, instead of your variables; a container or a module names its parts.
    title : str
        Heading; the formula of the output if empty.

    Returns
    -------
    Stepper
        A notebook shows it with buttons, ``save`` writes it as one HTML file, ``str`` gives text.

    Raises
    ------
    GraphError
        If no gradient flows from `output`, or a room has more than 50000 frames.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    >>> f = (x + y) * z
    >>> steps = step(f, names={"x": x, "y": y, "z": z, "f": f})
    >>> steps[0].text
    'v₁   v₁ = x + y = -2 + 5 = 3'
    >>> steps.at(x).text
    'v₁ → x   ∂v₁/∂x = 1   1 × -4 = -4   grad of x: -4'
    """
    if phase not in ("both", "backward"):
        raise ValueError(f"step: got phase={phase!r}. Give 'both' or 'backward'.")
    known = caller_names(1) if names is None else variable_names(names)
    outputs = outputs_of("step", output, x, known)
    run = Pass(one_output(outputs) if is_module(output) else outputs[0], known)
    every = rooms(run.notation, detail)
    shown = [each for each in every if room in (None, each.title, each.id)]
    if not shown:
        titles = texts.listed(dict.fromkeys(each.title for each in every[1:])) or "no inner ones"
        raise ValueError(f"step: there is no room {texts.quoted(room)}. There are: {titles}.")
    return Stepper(run, every, shown[0], phase, guess, title)


class Stepper(Sequence[Frame]):
    """What `step` returns: the frames of a room, the rooms behind it, and ways to show them.

    A sequence of `Frame`: loop over it, or look at ``steps[3].text``.

    Attributes
    ----------
    title : str
    room : Room
        Whose frames these are.
    rooms : list of Room
        All there are, the outermost first.
    picture : Picture
        The room, with the gradients at the end of the pass.
    """

    def __init__(
        self, run: Pass, every: list[Room], room: Room, phase: str, guess: bool, title: str
    ) -> None:
        self._run, self._phase, self._guess = run, phase, guess
        self.rooms, self.room = every, room
        self._frames = frames(run, room, phase)
        name = run.notation.labels[run.graph.output]
        self.title = texts.shown(title, 200) or f"{name} = {written(run.notation.whole_formula())}"
        self._passed = {(flow.node, flow.operand): flow.passed for flow in run.flows}
        self._after = Notation(run.graph.with_grads(run.adjoints))
        self.picture = Picture.of(self._after, room)

    def at(self, x: Node) -> Frame:
        """Give the first frame of this room in which a node receives an adjoint.

        Raises
        ------
        ValueError
            If the node receives none here.
        """
        index = next((i for i, node in enumerate(self._run.order) if node is x), None)
        frame = next((frame for frame in self if index in frame.targets), None)
        if frame is None:
            raise ValueError(f"steps.at: {brief(x)} receives no adjoint in {self.room.title}.")
        return frame

    @property
    def values(self) -> dict[str, Any]:
        """What the leaves hold now, by their labels; a `widget` may have set it."""
        return {self._run.notation.labels[i]: self._run.order[i].data for i in self._run.leaves}

    def save(self, path: str | Path) -> Path:
        """Write one HTML file that works by itself, without a network.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        RenderError
            If the name does not end in .html, or there is nothing to draw the picture with.
        """
        others = "; steps.picture.save writes .svg, .png, .pdf and .dot"
        return save_page("step", path, lambda: page(self.state(_IN_FILE)), others)

    def widget(self) -> Any:
        """Make a live widget whose ``index`` and ``room`` Python can read and set; needs anywidget.

        It asks for rooms as they are opened, so that all of them can be. A number that is set in
        the page is set in the leaf; its ``values`` can be read and set, and ``read_values()`` shows
        what the leaves hold now.

        Returns
        -------
        anywidget.AnyWidget
        """
        from .widget import StepperWidget  # anywidget is an extra

        rooms = {room.id: room for room in self.rooms}
        about, written = self._all_states()

        def held(id: str) -> dict[str, Any]:
            ((room, shown, svg),) = self._drawn([rooms[id]])
            state = written.get(id) or self._state_of(room, shown, "")
            return {id: {**state, "svg": svg}}

        def opened(change: Any) -> None:
            id = change["new"]
            if id in rooms and id not in widget.rooms:
                widget.rooms = {**widget.rooms, **held(id)}

        labels, order = self._run.notation.labels, self._run.order
        leaves = {labels[i]: order[i] for i in self._run.leaves if "values" in about}
        widget = StepperWidget(leaves, **self._about(), **about, rooms=held(self.room.id))
        widget.observe(opened, "room")
        return widget

    def state(self, most: int = _IN_CELL) -> dict[str, Any]:
        """Give all that the script of the page needs, as plain data of so many bytes.

        Rooms that are few steps away come first; what does not fit, or takes too long to lay out,
        is named in the boxes that would open into it. Where a page can compute the graph, texts
        hold places of numbers, which a ``program`` computes from those of the leaves.
        """
        try:
            live = LivePass(self._run)
            about = live_state(live) | why_state(live)
            state = self._of(live)._state(most - len(embedded(about)))
            return {**state, **about, "program": javascript("program", live.tape())}
        except GraphError as reason:
            about = {"still": str(reason)} | why_state(self._run)
            return {**self._state(most - len(embedded(about))), **about}

    def _all_states(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write all rooms, without pictures, where one program is to compute them all."""
        try:
            live = LivePass(self._run)
            about = live_state(live) | why_state(live)
            shown = self._of(live)
            rooms = {
                room.id: shown._state_of(room, pictured(self._after, room), "")
                for room in self.rooms
            }
            return {**about, "program": javascript("program", live.tape())}, rooms
        except GraphError as reason:
            return {"still": str(reason)} | why_state(self._run), {}

    def _of(self, run: Pass) -> "Stepper":
        """Show another pass through the same graph in the same way."""
        return Stepper(run, self.rooms, self.room, self._phase, self._guess, self.title)

    def _state(self, most: int = _IN_CELL) -> dict[str, Any]:
        near = sorted(self.rooms, key=lambda room: (room is not self.room, len(room.path)))
        held: dict[str, Any] = {}
        size, places = 0, len(self._run.places)
        for room, shown, svg in self._drawn(near):
            state = self._state_of(room, shown, svg)
            size += len(embedded(state)) + _OF_PLACE * (len(self._run.places) - places)
            places = len(self._run.places)
            if size > most and held:
                break
            held[room.id] = state
        called = self._run.notation.labels[self._run.graph.output]
        for state in held.values():
            for box in state["boxes"].values():
                if "room" in box and box["room"] not in held:
                    box["missing"] = f"viz.step({called}, room={box.pop('room')!r})"
        return {**self._about(), "rooms": held}

    def _about(self) -> dict[str, Any]:
        return {"title": self.title, "room": self.room.id, "index": 0, "guess": self._guess}

    def _drawn(self, near: list[Room]) -> Iterator[tuple[Room, Diagram, str]]:
        """Lay out rooms, as many as there is time for."""
        end = perf_counter() + _PATIENCE
        for first in range(0, len(near), _AT_ONCE):
            if first and perf_counter() > end:
                return
            some = near[first : first + _AT_ONCE]
            shown = [pictured(self._after, room) for room in some]
            yield from zip(some, shown, render_all([*map(to_dot, shown)]), strict=True)

    def _state_of(self, room: Room, shown: Diagram, svg: str) -> dict[str, Any]:
        boxes: dict[str, Any] = {}
        for part, box in zip([*room.around, *room.parts], shown.boxes, strict=True):
            boxes[part.id] = {
                "what": box.formula,
                "whole": texts.shown(box.whole or box.title, 1000),
            }
            if part.room:
                boxes[part.id]["room"] = part.room.id
            boxes[part.id]["nodes"] = [*part.nodes]
            if isinstance(self._run, LivePass):
                boxes[part.id] |= live_box(self._run, part)
        moments = self._frames if room is self.room else frames(self._run, room, self._phase)
        plain: list[dict[str, Any]] = []
        adjoints: dict[int, Any] = {}  # those of a frame, kept from one to the next
        past, numbered = 0, in_cells(shown)
        with_cells = {
            part.id: part.outputs[0] for part in room.part_of.values() if part.id in numbered
        }
        for frame in moments:
            adjoints.update(frame.history[past : frame.past])
            past = frame.past
            plain.append(self._plain(frame, room, shown, adjoints))
            plain[-1]["cells"] = {
                id: cell_texts(adjoints[i])
                for id, i in with_cells.items()
                if id in plain[-1]["grads"]
            }
        run = self._run
        return {
            "slopes": live_slopes(run, shown) if isinstance(run, LivePass) else {},
            "path": [[each.id, each.title] for each in room.path],
            "svg": svg,
            "boxes": boxes,
            "frames": plain,
        }

    def _plain(
        self, frame: Frame, room: Room, shown: Diagram, adjoints: dict[int, Any]
    ) -> dict[str, Any]:
        part_of, box_of = room.part_of, shown.box_of
        targets = [i for i in frame.targets if i in part_of]
        grads = {}
        for part in dict.fromkeys(part_of[i] for i in targets):
            if all(i in adjoints for i in part.outputs):
                grads[part.id] = whole([adjoints[i] for i in part.outputs])
        values = {}
        if frame.phase == "forward":
            part = part_of[frame.nodes[0]]
            values[part.id] = whole([frame.graph.nodes[i].data for i in part.outputs])
        passed: dict[str, list[Any]] = {}
        for place in frame.flows if frame.phase == "backward" else ():
            if place in shown.edge_of:
                passed.setdefault(shown.edge_of[place], []).append(self._passed[place])
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
            "flows": {edge: [_size(x) for x in flows] for edge, flows in passed.items()},
            "asks": self._asks(frame),
        }

    def _asks(self, frame: Frame) -> list[tuple[str, float | str]]:
        """Ask for a contribution that is one number."""
        is_number = isinstance(frame.passed, float) and isfinite(frame.passed)
        if not self._guess or not is_number:
            return []
        passed = number(frame.passed, 17) if isinstance(frame.passed, Live) else frame.passed
        return [(self._run.notation.labels[frame.targets[0]], passed)]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks a sandboxed page, and a picture where they take the page away."""
        words = pass_text(self, self.title, self.room, most=BRIEF)
        try:
            return {"text/html": cell(self.state()), "text/plain": words}
        except RenderError as error:
            return {"text/plain": f"{words}\n({error})"}

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> list[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | list[Frame]:
        return self._frames[index]

    def __len__(self) -> int:
        return len(self._frames)

    def __str__(self) -> str:
        return pass_text(self._frames, self.title, self.room)

    def __repr__(self) -> str:
        return f"Stepper({self.title!r}, {len(self)} frames)"


def _size(passed: Any) -> str:
    """Write how much flows along an arrow, by which it is drawn; of an array the norm."""
    with np.errstate(all="ignore"):
        return number(np.linalg.norm(passed) if np.ndim(passed) else passed, 3)
