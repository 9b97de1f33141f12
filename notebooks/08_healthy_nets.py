# %% [markdown]
# # Starting a net, and keeping it healthy
#
# A net can be built correctly and still learn nothing. This notebook makes nets ill on purpose, looks at what is wrong, and cures
# them: first weights, vanishing gradients, dead units, unscaled inputs, overfitting.

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.preprocessing import QuantileTransformer, StandardScaler

import nn
import viz
from autograd import Value, relu, sigmoid, tanh

# Nets are ill here on purpose. What `fit` would warn of is printed from its history instead.
warnings.simplefilter("ignore", nn.HealthWarning)

# %% [markdown]
# ## 1. All weights zero
#
# A net of tanh units, no biases, every weight 0. **Before you run it:** what are the gradients?

# %%
zero = nn.MLP(2, [2, 1], "tanh", weights=[[[0, 0], [0, 0]], [[0, 0]]], bias=False)
x1, x2 = Value(1.4, constant=True), Value(-1.0, constant=True)
loss = (zero([x1, x2]).tanh() - 0.45) ** 2
loss.backward()
viz.draw(loss, detail=2)

# %%
for name, weight in zero.named_parameters():
    print(name, weight.grad)
assert all(weight.grad == 0 for weight in zero.parameters())

# %% [markdown]
# All of them are 0, although the loss is not. Hidden units give $\tanh 0 = 0$, so the output weights get
# $\delta\cdot a = \delta \cdot 0$. The hidden weights get $W_2^T\delta = 0$. Descent stands still: the point is a saddle.
#
# It depends on the activation and on the biases. **What changes with sigmoid units, which give 1/2 at 0?**

# %%
cars = np.array([[1.4, -1, 0.4], [0.4, -1, 0.1], [5.4, -1, 4.0], [1.5, -1, 1.0], [1.8, 1, 1.0]])
prices = np.array([[0.45], [0.52], [0.25], [0.31], [0.35]])

net = nn.Sequential(nn.Linear(3, 3), nn.Sigmoid(), nn.Linear(3, 1))
for parameter in net.parameters():
    nn.init.zeros_(parameter)
nn.mse_loss(net(cars), prices).backward()
for name, parameter in net.named_parameters():
    print(f"{name:9}", parameter.grad.round(4).tolist())

# %% [markdown]
# Now the output weights move, but all alike; the hidden weights still get nothing.
#
# ## 2. All weights the same
#
# Let every weight be 0.1. **Can training tell the hidden units apart?**


# %%
def trained_from(fill):
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    for weight in (net[0].weight, net[2].weight):
        fill(weight)
    optimizer = nn.SGD(net.parameters(), lr=0.05)
    history = nn.fit(net, (cars, prices), loss=nn.mse_loss, optimizer=optimizer, epochs=100, seed=0)
    return net, history


same, history = trained_from(lambda weight: nn.init.constant_(weight, 0.1))
viz.network(same, cars[0])

# %%
print(same[0].weight.data.round(4))
print(*history.health.findings, sep="\n")
assert np.ptp(same[0].weight.data, axis=0).max() == 0

# %% [markdown]
# Every row is one hidden unit: after 100 steps the four are still one. Equal weights give equal activations and equal gradients, for
# ever. That is why first weights are **drawn at random**; biases may start at 0, for different weights break the symmetry already.

# %%
rng = np.random.default_rng(0)
different, _ = trained_from(lambda weight: nn.init.normal_(weight, std=0.5, rng=rng))
assert (nn.Linear(3, 4).bias.data == 0).all()
viz.network(different, cars[0])

# %% [markdown]
# ## 3. How large should random weights be?
#
# Five layers of 100 tanh units, and what each of them gives for 200 random inputs. **Which of the three nets can learn?**


# %%
def five_layers(std):
    rng, layers = np.random.default_rng(0), []
    for _ in range(5):
        layers += [nn.Linear(100, 100, rng=rng), nn.Tanh()]
        nn.init.normal_(layers[-2].weight, std=std, rng=rng)
    return nn.Sequential(*layers)


X = np.random.default_rng(1).normal(size=(200, 100))
_, axes = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
for ax, std in zip(axes, [0.01, 0.1, 1.0]):
    outputs = five_layers(std).activations(X)
    viz.histograms({name: outputs[name] for name in "13579"}, ax=ax).set_title(f"std {std}")

