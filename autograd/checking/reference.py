"""Finds slopes without any rule, each with an honest word about how far off it may be."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, takewhile
from math import ceil, inf, isfinite, log2, nan, ulp
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ALL = 100  # how large an input may be for all of its elements to be probed
_SOME = 24  # how many elements are drawn from a larger one
IMAGINARY = 2.0**-200  # a step whose square is nothing
_LEVELS = range(3, 128, 6)  # differences over 2**-3 of the size of x, then over 2**-9 of it...
_FINEST = 51  # go further only to find values on both sides
# The steps of one level, from which step 0 is extrapolated, each 15/8 of the next: no period fits
# into all of them, as it can into halves. Adding numbers of so few digits to another is exact.
_RATIO = 15 / 8
_STEPS = 877 / 2**10 * 2.0**-16 * 15.0 ** np.arange(4, -1, -1) * 8.0 ** np.arange(5)
_BOTH, _ONE = 2.3, 19  # by how much extrapolation of both sides, and of one, multiplies noise
_FINE = 2.0**-30  # share of a slope below which its error need not be made smaller


class Probe(NamedTuple):
    """A way to move inputs: most often one of several.

    Attributes
    ----------
    input : int
        Which input.
    element : tuple of int or None
        The only element of it that moves; None where all do.
    direction : array
        How far each element moves for a step of 1.
    size : float
        A large step.
    also : tuple of (int, array)
        Other inputs that move together with it, and their directions.
    tied : tuple of (int, tuple)
        The inputs and elements that move as one, where several do because they tie.
    """

    input: int
    element: tuple[int, ...] | None
    direction: Array
    size: float
    also: tuple[tuple[int, Array], ...] = ()
    tied: tuple[tuple[int, tuple[int, ...]], ...] = ()

    @property
    def moves(self) -> tuple[tuple[int, Array], ...]:
        return (self.input, self.direction), *self.also


def probes_of(i: int, x: Array) -> Iterator[Probe]:
    """Choose how to move an input: its elements one by one, then all of them at random."""
    dice = np.random.default_rng(i)
    places = np.arange(x.size) if x.size <= ALL else np.sort(dice.choice(x.size, _SOME, False))
    for place in places:
        yield element_probe(i, x, place)
    for _ in range(0 if x.size < 2 else 1 if x.size <= ALL else 3):
        away = dice.uniform(0.5, 1, x.shape) * dice.choice((-1.0, 1.0), x.shape)
        yield Probe(i, None, away * np.maximum(np.abs(x), 1), 1.0)


def element_probe(i: int, x: Array, place: int) -> Probe:
    """Move one element, by steps of about its size."""
    element = tuple(map(int, np.unravel_index(place, x.shape)))
    direction = np.zeros(x.shape)
    direction[element] = 1.0
    return Probe(i, element, direction, 2.0 ** ceil(log2(np.clip(abs(x[element]), 1, 1e300))))


class Estimate(NamedTuple):
    """A slope along a probe.

    Attributes
    ----------
    slope, error : float
        The slope, nan if the function has no values near the point, and how far off it may be.
    sides : tuple of two floats or None
        The slopes on the left and on the right, where they differ or the function jumps.
    method : str
        How it was found.
    reach : float
        How much the function changes over large steps.
    """

    slope: float
    error: float
    sides: tuple[float, float] | None = None
    method: str = "differences"
    reach: float = 0.0


# Gives the function where each probe has made each of its steps: an array in the shape of `steps`.
Line = Callable[[list[Probe], Array], Array]


def complex_step(line: Line, probes: list[Probe]) -> Array:
    """Derive analytic functions: nothing is subtracted, so what is found is exact to rounding.

    References
    ----------
    Squire & Trapp 1998, Using complex variables to estimate derivatives of real functions.
    """
    steps = np.full((len(probes), 1), 1j * IMAGINARY)
    return line(probes, steps).imag[:, 0] / IMAGINARY


def differences(line: Line, probes: list[Probe], noise: float) -> list[Estimate]:
    """Derive any functions by differences, extrapolated to step 0, over smaller and smaller steps.

    Parameters
    ----------
    line : callable
    probes : list of Probe
    noise : float
        How far off a value of the function may be because of rounding.

    Notes
    -----
    The error is what the last extrapolation changed, plus the noise divided by the step. At a kink
    the slopes on both sides are further apart than their errors, however small the step.

    References
    ----------
    Ridders 1982, Accurate computation of F'(x) and F'(x)F''(x).
    """
    middle = line(probes, np.zeros((len(probes), 1)))[:, 0]
    found: list[list[_Level]] = [[] for _ in probes]
    unsettled = list(range(len(probes)))
    for level in _LEVELS:
        chosen = [probes[p] for p in unsettled]
        steps = np.array([[probe.size] for probe in chosen]) * 2.0**-level * _STEPS
        right, left = line(chosen, steps), line(chosen, -steps)
        rows = _level(middle[unsettled], left, right, steps, noise)
        for p, row in zip(unsettled, rows, strict=True):
            found[p].append(row)
        unsettled = [p for p in unsettled if _is_open(found[p], level)]
        if not unsettled:
            break
    return [_estimate(levels, noise) for levels in found]


def _is_open(levels: list["_Level"], level: int) -> bool:
    if level >= _FINEST:
        return not any(isfinite(row.slope) for row in levels)
    return not levels[-1].settled


class _Level(NamedTuple):
    """What differences over one range of steps say."""

    slope: float
    error: float
    left: float
    left_error: float
    right: float
    right_error: float
    reach: float
    gap: float  # how far the value is from where the sides would meet
    settled: bool  # whether smaller steps could only make it worse

    @property
    def blur(self) -> float:
        return self.left_error + self.right_error

    @property
    def torn(self) -> bool:
        return abs(self.right - self.left) > self.blur


def _level(middle: Array, left: Array, right: Array, steps: Array, noise: Any) -> Iterable[_Level]:
    smallest = steps[:, -1]
    values = np.abs(np.hstack([left, right]))
    # Beside the point values may be larger, and so is their rounding.
    noise = np.fmax(noise, 4 * ulp(1.0) * np.where(np.isfinite(values), values, 0.0).max(axis=1))
    slope, change = _extrapolated((right - left) / (2 * steps), _RATIO**2)
    error = 1.25 * change + _BOTH * noise / smallest  # 1.13 where curvature jumps
    sides = []
    for values, away in ((left, -steps), (right, steps)):
        # The point itself is left out: where the function jumps, it belongs to one side at most.
        quotients = np.diff(values) / np.diff(away)
        side, side_change = _extrapolated(quotients, _RATIO)
        gap = np.abs(values[:, -1] - away[:, -1] * side - middle)
        sides.append((side, side_change + _ONE * noise / smallest, gap))
    (a, a_error, a_gap), (b, b_error, b_gap) = sides
    settled = change <= np.maximum(_BOTH * noise / smallest, _FINE * np.abs(slope))
    settled &= np.isfinite(slope) & (np.abs(b - a) <= a_error + b_error)
    gap = np.fmax(a_gap, b_gap)
    changes = np.hstack([left, right]) - middle[:, None]
    reach = np.abs(np.where(np.isfinite(changes), changes, 0.0)).max(axis=1)
    columns = (slope, error, a, a_error, b, b_error, reach, gap, settled)
    return map(_Level._make, zip(*(column.tolist() for column in columns), strict=True))


def _extrapolated(quotients: Array, base: float) -> tuple[Array, Array]:
    """Extrapolate the last axis, for steps of constant ratio, to step 0; say what that changed."""
    before = found = quotients
    for k in range(1, quotients.shape[1]):
        before, found = found, found[:, 1:] + np.diff(found) / (base**k - 1)
    return found[:, 0], np.abs(found - before).max(axis=1)


def _estimate(levels: list[_Level], noise: float) -> Estimate:
    """Choose among what smaller and smaller steps say."""
    two_sided = [row for row in levels if isfinite(row.slope)]
    if not two_sided:
        return _one_sided(levels)
    torn = [row for row in two_sided if row.torn]
    smooth = two_sided
    if torn:
        kink = min(torn, key=lambda row: row.blur)
        finer = list(takewhile(lambda row: not row.torn, two_sided[::-1]))[::-1]
        smooth = [
            row
            for row in finer
            if row.blur < abs(kink.right - kink.left) / 4 or _refutes(row, kink)
        ]
        if not smooth:
            middle = (kink.left + kink.right) / 2
            return Estimate(middle, kink.blur, (kink.left, kink.right))
    # A gap that does not close while the steps become a million times smaller is a jump.
    gap = min((row.gap for row in smooth[4:8]), default=0.0)
    if gap > max(64 * noise, smooth[0].gap / 4):
        best = min(smooth, key=lambda row: row.blur)
        return Estimate(nan, best.blur, (best.left, best.right))
    # Finer steps that agree, and contradict by more than their own error, know better.
    error, slope = min(
        (max(_unsteadiness(row, smooth[:i]), *_contradictions(row, smooth[i + 1 :])), row.slope)
        for i, row in enumerate(smooth)
    )
    return Estimate(slope, error, reach=two_sided[0].reach)


def _refutes(row: _Level, kink: _Level) -> bool:
    """Whether finer steps agree on a slope that is not between those on both sides of a kink."""
    low, high = sorted((kink.left, kink.right))
    beyond = max(low - row.slope, row.slope - high)
    return row.settled and beyond > row.error + kink.blur


def _unsteadiness(row: _Level, coarser: list[_Level]) -> float:
    """Give the error of a slope; extrapolation sees too little where it falls as the step does."""
    if row.settled or not coarser:
        return row.error
    return max(row.error, min(8 * row.error, abs(row.slope - coarser[-1].slope)))


def _contradictions(row: _Level, finer: list[_Level]) -> list[float]:
    """Say how far steps that are smaller, and agree, are from a slope."""
    return [0.0, *(abs(other.slope - row.slope) - other.error for other in finer if other.settled)]


def _one_sided(levels: list[_Level]) -> Estimate:
    """Take the side on which there are values, if any; at an end, slopes may settle slowly."""
    left = [(row.left, row.left_error) for row in levels if isfinite(row.left)]
    right = [(row.right, row.right_error) for row in levels if isfinite(row.right)]
    found = [
        (max(error, abs(slope - coarser)), slope)
        for side in (left, right)
        for (coarser, _), (slope, error) in pairwise(side)
    ]
    error, slope = min(found, default=(inf, nan))
    return Estimate(slope, error, method="one-sided differences", reach=levels[0].reach)
