# %% [markdown]
# # Backpropagation by hand
#
# The network that prices cars is wrong. Which of its 17 weights are to blame, and how much? This notebook derives the answer with pencil and
# paper, as the lectures do, compares every number with the engine, and lets `check_gradients` judge what is printed on the slides: some of it
# is wrong. Fifteen minutes.

# %%
import numpy as np

import nn
import viz
from autograd import (
    GradientError,
    Scope,
    Tensor,
    Value,
    backprop,
    check_gradients,
    log,
    sigmoid,
    sum,
    tanh,
)

# %% [markdown]
# ## 1. The question
#
# One car, and the price that was paid, $y = 0.45$. The network says almost 0, and the cost $J$ is half the squared difference, the last
# box. Under *grad* each box says how fast the cost changes with its numbers: that is to be found by hand, from the end to the beginning.
# (Blue numbers are positive, orange ones negative, and a number on an arrow is a slope. The car $X$ and the price $y$ are given, so they have
# no gradient.)

# %%
X = Tensor([[1.4, -1.0, 0.4]], constant=True, name="X")
y = Tensor([[0.45]], constant=True, name="y")
W1 = Tensor([[0.01, 0.05, 0.07], [0.2, 0.041, 0.11], [0.04, 0.56, 0.13]], name="W1")
W2 = Tensor([[0.04, 0.78], [0.4, 0.45], [0.65, 0.23]], name="W2")
W3 = Tensor([[0.04], [0.41]], name="W3")

Z2 = X @ W1
a2 = tanh(Z2)
Z3 = a2 @ W2
a3 = tanh(Z3)
Z4 = a3 @ W3
a4 = tanh(Z4)
with Scope("J, half the squared error"):  # four nodes, drawn as one box
    J = sum(0.5 * (y - a4) ** 2)
J.backward()
viz.draw(J, detail=1)

# %% [markdown]
# ## 2. The last delta
#
# $J = \frac12 (y - \hat y)^2$ and $\hat y = \tanh Z^{(4)}$. ∂J/∂ŷ = ? ∂ŷ/∂Z⁽⁴⁾ = ?

# %%
error = a4.data - y.data
slope = 1 - np.tanh(Z4.data) ** 2
print("∂J/∂ŷ = -(y - ŷ) =", error, "   ∂ŷ/∂Z4 = 1 - tanh² =", slope)

# %% [markdown]
# Their product is how fast the cost changes with the *sum* of the last neuron. It has a name, $\delta^{(4)}$:
#
# $$\delta^{(4)} = -(y - \hat y)\,(1 - \tanh^2 Z^{(4)}).$$

# %%
delta4 = error * slope
print(delta4, "and the engine's:", Z4.grad)

# %% [markdown]
# ## 3. One layer back
#
# $Z^{(4)} = a^{(3)} W_3$ and $a^{(3)} = \tanh Z^{(3)}$. Each of the two neurons before sends its number through *its* weight. So
# $\delta^{(3)}$ = ?

# %%
delta3 = (delta4 @ W3.data.T) * (1 - np.tanh(Z3.data) ** 2)
delta2 = (delta3 @ W2.data.T) * (1 - np.tanh(Z2.data) ** 2)
print("δ3", delta3, "  engine", Z3.grad)
print("δ2", delta2, "  engine", Z2.grad)

# %% [markdown]
# The delta comes back through the weights, turned around, and is multiplied by the slope of each neuron, number by number ($\circ$):
#
# $$\delta^{(3)} = (\delta^{(4)} W_3^T) \circ (1 - \tanh^2 Z^{(3)}), \qquad \delta^{(2)} = (\delta^{(3)} W_2^T) \circ (1 - \tanh^2 Z^{(2)}).$$
#
# Nothing behind a delta was differentiated again: that is why it has a name. And it has the shape of its $Z$.
#
# ## 4. From deltas to weights
#
# A weight multiplies what comes into it. ∂J/∂W₃ = ?

