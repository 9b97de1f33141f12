"""Moves inputs that tie as one: each by itself stands at a kink, where almost any slope will do."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .reference import Array, Estimate, Probe


class Apart(NamedTuple):
    """What the slopes on both sides add up to where each input moves by itself."""

    left: float
    right: float
    error: float


def together(
    kinks: list[tuple[Probe, Estimate]], points: list[Array]
) -> Iterator[tuple[Probe, Apart]]:
    """Join the probes of numbers of one size, which is what most ties are.

    Parameters
    ----------
    kinks : list of (Probe, Estimate)
        Single elements that stand at a kink, and what was found there.
    points : list of array
        What the inputs hold.
    """
    groups: dict[float, list[tuple[Probe, Estimate]]] = {}
    for probe, estimate in kinks:
        size = abs(float(points[probe.input][probe.element]))
        groups.setdefault(size, []).append((probe, estimate))
    for group in groups.values():
        if len(group) < 2:
            continue
        directions: dict[int, Array] = {}
        apart = Apart(0.0, 0.0, 0.0)
        for probe, estimate in group:
            i, (left, right) = probe.input, estimate.sides or (0.0, 0.0)
            # Numbers that tie but for their sign stay so if both grow.
            back = points[i][probe.element] < 0
            directions[i] = directions.get(i, 0.0) + probe.direction * (-1.0 if back else 1.0)
            sides = (-right, -left) if back else (left, right)
            apart = Apart(*np.add(apart, (*sides, estimate.error)).tolist())
        (first, direction), *also = directions.items()
        tied = tuple((probe.input, probe.element or ()) for probe, _ in group)
        size = max(probe.size for probe, _ in group)
        yield Probe(first, tied[0][1], direction, size, tuple(also), tied), apart


def adds_up(joint: Estimate, apart: Apart) -> bool:
    """Whether inputs do not meet: together they do what each does by itself, and none is missed."""
    left, right = joint.sides or (joint.slope, joint.slope)
    error = joint.error + apart.error
    return abs(left - apart.left) <= error and abs(right - apart.right) <= error
