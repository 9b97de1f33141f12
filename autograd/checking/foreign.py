"""Functions of other libraries, so that what those say about their slopes can be checked."""

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from .reference import Array
from .subject import Fill, Opaque, parts, real, weights

Number = Callable[[Sequence[Any]], Any]  # a number of arrays, in a library's arithmetic
Slopes = Callable[[Sequence[Any]], list[Any]]


class Library(Protocol):
    """What has to be known of a library: its arrays, and how it differentiates a number.

    Attributes
    ----------
    kind : type
        The class of its arrays.
    highest : int
        Up to which order it differentiates.
    """

    kind: Any
    highest: int

    def active(self) -> AbstractContextManager[Any]:
        """Prepare for its functions to run."""

    def lift(self, x: Array) -> Any:
        """Make an array its own; by that, derivatives are asked for."""

    def lower(self, y: Any) -> Any:
        """Make an array of its own one of NumPy."""

    def grad(self, f: Number) -> Slopes:
        """Differentiate in reverse mode."""

    def jvp(self, f: Number, xs: Sequence[Any], away: Sequence[Any]) -> Any:
        """Differentiate in forward mode, along a direction."""


@dataclass(frozen=True)
class Foreign:
    """A function of another library, for `check_gradients`."""

    f: Callable[..., Any]
    library: Library


def from_torch(f: Callable[..., Any]) -> Foreign:
    """Wrap a function of PyTorch, so that its gradients can be checked.

    Parameters
    ----------
    f : callable
        A function of torch's tensors, positional or by keyword, in lists, tuples or dicts, that
        returns tensors of any shape, in lists, tuples or dicts.

    Returns
    -------
    Foreign
        What `check_gradients`, and the fixture of that name, take in the place of a function.

    Raises
    ------
    ImportError
        If torch is not installed.

    Notes
    -----
    Its vjp is checked, with two random covectors, and its jvp where it has one, up to the third
    derivative. Inputs may be numbers, arrays of NumPy or tensors; whole numbers in tensors, and
    what is no number, are handed over as they are. For the parameters of a module, check
    ``lambda p, x: torch.func.functional_call(module, p, x)`` at
    ``dict(module.double().named_parameters())`` and ``x``.

    Examples
    --------
    >>> import torch  # doctest: +SKIP
    >>> from autograd import check_gradients, from_torch
    >>> check_gradients(from_torch(torch.nn.functional.gelu), [0.5, -1.0])  # doctest: +SKIP
    """
    return Foreign(f, _Torch())


def from_jax(f: Callable[..., Any]) -> Foreign:
    """Wrap a function of JAX, so that its gradients can be checked.

    Parameters
    ----------
    f : callable
        A function of JAX's arrays; for all else, see `from_torch`. Arrays are double precision
        while it runs, whatever ``jax_enable_x64`` says.

    Returns
    -------
    Foreign
        What `check_gradients` takes in the place of a function.

    Raises
    ------
    ImportError
        If jax is not installed.

    Examples
    --------
    >>> import jax  # doctest: +SKIP
    >>> from autograd import check_gradients, from_jax
    >>> check_gradients(from_jax(jax.nn.silu), [0.5, -1.0], order=2)  # doctest: +SKIP
    """
    return Foreign(f, _Jax())


def from_hips(f: Callable[..., Any]) -> Foreign:
    """Wrap a function written with HIPS' autograd, so that its gradients can be checked.

    Parameters
    ----------
    f : callable
        A function that imports what it needs of HIPS' package, or a module that does, when it is
        called; for all else, see `from_torch`.

    Returns
    -------
    Foreign
        What `check_gradients` takes in the place of a function.

    Raises
    ------
    ImportError
        If HIPS' package is nowhere on ``sys.path``.

    Notes
    -----
    That package is called ``autograd``, too. Install it into a folder of its own,
    ``pip install --target hips autograd``, and append that to ``sys.path``. While `f` runs,
    and only then, ``import autograd`` means HIPS': no other thread may import meanwhile.

    Examples
    --------
    >>> import sys
    >>> from autograd import check_gradients, from_hips
    >>> def loss(x):
    ...     import autograd.numpy as np  # or a module that does: from losses import loss
    ...
    ...     return np.sum(np.sin(x) ** 2)
    >>> sys.path.append("hips")  # doctest: +SKIP
    >>> check_gradients(from_hips(loss), [0.5, -1.0], order=2)  # doctest: +SKIP
    """
    return Foreign(f, _Hips())


