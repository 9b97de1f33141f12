# %% [markdown]
# # Neurons
#
# A neuron takes several numbers and gives one. What does each part of it do, why was its hard step replaced by a soft one, and why does
# it need a bias? Ten minutes.

# %%
import numpy as np

import nn
import viz
from autograd import sigmoid, step, tanh

# %% [markdown]
# ## 1. The picnic
#
# Will the picnic happen? Three questions are answered with 0 or 1: is the weather good, do friends come, is it near? The weather counts
# most. The neuron adds up what counts and compares the sum with 7.

# %%
picnic = nn.Perceptron([6, 2, 3], threshold=7)
viz.network(picnic, [1, 0, 1])

# %% [markdown]
# The weather is good (6), no friends come (0), it is near (3). The sum 9 is greater than 7: the neuron gives 1. As a formula,
#
# $$\hat y = \begin{cases} 1 & \text{if } \sum_j w_j x_j > \text{threshold} \\ 0 & \text{otherwise.} \end{cases}$$
#
# For how many of the eight possible answers does the picnic happen? Guess before you look at the answers below.

# %%
for weather in (0, 1):
    for friends in (0, 1):
        for near in (0, 1):
            answer = picnic([weather, friends, near]).data
            print(
                f"weather {weather}  friends {friends}  near {near}   sum {6 * weather + 2 * friends + 3 * near:2}   {answer:.0f}"
            )

# %% [markdown]
# Three: the weather has to be good, and one of the others as well. Note the word *greater*: a sum of exactly 7 does not fire.
#
# The same neuron can be written with a **bias** in place of the threshold: $\sum_j w_j x_j + b > 0$ with $b = -7$. It is the same comparison
# with everything on one side. In the picture the bias is the small square; it is orange, for it is negative.

