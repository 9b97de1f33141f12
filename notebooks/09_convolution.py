# %% [markdown]
# # Convolution: one small filter, everywhere
#
# A dense layer gives each pixel a weight of its own, and has to learn anew that a stroke is a stroke at every place. A convolution slides
# one small filter over the image. This notebook takes it apart, and ends with LeNet-5 reading digits.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

import nn
import viz
from autograd import Tensor, avg_pool2d, conv2d, max_pool2d, min_pool2d, unroll

digits = load_digits()
ax = viz.images(digits.images[:20], titles=[str(t) for t in digits.target[:20]], columns=10)

# %% [markdown]
# ## 1. One filter on one image
#
# Blue is negative, red positive. The filter in the middle has -1 on the left and +1 on the right.
# **Where will the result be red?**

# %%
image = digits.images[0] / 16
edge = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
edges = nn.Conv2d(1, 1, 3, padding=1)
edges.weight.data = edge.reshape(1, 1, 3, 3)
found = edges(image.reshape(1, 1, 8, 8))

_, axes = plt.subplots(1, 3, figsize=(7, 2.5), layout="constrained")
for ax, shown, title in zip(axes, (image, edge, found[0, 0]), ("image", "filter", "feature map")):
    viz.images(shown, ax=ax).set_title(title)

# %% [markdown]
# It is red where the image gets brighter from left to right, blue where it gets darker: the filter finds vertical edges. Each number of the
# feature map is the sum of a patch times the filter, $y_{ij} = b + \sum_{k,l} x_{i+k,\,j+l}\,w_{kl}$.
#
# Here it is in numbers, on an image of 4 x 4, and one number of a smaller filter as a graph:

# %%
x = Tensor([[1.0, 3, 2, 0], [4, 6, 5, 1], [7, 2, 9, 8], [0, 1, 3, 4]], name="x")
w = Tensor([[1.0, 0, -1], [2, 0.5, -2], [1, 0, -1]], name="w")
y = conv2d(x.reshape(1, 1, 4, 4), w.reshape(1, 1, 3, 3), Tensor([0.5], name="b"))
print(y.data[0, 0])
small = conv2d(x.reshape(1, 1, 4, 4), w[:2, :2].reshape(1, 1, 2, 2), Tensor([0.5], name="b"))
viz.draw(unroll(small)[0, 0, 0, 0])

# %% [markdown]
# (Mathematicians turn the filter around first. Networks do not: it is learned anyway.)
#
# ## 2. One filter, many places
#
# The filter of 3 x 3 is used at four places. **So how many contributions does the gradient of each of its weights have?**

# %%
upstream = np.array([[1.0, -1.0], [2.0, 0.5]])
y.backward(upstream.reshape(1, 1, 2, 2))
print(w.grad)
patches = [upstream[i, j] * x.data[i : i + 3, j : j + 3] for i in range(2) for j in range(2)]
assert np.array_equal(w.grad, sum(patches))

# %% [markdown]
# Four: $\dfrac{\partial J}{\partial w_{kl}} = \sum_{i,j} \delta_{ij}\,x_{i+k,\,j+l}$, the sum over all places. Sharing weights is nothing new to
# backpropagation: a number that is used several times adds up what comes back.
#
# The number of weights does not depend on the size of the image, and an image that is shifted gives a map that is shifted:

# %%
shifted = np.roll(image, 1, axis=1)
maps = edges(np.stack([image, shifted])[:, None]).data[:, 0]
assert np.array_equal(maps[0][:, 1:-2], maps[1][:, 2:-1])
_, axes = plt.subplots(1, 2, figsize=(6, 2.5), layout="constrained")
viz.images([image, shifted], ax=axes[0])
viz.images(maps, ax=axes[1])

layer = nn.Conv2d(1, 6, 5)
dense = nn.Linear(32 * 32, 6 * 28 * 28)
print(f"six 5 x 5 filters: {sum(p.data.size for p in layer.parameters()):,} parameters")
print(f"a dense layer to as many numbers: {sum(p.data.size for p in dense.parameters()):,}")

# %% [markdown]
# ## 3. Pooling
#
# A window of 2 x 2 becomes one number: the largest, the mean, or the smallest. **Where does the gradient go?** On the right is what comes
# back to the image if every result counts once.

# %%
kinds = {"max": max_pool2d, "average": avg_pool2d, "min": min_pool2d}
results, grads = [], []
for name, pool in kinds.items():
    leaf = Tensor(x.data.reshape(1, 1, 4, 4))
    pooled = pool(leaf, 2)
    pooled.backward(np.ones((1, 1, 2, 2)))
    results.append(pooled.data[0, 0])
    grads.append(leaf.grad[0, 0])
    print(f"{name:8}", results[-1].tolist())
_, axes = plt.subplots(1, 3, figsize=(9, 2), layout="constrained", width_ratios=[1, 2.2, 3.3])
axes[0].figure.set_facecolor("lightgray")
for ax, shown, names in zip(axes, ([x.data], results, grads), (["image"], [*kinds], [*kinds])):
    viz.images(np.stack(shown), titles=names, columns=3, ax=ax)

