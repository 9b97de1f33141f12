"""All pictures of viz, each by one call, in light and dark: python examples/gallery.py FOLDER."""

import sys
import warnings
from functools import partial
from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot

import autograd
import nn
import viz
from autograd import Tape, Tensor, Value, gradients, mean, sigmoid, tanh

# Each is called with the variables of `studio`.
CALLS = {
    "graph": "viz.draw(f)",
    "graph of arrays": "viz.draw(loss)",
    "graph of a network": "viz.draw(mlp)",
    "graph of LeNet": "viz.draw(lenet)",
    "graph of a derivative": "viz.draw(slope)",
    "what changed": "viz.diff(Graph(f), Graph(g))",
    "steps": "viz.step(f)",
    "steps of arrays": "viz.step(loss)",
    "steps as a film": "viz.step(f).save(folder / 'film.gif')",
    "why": "viz.why(x, of=f)",
    "why, for arrays": "viz.why(W, of=loss)",
    "why, for one number of an array": "viz.why(W, of=loss, at=(0, 1))",
    "network": "viz.network(mlp, [0.5, -1.0])",
    "network of sizes": "viz.network([20, 8, 3, 8, 20])",
    "perceptron": "viz.network(nn.Perceptron([2, 2], threshold=3), [1, 1])",
    "dropout": "viz.network([4, 6, 2], dropped={1: [1, 4]})",
    "playground": "viz.playground(mlp, X, y)",
    "curve": "viz.curve(tanh)",
    "curve with a kink": "viz.curve(relu, softplus)",
    "surface": "viz.surface(valley, paths=paths)",
    "history": "viz.history(history)",
    "boundary": "viz.boundary(net, X, y)",
    "boundary of classes": "viz.boundary(three, X3, y3)",
    "fitted curve": "viz.boundary(line, X1, y1)",
    "activations": "viz.histograms(net.activations(X))",
    "gradient flow": "viz.flow(net, history)",
    "images": "viz.images(filters)",
    "confusion": "viz.confusion(y3, np.argmax(nn.predict(three, X3), axis=1))",
    "points": "viz.points(X3, y3)",
    "shown: module": "net",
    "shown: network of Values": "mlp",
    "shown: history": "history",
    "shown: health": "history.health",
    "shown: check before training": "nn.check(nn.Sequential(net, nn.Sigmoid()), X, 2 * y[:, None])",
    "shown: check of gradients": "check_gradients(tanh, 0.5)",
    "shown: descent": "paths['Adam']",
    "shown: op": "sigmoid",
    "shown: tape": "tape",
    "shown: step of a pass": "next(backprop(f))",
    "shown: path": "viz.why(x, of=f)[0]",
    "shown: moment": "viz.step(f)[6]",
}
_PAGE = """<!doctype html>
<meta charset="utf-8"><title>Pictures of stepgrad</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 0; }}
h1, h2, section > code {{ margin: 0; padding: 0.3em 1rem; }}
section {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 800px), 1fr)); }}
section > div {{ padding: 1rem; overflow: auto; }}
h2, section > code {{ grid-column: 1 / -1; }}
.dark {{ background: #0d1117; color: #e6edf3; color-scheme: dark; }}
img {{ max-width: 100%; }}
</style>
<h1>Pictures of stepgrad</h1>
{entries}
"""
_ENTRY = """<section><h2>{name}</h2><code>{call}</code>
{sides}</section>
"""
_SIDE = '<div class="{}" data-jp-theme-light="{}">{}</div>'
THEMES = ("light", "dark")


def main(folder="build/gallery"):
    """Draw all pictures into a folder, with a page that shows them."""
    mpl.use("Agg")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    space = {name: getattr(autograd, name) for name in autograd.__all__}
    space |= {"nn": nn, "np": np, "viz": viz, "folder": folder, **studio()}
    entries = []
    for name, call in CALLS.items():
        shown = {theme: painted(folder, name, call, space, theme) for theme in THEMES}
        sides = "".join(_SIDE.format(theme, str(theme == "light").lower(), shown[theme])
                        for theme in THEMES)  # fmt: skip
        entries.append(_ENTRY.format(name=name, call=escape(call), sides=sides))
    (folder / "index.html").write_text(_PAGE.format(entries="".join(entries)), encoding="utf-8")
    print(f"{len(CALLS)} pictures: {folder / 'index.html'}")
    return folder


