"""What is claimed about the slopes of a number, and that number at any points near by."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import inf, isfinite, isnan, nan
from typing import Any

import numpy as np

from ..engine import (
    Node,
    Step,
    Value,
    backprop,
    explained,
    gradients,
    latest_first,
    same_numbers,
    trace,
)
from ..errors import GradientError, GraphError
from .reference import Array, Probe
from .rounding import copied, doubts, epsilon, noise, reading_only, rerun
from .subject import Opaque, Subject

_SEEDS = (1.0, -3.0)  # a rule that is not linear in what comes in gives itself away
_SHAKES = 4
_SHARES = (2.0**-10, -(2.0**-10), 2.0**-20, -(2.0**-20))  # how far inputs are moved to compare
_SPACINGS = (2.0**-20, 2.0**-34)  # how far apart points lie on which a smooth function is a line
_SMOOTH = 2.0**-10  # what is rougher than this share of its changes is a kink, or not resolved
_LARGEST = 2**20  # how many numbers a graph of Values is run on together


class Trial:
    """A number at one point, the slopes claimed for it there, and the number elsewhere.

    Attributes
    ----------
    value : float
    claims : list of list of array
        The slopes for each input, found in more than one way: they should agree.
    failure : Exception or None
        Why slopes could not be found.
    fickle : str
        What gives other slopes each time it is asked; empty if nothing does.
    doubts : list of array
        How far off the slopes may be because of rounding.
    noise : float
        How far off a value of `line` may be because of rounding.
    roughness : float
        The same, found in another way, where the inside of the function is unknown.
    analytic : bool
        Whether `line` takes imaginary steps.
    """

    value: float
    claims: list[list[Array]]
    failure: Exception | None = None
    fickle = ""
    doubts: list[Array]
    noise: float
    analytic = False

    def __init__(self, subject: Subject, order: int) -> None:
        self._subject, self._order = subject, order
        self._points = subject.points
        self.value = self._value(self._points)

    def line(self, probes: list[Probe], steps: Array) -> Array:
        """Compute the number where each probe has made each of its steps."""
        rows = [
            [self._value(self._moved(probe, step)) for step in row]
            for probe, row in zip(probes, steps, strict=True)
        ]
        return np.array(rows).reshape(steps.shape)

    def along(self, probe: Probe) -> list[float]:
        """Give the slope along a probe, once for each way in which it was computed."""
        found = [
            sum(float((claim[i] * away)[away != 0].sum()) for i, away in probe.moves)
            for claim in self.claims
        ]
        pushed = self.pushed(probe)
        return found if pushed is None else [*found, pushed]

    def pushed(self, probe: Probe) -> float | None:
        """Give the slope along a probe in forward mode, where there is one."""

    @cached_property
    def roughness(self) -> float:
        return 0.0

    @cached_property
    def largest(self) -> list[float]:
        """The largest slope that is claimed for each input."""
        sizes = map(np.abs, self.claims[0])
        return [float(size[np.isfinite(size)].max(initial=0.0)) for size in sizes]

    def _value(self, points: Sequence[Array]) -> float:
        return self._subject.value(points, self._order)

    def _moved(self, probe: Probe, step: Any) -> list[Array]:
        moved = list(self._points)
        for i, direction in probe.moves:
            moved[i] = np.asarray(moved[i] + step * direction, moved[i].dtype)
        return moved

    @cached_property
    def _shaken(self) -> list[list[Array]]:
        """The inputs moved in their last places, several times."""
        dice = np.random.default_rng(0)
        return [
            [
                np.asarray(x * (1 + 2 * epsilon(x) * dice.uniform(-1, 1, x.shape)), x.dtype)
                for x in self._points
            ]
            for _ in range(_SHAKES)
        ]

    def trembling(self) -> float:
        """Say how much the number changes when the inputs change in their last places."""
        changes = [abs(self._value(points) - self.value) for points in self._shaken]
        return 4 * max(4 * epsilon(1.0) * abs(self.value), *changes)


class OpaqueTrial(Trial):
    """A function whose inside is unknown, and what is claimed to be its gradient."""

    _subject: Opaque

    def __init__(self, subject: Opaque, order: int = 1) -> None:
        super().__init__(subject, order)
        self._pushed: dict[int, tuple[Probe, float | None]] = {}
        self.noise = self.trembling()
        self.doubts = [np.zeros(x.shape) for x in self._points]
        self.claims = [[np.full(x.shape, np.nan) for x in self._points]]
        try:
            self.claims = [subject.claimed(self._points, order, seed) for seed in subject.seeds]
            if not _same(self.claims[0], subject.claimed(self._points, order, 1.0)):
                self.fickle = "The function that is said to be the gradient"
            beside = [subject.claimed(points, order, 1.0) for points in self._shaken]
        except Exception as error:  # it is the one who wrote the gradient that has to know
            self.failure = error
            return
        for doubt, usual, x, *others in zip(
            self.doubts, self.claims[0], self._points, *beside, strict=True
        ):
            # What is claimed here takes no part: where only this is wrong, it is no rounding.
            found = np.maximum(np.ptp(others, axis=0), 2 * epsilon(x) * np.abs(usual))
            doubt[...] = 4 * np.where(np.isfinite(found), found, 0.0)

    def pushed(self, probe: Probe) -> float | None:
        key = id(probe)
        if key not in self._pushed:
            away = [np.zeros_like(x) for x in self._points]
            for i, direction in probe.moves:
                away[i] = np.asarray(direction, away[i].dtype)
            try:
                found = self._subject.pushed(self._points, self._order, away)
            except Exception as error:
                self.failure, found = self.failure or error, nan
            self._pushed[key] = probe, found
        return self._pushed[key][1]

    @cached_property
    def roughness(self) -> float:
        """How far values close by lie off a smooth line: what rounds inside need not tremble.

        References
        ----------
        Hamming 1971, Introduction to applied numerical analysis; More & Wild 2011, Estimating
        computational noise.
        """
        dice = np.random.default_rng(0)
        away = [np.maximum(np.abs(x), 1) * dice.uniform(0.5, 1, x.shape) for x in self._points]
        moved = [list(zip(self._points, [k * d for d in away], strict=True)) for k in range(7)]
        lines = np.array(
            [
                [self._value([np.asarray(x + t * d, x.dtype) for x, d in row]) for row in moved]
                for t in _SPACINGS
            ]
        )
        rough = np.abs(np.diff(lines, 4)).max(axis=1) / 70**0.5
        usable = (rough > 0) & (rough <= _SMOOTH * np.ptp(lines, axis=1))
        found = 4 * rough[usable].min(initial=inf) if usable.any() else 0.0
        if len(np.unique(lines)) > 2 and np.array_equal(lines, np.float32(lines)):
            found = max(found, 4 * epsilon(np.float32(1)) * np.abs(lines).max())
        return float(found)


class NodeTrial(Trial):
    """A graph, and what the engine claims.

    Running the rows of the graph once more is exact and fast. That is done in the place of calling
    the function, provided that it gives the same number at other points, too: it does not where
    the function has branches there, or does something that the graph does not know of.
    """

    def __init__(self, subject: Subject, order: int) -> None:
        super().__init__(subject, order)
        self._leaves, self._number = subject.build(self._points, order)
        self.nodes = trace(self._number)
        self._steps: list[Step] = []
        self.claims = [self._claimed(seed) for seed in _SEEDS]
        self._ask_again()
        self.doubts = [np.zeros(x.shape) for x in self._points]
        if self._steps:
            found = doubts(self.nodes, self._leaves, self.claims[0])
            finite = map(np.isfinite, self.claims[0])
            self.doubts = [np.where(*pair, 0.0) for pair in zip(finite, found, strict=True)]
        self._retraced = self._is_retraced()
        if self._retraced:
            self.noise = self._noise(doubled=True)
        else:
            self.noise = max(self._noise(doubled=False), self.trembling())
        self.analytic = self._retraced and not any(
            node.op and node.op.kinks and not node.constant for node in self.nodes
        )

    def line(self, probes: list[Probe], steps: Array) -> Array:
        if not self._retraced:
            return super().line(probes, steps)
        if not isinstance(self._number, Value):
            rows = [
                [self._run({i: self._points[i] + t * away for i, away in p.moves}) for t in row]
                for p, row in zip(probes, steps, strict=True)
            ]
            return np.array(rows).reshape(steps.shape)
        # Ops on floats take arrays as well: many points are run together.
        count = max(1, _LARGEST // (len(self.nodes) * steps.shape[1]))
        parts = range(0, len(probes), count)
        return np.concatenate(
            [self._run_many(probes[i : i + count], steps[i : i + count]) for i in parts]
        )

    def _run_many(self, probes: list[Probe], steps: Array) -> Array:
        moved: dict[int, Array] = {}
        for row, probe in enumerate(probes):
            for i, direction in probe.moves:
                x = moved.setdefault(i, np.full(steps.shape, self._points[i], steps.dtype))
                x[row] += steps[row] * direction
        return np.broadcast_to(self._run(moved), steps.shape)

    def _run(self, moved: Mapping[int, Array]) -> Any:
        """Run the rows with some inputs moved."""
        leaves = {
            self._leaves[i]: np.asarray(x, np.result_type(x, float)) for i, x in moved.items()
        }
        return rerun(self.nodes, leaves).get(self._number, self._number._held)

    def _claimed(self, seed: float) -> list[Array]:
        """Ask the engine; a linear pass gives `seed` times the slopes."""
        number, leaves = self._number, self._leaves
        if number.constant:
            return [np.zeros(x.shape) for x in self._points]
        try:
            self._steps = list(backprop(number, seed))
            grads = {step.node: step.grad for step in self._steps}
            if not all(np.isfinite(grads.get(x, 0.0)).all() for x in leaves):
                failure = explained(latest_first(number), number, number._adjoint(seed))
                self.failure = self.failure or failure
        except GraphError:
            raise
        except Exception as error:
            self.failure, self._steps = self.failure or error, []
            alone = isinstance(error, GradientError)  # it may be that of one leaf only
            grads = {x: self._single(x, seed) if alone else nan for x in leaves}
        return [
            np.broadcast_to(grads.get(leaf, 0.0), x.shape) / seed
            for leaf, x in zip(leaves, self._points, strict=True)
        ]

    def _ask_again(self) -> None:
        """See whether the rules give the same once more, and leave alone what they are given."""
        if not self._steps:
            return
        if isinstance(self._number, Value):  # floats cannot be written to
            copies = {node: node for node in self.nodes}
        else:
            copies = copied(self.nodes, reading_only, {}, {})
        try:
            again = list(backprop(copies[self._number], _SEEDS[-1]))
        except Exception as error:
            self.failure = self.failure or error
            self.claims.append([np.full(x.shape, nan) for x in self._points])
            return
        for before, now in zip(self._steps, again, strict=True):
            steady = _same(before.contributions, now.contributions)
            if _same([before.grad], [now.grad]) and not steady:
                self.fickle = f"A rule of the op {now.node.op.name}"  # type: ignore[union-attr]
                return

    def _single(self, leaf: Node, seed: float) -> Any:
        """Ask for the slope by one leaf where a pass to all of them fails."""
        try:
            start = type(self._number)(seed, constant=True)
            return gradients(self._number, [leaf], start)[0]._held
        except GradientError:
            return nan

    def _noise(self, *, doubled: bool) -> float:
        if self._steps:
            found = noise(self._steps, doubled=doubled) / abs(_SEEDS[-1])
            if isfinite(found):
                return found
        steps = [Step(node, 1.0, (None,) * len(node.inputs)) for node in self.nodes]
        return noise(steps, doubled=doubled)

    def _is_retraced(self) -> bool:
        dice = np.random.default_rng(0)
        agreed, apart = False, 2 * self._noise(doubled=False)
        for share in _SHARES:
            points = [
                np.asarray(
                    x + share * np.maximum(np.abs(x), 1) * dice.uniform(0.5, 1, x.shape), x.dtype
                )
                for x in self._points
            ]
            called, run = self._value(points), self._run(dict(enumerate(points)))
            if isnan(called) and isnan(run):  # beyond the end of the domain
                continue
            if not abs(called - run) <= apart:
                return False
            agreed = True
        return agreed


def _same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether the same numbers were given twice, to the last bit."""
    return all(x is y or same_numbers(x, y) for x, y in zip(some, others, strict=True))
