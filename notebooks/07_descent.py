# %% [markdown]
# # Descent and its cures
#
# Gradients say which way is up. Going down with them is simple, goes wrong in a few ways, and each way has its cure. Here are two
# numbers in place of a thousand weights, so that the whole way can be seen. Fifteen minutes.

# %%
from functools import partial

import numpy as np

import nn
import viz
from autograd import Tensor, grad, sqrt, sum

# %% [markdown]
# ## 1. Down a bowl
#
# Lines of equal height, dark where it is high; a start, the ring, and the steps from there. At what angle does each step set out from the line
# that it starts on?


# %%
def bowl(x, y):
    return x**2 + 2 * y**2


def height(p):
    return bowl(p[0], p[1])


found = nn.gradient_descent(height, [2.5, 2.0], lr=0.1)
ax = viz.surface(bowl, x=(-3, 3), y=(-2.5, 2.5), paths={"descent": found})
ax.set_aspect("equal")

# %% [markdown]
# At a right angle: the gradient is the direction in which a function grows fastest, and its negative that in which it falls fastest. The rule is
#
# $$\theta^{[i+1]} = \theta^{[i]} - \lambda\, \nabla J(\theta^{[i]})$$
#
# with a *step size* or *learning rate*, which is written $\lambda$, $\alpha$ or $\eta$. Do you doubt that the direction is the best? Try a
# thousand others of the same small length:

# %%
start = np.array([2.5, 2.0])
down = -grad(height)(start)
others = np.random.default_rng(0).normal(size=(1000, 2))
tiny = 1e-4 / np.linalg.norm(others, axis=1, keepdims=True)
best = np.min([height(step) for step in start + tiny * others])
print("best of a thousand:", best - height(start))
print("against the gradient:", height(start + 1e-4 * down / np.linalg.norm(down)) - height(start))

# %% [markdown]
# ## 2. When to stop
#
# The lecture goes on while $|\theta^{[i]} - \theta^{[i-1]}| > \varepsilon$. How many steps will it take down $(\theta - 3)^2$ from 0, with
# $\lambda = 0.1$ and $\varepsilon = 10^{-6}$? And how far from 3 will it be then, closer than $\varepsilon$?

# %%
one = nn.gradient_descent(lambda t: (t - 3) ** 2, 0.0, lr=0.1, eps=1e-6)
print(one.updates, "steps to", one.x, "stopped by a", one.reason)
print("first:", np.round(one.path[:5], 4), " distance to 3:", 3 - one.x)

# %% [markdown]
# 61 steps, and no: a short step is not a short distance. A cap on the number of steps is needed as well. In two dimensions $|\cdot|$ is the
# length of the step, $\|(x_1, x_2, x_3)\|^2 = x_1^2 + x_2^2 + x_3^2$:

# %%
print("length of (1, 2, 2):", sqrt(sum(Tensor([1.0, 2.0, 2.0]) ** 2)).item())
capped = nn.gradient_descent(height, [2.5, 2.0], lr=0.1, max_steps=5)
print(capped.updates, capped.reason)

# %% [markdown]
# ## 3. The learning rate
#
# Three rates on the same bowl. One is too small. Is one too large?

# %%
rates = {
    f"λ = {lr}": nn.gradient_descent(height, [2.5, 2.0], lr=lr, max_steps=15)
    for lr in (0.02, 0.2, 0.45)
}
ax = viz.surface(bowl, x=(-3, 3), y=(-2.5, 2.5), paths=rates)

# %% [markdown]
# Not yet, but the third jumps across the valley each time. Along $y$ a step takes $y$ to $(1 - 4\lambda)\,y$. From which $\lambda$ on does it
# grow?

# %%
for lr in (0.02, 0.2, 0.45, 0.5, 0.55):
    path = nn.gradient_descent(height, [2.5, 2.0], lr=lr, max_steps=30).path
    print(
        f"λ = {lr:4}   height after 0, 10, 30 steps: {height(path[0]):.2f} {height(path[10]):.3g} {height(path[-1]):.3g}"
    )

