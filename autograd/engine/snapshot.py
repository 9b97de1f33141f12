"""A Graph is a picture of a computation: plain data that no later edit of a node can change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np

from ..ops import Params
from ..showing import bundle
from .hooks import refuse
from .json_values import plain
from .node import Node, grads_of
from .order import trace
from .scope import Scope, call_label, scopes_around


@dataclass(frozen=True, eq=False)
class GraphNode:
    """One node of a `Graph`.

    Attributes
    ----------
    index : int
        Position in ``graph.nodes``; inputs come before outputs.
    op : str or None
        Name of the op; None for a leaf.
    inputs : tuple of int
        Positions of what it was made from.
    args : tuple of float or of array
        What those inputs held when this node was made.
    params : mapping
        Options of the op.
    data : float or array
    grad : float, array or None
        None before a backward pass has reached the node.
    constant : bool
        Whether gradients stay out.
    name : str or None
    scope : tuple of str
        The module calls it was made in, outermost first: each by its path in the one before, or by
        its name, numbered where there are several.
    """

    index: int
    op: str | None
    inputs: tuple[int, ...]
    args: tuple[Any, ...]
    params: Params
    data: Any
    grad: Any
    constant: bool
    name: str | None
    scope: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """Give all fields as JSON can hold them."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        listed = {key: list(record[key]) for key in ("inputs", "args", "scope")}
        params = {key: plain(value) for key, value in self.params.items()}
        return {key: plain(value) for key, value in {**record, **listed}.items()} | {
            "params": params
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GraphNode) and self.record() == other.record()

    def __hash__(self) -> int:
        return hash((self.index, self.op, self.inputs, self.name))


@dataclass(frozen=True, init=False, repr=False)
class Graph:
    """A frozen snapshot of all that a node, or several, were computed from.

    Parameters
    ----------
    output : Node
        The node that the picture is about.
    names : mapping from Node to str, optional
        Names of nodes that carry none of their own, and of modules.
    beside : sequence of Node
        Further results to show.

    Attributes
    ----------
    nodes : tuple of GraphNode
        In order of creation.
    output : int
        Index of the output.
    calls : mapping from tuple of str to str
        The name of what was called, for each scope of a call: the class of a module.

    Examples
    --------
    >>> from autograd import Value
    >>> graph = Graph(Value(2.0, name="x") * 3)
    >>> [(node.index, node.op, node.inputs) for node in graph.nodes]
    [(0, None, ()), (1, None, ()), (2, 'mul', (0, 1))]
    >>> Graph.from_json(graph.to_json()) == graph
    True
    """

    nodes: tuple[GraphNode, ...]
    output: int
    calls: Mapping[tuple[str, ...], str] = field(hash=False)

    def __init__(
        self,
        output: Node,
        names: Mapping[Any, str] | None = None,
        beside: Sequence[Node] = (),
    ) -> None:
        refuse("it takes a picture of numbers", "Take it outside.", output, *beside)
        names = names or {}
        order = trace(output, *beside)
        index = {node: i for i, node in enumerate(order)}
        scopes = _numbered(order, names)
        # A leaf may have been edited since; the picture shows what the computation saw.
        seen = {x: arg for node in order for x, arg in zip(node.inputs, node.args, strict=True)}
        nodes = tuple(
            GraphNode(
                index=i,
                op=node.op.name if node.op else None,
                inputs=tuple(map(index.__getitem__, node.inputs)),
                args=node.args,
                params=dict(node.params),
                data=seen.get(node, node._held),
                grad=np.array(grad) if isinstance(grad, np.ndarray) else grad,
                constant=node.constant,
                name=node.name or names.get(node),
                scope=scopes[node.scope],
            )
            for i, (node, grad) in enumerate(zip(order, grads_of(order), strict=True))
        )
        calls = {
            path[: depth + 1]: call.name
            for scope, path in scopes.items()
            for depth, call in enumerate(scopes_around(scope))
            if call.called is not None
        }
        self._set(nodes, index[output], calls)

    def with_grads(self, grads: Mapping[int, Any]) -> Self:
        """Give the same graph with gradients taken from a mapping, by index of the node."""
        nodes = (replace(node, grad=grads.get(node.index)) for node in self.nodes)
        return self._made_of(tuple(nodes), self.output, self.calls)

    def with_data(self, data: Mapping[int, Any]) -> Self:
        """Give the same graph with the data of some nodes taken from a mapping, by index."""
        nodes = (replace(node, data=data.get(node.index, node.data)) for node in self.nodes)
        return self._made_of(tuple(nodes), self.output, self.calls)

    def to_json(self) -> str:
        """Write the graph as JSON text."""
        from .graph_json import write  # json is slow to load, and few programs need it

        return write([node.record() for node in self.nodes], self.output, self.calls)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            If it is anything else, of a later version, or has an op that is not here.
        """
        from .graph_json import read

        nodes, output, calls = read(text)
        return cls._made_of(tuple(GraphNode(**node) for node in nodes), output, calls)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update({**state, "calls": state.get("calls", {})})  # version 0.1 kept none

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        return f"Graph({len(self.nodes)} nodes, output {self.output})"

    @classmethod
    def _made_of(
        cls, nodes: tuple[GraphNode, ...], output: int, calls: Mapping[tuple[str, ...], str]
    ) -> Self:
        graph = cls.__new__(cls)
        graph._set(nodes, output, calls)
        return graph

    def _set(
        self, nodes: tuple[GraphNode, ...], output: int, calls: Mapping[tuple[str, ...], str]
    ) -> None:
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "output", output)
        object.__setattr__(self, "calls", calls)


def _numbered(order: list[Node], names: Mapping[Any, str]) -> dict[Scope | None, tuple[str, ...]]:
    """Give each scope its path of labels, numbered among siblings of the same label."""
    named = {id(thing): name for thing, name in names.items() if not isinstance(thing, Node)}
    paths: dict[int, dict[int, str]] = {}
    labels: dict[Scope, str] = {}
    siblings: dict[tuple[Scope | None, str], dict[Scope, int]] = defaultdict(dict)
    chains: dict[Scope | None, list[Scope]] = {}
    for node in order:
        if node.scope not in chains:
            chains[node.scope] = scopes_around(node.scope)
            for scope in chains[node.scope]:
                if scope not in labels:
                    label = call_label(scope, paths)
                    if label == scope.name:
                        label = named.get(id(scope.called), label)
                    labels[scope] = label
                group = siblings[scope.outer, labels[scope]]
                group.setdefault(scope, len(group) + 1)

    def numbered(scope: Scope) -> str:
        group = siblings[scope.outer, labels[scope]]
        return labels[scope] if len(group) == 1 else f"{labels[scope]} {group[scope]}"

    return {scope: tuple(numbered(part) for part in chain) for scope, chain in chains.items()}
