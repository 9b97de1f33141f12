"""A Path is one way from a result back to what it was computed from, with the factors on it."""

from dataclasses import dataclass
from heapq import nlargest
from math import inf, log

from autograd import Node
from autograd.formulas import number
from autograd.showing import bundle

from .table import shortened

SHRINKS = "↓"  # marks the factor that shrinks most
_ENDS = 3  # nodes that are written at both ends of a long path
_TELLING, _TWO = 8, log(2)  # factors that are written wherever they are, if they halve or double


@dataclass(frozen=True, repr=False)
class Path:
    """One way from a result back to a node, or what stands for several.

    Attributes
    ----------
    nodes : tuple of Node
        From the result to the node; empty if it stands for several paths. Of a path from element to
        element they are the Tensors that these are in.
    factors : tuple of float
        Of Values the local derivatives, one from each node to the next. Of Tensors the gains.
    product : float
        What the path adds to the gradient; of several their sum. Of Tensors the gain in all.
    share : float or None
        Its size, in the sum of the sizes of all paths. None where that sum is 0 or not finite,
        and for Tensors.
    count : int
        How many paths it stands for.
    labels : tuple of str
        What the nodes are called; after one that uses the next more than once, as x·x does, by
        which use the path goes: ``1st x``.
    norms : tuple of float
        Of Tensors the norm of what comes in at each node; empty for Values.
    branches : frozenset of int
        Of Tensors the places of nodes past which other ways lead, as past a layer with a skip
        connection: what shrinks there need not shrink the whole.

    Examples
    --------
    >>> from autograd import Value, tanh
    >>> from viz import why
    >>> x = Value(0.5)
    >>> f = tanh(2 * x)
    >>> (path,) = why(x, of=f)
    >>> print(path)
    f → v₁ → x: 0.41997↓ × 2 = 0.83995 (100 %)
    >>> path.weakest
    0
    """

    nodes: tuple[Node, ...]
    factors: tuple[float, ...]
    product: float
    share: float | None
    count: int = 1
    labels: tuple[str, ...] = ()
    norms: tuple[float, ...] = ()
    branches: frozenset[int] = frozenset()

    @property
    def weakest(self) -> int | None:
        """Place of the factor that shrinks most; None if none that all goes through is below 1."""
        sizes = [abs(factor) for factor in self.factors]
        through = (i for i in range(len(sizes)) if i not in self.branches)
        shrinking = (i for i in through if sizes[i] < 1)  # nan is not
        return min(shrinking, key=sizes.__getitem__, default=None)

    @property
    def route(self) -> str:
        """The nodes in one line, those in the middle of a long way left out."""
        if not self.nodes:
            return f"{self.count:,} more path{'s' * (self.count > 1)}"
        places = self._places()
        return " → ".join("…" if i is None else self.labels[i] for i in places)

    @property
    def terms(self) -> str:
        """The factors in one line; the one that shrinks most is marked."""
        weakest, last = self.weakest, len(self.nodes) - 1
        words = [
            "…" if i is None else number(self.factors[i]) + SHRINKS * (i == weakest)
            for i in self._places()
            if i != last
        ]
        return (", " if self.norms else " × ").join(words)

    @property
    def percent(self) -> str:
        """The share in percent."""
        if self.share is None:
            return "–"
        percent = 100 * self.share
        if 0 < percent < 0.01:
            return "< 0.01 %"
        return f"{percent:.0f} %" if percent >= 9.5 else f"{percent:.2g} %"

    @property
    def text(self) -> str:
        """The path in one line."""
        product = number(self.product)
        if self.norms:
            return f"{self.route}: gains {self.terms or '1'}; {product} in all"
        terms = self.terms if len(self.factors) == 1 else product
        if len(self.factors) > 1:
            terms = f"{self.terms} = {product}"
        share = "" if self.share is None else f" ({self.percent})"
        return f"{self.route}: {terms}{share}"

    _repr_mimebundle_ = bundle

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Path({self.text!r})"

    @property
    def telling(self) -> list[int]:
        """Places of the factors that decide the product: not finite, or farthest from 1."""
        sizes = enumerate(abs(factor) for factor in self.factors)
        from_1 = {i: abs(log(x)) if 0 < x < inf else inf for i, x in sizes}
        return sorted(
            nlargest(_TELLING, (i for i in from_1 if from_1[i] > _TWO), from_1.__getitem__)
        )

    def _places(self) -> list[int | None]:
        weakest = [] if self.weakest is None else [self.weakest]
        return shortened(len(self.nodes), _ENDS, {*self.telling, *weakest})
