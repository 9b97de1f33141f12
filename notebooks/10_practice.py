# %% [markdown]
# # What one does with networks in practice
#
# Squeezing data through a narrow middle, using a trained net for another task, learning on while the world changes, choosing sizes and rates, and knowing
# where a net knows nothing.

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, make_moons
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

import nn
import viz

digits = load_digits()
X, y = digits.data / 16, digits.target

# %% [markdown]
# ## 1. An autoencoder: 64 numbers through 2
#
# The target of this net is its own input. **What does it have to find out, if only two numbers pass through the middle?**

# %%
viz.network([8, 4, 2, 4, 8])

# %%
centered = X - X.mean(axis=0)


def autoencoder(hidden, activation, epochs, lr):
    model = nn.Autoencoder([64, *hidden, 2], activation, rng=0)
    optimizer = nn.Adam(model.parameters(), lr=lr)
    schedule = nn.CosineAnnealingLR(optimizer, epochs)
    how = {"loss": nn.mse_loss, "schedule": schedule, "epochs": epochs, "seed": 0}
    nn.fit(model, (centered, centered), optimizer=optimizer, batch_size=128, **how)
    return model


linear = autoencoder([], None, epochs=60, lr=0.02)
deep = autoencoder([64, 32], nn.ELU, epochs=40, lr=3e-3)
pca = PCA(2).fit(centered)
rebuilt = {
    "PCA": pca.inverse_transform(pca.transform(centered)),
    "linear": nn.predict(linear, centered),
    "deep": nn.predict(deep, centered),
}
for name, images in rebuilt.items():
    print(f"{name:6} mean squared error {np.mean((images - centered) ** 2):.5f}")

# %% [markdown]
# A **linear** autoencoder comes close to principal component analysis, and cannot beat it: PCA is the best plane there is. What it leaves is
# the sum of the eigenvalues that were dropped. A **deep** one may bend the plane, and does better. See what each makes of ten digits:

# %%
first = [int(np.flatnonzero(y == digit)[0]) for digit in range(10)]
rows = [X[first]] + [(images + X.mean(axis=0))[first].clip(0, 1) for images in rebuilt.values()]
ax = viz.images(np.concatenate(rows).reshape(-1, 8, 8), columns=10)
ax.set_title("from above: original, PCA, linear, deep")

dropped = PCA().fit(centered).explained_variance_[2:].sum() * (len(X) - 1) / len(X) / 64
assert np.isclose(dropped, np.mean((rebuilt["PCA"] - centered) ** 2))

# %% [markdown]
# The two numbers in the middle are a map of the digits. No labels were used; the colors are painted on afterwards. **Which digits are neighbors?**

# %%
_, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
codes = {"PCA": pca.transform(centered), "deep": deep.encoder(centered).data}
for ax, (name, code) in zip(axes, codes.items()):
    viz.points(code[:600], y[:600], ax=ax).set_title(name)

# %% [markdown]
# ## 2. Transfer: a net for one task serves another
#
# A net that reads digits has learned what strokes are. **How many samples does it need to tell odd from even, if its body is kept?**


# %%
def body():
    rng = np.random.default_rng(0)
    return nn.Sequential(
        nn.Linear(64, 64, rng=rng),
        nn.BatchNorm1d(64),
        nn.ReLU(),
        nn.Dropout(0.2, rng=rng),
        nn.Linear(64, 32, rng=rng),
        nn.ReLU(),
    )


def trained(model, data, loss, epochs, lr=0.01, **how):
    optimizer = nn.Adam(model.parameters(), lr=lr)
    return nn.fit(model, data, loss=loss, optimizer=optimizer, epochs=epochs, seed=0, **how)


knows_strokes = body()
reader = nn.Sequential(knows_strokes, nn.Linear(32, 10, rng=1))
history = trained(reader, (X[:1000], y[:1000]), nn.cross_entropy, epochs=10)
print(history)

