"""Writes the moments of a computation, forward and then backward, as one room shows them."""

from typing import Any

import numpy as np

from autograd import GraphError
from autograd.formulas import Formula, Symbol, written

from .arrays import Line, Numbers, is_small, line_said, line_text, piece, said, summary
from .borders import by_box, listed, received, sums
from .equations import explained, joined, summed
from .frame import Frame
from .notation import told
from .notes import notes_on_flows, notes_on_slope, notes_on_values
from .passes import Flow, Pass
from .rooms import Part, Room
from .typeset import Derivative

MOST = 50_000  # frames; writing their formulas takes seconds, and nobody looks at so many
_RESULTS = 20  # gradients that the last frame lists
_NAMED = 3  # receivers that a title lists


def frames(run: Pass, room: Room, phase: str = "both") -> list[Frame]:
    """Show each moment of a computation and its backward pass in one room.

    Parameters
    ----------
    run : Pass
    room : Room
    phase : {'both', 'backward'}
        Whether to begin with the forward computation, or when it is done.

    Returns
    -------
    list of Frame
        One for each box that is computed, the seed, one for each edge that an adjoint flows along
        (of a box of many nodes one for all), and the result.

    Raises
    ------
    GraphError
        If there would be more than 50000 frames.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.moments.rooms import outermost
    >>> x = Value(3.0, name="x")
    >>> run = Pass(x * x + 1, {})
    >>> for frame in frames(run, outermost(run.notation)):
    ...     print(frame.text)
    v₁   v₁ = x·x = 3·3 = 9
    v₂   v₂ = v₁ + 1 = 9 + 1 = 10
    Start   ∂v₂/∂v₂ = 1   grad of v₂: 1
    v₂ → v₁   ∂v₂/∂v₁ = 1   1 × 1 = 1   grad of v₁: 1
    v₁ → x   ∂v₁/∂x = x = 3   3 × 1 = 3   grad of x: 3
    v₁ → x   ∂v₁/∂x = x = 3   3 × 1 = 3   grad of x: 3 + 3 = 6
    Result   ∂v₂/∂x = 6
    """
    return _Writer(run, room).all(phase)