# %% [markdown]
# With 0.5 it jumps back and forth between two points, beyond that it grows. Too small is slow, too large grows without end. Here the border could
# be computed; for a real loss one cannot know it beforehand.
#
# ## 4. No bottom at all
#
# The lecture explains descent on $z = x^2 + y^3$ from $(4, 2)$, where the gradient is $(8, 12)$. Where does it lead?


# %%
def no_bottom(x, y):
    return x**2 + y**3


def slope_of(p):
    return no_bottom(p[0], p[1])


stalled = nn.gradient_descent(slope_of, [4.0, 2.0], lr=0.05, max_steps=60)
fallen = nn.gradient_descent(slope_of, [4.0, -0.5], lr=0.05, max_steps=12)
print("after one step:", stalled.path[1])
ax = viz.surface(
    no_bottom, x=(-1, 5), y=(-3, 3), paths={"from (4, 2)": stalled, "from (4, -0.5)": fallen}
)

# %% [markdown]
# It stalls near $y = 0$, where the ground is flat, and a little below it falls forever: the function has no minimum. $(0, 0)$ is a point
# where the gradient is 0, but not a bowl. Descent finds flat places; that they are bottoms is another matter.
#
# ## 5. A ravine
#
# $f = x^2 + 10 y^2$ is ten times as steep one way as the other. Plain descent, with a rate that is as large as $y$ can bear:


# %%
def ravine(x, y):
    return x**2 + 10 * y**2


def f(p):
    return ravine(p[0], p[1])


plain = nn.gradient_descent(f, [3.0, 1.0], lr=0.09, max_steps=25)
ax = viz.surface(ravine, x=(-1, 3.5), y=(-1.3, 1.3), paths={"descent": plain})
ax.set_aspect("equal")
print("signs of y:", [f"{np.sign(p[1]):+.0f}" for p in plain.path[:8]])

# %% [markdown]
# It *oscillates*: $y$ changes its sign at every step, while $x$, along which there is most to go, creeps. What would help?
#
# ## 6. Momentum
#
# Along $y$ successive gradients point in opposite directions, along $x$ all in the same one. An average of them would cancel the one and keep
# the other. A ball that rolls does that.

# %%
beta = 0.5
average = partial(nn.SGD, momentum=beta)
rolling = nn.gradient_descent(f, [3.0, 1.0], lr=0.09 * (1 - beta), max_steps=25, optimizer=average)
ax = viz.surface(ravine, x=(-1, 3.5), y=(-1.3, 1.3), paths={"descent": plain, "momentum": rolling})
ax.set_aspect("equal")
across = [np.abs(np.diff([p[1] for p in way.path])).sum() for way in (plain, rolling)]
print(f"way along y: plain {across[0]:.2f}, with momentum {across[1]:.2f}")
print(f"height at the end: plain {f(plain.x):.1e}, with momentum {f(rolling.x):.1e}")

# %% [markdown]
# $v' = \beta v + (1 - \beta) \nabla f$ and $x' = x - \lambda v'$: an *exponential moving average*, EMA, of the gradients, with a share $\beta$ of the
# past. (Lectures write $\delta$ or $\mu$, too.) The classical form, and the one of `nn.SGD`, has no $(1 - \beta)$, and so steps that are
# $1/(1 - \beta)$ times as long: hence the factor at the rate above. With $\beta = 0$ it is plain descent. What does an EMA that starts at 0 make of a constant, 1?

# %%
m, beta = 0.0, 0.9
for k in range(1, 6):
    m = beta * m + (1 - beta) * 1.0
    print(
        f"step {k}   m = {m:.5f} = 1 - 0.9^{k} = {1 - beta**k:.5f}   corrected {m / (1 - beta**k):.1f}"
    )

# %% [markdown]
# It comes near slowly, and dividing by $1 - \beta^k$ corrects that. Now more momentum, and *Nesterov's* variant of it, which takes the gradient
# not at $x$ but at the point to which the momentum is about to lead:
#
# $$v' = \beta v + \nabla f(x - \lambda \beta v), \qquad x' = x - \lambda v'.$$
#
# Which of the two will swing more?

