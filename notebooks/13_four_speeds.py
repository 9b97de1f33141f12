# %% [markdown]
# # One model, four speeds
#
# The same small network, written once: as single numbers, as arrays, as a recorded program, and in a web page. It computes the same loss and the same gradients
# each time, and only the time differs. The ratios depend on your machine, so they are measured here and claimed nowhere.

# %%
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from timeit import repeat

import numpy as np
from sklearn.datasets import make_moons

import nn
import viz
from autograd import Tape, Value, gradients, trace

X, y = make_moons(100, noise=0.1, random_state=0)
X, y = X - X.mean(axis=0), 2.0 * y - 1
model = nn.MLP(2, [16, 16, 1], rng=0)
print(f"{len(model.parameters())} weights, {len(X)} samples")

# %% [markdown]
# ## 1. Single numbers
#
# Every number is a `Value`, every operation a node. **How many nodes does one sample have? And 100 samples?**

# %%
loss = nn.hinge_loss(model(X[0]), y[0])
nodes = len(trace(loss)) - len(model.parameters())
print(f"{nodes} nodes, and {100 * nodes:,} for all samples")
viz.draw(loss)

# %% [markdown]
# The picture folds each layer into one box. Written out as a loop, a step of training asks for the mean loss of all samples and its gradients:


# %%
def by_values():
    model.zero_grad()
    losses = [nn.hinge_loss(model(row), side) for row, side in zip(X, y)]
    loss = sum(losses) / len(losses)
    loss.backward()
    return loss.data, np.array([p.grad for p in model.parameters()])


expected, slopes = by_values()
times = {"single numbers": min(repeat(by_values, number=1, repeat=2))}
print(f"loss {expected:.6f}, {times['single numbers'] * 1e3:.0f} ms a step")

# %% [markdown]
# That is how micrograd works, and what the pictures of this course show: nothing is hidden, and each of these nodes is a Python object.
#
# ## 2. Arrays
#
# One matrix product for a layer replaces the loop over neurons, and one more axis the loop over samples: $Z = XW^T + b$. `to_tensors()` writes the
# same net in this form.

# %%
net = model.to_tensors()
print(net)


def by_arrays():
    net.zero_grad()
    loss = nn.hinge_loss(net(X), y[:, None])
    loss.backward()
    return loss.item(), np.concatenate([p.grad.ravel() for p in net.parameters()])


viz.draw(nn.hinge_loss(net(X), y[:, None]), detail=1)

# %% [markdown]
# A dozen nodes for everything. **Are they the same gradients?** The array form lists weights by layer and not by neuron, so they are compared in
# order of size:

# %%
found, by_layer = by_arrays()
assert np.isclose(found, expected, rtol=1e-12)
assert np.allclose(np.sort(by_layer), np.sort(slopes), rtol=1e-10, atol=1e-15)
times["arrays"] = min(repeat(by_arrays, number=10, repeat=3)) / 10
print(f"{times['arrays'] * 1e3:.2f} ms a step")

# %% [markdown]
# ## 3. A tape
#
# The graph is the same in every step; only the numbers change. So record it once, **with its gradients**, which are a graph too, and replay it. The graph of *one*
# sample of single numbers is enough: a tape runs it on a whole batch.

# %%
x0, x1, side = Value(0.5, name="x0"), Value(-1.0, name="x1"), Value(1.0, name="side")
loss = nn.hinge_loss(model([x0, x1]), side)
tape = Tape([loss, *gradients(loss, model.parameters())], inputs=[x0, x1, side])


def by_tape():
    error, *slopes = tape(X[:, 0], X[:, 1], y, reduce="mean")
    return error, np.array(slopes)


tape.expect(calls=1000, samples=len(X))  # so that a compiled loop is worth it
found, recorded = by_tape()
assert np.isclose(found, expected, rtol=1e-12)
assert np.allclose(recorded, slopes, rtol=1e-10, atol=1e-15)
times["tape"] = min(repeat(by_tape, number=10, repeat=3)) / 10
print(f"{times['tape'] * 1e3:.2f} ms a step")

# %% [markdown]
# The program can be read. The first neuron, and how many lines there are:

# %%
listing = [line for line in str(tape).splitlines() if " = " in line]
print(*listing[:5], f"... and {len(listing) - 5:,} more lines", sep="\n")

# %% [markdown]
# `nn.fit` records such a tape by itself, and so do arrays profit. With the extra `fast` a compiled loop runs what works hard.
#
# ## 4. A web page
#
# The same program, written as JavaScript. A page needs nothing else: no Python, no library, no network.

# %%
script = tape.to_javascript()
print(f"{len(script):,} characters; the first and the last lines:")
lines = script.splitlines()
print(*lines[:4], "...", *lines[-4:], sep="\n")

# %% [markdown]
# If Node.js is here, it runs what the browser would run, and we can look whether the numbers are the same:

# %%
driver = """
import {program, programParams} from "./program.mjs";
const rows = JSON.parse(process.argv[2]), n = programParams.length + 1;
const params = Float64Array.from(programParams), out = new Float64Array(n);
const step = () => {
    const total = new Float64Array(n);
    for (const row of rows) { program(row, params, out); for (let i = 0; i < n; i++) total[i] += out[i]; }
    return total.map(sum => sum / rows.length);
};
for (let i = 0; i < 200; i++) step();
const start = performance.now();
for (let i = 0; i < 200; i++) step();
console.log(JSON.stringify({seconds: (performance.now() - start) / 200e3, result: [...step()]}));
"""
if shutil.which("node"):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "program.mjs").write_text(script)
        Path(folder, "driver.mjs").write_text(driver)
        rows = json.dumps(np.column_stack([X, y]).tolist())
        command = ["node", str(Path(folder, "driver.mjs")), rows]
        said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert np.isclose(said["result"][0], expected, rtol=1e-12)
    assert np.allclose(said["result"][1:], slopes, rtol=1e-10, atol=1e-15)
    times["JavaScript"] = said["seconds"]

# %% [markdown]
# ## Four speeds
#
# On the machine that ran this notebook, and no other:

# %%
for name, seconds in times.items():
    ratio = times["single numbers"] / seconds
    print(f"{name:15} {seconds * 1e3:9.3f} ms a step, {ratio:8,.0f} times the first")

# %% [markdown]
# **What does the slowest one give you in return?** Every number can be looked at, drawn, stepped through and asked why. Build there, check there, and then record.
#
# And when one machine is too small, the same tape leaves for good: `tape.to_jax()`, `tape.to_torch()` and `tape.to_c()` hand it to engines with GPUs, compilers and
# many devices. [docs/outgrow.md](../docs/outgrow.md) does it.
#
# ## Change this and run again
#
# Wider layers, more samples: which of the first two loses more?

# %%
wider = nn.MLP(2, [32, 1], rng=0)
as_arrays = wider.to_tensors()
few = X[:20], y[:20]
slow = repeat(
    lambda: sum(nn.hinge_loss(wider(r), s) for r, s in zip(*few)).backward(), number=1, repeat=2
)
quick = repeat(lambda: nn.hinge_loss(as_arrays(few[0]), few[1][:, None]).backward(), number=1)
print(f"arrays are {min(slow) / min(quick):,.0f} times as fast")
