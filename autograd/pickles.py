"""What pickles call things: by the public place that exports them, so that files may move."""

import copyreg
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec
from operator import attrgetter
from types import ModuleType
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
    "autograd.export.c_functions": "autograd.tape.export.c_functions",
    "autograd.export.c_terms": "autograd.tape.export.c_terms",
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
    "autograd.sweep": "autograd.engine.steps",
    "autograd.symbol": "autograd.formulas",
    "autograd.tensor": "autograd.engine.tensor",
    "autograd.trace": "autograd.engine.order",
    "autograd.transforms": "autograd.functional.transforms",
    "autograd.unroll": "autograd.functional.unroll",
    "autograd.value": "autograd.engine.value",
    "autograd.watch": "autograd.engine.hooks",
    "autograd.words": "autograd.ops.messages",
    "nn.activations": "nn.layers.activations",
    "nn.checkpoint": "nn.saving.checkpoint",
    "nn.conv": "nn.layers",
    "nn.estimators.reach": "nn.estimators.extrapolation",
    "nn.files": "nn.saving.safetensors_file",
    "nn.generators": "nn.saving.random_states",
    "nn.init.scaled": "nn.init.variance_scaling",
    "nn.losses.classes": "nn.losses.class_targets",
    "nn.losses.log_losses": "nn.losses.cross_entropy",
    "nn.losses.terms": "nn.losses.reduction",
    "nn.neurons": "nn.layers.neurons",
    "nn.norm": "nn.layers.normalization",
    "nn.optim.adaptive": "nn.optim",
    "nn.optim.arithmetic": "nn.optim.shared_formulas",
    "nn.optim.descent": "nn.optim.gradient_descent",
    "nn.optim.loading": "nn.optim.state_dict",
    "nn.optim.one_cycle": "nn.optim.schedules.one_cycle",
    "nn.optim.packing": "nn.saving.optimizer_state",
    "nn.optim.parts": "nn.optim.parameter_blocks",
    "nn.optim.schedule": "nn.optim.schedules.base",
    "nn.optim.schedules": "nn.optim.schedules.closed_form",
    "nn.optim.sequential": "nn.optim.schedules.sequential",
    "nn.preflight.trial": "nn.preflight.overfit",
    "nn.state": "nn.state_dict",
    "nn.storage": "nn.saving.model",
    "nn.texts": "nn.saving.json_values",
    "nn.training.evaluate": "nn.training",
    "nn.training.examination": "nn.health.monitor",
    "nn.training.health": "nn.health.findings",
    "nn.training.kinds": "nn.training.update.choose",
    "nn.training.modes": "nn.frozen_layers",
    "nn.training.on_tensors": "nn.training.update.tensors",
    "nn.training.on_values": "nn.training.update.values",
    "nn.training.run": "nn.training.loop",
    "nn.training.runner": "nn.training.update.base",
    "nn.training.symptoms": "nn.health.limits",
    "nn.training.trouble": "nn.training.error_place",
    "nn.training.units": "nn.health.dead_units",
    "nn.windows": "nn.layers.windows",
}


def publish(place: str, space: Mapping[str, Any], names: Iterable[str]) -> None:
    """Let instances of the classes that a module exports be pickled under the module's name.

    Parameters
    ----------
    place : str
        The module; it may never be renamed.
    space : mapping from str to object
        What is in it.
    names : iterable of str
        What it exports.

    Examples
    --------
    >>> import pickle, pickletools
    >>> from autograd import Value
    >>> text = pickle.dumps(Value(2.0))
    >>> b"autograd.engine" in text, b"autograd.engine.value" in text
    (True, False)
    """
    for name in names:
        if isinstance(space[name], type):
            copyreg.pickle(space[name], partial(_by_place, place, name))


def call(place: str, path: str, *args: Any) -> Any:
    """Call what a public place holds under a dotted path."""
    return attrgetter(path)(import_module(place))(*args)


def new(place: str, name: str, *args: Any) -> Any:
    """Make an empty object of a public class; its state follows."""
    kind = getattr(import_module(place), name)
    return kind.__new__(kind, *args)


def _by_place(place: str, name: str, x: Any) -> Any:
    """Reduce an object as pickle would, but name its class by a public place."""
    make, args, *rest = x.__reduce_ex__(2)
    if make is copyreg.__newobj__:  # type: ignore[attr-defined]
        return new, (place, name, *args[1:]), *rest
    if make is type(x):
        return call, (place, name, *args), *rest
    if getattr(make, "__self__", None) is type(x):
        return call, (place, f"{name}.{make.__name__}", *args), *rest
    return make, args, *rest


def find_former_places() -> None:
    """Let what was pickled by version 0.1 find the files that it names."""
    sys.meta_path.append(_FormerPlaces)


class _FormerPlaces:
    """Finds modules under their names of version 0.1."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, _FormerPlaces) if name in _FORMER else None  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        vars(module)["__getattr__"] = partial(getattr, import_module(_FORMER[spec.name]))
        return module

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Leave everything to the module as it is called now."""
