"""One call tries an op on all that people will give it, and says in a table what held."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np

from ..engine import Node, Tensor, Value, gradients
from ..errors import AutogradError, GradientError
from ..formulas import Symbol, rule
from ..ops import Each, Op, Params
from ..ops import sum as total
from ..texts import columns
from .check import check_gradients
from .op_calls import MARGIN, Call, calls, tame

_ULPS = 64 * 2.0**-52  # of the largest number: what another order of adding up may change
_SINGLE = 1e-4  # as far as numbers of single precision are compared


@dataclass(frozen=True)
class Trial:
    """What was found when an op was tried in one way.

    Attributes
    ----------
    what : str
    verdict : {'pass', 'wrong', 'not tried'}
    calls : int
        How many were made.
    found : str
        The first fault, or why nothing was tried.
    cause : Exception or None
    """

    what: str
    verdict: str
    calls: int = 0
    found: str = ""
    cause: Exception | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class OpReport(Sequence[Trial]):
    """All that `check_op` has tried; print it to see a table."""

    op: Op
    trials: tuple[Trial, ...]

    @property
    def failure(self) -> Trial | None:
        """The first trial that went wrong."""
        return next((trial for trial in self.trials if trial.verdict == "wrong"), None)

    @overload
    def __getitem__(self, i: int) -> Trial: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[Trial]: ...
    def __getitem__(self, i: Any) -> Any:
        return self.trials[i]

    def __len__(self) -> int:
        return len(self.trials)

    def __str__(self) -> str:
        rows = [[self.op.name, "verdict", "calls", "found"]]
        for trial in self.trials:
            first, *_ = trial.found.splitlines() or [""]
            rows.append([trial.what, trial.verdict, f"{trial.calls or ''}", first])
        return columns(rows)


def check_op(op: Op, *operands: Any, params: Iterable[Params] = ()) -> OpReport:
    """Try an op in every way in which it may be used.

    Parameters
    ----------
    op : Op
    *operands : array_like, optional
        What to apply it to. If there are none they are drawn inside its domain, of all shapes that
        it takes; for an op that is a function of arrays these are guessed.
    params : iterable of dict, optional
        Options to try. If there are none, its defaults, with all of ``axis`` and ``keepdims``.

    Returns
    -------
    OpReport
        One row for each way: slopes to second order, the same operand twice, numbers that tie,
        zeros, empty arrays, arrays that lie in memory in another order or may not be written to,
        single precision, and each interpreter: floats, arrays, nodes, tapes, symbols; for functions
        of single numbers C and JavaScript, where ``cc`` and ``node`` are found; torch and JAX where
        they are installed.

    Raises
    ------
    GradientError
        If something is wrong; the message holds the table.
    TypeError
        If no operands are found that the op takes.

    Examples
    --------
    >>> from autograd import OPS
    >>> report = check_op(OPS["tanh"])
    >>> {trial.verdict for trial in report} <= {"pass", "not tried"}
    True
    """
    with np.errstate(all="ignore"):
        found = calls(op, operands, tuple(params), np.random.default_rng(0))
        trials = [_tried(what, trial, found) for what, trial in _trials().items()]
    report = OpReport(op, tuple(trials))
    if report.failure:
        what, why = report.failure.what, report.failure.found
        raise GradientError(f"{op.name}: {what}: {why}\n\n{report}") from report.failure.cause
    return report


def _tried(what: str, trial: Callable[[Call], Any], found: list[Call]) -> Trial:
    """Make a trial of every call that it suits."""
    made, reasons = 0, []
    for call in found:
        try:
            trial(call)
        except _Unsuitable as reason:
            reasons.append(str(reason))
            continue
        except Exception as error:
            return Trial(what, "wrong", made + 1, f"{call}: {error}", error)
        made += 1
    return Trial(what, "pass", made) if made else Trial(what, "not tried", 0, reasons[0])


class _Unsuitable(Exception):
    """A trial does not apply to a call."""


def _nodes(call: Call, dtype: type = np.float64) -> list[Node]:
    """Make leaves of operands; those that no gradient reaches are constants."""
    rules = [call.op.vjps[i] for i in range(len(call.operands))]
    if call.is_scalar:
        return [
            Value(x, constant=not rule, name=f"x{i}")
            for i, (x, rule) in enumerate(zip(call.operands, rules, strict=True))
        ]
    return [
        Tensor(x.astype(dtype), constant=not rule, name=f"x{i}")
        for i, (x, rule) in enumerate(zip(call.operands, rules, strict=True))
    ]


def _slopes(order: int) -> Callable[[Call], None]:
    def trial(call: Call) -> None:
        leaves = _nodes(call)
        if all(leaf.constant for leaf in leaves):
            raise _Unsuitable("no operand has a gradient")
        check_gradients(call, *leaves, order=order)

    return trial


def _twice(call: Call) -> None:
    if len(call.operands) < 2 or len({x.shape for x in call.operands}) > 1:
        raise _Unsuitable(
            "operands of different shapes" if len(call.operands) > 1 else "one operand"
        )
    same = call.on(*[call.operands[0]] * len(call.operands))
    leaves = _nodes(same)
    if any(leaf.constant for leaf in leaves) or not tame(call.op, same.operands, call.params):
        raise _Unsuitable("outside of the domain, or without a gradient")
    check_gradients(lambda x: call(*[x] * len(leaves)), leaves[0])


def _alike(number: float) -> Callable[[Call], None]:
    def trial(call: Call) -> None:
        same = call.on(*(np.full_like(x, number) for x in call.operands))
        if not all(d.low + MARGIN < number < d.high - MARGIN for d in call.op.domain):
            raise _Unsuitable("outside of the domain")
        try:
            is_there = np.isfinite(np.asarray(same(*same.operands))).all()
        except AutogradError:
            is_there = False
        if not is_there:
            raise _Unsuitable("outside of the domain")
        _slopes(1)(same)

    return trial


def _empty(call: Call) -> None:
    if not call.op.elementwise or call.is_scalar:
        raise _Unsuitable("not a function of single elements")
    leaves = _nodes(call.on(*(x[..., :0] for x in call.operands)))
    y = call(*leaves)
    for leaf, slope in zip(leaves, _gradients(y, leaves), strict=True):
        if slope is not None and slope.data.shape != leaf.data.shape:
            raise ValueError(f"the slope by {leaf.data.shape} has shape {slope.data.shape}")


def _laid_out_otherwise(call: Call) -> None:
    if call.is_scalar:
        raise _Unsuitable("no arrays")
    plain = _with_slopes(call, call.operands)
    for other in (_every_second, np.asfortranarray, _locked):
        _compare(plain, _with_slopes(call, [other(x) for x in call.operands]), _ULPS)


def _every_second(x: Any) -> Any:
    wide = np.full((*x.shape[:-1], 2 * x.shape[-1]) if x.ndim else (), np.nan)
    if not x.ndim:
        return x
    wide[..., ::2] = x
    return wide[..., ::2]


def _locked(x: Any) -> Any:
    locked = x.copy()
    locked.flags.writeable = False
    return locked


def _single(call: Call) -> None:
    if call.is_scalar:
        raise _Unsuitable("no arrays")
    leaves = _nodes(call, np.float32)
    results = [call(*leaves)]
    results += [x for x in _gradients(results[0], leaves) if x is not None]
    for x in results:
        if x.data.dtype != np.float32:
            raise ValueError(f"of float32 it makes {x.data.dtype}")
    numbers = [x.data.astype(float) for x in results]
    _compare(_with_slopes(call, call.operands), numbers, _SINGLE)


def _floats(call: Call) -> None:
    if not call.is_scalar:
        raise _Unsuitable("a function of arrays")
    y = call.op.scalar(*map(float, call.operands), **call.params)
    _compare([np.asarray(call.op.forward(*call.operands, **call.params))], [np.asarray(y)], _ULPS)


def _arrays(call: Call) -> None:
    if call.op.arity is None:
        raise _Unsuitable("a list of operands")
    _compare([np.asarray(call(*_nodes(call)).data)], [np.asarray(call(*call.operands))], _ULPS)


def _symbols(call: Call) -> None:
    if isinstance(call.op.vjps, Each):
        raise _Unsuitable("a list of operands")
    names = [Symbol(f"x{i}") for i in range(len(call.operands))]
    str(call(*names))
    for i, vjp in enumerate(call.op.vjps):
        if vjp:
            str(rule(call.op, i))


def _in(run: Callable[..., Any], only_scalar: bool) -> Callable[[Call], None]:
    def trial(call: Call) -> None:
        if only_scalar and not call.is_scalar:
            raise _Unsuitable("a function of arrays")
        leaves = _nodes(call)
        y = call(*leaves)
        outputs = [y, *(x for x in _gradients(y, leaves) if x is not None and x is not y)]
        try:
            found = run(outputs, leaves)
        except (ImportError, FileNotFoundError) as error:
            raise _Unsuitable(str(error)) from error
        _compare([np.asarray(x.data) for x in outputs], [np.asarray(x) for x in found], _ULPS)

    return trial


def _gradients(y: Any, leaves: Sequence[Node]) -> Iterator[Any]:
    """Give the slopes of the sum of a result, None for constants."""
    wanted = [leaf for leaf in leaves if not leaf.constant]
    one = y if isinstance(y, Value) else _weighted_sum(y)
    found = iter(gradients(one, wanted) if wanted and not y.constant else ())
    return (None if leaf.constant or y.constant else next(found) for leaf in leaves)


def _weighted_sum(y: Any) -> Any:
    """Add up a result, each element with a weight of its own: so no slope is 0 by symmetry."""
    return total(y * np.cos(np.arange(y.data.size)).reshape(y.data.shape).astype(y.data.dtype))


def _with_slopes(call: Call, operands: Iterable[Any]) -> list[Any]:
    leaves = _nodes(call.on(*operands))
    y = call(*leaves)
    slopes = [x.data for x in _gradients(y, leaves) if x is not None]
    return [np.asarray(x) for x in (y.data, *slopes)]


def _compare(expected: Sequence[Any], found: Sequence[Any], limit: float) -> None:
    for i, (x, y) in enumerate(zip(expected, found, strict=True)):
        what = "the value" if i == 0 else f"slope {i}"
        if np.shape(x) != np.shape(y):
            raise ValueError(f"{what} has shape {np.shape(y)} instead of {np.shape(x)}")
        scale = max(1e-300, float(np.abs(x).max(initial=0.0)))
        off = np.abs(x - y).max(initial=0.0)
        if not off <= limit * scale:
            raise ValueError(f"{what} is off by {off:.0e}, of {scale:.3g}")


def _trials() -> dict[str, Callable[[Call], None]]:
    from .other_languages import LANGUAGES  # here, for tapes take as long to load as all the rest

    others = {name: _in(run, only_scalar) for name, (run, only_scalar) in LANGUAGES.items()}
    return {**_HERE, **others}


_HERE: dict[str, Callable[[Call], None]] = {
    "first derivative": _slopes(1),
    "second derivative": _slopes(2),
    "one operand in all places": _twice,
    "numbers that tie": _alike(0.75),
    "zeros": _alike(0.0),
    "empty arrays": _empty,
    "other orders in memory": _laid_out_otherwise,
    "float32": _single,
    "floats": _floats,
    "arrays": _arrays,
    "symbols": _symbols,
}
