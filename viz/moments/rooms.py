"""A graph of any size as rooms: each shows some boxes, and a box of many nodes opens into one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, takewhile

import numpy as np

from autograd import Graph
from autograd.texts import shown

from .folding import MOST, MOST_ARROWS, Key, keys_of
from .notation import LONGEST_NAME, Notation


@dataclass(eq=False)
class Part:
    """One box of a room: a node, or many that open into a room of their own."""

    nodes: tuple[int, ...]
    title: str
    outputs: tuple[int, ...]  # those of its nodes that are used outside of it, or nowhere
    call: tuple[str, ...] = ()  # the scope of which it shows all
    room: "Room | None" = None

    @property
    def is_named(self) -> bool:
        """Whether what comes out of it is one node, which is called as it is."""
        return len(self.outputs) == 1 and (len(self.nodes) == 1 or bool(self.call))

    @property
    def id(self) -> str:
        """Give what the box is called in pictures and pages."""
        return f"{'n' if len(self.nodes) == 1 else 'b'}{self.nodes[-1]}"


@dataclass(eq=False)
class Room:
    """What is seen at once; it is divided when somebody looks into it.

    Attributes
    ----------
    id : str
    title : str
    outer : Room or None
        Where the box is that opens into it.
    nodes : tuple of int
        All that are inside, of inner rooms too.
    divide : callable
        What gives `around` and `parts`.
    parts : list of Part
        In an order in which they can be computed.
    around : list of Part
        Results of other rooms that are used here.
    """

    id: str
    title: str
    outer: "Room | None"
    nodes: tuple[int, ...]
    divide: "Callable[[Room], tuple[list[Part], list[Part]]]"

    @cached_property
    def _divided(self) -> tuple[list[Part], list[Part]]:
        return self.divide(self)

    @property
    def around(self) -> list[Part]:
        return self._divided[0]

    @property
    def parts(self) -> list[Part]:
        return self._divided[1]

    @property
    def path(self) -> list["Room"]:
        """List the rooms from the outermost one to this."""
        return [*(self.outer.path if self.outer else []), self]

    @cached_property
    def part_of(self) -> dict[int, Part]:
        """Find the part that shows a node."""
        return {i: part for part in [*self.around, *self.parts] for i in part.nodes}

    @cached_property
    def titles(self) -> dict[int, str]:
        """Find the title of the box that alone shows a node, as what comes out of it."""
        boxes = [*self.around, *self.parts]
        return {part.outputs[0]: part.title for part in boxes if part.is_named}

    def walk(self) -> Iterator["Room"]:
        """Yield this room and those inside it, near ones first; each is divided in its turn."""
        found = [self]
        for room in found:  # it grows while it is read
            yield room
            found += [part.room for part in room.parts if part.room]


def outermost(notation: Notation, detail: str | int = "auto") -> Room:
    """Give the room that shows all of a graph.

    Parameters
    ----------
    notation : Notation
    detail : 'auto', 'full' or int
        How the room is folded: not at all by 'full'; by calls nested so deep; or as little as
        leaves some 40 boxes. Inner rooms are always folded as little as that.

    Raises
    ------
    ValueError
        If `detail` is anything else.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> x = y = Value(1.0, name="x")
    >>> for _ in range(100):
    ...     y = y * x
    >>> outer, *inner = outermost(Notation(Graph(y))).walk()
    >>> len(outer.parts), outer.parts[1].title, len(inner)
    (11, 'v₁ … v₁₀', 10)
    """
    if detail not in ("auto", "full") and not (isinstance(detail, int) and detail >= 1):
        raise ValueError(f"draw: got detail={detail!r}. Give 'auto', 'full' or a number from 1 up.")
    graph = notation.graph
    nodes = tuple(node.index for node in graph.nodes if not notation.is_literal(node.index))
    return Room("r0", notation.labels[graph.output], None, nodes, Division(notation, detail))


class Division:
    """Divides rooms of one graph into parts."""

    def __init__(self, notation: Notation, detail: str | int) -> None:
        self._notation, self._detail, graph = notation, detail, notation.graph
        self._results = Counter(node.scope for node in graph.nodes if node.op)
        self._last = {node.scope: node.index for node in graph.nodes if node.op}

    def __call__(self, room: Room) -> tuple[list[Part], list[Part]]:
        graph, users = self._notation.graph, self._notation.users
        keys, shared = keys_of(graph, room.nodes, "auto" if room.outer else self._detail)
        members: dict[Key, list[int]] = {}
        for i in room.nodes:
            members.setdefault(keys[i], []).append(i)
        calls: dict[Key, tuple[str, ...]] = {}
        for key, inside in members.items():
            scope = graph.nodes[inside[-1]].scope
            if isinstance(key, tuple):
                calls[key] = scope[: shared + len(key)]
            elif graph.nodes[inside[-1]].op and len(inside) == self._results[scope] == 1:
                calls[key] = scope
        around = _around(self._notation, room, keys)
        for key, used in around.items():
            scope = graph.nodes[used[0]].scope
            if scope and not isinstance(key, Part) and self._last.get(scope) == used[0]:
                calls[key] = scope  # it is what comes out of that call
        titles = _titles(self._notation, room, around | members, calls, shared)
        parts = []
        for key in _ordered(graph, keys, members):
            own = set(inside := members[key])
            ends = {i for i in inside if i == graph.output or not users[i]}
            outputs = [i for i in inside if i in ends or not own.issuperset(users[i])]
            part = Part(tuple(inside), titles[key], tuple(outputs), calls.get(key, ()))
            if len(inside) > 1:  # rooms that end alike are one in another, so they have fewer nodes
                id = f"r{inside[-1]}_{len(inside)}"
                part.room = Room(id, part.title, room, part.nodes, self)
            parts.append(part)
        outside = []
        for key, used in around.items():
            outside.append(Part(tuple(used), titles[key], tuple(used), calls.get(key, ())))
        return outside, parts


def contents(notation: Notation, part: Part) -> str:
    """Say what a box of many nodes computes: the call that it is, or how many steps it has.

    Examples
    --------
    >>> from nn import MLP
    >>> notation = Notation(Graph(MLP(2, [16, 16, 1])([0.5, 1.0])))
    >>> [contents(notation, part) for part in outermost(notation).parts if part.call]
    ['Layer(2 → 16)', 'Layer(16 → 16)', 'Layer(16 → 1)']
    """
    nodes = notation.graph.nodes
    called = notation.graph.calls.get(part.call)
    if called is not None:
        inside = set(part.nodes)
        operands = {x for i in inside for x in nodes[i].inputs}
        used = sorted(x for x in operands if x not in inside or nodes[x].op is None)
        data = _without_parameters(notation, part, used)
        return f"{called}({_sizes(notation, data)} → {_sizes(notation, part.outputs)})"
    computed = [i for i in part.nodes if nodes[i].op is not None] if part.room else []
    return f"{len(computed)} steps" if computed else f"{len(part.nodes)} values"


def _without_parameters(notation: Notation, part: Part, used: list[int]) -> list[int]:
    """Leave out of what a call uses its parameters: their names are paths, or one call uses each.

    Data that gradients pass to, such as a Value, is used by all neurons of a layer.
    """
    nodes, users = notation.graph.nodes, notation.users
    given = [x for x in used if not notation.is_literal(x)]
    leaves = [x for x in given if nodes[x].op is None and not nodes[x].constant]
    parameters = {x for x in leaves if "." in (nodes[x].name or "")}
    if not parameters:
        for x in leaves:
            scopes = {nodes[i].scope for i in users[x] if nodes[i].scope[:1] == part.call[:1]}
            if len(scopes) == 1 and not (nodes[x].name or "").isidentifier():
                parameters.add(x)
    return [x for x in given if x not in parameters]


def _sizes(notation: Notation, indices: Sequence[int]) -> str:
    """Count the features of some data: how many numbers, or how many a sample has."""
    shapes = [np.shape(notation.graph.nodes[i].data) for i in indices]
    if all(shape == () for shape in shapes):
        return str(len(shapes) or "…")
    features = (shape[-1:] if len(shape) < 3 else shape[1:] for shape in shapes)
    return ", ".join("×".join(map(str, each)) or "1" for each in features)


def _ordered(graph: Graph, keys: dict[int, Key], members: dict[Key, list[int]]) -> list[Key]:
    """List boxes in an order in which they can be computed, if possible that of their making."""

    def moment(key: Key) -> int:
        own = members[key]  # a box of leaves was made with the first of them, others with the last
        return own[-1] if any(graph.nodes[i].op for i in own) else own[0]

    used: dict[Key, set[Key]] = {key: set() for key in sorted(members, key=moment)}
    for i, key in keys.items():
        used[key].update(keys[x] for x in graph.nodes[i].inputs if x in keys)
    found: dict[Key, None] = {}

    def add(key: Key) -> None:
        for x in sorted(used.pop(key, ()), key=moment):
            if x != key:
                add(x)
        found[key] = None

    for key in [*used]:
        add(key)
    return [*found]


def _around(notation: Notation, room: Room, keys: dict[int, Key]) -> dict[Key, list[int]]:
    """Find what a room uses of others; where that is much, by the boxes in which it is there."""
    operands = ((x, keys[i]) for i in room.nodes for x in notation.graph.nodes[i].inputs)
    arrows = {(x, to) for x, to in operands if x not in keys and not notation.is_literal(x)}
    used = sorted({x for x, _ in arrows})
    count = len(set(keys.values())) + len(used)
    few = room.outer is None or (count <= MOST and len(arrows) <= MOST_ARROWS)
    boxes: dict[Key, list[int]] = {}
    for x in used:
        part = room.outer.part_of[x]  # type: ignore[union-attr]  # nothing is around the outermost
        boxes.setdefault(x if few and not part.is_named else part, []).append(x)
    return boxes


def _titles(
    notation: Notation,
    room: Room,
    members: dict[Key, list[int]],
    calls: dict[Key, tuple[str, ...]],
    shared: int,
) -> dict[Key, str]:
    """Name boxes so that no two of a room are called the same; nodes with a name keep it.

    Of the paths of parameters in a call, only what tells them apart is left.
    """
    nodes, labels = notation.graph.nodes, notation.labels
    leaves = [own[0] for own in members.values() if len(own) == 1 and not nodes[own[0]].op]
    paths = {i: name for i in leaves if "." in (name := nodes[i].name or "")}
    skipped = len(_shared_path([*paths.values()])) + 1 if room.outer else 0
    here = next(nodes[i].scope[:shared] for i in room.nodes if nodes[i].op or i == room.nodes[-1])
    # As many of the last names of each call as tell it from all others, and from the one around.
    every = {*calls.values(), here}
    ends = next(n for n in count(1) if len({call[-n:] for call in every}) == len(every))

    def wanted(key: Key, own: list[int], results: list[int]) -> str:
        if isinstance(key, Part):
            return key.title
        if key in calls:
            return " › ".join(map(shown, calls[key][-ends:]))
        if not results:
            return _shared_path([x.name for i in own if (x := nodes[i]).name])
        inner = [nodes[i].scope[shared : shared + 1] for i in (results[0], results[-1])]
        return " … ".join(map(shown, chain(*inner))) if inner[0] != inner[1] else ""

    def is_labelled(key: Key, own: list[int]) -> bool:
        is_box = key.is_named if isinstance(key, Part) else key in calls
        return len(own) == 1 and (nodes[own[0]].name is not None or not is_box)

    titles = {key: labels[own[0]] for key, own in members.items() if is_labelled(key, own)}
    short = {i: shown(name[skipped:], LONGEST_NAME) for i, name in paths.items()}
    if skipped > 1 and len({*titles.values(), *short.values()}) == len(titles) + len(short):
        titles |= {key: short[i] for key, (i, *_) in members.items() if i in short}
    taken = set(titles.values())
    for key, own in members.items():
        if key not in titles:
            results = [i for i in own if nodes[i].op]
            both = [labels[i] for i in ((results or own)[0], (results or own)[-1])]
            stretch = " … ".join(shown(x, LONGEST_NAME // 2 - 2) for x in dict.fromkeys(both))
            first = shown(wanted(key, own, results), LONGEST_NAME) or stretch
            more = (f"{stretch} ({k})" for k in count(2))
            titles[key] = next(each for each in chain((first, stretch), more) if each not in taken)
            taken.add(titles[key])
    return titles


def _shared_path(names: list[str]) -> str:
    """Give what the names of parameters begin with, if it is a path: net of net.w and net.b."""
    first, last = (
        name.split(".")[:-1] for name in (min(names, default=""), max(names, default=""))
    )
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return ".".join(a for a, _ in same)
