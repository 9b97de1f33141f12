"""What a page needs to compute a graph anew: a program, its leaves, and by how much they matter."""

import re
from typing import Any

import numpy as np

from autograd import DomainError, GraphError, Tape

from ..moments import Edge, ElementPass, Flow, LivePass, Pass, number
from ..pictures import Diagram

_ALL, _SLOPE = 17, 3  # digits: all that there are; at an arrow
_MOST_NODES = 2000  # of a graph whose paths are ranked
_MOST_ELEMENTS, _MOST_EDGES = 300, 2000  # of one of Tensors: numbers, and what leads between them


def live_state(run: LivePass) -> dict[str, Any]:
    """Describe what may change, and what then does.

    Returns
    -------
    dict
        ``values`` are the numbers of the leaves by their labels; ``live`` has the places of the
        output, of its slopes by the leaves, and of all results in the order in which they are made.
    """
    nodes, labels, output = run.graph.nodes, run.notation.labels, run.graph.output
    slopes = {i: run.adjoints[i] for i in run.leaves if i in run.adjoints}
    return {
        "values": {labels[i]: float(nodes[i].data) for i in run.leaves},
        "live": {
            "output": [labels[output], number(nodes[output].data, _ALL)],
            "slopes": {labels[i]: number(x, _ALL) for i, x in slopes.items()},
            "leaves": [labels[i] for i in run.leaves],
            "results": [[labels[x.index], number(x.data, _ALL)] for x in nodes if x.op],
        },
    }


def live_slopes(run: LivePass, shown: Diagram) -> dict[str, str]:
    """Give the places of the labels at the arrows."""
    with_label = {edge.id for edge in shown.edges if edge.slope}
    return {
        edge: number(flow.local, _SLOPE)
        for flow in run.flows
        if (edge := shown.edge_of.get((flow.node, flow.operand))) in with_label
    }


def why_state(run: Pass) -> dict[str, Any]:
    """Give the edges of a pass with their factors, of which a page makes paths.

    Of Tensors they are those between elements, and ``starts`` says where those of each array begin.
    It is empty where they are too many.
    """
    if len(run.order) > _MOST_NODES:
        return {}
    if isinstance(run.order[run.output].data, float):
        factors = [_factor(run, flow, flow) for flow in run.flows]
        return {"why": {"flows": factors, "labels": run.notation.labels, "output": run.output}}
    count = sum(np.size(node.data) for node in run.order)
    if count > _MOST_ELEMENTS:
        return {}
    try:
        elements = ElementPass(run, run.adjoints)
    except (GraphError, DomainError):  # the gains are left, and they need nothing taken apart
        return {}
    if len(elements.flows) > _MOST_EDGES:
        return {}
    factors = [_factor(run, edge.flow, edge) for edge in elements.flows]
    labels = [*map(elements.label, range(count))]
    about = {"flows": factors, "labels": labels, "output": elements.output}
    return {"why": {**about, "starts": elements.starts}}


def _factor(run: Pass, flow: Flow, edge: Edge) -> list[Any]:
    use = run.use(flow)
    return [edge.node, edge.target, number(edge.local, _ALL), *([use] if use else [])]


def javascript(name: str, tape: Tape) -> str:
    """Write a tape as a function of JavaScript, in a scope of its own, with its ``count``."""
    body = re.sub(r"^export ", "", tape.to_javascript(), flags=re.MULTILINE)
    count = f"program.count = {len(tape.code.outputs)};"
    return f"const {name} = (() => {{\n{body}{count}\nreturn program;\n}})();"