# %%
classical = partial(nn.SGD, momentum=0.8)
nesterov = partial(nn.SGD, momentum=0.8, nesterov=True)
paths = {
    name: nn.gradient_descent(f, [3.0, 1.0], lr=0.02, max_steps=40, optimizer=rule)
    for name, rule in {"classical": classical, "Nesterov": nesterov}.items()
}
ax = viz.surface(ravine, x=(-1.5, 3.5), y=(-1.3, 1.3), paths=paths)
ax.set_aspect("equal")

# %% [markdown]
# Looking ahead brakes in time: Nesterov swings less. The points drawn are those where it looks; `nn.SGD` keeps these instead of $x$. By hand:

# %%
x, v = np.array([3.0, 1.0]), np.zeros(2)
for k in range(5):
    ahead = x - 0.02 * 0.8 * v
    drawn = paths["Nesterov"].path[k]
    print(f"x = {x.round(4)}   looks ahead at {ahead.round(4)}   drawn {drawn.round(4)}")
    v = 0.8 * v + grad(f)(ahead)
    x = x - 0.02 * v

# %% [markdown]
# ## 7. Only the sign
#
# The ravine is a matter of *scale*: the gradient along $y$ is large because $y$ is measured so. *Rprop* looks at the sign alone. How long are its
# first steps along $x$ and along $y$?

# %%
fixed = partial(nn.Rprop, etas=(1.0, 1.0))  # as on the slide
signs = nn.gradient_descent(f, [1.0, 1.0], lr=0.05, max_steps=3, optimizer=fixed)
print(np.array(signs.path))

# %% [markdown]
# Both 0.05, and so are all others of this simplest form. *Rprop* proper lengthens the step of a coordinate while the sign stays, and halves it when it flips. *RMSProp* divides by the root
# of an average of the squares, which does nearly the same and bears the noise of small batches.

# %%
paths = {
    "Rprop": nn.gradient_descent(f, [3.0, 1.0], lr=0.1, max_steps=25, optimizer=nn.Rprop),
    "RMSProp": nn.gradient_descent(
        f, [3.0, 1.0], lr=0.1, max_steps=25, optimizer=partial(nn.RMSProp, alpha=0.9)
    ),
}
ax = viz.surface(ravine, x=(-1, 3.5), y=(-1.3, 1.3), paths=paths)
ax.set_aspect("equal")

# %% [markdown]
# Both set out diagonally: the two coordinates move alike, though their gradients differ by ten. Then they differ. Rprop's steps grow until a sign
# flips, so it overshoots and circles the bottom; those of RMSProp shrink to about $\lambda = 0.1$, and 25 of them have not arrived yet.
#
# ## 8. Adam
#
# Momentum in the numerator, RMSProp in the denominator. A hat means divided by $1 - \beta^k$ after $k$ steps, which corrects an average for its
# start at 0:
#
# $$m' = \beta_1 m + (1 - \beta_1) \nabla f, \quad v' = \beta_2 v + (1 - \beta_2) (\nabla f)^2, \quad x' = x - \lambda\, \frac{\hat m'}{\sqrt{\hat v'} + \epsilon}.$$
#
# How long is its very first step, if the gradient is a thousand times as large?

# %%
for scale in (1.0, 1000.0):
    way = nn.gradient_descent(
        lambda p, scale=scale: scale * f(p), [1.0, 1.0], lr=0.05, max_steps=1, optimizer=nn.Adam
    )
    print("gradient times", scale, " step", way.path[1] - way.path[0])

# %% [markdown]
# Exactly $\lambda$ along each coordinate: $\hat m/\sqrt{\hat v}$ is the sign then. One slide prints another rule: the second average is of the *norm* of the
# whole gradient, or of its square, a single number, with no root and no correction. All can be had. Which of the three takes a wild first step?

# %%
adams = {
    "published": nn.Adam,
    "norm": partial(nn.Adam, second_moment="norm", bias_correction=False, eps=0.0),
    "squared norm": partial(nn.Adam, second_moment="squared norm", bias_correction=False, eps=0.0),
}
paths = {
    name: nn.gradient_descent(f, [3.0, 1.0], lr=0.05, max_steps=60, optimizer=rule)
    for name, rule in adams.items()
}
ax = viz.surface(ravine, paths=paths)
for name, way in paths.items():
    print(f"{name:13} first step {way.path[1] - way.path[0]}   height at the end {f(way.x):.3f}")