# %%
by_hand = {"W3": a3.data.T @ delta4, "W2": a2.data.T @ delta3, "W1": X.data.T @ delta2}
for name, gradient in by_hand.items():
    print(f"∂J/∂{name}\n{gradient.round(8)}")

# %% [markdown]
# $$\frac{\partial J}{\partial W_3} = a^{(3)T} \delta^{(4)}, \qquad \frac{\partial J}{\partial W_2} = a^{(2)T} \delta^{(3)}, \qquad
# \frac{\partial J}{\partial W_1} = X^T \delta^{(2)}.$$
#
# The same as the engine's? Compare, to twelve digits:

# %%
for name, W in {"W3": W3, "W2": W2, "W1": W1}.items():
    print(name, np.allclose(by_hand[name], W.grad, rtol=1e-12))

# %% [markdown]
# How many boxes does the backward pass visit, from $J$ to the weights? (The last box of the picture holds four.) And at how many of them does
# it apply a rule?

# %%
visits = list(backprop(J))
print("visited:", len(visits), "  a rule applied:", len([v for v in visits if v.contributions]))

# %% [markdown]
# 13, each once, however many paths lead through it; the three weights only receive.
#
# ## 5. A formula of the slide
#
# The slide prints $\delta^{(3)} = \delta^{(4)} W_3 \cdot 1 - \tanh^2(Z^{(3)})$. Here it is, symbol by symbol, with $W_3$ transposed, for else the
# shapes do not fit. What is different from section 3, and how far off will the numbers be?

# %%
literal = delta4 @ W3.data.T * 1 - np.tanh(Z3.data) ** 2
print("of section 3    ", delta3)
print("as it is printed", literal)

# %% [markdown]
# The brackets around $1 - \tanh^2$ are missing. One number is nearly right and the other is 80 % too large, but both signs are right, which makes
# it dangerous: with such deltas the network may even learn. Does it, on this one car?

# %%
w1, w2, w3 = W1.data, W2.data, W3.data
for _ in range(500):
    h2 = np.tanh(X.data @ w1)
    h3 = np.tanh(h2 @ w2)
    out = np.tanh(h3 @ w3)
    d4 = (out - y.data) * (1 - out**2)
    d3 = d4 @ w3.T * 1 - h3**2
    d2 = d3 @ w2.T * 1 - h2**2
    w1, w2, w3 = w1 - 0.1 * X.data.T @ d2, w2 - 0.1 * h2.T @ d3, w3 - 0.1 * h3.T @ d4
print(f"J = {J.item():.2f} -> {0.5 * (y.data - out).item() ** 2:.0e}")

# %% [markdown]
# It does, so no training curve would tell. `check_gradients` takes a function and what is said to be its gradient, and measures. Its report calls
# what is on trial *the engine*, here the printed gradient; the *reference* comes from differences of the cost alone, and ± is how much it may be
# off. *Order* 1 is the first derivative, and *probed* says how many of the weights were tried.


# %%
def cost(w2):
    return 0.5 * np.sum((y.data - np.tanh(np.tanh(a2.data @ w2) @ W3.data)) ** 2)


def as_printed(w2):
    z3 = a2.data @ w2
    d4 = (np.tanh(np.tanh(z3) @ W3.data) - y.data) * (1 - np.tanh(np.tanh(z3) @ W3.data) ** 2)
    return a2.data.T @ (d4 @ W3.data.T * 1 - np.tanh(z3) ** 2)


try:
    check_gradients((cost, as_printed), W2.data)
except GradientError as error:
    print(error)

# %% [markdown]
# With brackets it passes:


# %%
def with_brackets(w2):
    z3 = a2.data @ w2
    d4 = (np.tanh(np.tanh(z3) @ W3.data) - y.data) * (1 - np.tanh(np.tanh(z3) @ W3.data) ** 2)
    return a2.data.T @ ((d4 @ W3.data.T) * (1 - np.tanh(z3) ** 2))


