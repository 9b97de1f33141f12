"""Which nodes of a large graph go into one box, and which nodes are near which."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from math import ceil, sqrt

from autograd import Graph

MOST = 40  # boxes of a room
MOST_WITH_CALLS = 24  # where there are calls into which they can be folded
MOST_ARROWS = 100  # between folded boxes; neurons of two layers are joined by more
_MOST_GROUPS, _MOST_LEAVES = 12, 16  # into which results and leaves of more are folded

Key = Hashable  # what the nodes of one box have in common: an index, a call, or words for a group


def keys_of(
    graph: Graph, nodes: Sequence[int], detail: str | int = "auto"
) -> tuple[dict[int, Key], int]:
    """Map the nodes of a room to what those of one box have in common.

    A box of a call has the names of its scope, without the first so many that all nodes share.
    """
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
            break
        deeper = folded_at(graph, nodes, depth, shared)
        if not is_readable(graph, deeper):
            if not is_first:
                break
            ranked = _by_rank(graph, deeper, shared)
            return ranked if is_readable(graph, ranked) else _by_creation(graph, deeper), shared
        keys = deeper
    if not is_readable(graph, keys):
        return _by_creation(graph, keys), shared
    leaves = [key for i, key in keys.items() if graph.nodes[i].op is None]
    if len(set(leaves)) > _MOST_LEAVES:
        keys = _with_leaves(graph, keys, {k: k for i, k in keys.items() if graph.nodes[i].op})
    return keys, shared


def is_readable(graph: Graph, keys: Mapping[int, Key]) -> bool:
    """Whether boxes and arrows are few enough for one picture."""
    if len(set(keys.values())) > MOST:
        return False
    arrows = {(keys.get(x), key) for i, key in keys.items() for x in graph.nodes[i].inputs}
    return len(arrows) <= MOST_ARROWS


def _common(scopes: Collection[tuple[str, ...]]) -> int:
    """Count the calls in which all of some nodes were made."""
    low, high = min(scopes, default=()), max(scopes, default=())
    return next((k for k, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))


def _by_rank(graph: Graph, keys: Mapping[int, Key], shared: int) -> dict[int, Key]:
    """Fold calls that do not use one another, and what was computed outside of calls between them.

    A call ranks above all that it uses; what is outside of calls ranks with what it uses.
    """
    last, used = _results(graph, keys)
    ranks: dict[Key, int] = defaultdict(int)
    rows: dict[tuple[bool, int], list[Key]] = defaultdict(list)
    for key in sorted(last, key=last.__getitem__):
        is_call = len(graph.nodes[last[key]].scope) > shared
        ranks[key] = max((ranks[x] for x in used[key]), default=0) + is_call
        rows[is_call, ranks[key]].append(key)
    place: dict[Key, Key] = {}
    for (is_call, rank), row in rows.items():
        size = ceil(len(row) / _MOST_GROUPS) if len(row) > MOST_WITH_CALLS else 1
        for k, key in enumerate(row):
            group = f"calls {rank}, {k // size}" if is_call else f"between calls {rank}"
            place[key] = key if is_call and size == 1 else group
    return _with_leaves(graph, keys, place)


def _by_creation(graph: Graph, keys: Mapping[int, Key]) -> dict[int, Key]:
    """Fold what was made one after the other."""
    last, _ = _results(graph, keys)
    computed = sorted(last, key=last.__getitem__)
    place: dict[Key, Key] = {key: key for key in computed}
    if len(computed) > _MOST_GROUPS:
        size = ceil(len(computed) / min(_MOST_GROUPS, ceil(sqrt(len(computed)))))
        place = {key: f"stretch {k // size}" for k, key in enumerate(computed)}
    return _with_leaves(graph, keys, place)


def _results(graph: Graph, keys: Mapping[int, Key]) -> tuple[dict[Key, int], dict[Key, set[Key]]]:
    """Give the last node of each box in which something is computed, and the boxes that it uses."""
    last: dict[Key, int] = {}
    used: dict[Key, set[Key]] = defaultdict(set)
    for i, key in keys.items():
        if graph.nodes[i].op:
            last[key] = i
            used[key].update(keys[x] for x in graph.nodes[i].inputs if x in keys)
    return last, {key: found - {key} for key, found in used.items()}


def _with_leaves(graph: Graph, keys: Mapping[int, Key], place: Mapping[Key, Key]) -> dict[int, Key]:
    """Put leaves to what uses them, inputs in sight; many go together, those of one use at best."""
    uses: dict[Key, set[Key]] = {key: set() for key in keys.values() if key not in place}
    for i, key in keys.items():
        if key in place:
            for x in graph.nodes[i].inputs:
                if keys.get(x) in uses:
                    uses[keys[x]].add(place[key])
    is_split = len(set(place.values())) > 1  # else one box would hold all there is
    in_sight = {key for i, key in keys.items() if is_input(graph, i)}
    kept = [key for key in uses if len(uses[key]) != 1 or not is_split or key in in_sight]
    alike = {frozenset(uses[key]): k for k, key in enumerate(kept)}
    size = max(1, ceil(len(kept) / _MOST_LEAVES))
    by_use = size > 1 and len(alike) <= _MOST_LEAVES and bool(place)
    found = dict(place)
    for k, key in enumerate(kept):
        group = alike[frozenset(uses[key])] if by_use else k // size
        found[key] = key if size == 1 else f"leaves {group}"
    return {i: found[key] if key in found else next(iter(uses[key])) for i, key in keys.items()}


def is_input(graph: Graph, i: int) -> bool:
    """Whether a node is a leaf that stays in sight: data, or what has a name of one word."""
    node = graph.nodes[i]
    if node.op is not None:
        return False
    is_data = node.constant and not node.params  # noise has some
    return is_data or (node.name or "").isidentifier()


def folded_at(graph: Graph, drawn: Sequence[int], depth: int, shared: int = 0) -> dict[int, Key]:
    """Fold calls nested `depth` deep, and each leaf into the calls that use it.

    The outermost `shared` calls, which all nodes have in common, are left out of the keys.
    """
    keys: dict[int, Key] = {}
    consumers: dict[int, set[Key]] = {i: set() for i in drawn if graph.nodes[i].op is None}
    for i in drawn:
        node = graph.nodes[i]
        if node.op is not None:
            keys[i] = node.scope[shared:depth] if len(node.scope) >= depth else i
            for x in node.inputs:
                if x in consumers:
                    consumers[x].add(keys[i])
    for i in drawn:
        if i in consumers:
            users = consumers[i]
            if is_input(graph, i) or not any(isinstance(user, tuple) for user in users):
                keys[i] = i
            elif len(users) == 1:
                (keys[i],) = users
            else:
                keys[i] = frozenset(users)
    sizes = Counter(keys.values())
    return {i: i if sizes[key] == 1 else key for i, key in keys.items()}


def nearest(graph: Graph, keys: dict[int, Key], start: int, limit: int) -> dict[int, Key]:
    """Keep the boxes that the fewest edges separate from the one `start` is in."""
    neighbors: dict[Key, list[Key]] = defaultdict(list)
    for i, key in keys.items():
        for x in graph.nodes[i].inputs:
            if x in keys:
                neighbors[key].append(keys[x])
                neighbors[keys[x]].append(key)
    near = {keys[start]: None}
    for key in (queue := [keys[start]]):
        for other in neighbors[key]:
            if other not in near and len(near) < limit:
                near[other] = None
                queue.append(other)
    return {i: key for i, key in keys.items() if key in near}
