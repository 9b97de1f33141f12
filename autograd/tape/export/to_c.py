"""Writes a recorded program as a function of C."""

from ..program import Code
from .dialects import C
from .scalar_program import contents, count, held, paragraphs, remark, translate

_TEXT = """\
/* A program recorded by stepgrad, for one sample at a time: {outputs} of
 *
{contents}
 *
 * Compile it with cc -O3 -std=c99 -c, and link with -lm. Where Python would raise an error, as for
 * log(-1), results are nan or inf.
 */

#include <math.h>
{parts}
void program(const double *inputs, const double *params, double *outputs)
{{
{body}
}}
"""
_PARAMS = """\
/* What the parameters held when this was written. */
const double program_params[{count}] = {{
{numbers}
}};
"""


def to_c(code: Code) -> str:
    """Write a program of Values as C99.

    Raises
    ------
    GraphError
        If the program is one of arrays, or an op of it cannot be written in C.
    """
    definitions, reads, lines, outputs = translate(code, C, "to_c")
    places = {read.source.partition("[")[0] for read in reads}
    body = paragraphs(
        [f"    (void){name};" for name in ("inputs", "params") if name not in places],
        [f"    {C.constant} {x.word} = {x.source};{remark(x)}" for x in reads],
        [f"    {C.constant} {word} = {formula};" for word, formula in lines],
        [f"    {place} = {formula};" for place, formula in outputs],
    )
    parts = [f"{text}\n" for text in definitions]
    if code.leaves:
        parts.insert(0, _PARAMS.format(count=len(code.leaves), numbers=held(code, C)))
    return _TEXT.format(
        outputs=count(len(code.outputs), "output"),
        contents=contents(code),
        parts="\n".join(["", *parts]),
        body=body,
    )
