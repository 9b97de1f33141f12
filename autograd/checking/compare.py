"""Compares the slopes that are claimed with those that are found, one input after another."""

from collections.abc import Iterator
from math import ceil, inf, isfinite, isinf, isnan, log2, nan, ulp
from typing import NamedTuple

import numpy as np

from ..errors import GraphError
from .claims import NodeTrial, OpaqueTrial, Trial
from .reference import (
    ALL,
    IMAGINARY,
    Array,
    Estimate,
    Probe,
    complex_step,
    differences,
    element_probe,
    probes_of,
)
from .subject import NO_VALUE, Opaque, Subject
from .ties import adds_up, together
from .verdict import Verdict, told_apart

_TINY = 2.0**-60  # numbers beside which a step of usual size is endless
# How these are derived: docs/checking.md.
_DECISIVE = 1e-2  # an error beyond this share of the largest slope decides nothing
_INVISIBLE = 1e-9  # nor is an error of interest that changes the number by so small a share
_NEGLIGIBLE = 1e-6  # a slope of 0 may be off by what changes the number by so small a share
_TREMBLING = 1e-4  # nor can be seen what a number does that trembles by this share of its changes
_RANKS = ("pass", "kink", "ill-conditioned", "outside domain", "wrong")


def examine(subject: Subject, order: int) -> list[Verdict]:
    """Say for each input whether the derivative of this order is right."""
    try:
        values = ask(subject, order, times=3)
    except GraphError:
        raise
    except Exception as error:
        if order == 1:
            raise
        why = f"The gradient has no derivative: {error}"
        return same_for_all(subject, order, "wrong", why, error)
    if not all(map(isfinite, values)):
        cause = _why_not(subject, order)
        return same_for_all(subject, order, "outside domain", str(cause or ""), cause)
    if len(values) > 1:
        return same_for_all(subject, order, "non-deterministic")
    trial: Trial
    if isinstance(subject, Opaque):
        trial = OpaqueTrial(subject, order)
    else:
        trial = NodeTrial(subject, order)
    if trial.fickle:
        advice = f"{trial.fickle} gives other numbers each time it is asked. Let it draw, count or "
        return same_for_all(subject, order, "non-deterministic", advice + "remember nothing.")
    probes = [probe for i, x in enumerate(subject.points) for probe in probes_of(i, x)]
    found: list[list[_Finding]] = [[] for _ in subject.points]
    estimates = (
        _estimates(trial, probes, subject.points) if probes else []
    )  # all inputs may be empty
    for probe, estimate in zip(probes, estimates, strict=True):
        found[probe.input].append(_finding(trial, probe, estimate))
    for finding in _tied(trial, [finding for each in found for finding in each], subject.points):
        found[finding.probe.input].append(finding)
    return [_verdict(subject, trial, order, i, findings) for i, findings in enumerate(found)]


def ask(subject: Subject, order: int, times: int) -> set[float]:
    """Collect the different values that are given at the same point."""
    return {subject.value(subject.points, order) for _ in range(times)}


def same_for_all(
    subject: Subject, order: int, word: str, advice: str = "", cause: Exception | None = None
) -> list[Verdict]:
    """Say the same about all inputs."""
    held = (x.item() if x.size == 1 else nan for x in subject.points)
    return [
        Verdict(name, order, word, value=x, advice=advice, cause=cause)
        for name, x in zip(subject.names, held, strict=True)
    ]


def _why_not(subject: Subject, order: int) -> Exception | None:
    try:
        subject.compute(subject.points, order)
    except NO_VALUE as error:
        return error
    return None


class _Finding(NamedTuple):
    """What one probe has found."""

    probe: Probe
    estimate: Estimate
    engine: float
    word: str
    ok: bool
    excess: float  # how far off, in units of what is allowed

    @property
    def rank(self) -> tuple[bool, int, bool, float]:
        return not self.ok, _RANKS.index(self.word), self.probe.element is not None, self.excess


