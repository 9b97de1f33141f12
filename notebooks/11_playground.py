# %% [markdown]
# # A playground of your own network
#
# You have seen the parts one by one. Here they run together, in a page that trains **your** model on **your** points: no server, no kernel, only
# what `nn.fit` would compute, number for number.

# %%
import numpy as np
from sklearn.datasets import make_moons

import nn
import viz

X, y = make_moons(100, noise=0.15, random_state=0)
X, y = X - X.mean(axis=0), 2 * y - 1
ax = viz.points(X, y)

# %% [markdown]
# ## 1. One neuron
#
# The smallest network is one neuron: $\hat y = w_1x_1 + w_2x_2 + b$, and its sign is the answer. **How many of the points can it get right?**

# %%
neuron = nn.MLP(2, [1], rng=0)
optimizer = nn.Adam(neuron.parameters(), lr=0.05)
history = nn.fit(neuron, (X, y), loss=nn.hinge_loss, optimizer=optimizer, epochs=30, seed=0)
ax = viz.boundary(neuron, X, y)
title = ax.set_title(f"{nn.accuracy(nn.predict(neuron, X), y):.0%}")

# %% [markdown]
# A straight line, whatever its weights are. Nothing but the model has to change for more: the same loss, the same optimizer, the same `fit`.
#
# ## 2. Hidden layers
#
# **What do you expect of 8 hidden units?** The picture below changes while training goes on.

# %%
model = nn.MLP(2, [8, 1], "tanh", rng=0)
optimizer = nn.Adam(model.parameters(), lr=0.05)
watch = viz.live(model, X, y)
how = {"loss": nn.hinge_loss, "epochs": 60, "seed": 0, "callbacks": [watch]}
history = nn.fit(model, (X, y), optimizer=optimizer, **how)

# %% [markdown]
# What each unit has found is one soft line, and the output adds them up. The same net as circles: a blue line is a positive weight, an orange one
# negative, and the wider the larger.

# %%
viz.network(model, X[0])

# %% [markdown]
# ## 3. The playground
#
# A fresh net on the same points. Press play. (If your viewer shows no page here, open the notebook in Jupyter, or save the page as in the last cell.)

# %%
fresh = nn.MLP(2, [6, 1], "tanh", rng=0)
viz.playground(fresh, X, y)

# %% [markdown]
# Each question has an answer in the page. **Guess first.**
#
# 1. Set the rate to 1. Does the loss fall faster?
# 2. Let it train, then set a weight of the last layer to 0. What happens to the boundary, and what does training do about it?
# 3. Choose SGD without momentum. How small must the rate be so that the loss never rises?
# 4. Move one point far into the other class. What does the boundary do for it? Look at the curve of validation, too.
# 5. Add noise, and train on and on. When do the two curves part?
# 6. What if an input doubles? Press × 2 under the plane: which units change, and does the output double?
# 7. Set the rate to 3, and train. What does the page say of the units?
#
# ## 4. Harder points
#
# The four corners of a checkerboard: the sign of $x_1 x_2$. **Is one hidden unit enough? Two?** People used to help a network with the product
# $x_1x_2$ as a third input. Here the two raw numbers are enough: the hidden layer makes the features.

# %%
rng = np.random.default_rng(0)
corners = rng.uniform(-1, 1, (100, 2))
signs = np.sign(corners[:, 0] * corners[:, 1])
for hidden in ([], [1], [2], [4], [8, 8]):
    net = nn.MLP(2, [*hidden, 1], "tanh", rng=0)
    optimizer = nn.Adam(net.parameters(), lr=0.05)
    nn.fit(net, (corners, signs), loss=nn.hinge_loss, optimizer=optimizer, epochs=60, seed=0)
    accuracy = nn.accuracy(nn.predict(net, corners), signs)
    print(f"hidden {hidden!s:7} {len(net.parameters()):3} weights, {accuracy:.0%}")

# %% [markdown]
# `nn.MLP` builds no layer, one and two with the same call; deep means nothing else. Look at the last one:

# %%
ax = viz.boundary(net, corners, signs)

# %% [markdown]
# ## 5. Three classes
#
# Three classes are three outputs, and another loss. **What else has to change?**

# %%
angles = rng.uniform(0, 2 * np.pi, 120)
kind = (angles // (2 * np.pi / 3)).astype(int)
ring = np.stack([np.cos(angles + 1), np.sin(angles + 1)], axis=1) * rng.uniform(0.4, 1, (120, 1))
net = nn.MLP(2, [6, 3], "tanh", rng=0)
optimizer = nn.Adam(net.parameters(), lr=0.05)
nn.fit(net, (ring, kind), loss=nn.cross_entropy, optimizer=optimizer, epochs=40, seed=0)
ax = viz.boundary(net, ring, kind)

# %% [markdown]
# Nothing. Descent asks for a gradient, and does not care how many outputs it came from.
#
# ## 6. One step, taken apart
#
# All that the page does a thousand times a second is this, on all the points. Before each contribution is shown, you are asked for it.

# %%
tiny = nn.MLP(2, [2, 1], "tanh", rng=0)
x1, x2 = X[0]
loss = nn.hinge_loss(tiny([x1, x2]), y[0])
viz.step(loss, guess=True)

# %% [markdown]
# ## Change this and run again
#
# Your own points: a list of pairs, and a label for each. The page is one file, that you can send to somebody. In Jupyter,
# `viz.playground(model, X, y).widget()` is live: what you change in the page changes `model`, and the other way round.

# %%
mine = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
labels = [-1, 1, 1, -1]
play = viz.playground(nn.MLP(2, [3, 1], "tanh", rng=0), mine, labels)
# play.save("playground.html")
print(play)
