# %% [markdown]
# # The chain rule, step by step
#
# A computation is a graph: numbers are boxes, operations join them. The *backward pass* walks the graph from the
# output to the inputs and tells, for every number in it, how fast the output changes with it. Each step needs only
# one local rule. This notebook takes five small graphs apart.

# %%
import viz
from autograd import Value, backprop, exp, grad, sigmoid

# %% [markdown]
# ## 1. A product of a sum
#
# $f(x, y, z) = (x + y)\,z$ at $x = -2$, $y = 5$, $z = -4$.

# %%
x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
f = (x + y) * z
f.backward()
viz.draw(f)

# %% [markdown]
# In each box: the name, the formula, the value in green, the gradient in red. The number at the head of an arrow is the
# *local derivative*: how fast the box it points to changes with the box it comes from. The product has the local derivative
# $\partial f/\partial v_1 = z = -4$ with respect to the sum, and $\partial f/\partial z = v_1 = 3$ with respect to $z$. The sum passes
# everything on unchanged.
#
# Now walk the pass yourself: click into the picture and use the arrow keys, the buttons, or the slider. First each
# number is computed, forward; then every step backward is one arrow: **local × upstream = contribution**.

# %%
viz.step(f)

# %% [markdown]
# The same in text, for a terminal:

# %%
print(viz.step(f))

# %%
assert (x.grad, y.grad, z.grad) == (-4.0, -4.0, 3.0)

# %% [markdown]
# ## 2. A function of a function
#
# $f(x) = (2x^2 + 8)^3$ at $x = 1$. Written with a name for what is inside, $g = 2x^2 + 8$ and $f = g^3$. Before you look: how fast does
# $f$ change with $g$, how fast $g$ with $x$, and so how fast $f$ with $x$?

# %%
x = Value(1.0)
g = 2 * x**2 + 8
f = g**3
f.backward()
viz.draw(f)

# %% [markdown]
# $\partial f/\partial g = 3g^2 = 300$ stands at the last arrow, and $\partial g/\partial x = 4x$ is what the arrows before it multiply to: 2 × 2 = 4.
# The *chain rule* multiplies along the path,
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial g}\,\frac{\partial g}{\partial x} = 3(2x^2+8)^2 \cdot 4x = 1200.$$

# %%
viz.why(x, of=f)

# %% [markdown]
# The same for other $x$, from the engine and from the formula:

# %%
for number in (-1.0, 0.0, 0.5, 1.0, 2.0):
    slope = grad(lambda x: (2 * x**2 + 8) ** 3)(number)
    print(
        f"x = {number:4}   f' = {slope:8}   3(2x² + 8)²·4x = {3 * (2 * number**2 + 8) ** 2 * 4 * number}"
    )

# %% [markdown]
# ## 3. Two inputs, and the gradient
#
# $z = x^2 + y^3$ at $x = 4$, $y = 2$. Each input has its own slope, with the other held still: these are the *partial derivatives*. Which are
# they? Open the next cell for the answer.

# %%
x, y = Value(4.0), Value(2.0)
z = x**2 + y**3
z.backward()
viz.draw(z)

# %% [markdown]
# The *gradient* is the vector of both, $\nabla z = [2x,\; 3y^2] = [8, 12]$. The sum sends 1 along both arrows, so the two inputs do not
# disturb each other. A function of an array gives the whole vector at once:


# %%
def height(p):
    return p[0] ** 2 + p[1] ** 3


print(grad(height)([4.0, 2.0]))
assert (x.grad, y.grad) == (8.0, 12.0)

# %% [markdown]
# ## 4. The sigmoid gate, node by node and in one piece
#
# $g = \dfrac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$, first from arithmetic and `exp` alone.

# %%
w0, x0, w1, x1, w2 = Value(2.0), Value(-1.0), Value(-3.0), Value(-2.0), Value(-3.0)
dot = w0 * x0 + w1 * x1 + w2
g = 1 / (1 + exp(-dot))
g.backward()
viz.draw(g)

# %% [markdown]
# From `dot` to `g` the adjoint passes four boxes. All four together are one function with one simple derivative,
# $\sigma'(s) = \sigma(s)\,(1 - \sigma(s))$, so they can be one box:

# %%
by_nodes = [leaf.grad for leaf in (w0, x0, w1, x1, w2)]
for leaf in (w0, x0, w1, x1, w2):
    leaf.grad = None

s = sigmoid(w0 * x0 + w1 * x1 + w2)
s.backward()
viz.draw(s)

# %% [markdown]
# Fewer steps, the same gradients up to rounding in the last digit:

# %%
in_one_piece = [leaf.grad for leaf in (w0, x0, w1, x1, w2)]
for name, one, other in zip(["w0", "x0", "w1", "x1", "w2"], by_nodes, in_one_piece):
    print(f"{name}  {one:+.17f}  {other:+.17f}")
assert all(abs(one - other) < 1e-15 for one, other in zip(by_nodes, in_one_piece))

# %% [markdown]
# The formula of the last step is not written anywhere as text. It is the rule of the op, applied to symbols:

# %%
print(viz.step(s))

# %% [markdown]
# ## 5. Why order matters
#
# $b = a + a$ and then $c = b + b$, so $c = 4a$ and $\partial c/\partial a = 4$. There are four paths from $a$ to $c$.

# %%
a = Value(3.0)
b = a + a
c = b + b
viz.step(c)


# %% [markdown]
# `b` receives twice before it passes anything on: a node may only pass on its adjoint when **all** of its consumers have
# contributed. An impatient walk, which passes on at once whatever has arrived so far, counts paths more than once:


# %%
def impatient(output):
    grads = {output: 1.0}

    def visit(node):
        for x, rule in zip(node.inputs, node.op.vjps if node.op else ()):
            grads[x] = grads.get(x, 0.0) + rule(grads[node], node.data, *node.args)
            visit(x)

    visit(output)
    return grads


impatient(c)[a]

# %% [markdown]
# Six instead of four: after the first visit `b` has passed on 1, after the second it passes on 2, although 1 of it had been
# passed on already. The cure is an order in which every node comes after all of its consumers. Here nodes count their
# creation, and inputs are always older than what is made from them. So *latest first* is such an order:

# %%
for step in backprop(c):
    print(f"{step.node!r:28} passes on {step.contributions}")

c.backward()
assert a.grad == 4.0

# %% [markdown]
# ## Your turn
#
# Change a number in the cells above, or build a graph of your own: any expression of Values can be drawn and stepped through.

# %%
p, q = Value(0.5), Value(-1.5)
r = exp(p * q) / (1 + p**2)
viz.step(r)