def _estimates(trial: Trial, probes: list[Probe], points: list[Array]) -> list[Estimate]:
    """Find slopes in the best way there is."""
    if not trial.analytic:
        return _differences(trial, probes, points)
    try:
        slopes = complex_step(trial.line, probes)
    except Exception:  # an op that is for real numbers only
        return _differences(trial, probes, points)
    found = [
        Estimate(slope, _doubt(trial, probe) + IMAGINARY, method="complex step")
        for slope, probe in zip(slopes.tolist(), probes, strict=True)
    ]
    # Is the function analytic here, as its ops are? That is asked before anything is called wrong.
    # And where the gradient trembles, how far the reference is off must not be seen by that.
    for p, probe in enumerate(probes):
        trembles = _doubt(trial, probe) > _room(trial, probe, found[p])
        # The square of the step is nothing, but beside slopes that are less.
        small = not _resolves(trial, probe, found[p]._replace(error=IMAGINARY))
        if trembles or small or _finding(trial, probe, found[p]).word != "pass":
            (other,) = _differences(trial, [probe], points)
            apart = abs(other.slope - found[p].slope)
            agree = other.method == "differences" and apart <= other.error + found[p].error
            keep = agree and not trembles and found[p].error <= other.error
            found[p] = found[p]._replace(reach=other.reach) if keep else other
    return found


def _differences(trial: Trial, probes: list[Probe], points: list[Array]) -> list[Estimate]:
    """Find slopes by differences; look again before anything is called wrong."""
    found = differences(trial.line, probes, trial.noise)
    for p, probe in enumerate(probes):
        x = 0.0 if probe.element is None else abs(float(points[probe.input][probe.element]))
        passes = _finding(trial, probe, found[p]).word == "pass"
        if passes and (not 0 < x < _TINY or _resolves(trial, probe, found[p])):
            continue
        noise = max(trial.noise, trial.roughness)
        if noise > trial.noise:
            (found[p],) = differences(trial.line, [probe], noise)
        if 0 < x < _TINY:
            close = probe._replace(size=2.0 ** ceil(log2(x)))
            (other,) = differences(trial.line, [close], trial.noise)
            if other.error <= found[p].error or found[p].method != "differences":
                found[p] = other
    return found


def _doubt(trial: Trial, probe: Probe) -> float:
    return sum(float(np.abs(trial.doubts[i] * away)[away != 0].sum()) for i, away in probe.moves)


def _finding(trial: Trial, probe: Probe, estimate: Estimate) -> _Finding:
    """Compare what is claimed about the slope along a probe with an estimate of it."""
    claims, error = trial.along(probe), estimate.error
    doubt = _doubt(trial, probe)
    low, high = sorted(estimate.sides or (estimate.slope, estimate.slope))
    outside = [max(low - claim, claim - high, 0.0) if isfinite(claim) else inf for claim in claims]
    distance, engine = max(zip(outside, claims, strict=True), key=lambda pair: pair[0])
    allowed = error + min(doubt, _room(trial, probe, estimate))
    decisive = _is_decisive(trial, probe, estimate, doubt)
    if isnan(low) or (isinf(distance) and not decisive):
        word = "outside domain"
    elif estimate.sides:
        word = "kink"
    elif distance > allowed:
        word = "wrong" if _tells(trial, estimate, distance - error > doubt) else "ill-conditioned"
    else:
        word = "pass" if decisive else "ill-conditioned"
    ok = word == "pass" or (word == "kink" and distance <= allowed)
    return _Finding(probe, estimate, engine, word, ok, distance / (allowed or 1.0))


def _scale(trial: Trial, probe: Probe, estimate: Estimate) -> float:
    """Give the size of slopes by this input."""
    return max(*map(abs, estimate.sides or (estimate.slope,)), trial.largest[probe.input])


def _resolves(trial: Trial, probe: Probe, estimate: Estimate) -> bool:
    scale = _scale(trial, probe, estimate)
    return scale == 0 or estimate.error <= _DECISIVE * scale


def _tied(trial: Trial, found: list[_Finding], points: list[Array]) -> Iterator[_Finding]:
    """Find where slopes that are each between two sides do not add up to that of a joint move."""
    kinks = [
        (finding.probe, finding.estimate)
        for finding in found
        if finding.word == "kink" and finding.probe.element is not None
    ]
    for probe, apart in together(kinks, points):
        (estimate,) = differences(trial.line, [probe], trial.noise)
        finding = _finding(trial, probe, estimate)
        if finding.word in ("wrong", "kink") and not finding.ok and not adds_up(estimate, apart):
            yield finding


def _room(trial: Trial, probe: Probe, estimate: Estimate) -> float:
    """Say how much may be forgiven for rounding in the gradient, however much it trembles."""
    added_up = trial.noise / (4 * ulp(1.0))  # the size of the numbers that are
    size = max(abs(trial.value), estimate.reach, added_up)
    invisible = _INVISIBLE * size / probe.size
    return max(_DECISIVE * _scale(trial, probe, estimate), invisible, IMAGINARY)