def from_mygrad(f: Callable[..., Any]) -> Foreign:
    """Wrap a function of MyGrad, so that its gradients can be checked.

    Parameters
    ----------
    f : callable
        A function of MyGrad's tensors; for all else, see `from_torch`. MyGrad has first derivatives
        only, and no jvp.

    Returns
    -------
    Foreign
        What `check_gradients` takes in the place of a function.

    Raises
    ------
    ImportError
        If mygrad is not installed.

    Examples
    --------
    >>> import mygrad  # doctest: +SKIP
    >>> from autograd import check_gradients, from_mygrad
    >>> check_gradients(from_mygrad(mygrad.sinc), [0.5, -1.0])  # doctest: +SKIP
    """
    return Foreign(f, _MyGrad())


class ForeignSubject(Opaque):
    """A function of another library, and the slopes that this library finds."""

    seeds = (1.0, -3.0)

    def __init__(
        self, foreign: Foreign, inputs: Sequence[Any], keywords: Mapping[str, Any]
    ) -> None:
        self._library = foreign.library
        super().__init__(foreign.f, inputs, keywords)

    def compute(self, points: Sequence[Array], order: int) -> float:
        with self._library.active():
            found = self._number(order)(self._lifted(points))
            number = real("check_gradients: the function gave", self._library.lower(found))
        return float(number.item())

    def claimed(self, points: Sequence[Array], order: int, seed: float) -> list[Array]:
        number = self._number(order)
        with self._library.active():
            slopes = self._library.grad(lambda xs: number(xs) * seed)(self._lifted(points))
            return [np.array(self._library.lower(g), float) / seed for g in slopes]

    def pushed(self, points: Sequence[Array], order: int, away: Sequence[Array]) -> float | None:
        with self._library.active():
            try:
                lifted = self._lifted(points), self._lifted(away)
                return float(self._library.lower(self._library.jvp(self._number(order), *lifted)))
            except (NotImplementedError, TypeError) as error:
                if "jvp" in str(error).lower() or "forward AD" in str(error):
                    return None  # it has none
                raise

    def _number(self, order: int) -> Number:
        """Make one number of all that the function gives, or of all of its derivatives."""
        number: Number = lambda xs: self._weighed(self._call(xs), 1)  # noqa: E731
        for k in range(2, order + 1):
            number = partial(self._slopes_weighed, self._library.grad(number), k)
        return number

    def _slopes_weighed(self, slopes: Slopes, order: int, xs: Sequence[Any]) -> Any:
        return self._weighed(slopes(xs), order)

    def _weighed(self, output: Any, order: int) -> Any:
        found = list(parts(output))
        total: Any = 0.0
        for y, w in zip(
            found, weights([getattr(y, "shape", ()) for y in found], order), strict=True
        ):
            total = total + (y * self._library.lift(w)).sum()
        return total

    def _lifted(self, points: Sequence[Array]) -> list[Any]:
        return [self._library.lift(x.copy()) for x in points]

    def _place(self, x: Any, name: str) -> Fill:
        """Find the leaves in an argument; arrays of whole numbers are none."""
        if isinstance(x, self._library.kind | np.ndarray):
            held = self._library.lower(x)
            if held.dtype.kind != "f":
                return lambda _: x
            x = held
        return super()._place(x, name)

    def _has_parts(self, x: Any) -> bool:
        return isinstance(x, list | tuple) and not _is_of_numbers(x)


def _is_of_numbers(x: Any) -> bool:
    """Whether they are plain numbers, in lists, which make one array."""
    if isinstance(x, list | tuple):
        return all(map(_is_of_numbers, x))
    return isinstance(x, int | float)


