# %% [markdown]
# # Activations and their derivatives
#
# What a neuron does with its weighted sum $z$ is its *activation* $\varphi$. The forward pass needs $\varphi(z)$, the backward pass needs
# $\varphi'(z)$: each plot shows the function as a line and its derivative as dashes. Fifteen minutes.

# %%
import numpy as np

import nn
import viz
from autograd import Value, elu, grad, jacobian, leaky_relu, relu, sigmoid, softmax, tanh

# %% [markdown]
# ## 1. Sigmoid
#
# Where is it steepest, and how steep is it there? Guess before you read the dashed curve.

# %%
ax = viz.curve(sigmoid, around=(-8, 8))

# %% [markdown]
# At 0, where the slope is ¼. With $\varphi(z) = \dfrac{1}{1 + e^{-z}}$ the derivative needs no new exponential:
#
# $$\varphi'(z) = \varphi(z)\,(1 - \varphi(z)).$$

# %%
for z in (-5.0, -1.0, 0.0, 1.0, 5.0):
    s = sigmoid(z)
    print(f"z = {z:4}   φ = {s:.6f}   φ' = {grad(sigmoid)(z):.6f}   φ(1 - φ) = {s * (1 - s):.6f}")

# %% [markdown]
# Its values lie between 0 and 1, so that they can be read as a probability: it is the usual output for a question with two answers.
# Inside of a network it is rare, for a reason that the next two plots show.

# %% [markdown]
# ## 2. Hyperbolic tangent
#
# The same shape, from −1 to 1. What is its largest slope?

# %%
ax = viz.curve(tanh, around=(-8, 8))

# %% [markdown]
# It is 1, four times that of the sigmoid. $\varphi(z) = \dfrac{e^z - e^{-z}}{e^z + e^{-z}}$ and $\varphi' = 1 - \varphi^2$. It is symmetric,
# $\tanh(-z) = -\tanh(z)$, so that what it gives is spread around 0. In practice it nearly always serves better than the sigmoid.

# %%
for z in (-2.0, 0.0, 0.5, 2.0):
    t = tanh(z)
    print(f"z = {z:4}   φ = {t:+.6f}   φ' = {grad(tanh)(z):.6f}   1 - φ² = {1 - t**2:.6f}")

# %% [markdown]
# ## 3. Saturation
#
# Far from 0 both are flat. A slide says that their derivative is 0 there. Is it?

# %%
for z in (0.0, 2.0, 5.0, 10.0, 20.0):
    print(f"z = {z:4}   sigmoid' = {grad(sigmoid)(z):.3g}   tanh' = {grad(tanh)(z):.3g}")

# %% [markdown]
# Small, never 0. But small is bad enough: the backward pass multiplies by it. A neuron whose sum is far from 0 is *saturated*, and hardly
# anything before it learns. The pass says so by itself:

# %%
x, w = Value(1.0), Value(10.0)
y = sigmoid(w * x)
print(viz.step(y, phase="backward"))

# %% [markdown]
# ## 4. ReLU
#
# The *rectified linear unit* cuts off what is negative. Its derivative has two values. Which, and what is it at 0?

# %%
ax = viz.curve(relu)

# %% [markdown]
# $\varphi(z) = \max(0, z)$; 0 on the left, 1 on the right, and at 0 there is none: either may be chosen. It is 0 here unless you ask for 1.

# %%
for z in (-2.0, -0.5, 0.0, 0.5, 2.0):
    print(
        f"z = {z:4}   φ = {relu(z):3}   φ' = {grad(relu)(z):3}   at_zero=1: {grad(lambda z: relu(z, at_zero=1.0))(z):3}"
    )

# %% [markdown]
# It is cheap, it never saturates on the right, and it is the most used inside of networks. On the left it passes nothing back at all: a
# neuron that is negative for every sample is *dead*. Notebook 08 kills one.

# %% [markdown]
# ## 5. Modifications of ReLU
#
# Both let something through on the left. Which of the two has a derivative without a jump?

# %%
ax = viz.curve(relu, leaky_relu, elu, around=(-3, 1.5))

# %% [markdown]
# *Leaky ReLU* is $\max(0.01z, z)$, a line with a slope of 0.01 on the left (or another small one). *ELU*, the exponential linear unit, is
# $z$ on the right and $e^z - 1$ on the left: its slope grows to 1 and arrives there without a jump.

