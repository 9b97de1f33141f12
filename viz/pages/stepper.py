"""`step`: a walk through a computation and its backward pass, frame by frame, room by room."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any, overload

from autograd import Node, Tensor, Value, texts
from autograd.formulas import written
from autograd.ops import brief

from ..given import one_output, outputs_of
from ..moments import (
    Element,
    Frame,
    Part,
    Pass,
    Ranking,
    Room,
    element,
    frames,
    outermost,
    several,
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
)
from .arrays import Arrays
from .arrows import set_widths, size
from .cell import cell
from .film import save_film
from .layout import laid_out
from .page import embedded, page, save_page
from .ways import ways

_REST = 2**17  # bytes of a page beside its rooms
_IN_CELL, _IN_FILE = 2**20 - _REST, 2**23 - _REST  # of the rooms of a page of 1 MB, of 8 MB
_SOON, _PATIENCE = 0.2, 3.0  # seconds to lay them out in
_PATHS = 4  # of a box that are listed; one more stands for the rest
_MOST_NODES, _MOST_BOXES = 2000, 100  # of a graph and a room in which paths are listed


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
    outer = outermost(run.notation, detail)
    found = (each for each in outer.walk() if room in (None, each.title, each.id))
    shown = next(found, None)
    if shown is None:
        inner = dict.fromkeys(each.title for each in outer.walk() if each is not outer)
        titles = texts.listed(inner) or "no inner ones"
        raise ValueError(f"step: there is no room {texts.quoted(room)}. There are: {titles}.")
    return Stepper(run, outer, shown, phase, guess, title)


class Stepper(Sequence[Frame]):
    """What `step` returns: the frames of a room, the rooms behind it, and ways to show them.

    A sequence of `Frame`: loop over it, or look at ``steps[3].text``.

    Attributes
    ----------
    title : str
    room : Room
        Whose frames these are.
    rooms : list of Room
        All there are, the outermost first, those inside it after it.
    picture : Picture
        The room, with the gradients at the end of the pass.
    """

    def __init__(
        self, run: Pass, outer: Room, room: Room, phase: str, guess: bool, title: str
    ) -> None:
        self._run, self._phase, self._guess = run, phase, guess
        self._outer, self.room = outer, room
        self._frames = frames(run, room, phase)
        notation = run.notation.within(outer.titles)
        name = notation.labels[run.graph.output]
        self.title = texts.shown(title, 200) or f"{name} = {written(notation.whole_formula())}"

    @property
    def rooms(self) -> list[Room]:
        return [*self._outer.walk()]

    @cached_property
    def picture(self) -> Picture:
        return Picture.of(self._run.graph.with_grads(self._run.adjoints), self._pictured(self.room))

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

    def element(self, x: Node | str, at: Any) -> Element:
        """Say how one element of an array was computed, and what its gradient consists of.

        Parameters
        ----------
        x : Node or str
            The array, or what it is called here.
        at : tuple of int, or int
            Which element.

        Raises
        ------
        ValueError
            If nothing is called so.
        IndexError
            If the array has no such element.
        GraphError, DomainError
            If the array cannot be taken apart into single numbers.

        Examples
        --------
        >>> from autograd import Tensor, tanh
        >>> x = Tensor([0.5, -1.0])
        >>> print(step(tanh(x).sum(), names={"x": x}).element(x, 0))
        x[0] = 0.5: a leaf
        <BLANKLINE>
        ∂v₂/∂x[0] = 0.78645
        term                     in numbers          value
        v₁.grad[0]·(1 - v₁[0]²)  1·(1 - 0.46212²)  0.78645
        """
        return element(self._run, x, at)

    def save(self, path: str | Path) -> Path:
        """Write one HTML file that works by itself, without a network; or a GIF of the moments.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        RenderError
            If the name ends neither in .html nor in .gif, or there is nothing to draw with.
        """
        if Path(path).suffix == ".gif":
            save_film(Path(path), self, self.picture.shown)
            return Path(path)
        others = " or .gif; steps.picture.save writes .svg, .png, .pdf and .dot"
        return save_page("step", path, lambda: page(self.state(_IN_FILE, _PATIENCE)), others)

    def widget(self) -> Any:
        """Make a live widget whose ``index`` and ``room`` Python can read and set; needs anywidget.

        It asks for rooms as they are opened, so that all of them can be.

        Returns
        -------
        anywidget.AnyWidget
        """
        from .widget import StepperWidget  # anywidget is an extra

        ranking, arrays = self._ranked(), self._arrays(_IN_FILE)

        def held(room: Room) -> dict[str, Any]:
            ((_, shown, svg),) = laid_out([room], self._pictured, 0.0)
            state = self._state_of(room, shown, svg, ranking)
            arrays.add_to([state], _IN_FILE)
            return {room.id: state}

        def opened(change: Any) -> None:
            id = change["new"]
            if id not in widget.rooms:
                found = next((room for room in self._outer.walk() if room.id == id), None)
                new = held(found) if found else arrays.inside(id, widget.rooms)
                widget.rooms = {**widget.rooms, **new}

        widget = StepperWidget(**self._about(), rooms=held(self.room), kernel=True)
        widget.observe(opened, "room")
        return widget

    def state(self, most: int = _IN_CELL, patience: float = _SOON) -> dict[str, Any]:
        """Give all that the script of the page needs, as plain data of so many bytes.

        Rooms that are few steps away come first; what does not fit, or takes too long to lay out,
        is named in the boxes that would open into it.
        """
        others = (room for room in self._outer.walk() if room is not self.room)
        held: dict[str, Any] = {}
        ranking = self._ranked()
        size = 0
        for room, shown, svg in laid_out(chain([self.room], others), self._pictured, patience):
            state = self._state_of(room, shown, svg, ranking)
            size += len(embedded(state))
            if size > most and held:
                break
            held[room.id] = state
        self._arrays(most).fill(held, most - size)
        called = self._run.notation.labels[self._run.graph.output]
        for state in held.values():
            for box in state["boxes"].values():
                if "room" in box and box["room"] not in held:
                    box["missing"] = f"viz.step({called}, room={box.pop('room')!r})"
        return {**self._about(), "rooms": held}

    def _about(self) -> dict[str, Any]:
        return {"title": self.title, "room": self.room.id, "index": 0, "guess": self._guess}

    def _pictured(self, room: Room) -> Diagram:
        return pictured(self._run.notation, room, self._run.adjoints)

    def _arrays(self, most: int) -> Arrays:
        def inside(cell: Value, names: dict[str, Node]) -> dict[str, Any]:
            steps = step(cell, phase=self._phase, guess=self._guess, names=names)
            ((room, shown, svg),) = laid_out([steps.room], steps._pictured, 0.0)
            return steps._state_of(room, shown, svg, None)

        return Arrays(self._run, inside, most)

    def _state_of(
        self, room: Room, shown: Diagram, svg: str, ranking: Ranking | None
    ) -> dict[str, Any]:
        boxes: dict[str, Any] = {}
        box_of = {self._run.order[i]: id for i, id in shown.box_of.items()}
        for part, box in zip([*room.around, *room.parts], shown.boxes, strict=True):
            boxes[part.id] = {
                "what": box.formula,
                "whole": texts.shown(box.whole or box.title, 1000),
            }
            if part.room:
                boxes[part.id]["room"] = part.room.id
            if len(part.outputs) == 1 and isinstance(self._run.order[part.outputs[0]], Tensor):
                boxes[part.id]["array"] = str(part.outputs[0])
            ends = part.nodes if ranking else part.outputs
            if len(ends) == 1 and len(shown.boxes) <= _MOST_BOXES:
                boxes[part.id] |= ways(self._run, ranking, ends[0], box_of)
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
            plain.append(self._plain(frame, room, shown, adjoints, numbered))
            plain[-1]["cells"] = {
                id: cell_texts(adjoints[i])
                for id, i in with_cells.items()
                if id in plain[-1]["grads"]
            }
        return {
            "path": [[each.id, each.title] for each in room.path],
            "svg": svg,
            "boxes": boxes,
            "frames": plain,
            "range": set_widths(plain),
        }

    def _ranked(self) -> Ranking | None:
        """Rank the paths to all nodes, where factors are numbers and nodes not too many."""
        order = self._run.order
        is_told = isinstance(order[-1].data, float) and len(order) <= _MOST_NODES
        return Ranking(self._run, _PATHS) if is_told else None

    def _plain(
        self, frame: Frame, room: Room, shown: Diagram, adjoints: dict[int, Any], cells: set[str]
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
            values[part.id] = self._value(part, part.id in cells)
        passed: dict[str, list[Any]] = {}
        for place in frame.flows if frame.phase == "backward" else ():
            if place in shown.edge_of:
                passed.setdefault(shown.edge_of[place], []).append(self._run.flow_of[place].passed)
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
            "widths": {edge: size(flows) for edge, flows in passed.items()},
            "asks": self._asks(frame),
        }

    def _value(self, part: Part, in_cells: bool) -> str:
        held = [self._run.graph.nodes[i].data for i in part.outputs]
        if len(part.nodes) == 1 and isinstance(held[0], float):
            return written(self._run.notation.value(part.nodes[0]))
        return whole(held) if in_cells else several(held)

    def _asks(self, frame: Frame) -> list[tuple[str, float]]:
        """Ask for a contribution that is one number."""
        is_number = isinstance(frame.passed, float) and isfinite(frame.passed)
        if not self._guess or not is_number:
            return []
        return [(self._run.notation.labels[frame.targets[0]], frame.passed)]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks a sandboxed page, and a picture where they take the page away."""
        words = pass_text(self._run.notation, self, self.title, self.room, most=BRIEF)
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
        return pass_text(self._run.notation, self._frames, self.title, self.room)

    def __repr__(self) -> str:
        return f"Stepper({self.title!r}, {len(self)} frames)"
