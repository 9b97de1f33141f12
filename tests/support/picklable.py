"""One object of each class that the packages export; or why there is none."""

import warnings
from importlib import import_module
from inspect import isclass
from pathlib import Path

import numpy as np

import autograd
import nn
import viz
from autograd import OPS, Graph, Scope, Step, Tape, Tensor, Value, checking, formulas
from autograd.engine import Integers
from autograd.errors import AutogradError
from autograd.ops import Domain, Each, flat
from nn.estimators import MLPClassifier, MLPRegressor
from nn.optim import Part
from nn.preflight import Preflight
from nn.training import Data

PACKAGES = ("autograd", "nn", "viz")

NOT_KEPT = {
    "autograd.checking.Foreign": "it wraps a function of another library, to be checked at once",
    "autograd.engine.Node": "there is no node but a Value or a Tensor",
    "autograd.ops.Operand": "it has operators, and nothing that they could work on",
    "autograd.jit.Compiled": "what is read again has recorded nothing, and so is another",
    "autograd.jit.Recorded": "so does what says whether the recording is still right",
    "nn.AlexNet": "it has 60 million weights, in layers as those of LeNet5",
    "nn.Schedule": "there is none without a rule",
    "viz.Playground": "it is a page of a model and data, which are kept by themselves",
    "viz.Live": "it shows a training under way; what it showed is its History",
    "viz.moments.Formulas": "a page is made of it; what it says of one number is an Element",
    "viz.moments.Live": "it is a number that a page computes, of a stepper that is kept",
    "viz.moments.LivePass": "it records the program of a page, of a stepper that is kept",
    "viz.moments.Numbers": "it stands in formulas of steppers, from protocol 2 on",
    "viz.moments.Edge": "it says what paths lead through, and nothing is made of it",
    "viz.moments.ElementPass": "it is taken apart once, of a pass; what it gives are paths",
    "viz.moments.Ranking": "its ways may be as deep as a graph; what it gives are its paths",
    "nn.health.Examination": "it looks at a training under way; what it saw is its Health",
}


def places():
    """List the public places: a package, its folders, and of autograd and nn the files beside."""
    for package in PACKAGES:
        yield package
        for path in sorted(Path(import_module(package).__file__).parent.iterdir()):
            is_file = path.suffix == ".py" and path.stem[0] != "_" and package != "viz"
            if is_file or (path / "__init__.py").exists():
                yield f"{package}.{path.stem}"


PLACES = frozenset(places())


def exported():
    """Give all classes that the places export, by the name of the first place that does."""
    by_class = {}
    for place in sorted(PLACES - {"autograd", "autograd.pytest_plugin", "autograd.strategies"}):
        module = import_module(place)
        own = [
            name
            for name, x in vars(module).items()
            if name[0] != "_" and getattr(x, "__module__", "") == place
        ]
        for name in getattr(module, "__all__", own):
            kind = getattr(module, name)
            if isclass(kind) and kind.__module__.split(".")[0] in PACKAGES:
                by_class.setdefault(kind, f"{place}.{kind.__name__}")
    return {name: kind for kind, name in by_class.items()}


def value():
    x = Value(2.0, name="x")
    (x * x).backward()
    return x


def tensor():
    x = Tensor(np.arange(3, dtype=np.float32), name="x")
    (x * x).sum().backward()
    return x


def graph():
    x = Tensor([1.0, 2.0], name="x")
    with Scope("square"):
        y = (x[1:] * x[1:]).sum()
    y.backward()
    return Graph(y)


def tape():
    model = nn.MLP(2, [2, 1], rng=0)
    x = [Value(1.0), Value(-1.0)]
    return Tape([model(x)], inputs=x)


def report():
    return checking.check_gradients(lambda x: autograd.relu(x) * x, 0.5)


def moved(kind, params, **options):
    """Make an optimizer that remembers what it did."""
    optimizer = kind(params, **options)
    for _ in range(2):
        for p in params:
            p.grad = 0.25 if isinstance(p, Value) else np.full(p.shape, 0.25)
        optimizer.step()
    return optimizer


def optimizer(name):
    params = [Value(1.0), Value(2.0), Tensor([[1.0, 2.0]]), Tensor([3.0])]
    return moved(getattr(nn, name), params, lr=0.125)


def schedule(name, *args, **options):
    made = getattr(nn, name)(optimizer("SGD"), *args, **options)
    made.step()
    return made


