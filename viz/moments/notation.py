"""How the nodes of a graph are written: their labels, their formulas and their slopes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np

from autograd import OPS, Graph, sum_to
from autograd.formulas import Formula, Symbol, applied, slope, written
from autograd.texts import apart, cells

from .arrays import Numbers, is_small
from .live import in_one_line, number
from .typeset import subscript

LONGEST_NAME = 48  # characters of a name in a box
_DEEPEST, _LONGEST = 6, 60  # levels and characters of a formula in a heading
_PRIMES = ("", "′", "″", "‴")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

Reading = Callable[[int], Formula]  # how a node stands in a formula


class Notation:
    """Labels and formulas for the nodes of one graph.

    Attributes
    ----------
    labels : tuple of str
        By index: the node's name, as `autograd.texts.apart` writes it, v₁, v₂, ... without one, and
        the number itself for a literal. Where nodes share a name, those made later have primes: x,
        x′, x″.

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
        uses: dict[int, list[tuple[str, ...]]] = defaultdict(list)
        for node in graph.nodes:
            for x in node.inputs:
                uses[x].append(node.scope)
        self._data = {
            i
            for i, scopes in uses.items()
            if len(scopes) > 1 and (graph.nodes[i].scope or any(map(graph.calls.get, scopes)))
        }
        self.labels = tuple(self._labels())

    def _labels(self) -> Iterator[str]:
        chosen = apart((x.name for x in self.graph.nodes if x.name is not None), LONGEST_NAME)
        # What somebody chose is never handed to another node, even one made earlier.
        taken = set(map(_read, chosen.values()))
        generated = (f"v{subscript(k)}" for k in count(1))
        times: dict[str, Iterator[int]] = defaultdict(count)
        for node in self.graph.nodes:
            if self.is_literal(node.index):
                yield number(node.data)
            elif node.name is None:
                yield next(label for label in generated if _read(label) not in taken)
            else:
                name = chosen[node.name]
                marked = (_primed(name, k) for k in times[_read(name)])
                yield next(each for each in marked if each == name or _read(each) not in taken)

    def is_literal(self, index: int) -> bool:
        """Whether this is a number written into an expression: it has no box of its own.

        A number that a module call uses several times is data given to it.
        """
        node = self.graph.nodes[index]
        unnamed_data = node.op is None and node.constant and node.name is None
        is_number = unnamed_data and np.ndim(node.data) == 0
        return is_number and index not in self._data and index != self.graph.output

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

    def whole_formula(self) -> Formula:
        """Give the formula of the output in named nodes if it is short, in its operands if not."""
        whole = self._unfolded(self.graph.output, _DEEPEST)
        if whole is None or cells(written(whole)) > _LONGEST:
            return self.formula(self.graph.output)
        return whole

    def _unfolded(self, index: int, depth: int) -> Formula | None:
        node = self.graph.nodes[index]
        if node.op is None:
            return self.symbol(index) if index != self.graph.output else node.data
        if node.name is not None and index != self.graph.output:
            return self.symbol(index)
        operands = [self._unfolded(x, depth - 1) if depth else None for x in node.inputs]
        return None if None in operands else applied(OPS[node.op], tuple(operands), node.params)

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
    if len({np.shape(x) for x in numbers}) == 1:
        return in_one_line(numbers)
    return f"{len(numbers)} arrays"


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


def _primed(name: str, k: int) -> str:
    """Mark a name that `k` nodes before have; nobody counts more than three primes."""
    return name + (_PRIMES[k] if k < len(_PRIMES) else f"⁽{str(k).translate(_RAISED)}⁾")


def _read(label: str) -> str:
    """Spell a label as it is read: x1 and x₁ are the same to the eye, and in LaTeX."""
    return label.translate(_LOWERED)
