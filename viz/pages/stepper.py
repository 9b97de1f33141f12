"""`step`: a walk through a computation and its backward pass, frame by frame, room by room."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
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
    Diagram,
    Picture,
    RenderError,
    pass_text,
    pictured,
)
from .arrays import Arrays
from .cell import cell
from .film import save_film
from .layout import laid_out
from .live import javascript, live_state, why_state
from .page import embedded, page, save_page
from .room import room_state

_REST = 2**17  # bytes of a page beside its rooms
_IN_CELL, _IN_FILE = 2**20 - _REST, 2**23 - _REST  # of the rooms of a page of 1 MB, of 8 MB
_SOON, _PATIENCE = 0.2, 3.0  # seconds to lay them out in
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
        return element(self._run, x, at)

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
        return save_page("step", path, lambda: page(self.state(_IN_FILE, _PATIENCE)), others)

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

    def state(self, most: int = _IN_CELL, patience: float = _SOON) -> dict[str, Any]:
        """Give all that the script of the page needs, as plain data of so many bytes.

        Rooms that are few steps away come first; what does not fit, or takes too long to lay out,
        is named in the boxes that would open into it. Where a page can compute the graph, texts
        hold places of numbers, which a ``program`` computes from those of the leaves.
        """
        try:
            live = LivePass(self._run)
            about = live_state(live) | why_state(live)
            state = self._of(live)._state(most - len(embedded(about)), patience)
            return {**state, **about, "program": javascript("program", live.tape())}
        except GraphError as reason:
            about = {"still": str(reason)} | why_state(self._run)
            return {**self._state(most - len(embedded(about)), patience), **about}

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

    def _state(self, most: int = _IN_CELL, patience: float = _SOON) -> dict[str, Any]:
        others = (room for room in self._outer.walk() if room is not self.room)
        held: dict[str, Any] = {}
        size, places = 0, len(self._run.places)
        for room, shown, svg in laid_out(chain([self.room], others), self._pictured, patience):
            state = self._state_of(room, shown, svg)
            size += len(embedded(state)) + _OF_PLACE * (len(self._run.places) - places)
            places = len(self._run.places)
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
        return pictured(self._drawn.notation, room, self._drawn.adjoints)

    def _arrays(self, most: int) -> Arrays:
        def inside(cell: Value, names: dict[str, Node]) -> dict[str, Any]:
            steps = step(cell, phase=self._phase, guess=self._guess, names=names)
            ((room, shown, svg),) = laid_out([steps.room], steps._pictured, 0.0)
            return steps._state_of(room, shown, svg)

        return Arrays(self._run, inside, most)

    def _state_of(self, room: Room, shown: Diagram, svg: str) -> dict[str, Any]:
        moments = self._frames if room is self.room else frames(self._run, room, self._phase)
        told = room_state(self._run, room, shown, moments, self._guess)
        return {**told, "svg": svg}

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