# %% [markdown]
# Too small: everything dies away on its way through the net. Too large: three of four units stand where tanh is flat. Between them,
# a sum of $n$ inputs keeps its spread when weights have $\text{std} = 1/\sqrt n$, here 0.1. `nn.init` has the usual rules:
# `xavier_uniform_` for tanh, `kaiming_uniform_` for ReLU. (Lectures that write $\mathcal N(0, 0.01)$ may mean a variance: that is std 0.1.)
#
# ## 4. Vanishing gradients
#
# The slope of the sigmoid is at most 1/4. **What is left of a gradient after four of them?**

# %%
fig, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
ax = viz.curve(sigmoid, relu, around=(-4, 2), ax=ax)

# %%
x = Value(0.0)
y = sigmoid(sigmoid(sigmoid(sigmoid(x))))
viz.why(x, of=y)

# %% [markdown]
# The gradient is a product with one factor for each layer, $\sigma_4'\,\sigma_3'\,\sigma_2'\,\sigma_1' \le (1/4)^4$. With ReLU each factor is 1
# where a unit is on:

# %%
y.backward()
print(f"sigmoid {x.grad:.6f}, at most (1/4)^4 = {0.25**4:.6f}")
x = Value(1.0)
relu(relu(relu(relu(x)))).backward()
print("ReLU   ", x.grad)

# %% [markdown]
# In a whole net: eight layers, and how large the gradients of each are after one pass. The scale is logarithmic.


# %%
def deep(activation, fill):
    rng, layers = np.random.default_rng(0), []
    for _ in range(8):
        layers += [nn.Linear(30, 30, rng=rng), activation()]
        fill(layers[-2].weight, rng=rng)
    return nn.Sequential(*layers, nn.Linear(30, 1, rng=rng))


cells, is_benign = load_breast_cancer(return_X_y=True)
cells, is_benign = (cells - cells.mean(axis=0)) / cells.std(axis=0), is_benign[:, None] * 1.0
_, axes = plt.subplots(1, 2, figsize=(9, 3), layout="constrained", sharex=True)
nets = [deep(nn.Sigmoid, nn.init.xavier_uniform_), deep(nn.ReLU, nn.init.kaiming_uniform_)]
for net, ax in zip(nets, axes):
    nn.bce_with_logits(net(cells), is_benign).backward()
    viz.flow(net, ax=ax).set_title(f"{type(net[1]).__name__}")

# %% [markdown]
# The first layers of the sigmoid net get less than a thousandth of what the last one gets. `fit` looks at the layers while it trains, and
# says so:

# %%
optimizer = nn.SGD(nets[0].parameters(), lr=0.1)
history = nn.fit(
    nets[0], (cells, is_benign), loss=nn.bce_with_logits, optimizer=optimizer, epochs=2, seed=0
)
print(history.health)

# %% [markdown]
# The opposite happens with large weights: each layer multiplies by more than 1. Here is how large the gradient of each layer's sums, its
# $\delta$, is, in the ReLU net of before and in one of large weights. **Read it as a gradient goes, from right to left.**

# %%
large = deep(nn.ReLU, lambda weight, rng: nn.init.normal_(weight, std=2.0, rng=rng))
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
for name, net in {"std 2": large, "first weights of Kaiming He": nets[1]}.items():
    outputs = net.activations(cells)
    nn.bce_with_logits(outputs["output"], is_benign).backward()
    layers = range(0, 17, 2)  # between them lie the activations
    sizes = [np.linalg.norm(outputs[str(layer)].grad) for layer in layers]
    ax.semilogy(layers, sizes, "o-", label=name)
labels = ax.set(xlabel="layer", ylabel="size of its gradient")
legend = ax.legend()

# %% [markdown]
# On the way back to layer 0 it **explodes**, to almost half a million times what it was; with the other weights it stays as it is. (The activations
# explode on the way forward. The gradient of a weight is a product of both, and so it is far too large in every layer.)
#
# ## 5. Dying ReLU
#
# A unit whose sum is negative for every sample gives 0, and its slope is 0. **Can it come back?**


# %%
def unlucky(activation):
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.Linear(30, 16, rng=rng), activation(), nn.Linear(16, 1, rng=rng))
    net[0].bias.data = np.where(np.arange(16) < 12, -20.0, 0.0)  # 12 of 16 units are pushed down
    optimizer = nn.SGD(net.parameters(), lr=0.1)
    data = cells, is_benign
    return nn.fit(net, data, loss=nn.bce_with_logits, optimizer=optimizer, epochs=5, seed=0)


for activation in (nn.ReLU, nn.LeakyReLU):
    print(activation.__name__, unlucky(activation).health, sep="\n", end="\n\n")

