"""How the nodes of a graph are written: their labels, their formulas and their slopes."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from itertools import chain, count
from math import isfinite
from typing import Any

import numpy as np

from autograd import OPS, Graph, GraphNode, sum_to
from autograd.formulas import Formula, Symbol, applied, slope, written
from autograd.texts import apart, cells

from .arrays import Numbers, is_small
from .live import Live, in_one_line, in_words, number
from .typeset import Nearly, subscript

LONGEST_NAME = 48  # characters of a name in a box
_FEW = 4  # numbers that are written one by one
_DEEPEST, _LONGEST = 6, 60  # levels and characters of a formula in a heading
_CUT, _CUTS = "…", 3  # for what is in no box, and too long to be written out; how often
_PRIMES = ("", "′", "″", "‴")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

Reading = Callable[[int], Formula]  # how a node stands in a formula


class Notation:
    """Labels and formulas for the nodes of one graph.

    Attributes
    ----------
    labels : tuple of str
        By index: the node's name, as `autograd.texts.apart` writes it; without one x₁, x₂, ... for
        what was given and v₁, v₂, ... for what was computed; and the number itself for a literal.
        Where nodes share a name, those made later have primes: x, x′, x″.
    users : list of list of int
        By index: the nodes that were made from it, once for each operand that it is.

    Examples
    --------
    >>> from autograd import Value
    >>> notation = Notation(Graph(Value(2.0, name="x") * 3 + 1))
    >>> notation.labels
    ('x', '3', 'v₁', '1', 'v₂')
    >>> notation.formula(4), notation.slope(2, 0)
    (v₁ + 1, 3.0)
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.users: list[list[int]] = [[] for _ in graph.nodes]
        for node in graph.nodes:
            for x in node.inputs:
                self.users[x].append(node.index)
        self._literals = {node.index for node in graph.nodes if self._is_literal(node)}
        self.labels = tuple(self._labels())
        self._titled: Mapping[int, str] = {}
        self._seen: Collection[int] = range(len(graph.nodes))

    def _labels(self) -> Iterator[str]:
        chosen = apart((x.name for x in self.graph.nodes if x.name is not None), LONGEST_NAME)
        # What somebody chose is never handed to another node, even one made earlier.
        taken = set(map(_read, chosen.values()))
        given, made = _numbered("x", taken), _numbered("v", taken)
        times: dict[str, Iterator[int]] = defaultdict(count)
        for node in self.graph.nodes:
            if self.is_literal(node.index):
                yield number(node.data)
            elif node.name is None:
                yield next(given if node.op is None and not node.params else made)  # noise is made
            else:
                name = chosen[node.name]
                marked = (_primed(name, k) for k in times[_read(name)])
                yield next(each for each in marked if each == name or _read(each) not in taken)

    def within(self, titles: Mapping[int, str]) -> "Notation":
        """Call leaves, and results without a name, as the boxes that alone show them are called."""
        other, nodes = copy(self), self.graph.nodes
        other._seen = titles
        other._titled = {
            i: title
            for i, title in titles.items()
            if (nodes[i].name is None or nodes[i].op is None) and title != self.labels[i]
        }
        labels = [*self.labels]
        for i, title in other._titled.items():
            labels[i] = title
        other.labels = tuple(labels)
        return other

    def is_literal(self, index: int) -> bool:
        """Whether this is a number written into an expression: it has no box of its own.

        A number that a module call uses several times is data given to it.
        """
        return index in self._literals

    def _is_literal(self, node: GraphNode) -> bool:
        unnamed_data = node.op is None and node.constant and node.name is None
        if not unnamed_data or np.ndim(node.data) or node.index == self.graph.output:
            return False
        scopes = [self.graph.nodes[i].scope for i in self.users[node.index]]
        is_given = bool(node.scope) or any(map(self.graph.calls.get, scopes))
        return len(scopes) < 2 or not is_given

    def symbol(self, index: int) -> Formula:
        """Give a node as it stands in the formulas of others."""
        data = self.graph.nodes[index].data
        if self.is_literal(index):
            return float(data)
        return Symbol(self.labels[index], shape=np.shape(data))

    def numbers(self, index: int) -> Formula:
        """Give a node as it stands in the formulas of others, by its numbers."""
        data = self.graph.nodes[index].data
        if isinstance(data, float):
            return data
        return float(data) if self.is_literal(index) else Numbers(data)

    def shape(self, index: int) -> Formula:
        """Give a node as it stands in the formulas of others, by its shape."""
        shape = np.shape(self.graph.nodes[index].data)
        return self.symbol(index) if self.is_literal(index) else Symbol(str(shape), shape=shape)

    def formula(self, index: int, read: Reading | None = None) -> Formula:
        """Give the formula a result was computed by; the number of a leaf.

        It is written in labels, or as `read` gives each operand: by its numbers or its shape.
        """
        node = self.graph.nodes[index]
        if node.op is None:
            return node.data
        return applied(OPS[node.op], tuple(map(read or self.symbol, node.inputs)), node.params)

    def value(self, index: int) -> Formula:
        """Give the number or array of a node; what only looks whole as what is missing, 1 - 2e-12.

        A function that is flat there has a slope that the rounded number would not explain.
        """
        node = self.graph.nodes[index]
        x = node.data
        if not isinstance(x, float) or len(node.inputs) != 1:
            return x
        if isinstance(x, Live):
            return Nearly(x)
        if not isfinite(x):
            return x
        near = float(round(x))
        if x == near or near == 0 or number(x) != number(near):
            return x
        return applied(OPS["sub" if x < near else "add"], (near, abs(near - x)), {})

    def whole_formula(self) -> Formula:
        """Give the formula of the output, from named nodes or as far as it is short."""
        output = self.graph.output
        if self.graph.nodes[output].op is None:
            return self.graph.nodes[output].data
        named = {i for i, node in enumerate(self.graph.nodes) if node.name is not None} - {output}
        boxes = {*self._titled} - {output}
        cut = ((named | boxes, depth, _CUTS) for depth in range(_DEEPEST, 0, -1))
        for known, depth, most in chain([(named, _DEEPEST, 0)], cut):
            formula = self._unfolded(output, known, depth)
            text = written(formula)
            is_said = any(letter.isalnum() for letter in text)
            if is_said and cells(text) <= _LONGEST and text.count(_CUT) <= most:
                return formula
        return self.formula(output)

    def _unfolded(self, index: int, told: set[int], depth: int) -> Formula:
        node = self.graph.nodes[index]
        if node.op is None or index in told:
            return self.symbol(index)
        if depth == 0:
            return self.symbol(index) if index in self._seen else Symbol(_CUT)
        operands = tuple(self._unfolded(x, told, depth - 1) for x in node.inputs)
        return applied(OPS[node.op], operands, node.params)

    def slope(self, index: int, i: int) -> Formula:
        """Give the formula of d(node)/d(its operand i); its number if the rule knows no symbols."""
        node = self.graph.nodes[index]
        assert node.op is not None
        operands = tuple(map(self.symbol, node.inputs))
        try:
            return slope(OPS[node.op], i, self.symbol(index), operands, node.params)
        except Exception:  # a user's rule may call math.cos, or do anything else that needs numbers
            return slope(OPS[node.op], i, node.data, node.args, node.params)

    def flow(
        self, index: int, i: int, upstream: Formula, read: Reading | None = None
    ) -> Formula | None:
        """Give the formula of what flows from an array to its operand i; None if there is none."""
        node, read = self.graph.nodes[index], read or self.symbol
        assert node.op is not None
        operands = tuple(map(read, node.inputs))
        op, shape = OPS[node.op], np.shape(node.args[i])
        try:
            passed = slope(op, i, read(index), operands, node.params, upstream)
        except Exception:  # a rule that needs numbers
            return None
        summed = op.elementwise and shape != np.shape(node.data) and isinstance(passed, Symbol)
        return sum_to(passed, shape) if summed else passed

    def slope_text(self, index: int, i: int) -> str:
        """Write the number d(node)/d(its operand i); nothing for a constant operand."""
        node = self.graph.nodes[index]
        assert node.op is not None
        if self.graph.nodes[node.inputs[i]].constant or not OPS[node.op].elementwise:
            return ""
        try:
            with np.errstate(all="ignore"):
                ones = np.ones_like(node.data) if np.ndim(node.data) else 1.0
                local = slope(OPS[node.op], i, node.data, node.args, node.params, upstream=ones)
            low, high = np.min(local), np.max(local)
            return number(low, digits=3) if low == high or low != low else ""
        except (ArithmeticError, ValueError):
            return "∞"


