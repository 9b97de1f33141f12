"""A graph of any size as rooms: each shows some boxes, and a box of many nodes opens into one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, takewhile
from math import ceil, sqrt

import numpy as np

from autograd import Graph, GraphNode
from autograd.texts import shown

from .folding import Key, folded_at, is_input
from .notation import LONGEST_NAME, Notation

MOST = 40  # boxes of a room
MOST_WITH_CALLS = 24  # where there are calls into which they can be folded
_MOST_ARROWS = 100  # between folded boxes; neurons of two layers are joined by more
_MOST_GROUPS, _MOST_LEAVES = 12, 16  # into which results and leaves of more are folded


@dataclass(eq=False)
class Part:
    """One box of a room: a node, or many that open into a room of their own."""

    nodes: tuple[int, ...]
    title: str
    outputs: tuple[int, ...]  # those of its nodes that are used outside of it, or nowhere
    call: tuple[str, ...] = ()  # the scope of which it shows all
    room: "Room | None" = None

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
    return Room("r0", notation.labels[graph.output], None, nodes, _Division(notation, detail))


class _Division:
    """Divides rooms of one graph into parts."""

    def __init__(self, notation: Notation, detail: str | int) -> None:
        self._notation, self._detail, graph = notation, detail, notation.graph
        self._users: list[list[int]] = [[] for _ in graph.nodes]
        for node in graph.nodes:
            for x in node.inputs:
                self._users[x].append(node.index)
        self._results = Counter(node.scope for node in graph.nodes if node.op)

    def __call__(self, room: Room) -> tuple[list[Part], list[Part]]:
        graph, users = self._notation.graph, self._users
        keys, shared = _keys(self._notation, room.nodes, "auto" if room.outer else self._detail)
        members: dict[Key, list[int]] = {}
        for i in room.nodes:
            members.setdefault(keys[i], []).append(i)
        around = _around(self._notation, room, keys)
        titles = _titles(self._notation, around | members)
        parts = []
        for key, inside in sorted(members.items(), key=lambda item: _moment(graph, item[1])):
            own = set(inside)
            ends = {i for i in inside if i == graph.output or not users[i]}
            outputs = [i for i in inside if i in ends or not own.issuperset(users[i])]
            scope = graph.nodes[inside[-1]].scope
            if isinstance(key, tuple):
                call = scope[: shared + len(key)]
            else:
                call = scope if len(inside) == self._results[scope] == 1 else ()
            part = Part(tuple(inside), titles[key], tuple(outputs), call)
            if len(inside) > 1:  # rooms that end alike are one in another, so they have fewer nodes
                id = f"r{inside[-1]}_{len(inside)}"
                part.room = Room(id, part.title, room, part.nodes, self)
            parts.append(part)
        return [Part(tuple(used), titles[key], tuple(used)) for key, used in around.items()], parts


def contents(notation: Notation, part: Part) -> str:
    """Say what a box of many nodes computes: the call that it is, or how many steps it has.

    Examples
    --------
    >>> import numpy as np

    from autograd import Graph
    from autograd import GraphNode
    >>> from nn import MLP
    >>> notation = Notation(Graph(MLP(2, [16, 16, 1])([0.5, 1.0])))
    >>> [contents(notation, part) for part in outermost(notation).parts if part.call]
    ['Layer(2 → 16)', 'Layer(16 → 16)', 'Layer(16 → 1)']
    """
    nodes = notation.graph.nodes
    called = notation.graph.calls.get(part.call)
    if called is not None:
        inside = set(part.nodes)
        used = sorted({x for i in inside for x in nodes[i].inputs} - inside)
        data = [x for x in used if not notation.is_literal(x) and not _is_parameter(nodes[x])]
        return f"{called}({_sizes(notation, data)} → {_sizes(notation, part.outputs)})"
    computed = [i for i in part.nodes if nodes[i].op is not None] if part.room else []
    return f"{len(computed)} steps" if computed else f"{len(part.nodes)} values"


def _is_parameter(node: GraphNode) -> bool:
    return node.op is None and not node.constant


def _sizes(notation: Notation, indices: Sequence[int]) -> str:
    """Count the features of some data: how many numbers, or how many a sample has."""
    shapes = [np.shape(notation.graph.nodes[i].data) for i in indices]
    if all(shape == () for shape in shapes):
        return str(len(shapes))
    features = (shape[-1:] if len(shape) < 3 else shape[1:] for shape in shapes)
    return ", ".join("×".join(map(str, each)) or "1" for each in features)


def _moment(graph: Graph, nodes: list[int]) -> int:
    """Say when a box was made: with the last of its results; one of leaves with the first."""
    return nodes[-1] if any(graph.nodes[i].op for i in nodes) else nodes[0]


def _around(notation: Notation, room: Room, keys: dict[int, Key]) -> dict[Key, list[int]]:
    """Find what a room uses of others; where that is much, by the boxes in which it is there."""
    operands = ((x, keys[i]) for i in room.nodes for x in notation.graph.nodes[i].inputs)
    arrows = {(x, to) for x, to in operands if x not in keys and not notation.is_literal(x)}
    used = sorted({x for x, _ in arrows})
    count = len(set(keys.values())) + len(used)
    few = room.outer is None or (count <= MOST and len(arrows) <= _MOST_ARROWS)
    boxes: dict[Key, list[int]] = {}
    for x in used:
        boxes.setdefault(x if few else room.outer.part_of[x], []).append(x)  # type: ignore[union-attr]
    return boxes


def _keys(
    notation: Notation, nodes: tuple[int, ...], detail: str | int
) -> tuple[dict[int, Key], int]:
    """Map the nodes of a room to what those of one box have in common.

    A box of a call has the names of its scope, without the first so many that all nodes share.
    """
    graph = notation.graph
    keys: dict[int, Key] = {i: i for i in nodes}
    if detail == "full":
        return keys, 0
    if isinstance(detail, int):
        return folded_at(graph, nodes, detail), 0
    scopes = {graph.nodes[i].scope for i in nodes if graph.nodes[i].op}
    shared, deepest = _common(scopes), max(map(len, scopes), default=0)
    if len(nodes) <= (MOST_WITH_CALLS if deepest > shared else MOST):
        return keys, shared
    for depth in range(shared + 1, deepest + 1):
        is_first = depth == shared + 1
        if not is_first and len({scope[:depth] for scope in scopes}) > MOST:
            return keys, shared
        deeper = folded_at(graph, nodes, depth, shared)
        if not _is_readable(graph, deeper):
            return dict(_stretches(notation, deeper)) if is_first else keys, shared
        keys = deeper
    return keys if _is_readable(graph, keys) else dict(_stretches(notation, keys)), shared


def _is_readable(graph: Graph, keys: dict[int, Key]) -> bool:
    if len(set(keys.values())) > MOST:
        return False
    arrows = {(keys.get(x), key) for i, key in keys.items() for x in graph.nodes[i].inputs}
    return len(arrows) <= _MOST_ARROWS


def _common(scopes: set[tuple[str, ...]]) -> int:
    """Count the calls in which all of some nodes were made."""
    low, high = min(scopes, default=()), max(scopes, default=())
    return next((k for k, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))


def _stretches(notation: Notation, keys: dict[int, Key]) -> Iterator[tuple[int, Key]]:
    """Fold what was made one after the other; leaves used in one place go there."""
    graph = notation.graph
    last: dict[Key, int] = {}
    results = set()
    for i, key in keys.items():
        last[key] = i
        results |= {key} if graph.nodes[i].op else set()
    computed = sorted(results, key=lambda key: last[key])
    place: dict[Key, Key] = {key: key for key in computed}
    if len(computed) > _MOST_GROUPS:
        size = ceil(len(computed) / min(_MOST_GROUPS, ceil(sqrt(len(computed)))))
        place = {key: -1 - k // size for k, key in enumerate(computed)}  # no index is negative
    uses: dict[Key, set[Key]] = {key: set() for key in last if key not in results}
    for i, key in keys.items():
        if key in place:
            for x in graph.nodes[i].inputs:
                if keys.get(x) in uses:
                    uses[keys[x]].add(place[key])
    split = len(computed) > 1  # else one box would hold all there is
    kept = [k for k in uses if len(uses[k]) != 1 or not split or is_input(graph, last[k])]
    many = max(1, ceil(len(kept) / _MOST_LEAVES))
    for k, key in enumerate(kept):
        place[key] = -1 - _MOST_GROUPS - k // many
    for i, key in keys.items():
        yield i, place[key] if key in place else next(iter(uses[key]))


def _titles(notation: Notation, members: dict[Key, list[int]]) -> dict[Key, str]:
    """Name boxes so that no two of a room are called the same; nodes keep their labels."""
    titles = {key: notation.labels[own[0]] for key, own in members.items() if len(own) == 1}
    folded = {key: own for key, own in members.items() if len(own) > 1}
    calls = [key for key in folded if isinstance(key, tuple)]
    # As many of the last names of each call as tell it from all others.
    ends = next(n for n in count(1) if len({call[-n:] for call in calls}) == len(calls))
    taken = set(titles.values())
    for key, own in folded.items():
        results = [i for i in own if notation.graph.nodes[i].op]
        names = [notation.labels[i] for i in results or own]
        both = names[0], names[-1]
        wanted = stretch = " … ".join(shown(x, LONGEST_NAME // 2 - 2) for x in both)
        if isinstance(key, Part):
            wanted = key.title
        elif isinstance(key, tuple):
            wanted = " › ".join(map(shown, key[-ends:]))
        elif not results:
            wanted = _shared_path([str(notation.graph.nodes[i].name) for i in own]) or stretch
        wanted = shown(wanted, LONGEST_NAME)
        more = (f"{stretch} ({k})" for k in count(2))
        titles[key] = next(each for each in chain((wanted, stretch), more) if each not in taken)
        taken.add(titles[key])
    return titles


def _shared_path(names: list[str]) -> str:
    """Give what the names of parameters begin with, if it is a path: net of net.w and net.b."""
    first, last = (name.split(".")[:-1] for name in (min(names), max(names)))
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return ".".join(a for a, _ in same)
