"""What pickles call things: by the public place that exports them, so that files may move."""

import copyreg
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec
from operator import attrgetter
from types import FunctionType, ModuleType
from typing import Any

# Pickles of version 0.1 name files; this is where their contents are now.
_FORMER = {
    "autograd.alike": "autograd.jit.equality",
    "autograd.arguments": "autograd.jit.arguments",
    "autograd.backprop": "autograd.engine.gradients",
    "autograd.backward": "autograd.engine.backward",
    "autograd.check": "autograd.checking.check",
    "autograd.checking.examine": "autograd.checking.compare",
    "autograd.checking.rerun": "autograd.checking.rounding",
    "autograd.checking.trial": "autograd.checking.claims",
    "autograd.code": "autograd.tape.program",
    "autograd.compile": "autograd.jit.compiled",
    "autograd.domain": "autograd.ops.op",
    "autograd.executors": "autograd.tape.executors",
    "autograd.executors.levels": "autograd.tape.executors.levels",
    "autograd.executors.lines": "autograd.tape.executors.line_by_line",
    "autograd.executors.loop": "autograd.tape.executors.numba_codegen",
    "autograd.executors.numba": "autograd.tape.executors.numba_executor",
    "autograd.executors.numpy": "autograd.tape.executors.numpy_executor",
    "autograd.executors.once": "autograd.tape.executors.batch_invariant",
    "autograd.executors.schedule": "autograd.tape.executors.schedule",
    "autograd.executors.tensors": "autograd.tape.executors.tensors",
    "autograd.explain": "autograd.engine.diagnosis",
    "autograd.exponentials": "autograd.ops.reductions",
    "autograd.export": "autograd.tape.export",
    "autograd.export.c": "autograd.tape.export.to_c",
    "autograd.export.c_functions": "autograd.tape.export.scalar_functions",
    "autograd.export.c_terms": "autograd.tape.export.terms",
    "autograd.export.foreign": "autograd.tape.export.numpy_dispatch",
    "autograd.export.handover": "autograd.tape.tape",
    "autograd.export.helpers": "autograd.tape.export.python_functions",
    "autograd.export.identifiers": "autograd.tape.export.identifiers",
    "autograd.export.in_place": "autograd.tape.export.inlining",
    "autograd.export.jax": "autograd.tape.export.to_jax",
    "autograd.export.literals": "autograd.tape.export.literals",
    "autograd.export.python": "autograd.tape.export.to_python",
    "autograd.export.source": "autograd.tape.export.source",
    "autograd.export.torch": "autograd.tape.export.to_torch",
    "autograd.export.torch_functions": "autograd.tape.export.torch_functions",
    "autograd.feed": "autograd.tape.inputs",
    "autograd.frozen": "autograd.engine.arrays",
    "autograd.graph": "autograd.engine.snapshot",
    "autograd.node": "autograd.engine.node",
    "autograd.noise": "autograd.engine.random_nodes",
    "autograd.op": "autograd.ops.op",
    "autograd.operand": "autograd.ops.operators",
    "autograd.plain": "autograd.engine.json_values",
    "autograd.products": "autograd.ops.products",
    "autograd.program": "autograd.checking.drawn_program",
    "autograd.randomness": "autograd.jit.randomness",
    "autograd.recording": "autograd.jit.recording",
    "autograd.rules": "autograd.ops.op",
    "autograd.run": "autograd.functional.call",
    "autograd.scene": "autograd.jit.restore",
    "autograd.scope": "autograd.engine.scope",
    "autograd.shapes": "autograd.ops.shapes",
    "autograd.show": "autograd.tape.listing",
    "autograd.simplify": "autograd.tape.simplify",
    "autograd.strict": "autograd.jit.branch_free",
    "autograd.sums": "autograd.ops.reductions",
    "autograd.surroundings": "autograd.jit.environment_guards",
    "autograd.sweep": "autograd.engine.steps autograd.engine.broadcasting",
    "autograd.symbol": "autograd.formulas",
    "autograd.tensor": "autograd.engine.tensor",
    "autograd.trace": "autograd.engine.order",
    "autograd.transforms": "autograd.functional.transforms",
    "autograd.unroll": "autograd.functional.unroll autograd.ops.objects",
    "autograd.value": "autograd.engine.value",
    "autograd.watch": "autograd.engine.hooks autograd.jit.branch_guards",
    "autograd.words": "autograd.ops.messages",
    "nn.activations": "nn.layers.activations",
    "nn.checkpoint": "nn.saving.checkpoint",
    "nn.conv": "nn.layers.convolution nn.layers.pooling",
    "nn.estimators.reach": "nn.estimators.extrapolation",
    "nn.files": "nn.saving.safetensors_file",
    "nn.generators": "nn.saving.random_states",
    "nn.init.scaled": "nn.init.variance_scaling",
    "nn.losses.classes": "nn.losses.class_targets",
    "nn.losses.log_losses": "nn.losses.cross_entropy",
    "nn.losses.terms": "nn.losses.reduction",
    "nn.neurons": "nn.layers.neurons",
    "nn.norm": "nn.layers.normalization",
    "nn.optim.adaptive": "nn.optim.adagrad nn.optim.rmsprop",
    "nn.optim.arithmetic": "nn.optim.shared_formulas",
    "nn.optim.descent": "nn.optim.gradient_descent",
    "nn.optim.loading": "nn.optim.state_dict",
    "nn.optim.one_cycle": "nn.optim.schedules.one_cycle",
    "nn.optim.packing": "nn.saving.optimizer_state",
    "nn.optim.parts": "nn.optim.parameter_blocks",
    "nn.optim.schedule": "nn.optim.schedules.base",
    "nn.optim.sequential": "nn.optim.schedules.sequential",
    "nn.preflight.trial": "nn.preflight.overfit",
    "nn.state": "nn.state_dict",
    "nn.storage": "nn.saving.model",
    "nn.texts": "nn.saving.json_values",
    "nn.training.evaluate": "nn.training.metrics nn.training.predict",
    "nn.training.examination": "nn.health.monitor",
    "nn.training.health": "nn.health.findings",
    "nn.training.kinds": "nn.training.update.choose nn.inspection",
    "nn.training.modes": "nn.frozen_layers",
    "nn.training.on_tensors": "nn.training.update.tensors",
    "nn.training.on_values": "nn.training.update.values",
    "nn.training.run": "nn.training.loop",
    "nn.training.runner": "nn.training.update.base",
    "nn.training.symptoms": "nn.health.limits",
    "nn.training.trouble": "nn.training.error_place",
    "nn.training.units": "nn.health.dead_units",
    "nn.windows": "nn.layers.windows",
    "viz.diagram": "viz.pictures.diagram",
    "viz.dot": "viz.pictures.dot",
    "viz.folding": "viz.moments.folding",
    "viz.frames": "viz.moments.frames",
    "viz.jupyter": "viz.shows.painters",
    "viz.notation": "viz.moments.notation",
    "viz.page": "viz.pages.page",
    "viz.picture": "viz.pictures.picture",
    "viz.render": "viz.pictures.render",
    "viz.stepper": "viz.pages.stepper",
    "viz.text": "viz.pictures.text",
    "viz.typeset": "viz.moments.typeset",
    "viz.widget": "viz.pages.widget",
}