def several(numbers: list[Any]) -> str:
    """Write one number or array, or several as one array; of arrays of several shapes how many."""
    if len(numbers) == 1:
        return number(numbers[0])
    if len({getattr(x, "shape", ()) for x in numbers}) == 1:
        return in_one_line(numbers)
    return f"{len(numbers)} arrays"


def told(numbers: list[Any]) -> str:
    """Write in words what several numbers or arrays are, where they are many.

    Examples
    --------
    >>> told([0.5, -1.0]), told([0.1 * k for k in range(64)])
    ('[0.5, -1]', '64 numbers from 0 to 6.3')
    """
    if len(numbers) <= _FEW or not all(isinstance(x, float) for x in numbers):
        return several(numbers)
    return in_words(numbers)


def whole(found: list[Any]) -> str:
    """Write what comes out of a box: a small array in full, others by their shape and range."""
    is_one = len(found) == 1 and is_small(found[0]) and np.ndim(found[0])
    return written(Numbers(found[0])) if is_one else several(found)


def without_gradients(graph: Graph) -> str:
    """Say why a graph has no gradients: a pass is to come, or there can be none; "" if it has."""
    if any(node.grad is not None for node in graph.nodes):
        return ""
    if graph.nodes[graph.output].constant:
        return "no gradients: all of it is constant"
    for node in graph.nodes:
        rules = OPS[node.op].vjps if node.op else ()
        for x, rule in zip(node.inputs, rules, strict=False) if isinstance(rules, tuple) else ():
            if rule is None and not graph.nodes[x].constant:
                return f"no gradients: {node.op} has none"
    return "no gradients yet: call backward()"


def _numbered(letter: str, taken: Collection[str]) -> Iterator[str]:
    return (f"{letter}{subscript(k)}" for k in count(1) if f"{letter}{k}" not in taken)


def _primed(name: str, k: int) -> str:
    """Mark a name that `k` nodes before have; nobody counts more than three primes."""
    return name + (_PRIMES[k] if k < len(_PRIMES) else f"⁽{str(k).translate(_RAISED)}⁾")


def _read(label: str) -> str:
    """Spell a label as it is read: x1 and x₁ are the same to the eye, and in LaTeX."""
    return label.translate(_LOWERED)
