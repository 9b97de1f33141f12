# %% [markdown]
# # For authors of ops: how to find out that a gradient is wrong
#
# A wrong derivative rarely crashes. It trains, only worse. This notebook adds an op, makes a mistake in it, and lets the library find, shrink and
# name the mistake.

# %%
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import Phase, given, settings

import viz
from autograd import (
    Op,
    Tape,
    Tensor,
    Value,
    check_gradients,
    check_op,
    detach,
    exp,
    grad,
    relu,
    sin,
    tanh,
)
from autograd.strategies import graphs

# %% [markdown]
# ## 1. An op is one row
#
# A name, what it computes, one rule for each operand, and its formula. In a rule `g` is what comes from above, `y` the result, `x` the operand.

# %%
cube = Op(
    name="cube",
    forward=lambda x: x**3,
    vjps=(lambda g, y, x: g * (3 * x**2),),
    latex="{0}^{{3}}",
    precedence=4,
    doc="The number times itself, twice.",
)
ax = viz.curve(cube, around=(-2, 2))

# %% [markdown]
# All else follows from the row: it takes numbers, Values, arrays; its graph is drawn; its rule is applied to symbols, so that formulas can be read;
# and its gradient has a gradient.

# %%
x = Value(2.0)
f = cube(x) * tanh(x)
f.backward()
viz.draw(f)

# %%
print(cube(2.0), cube(Tensor([1.0, 2.0])).data, grad(grad(cube))(2.0))
program = Tape([f], inputs=[x]).to_python()
print(program[program.index("def") :])

# %% [markdown]
# ## 2. A mistake
#
# This rule says 2 where it should say 3. **Would you see it in a training curve?**

# %%
crooked = Op(
    name="crooked",
    forward=lambda x: x**3,
    vjps=(lambda g, y, x: g * (2 * x**2),),
    latex="{0}^{{3}}",
    precedence=4,
    doc="A rule that is no slope.",
)
ax = viz.curve(crooked, cube, around=(-2, 2))

# %% [markdown]
# The two curves are one, and the dashed lines, what the rules say, are not. `check_gradients` compares the rules with a reference that
# needs none: differences over shrinking steps, or a complex step.

# %%
report = check_gradients(lambda x: cube(exp(x)), 0.5)
print(report)

# %%
try:
    check_gradients(lambda x: crooked(exp(x)), 0.5)
except AssertionError as error:
    print(error)

# %% [markdown]
# It says which op, and what its rule gives. That is the question of a check: not *is the sum right*, but *who is wrong*.
#
# ## 3. Found and shrunk
#
# One point proves little. `graphs()` draws whole computations in which some results are used twice, and `graphs(must=crooked)` those that use this op. A computation that fails is made smaller and smaller, and
# printed as code. **What is the smallest graph in which the mistake can be seen?**


# %%
how = settings(
    max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate, Phase.shrink]
)


@how
@given(graphs(rows=[crooked, sin, tanh, relu]))
def every_gradient_is_the_derivative(program):
    check_gradients(program, *program.inputs)


try:
    every_gradient_is_the_derivative()
except AssertionError as error:
    print(error, *error.__notes__, sep="\n")

# %% [markdown]
# One call of the crooked op, at a number that is easy to read. Whatever it was in when it was found has been taken away. With the
# right rule, the same law holds:


# %%
@how
@given(graphs(rows=[cube, sin, tanh, relu]))
def and_so_it_is(program):
    check_gradients(program, *program.inputs)


and_so_it_is()

# %% [markdown]
# ## 4. What a check says, and when it says nothing
#
# It passes only what it could have seen to be wrong. **Which of these four should pass?**

# %%
cases = {
    "relu at its kink": (relu, 0.0),
    "abs at its kink": (abs, 0.0),
    "a step too fine for differences": (lambda x: sin(1e15 * x), 1.0),
    "a mistake in one of two operands": (lambda x: x * crooked(x), 1.0),
}
for name, (f, x) in cases.items():
    try:
        check_gradients(f, x)
        said = "passes"
    except AssertionError as error:
        said = str(error).splitlines()[0]
    print(f"{name}: {said}\n")

# %% [markdown]
# At a kink every slope between those of both sides is right, and `docs/ops.md` lists which one each op takes. Where the reference itself cannot be trusted, the verdict is
# neither right nor wrong but *ill-conditioned*; [docs/checking.md](../docs/checking.md) says how it is found.
#
# Other code can be checked, too: functions of PyTorch, JAX, HIPS' autograd and MyGrad, `check_gradients(from_torch(f), x)`, and a pair of a
# function and its gradient, of anything or by hand. This one is the printed
# $f'(y)(D - M)$ of a lecture, which should be $f'(y)(M - D)$:

# %%
target = 0.45


def cost(z):
    return 0.5 * (np.tanh(z) - target) ** 2


def printed(z):
    return (target - np.tanh(z)) * (1 - np.tanh(z) ** 2)


try:
    check_gradients((cost, printed), 0.2)
except AssertionError as error:
    print(error)

# %% [markdown]
# ## 5. Second derivatives, all ways of use, and pytest
#
# A rule may give the right number, and yet its own gradient is wrong: here it takes $x$ out of the graph. **Which order of derivative sees it?**

# %%
blind = Op(
    name="blind",
    forward=lambda x: x**3,
    vjps=(lambda g, y, x: g * (3 * detach(x) ** 2),),
    latex="{0}^{{3}}",
    precedence=4,
    doc="The number times itself, twice, with a rule that no gradient goes through.",
)
print(check_gradients(blind, 1.5), "\n")
try:
    check_gradients(blind, 1.5, order=2)
except AssertionError as error:
    print(error)

# %% [markdown]
# An op is used in more ways than one: on arrays that broadcast, at zeros and ties, with one number for all operands, on tapes, in C. **Which of these
# would you have written a test for?** One call tries them all:

# %%
print(check_op(cube))

# %% [markdown]
# In a test suite, `check_op(cube)` is one line, the fixture `check_gradients` checks what ops are made into, and `--grad-order 2` asks for
# second derivatives in all tests at once. When a check fails, the graph is saved, as text and as a picture in which the culprit is marked.

# %%
test = """
from autograd import tanh

def test_a_gate(check_gradients):
    check_gradients(lambda x, w: tanh(w * x) * x, 0.5, -1.5)
"""
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "test_gate.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "--grad-order", "2", "--color=no"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
print(done.stdout.split(" in ")[0])

# %% [markdown]
# ## Change this and run again
#
# A smooth hinge, with a rule that you may get wrong. Break it: a sign, a factor, a missing term. Does the check always see it? And does it name the rule?

# %%
smooth = Op(
    name="smooth_hinge",
    forward=lambda x: np.log1p(np.exp(x)),
    vjps=(lambda g, y, x: g * (1 - exp(-y)),),
    latex=r"\operatorname{{hinge}}({0})",
    doc="The logarithm of 1 plus the exponential.",
)
print(check_gradients(smooth, 0.3, order=2))
ax = viz.curve(smooth)
