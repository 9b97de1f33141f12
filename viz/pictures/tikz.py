"""Diagrams and networks as pictures of TikZ, for LaTeX."""

from collections.abc import Sequence
from itertools import product

from autograd.formulas import number
from autograd.texts import shown

from .circles import short, stroke_width, unit_name
from .diagram import Diagram
from .layers import Array, Layer
from .places import Places

_LONGEST = 1000  # characters of a note
_HEAD = r"""% In the preamble: \usepackage{tikz}
\begin{tikzpicture}[
  font=\sffamily\footnotesize, >=stealth,
  box/.style={draw=gray, rounded corners, align=center, inner sep=4pt},
  folded/.style={box, fill=gray!12},
  note/.style={align=left, text=gray},
  number/.style={fill=white, inner sep=1pt, font=\sffamily\tiny},
  faint/.style={draw=gray!50},
  unit/.style={draw=gray, circle, minimum size=11mm, inner sep=0pt, align=center, fill=white},
  dropped/.style={unit, densely dotted, text=gray},
  positive/.style={draw=blue!70!black}, negative/.style={draw=orange!80!black, dashed}]
"""
_FOOT = "\\end{tikzpicture}\n"
_POINT = 0.25  # mm, of a px in a network
_SIGNS = {
    **{sign: f"\\{sign}" for sign in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    "-": "$-$",
    "*": r"{*}",
    "[": "{[}",
    "]": "{]}",
    "⁽": "$^($",
    "⁾": "$^)$",
    "⁻": "$^-$",
    "·": r"$\cdot$",
    "×": r"$\times$",
    "∂": r"$\partial$",
    "∞": r"$\infty$",
    "′": "$'$",
    "″": "$''$",
    "‴": "$'''$",
    "ᵀ": r"$^{\mathsf{T}}$",
    "→": r"$\rightarrow$",
    "⋆": r"$\star$",
    "⋮": r"$\vdots$",
    "…": r"\dots{}",
    "–": "--",
    **dict.fromkeys("\u2068\u2069", ""),
    **{sign: f"$_{k}$" for k, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{sign: f"$^{k}$" for k, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}


def diagram_tikz(diagram: Diagram, layout: str) -> str:
    """Write a diagram, with its boxes where Graphviz put them.

    Parameters
    ----------
    diagram : Diagram
    layout : str
        What Graphviz writes in its plain format.
    """
    place = {}
    for line in layout.splitlines():
        words = line.split()
        if words[:1] == ["node"]:
            place[words[1]] = f"{float(words[2]) * 2.54:.2f}, {float(words[3]) * 2.54:.2f}"
    lines = []
    for box in diagram.boxes:
        grad = rf"\textcolor{{red!70!black}}{{{tex(f'grad {box.grad}')}}}" * bool(box.grad)
        data = rf"\textcolor{{green!40!black}}{{{tex(box.data)}}}" * bool(box.data)
        title = rf"\textbf{{{tex(box.title)}}}"
        style = "folded" if box.id.startswith("b") else "box"
        label = r"\\".join(filter(None, [title, tex(box.formula), data, grad]))
        lines.append(rf"\node[{style}] ({box.id}) at ({place[box.id]}) {{{label}}};")
    for edge in diagram.edges:
        style = "->, faint" if edge.faint else "->"
        slope = rf" node[pos=0.8, auto] {{{tex(edge.slope)}}}" * bool(edge.slope)
        lines.append(rf"\draw[{style}] ({edge.tail}) --{slope} ({edge.head});")
    if diagram.note:
        note = rf"{{{tex(diagram.note)}}}"
        lines.append(rf"\node[note, below] at (current bounding box.south) {note};")
    return _picture(lines)


def network_tikz(
    layers: Sequence[Layer], values: Sequence[Array] | None, dropped: Sequence[frozenset[int]]
) -> str:
    """Write a network: a circle for each unit, a line for each weight, below the circles."""
    places = Places(layers)
    lines = []
    for level, column in enumerate(places.columns):
        for k, y in column.y_of.items():
            style = "dropped" if k in dropped[level] else "unit"
            words = unit_name(level, k) if values is None else number(values[level][k], 3)
            words = "0" if k in dropped[level] and values is not None else words
            at = f"{column.x * _POINT:g}mm, {-y * _POINT:g}mm"
            lines.append(rf"\node[{style}] (u{level}-{k}) at ({at}) {{{tex(words)}}};")
        if column.ellipsis is not None:
            at = f"{column.x * _POINT:g}mm, {-column.ellipsis * _POINT:g}mm"
            lines.append(rf"\node at ({at}) {{$\vdots$}};")
        title = rf"\textbf{{{tex(layers[level].title)}}}"
        label = r"\\".join(filter(None, [title, tex(layers[level].activation)]))
        lines.append(rf"\node[align=center] at ({column.x * _POINT:g}mm, 0mm) {{{label}}};")
    for level, layer in enumerate(layers[1:], start=1):
        numbers_at = places.numbers_at(level)
        for k, j in product(places.columns[level].y_of, places.columns[level - 1].y_of):
            style = label = ""
            if layer.weight is not None:
                weight = layer.weight[k, j]
                sign = "negative" if weight < 0 else "positive"
                style = f"{sign}, line width={stroke_width(weight) * 0.75:.2f}pt"
                if (k, j) in numbers_at:
                    label = rf" node[number, pos={numbers_at[k, j]:.2f}] {{{tex(short(weight))}}}"
            lines.append(rf"\draw[{style or 'faint'}] (u{level - 1}-{j}) --{label} (u{level}-{k});")
    return _picture(lines)


def tex(words: str) -> str:
    r"""Write text for LaTeX, in which no sign means anything; of names letters stay as they are.

    Examples
    --------
    >>> print(tex("a_1 & v₁·b"))
    a\_1 \& v$_1$$\cdot$b
    """
    return "".join(_SIGNS.get(sign, sign) for sign in shown(words, _LONGEST))


def _picture(lines: Sequence[str]) -> str:
    return _HEAD + "".join(f"  {line}\n" for line in lines) + _FOOT