print(check_gradients((cost, with_brackets), W2.data))

# %% [markdown]
# ## 6. Five cars
#
# The slides also print $\delta^{(4)} \cdot a^{(3)}$, in the order of single numbers. With five rows in each, what does NumPy say to that?

# %%
five = np.array([[1.4, -1, 0.4], [0.4, -1, 0.1], [5.4, -1, 4.0], [1.5, -1, 1.0], [1.8, 1, 1.0]])
paid = np.array([[0.45], [0.52], [0.25], [0.31], [0.35]])  # the first is the lecture's
A2 = np.tanh(five @ W1.data)
A3 = np.tanh(A2 @ W2.data)
A4 = np.tanh(A3 @ W3.data)
d4 = (A4 - paid) * (1 - A4**2)
try:
    d4 @ A3
except ValueError as error:
    print(error)

# %% [markdown]
# A product needs as many columns on the left as rows on the right: δ4 has 1 column, $a^{(3)}$ has 5 rows. Shapes are the cheapest check there
# is. Turned around, $a^{(3)T}\delta^{(4)}$ has the shape of $W_3$, and adds up what the five cars want.

# %%
d3 = (d4 @ W3.data.T) * (1 - A3**2)
d2 = (d3 @ W2.data.T) * (1 - A2**2)
steps = {"W1": five.T @ d2, "W2": A2.T @ d3, "W3": A3.T @ d4}
print("δ4", d4.ravel())
print("∂J/∂W2\n", steps["W2"])

# %% [markdown]
# Now one update: every weight goes a little against its gradient. The cost is a *sum* over cars, so the step is divided by their number, and
# so stays the same if each car is listed twice: $W := W - \alpha\,\frac1n \frac{\partial J}{\partial W}$.


# %%
def prediction(w1, w2, w3):
    return np.tanh(np.tanh(np.tanh(five @ w1) @ w2) @ w3)


before = [W1.data, W2.data, W3.data]
after = [W - 0.1 / 5 * steps[name] for name, W in zip(steps, before)]
for weights in (before, after):
    print("J =", 0.5 * np.sum((paid - prediction(*weights)) ** 2))

# %% [markdown]
# The cost fell. Which weight went farthest, and why that one?

# %%
for name, old, new in zip(steps, before, after):
    print(f"added to {name}\n{(new - old).round(4)}")

# %% [markdown]
# That from the mileage to the first neuron, by 0.0087. The step of a weight is the sum over cars of its input times δ, and the mileage is the largest of all
# inputs.
#
# ## 7. The four equations
#
# Another lecture stands samples upright, has biases, and writes it all in four lines, for any network. Its $s^l$ are the sums of layer $l$, $Z$
# above; $L$ is the last layer, $\sigma'$ the slope of the activation, and $\nabla_{\hat y} J$ the column of all ∂J/∂ŷ:
#
# $$\delta^L = \nabla_{\hat y} J \circ \sigma'(s^L), \quad \delta^l = \big((W^{l+1})^T \delta^{l+1}\big) \circ \sigma'(s^l), \quad
# \frac{\partial J}{\partial b^l_j} = \delta^l_j, \quad \frac{\partial J}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j.$$
#
# Here they are for 2 inputs, 3 hidden and 2 output neurons, all sigmoids, with log loss. How many numbers will the gradient of each weight matrix
# and of each bias have?

# %%
w2, b2 = np.array([[0.3, -0.5], [0.8, 0.2], [-0.4, 0.6]]), np.array([0.1, -0.1, 0.05])
w3, b3 = np.array([[0.7, -0.3, 0.2], [-0.6, 0.5, 0.9]]), np.array([0.02, -0.03])
x, target = np.array([0.5, -1.5]), np.array([1.0, 0.0])

