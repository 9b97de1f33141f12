# %% [markdown]
# # Losses and where they come from
#
# A *loss* is one number that says how wrong a network is: learning is making it small. Why squares for prices and logarithms for classes?
# Because each is the same question, *how probable are these data?*, asked of another distribution. Fifteen minutes.

# %%
import numpy as np

import nn
import viz
from autograd import Tensor, Value, abs, exp, grad, log, log_softmax, sigmoid, softmax

# %% [markdown]
# ## 1. Squared error
#
# The first car of notebook 04 should cost $y = 0.45$. The line is what a prediction $\hat y$ costs. Where is its slope 0, and
# which sign has it to the left of that?

# %%
y = 0.45


def cost(prediction):
    return 0.5 * (y - prediction) ** 2


ax = viz.curve(cost, around=(-1, 2))

# %% [markdown]
# The slope is 0 where the prediction is right, and negative below: there a larger prediction costs less. With $J = \frac12 (y - \hat y)^2$,
# ∂J/∂ŷ = ?

# %%
prediction = Value(0.2023543)
J = nn.half_squared_error(prediction, y)
J.backward()
print(f"J = {J.data:.7f}   ∂J/∂ŷ = {prediction.grad:.7f}   ŷ - y = {prediction.data - y:.7f}")

# %% [markdown]
# The error itself, $\hat y - y$: the factor ½ is there to make it so. Lectures differ in what they do with several samples: they add up, take
# each sample by itself, or take the mean.

# %%
targets, predictions = [1.0, 2.0, 3.0, 4.0], [1.5, 1.5, 2.0, 5.0]
p = Tensor(predictions)
for name, loss in {
    "sum of halves      ": nn.half_squared_error(p, targets),
    "half, of one sample": nn.half_squared_error(p[:1], targets[:1]),
    "mean of squares    ": nn.mse_loss(p, targets),
}.items():
    p.grad = None
    loss.backward()
    print(f"{name} {loss.item():6}   gradient {p.grad}")

# %% [markdown]
# Sum or mean: which of them does not change when every sample is written down twice?

# %%
twice = Tensor(predictions * 2)
print("sum of halves      ", nn.half_squared_error(twice, targets * 2).item())
print("mean of squares    ", nn.mse_loss(twice, targets * 2).item())

# %% [markdown]
# The mean. For $n$ samples it is $2/n$ times the sum of halves, and so is its gradient: with a sum, the step has to be divided by $n$.
#
# ## 2. Gauss, and the square
#
# Why squares? Suppose that prices scatter around what the network says, $\hat y$, as a *Gaussian*. The line is how probable each $y$
# is. Someone observed $y = 1$. Where must $\hat y$ lie to make that as probable as can be?


# %%
def gauss(y, center=0.0):
    return exp(-0.5 * (y - center) ** 2) / np.sqrt(2 * np.pi)


ax = viz.curve(gauss)

# %% [markdown]
# At 1, of course: then the observation is at the top. That is the *maximum likelihood*. With many samples probabilities multiply, and it is
# easier to add logarithms; and one minimizes, so take the negative. What curve is that?


# %%
def surprise(y):
    return -log(gauss(y))


ax = viz.curve(surprise)

# %% [markdown]
# A parabola. $-\log p(y) = \frac12 (y - \hat y)^2 + \frac12\log 2\pi$, and a constant changes no slope: **the squared error is the
# negative log-likelihood of a Gaussian, up to a constant**.

# %%
for prediction in (0.0, 0.3, 2.0):
    constant = 0.5 * np.log(2 * np.pi)
    print(
        f"{-np.log(gauss(1.0, prediction)):.6f} = {nn.half_squared_error(1.0, prediction) + constant:.6f}"
    )

# %% [markdown]
# ## 3. Laplace, and the absolute value
#
# Another distribution, with a sharp top and heavy tails, $p(y) = \frac12 e^{-|y - \hat y|}$: large errors are less of a surprise to it.
# What is its loss?


# %%
def laplace(y):
    return 0.5 * exp(-abs(y))


def its_surprise(y):
    return -log(laplace(y))


ax = viz.curve(laplace, its_surprise)

# %% [markdown]
# The absolute error, $|y - \hat y| + \log 2$. (Left of 0 the Laplace curve, $\frac12 e^y$, is its own derivative: one line lies on the other.)
# Does it matter which one is chosen? Here are five prices, one of them a typing error. Which single number predicts them best, by the one
# loss and by the other?

