"""Says before training what a loss depends on and no update would change."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node
from autograd.engine import walk

from ..module import Module, joined, parts_of

_NAMED_LIKE_A_PARAMETER = re.compile(r"(weight|bias)|[wWb](\d|_|\.|$)")
_SHOWN = 4  # of many
_LEAF = "Keep a leaf there: Tensor(numbers), whose numbers may be computed as arrays"


Results = Mapping[Node, tuple[str, str]]


def results_in(model: Module) -> Results:
    """Give paths and names of the results of ops that a model holds."""
    return {x: (path, name) for path, name, x in _parts(model, Node) if x.op is not None}


def about_untrained(
    model: Module,
    trained: Iterable[Node],
    cost: Node,
    born: int,
    results: Results,
    X: NDArray[Any],
) -> Iterator[str]:
    """Yield what is left behind by an optimizer, where it is, and what helps.

    Parameters
    ----------
    model : Module
    trained : iterable of Node
        Leaves that the optimizer holds.
    cost : Node
        A loss that was just computed.
    born : int
        What is older than this computation has a lower id.
    results : mapping from Node to (str, str)
        Those of the model, before this computation.
    X : array
        The samples of it. Leaves that hold some of their numbers are data.
    """
    yield from _about_arrays(model)
    graph = list(walk([cost], lambda x: x.inputs if x.id >= born else ()))
    yield from _about_results([x for x in graph if x.op is not None and x.id < born], results)
    known, paths = set(trained), {leaf: path for path, leaf in model.named_leaves()}
    left = [x for x in graph if x.op is None and not x.constant and x not in known]
    forgotten = [paths[x] for x in left if x in paths and x.id < born]
    if forgotten:
        others = len(known.difference(graph))
        yield (
            f"the loss depends on parameters that the optimizer does not hold: {_listed(forgotten)}"
            + f"; on {others} that it holds it does not depend" * bool(others)
            + ". They stay as they are. Make the optimizer of model.parameters(), after unfreeze() "
            "and after layers were replaced; freeze() those that are to stay."
        )
    new = [x for x in left if x.id >= born and not _is_data(x, X)]
    foreign = [x for x in left if x.id < born and x not in paths]
    if new:  # more of them have the same cause
        place = f"{new[0].scope.name}.forward" if new[0].scope else "the loss"
        yield (
            f"{place} makes {_leaf(new[0])}, which the optimizer cannot know: it is not trained. "
            "Make layers and parameters in __init__, as attributes; of data make constants, "
            "Tensor(array, constant=True)."
        )
    if foreign:
        yield (
            f"the loss depends on {_leaf(foreign[0])} that neither the model nor the optimizer "
            "holds: it stays as it is. Keep it in an attribute of the model, or make it constant; "
            "freeze() does so with all of a module."
        )


def _about_arrays(model: Module) -> Iterator[str]:
    """Yield which arrays have the name of a parameter."""
    for path, name, x in _parts(model, np.ndarray):
        if x.dtype.kind == "f" and _NAMED_LIKE_A_PARAMETER.match(name):
            yield (
                f"{path} is an array, which nothing trains or saves. {_LEAF}; Tensor(numbers, "
                "constant=True) if it is to stay."
            )


def _about_results(old: list[Node], results: Results) -> Iterator[str]:
    """Yield where results are in place of parameters; of constants, if they are called so."""
    paths = {x: results[x] for x in old if x in results}
    wrong = {x for x in old if not x.constant}
    wrong |= {x for x, (_, name) in paths.items() if _NAMED_LIKE_A_PARAMETER.match(name)}
    if wrong:
        places = _listed([path for x, (path, _) in paths.items() if x in wrong])
        yield (
            f"{places or 'the loss depends on something'}: a result of "
            f"{', '.join(sorted({x.op.name for x in wrong if x.op}))} that was computed before, "
            f"and not at each step, so that training does not change it. {_LEAF}; or compute it in "
            "forward; or detach() it."
        )


def _leaf(x: Node) -> str:
    return f"a leaf{f' {x.name!r}' if x.name else ''} of shape {np.shape(x.data)}"


def _is_data(x: Node, X: NDArray[Any]) -> bool:
    """Whether a leaf is made of samples, or of zeros, as the first state of a sequence is."""
    return bool(np.isin(x.data, [0, *X.flat]).all())


def _parts(model: Module, kind: type[Any]) -> Iterator[tuple[str, str, Any]]:
    for path, module in model.named_modules():
        for name, x in parts_of(module, kind):
            yield joined(path, name), name, x


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + f" and {len(paths) - _SHOWN} more" * (len(paths) > _SHOWN)