_places: dict[Any, tuple[str, str]] = {}  # of exported classes and functions


def publish(place: str, space: Mapping[str, Any], names: Iterable[str]) -> None:
    """Let instances of the classes that a module exports be pickled under the module's name.

    So are these classes, and functions, where such an instance has one as an attribute. Instances
    of a class that a user derives name the user's class, as Python does it.

    Parameters
    ----------
    place : str
        The module; it may never be renamed.
    space : mapping from str to object
        What is in it.
    names : iterable of str
        What it exports, and inner classes that instances of the exported ones are made of; they
        may never be renamed, either.

    Examples
    --------
    >>> import pickle
    >>> from autograd import Value
    >>> text = pickle.dumps(Value(2.0))
    >>> b"autograd.engine" in text, b"autograd.engine.value" in text
    (True, False)
    """
    for name in names:
        thing = space[name]
        if isinstance(thing, type):
            copyreg.pickle(thing, partial(_by_place, place, name))
        if isinstance(thing, type | FunctionType):
            _places[thing] = place, name


def call(place: str, path: str, *args: Any) -> Any:
    """Call what a public place holds under a dotted path."""
    return _found(place, path)(*args)


def new(place: str, name: str, held: Mapping[str, tuple[str, str] | None], *args: Any) -> Any:
    """Make an object of a public class, with the public things that it holds; its state follows.

    If it holds any, all its attributes are listed, so that they come in the same order again.
    """
    kind = _found(place, name)
    made = kind.__new__(kind, *args)
    for attribute, where in held.items():
        vars(made)[attribute] = where and _found(*where)
    return made


def _found(place: str, path: str) -> Any:
    find = attrgetter(path)
    try:
        return find(sys.modules[place])  # import_module takes five times as long
    except (KeyError, AttributeError):  # another thread may be importing it: this one waits
        return find(import_module(place))


def _by_place(place: str, name: str, x: Any) -> Any:
    """Reduce an object as pickle would, but name its class by a public place."""
    reduced = x.__reduce_ex__(2)
    if isinstance(reduced, str):  # the name of something that exists once
        return reduced
    make, args, *rest = reduced
    if make is copyreg.__newobj__:  # type: ignore[attr-defined]
        state = rest[0] if rest else None
        held: dict[str, tuple[str, str] | None] = {}
        if type(state) is dict and any(map(_is_public, state.values())):
            held = {key: _places[y] if _is_public(y) else None for key, y in state.items()}
            rest[0] = {key: y for key, y in state.items() if held[key] is None}
        return new, (place, name, held, *args[1:]), *rest
    if make is type(x):
        return call, (place, name, *args), *rest
    if getattr(make, "__self__", None) is type(x):
        return call, (place, f"{name}.{make.__name__}", *args), *rest
    return make, args, *rest


def _is_public(x: Any) -> bool:
    return isinstance(x, type | FunctionType) and x in _places


def find_former_places() -> None:
    """Let what was pickled by version 0.1 find the files that it names."""
    if _FormerPlaces not in sys.meta_path:
        sys.meta_path.append(_FormerPlaces)


class _FormerPlaces:
    """Finds modules under their names of version 0.1, where there are no others of that name."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in _FORMER:
            return None
        return ModuleSpec(name, _FormerPlaces, is_package=True)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        vars(module)["__getattr__"] = _reader(module)
        return module

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Leave everything to the modules that hold it now."""


def _reader(module: ModuleType) -> Callable[[str], Any]:
    """Give the function that looks up what a former module held."""
    parent, _, last = module.__name__.rpartition(".")
    package = sys.modules[parent]
    public = getattr(package, last, None)

    def read(name: str) -> Any:
        # To import autograd.noise has put a module where users find the function of that name.
        if public is not None and vars(package).get(last) is module:
            setattr(package, last, public)
        if not name.startswith("__"):  # of the module itself, which tools ask all modules for
            for place in _FORMER[module.__name__].split():
                if hasattr(found := import_module(place), name):
                    return getattr(found, name)
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    return read
