"""Lays rooms out, several in one process, as many as there is time for."""

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

from ..moments import Room
from ..pictures import Diagram, render_all, to_dot

_AT_ONCE = 500  # boxes and edges that are laid out before it is seen whether more will fit


def laid_out(
    near: Iterable[Room], pictured: Callable[[Room], Diagram], patience: float
) -> Iterator[tuple[Room, Diagram, str]]:
    """Yield rooms with diagram and SVG: the first in any case, no more after so many seconds."""
    end = perf_counter() + patience
    some: list[tuple[Room, Diagram]] = []
    for room in near:
        some.append((room, pictured(room)))
        is_late = perf_counter() > end
        if is_late or sum(len(x.boxes) + len(x.edges) for _, x in some) > _AT_ONCE:
            yield from _together(some)
            some = []
        if is_late or perf_counter() > end:
            return
    if some:
        yield from _together(some)


def _together(some: list[tuple[Room, Diagram]]) -> Iterator[tuple[Room, Diagram, str]]:
    svgs = render_all([to_dot(shown) for _, shown in some])
    return ((*pair, svg) for pair, svg in zip(some, svgs, strict=True))