# %% [markdown]
# Max and min pooling send all of it to the number that won; average pooling gives each a quarter. Nothing is learned in a pooling layer.
#
# ## 4. LeNet-5
#
# Two rounds of convolution and pooling find features, three dense layers decide. **Where are most of the parameters?**

# %%
lenet = nn.LeNet5(dtype=np.float32, rng=0)
print(lenet.summary((1, 32, 32)))

# %% [markdown]
# In the first dense layer. The 61,706 parameters are those of LeNet-5 in its modern form: ReLU and max pooling stand where tanh and trained
# averages stood in 1998, and every map of the second convolution sees every map of the first.
#
# It wants images of 32 x 32; ours have 8 x 8, so each pixel becomes a square of 4 x 4. A few epochs on 1,437 digits:

# %%
X = np.kron(digits.images[:, None] / 16, np.ones((1, 1, 4, 4))).astype(np.float32)
y = digits.target
optimizer = nn.Adam(lenet.parameters(), lr=0.002)
history = nn.fit(
    lenet,
    (X[:1437], y[:1437]),
    loss=nn.cross_entropy,
    optimizer=optimizer,
    epochs=3,
    validation=(X[1437:], y[1437:]),
    metrics={"accuracy": nn.accuracy},
    seed=0,
)
print(history)
ax = viz.history(history, "accuracy")

# %% [markdown]
# ## 5. Looking inside
#
# What does it see? One image, and the six feature maps behind the first convolution; then the 16 behind the second.

# %%
sample = X[1437:1438]
layers = lenet.activations(sample)
_, axes = plt.subplots(1, 3, figsize=(9, 3), layout="constrained", width_ratios=[1, 1.5, 1.5])
viz.images(sample[0], ax=axes[0]).set_title("image")
viz.images(layers["1"].data[0], columns=3, ax=axes[1]).set_title("6 maps, after ReLU")
ax = viz.images(layers["4"].data[0], columns=4, ax=axes[2])
title = ax.set_title("16 maps, after ReLU")

# %% [markdown]
# All units of one map have the same weights; that is why it is called a *feature map*. And here are the six filters themselves:

# %%
ax = viz.images(lenet[0].weight, titles=[f"filter {i}" for i in range(6)], columns=6)

# %% [markdown]
# Which digits does it take for which others? **Guess before you run it**: which two look alike?

# %%
scores = nn.predict(lenet, X[1437:])
ax = viz.confusion(y[1437:], scores)

# %%
worst = np.flatnonzero(scores.argmax(axis=1) != y[1437:])[:12]
titles = [f"{y[1437 + i]} as {scores[i].argmax()}" for i in worst]
ax = viz.images(digits.images[1437 + worst], titles=titles, columns=6)

# %% [markdown]
# ## 6. AlexNet's shapes
#
# The same idea, fourteen years and a thousand times as many weights later: AlexNet won ImageNet in 2012. It has 62,378,344 parameters in
# one tower. We do not draw them: a convolution makes $\lfloor (n + 2p - k)/s \rfloor + 1$ numbers of $n$, for a filter of $k$, padding $p$ and
# stride $s$, and so does pooling. **What is the size behind the first layer, for 227 x 227, k = 11, s = 4?**


# %%
def size(n, k, s=1, p=0):
    return (n + 2 * p - k) // s + 1


n, channels, total = 227, 3, 0
for filters, k, s, p, pools in [
    (96, 11, 4, 0, True),
    (256, 5, 1, 2, True),
    (384, 3, 1, 1, False),
    (384, 3, 1, 1, False),
    (256, 3, 1, 1, True),
]:
    n, weights = size(n, k, s, p), filters * (channels * k * k + 1)
    print(f"conv {k} x {k}: {filters} maps of {n} x {n}, {weights:,} parameters")
    n = size(n, 3, 2) if pools else n
    channels, total = filters, total + weights

# %%
for inputs, outputs in [(channels * n * n, 4096), (4096, 4096), (4096, 1000)]:
    print(f"dense {inputs:,} to {outputs:,}: {inputs * outputs + outputs:,} parameters")
    total += inputs * outputs + outputs
print(f"{total:,}")
assert total == 62_378_344

# %% [markdown]
# `nn.AlexNet()` builds it, and `.summary((3, 227, 227))` prints this table from the layers themselves, if you have a quarter of a gigabyte to
# spare.
#
# ## Change this and run again
#
# A smaller net on the digits as they are. Move the pooling, widen the filters, take one away: what is the smallest net that still reads 9 of 10?

# %%
rng = np.random.default_rng(0)
small = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1, rng=rng),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(8 * 4 * 4, 10, rng=rng),
)
images = digits.images[:, None] / 16
optimizer = nn.Adam(small.parameters(), lr=0.01)
data, held = (images[:1437], y[:1437]), (images[1437:], y[1437:])
how = {"loss": nn.cross_entropy, "epochs": 3, "metrics": {"accuracy": nn.accuracy}, "seed": 0}
print(nn.fit(small, data, optimizer=optimizer, validation=held, **how))