# %%
is_odd = (y % 2)[:, None] * 1.0
knows_strokes.freeze()
before = knows_strokes.state_dict()
for name, start, samples in [
    ("the trained body", knows_strokes, 40),
    ("from nothing", body(), 40),
    ("from nothing", body(), 200),
]:
    model, chosen = nn.Sequential(start, nn.Linear(32, 1, rng=2)), slice(1000, 1000 + samples)
    data = X[chosen], is_odd[chosen]
    trained(model, data, nn.bce_with_logits, epochs=60, lr=0.02, batch_size=None)
    accuracy = nn.accuracy(nn.predict(model, X[1200:]), is_odd[1200:])
    print(f"{name:16} {samples:3} samples: {accuracy:.1%} of 597 other digits")
assert all(np.array_equal(w, before[name]) for name, w in knows_strokes.state_dict().items())

# %% [markdown]
# 40 samples on top of a trained body do more than 200 without it. `freeze()` held the body: not one of its numbers has moved, the running
# statistics of its normalization included.
#
# ## 3. Concept drift, and learning on
#
# Two moons that turn by 15 degrees each month. A model that was trained once, and one that learns on: **when will the first be worse than a coin?**


# %%
def month(k):
    points, labels = make_moons(200, noise=0.1, random_state=k)
    cos, sin = np.cos(k * np.pi / 12), np.sin(k * np.pi / 12)
    return (points - [0.5, 0.25]) @ np.array([[cos, sin], [-sin, cos]]), labels[:, None] * 1.0


once, online = [nn.MLP(2, [16, 16, 1], "tanh", rng=0).to_tensors() for _ in range(2)]
optimizers = [nn.Adam(model.parameters(), lr=0.02) for model in (once, online)]
how = {"loss": nn.bce_with_logits, "seed": 0}
for model, optimizer in zip((once, online), optimizers):
    nn.fit(model, month(0), optimizer=optimizer, epochs=40, **how)
curves = {"trained once": [], "learns on": []}
for k in range(1, 13):
    new = month(k)
    for name, model in zip(curves, (once, online)):
        curves[name].append(nn.accuracy(nn.predict(model, new[0]), new[1]))
    nn.fit(online, new, optimizer=optimizers[1], epochs=10, **how)

# %%
_, axes = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
for name, curve in curves.items():
    axes[0].plot(range(1, 13), curve, "o-", label=name)
axes[0].set(xlabel="month", ylabel="accuracy on new points", ylim=(0, 1), xticks=range(2, 13, 2))
axes[0].legend()
viz.boundary(once, *month(6), ax=axes[1]).set_title("month 6, trained once")
ax = viz.boundary(online, *month(12), ax=axes[2])
title = ax.set_title("month 12, learns on")

# %% [markdown]
# Calling `fit` again is all it takes: training goes on from the weights that there are. The points of a month were judged before they were learned.
#
# ## 4. Choosing sizes and rates
#
# Weights are found by training. The number of layers, their widths, activations, rates, epochs are **hyper-parameters**: one tries some, and compares them
# on samples that were kept apart.

# %%
learned, held, test = [(X[i : i + 600], y[i : i + 600]) for i in (0, 600, 1200)]
losses = {}
for width in (2, 8, 32):
    for lr in (1e-4, 1e-3, 1e-2):
        model = nn.MLP(64, [width, 10], "tanh", rng=0).to_tensors()
        history = trained(model, learned, nn.cross_entropy, 10, lr, validation=held)
        losses[width, lr] = history["val_loss"][-1], model
for (width, lr), (loss, _) in losses.items():
    print(f"width {width:2}, lr {lr:g}: validation loss {loss:.3f}")
width, lr = min(losses, key=lambda how: losses[how][0])
accuracy = nn.accuracy(nn.predict(losses[width, lr][1], test[0]), test[1])
print(f"\nchosen: width {width}, lr {lr:g}, which reads {accuracy:.1%} of the test set")

# %% [markdown]
# **Why a third set?** The validation loss of the chosen one is the best of nine, and so a little too good. scikit-learn does the same search with
# `GridSearchCV` and `nn.MLPClassifier`.
#
# How much do more samples help?

# %%
sizes, found = [25, 50, 100, 200, 400, 800], []
for samples in sizes:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(64, 64, rng=rng), nn.ReLU(), nn.Linear(64, 10, rng=rng))
    data = X[:samples], y[:samples]
    how = {"loss": nn.cross_entropy, "epochs": 30, "validation": (X[800:1400], y[800:1400])}
    found.append(min(trained(model, data, lr=3e-3, **how)["val_loss"]))