class _Torch:
    highest = 3

    def __init__(self) -> None:
        with _said("from_torch", "torch"):
            import torch
        self._torch = torch
        self.kind = torch.Tensor

    active = staticmethod(nullcontext)

    def lift(self, x: Array) -> Any:
        return self._torch.tensor(x, requires_grad=True)

    def lower(self, y: Any) -> Any:
        return y.detach().cpu().numpy() if isinstance(y, self._torch.Tensor) else y

    def grad(self, f: Number) -> Slopes:
        def slopes(xs: Sequence[Any]) -> list[Any]:
            y = f(xs)
            if not getattr(y, "requires_grad", False):
                return [self._torch.zeros_like(x) for x in xs]
            found = self._torch.autograd.grad(y, xs, create_graph=True, materialize_grads=True)
            return list(found)

        return slopes

    def jvp(self, f: Number, xs: Sequence[Any], away: Sequence[Any]) -> Any:
        from torch.autograd import forward_ad

        with warnings.catch_warnings(), forward_ad.dual_level():
            warnings.filterwarnings("ignore", "`torch.jit.script` is deprecated")  # torch uses it
            y = f([forward_ad.make_dual(*pair) for pair in zip(xs, away, strict=True)])
            tangent = forward_ad.unpack_dual(y).tangent
            return 0.0 if tangent is None else tangent


class _Jax:
    highest = 3

    def __init__(self) -> None:
        with _said("from_jax", "jax"):
            import jax
        self._jax = jax
        self.kind = jax.Array

    def active(self) -> AbstractContextManager[Any]:
        return self._jax.enable_x64(True)  # type: ignore[no-any-return]

    def lift(self, x: Array) -> Any:
        return self._jax.numpy.asarray(x)

    lower = staticmethod(np.asarray)

    def grad(self, f: Number) -> Slopes:
        return self._jax.grad(f)  # type: ignore[no-any-return]

    def jvp(self, f: Number, xs: Sequence[Any], away: Sequence[Any]) -> Any:
        return self._jax.jvp(f, (xs,), (away,))[1]


class _Hips:
    highest = 3
    kind = np.ndarray

    def __init__(self) -> None:
        if not _theirs:
            _load_hips()
        self._autograd: Any = _theirs["autograd"]

    @contextmanager
    def active(self) -> Iterator[None]:
        with _renamed(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Output seems independent")
            yield

    lift = staticmethod(np.asarray)
    lower = staticmethod(np.asarray)

    def grad(self, f: Number) -> Slopes:
        def slopes(xs: Sequence[Any]) -> list[Any]:
            found = self._autograd.grad(f)(xs)
            return [found[i] for i in range(len(xs))]  # it may be a box around a list

        return slopes

    def jvp(self, f: Number, xs: Sequence[Any], away: Sequence[Any]) -> Any:
        return self._autograd.make_jvp(f)(xs)(away)[1]


class _MyGrad:
    highest = 1

    def __init__(self) -> None:
        with _said("from_mygrad", "mygrad"):
            import mygrad
        self._mygrad = mygrad
        self.kind = mygrad.Tensor

    active = staticmethod(nullcontext)

    def lift(self, x: Array) -> Any:
        return self._mygrad.tensor(x)

    lower = staticmethod(np.asarray)

    def grad(self, f: Number) -> Slopes:
        def slopes(xs: Sequence[Any]) -> list[Any]:
            y = f(xs)
            if isinstance(y, self._mygrad.Tensor):
                y.backward()
            return [np.zeros(x.shape) if x.grad is None else x.grad for x in xs]

        return slopes

    def jvp(self, f: Number, xs: Sequence[Any], away: Sequence[Any]) -> Any:
        raise NotImplementedError("MyGrad has no jvp.")


@contextmanager
def _said(call: str, package: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise ImportError(f"{call} needs {package}: pip install {package}") from None


_theirs: dict[str, ModuleType] = {}  # the modules of HIPS' package, while ours have their names


def _load_hips() -> None:
    for folder in sys.path:
        place = Path(folder, "autograd")
        if (place / "tracer.py").is_file():
            break
    else:
        raise ImportError(
            "from_hips needs HIPS' autograd: pip install --target hips autograd, and append the "
            "folder hips to sys.path"
        )
    spec = spec_from_file_location("autograd", place / "__init__.py")
    assert spec
    assert spec.loader
    with _renamed():
        sys.modules["autograd"] = package = module_from_spec(spec)
        spec.loader.exec_module(package)


@contextmanager
def _renamed() -> Iterator[None]:
    """Let ``autograd`` mean HIPS' package."""
    ours = _taken()
    sys.modules.update(_theirs)
    try:
        yield
    finally:
        _theirs.update(_taken())
        sys.modules.update(ours)


def _taken() -> dict[str, ModuleType]:
    """Take away what goes by our name."""
    names = [name for name in sys.modules if name.partition(".")[0] == "autograd"]
    return {name: sys.modules.pop(name) for name in names}
