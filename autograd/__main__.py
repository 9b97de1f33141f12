"""``python -m autograd`` says in what Values are kept; with ``check module:op`` it checks an op."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pkgutil import resolve_name

from . import __version__
from .checking import check_op
from .engine import IMPLEMENTATION
from .errors import GradientError
from .ops import Op


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and do what it says."""
    parser = ArgumentParser(prog="python -m autograd", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    check = commands.add_parser("check", help="try an op in every way in which it may be used")
    check.add_argument("op", help="where it is: module:name, such as my_ops:cube")
    given = parser.parse_args(arguments)
    if given.command is None:
        print(f"stepgrad {__version__}: Values are kept in {IMPLEMENTATION}")
        return
    try:
        print(check_op(_found(given.op)))
    except (GradientError, TypeError) as error:
        parser.exit(1, f"{error}\n")


def _found(place: str) -> Op:
    try:
        op = resolve_name(place)
    except (ImportError, AttributeError, ValueError) as error:
        raise TypeError(f"check: nothing is at {place!r}: {error}. Give module:name.") from error
    if not isinstance(op, Op):
        raise TypeError(f"check: {place} is a {type(op).__name__}. Give an Op.")
    return op


if __name__ == "__main__":
    main()
