"""Diagrams and networks in the language of Mermaid, which Markdown of many places draws."""

import re
from collections.abc import Sequence
from itertools import product

from autograd.formulas import number
from autograd.texts import shown

from .circles import unit_name
from .diagram import Diagram
from .layers import Array, Layer
from .places import OTHERS, shown_units

_LONGEST = 1000  # characters of a note
_MEANING = re.compile(r"[^\w\s.,+=/-]", re.ASCII)  # signs that may mean something
_FEW = 6  # units in each layer leave room for numbers


def diagram_mermaid(diagram: Diagram) -> str:
    """Write a diagram as a flowchart.

    Examples
    --------
    >>> from autograd import Value
    >>> import viz
    >>> y = Value(2.0, name="x") ** 2
    >>> y.backward()
    >>> print(diagram_mermaid(viz.draw(y, names={"y": y}).shown), end="")
    flowchart LR
      n0["x<br/>2<br/>grad 4"]
      n2["y<br/>x²<br/>4<br/>grad 1"]
      n0 -->|"4"| n2
    """
    lines = ["flowchart LR"]
    for box in diagram.boxes:
        grad = f"grad {box.grad}" * bool(box.grad)
        label = "<br/>".join(map(escaped, filter(None, [box.title, box.formula, box.data, grad])))
        lines.append(f'{box.id}["{label}"]')
    for edge in diagram.edges:
        arrow = "-.->" if edge.faint else "-->"
        label = f'|"{escaped(edge.slope)}"|' if edge.slope else ""
        lines.append(f"{edge.tail} {arrow}{label} {edge.head}")
    if diagram.note:
        lines.append(f'note["{escaped(diagram.note)}"]')
    return _indented(lines)


def network_mermaid(
    layers: Sequence[Layer], values: Sequence[Array] | None, dropped: Sequence[frozenset[int]]
) -> str:
    """Write a network as a flowchart: a circle for each unit, dashed lines for negative weights."""
    shown = [shown_units(layer.size) for layer in layers]
    lines = ["flowchart LR"]
    for level, (layer, units) in enumerate(zip(layers, shown, strict=True)):
        lines.append(f'subgraph layer{level}["{escaped(layer.title)}"]')
        for k in units:
            row = None if values is None else values[level]
            lines.append(_unit(level, k, row, k in dropped[level]))
        lines.append("end")
    numbered = max(map(len, shown)) <= _FEW
    for level, layer in enumerate(layers[1:], start=1):
        for k, j in product(shown[level], shown[level - 1]):
            if OTHERS not in (j, k):
                weight = None if layer.weight is None else layer.weight[k, j]
                line = _line(weight, numbered)
                lines.append(f"{_id(level - 1, j)} {line} {_id(level, k)}")
    return _indented(lines)


def escaped(words: str) -> str:
    """Write text for a label in quotes, in which no sign means anything.

    Examples
    --------
    >>> escaped('a "b" #1;')
    'a #34;b#34; #35;1#59;'
    """
    text = shown(words, _LONGEST)
    return _MEANING.sub(lambda sign: f"#{ord(sign[0])};" if sign[0].isascii() else sign[0], text)


def _unit(level: int, k: int, row: Array | None, is_dropped: bool) -> str:
    if k == OTHERS:
        return f'{_id(level, k)}["⋮"]'
    words = [unit_name(level, k)]
    if is_dropped:
        words.append("dropped")
    elif row is not None:
        words.append(number(row[k], 3))
    return f'{_id(level, k)}(("{"<br/>".join(map(escaped, words))}"))'


def _line(weight: float | None, numbered: bool) -> str:
    if weight is None:
        return "---"
    label = f'|"{escaped(number(weight, 3))}"|' * numbered
    return f"-.-{label}" if weight < 0 else f"---{label}"


def _id(level: int, k: int) -> str:
    return f"u{level}_others" if k == OTHERS else f"u{level}_{k}"


def _indented(lines: list[str]) -> str:
    first, *others = lines
    return "\n  ".join([first, *others]) + "\n"