# %%
prices = np.array([1.0, 1.2, 1.3, 1.5, 9.0])
by_squares = nn.gradient_descent(lambda c: nn.mse_loss([c] * 5, prices), 0.0)
by_absolutes = nn.gradient_descent(
    lambda c: nn.l1_loss([c] * 5, prices), 0.0, lr=0.01, max_steps=500
)
print(f"squares   {by_squares.x:.3f}   mean   {prices.mean():.3f}")
print(f"absolutes {by_absolutes.x:.3f}   median {np.median(prices):.3f}")

# %% [markdown]
# The mean goes after the typing error, the median does not care.
#
# ## 4. Bernoulli, and the binary cross-entropy
#
# Yes or no: $y$ is 1 or 0, and the network gives $\hat y$, the probability of 1. There is no scatter around it, but there is a probability of
# what was observed: $\hat y$ if it was 1, and $1 - \hat y$ if it was 0. The negative logarithms of both:


# %%
def if_yes(p):
    return -log(p)


def if_no(p):
    return -log(1 - p)


ax = viz.curve(if_yes, if_no, around=(0.001, 0.999))
ax.set_ylim(-4, 4)
label = ax.set_xlabel("predicted probability of yes")

# %% [markdown]
# Nothing is paid for certainty that is right, and without limit for certainty that is wrong. Both in one line,
#
# $$J = -\big(y \ln \hat y + (1 - y) \ln (1 - \hat y)\big),$$
#
# since one of the terms is always 0. Of several samples the mean is taken. Which of the four predictions costs most?

# %%
targets, predictions = [1.0, 0.0, 1.0, 0.0], [0.9, 0.2, 0.6, 0.7]
for y, p in zip(targets, predictions):
    print(f"y = {y:.0f}   ŷ = {p}   {nn.bce(p, y):.5f}")
print("mean:", round(nn.bce(Tensor(predictions), targets).item(), 5))

# %% [markdown]
# Now $\hat y = \sigma(z)$, and $y = 1$, so that $J = -\ln \hat y$. ∂J/∂ŷ = ? And ∂J/∂z = ?

# %%
z = Value(0.4)
p = sigmoid(z)
J = -log(p)
J.backward()
viz.draw(J)

# %%
print(f"∂J/∂ŷ = {p.grad:.5f}   -y/ŷ + (1-y)/(1-ŷ) = {-1 / p.data:.5f}")
print(f"∂J/∂z = {z.grad:.5f}   ŷ - y = {p.data - 1:.5f}")

# %% [markdown]
# All that logarithms and exponentials do cancels: the slope by the score is again **prediction minus target**. `nn.bce_with_logits` takes
# the score itself, and stays exact where $\hat y$ is rounded to 1. (With a hard step in place of $\sigma$, predictions are 0 or 1 and a wrong
# one costs infinitely much.)

# %%
for score in (-40.0, 0.0, 40.0):
    certain = Value(score)
    loss = nn.bce_with_logits(certain, 1.0)
    loss.backward()
    print(f"score {score:5}   loss {loss.data:.3g}   slope {certain.grad:.3g}")

# %% [markdown]
# ## 5. Categories, and the negative log-likelihood of softmax
#
# One of several classes. The answer is written as a vector with a single one:

# %%
right = [2, 0]  # the class of two samples, counted from 0
print(nn.one_hot(right, 3))

# %% [markdown]
# The network gives a score for each class, softmax makes probabilities of them, and the loss of a sample is minus the logarithm of the
# probability of its class. The columns of the picture are classes, the rows samples. Which sample costs more?

# %%
scores = Tensor([[1.0, 2.0, 3.0], [2.0, 0.0, -1.0]])
probabilities = softmax(scores)
loss = nn.cross_entropy(scores, right)
loss.backward()
viz.draw(probabilities)

# %%
print("each:", -np.log(probabilities.data[[0, 1], right]))
print(
    "mean:",
    loss.item(),
    "=",
    -np.mean(np.sum(nn.one_hot(right, 3) * np.log(probabilities.data), axis=1)),
)

# %% [markdown]
# The first: its class has 0.67, that of the second 0.84. The same twice: *categorical cross-entropy*,
# $-\frac1m \sum_i \sum_c y_{ic} \log \hat y_{ic}$, picks by its ones what the *negative log-likelihood* $-\log P(Y = y_i)$ looks up by its index.
#
# What does a network pay that knows nothing and gives all $K$ classes the same score? And the slope by the scores = ?

# %%
for K in (2, 3, 10):
    print(K, nn.cross_entropy(np.zeros((1, K)), [0]).item(), "log K =", np.log(K))
print(scores.grad)
print((probabilities.data - nn.one_hot(right, 3)) / 2)

