"""Keeps files of the version at work, and what it computes from them, for all versions to come.

On the commit of a version, ``python tests/support/keep_version.py tests/data/version_0_2`` writes
them; those of 0.1 were written so, and tests/test_former_versions.py reads them.
"""

import ast
import json
import pickle
import sys
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np

import nn
import viz
from autograd import OPS, Graph, Tape, Tensor, Value, check_gradients, relu, tanh

PACKAGES = ("autograd", "nn", "viz")
X = np.array([[0.5, -1.0], [1.5, 0.25], [-2.0, 0.75], [1.0, 1.0]])
Y = X[:, :1] - X[:, 1:]
IMAGES = np.linspace(-1, 1, 32).reshape(2, 1, 4, 4)


def leaf(kind, data):
    x = kind(data, name="x")
    (x * x * np.arange(1.0, 3.0)).sum().backward() if kind is Tensor else (x * x).backward()
    return x


def two_inputs():
    x, y = Value(-2.0, name="x"), Value(0.5, name="y")
    f = tanh(x * y) * x
    f.name = "f"
    return f, [x, y]


def net():
    return nn.Sequential(nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=1))


def on_images():
    model = nn.Sequential(
        *(nn.Conv2d(1, 2, 3, padding=1, rng=0), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Dropout(0.25, rng=1), nn.Linear(8, 2, rng=2), nn.LayerNorm(2)),
    )
    model(Tensor(IMAGES))
    return model


def trained(kind=nn.Adam, **options):
    """Give a net, an optimizer that has a memory of it, and a schedule that has begun."""
    model = net()
    optimizer = kind(model.parameters(), lr=0.125, **options)
    schedule = nn.SequentialLR(
        optimizer,
        [nn.LinearLR(optimizer, total_iters=2), nn.CosineAnnealingLR(optimizer, T_max=4)],
        milestones=[2],
    )
    for _ in range(3):
        update(model, optimizer)
        schedule.step()
    return model, optimizer, schedule


def update(model, optimizer):
    model.zero_grad()
    nn.mse_loss(model(X), Y).backward()
    optimizer.step()


def fitted(path, epochs):
    """Train, or go on if there is a file; it holds the last epoch."""
    model = net()
    optimizer = nn.SGD(model.parameters(), lr=0.125, momentum=0.5)
    data = {"validation": (X[:2], Y[:2]), "batch_size": 2, "seed": 0, "checkpoint": path}
    history = nn.fit(
        model, (X, Y), loss=nn.mse_loss, optimizer=optimizer, epochs=epochs, progress=False, **data
    )
    return model, history


def classifier():
    labels = np.where(X[:, 0] > 0.75, "right", "left")
    model = nn.MLPClassifier((3,), max_iter=3, batch_size=2, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # three epochs are not enough, and need not be
        return model.fit(X, labels)


def tape():
    f, inputs = two_inputs()
    return Tape([f], inputs=inputs)


# What is pickled.
KEPT = {
    "value": lambda: leaf(Value, 3.0),
    "tensor": lambda: leaf(Tensor, [1.0, 2.0]),
    "graph": lambda: Graph(two_inputs()[0]),
    "tape": tape,
    "op": lambda: OPS["softplus"],
    "mlp": lambda: nn.MLP(2, [3, 1], rng=0),
    "sequential": on_images,
    "optimizer": lambda: trained()[:2],
    "optimizer_of_values": lambda: values_trained(),
    "schedule": trained,
    "history": lambda: nn.fit(
        model := net(), (X, Y), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters()), seed=0
    ),
    "classifier": classifier,
    "report": lambda: check_gradients(lambda x: relu(x) * tanh(x), 0.5),
}


def values_trained():
    model = nn.MLP(2, [2, 1], rng=0)
    optimizer = nn.RMSprop(model.parameters(), lr=0.125, momentum=0.5)
    for _ in range(2):
        update_values(model, optimizer)
    return model, optimizer


def update_values(model, optimizer):
    model.zero_grad()
    ((model([1.0, -0.5]) - 1) ** 2).backward()
    optimizer.step()


def numbers(x):
    return np.asarray(x).tolist()


def state(model):
    return {name: numbers(x) for name, x in model.state_dict().items()}


def after_update(model, optimizer, step=update):
    """Say what comes next: a memory that was lost would show."""
    step(model, optimizer)
    return [numbers(p.data) for p in model.parameters()]