def two_schedules():
    over = optimizer("SGD")
    parts = [nn.LinearLR(over, total_iters=2), nn.ExponentialLR(over, gamma=0.5)]
    return nn.SequentialLR(over, parts, milestones=[2])


def sequential():
    return nn.Sequential(
        *(nn.Conv2d(1, 2, 3, padding=1, rng=0), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Dropout(0.25, rng=1), nn.Linear(8, 3, rng=2), nn.Softmax()),
    )


def trained():
    x = np.random.default_rng(0).normal(size=(8, 2))
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=1))
    adam = nn.Adam(model.parameters())
    return nn.fit(model, (x, x[:, :1]), loss=nn.mse_loss, optimizer=adam, epochs=2, seed=0)


def estimator(kind):
    x = np.random.default_rng(0).normal(size=(12, 2))
    model = kind((3,), max_iter=2, random_state=0, optimizer=nn.SGD)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two epochs are not enough, and need not be
        return model.fit(x, x[:, 0] > 0)


def stepper():
    x, y = Value(2.0, name="x"), Value(3.0, name="y")
    return viz.step(autograd.tanh(x * y) * x, title="a step")


def paths():
    x = Value(2.0, name="x")
    return viz.why(x, of=autograd.tanh(x) * x, most=1)


def graph_diff():
    x = Value(2.0, name="x")
    before, x.data = Graph(x * x), 3.0
    return viz.diff(before, x * x)


def network():
    return viz.network(nn.MLP(2, [2, 1], rng=0), [1.0, 2.0])