# %%
print("leaky_relu(-2)          ", leaky_relu(-2.0), "  slope", grad(leaky_relu)(-2.0))
print("leaky_relu(-2, slope=.2)", leaky_relu(-2.0, slope=0.2))
print("elu(-1)                 ", round(elu(-1.0), 4), "  slope", round(grad(elu)(-1.0), 4))
print("elu(-1e-9), elu'(-1e-9) ", elu(-1e-9), grad(elu)(-1e-9))

# %% [markdown]
# ## 6. No activation
#
# The identity, $\varphi(z) = z$ with $\varphi' = 1$, belongs at the end of a network that predicts a quantity: a tanh there could never say 17.
# Inside of a network it makes no sense. Here are two layers without an activation, and three numbers that go through:

# %%
W1, b1 = [[1.0, 0.0, 3.0], [2.0, -1.0, 1.0]], [0.5, -1.0]  # a row for each neuron
W2, b2 = [[2.0, -1.0]], [0.25]
two = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
two.load_state_dict({"0.weight": W1, "0.bias": b1, "1.weight": W2, "1.bias": b2})
X = [[1.0, 2.0, 3.0], [-1.0, 0.0, 2.0]]
viz.network(two, X[0])

# %% [markdown]
# How many layers does one need for the same function? One: $W_2(W_1x + b_1) + b_2 = (W_2W_1)x + (W_2b_1 + b_2)$.

# %%
one = nn.Linear(3, 1)
one.load_state_dict({"weight": np.matmul(W2, W1), "bias": np.matmul(W2, b1) + b2})
print("merged weights", one.weight.data, "bias", one.bias.data)
print("two layers", two(X).data.ravel(), "   one layer", one(X).data.ravel())

# %% [markdown]
# ## 7. Softmax
#
# For one of several classes the network gives a score for each, and *softmax* makes probabilities of them. Here two scores are 1 and 2, and
# the third goes from −4 to 8. Where do the lines of `second` and `third` meet?


# %%
def first(z):
    return softmax([1.0, 2.0, z])[0]


def second(z):
    return softmax([1.0, 2.0, z])[1]


def third(z):
    return softmax([1.0, 2.0, z])[2]


ax = viz.curve(first, second, third, around=(-4, 8))
limits = ax.set_ylim(-0.3, 1.05)

# %% [markdown]
# At 2, where the scores are equal. The formula:
#
# $$\mathrm{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}.$$
#
# All are above 0, and they add up to 1. What happens if 1000 is added to every score?

# %%
s = softmax(np.array([1.0, 2.0, 3.0]))
print(s, "sum", s.sum())
print(softmax(np.array([1001.0, 1002.0, 1003.0])))

# %% [markdown]
# Nothing: only differences count. ($e^{1003}$ is more than a computer can hold; the largest score is subtracted from all first.)
#
# ## 8. The Jacobian of softmax
#
# Each output depends on each input: nine derivatives for three classes. Red is positive, blue negative. Why is each row blue but for one?

# %%
J = jacobian(softmax)(np.array([1.0, 2.0, 3.0]))
ax = viz.images([J])
print(J.round(4))

# %% [markdown]
# A higher score raises its own probability and takes from all others:
#
# $$\frac{\partial s_i}{\partial x_j} = \begin{cases} s_i(1 - s_i) & i = j \\ -s_i s_j & i \neq j \end{cases}$$
#
# What do the numbers in a row add up to? (What happened when 1000 was added to every score?)

# %%
assert np.allclose(J, np.diag(s) - np.outer(s, s), rtol=1e-12)
print("sums of rows:", J.sum(axis=1).round(15))

# %% [markdown]
# ## 9. Which where
#
# | place | activation | why |
# |---|---|---|
# | inside | ReLU and its kin, or tanh | slopes that do not die away; tanh rather than sigmoid |
# | output, a quantity | none | it may be any number |
# | output, yes or no | sigmoid | a probability |
# | output, one of several classes | softmax | probabilities that add up to 1 |
#
# (The loss that goes with each output is in notebook 05, section 9.)
#
# What a ReLU gives is no probability, for it has no upper limit. A loss that expects one says so:

# %%
for activation in (sigmoid, relu):
    try:
        print(activation.name, nn.bce(activation(Value(2.5)), 1.0).data)
    except ValueError as error:
        print(activation.name, "refused:", error)

# %% [markdown]
# ## Change this and run again
#
# Draw an activation of your own. Is its derivative where you expect it? Does it saturate? Is there a kink?


# %%
def swish(z):
    return z * sigmoid(z)


ax = viz.curve(swish)