# What is to be the same when it is read again.
FACTS = {
    "value": lambda x: [repr(x), x.grad, x.name],
    "tensor": lambda x: [repr(x), numbers(x.grad), x.name],
    "graph": lambda graph: [node.record() for node in graph.nodes],
    "tape": lambda tape: [str(tape), [numbers(x) for x in tape([1.0, -2.0], 0.25)]],
    "op": lambda op: [repr(op), op(0.5)],
    "mlp": lambda model: [model([1.0, -0.5]).data, [p.data for p in model.parameters()]],
    "sequential": lambda model: [
        *(state(model), repr(model), numbers(model(Tensor(IMAGES)).data)),  # with dropout
        numbers(model.eval()(Tensor(IMAGES)).data),
    ],
    "optimizer": lambda pair: after_update(*pair),
    "optimizer_of_values": lambda pair: after_update(*pair, update_values),
    "schedule": lambda trio: [rate(trio[1]), trio[2].step(), rate(trio[1])],
    "history": lambda history: [
        *(dict(history), history.updates, history.reason, history.notes, history.best),
        *(dict(history.health), history.health.updates, history.health.findings),
    ],
    "classifier": lambda model: [
        *(numbers(model.predict(X)), numbers(model.predict_proba(X))),
        *(dict(model.history_), numbers(model.partial_fit(X, model.predict(X)).predict_proba(X))),
    ],
    "report": lambda report: [str(report), len(report), report[0].engine, report[0].ok],
}


def rate(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def of_checkpoint(path):
    """Load what `save_checkpoint` wrote, and go on."""
    model = net()
    optimizer = nn.Adam(model.parameters())
    parts = [nn.LinearLR(optimizer, total_iters=2), nn.CosineAnnealingLR(optimizer, T_max=4)]
    schedule = nn.SequentialLR(optimizer, parts, milestones=[2])
    rng = np.random.default_rng()
    about = nn.load_checkpoint(path, model, optimizer, schedule, rng)
    schedule.step()
    return [about, rate(optimizer), after_update(model, optimizer), rng.random()]


def of_fit(path):
    """Go on where the training ended that wrote the file."""
    model, history = fitted(path, 4)
    return [dict(history), history.updates, state(model)]


def of_weights(path):
    model = on_images()
    for p in model.parameters():
        p.data = 0 * p.data
    nn.load(model, path)
    return state(model)


FILES = {"checkpoint": of_checkpoint, "fit": of_fit, "weights": of_weights}


def names():
    """List the classes and functions of each file: pickles name them by it."""
    found = {}
    for package in PACKAGES:
        folder = Path(import_module(package).__file__).parent
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            module = ".".join(part for part in parts if part != "__init__")
            body = ast.parse(path.read_text(encoding="utf-8")).body
            found[module] = [
                *(x.name for x in body if isinstance(x, ast.ClassDef)),
                *(x.name for x in body if isinstance(x, ast.FunctionDef) and x.name[0] != "_"),
            ]
    return found


def keep(folder):
    folder.mkdir(parents=True)
    known = {}
    for name, make in KEPT.items():
        text = pickle.dumps(make())
        (folder / name).with_suffix(".pickle").write_bytes(text)
        known[name] = FACTS[name](pickle.loads(text))
    model, optimizer, schedule = trained()
    rng, best = np.random.default_rng(7), net().state_dict()
    about = {"best": best, "epoch": 3, "losses": [0.5, 0.25]}
    checkpoint = folder / "checkpoint.safetensors"
    nn.save_checkpoint(checkpoint, model, optimizer, schedule, rng, **about)
    nn.save(on_images(), folder / "weights.safetensors")
    fitted(folder / "fit.safetensors", 2)
    written = (folder / "fit.safetensors").read_bytes()
    for name, read in FILES.items():
        known[name] = plain(read((folder / name).with_suffix(".safetensors")))
    (folder / "fit.safetensors").write_bytes(written)  # it has been trained further
    f, _ = two_inputs()
    (folder / "graph.json").write_text(Graph(f).to_json() + "\n", encoding="utf-8")
    steps = viz.step(f)
    steps.save(folder / "page.html")
    known["steps"] = [frame.sentence for frame in steps]
    for name, contents in {"numbers": known, "names": names()}.items():
        text = json.dumps(contents, indent=1, ensure_ascii=False)
        (folder / name).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def plain(x):
    """Give lists in place of arrays, so that JSON can hold it."""
    if isinstance(x, dict):
        return {key: plain(part) for key, part in x.items()}
    if isinstance(x, list | tuple):
        return [plain(part) for part in x]
    return x.tolist() if isinstance(x, np.ndarray | np.generic) else x


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