# %% [markdown]
# $\log K$, and once more prediction minus target (over the number of samples).
#
# ## 6. Several labels at once
#
# If a picture may show a cat *and* a dog, each class is a question of its own: a sigmoid and a binary cross-entropy each, added over
# classes, averaged over samples. The outputs need not add up to 1.

# %%
f = Tensor([[2.0, -1.0, 0.5], [-0.5, 1.5, 0.0]])
labels = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
J = nn.multilabel_log_loss(sigmoid(f), labels)
J.backward()
print("J =", J.item())
print("slopes times samples:\n", 2 * f.grad)

# %% [markdown]
# One lecture prints this as $L_i = \sum_j y_{ij}\log\sigma(f_j) + (1 - y_{ij})\log(1 - \sigma(f_j))$ with the gradient $y_{ij} - \sigma(f_j)$. Both
# lines agree with each other. What is missing?

# %%
log_likelihood = np.sum(
    labels * np.log(sigmoid(f.data)) + (1 - labels) * np.log(sigmoid(-f.data)), axis=1
)
print("as printed:", log_likelihood, "  minus their mean:", -log_likelihood.mean())

# %% [markdown]
# The minus sign: as printed it is a likelihood, to be made large. Descent needs its negative.
#
# ## 7. A lower loss is a higher likelihood
#
# The same scores, less and more decided. Which explain the two samples best?

# %%
for scale in (0.5, 1.0, 2.0):
    loss = nn.cross_entropy(scale * scores.data, right)
    likelihood = np.prod(np.exp(log_softmax(scale * scores.data)[[0, 1], right]))
    print(f"scores times {scale}:   loss {loss:.4f}   likelihood of both samples {likelihood:.4f}")

# %% [markdown]
# ## 8. Log loss against squared error
#
# One may put a squared error behind a sigmoid, too. The right answer is 1, and the score goes from −8 to 8. Where is each of them steep?


# %%
def log_loss(z):
    return nn.bce_with_logits(z, 1.0)


def half_squared(z):
    return nn.half_squared_error(sigmoid(z), 1.0)


ax = viz.curve(log_loss, half_squared, around=(-8, 8))

# %% [markdown]
# At −6 the network is certain, and wrong. Log loss has a slope of almost −1 there and pulls it back; squared error is flat: the network is as
# wrong as can be and does not learn.

# %%
for score in (-6.0, -3.0, 0.0, 3.0):
    print(
        f"z = {score:4}   log loss' {grad(log_loss)(score):.4f}   half squared' {grad(half_squared)(score):.4f}"
    )

# %% [markdown]
# ## 9. Which loss
#
# | the answer | assumed distribution | last layer | loss |
# |---|---|---|---|
# | a quantity | Gauss | linear | `nn.mse_loss` |
# | a quantity, with outliers | Laplace | linear | `nn.l1_loss`, or `nn.huber_loss` between both |
# | yes or no | Bernoulli | a linear score | `nn.bce_with_logits` |
# | one of K classes | categorical | K linear scores | `nn.cross_entropy` |
# | several labels | K times Bernoulli | K linear scores | `nn.bce_with_logits` |
#
# Is there anything else to change when one neuron becomes K, or when layers are added? Nothing. The same call trains all:

# %%
X, classes = np.random.default_rng(0).normal(size=(60, 2)), np.arange(60) % 3
X += np.array([[0, 3], [3, -2], [-3, -2]])[classes]
for net, loss, y in [
    (nn.Linear(2, 1, rng=0), nn.bce_with_logits, (classes == 0)[:, None] * 1.0),
    (nn.Linear(2, 3, rng=0), nn.cross_entropy, classes),
    (
        nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 3, rng=1)),
        nn.cross_entropy,
        classes,
    ),
]:
    history = nn.fit(
        net, (X, y), loss=loss, optimizer=nn.Adam(net.parameters(), lr=0.05), epochs=40, seed=0
    )
    print(
        f"{type(net).__name__:10} {len(net.parameters())} arrays   loss {history['loss'][0]:.3f} -> {history['loss'][-1]:.3f}"
    )

# %%
ax = viz.boundary(net, X, classes)

# %% [markdown]
# ## Change this and run again
#
# A distribution of your own. Its loss is minus its logarithm; what does it think of an error of 3? The *Cauchy* distribution below hardly
# minds.


# %%
def cauchy(y):
    return 1 / (np.pi * (1 + y**2))


def cauchy_loss(y):
    return -log(cauchy(y))


ax = viz.curve(cauchy_loss, surprise)
