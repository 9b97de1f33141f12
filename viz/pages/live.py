"""What a page needs to compute a graph anew: a program, its leaves, and by how much they matter."""

import re
from typing import Any

from autograd import Tape

from ..moments import LivePass, Pass, number
from ..pictures import Diagram

_ALL, _SLOPE, _FACTOR = 17, 3, 9  # digits: all that there are; at an arrow; on a path
_MOST_NODES = 2000  # of a graph whose paths are ranked


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
    """Give the edges of a pass of Values with their factors, of which a page makes paths."""
    if not isinstance(run.graph.nodes[-1].data, float) or len(run.order) > _MOST_NODES:
        return {}
    factors = [[flow.node, flow.target, number(flow.local, _FACTOR)] for flow in run.flows]
    labels = [*run.notation.labels]
    return {"why": {"flows": factors, "labels": labels, "output": run.graph.output}}


def javascript(name: str, tape: Tape) -> str:
    """Write a tape as a function of JavaScript, in a scope of its own, with its ``count``."""
    body = re.sub(r"^export ", "", tape.to_javascript(), flags=re.MULTILINE)
    count = f"program.count = {len(tape.code.outputs)};"
    return f"const {name} = (() => {{\n{body}{count}\nreturn program;\n}})();"