fig, ax = plt.subplots(figsize=(5, 3), layout="constrained")
ax.plot(sizes, found, "o-")
ax.set(xlabel="samples", ylabel="lowest validation loss", xscale="log", ylim=0)
ax.set_xticks(sizes, sizes)
ax.minorticks_off()

# %% [markdown]
# ## 5. Networks do not extrapolate
#
# A net learns $x^2$ between -1 and 1. **What does it say at 3?**

# %%
x = np.linspace(-1, 1, 60)[:, None]
square = nn.MLP(1, [16, 1], "tanh", rng=0).to_tensors()
trained(square, (x, x**2), nn.mse_loss, epochs=600, lr=0.02, batch_size=None)
wide = np.linspace(-3, 3, 61)[:, None]
_, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
viz.boundary(square, x, x**2, ax=axes[0]).set_title("where it was trained")
viz.boundary(square, wide, wide**2, ax=axes[1]).set_title("and beyond")
inside, outside = nn.predict(square, [[0.5], [3.0]]).ravel()
print(f"at 0.5: {inside:.2f}, at 3: {outside:.2f}")

# %% [markdown]
# Inside it is good, outside it is flat: tanh units have run out. So training data have to cover the whole range that will be asked for. The
# estimators remember that range, and warn:

# %%
estimator = nn.MLPRegressor([16], "tanh", learning_rate_init=0.02, random_state=0)
estimator.fit(x, x.ravel() ** 2)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    estimator.predict([[3.0]])
print(said[0].message)

# %% [markdown]
# ## 6. No silver bullet
#
# **Is a deep net better than a single neuron?** Not always: telling benign from malignant cells.

# %%
cells, is_benign = load_breast_cancer(return_X_y=True)
cells, is_benign = (cells - cells.mean(axis=0)) / cells.std(axis=0), is_benign[:, None] * 1.0
order = np.random.default_rng(0).permutation(len(cells))
learned, held = [(cells[rows], is_benign[rows]) for rows in (order[:300], order[300:])]
for sizes in ([30, 1], [30, 64, 64, 1]):
    net = nn.MLP(sizes[0], sizes[1:], "tanh", rng=0).to_tensors()
    trained(net, learned, nn.bce_with_logits, epochs=30)
    accuracy = nn.accuracy(nn.predict(net, held[0]), held[1])
    print(f"{sizes}: {sum(p.data.size for p in net.parameters()):,} weights, {accuracy:.1%}")

# %% [markdown]
# One sigmoid neuron does as well as thousands of weights, to within a few of 269 cells. Begin with the small one. Its name in statistics is **logistic
# regression**, and with the same L2 penalty it finds the same coefficients:

# %%
neuron = nn.Linear(30, 1, rng=0)


def penalized(scores, targets):
    loss = nn.bce_with_logits(scores, targets)
    return loss + nn.l2_penalty([neuron.weight], 1 / len(learned[0]))


optimizer = nn.Adam(neuron.parameters(), lr=0.1)
nn.fit(neuron, learned, loss=penalized, optimizer=optimizer, epochs=600, batch_size=None, seed=0)
known = LogisticRegression(max_iter=1000, tol=1e-8).fit(learned[0], learned[1].ravel())
print("ours        ", neuron.weight.data[0, :5].round(3))
print("scikit-learn", known.coef_[0, :5].round(3))
assert np.allclose(neuron.weight.data, known.coef_, atol=1e-4)

# %% [markdown]
# ## Change this and run again
#
# A code of one, two, three or eight numbers: at which width does the deep net stop being better than PCA?

# %%
code = 3
model = nn.Autoencoder([64, 32, code], nn.ELU, rng=0)
trained(model, (centered, centered), nn.mse_loss, epochs=15, lr=3e-3)
pca = PCA(code).fit(centered)
for name, images in {
    "autoencoder": nn.predict(model, centered),
    "PCA": pca.inverse_transform(pca.transform(centered)),
}.items():
    print(f"{name:11} {np.mean((images - centered) ** 2):.4f}")