def _tells(trial: Trial, estimate: Estimate, beyond: bool) -> bool:
    """Whether a slope that is off is wrong: the function does not tremble as much.

    Rounding in a graph is that of the function itself. Code that is said to be a gradient has to
    look after its own.
    """
    if not beyond and isinstance(trial, NodeTrial):
        return False
    trembling = trial.trembling()
    rounds = trembling <= 2**10 * ulp(1.0) * abs(trial.value)
    return rounds or trembling <= _TREMBLING * estimate.reach


def _is_decisive(trial: Trial, probe: Probe, estimate: Estimate, doubt: float) -> bool:
    """Whether an error this large would still let a wrong slope be seen."""
    uncertain = estimate.error + doubt
    if uncertain <= _DECISIVE * _scale(trial, probe, estimate):
        return True
    if uncertain * probe.size <= _INVISIBLE * max(abs(trial.value), estimate.reach):
        return True
    doubt += IMAGINARY
    if doubt == inf or any(doubt < abs(x) < inf for x in trial.along(probe)):
        return False
    # It is 0 but for rounding, and an error cannot be small beside that.
    added_up = trial.noise / (4 * ulp(1.0))  # the size of the numbers that are
    moves = estimate.reach > 2 * trial.noise  # by more than both of its values may be off
    size = max(abs(trial.value), estimate.reach) if moves else added_up
    return (
        estimate.error <= min(doubt, _room(trial, probe, estimate))
        or uncertain * probe.size <= _NEGLIGIBLE * size
    )


def _verdict(subject: Subject, trial: Trial, order: int, i: int, found: list[_Finding]) -> Verdict:
    """Report the worst of what was found about one input."""
    name, x = subject.names[i], subject.points[i]
    directions = [finding for finding in found if finding.probe.element is None]
    tied = sum(bool(finding.probe.tied) for finding in found)
    probed = f"{len(found) - len(directions) - tied} of {x.size}"
    if x.size > ALL:
        probed += f" and {len(directions)} directions"
        suspects = [finding for finding in directions if finding.word != "pass"]
        found = found + [_narrowed(trial, finding.probe, subject.points) for finding in suspects]
    # Along a direction through kinks the two sides mix, and nothing can be told.
    telling = [f for f in found if f.probe.element is not None or f.word in ("pass", "wrong")]
    if not telling:
        return Verdict(name, order, "pass", ok=True, probed=probed)
    worst = max(telling, key=lambda finding: finding.rank)
    if trial.pushed(worst.probe) is not None:
        probed += ", vjp and jvp"
    element = worst.probe.element
    return Verdict(
        name,
        order,
        worst.word,
        element=element or None,
        value=nan if element is None else float(x[element]),
        engine=worst.engine,
        reference=worst.estimate.slope,
        error=worst.estimate.error,
        sides=worst.estimate.sides,
        ok=worst.ok,
        method=worst.estimate.method,
        probed=probed,
        advice=_remark(trial, worst),
        cause=None if worst.ok else trial.failure,
        tied=tuple(
            subject.names[k] + (str(list(place)) if place else "") for k, place in worst.probe.tied
        ),
    )


def _remark(trial: Trial, worst: _Finding) -> str:
    """Say what is known already about why a slope is wrong."""
    if trial.failure and worst.word in ("wrong", "outside domain"):
        return f"{type(trial.failure).__name__}: {trial.failure}".rstrip(".") + "."
    if worst.word != "wrong":
        return ""
    first, *others = trial.along(worst.probe)
    pushed = trial.pushed(worst.probe)
    doubt = 4 * _doubt(trial, worst.probe)
    if any(abs(claim - first) > doubt for claim in others[: len(trial.claims) - 1]):
        return "The gradient is not linear in what comes in from above."
    if pushed is not None and not abs(pushed - first) <= doubt:
        vjp, jvp = told_apart(first, pushed)
        return f"By vjp it is {vjp}, by jvp {jvp}."
    return ""


def _narrowed(trial: Trial, probe: Probe, points: list[Array]) -> _Finding:
    """Halve a direction along which something is amiss until one element is left."""
    x = points[probe.input]
    places = np.arange(x.size)
    while places.size > 1:
        half = places[: places.size // 2]
        direction = np.zeros(x.size)
        direction[half] = probe.direction.flat[half]
        part = probe._replace(direction=direction.reshape(x.shape))
        (estimate,) = _estimates(trial, [part], points)
        amiss = _finding(trial, part, estimate).word != "pass"
        places = half if amiss else places[places.size // 2 :]
    only = element_probe(probe.input, x, int(places[0]))
    return _finding(trial, only, _estimates(trial, [only], points)[0])