CHOICES = checking.Choices((0, 0, 0), 0.5, 1, None)
SAMPLES = {
    "autograd.checking.Choices": lambda: CHOICES,
    "autograd.checking.NewOperand": lambda: checking.NewOperand(np.ones(2), True),
    "autograd.checking.Search": lambda: checking.Search(OPS["add"], CHOICES, {"x": 2.0}, {"x"}, 2),
    "autograd.checking.Instruction": lambda: checking.Instruction("mul", ("x", "x"), {}),
    "autograd.checking.Program": lambda: checking.Program(
        {"x": 3.0}, {"c": np.ones(2)}, (checking.Instruction("mul", ("x", "c"), {}),), "v0"
    ),
    "autograd.checking.Report": report,
    "autograd.checking.Trial": lambda: checking.Trial("floats", "pass", 1),
    "autograd.checking.OpReport": lambda: checking.OpReport(
        OPS["sin"], (checking.Trial("floats", "wrong", 1, "too large"),)
    ),
    "autograd.checking.Verdict": lambda: report()[0],
    "autograd.engine.Graph": graph,
    "autograd.engine.GraphNode": lambda: graph().nodes[-1],
    "autograd.engine.Integers": lambda: Integers(np.array([[1, 2], [3, 4]])),
    "autograd.engine.Scope": lambda: Scope("block"),
    "autograd.engine.Step": lambda: Step(value(), 1.0, (2.0, None)),
    "autograd.engine.Tensor": tensor,
    "autograd.engine.Value": value,
    "autograd.formulas.Symbol": lambda: 2 * formulas.Symbol("x") ** 2,
    "autograd.ops.Domain": lambda: Domain("greater than 0", low=0.0),
    "autograd.ops.Each": lambda: Each(flat),
    "autograd.ops.Op": lambda: OPS["tanh"],
    "autograd.tape.Code": lambda: tape().code,
    "autograd.tape.Line": lambda: tape().code.lines[0],
    "autograd.tape.Tape": tape,
    "nn.Activation": lambda: nn.Activation(autograd.leaky_relu, slope=0.125),
    "nn.Adagrad": lambda: optimizer("Adagrad"),
    "nn.Adam": lambda: optimizer("Adam"),
    "nn.AdamW": lambda: optimizer("AdamW"),
    "nn.Autoencoder": lambda: nn.Autoencoder([3, 2], rng=0),
    "nn.AvgPool2d": lambda: nn.AvgPool2d(2),
    "nn.BatchNorm1d": lambda: nn.BatchNorm1d(2),
    "nn.BatchNorm2d": lambda: nn.BatchNorm2d(2),
    "nn.Conv2d": lambda: nn.Conv2d(1, 2, 3, rng=0),
    "nn.CosineAnnealingLR": lambda: schedule("CosineAnnealingLR", T_max=4),
    "nn.Descent": lambda: nn.gradient_descent(lambda x: x * x, 1.0, max_steps=3),
    "nn.Dropout": lambda: nn.Dropout(0.25, rng=0),
    "nn.ELU": nn.ELU,
    "nn.ExponentialLR": lambda: schedule("ExponentialLR", gamma=0.5),
    "nn.Flatten": nn.Flatten,
    "nn.History": trained,
    "nn.Identity": nn.Identity,
    "nn.LambdaLR": lambda: schedule("LambdaLR", float),
    "nn.Layer": lambda: nn.Layer(2, 2, rng=0),
    "nn.LayerNorm": lambda: nn.LayerNorm(2),
    "nn.LeNet5": lambda: nn.LeNet5(rng=0),
    "nn.LeakyReLU": nn.LeakyReLU,
    "nn.Linear": lambda: nn.Linear(2, 3, rng=0),
    "nn.LinearLR": lambda: schedule("LinearLR"),
    "nn.MLP": lambda: nn.MLP(2, [2, 1], rng=0),
    "nn.MaxPool2d": lambda: nn.MaxPool2d(2),
    "nn.MinPool2d": lambda: nn.MinPool2d(2),
    "nn.Module": nn.Module,
    "nn.Neuron": lambda: nn.Neuron(2, rng=0),
    "nn.OneCycleLR": lambda: schedule("OneCycleLR", max_lr=1.0, total_steps=8),
    "nn.Optimizer": lambda: nn.Optimizer([Value(1.0)], lr=0.5),
    "nn.Perceptron": lambda: nn.Perceptron([1.0, -1.0]),
    "nn.RMSprop": lambda: optimizer("RMSprop"),
    "nn.ReLU": nn.ReLU,
    "nn.Rprop": lambda: optimizer("Rprop"),
    "nn.SGD": lambda: moved(nn.SGD, [Value(1.0), Tensor([1.0])], lr=0.5, momentum=0.5),
    "nn.Sequential": sequential,
    "nn.SequentialLR": two_schedules,
    "nn.Sigmoid": nn.Sigmoid,
    "nn.Softmax": nn.Softmax,
    "nn.Softplus": nn.Softplus,
    "nn.StepLR": lambda: schedule("StepLR", step_size=2),
    "nn.Tanh": nn.Tanh,
    "nn.estimators.MLPClassifier": lambda: estimator(MLPClassifier),
    "nn.estimators.MLPRegressor": lambda: estimator(MLPRegressor),
    "nn.health.Health": lambda: trained().health,
    "nn.optim.Part": lambda: Part([Value(1.0)], {"step": 1}),
    "nn.preflight.Preflight": Preflight,
    "nn.training.Data": lambda: Data(np.ones((2, 1)), np.zeros(2)),
    "viz.Diagram": lambda: stepper().picture.shown,
    "viz.Element": lambda: viz.step(tensor().sum(), names={}).element("x", 1),
    "viz.Frame": lambda: stepper()[2],
    "viz.GraphDiff": graph_diff,
    "viz.Network": network,
    "viz.Path": lambda: paths()[0],
    "viz.Paths": paths,
    "viz.Picture": lambda: stepper().picture,
    "viz.Stepper": stepper,
    "viz.moments.Change": lambda: graph_diff().changes[0],
    "viz.moments.Derivative": lambda: stepper()[-2].rule[0],
    "viz.moments.Flow": lambda: stepper()._run.flows[0],
    "viz.moments.Notation": lambda: stepper()._run.notation,
    "viz.moments.Part": lambda: stepper().room.parts[0],
    "viz.moments.Pass": lambda: stepper()._run,
    "viz.moments.Division": lambda: stepper().room.divide,
    "viz.moments.Room": lambda: stepper().room,
    "viz.moments.Table": lambda: paths().table,
    "viz.pictures.AppliedOp": lambda: network().layers[1].ops[0],
    "viz.pictures.Box": lambda: stepper().picture.shown.boxes[0],
    "viz.pictures.Edge": lambda: stepper().picture.shown.edges[0],
    "viz.pictures.Layer": lambda: network().layers[1],
} | {
    name: lambda kind=kind: kind("What was wrong. What to do.")
    for name, kind in exported().items()
    if issubclass(kind, AutogradError | Warning)
}