# %% [markdown]
# It cannot: no gradient reaches its weights on any sample, so nothing ever moves them. The leaky ReLU has slope 0.01 there, which is enough to
# learn. These are the two classic pitfalls of backpropagation: gradients that fade, and units that are dead.
#
# ## 6. Centering and scaling
#
# The same linear model on the same cells, with each column as it was measured (from thousandths to thousands), only centered, and
# standardized: $(x - \text{mean})/\text{std}$. Each gets the best of eight rates.

# %%
raw = load_breast_cancer().data
versions = {"raw": raw, "centered": raw - raw.mean(axis=0), "standardized": cells}
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
for name, X in versions.items():
    runs = []
    for lr in 10.0 ** np.arange(-7, 1):
        model = nn.Linear(30, 1, rng=0)
        optimizer = nn.SGD(model.parameters(), lr=lr)
        how = {"loss": nn.bce_with_logits, "epochs": 40, "batch_size": None, "seed": 0}
        runs.append(nn.fit(model, (X, is_benign), optimizer=optimizer, **how)["loss"])
    ax.plot(min(runs, key=lambda run: run[-1]), label=name)
ax.set(xlabel="update", ylabel="loss", yscale="log")
legend = ax.legend()

# %% [markdown]
# On unscaled columns the valley of the loss is narrow: a rate that suits the steep direction is far too small for the flat one. Look at
# the columns themselves:

# %%
for name in ("raw", "standardized"):
    spreads = versions[name].std(axis=0)
    print(f"{name:13} spread of columns {spreads.min():.3g} to {spreads.max():.3g}")

# %% [markdown]
# Standardizing leaves the shape of a column as it is. **What does it do to a column with outliers?** The other way keeps only the ranks: *quantile normalization*.

# %%
column = raw[:, [13]]
scaled = {
    "standardized": StandardScaler().fit_transform(column),
    "quantiles": QuantileTransformer(n_quantiles=500).fit_transform(column),
}
_, axes = plt.subplots(1, 2, figsize=(9, 1.8), layout="constrained")
for ax, (name, x) in zip(axes, scaled.items()):
    viz.histograms({name: x}, ax=ax)

# %% [markdown]
# ## 7. Overfitting, and three cures
#
# 60 patients to learn from, 300 to be tested on, and a net with more than 4,000 weights. **What do the two curves do?**

# %%
X, y = load_diabetes(return_X_y=True)
X, y = (X - X.mean(axis=0)) / X.std(axis=0), ((y - y.mean()) / y.std())[:, None]
order = np.random.default_rng(0).permutation(len(X))
few, held = [(X[rows], y[rows]) for rows in (order[:60], order[60:360])]


def layers(hidden, dropout=0.0):
    rng = np.random.default_rng(0)
    parts, inputs = [], 10
    for size in hidden:
        parts += [nn.Linear(inputs, size, rng=rng), nn.Tanh(), nn.Dropout(dropout, rng=rng)]
        inputs = size
    return nn.Sequential(*parts, nn.Linear(inputs, 1, rng=rng))


# %%
contestants = {
    "big": (layers([64, 64]), 0.0),
    "fewer parameters": (layers([2]), 0.0),
    "dropout": (layers([64, 64], dropout=0.5), 0.0),
    "L2": (layers([64, 64]), 0.1),
}
_, axes = plt.subplots(2, 2, figsize=(9, 5), layout="constrained", sharey=True)
for (name, (model, decay)), ax in zip(contestants.items(), axes.flat):
    optimizer = nn.Adam(model.parameters(), lr=0.01, weight_decay=decay)
    how = {"loss": nn.mse_loss, "epochs": 150, "batch_size": None, "seed": 0}
    history = nn.fit(model, few, optimizer=optimizer, validation=held, **how)
    viz.history(history, ax=ax).set_title(name)

# %% [markdown]
# The big net learns its 60 patients by heart, and gets worse on others: the curves part. Fewer parameters, dropout and L2 hold them together. The
# cheapest cure stands in the first picture already: stop at the star, which is `nn.fit(..., patience=10)`.
#
# ## 8. What L2 does
#
# It adds $\tfrac12\lambda w^2$ to the loss. **What does that add to each gradient?**

# %%
net = nn.Linear(10, 1, rng=0)
plain = nn.mse_loss(net(few[0]), few[1])
plain.backward()
before = net.weight.grad.copy()
net.zero_grad()
(nn.mse_loss(net(few[0]), few[1]) + nn.l2_penalty([net.weight], 0.1)).backward()
print((net.weight.grad - before).round(4))
print((0.1 * net.weight.data).round(4))
assert np.allclose(net.weight.grad - before, 0.1 * net.weight.data)

# %% [markdown]
# Just $\lambda w$: every step pulls each weight towards 0 by a share of itself, hence the name *weight decay*. It is added to the loss, not to the
# answer of the net.
#
# ## 9. What dropout does
#
# In each training step some units are left out at random; the crosses are a mask that the layer itself has drawn.