# %% [markdown]
# That by the norm: it is divided by an average that has hardly begun and was not corrected. The published rule looks slow here only because each
# coordinate of a step is at most about $\lambda$, and $60 \cdot 0.05 = 3$ is just the way there is to go. In return it needs no luck with scales: with
# one number for both coordinates, that of the smaller gradient gets the smaller steps again.
#
# ## 9. All samples, one, or some
#
# So far there was one function. A loss is a mean over samples, and one may take a step after all of them, after each, or after a few.
# How many updates does one pass over 5 samples make, each way?

# %%
rng = np.random.default_rng(0)
X = rng.normal(size=(5, 2))
y = X @ [[1.0], [-2.0]]
ways = {"all: gradient descent": None, "one: stochastic": 1, "two: mini-batch": 2}
for name, batch_size in ways.items():
    model = nn.Linear(2, 1, rng=0)
    how = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.05), "seed": 0}
    history = nn.fit(model, (X, y), epochs=1, batch_size=batch_size, **how)
    print(f"{name:22} {history.updates} updates")

# %% [markdown]
# 1, 5 and 3. (One lecture calls the last *batch* gradient descent.)
#
# ## 10. The loop
#
# All training is five lines: choose samples, go forward to the cost, forget old gradients, go backward, move the weights. Here they are. The
# samples were made with the weights 1 and −2, and noise of variance 1.

# %%
X = rng.normal(size=(40, 2))
y = X @ [[1.0], [-2.0]] + rng.normal(size=(40, 1))


def trained(batch_size, steps):
    W = Tensor([[-1.5], [1.0]])
    way = [W.data[:, 0]]
    for _ in range(steps):
        rows = rng.permutation(len(X))[:batch_size]
        J = nn.mse_loss(X[rows] @ W, y[rows])
        W.grad = None
        J.backward()
        W.data -= 0.05 * W.grad
        way.append(W.data[:, 0])
    return way


# %% [markdown]
# The way of two weights: 40 steps with all 40 samples in each, and 120 steps with one sample in each. Which needs fewer samples in all, and which
# comes to rest?

# %%
paths = {"all": trained(40, 40), "one at a time": trained(1, 120)}
ax = viz.surface(lambda w: nn.mse_loss(X @ w.reshape((2, 1)), y), paths=paths)
labels = ax.set(xlabel="$w_1$", ylabel="$w_2$")

# %% [markdown]
# One at a time it looked at 120 samples, all together at 1,600. It stumbles, and keeps stumbling around the bottom. The bottom is not quite at
# (1, −2), for 40 noisy samples do not tell more. `nn.fit` is this loop, with batches, a progress bar while it runs, and what else one needs:

# %%
model = nn.Linear(2, 1, rng=0)
how = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.05), "seed": 0}
history = nn.fit(model, (X, y), epochs=40, batch_size=8, **how)
print(model.weight.data, model.bias.data)
ax = viz.history(history)

# %% [markdown]
# The weights come near to 1 and −2. The loss does not go to 0 but to about 0.8, because the noise cannot be predicted.
#
# ## Change this and run again
#
# Rosenbrock's valley is bent and nearly flat along its floor; the minimum is at (1, 1). (It is a mild one: the usual factor is 100, not 5.) Which
# rule gets there in 300 steps, with which rate? Beyond about 0.04 plain descent flies off to infinity, and says so.


# %%
def valley(p):
    return (1 - p[0]) ** 2 + 5 * (p[1] - p[0] ** 2) ** 2


mine = {
    "descent": nn.gradient_descent(valley, [-1.5, 2.0], lr=0.01, max_steps=300),
    "Adam": nn.gradient_descent(valley, [-1.5, 2.0], lr=0.05, max_steps=300, optimizer=nn.Adam),
}
ax = viz.surface(valley, x=(-2, 2), y=(-1, 3), paths=mine)
print({name: way.x.round(3) for name, way in mine.items()})
