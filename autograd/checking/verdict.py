"""What a check of gradients has found, and how that is put into words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, isfinite, log10, nan
from typing import Any, overload

from ..engine import Node, trace
from ..formulas import number
from ..showing import bundle
from ..texts import columns, some

_LONGEST = 40  # rows of a table
ORDINALS = ("", "first", "second", "third")


@dataclass(frozen=True)
class Verdict:
    """What was found about the slopes by one input.

    Attributes
    ----------
    input : str
        Its name, as it is shown.
    order : int
        Which derivative.
    verdict : str
        'pass', 'wrong', 'kink', 'ill-conditioned', 'non-deterministic' or 'outside domain'.
    element : tuple of int or None
        Where the slope is furthest off; None for a single number, and for a random direction.
    value : float
        What the input holds there.
    engine : float
        The slope that was checked.
    reference, error : float
        The slope found without rules, and how far off it may be.
    sides : tuple of two floats or None
        At a kink, the slopes on the left and on the right.
    ok : bool
        Whether this is no reason to complain: it passes, or it stands at a kink and the slope
        that was checked lies between those on both sides.
    method : str
        How the reference was found.
    probed : str
        How many elements were looked at.
    advice : str
        What to do.
    tied : tuple of str
        The names of inputs that move together, where it is about the sum of their slopes.
    cause : Exception or None
        What was raised where there is no value or no slope.
    """

    input: str
    order: int
    verdict: str
    element: tuple[int, ...] | None = None
    value: float = nan
    engine: float = nan
    reference: float = nan
    error: float = nan
    sides: tuple[float, float] | None = None
    ok: bool = False
    method: str = ""
    probed: str = ""
    advice: str = ""
    tied: tuple[str, ...] = ()
    cause: Exception | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        place = f"{self.input}{list(self.element)}" if self.element else self.input
        if self.tied:
            place = f"{some(self.tied)} moved together, each"
        held = f" = {self.value:.6g}" if isfinite(self.value) else " in a random direction"
        what = f"{self.verdict}: {ORDINALS[self.order]} derivative by {place}{held}"
        if self.sides:
            left, right = told_apart(*self.sides)
            compared = (
                f": the engine says {number(self.engine)}, the slope is {left} on the left and "
                f"{right} on the right (± {self.error:.0e})"
            )
        elif isfinite(self.reference):
            engine, reference = told_apart(self.engine, self.reference)
            compared = (
                f": the engine says {engine}, the reference {reference} ± {self.error:.0e} "
                f"({self.method})"
            )
        else:
            compared = ""
        return f"{what}{compared}. {self.advice}".rstrip()


@dataclass(frozen=True)
class Report(Sequence[Verdict]):
    """The verdicts of a check: one for each input and order.

    Attributes
    ----------
    verdicts : tuple of Verdict
    failure : Verdict or None
        The first that is not ok.
    output : Node or None
        Where the graph of a failed check ends, if it has one.
    culprit : Node or None
        The node of this graph whose rule is wrong, if there is one.

    Examples
    --------
    >>> from autograd import check_gradients, tanh
    >>> print(check_gradients(tanh, 0.5))
    input  order  verdict  element  engine   reference  ± error  probed  by
    x      1      pass              0.78645  0.78645    6e-15    1 of 1  complex step
    """

    verdicts: tuple[Verdict, ...]
    output: Node | None = field(default=None, compare=False, repr=False)
    culprit: Node | None = field(default=None, compare=False, repr=False)

    @property
    def marks(self) -> dict[int, str]:
        """Say what is to be pointed out in the graph, by the place of a node in its trace."""
        v = self.failure
        if v is None or self.output is None:
            return {}
        engine, reference = told_apart(v.engine, v.reference)
        compared = f"engine {engine}, reference {reference}" if isfinite(v.reference) else v.verdict
        if v.sides:
            compared = f"engine {number(v.engine)}, slopes {' | '.join(told_apart(*v.sides))}"
        at = f" at {list(v.element)}" if v.element else ""
        which = "" if v.order == 1 else f"{ORDINALS[v.order]} derivative: "
        found: dict[int, str] = {}
        for i, node in enumerate(trace(self.output)):
            if node is self.culprit:
                found[i] = "its rule is wrong"
            elif node.op is None and node.name == v.input:
                found[i] = f"{which}{compared}{at}"
        return found

    @property
    def failure(self) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if not verdict.ok), None)

    @property
    def complaint(self) -> str:
        """The first failure and the table."""
        return f"{self.failure}\n\n{self}"

    @overload
    def __getitem__(self, i: int) -> Verdict: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[Verdict]: ...
    def __getitem__(self, i: Any) -> Any:
        return self.verdicts[i]

    def __len__(self) -> int:
        return len(self.verdicts)

    _repr_mimebundle_ = bundle

    def __str__(self) -> str:
        """Write a table; where it gets long, without most of what passes."""
        remarkable = sorted(self.verdicts, key=lambda verdict: verdict.verdict == "pass")
        kept = set(map(id, remarkable[:_LONGEST]))
        rows = [_row(verdict) for verdict in self.verdicts if id(verdict) in kept]
        header = ["input", "order", "verdict", "element", "engine", "reference", "± error"]
        left = len(self) - _LONGEST
        return columns([[*header, "probed", "by"], *rows]) + f"\nand {left} more" * (left > 0)


def _row(v: Verdict) -> list[str]:
    element = "" if v.element is None else ", ".join(map(str, v.element))
    numbers = [number(v.engine), number(v.reference), f"{v.error:.0e}"]
    if v.sides:
        numbers[1] = " | ".join(told_apart(*v.sides))
    return [v.input, str(v.order), v.verdict, element, *numbers, v.probed, v.method]


def told_apart(a: float, b: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    apart = abs(a - b) / max(abs(a), abs(b), 1e-300)
    digits = min(17, max(6, 2 - floor(log10(apart)))) if apart > 0 else 6
    return f"{a + 0.0:.{digits}g}", f"{b + 0.0:.{digits}g}"