# %%
net = nn.MLP(3, [5, 5, 1], "tanh", rng=0)
drop = nn.Dropout(0.4, rng=3)
mask = drop(np.ones((2, 5))).data == 0
viz.network(net, cars[0], dropped={1: mask[0], 2: mask[1]})

# %% [markdown]
# If units are kept with probability $p$, a layer gives $p$ times as much in training as it will give with all of its units. There are
# two ways to make up for it. **Which of them leaves evaluation alone?**

# %%
x = np.full((1, 4), 2.0)
for inverted in (True, False):
    drop = nn.Dropout(0.5, inverted=inverted, rng=0)
    mean = np.mean([drop(x).data for _ in range(4000)], axis=0).round(2)
    print(f"inverted={inverted}: mean in training {mean}, evaluation {drop.eval()(x).data}")

# %% [markdown]
# *Inverted* dropout divides by $p$ in training; the other form multiplies by $p$ in evaluation. Either way the mean over many masks is what
# evaluation gives. Note that `nn.Dropout(0.4)` names the probability to be **dropped**, so $p = 0.6$.
#
# ## 10. Batch normalization
#
# Why scale only the inputs, when each layer is the input of the next? **What mean and spread will each column have?**

# %%
batch = np.random.default_rng(0).normal([5, -30, 0], [0.1, 10, 3], size=(64, 3))
norm = nn.BatchNorm1d(3)
norm.weight.data, norm.bias.data = np.array([1.0, 1.0, 2.0]), np.array([0.0, 0.0, 4.0])
after = norm(batch)
_, axes = plt.subplots(1, 2, figsize=(9, 2.5), layout="constrained")
viz.histograms({f"column {i}": batch[:, i] for i in range(3)}, ax=axes[0]).set_title("before")
viz.histograms({f"column {i}": after.data[:, i] for i in range(3)}, ax=axes[1]).set_title("after")
print("mean", after.data.mean(axis=0).round(3), "spread", after.data.std(axis=0).round(3))

# %% [markdown]
# $\hat x = \dfrac{x - \mu}{\sigma}\,C_1 + C_2$. The mean and the spread are those of the batch; the two constants, `weight` and `bias`, are trained, so the net
# may choose another scale, as in column 2.
#
# A single sample has no spread. **So what happens in evaluation?** Running averages of the training batches are used instead,
# $\bar\mu' = \lambda\bar\mu + (1-\lambda)\mu_\text{batch}$, here with $\lambda = 0.9$:

# %%
seen = [norm.running_mean.data[0]]
for _ in range(50):
    norm(rng.normal([5, -30, 0], [0.1, 10, 3], size=(64, 3)))
    seen.append(norm.running_mean.data[0])
fig, ax = plt.subplots(figsize=(6, 2.5), layout="constrained")
ax.plot(seen, "o-", markersize=3)
labels = ax.set(xlabel="batch", ylabel="running mean of column 0")

# %% [markdown]
# It also cures nets that start badly: the eight sigmoid layers of part 4, with a normalization before each sigmoid.

# %%
sick = deep(nn.Sigmoid, nn.init.xavier_uniform_)
parts = [(nn.BatchNorm1d(30), part) if isinstance(part, nn.Sigmoid) else (part,) for part in sick]
cured = nn.Sequential(*[part for some in parts for part in some])
for name, net in {"as it was": sick, "with batch norm": cured}.items():
    optimizer = nn.SGD(net.parameters(), lr=0.1)
    how = {"loss": nn.bce_with_logits, "epochs": 5, "metrics": {"accuracy": nn.accuracy}}
    history = nn.fit(net, (cells, is_benign), optimizer=optimizer, seed=0, **how)
    print(f"{name:16} loss {history['loss'][-1]:.3f}, accuracy {history['accuracy'][-1]:.2f}")

# %% [markdown]
# ## Change this and run again
#
# One deep net, and the first lines of everything above. Can you make it ill in a way that `health` does not see?

# %%
activation, std, depth, lr = tanh, 0.1, 6, 0.1
net = nn.MLP(30, [30] * depth + [1], activation, rng=0).to_tensors()
for weight in (p for name, p in net.named_parameters() if name.endswith("weight")):
    nn.init.normal_(weight, std=std, rng=1)
optimizer = nn.SGD(net.parameters(), lr=lr)
data = cells, is_benign
history = nn.fit(net, data, loss=nn.bce_with_logits, optimizer=optimizer, epochs=5, seed=0)
print(history.health)
ax = viz.flow(net, history)
