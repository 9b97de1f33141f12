"""One object of each class that shows itself in notebooks, with a name in all that has names."""

import warnings

import numpy as np

import nn
import viz
from autograd import Graph, Tape, Value, backprop, check_gradients, tanh


class Model(nn.Module):
    """Layers in a dict, one of which is used twice, frozen leaves and neurons."""

    def __init__(self, name):
        self.layers = {name: nn.Linear(2, 3, rng=0)}
        self.again = self.layers[name]
        self.neurons_of = nn.Layer(3, 4, rng=1)
        self.scale = Value(2.0, name=name)
        self.scale.constant = True


def things(name="x"):
    """Give the objects by the class under which they are known."""
    x, y = Value(2.0, name=name), Value(-3.0, name="y")
    f = tanh(x * y + x)
    f.name = "f"
    f.backward()
    history = nn.History({"loss": [2.0, 0.5, 0.75], "val_loss": [2.0, 1.0, 1.5], name: [0.1] * 3})
    history.updates, history.reason, history.notes = 30, f"stopped by {name}", [name]
    health = nn.health.Health()
    for update, norm in ((1, 0.5), (2, 0.25)):
        measured = {"gradient_norm": norm, "update_ratio": 0.01, "dead": 0.25}
        health.add(update, {name: measured})
    health.findings.append(f"{name} is dead")
    history.health = health
    preflight = nn.preflight.Preflight()
    preflight.findings.append(f"{name} is constant")
    preflight.facts[name] = name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        steps = viz.step(f, names={})
    return {
        "autograd.Graph": Graph(f),
        "autograd.Node": f,
        "autograd.Op": tanh,
        "autograd.Report": check_gradients(lambda pair: pair[0] * pair[1], (x, y)),
        "autograd.Step": list(backprop(f))[2],
        "autograd.Tape": Tape([f], inputs=[x]),
        "nn.Descent": nn.gradient_descent(lambda z: (z - 3) ** 2, 0.0, max_steps=5),
        "nn.Health": health,
        "nn.History": history,
        "nn.Module": Model(name),
        "nn.Preflight": preflight,
        "viz.Frame": steps[-2],
        "viz.Path": viz.why(x, of=f, names={})[0],
        "array": np.array([[x, y], [f, x]]),
    }
