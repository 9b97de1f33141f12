"""`python -m viz`: every step of a gradient in the terminal, as a page, or as a picture."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from unicodedata import normalize

from autograd import AutogradError
from autograd.texts import quoted, shown

from .expression import ExpressionError, compute, functions
from .pages import Stepper, step

_EXAMPLES = """\
examples:
  python -m viz "(x + y) * z" x=-2 y=5 z=-4
  python -m viz "sigmoid(w * x + b)" w=2 x=-1 b=0.5 --html steps.html
  python -m viz "where(x > 0, x ** 2, leaky_relu(x, slope=0.1))" x=-3 --png picture.png

constants: e, pi
ops: {ops}
"""

_SAVE: Mapping[str, Callable[[Stepper, str], Path]] = {
    "html": Stepper.save,
    "svg": lambda steps, path: steps.picture.save(path),
    "png": lambda steps, path: steps.picture.save(path),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = _parser()
    words = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_intermixed_args([_shielded(word) for word in words])
    if isinstance(sys.stdout, TextIOWrapper):  # not every terminal knows the signs of mathematics
        sys.stdout.reconfigure(errors="replace")
    try:
        files = {kind: _ending_in(kind, getattr(options, kind)) for kind in _SAVE}
        output = compute(options.expression, _numbers(options.variables))
        steps = step(output, names={}, title=f"{output.name} = {options.expression.strip()}")
        print(steps)
        for kind, path in files.items():
            if path:
                print(f"\nwrote {_SAVE[kind](steps, path)}")
    except (AutogradError, OSError) as error:
        parser.exit(2, f"viz: {error}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m viz",
        description="Compute an expression, then show every step of its gradient.",
        epilog=_EXAMPLES.format(ops=", ".join(functions())),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("expression", help="in quotes, for example '(x + y) * z'")
    parser.add_argument("variables", nargs="*", metavar="name=number", help="its variables")
    parser.add_argument("--html", metavar="FILE", help="write a page to step through")
    parser.add_argument("--svg", metavar="FILE", help="write the picture as SVG")
    parser.add_argument("--png", metavar="FILE", help="write the picture as PNG")
    return parser


def _shielded(word: str) -> str:
    """Put a space before an expression that begins with a minus: it is not an option."""
    return f" {word}" if word.startswith("-") and word != "-h" and word[1:2] != "-" else word


def _numbers(words: Sequence[str]) -> dict[str, float]:
    """Read name=number pairs."""
    numbers: dict[str, float] = {}
    for word in words:
        left, sign, number = word.partition("=")
        name = normalize("NFKC", left.strip())  # as Python's parser does: ｘ and x are one variable
        if not sign or not name.isidentifier():
            raise ExpressionError(f"{quoted(word)} is not a variable. Write it as x=1.5.")
        if name in numbers:
            raise ExpressionError(
                f"{shown(word)}: {shown(name)} is {numbers[name]:g} already. "
                "Give each variable once."
            )
        try:
            numbers[name] = float(number)
        except ValueError:
            raise ExpressionError(
                f"{shown(word)}: {quoted(number)} is not a number. Write it as {shown(name)}=1.5."
            ) from None
    return numbers


def _ending_in(kind: str, path: str | None) -> str | None:
    """Check that a file is named after what is written into it."""
    if path and not path.endswith(f".{kind}"):
        raise ExpressionError(f"--{kind} {shown(path, 200)}: the name must end in .{kind}.")
    return path


if __name__ == "__main__":
    main()
