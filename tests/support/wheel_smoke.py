"""What a built wheel has to do in an environment with nothing else: hold every file, and work."""

import importlib
import sys
import tempfile
from importlib.metadata import entry_points, version
from pathlib import Path

PACKAGES = ("autograd", "nn", "viz")
BINARIES = {".so", ".pyd"}  # which are there if there was a compiler
EXTRAS = {"hypothesis", "pytest", "numba", "sklearn", "anywidget", "torch", "jax", "IPython"}


def main(checkout):
    """Compare the installed packages with a checkout, import all of them and use them."""
    import autograd

    installed = Path(autograd.__file__).parents[1]
    assert installed != checkout, f"{installed} is the checkout, not a wheel"
    files = [
        path.relative_to(checkout)
        for package in PACKAGES
        for path in sorted((checkout / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in BINARIES
    ]
    missing = [str(path) for path in files if not (installed / path).exists()]
    assert not missing, f"the wheel lacks {', '.join(missing)}"
    modules = [path for path in files if path.suffix == ".py" and path.stem != "__main__"]
    needing = [path for path in modules if not imported(path)]
    use()
    print(
        f"{len(files)} files, {len(modules)} modules, {len(needing)} of them wait for an extra: "
        f"stepgrad {version('stepgrad')} on Python {sys.version.split()[0]} works, with Values in "
        f"{sys.modules['autograd.engine'].IMPLEMENTATION}"
    )


def imported(path):
    """Import a module; only the absence of an extra is an excuse."""
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    try:
        importlib.import_module(name)
    except ImportError as error:
        if "stepgrad[" not in str(error) and (error.name or "").split(".")[0] not in EXTRAS:
            raise
        return False
    return True


def use():
    """Take the first steps of the README."""
    import numpy as np

    import nn
    import viz
    from autograd import Tape, Value, __version__, gradients
    from autograd.engine import IMPLEMENTATION

    place = Path(viz.__file__).parents[1] / "autograd" / "engine"
    has_core = any(path.suffix in BINARIES for path in place.iterdir())
    assert (IMPLEMENTATION == "C") == has_core, IMPLEMENTATION
    assert __version__ == version("stepgrad")
    assert [x.name for x in entry_points(group="pytest11")] == ["stepgrad"]
    (drawer,) = entry_points(group="stepgrad.drawers")
    assert callable(drawer.load())
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = (x + y) * z
    f.backward()
    assert (x.grad, y.grad, z.grad) == (-4.0, -4.0, 3.0)
    assert "∂f/∂z = 3" in str(viz.step(f))
    assert Tape([f, *gradients(f, [z])], inputs=[x])(1.0) == [-24.0, 6.0]

    rng = np.random.default_rng(0)
    X = rng.normal(size=(64, 2))
    model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 1, rng=1))
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    target = X[:, :1] * X[:, 1:]
    history = nn.fit(model, (X, target), loss=nn.mse_loss, optimizer=optimizer, epochs=40, seed=0)
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    with tempfile.TemporaryDirectory() as folder:
        nn.save(model, Path(folder, "model.safetensors"))
        nn.load(model, Path(folder, "model.safetensors"))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