class _Writer:
    """Writes the frames of one room, one after the other."""

    def __init__(self, run: Pass, room: Room) -> None:
        run = run.within(room)
        self._run, self._room, self._notation = run, room, run.notation
        self._labels = run.notation.labels
        self._shown: list[Frame] = []
        self._computed = [
            part for part in room.parts if any(run.graph.nodes[i].op for i in part.nodes)
        ]
        self._flows = {part: self._from(part) for part in reversed(self._computed)}
        self._receivers = self._found_receivers()
        seeds = [(i, run.adjoints[i]) for i in self._receivers]
        told = [(flow.target, flow.total) for each in self._flows.values() for flow in each]
        self._history = (*seeds, *told)
        self._past = 0

    def _from(self, part: Part) -> list[Flow]:
        nodes, found = self._run.graph.nodes, self._run.flow_of
        edges = ((i, k) for i in reversed(part.nodes) for k in range(len(nodes[i].inputs)))
        return [found[edge] for edge in edges if edge in found]

    def all(self, phase: str) -> list[Frame]:
        count = len(self._computed)
        count += sum(
            len(flows) if len(part.nodes) == 1 else 1 for part, flows in self._flows.items()
        )
        if count > MOST:
            raise GraphError(
                f"step: the pass has {count} frames, more than {MOST}. "
                "Fold with detail='auto', step through a node nearer to the leaves, or loop over "
                "backprop(output), which has no limit."
            )
        if phase == "both" and self._computed:
            for part in self._computed:
                self._computes(part)
        else:
            self._computes(self._room.parts[-1], "Forward")
        self._start()
        for part, flows in self._flows.items():
            self._passes(part, flows)
        self._result()
        return self._shown

    def _found_receivers(self) -> list[int]:
        """List what adjoints come into the room by: the output, or what is used outside of it."""
        outer = self._room.outer
        if outer is None:
            return [self._run.graph.output]
        (own,) = (part for part in outer.parts if part.room is self._room)
        return [i for i in own.outputs if i in self._run.adjoints]

    def _show(self, phase: str, title: str, *rule: Formula, **facts: Any) -> None:
        usual: dict[str, Any] = dict.fromkeys(("nodes", "flows", "targets"), ())
        usual |= {"sentence": "", "passed": None}
        lines: tuple[Line, Line] = facts.pop("numbers", ()), facts.pop("total", ())
        usual |= {"numbers": line_text(lines[0]), "total": line_text(lines[1]), "lines": lines}
        self._shown.append(
            Frame(
                index=len(self._shown),
                graph=self._run.graph,
                phase=phase,
                title=title,
                rule=rule,
                history=self._history,
                past=self._past,
                **usual | facts,
            )
        )

    def _computes(self, part: Part, title: str = "") -> None:
        nodes, inside = self._run.graph.nodes, set(part.nodes)
        flows = tuple(
            (i, k)
            for i in part.nodes
            for k, x in enumerate(nodes[i].inputs)
            if x not in inside and not self._notation.is_literal(x)
        )
        notes = notes_on_values(self._run, part.nodes)
        lit = {"nodes": part.nodes, "flows": flows, "notes": notes}
        if len(part.nodes) > 1:
            found = listed(self._labels, {i: nodes[i].data for i in part.outputs}, part.title)
            used = sorted({nodes[i].inputs[k] for i, k in flows})
            came = by_box(self._run, self._room, {x: nodes[x].data for x in used})
            self._show(
                "forward",
                title or part.title,
                numbers=("in ", *came) if came else (),
                total=found,
                sentence=f"{part.title} gives {line_said(found).removeprefix(f'{part.title}: ')}.",
                **lit,
            )
            return
        (i,) = part.nodes
        label, data = self._labels[i], nodes[i].data
        computed = [self._notation.formula(i)] if nodes[i].op else []
        known = [x.data for x in map(nodes.__getitem__, nodes[i].inputs)]
        if computed and not title and all(map(is_small, known)):
            computed.append(self._notation.formula(i, self._notation.numbers))
        value = [Numbers(data) if np.ndim(data) else self._notation.value(i)] * is_small(data)
        numbers: Line = ()
        if computed and not title and any(map(np.ndim, [data, *known])):
            shapes = self._notation.formula(i, self._notation.shape)
            numbers = (f"{written(shapes)} → {np.shape(data)}",)
        done = f"The forward computation gave {label} = {said(data)}."
        self._show(
            "forward",
            title or label,
            *(Symbol(label), *computed, *value),
            numbers=numbers,
            total=() if value else (f"{label}: {summary(data)}",),
            sentence=done if title else f"{label} is {said(data)}.",
            **lit,
        )

    def _start(self) -> None:
        last, output = self._labels[self._run.graph.output], self._run.graph.output
        receivers = self._receivers
        self._past = len(receivers)
        if receivers == [output]:
            self._show(
                "start",
                "Start",
                Derivative(last, last),
                1.0,
                targets=(output,),
                total=(f"grad of {last}: 1",),
                sentence=f"The backward pass starts: {last} changes as fast as itself.",
            )
        else:
            came = listed(
                self._labels, {i: self._run.adjoints[i] for i in receivers}, self._room.title
            )
            self._show(
                "start",
                "Start",
                targets=tuple(receivers),
                total=("grad of ", *came) if receivers else ("nothing comes in",),
                sentence=f"What comes into {self._room.title}: {line_said(came) or 'nothing'}.",
            )

    def _passes(self, part: Part, flows: list[Flow]) -> None:
        inside = set(part.nodes)
        if len(part.nodes) == 1:
            for flow in flows:
                self._past += 1
                self._flow(flow)
            return
        self._past += len(flows)
        leaving = [x for x in flows if x.target not in inside]
        if not flows:
            return
        adjoints = self._run.adjoints
        came = received(self._run, self._room, part)
        part_of = self._room.part_of
        sent: dict[Part, dict[int, list[Flow]]] = {}
        for flow in leaving:
            sent.setdefault(part_of[flow.target], {}).setdefault(flow.target, []).append(flow)
        leaves = sorted({x.target for x in flows if x.target in inside and self._is_leaf(x.target)})
        lines = [sums(self._labels, other, each) for other, each in sent.items()]
        if leaves:
            lines.append(listed(self._labels, {i: adjoints[i] for i in leaves}, "parameters"))
        sends = joined(lines, "; ")
        to = [other.title for other in sent] or ["its parameters"]
        more = f" and {len(to) - _NAMED} more" if len(to) > _NAMED else ""
        self._show(
            "backward",
            f"{part.title} → {', '.join(to[:_NAMED])}{more}",
            nodes=part.nodes,
            flows=tuple((x.node, x.operand) for x in leaving),
            targets=tuple(i for each in sent.values() for i in each) or tuple(leaves),
            numbers=("grad of ", *came),
            total=("grad of ", *sends),
            notes=notes_on_flows(self._run, flows),
            sentence=f"{part.title} receives {line_said(came)} and passes on {line_said(sends)}.",
        )

    def _is_leaf(self, i: int) -> bool:
        return self._run.graph.nodes[i].op is None

    def _flow(self, flow: Flow) -> None:
        node, by = self._labels[flow.node], self._labels[flow.target]
        rule, numbers, why = explained(self._notation, flow)
        self._show(
            "backward",
            f"{node} → {by}",
            *rule,
            nodes=(flow.node,),
            flows=((flow.node, flow.operand),),
            targets=(flow.target,),
            numbers=numbers,
            total=(f"grad of {by}: ", *summed(flow.before, flow.passed, flow.total)),
            passed=flow.passed,
            notes=(*notes_on_slope(self._run, flow), *notes_on_flows(self._run, [flow])),
            sentence=f"{node} passes {said(flow.passed)} to {by}{why}.",
        )

    def _result(self) -> None:
        """End with the gradients of all leaves that this room has a part in."""
        last = self._labels[self._run.graph.output]
        found = dict(self._history)
        leaves = [i for i in found if self._is_leaf(i)]
        lines: list[Line] = []
        for part in [*self._room.around, *self._room.parts]:
            own = [i for i in part.nodes if i in found and self._is_leaf(i)]
            if len(part.nodes) == 1:
                lines += [self._gradient(last, i, found[i]) for i in own]
            elif own:
                lines.append((f"{part.title}: {told([found[i] for i in own])}",))
        more = (f" and {len(lines) - _RESULTS} more",) * (len(lines) > _RESULTS)
        result = (*joined(lines[:_RESULTS], ", "), *more)
        count = "1 gradient" if len(leaves) == 1 else f"{len(leaves)} gradients"
        self._show("result", "Result", total=result, sentence=f"The pass is complete: {count}.")

    def _gradient(self, last: str, i: int, grad: Any) -> Line:
        equals = " = " if is_small(grad) else ": "
        return (f"∂{last}/∂{self._labels[i]}", equals, piece(grad))
