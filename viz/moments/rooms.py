"""A graph of any size as rooms: each shows some boxes, and a box of many nodes opens into one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
    """What is seen at once.

    Attributes
    ----------
    id : str
    title : str
    outer : Room or None
        Where the box is that opens into it.
    nodes : tuple of int
        All that are inside, of inner rooms too.
    parts : list of Part
        In an order in which they can be computed.
    around : list of Part
        Results of other rooms that are used here.
    """

    id: str
    title: str
    outer: "Room | None"
    nodes: tuple[int, ...]
    parts: list[Part] = field(default_factory=list)
    around: list[Part] = field(default_factory=list)

    @property
    def path(self) -> list["Room"]:
        """List the rooms from the outermost one to this."""
        return [*(self.outer.path if self.outer else []), self]

    @cached_property
    def part_of(self) -> dict[int, Part]:
        """Find the part that shows a node."""
        return {i: part for part in [*self.around, *self.parts] for i in part.nodes}


def rooms(notation: Notation, detail: str | int = "auto") -> list[Room]:
    """Divide a graph into rooms, the outermost first.

    Parameters
    ----------
    notation : Notation
    detail : 'auto', 'full' or int
        How the outermost room is folded: not at all by 'full'; by calls nested so deep; or as
        little as leaves some 40 boxes. Inner rooms are always folded as little as that.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> x = y = Value(1.0, name="x")
    >>> for _ in range(100):
    ...     y = y * x
    >>> outer, *inner = rooms(Notation(Graph(y)))
    >>> len(outer.parts), outer.parts[1].title, len(inner)
    (11, 'v₁ … v₁₀', 10)
    """
    graph = notation.graph
    users: dict[int, list[int]] = {node.index: [] for node in graph.nodes}
    for node in graph.nodes:
        for x in node.inputs:
            users[x].append(node.index)
    results = Counter(node.scope for node in graph.nodes if node.op)
    made: list[Room] = []

    def add(title: str, nodes: tuple[int, ...], outer: Room | None) -> Room:
        room = Room(f"r{len(made)}", title, outer, nodes)
        made.append(room)
        keys, shared = _keys(notation, list(nodes), "auto" if outer else detail)
        members: dict[Key, list[int]] = {}
        for i in nodes:
            members.setdefault(keys[i], []).append(i)
        around = _around(notation, room, keys)
        titles = _titles(notation, around | members)
        for key, used in around.items():
            room.around.append(Part(tuple(used), titles[key], tuple(used)))
        for key, inside in sorted(members.items(), key=lambda item: _moment(graph, item[1])):
            own = set(inside)
            ends = {i for i in inside if i == graph.output or not users[i]}
            outputs = [i for i in inside if i in ends or not own.issuperset(users[i])]
            scope = graph.nodes[inside[-1]].scope
            if isinstance(key, tuple):
                call = scope[: shared + len(key)]
            else:
                call = scope if len(inside) == results[scope] == 1 else ()
            room.parts.append(Part(tuple(inside), titles[key], tuple(outputs), call))
        for part in room.parts:
            if len(part.nodes) > 1:
                part.room = add(part.title, part.nodes, room)
        return room

    everything = tuple(i for i in users if not notation.is_literal(i))
    add(notation.labels[graph.output], everything, None)
    return made


def contents(notation: Notation, part: Part) -> str:
    """Say what a box of many nodes computes: the call that it is, or how many steps it has.

    Examples
    --------
    >>> import numpy as np

    from autograd import Graph
    from autograd import GraphNode
    >>> from nn import MLP
    >>> notation = Notation(Graph(MLP(2, [16, 16, 1])([0.5, 1.0])))
    >>> [contents(notation, part) for part in rooms(notation)[0].parts if part.call]
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


def _keys(notation: Notation, nodes: list[int], detail: str | int) -> tuple[dict[int, Key], int]:
    """Map the nodes of a room to what those of one box have in common.

    A box of a call has the names of its scope, without the first so many that all nodes share.
    """
    graph = notation.graph
    keys: dict[int, Key] = {i: i for i in nodes}
    if detail == "full":
        return keys, 0
    if isinstance(detail, int) and detail >= 1:
        return folded_at(graph, nodes, detail), 0
    if detail != "auto":
        raise ValueError(f"draw: got detail={detail!r}. Give 'auto', 'full' or a number from 1 up.")
    scopes = [graph.nodes[i].scope for i in nodes if graph.nodes[i].op]
    shared, deepest = _common(scopes), max(map(len, scopes), default=0)
    if len(nodes) <= (MOST_WITH_CALLS if deepest > shared else MOST):
        return keys, shared
    for depth in range(shared + 1, deepest + 1):
        deeper = folded_at(graph, nodes, depth, shared)
        if not _is_readable(graph, deeper):
            return keys if depth > shared + 1 else dict(_stretches(notation, deeper)), shared
        keys = deeper
    return keys if _is_readable(graph, keys) else dict(_stretches(notation, keys)), shared


def _is_readable(graph: Graph, keys: dict[int, Key]) -> bool:
    if len(set(keys.values())) > MOST:
        return False
    arrows = {(keys.get(x), key) for i, key in keys.items() for x in graph.nodes[i].inputs}
    return len(arrows) <= _MOST_ARROWS


def _common(scopes: list[tuple[str, ...]]) -> int:
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
