"""Writes a recorded program as a module of JavaScript."""

from collections.abc import Iterator, Sequence

from ..program import Code
from .dialects import JAVASCRIPT
from .scalar_program import (
    Line,
    Read,
    contents,
    count,
    held,
    paragraphs,
    remark,
    translate,
    words,
)

# A long function is interpreted for good: to V8's compiler 4,000 lines are too many, and those of
# parts of 1,000 run 10 to 40 times as fast. Names are faster than places in one array.
_LONGEST = 1000
_TEXT = """\
/* A program recorded by stepgrad, for one sample at a time: {outputs} of
 *
{contents}
 *
 * It fills outputs, which has to be another array than inputs and params, and returns it. Where
 * Python would raise an error, as for log(-1), results are NaN or Infinity.
 */

{parts}"""
_PARAMS = """\
/* What the parameters held when this was written. */
export const programParams = new Float64Array([
{numbers}
]);
"""
_KEPT = """\
/* What one part computes and others read. */
const _kept = new Float64Array({count});
"""


def to_javascript(code: Code) -> str:
    """Write a program of Values as an ES module.

    Raises
    ------
    GraphError
        If the program is one of arrays, or an op of it cannot be written in JavaScript.
    """
    definitions, reads, lines, outputs = translate(code, JAVASCRIPT, "to_javascript")
    parts = [f"{text}\n" for text in definitions]
    if code.leaves:
        parts.insert(0, _PARAMS.format(numbers=held(code, JAVASCRIPT)))
    statements = [*lines, *outputs]
    pieces = [statements[k : k + _LONGEST] for k in range(0, len(statements), _LONGEST)]
    kept = _kept(pieces)
    bodies = [_body(reads, piece, kept) for piece in pieces]
    if len(bodies) > 1:
        parts.append(_KEPT.format(count=len(kept)))
        names = [f"_part{k}" for k in range(1, len(bodies) + 1)]
        parts += map(_function, names, bodies)
        bodies = ["\n".join(f"    {name}(inputs, params, outputs);" for name in names)]
    whole = _function("program", f"{bodies[0]}\n    return outputs;")
    parts.append(f"export {whole}")
    return _TEXT.format(
        outputs=count(len(code.outputs), "output"), contents=contents(code), parts="\n".join(parts)
    )


def _kept(pieces: Sequence[Sequence[Line]]) -> dict[str, str]:
    """Find a place for each result that a later piece reads."""
    seen: set[str] = set()
    kept: dict[str, str] = {}
    for piece in pieces:
        for word in _used(piece):
            if word in seen:
                kept.setdefault(word, f"_kept[{len(kept)}]")
        seen.update(line.word for line in piece)
    return kept


def _used(piece: Sequence[Line]) -> Iterator[str]:
    return (word for line in piece for word in words(line.formula))


def _body(reads: Sequence[Read], piece: Sequence[Line], kept: dict[str, str]) -> str:
    """Write statements, after those that read what they need."""
    own, used = {line.word for line in piece}, dict.fromkeys(_used(piece))
    results = [Read(word, kept[word], word) for word in used if word in kept and word not in own]
    needed = [*(read for read in reads if read.word in used), *results]
    return paragraphs(
        [f"    const {x.word} = {x.source};{remark(x)}" for x in needed],
        [_result(line, kept) for line in piece if line.word[-1] != "]"],
        [f"    {place} = {formula};" for place, formula in piece if place[-1] == "]"],
    )


def _result(line: Line, kept: dict[str, str]) -> str:
    place = f"{kept[line.word]} = " if line.word in kept else ""
    return f"    const {line.word} = {place}{line.formula};"


def _function(name: str, body: str) -> str:
    return f"function {name}(inputs, params, outputs) {{\n{body}\n}}\n"