h = sigmoid(w2 @ x + b2)
out = sigmoid(w3 @ h + b3)
gradient_of_J = -target / out + (1 - target) / (1 - out)
delta_3 = gradient_of_J * out * (1 - out)
delta_2 = (w3.T @ delta_3) * h * (1 - h)
print("∂J/∂b3", delta_3, "\n∂J/∂W3\n", np.outer(delta_3, h))
print("∂J/∂b2", delta_2, "\n∂J/∂W2\n", np.outer(delta_2, x))

# %% [markdown]
# As many as what it belongs to: 2 × 3 and 2, 3 × 2 and 3. The gradient of a bias is the delta itself. Are the numbers right? Layers give the same;
# their weights, too, have a row for each neuron:

# %%
net = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 2), nn.Sigmoid())
net.load_state_dict({"0.weight": w2, "0.bias": b2, "2.weight": w3, "2.bias": b3})
nn.multilabel_log_loss(net(x[None]), target[None]).backward()
for p, by_hand in zip(
    net.parameters(), [np.outer(delta_2, x), delta_2, np.outer(delta_3, h), delta_3]
):
    print(p.shape, np.allclose(p.grad, by_hand, rtol=1e-12))

# %% [markdown]
# ## 8. A third lecture
#
# $Y_n = W_n X_{n-1}$ are the sums of layer $n$, $X_n = F(Y_n)$ what it gives, with an activation $F$, here tanh, and no biases. The error is
# $E = \frac12 (D - M)^2$: $D$ is what was desired, $M$ what the network gives. For the last sum, $y$, it prints
# $\partial E/\partial y = f'(y)\,(D - M)$, where $f'$ is the slope of $F$. What is wrong with it?

# %%
w_1, w_2 = np.array([[0.2, -0.4], [0.5, 0.3]]), np.array([[0.6, -0.1]])
x_0, D = np.array([1.0, 2.0]), 0.8
x_1 = np.tanh(w_1 @ x_0)
y_2 = (w_2 @ x_1).item()


def E(y_2):
    return 0.5 * (D - np.tanh(y_2)) ** 2


def printed(y_2):
    return (1 - np.tanh(y_2) ** 2) * (D - np.tanh(y_2))


try:
    check_gradients((E, printed), y_2)
except GradientError as error:
    print(error)

# %% [markdown]
# The sign. $D$ comes with a minus in $D - M$, and the chain rule keeps it: $f'(y)(M - D)$. From there the matrix form of the same lecture leads
# back: $\partial E/\partial X_{n-1} = W_n^T\, \partial E/\partial Y_n$ and $\partial E/\partial W_n = (\partial E/\partial Y_n) X_{n-1}^T$. What happens if one descends
# with the printed sign?


# %%
def error_of(w_1, w_2):
    return E(w_2 @ np.tanh(w_1 @ x_0)).item()


for sign, name in [(1, "M - D"), (-1, "D - M, as printed")]:
    dY2 = sign * -printed(w_2 @ x_1)
    dY1 = (w_2.T @ dY2) * (1 - x_1**2)
    moved = error_of(w_1 - 0.5 * np.outer(dY1, x_0), w_2 - 0.5 * np.outer(dY2, x_1))
    print(f"E = {error_of(w_1, w_2):.4f} -> {moved:.4f}   with {name}")

# %% [markdown]
# ## 9. One weight at a time
#
# The last lecture asks for one derivative after another, in a net with a sigmoid output and $J = -\ln \hat y$ for $y = 1$. Here is its smallest
# cousin, one hidden neuron. Press Next (›): each step asks *you* for the contribution before it shows it.

# %%
x1, w11, b1, w1, b = Value(1.0), Value(0.5), Value(0.1), Value(-0.8), Value(0.2)
z1 = w11 * x1 + b1
a1 = tanh(z1)
z = w1 * a1 + b
J = -log(sigmoid(z))
viz.step(J, guess=True, phase="backward")

