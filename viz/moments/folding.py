"""Which nodes of a large graph go into one box, and which nodes are near which."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from autograd import Graph

Key = Hashable  # what the nodes of one box have in common: their own index, or a module call


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
