"""`step`: a walk through a computation and its backward pass, frame by frame, room by room."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any, overload

from autograd import GraphError, Node, Value, texts
from autograd.formulas import written
from autograd.ops import brief

from ..given import one_output, outputs_of
from ..moments import (
    Element,
    Frame,
    LivePass,
    Pass,
    Room,
    element,
    frames,
    outermost,
)
from ..names import caller_names, is_module, variable_names
from ..pictures import (
    BRIEF,
    IN_CELL,
    Diagram,
    Picture,
    RenderError,
    SlowLayoutError,
    pass_text,
    pictured,
)
from .arrays import Arrays
from .cell import cell, weight
from .film import save_film
from .layout import laid_out
from .live import javascript, live_state, why_state
from .page import page, save_page
from .room import room_state

_IN_FILE = 2**23  # bytes of a page
_SOON, _PATIENCE = 0.2, 3.0  # seconds to lay them out in
_LARGE = 5_000  # nodes, which took their time before: a cell then has half as long
# What is beside rooms is estimated while they are added, and counted when the page is written:
_REST, _OF_IMAGE = 2**17, 1.4  # bytes of script and style, and of an image for each of its SVG
_OF_LINE, _OF_PLACE = 75, 60  # bytes of a program: of a line, of a number in a text


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


class TooLargeError(RenderError):
    """A page cannot hold even one room."""

    def __init__(self, size: int, most: int) -> None:
        found, limit = f"{size / 2**20:.1f} MB", f"{most / 2**20:.0f} MB"
        file = "save('steps.html') has room for 8 MB, " * (most < _IN_FILE)
        super().__init__(f"this room takes {found} of {limit}; {file}widget() for all")


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
        self._drawn = run  # of which pictures are drawn
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
        return element(self._run.within(self.room), x, at)

    @property
    def values(self) -> dict[str, Any]:
        """What the leaves hold now, by their labels; a `widget` may have set it."""
        return {self._run.notation.labels[i]: self._run.order[i].data for i in self._run.leaves}

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
        return save_page("step", path, lambda: self._written(page, _IN_FILE, _PATIENCE), others)

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

        arrays = self._arrays(_IN_FILE)
        about, written = self._all_states()

        def held(room: Room) -> dict[str, Any]:
            ((_, shown, svg),) = laid_out([room], self._pictured, 0.0)
            state = {**(written.get(room.id) or self._state_of(room, shown, "")), "svg": svg}
            arrays.add_to([state], _IN_FILE)
            return {room.id: state}

        def opened(change: Any) -> None:
            id = change["new"]
            if id not in widget.rooms:
                found = next((room for room in self._outer.walk() if room.id == id), None)
                new = held(found) if found else arrays.inside(id, widget.rooms)
                widget.rooms = {**widget.rooms, **new}

        labels, order = self._run.notation.labels, self._run.order
        leaves = {labels[i]: order[i] for i in self._run.leaves if "values" in about}
        widget = StepperWidget(leaves, **self._about(), **about, rooms=held(self.room), kernel=True)
        widget.observe(opened, "room")
        return widget

    def state(self, most: int = IN_CELL, patience: float = _SOON) -> dict[str, Any]:
        """Give all that the script of the page needs, as plain data: a cell has so many bytes.

        Rooms that are few steps away come first; what does not fit, or takes too long to lay out
        and to write, is named in the boxes that would open into it. Where a page can compute the
        graph, texts hold places of numbers, which a ``program`` computes from those of the leaves.

        Raises
        ------
        RenderError
            If not even the first room fits.
        """
        try:
            live = LivePass(self._run)
            about = live_state(live) | why_state(live)
            return self._of(live)._state(most, patience, about, live)
        except (GraphError, TooLargeError) as reason:
            still = {"still": str(reason)}
        try:
            return self._state(most, patience, still | why_state(self._run))
        except TooLargeError:  # without its paths, of which there are many
            return self._state(most, patience, still)

    def _all_states(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write all rooms, without pictures, where one program is to compute them all."""
        try:
            live = LivePass(self._run)
            about = live_state(live) | why_state(live)
            shown = self._of(live)
            rooms = {
                room.id: shown._state_of(room, shown._pictured(room), "")
                for room in self._outer.walk()
            }
            return {**about, "program": javascript("program", live.tape())}, rooms
        except GraphError as reason:
            return {"still": str(reason)} | why_state(self._run), {}

    def _of(self, run: Pass) -> "Stepper":
        """Show another pass through the same graph in the same way."""
        other = Stepper(run, self._outer, self.room, self._phase, self._guess, self.title)
        other._drawn = self._run
        return other

    def _state(
        self,
        most: int = IN_CELL,
        patience: float = _SOON,
        about: Mapping[str, Any] = MappingProxyType({}),
        live: LivePass | None = None,
    ) -> dict[str, Any]:
        others = (room for room in self._outer.walk() if room is not self.room)
        held: dict[str, Any] = {}
        places: list[int] = []  # how many numbers the texts up to each room ask for
        arrays, left = self._arrays(most), float(most - _REST - weight({**about}))
        left -= _OF_LINE * (len(self._run.order) + len(self._run.flows)) if live else 0
        end = perf_counter() + 2 * patience  # as long to lay them out as to write them
        for room, shown, svg in laid_out(chain([self.room], others), self._pictured, patience):
            held[room.id] = arrays.name_in(self._state_of(room, shown, svg))
            left -= weight(held[room.id]) + _OF_IMAGE * len(svg) * (room is self.room)
            places.append(len(self._run.places))
            if left < _OF_PLACE * places[-1] or perf_counter() > end:
                break
        while True:
            state = {**self._about(), **about, "rooms": self._without(held)}
            if live:
                state["program"] = javascript("program", live.tape(places[len(held) - 1]))
            left = most - len(cell(state).encode(errors="replace"))
            if left >= 0:
                arrays.fill(state["rooms"], left)
                return state
            if len(held) == 1:
                raise TooLargeError(most - left, most)
            while len(held) > 1 and left < 0:
                left += weight(held.popitem())

    def _without(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Have boxes of some rooms say how those are seen that are not among them."""
        called = self._run.notation.labels[self._run.graph.output]

        def told(box: dict[str, Any]) -> dict[str, Any]:
            if box.get("room", self.room.id) in held:
                return box
            rest = {key: x for key, x in box.items() if key != "room"}
            return {**rest, "missing": f"viz.step({called}, room={box['room']!r})"}

        return {
            id: {**room, "boxes": {key: told(box) for key, box in room["boxes"].items()}}
            for id, room in held.items()
        }

    def _written(self, write: Callable[[dict[str, Any]], str], most: int, patience: float) -> str:
        """Write a page or a cell; folded, where its first room is too much for it."""
        try:
            return write(self.state(most, patience))
        except (TooLargeError, SlowLayoutError) as reason:
            is_slow = isinstance(reason, SlowLayoutError)
            outer = outermost(self._run.notation)
            title = f"{self.title} (folded: {'the layout took too long' if is_slow else reason})"
            folded = Stepper(self._run, outer, outer, self._phase, self._guess, title)
            return write(folded.state(most, patience))

    def _about(self) -> dict[str, Any]:
        return {"title": self.title, "room": self.room.id, "index": 0, "guess": self._guess}

    def _pictured(self, room: Room) -> Diagram:
        return pictured(self._drawn.notation, room, self._drawn.adjoints)

    def _arrays(self, most: int) -> Arrays:
        def inside(cell: Value, names: dict[str, Node]) -> dict[str, Any]:
            steps = step(cell, phase=self._phase, guess=self._guess, names=names)
            ((room, shown, svg),) = laid_out([steps.room], steps._pictured, 0.0)
            return steps._state_of(room, shown, svg)

        return Arrays(self._run.within(self._outer), inside, most)

    def _state_of(self, room: Room, shown: Diagram, svg: str) -> dict[str, Any]:
        moments = self._frames if room is self.room else frames(self._run, room, self._phase)
        told = room_state(self._run, room, shown, moments, self._guess)
        return {**told, "svg": svg}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Give notebooks a sandboxed page, and a picture where they take the page away."""
        words = pass_text(self._run.notation, self, self.title, self.room, most=BRIEF)
        try:
            soon = _SOON / (1 + len(self._run.order) / _LARGE)
            html = self._written(cell, IN_CELL, soon)
            return {"text/html": html, "text/plain": words}
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