# %% [markdown]
# In symbols: $\frac{\partial J}{\partial z} = \hat y - y$, and then
# $\frac{\partial J}{\partial w_1} = \frac{\partial J}{\partial z} a_1$, $\;\frac{\partial J}{\partial b} = \frac{\partial J}{\partial z}$,
# $\;\frac{\partial J}{\partial z_1} = \frac{\partial J}{\partial z} w_1 \varphi'(z_1)$,
# $\;\frac{\partial J}{\partial w_{11}} = \frac{\partial J}{\partial z_1} x_1$, $\;\frac{\partial J}{\partial b_1} = \frac{\partial J}{\partial z_1}$.

# %%
J.backward()
dz = sigmoid(z.data) - 1
dz1 = dz * w1.data * (1 - a1.data**2)
for name, node, by_hand in [
    ("w1", w1, dz * a1.data),
    ("b", b, dz),
    ("z1", z1, dz1),
    ("w11", w11, dz1 * 1.0),
    ("b1", b1, dz1),
]:
    print(f"∂J/∂{name:4} {node.grad:+.8f}  by hand {by_hand:+.8f}")

# %% [markdown]
# ## 10. All weights and samples at once
#
# With $m$ samples as columns those derivatives become matrices, and the loss is a mean:
#
# $$dZ^{[2]} = A^{[2]} - Y,\quad dW^{[2]} = \tfrac1m dZ^{[2]} A^{[1]T},\quad dZ^{[1]} = W^{[2]T} dZ^{[2]} \circ \varphi'(Z^{[1]}),\quad dW^{[1]} = dZ^{[1]} X^T$$
#
# One of these four was printed wrong. Which? First the net and its loss:

# %%
V1 = np.array([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6], [-0.7, 0.8, 0.9], [0.2, 0.1, -0.1]])
c1 = np.array([[0.01], [-0.02], [0.03], [0.04]])
V2, c2 = np.array([[0.5, -0.4, 0.3, 0.2]]), -0.1
columns = np.array([[1.0, -1.0, 0.5], [2.0, 0.5, -1.0], [-0.5, 1.0, 1.5]])
Y, m = np.array([[1.0, 0.0, 1.0]]), 3


def log_loss(w):
    p = sigmoid(V2 @ np.tanh(w @ columns + c1) + c2)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


print("loss", log_loss(V1))

# %% [markdown]
# And what is printed, for the first weights:


# %%
def printed_dW1(w):
    A1 = np.tanh(w @ columns + c1)
    dZ2 = sigmoid(V2 @ A1 + c2) - Y
    return ((V2.T @ dZ2) * (1 - A1**2)) @ columns.T


try:
    check_gradients((log_loss, printed_dW1), V1)
except GradientError as error:
    print(error)

# %% [markdown]
# The last one, $dW^{[1]}$. What is printed is three times too large, and $m = 3$. With the missing $\frac1m$ all four are right; the biases
# get the sum over samples, kept as a column.

# %%
print(check_gradients((log_loss, lambda w: printed_dW1(w) / m), V1))
A1 = np.tanh(V1 @ columns + c1)
dZ2 = sigmoid(V2 @ A1 + c2) - Y
dZ1 = (V2.T @ dZ2) * (1 - A1**2)
print("dW2", dZ2 @ A1.T / m, " db2", np.sum(dZ2, axis=1, keepdims=True) / m)
print("db1", np.sum(dZ1, axis=1, keepdims=True).T / m)

# %% [markdown]
# ## Change this and run again
#
# Write a gradient of your own and have it judged: of the function below, or of any other. What does the verdict say if you forget the 2?


# %%
def f(v):
    return np.sum(np.sin(v) ** 2)


def yours(v):
    return 2 * np.sin(v) * np.cos(v)


print(check_gradients((f, yours), np.array([0.3, -1.0, 2.0])))