def painted(folder, name, call, space, theme):
    """Make a call, write what it gives, and return the HTML that shows it."""
    with mpl.rc_context():
        if theme == "dark":
            pyplot.style.use("dark_background")
        thing = eval(call, space)
        stem = name.replace(":", "").replace(",", "").replace(" ", "_")
        if isinstance(thing, pyplot.Axes):
            path = folder / f"{stem}_{theme}.png"
            thing.figure.savefig(path, dpi=120)
            pyplot.close(thing.figure)
            return f'<img src="{path.name}">'
    if isinstance(thing, viz.Picture | viz.Network):
        path = thing.save(folder / f"{stem}.svg")
        return f'<img src="{path.name}" style="background: white">'
    if isinstance(thing, Path):
        return f'<img src="{thing.name}">'
    shows = getattr(thing, "_repr_mimebundle_", None)
    return shows()["text/html"] if shows else thing._repr_html_()


def studio():
    """Make what is drawn: graphs, small data, and models that were trained on them."""
    rng = np.random.default_rng(0)
    x, y_, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    f = tanh((x + y_) * z * 0.1) * x
    f.name = "f"
    f.backward()
    g = tanh((x + y_) * z * 0.2) * x
    W = Tensor([[0.5, -1.0], [0.25, 2.0]], name="W")
    loss = mean(sigmoid(Tensor([[1.0, 2.0], [-1.0, 0.5]], name="X") @ W))
    loss.name = "loss"
    loss.backward()
    X = rng.normal(size=(120, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    net = nn.Sequential(nn.Linear(2, 16, rng=1), nn.Tanh(), nn.Linear(16, 1, rng=2))
    fit = partial(nn.fit, progress=False)
    history = fit(
        net, (X[:90], y[:90, None]), loss=nn.bce_with_logits, epochs=60, batch_size=30,
        optimizer=nn.Adam(net.parameters(), lr=0.03), validation=(X[90:], y[90:, None]),
    )  # fmt: skip
    nn.bce_with_logits(net(Tensor(X)), y[:, None]).backward()
    X3 = np.concatenate([rng.normal(at, 0.6, (40, 2)) for at in ((0, 2), (-2, -1), (2, -1))])
    y3 = np.repeat([0, 1, 2], 40)
    three = nn.Sequential(nn.Linear(2, 8, rng=3), nn.ReLU(), nn.Linear(8, 3, rng=4))
    adam = nn.Adam(three.parameters(), lr=0.02)
    fit(three, (X3, y3), loss=nn.cross_entropy, optimizer=adam, epochs=30, batch_size=30)
    X1 = np.linspace(-3, 3, 40)[:, None]
    y1 = np.sin(X1) + rng.normal(0, 0.1, X1.shape)
    line = nn.Sequential(nn.Linear(1, 16, rng=5), nn.Tanh(), nn.Linear(16, 1, rng=6))
    adam = nn.Adam(line.parameters(), lr=0.02)
    fit(line, (X1, y1), loss=nn.mse_loss, optimizer=adam, epochs=200, batch_size=None)
    mlp = nn.MLP(2, [4, 1], rng=rng)

    def valley(p):
        return p[0] ** 2 + 10 * p[1] ** 2

    paths = {
        "descent": nn.gradient_descent(valley, [2.5, 1.0], lr=0.09, max_steps=60),
        "Adam": nn.gradient_descent(valley, [2.5, 1.0], lr=0.2, optimizer=nn.Adam, max_steps=60),
    }
    tape = Tape([f], inputs=[x, y_])
    (slope,) = gradients(f, [x])
    lenet, filters = nn.LeNet5(), rng.normal(size=(6, 5, 5))
    return {name: thing for name, thing in locals().items() if name not in ("adam", "fit", "rng")}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