# %%
same = nn.Perceptron([6, 2, 3], bias=-7)
every = [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
print([same(x).data == picnic(x).data for x in every])
print("exactly at the threshold:", nn.Perceptron([1], threshold=7)([7]).data)

# %% [markdown]
# ## 2. What is borrowed from biology
#
# The name is an analogy, and a loose one. In the picture of the picnic, from left to right:
#
# | in a nerve cell | in the picture | in the code |
# |---|---|---|
# | dendrites: many inputs | circles on the left | `x`, a list of numbers |
# | synapses: each scales its signal, and changes with experience | the lines, wider for a larger weight | `picnic.w`, found by learning |
# | the cell body adds up, and fires past a threshold | the last circle, and the square beside it | `picnic.b` is minus the threshold; `step` |
# | axon: one output | the number in that circle | `picnic(x)` |

# %%
print("synapses: ", [w.data for w in picnic.w])
print("threshold:", -picnic.b.data)
print("fires at a sum of 8:", picnic([1, 1, 0]).data, " at a sum of 5:", picnic([0, 1, 1]).data)

# %% [markdown]
# The most useful trait of the cell is in the second row: it *changes with experience*. So far nobody changed anything. How would a
# neuron find its weights by itself?

# %% [markdown]
# ## 3. A step gives no hint
#
# To learn, one asks: if this weight were a little larger, would the answer be better? Here is the answer of the picnic neuron, in blue,
# while the weight of the weather goes from 0 to 12, with good weather and a near place.


# %%
def fires(weather_weight):
    return step(weather_weight * 1 + 2 * 0 + 3 * 1 - 7)


ax = viz.curve(fires, around=(0, 12))

# %% [markdown]
# ∂answer/∂weight = ? It is 0 everywhere and does not exist at the jump: a slightly different weight changes nothing at all, or everything
# at once. There is nothing to follow. The engine refuses to pretend:

# %%
try:
    picnic([1, 0, 1]).backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# ## 4. The sigmoid neuron
#
# Replace the step by a curve that has a slope everywhere: $\sigma(z) = \dfrac{1}{1 + e^{-z}}$ with $z = w \cdot x + b$.


# %%
def answers(weather_weight):
    return sigmoid(weather_weight * 1 + 2 * 0 + 3 * 1 - 7)


ax = viz.curve(fires, answers, around=(0, 12))

# %% [markdown]
# The orange curve is the new neuron and the orange dashes are its slope. It still says nearly 0 far on the left and nearly 1 far on the
# right. Between them a small change of the weight makes a small change of the answer, and its slope says how small. That is why the
# sigmoid beats the step: **it can be improved little by little**.

# %%
neuron = nn.Neuron(3, "sigmoid", weights=[6, 2, 3], bias=-7)
answer = neuron([1, 0, 1])
answer.backward()
viz.draw(answer)

# %% [markdown]
# Now each weight has a gradient, in red. One of them is 0. Whose, and why?

# %%
print([w.grad for w in neuron.w])

# %% [markdown]
# That of the friends: they do not come, $x_2 = 0$, so their weight plays no part in this answer. In general
# $\partial \hat y/\partial w_j = \sigma'(z)\, x_j$: a weight matters as much as its input.

# %% [markdown]
# ## 5. One neuron learns
#
# Two samples with their answers, a neuron, and a *loss*: one number that is large where the neuron is wrong. `nn.bce` is one for answers
# of 0 and 1 (notebook 05 says where it comes from). The gradient has an entry for each weight and one more, the last, for the bias: it is
# a parameter like the others. Each parameter is about to go a little against its slope. Which of them will grow?

# %%
X, y = [[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]], [1.0, 0.0]
neuron = nn.Neuron(3, "sigmoid", weights=[0.5, -1.0, 0.25], bias=0.1)
loss = nn.bce([neuron(x) for x in X], y)
loss.backward()
print(f"loss {loss.data:.5f}")
for name, p in neuron.named_parameters():
    print(f"∂loss/∂{name} = {p.grad:+.5f}")

# %% [markdown]
# Those with a negative slope: the first weight, the third, and the bias by a hair. Here is the step, half as long as the gradient:

# %%
for name, p in neuron.named_parameters():
    p.data -= 0.5 * p.grad
    print(f"{name} is now {p.data:+.4f}")
print(f"loss {nn.bce([neuron(x) for x in X], y).data:.5f}")

# %% [markdown]
# Measure, then change, and again: predict, look at the loss, move every parameter a little against its slope. `nn.fit` does that. `nn.SGD` is
# the rule of the step, `lr` its length, the *learning rate*, and an *epoch* is one pass over all samples.

# %%
history = nn.fit(
    neuron, (X, y), loss=nn.bce, optimizer=nn.SGD(neuron.parameters(), lr=0.5), epochs=100
)
print(history)
print("answers now:", [round(neuron(x).data, 3) for x in X], "for", y)

# %% [markdown]
# That was not the aim. The aim is to recover, from a finite *sample* of pairs $(x_i, y_i)$, a function that holds for others, too. The answers
# above follow a rule that the neuron was not told: 1 if the first number is greater than the second, 0 otherwise. Ask it about an $x$ that it
# has not seen, and then about a thousand. How often will it be right?


# %%
def truth(x):
    return (x[:, 0] > x[:, 1]) * 1.0


def share_right():
    return np.mean([(neuron(x).data > 0.5) == answer for x, answer in zip(new, truth(new))])


new = np.random.default_rng(0).normal(size=(1000, 3))
print("0.8 is greater than 0.1, and the neuron says", round(neuron([0.8, 0.1, 1.5]).data, 3))
print(f"right about {share_right():.0%} of a thousand")
print("weights:", [round(w.data, 2) for w in neuron.w])

# %% [markdown]
# A coin would be right about half. The largest weight is the third, for in both samples the third number happened to go with the answer, and
# the rule does not even ask for it. What helps is more samples:

# %%
more = np.random.default_rng(1).normal(size=(100, 3))
optimizer = nn.SGD(neuron.parameters(), lr=0.5)
nn.fit(neuron, (more, truth(more)), loss=nn.bce, optimizer=optimizer, epochs=50, seed=0)
print(f"after a hundred samples: right about {share_right():.0%}")
print("weights:", [round(w.data, 2) for w in neuron.w])

# %% [markdown]
# Now the first two weights are large, of opposite signs, and the third is near 0: that is the rule.
#
# ## 6. Why a bias
#
# Say a car counts as worn, +1, once it has run more than 50,000 km, and as fresh, −1, before. On some scale that is 0.7. A neuron without a
# bias, $\tanh(w x)$, can be made steeper or flatter. Can it be moved to 0.7?


# %%
def without_bias(x):
    return tanh(3 * x)


def with_bias(x):
    return tanh(3 * x - 2.1)


ax = viz.curve(without_bias, with_bias, around=(-1, 2))
mark = ax.axvline(0.7, color="gray", linestyle=":")

# %% [markdown]
# Never: $\tanh(w \cdot 0) = 0$ whatever $w$ is. With a bias the middle of the curve is where $wx + b = 0$, at $x = -b/w = 2.1/3$:
# the same curve, and the same slope, moved to the right.
#
# Both learn the same six points, −1 below 0.7 and 1 above:

# %%
x = np.array([[0.1], [0.3], [0.6], [0.8], [1.1], [1.4]])
y = np.sign(x - 0.7)
for bias in (False, True):
    model = nn.Sequential(nn.Linear(1, 1, bias=bias, rng=0), nn.Tanh())
    nn.fit(
        model,
        (x, y),
        loss=nn.mse_loss,
        optimizer=nn.Adam(model.parameters(), lr=0.1),
        epochs=300,
        seed=0,
    )
    ax = viz.boundary(model, x, y)
    title = ax.set_title("with a bias" if bias else "without a bias")

# %% [markdown]
# ## Change this and run again
#
# Give the picnic a fourth question: is there an exam tomorrow? It counts against it. Does the picnic still happen?

# %%
busy = nn.Perceptron([6, 2, 3, -4], threshold=7)
viz.network(busy, [1, 0, 1, 1])

# %% [markdown]
# And move the curve. Where does its middle go when `w` is doubled and `b` stays? When both are doubled?

# %%
w, b = 5.0, 2.0


def yours(x):
    return tanh(w * x + b)


ax = viz.curve(yours, around=(-3, 3))
print("the middle is at", -b / w)
