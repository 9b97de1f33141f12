"""Worked examples from lectures, computed with Values only: every number must come out."""

import math

import pytest
from golden import EXAMPLES, Computed, equal_weights

from autograd import (
    Value,
    elu,
    exp,
    gradients,
    leaky_relu,
    log,
    maximum,
    minimum,
    relu,
    sigmoid,
    softplus,
    step,
    tanh,
    xlogy,
)
from nn import Perceptron

example = Computed()


def test_every_example_is_computed():
    assert example.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_numbers_come_out(name):
    example.check(name)


# Lists of Values as vectors and matrices


def each(f, *things):
    """Apply a function to the entries of nested lists."""
    if isinstance(things[0], list):
        return [each(f, *parts) for parts in zip(*things, strict=True)]
    return f(*things)


def leaves(x):
    return each(Value, x)


def grads(x, scale=1.0):
    return each(lambda node: scale * node.grad, x)


def total(x):
    return sum(map(total, x)) if isinstance(x, list) else x


def mean(xs):
    return total(xs) / len(xs)


def transposed(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def product(a, b):
    return [[total(each(lambda x, y: x * y, row, col)) for col in transposed(b)] for row in a]


def slopes(f, numbers):
    """f'(x) at each number."""
    xs = leaves(numbers)
    for x in xs:
        f(x).backward()
    return grads(xs)


def half_square(x):
    return x * x / 2


def log_loss(y, p):
    return -(xlogy(y, p) + xlogy(1 - y, 1 - p))


# Graphs and formulas


@example("WE01")
def product_of_a_sum(i):
    x, y, z = leaves([i["x"], i["y"], i["z"]])
    q = x + y
    f = q * z
    f.backward()
    return {
        "nodes": {"q=x+y": q, "f=q*z": f},
        "grads": {"f": f.grad, "q": q.grad, "z": z.grad, "x": x.grad, "y": y.grad},
    }


@example("WE02")
def sigmoid_gate(i):
    w0, w1, w2, x0, x1 = leaves([i[name] for name in ("w0", "w1", "w2", "x0", "x1")])
    nodes = {"w0*x0": w0 * x0, "w1*x1": w1 * x1}
    nodes["w0*x0+w1*x1"] = nodes["w0*x0"] + nodes["w1*x1"]
    nodes["dot"] = nodes["w0*x0+w1*x1"] + w2
    nodes["-dot"] = -nodes["dot"]
    nodes["exp(-dot)"] = exp(nodes["-dot"])
    nodes["1+exp(-dot)"] = 1 + nodes["exp(-dot)"]
    nodes["f"] = 1 / nodes["1+exp(-dot)"]
    nodes["f"].backward()
    named = nodes | {"w0": w0, "w1": w1, "w2": w2, "x0": x0, "x1": x1}
    (shortcut,) = slopes(sigmoid, [nodes["dot"].data])
    return {
        "nodes": nodes,
        "grads": {name: node.grad for name, node in named.items()},
        "identity_sigma_times_1_minus_sigma": shortcut,
    }


@example("WE03")
def gradient_of_a_polynomial(i):
    x, y = leaves([i["x"], i["y"]])
    z = x**2 + y**3
    z.backward()
    gradient = grads([x, y])
    for leaf in (x, y):
        leaf.data -= i["alpha_for_step"] * leaf.grad
    return {"z": z, "gradient": gradient, "one_descent_step": [x, y]}


@example("WE04")
def chain_rule(i):
    def line(number):
        x = Value(number)
        g = 2 * x**2 + 8
        f = g**3
        f.backward()
        (dg_dx,) = gradients(g, [x])
        return {"x": x, "g": g, "f": f, "df_dg": g.grad, "dg_dx": dg_dx, "df_dx": x.grad}

    return {"table": [line(x) for x in i["x"]]}


@example("WE12")
def cost_of_a_sample(i):
    y, y_hat = i["y"], Value(i["y_hat"])
    residual = y - y_hat
    cost = half_square(residual)
    cost.backward()
    exact = Value(EXAMPLES["WE11"]["recomputed"]["a4"][0][0])
    return {
        "J": cost,
        "residual_y_minus_yhat": residual,
        "dJ_dyhat": y_hat.grad,
        "J_with_full_precision_yhat": half_square(y - exact),
    }


@example("WE36")
def descent_until_the_step_is_small(i):
    theta = Value(i["theta0"])
    iterates = [theta.data]
    while True:
        theta.grad = None
        ((theta - 3) ** 2).backward()
        theta.data -= i["lambda"] * theta.grad
        iterates.append(theta.data)
        if math.fabs(iterates[-1] - iterates[-2]) <= i["eps"]:
            break
    return {
        "first_iterates": iterates[:5],
        "iterations_i": len(iterates) - 1,
        "theta_final": theta,
        "abs_error": math.fabs(theta.data - 3),
        "last_step": math.fabs(iterates[-1] - iterates[-2]),
    }


@example("WE43")
def squared_penalty(i):
    w = leaves(i["w"])
    penalty = i["lambda"] / 2 * total([x * x for x in w])
    penalty.backward()
    return {"penalty": penalty, "gradient": grads(w)}


# Neurons and activations


@example("WE05")
def picnic(i):
    neuron = Perceptron(i["w"], threshold=i["threshold"])

    def line(x):
        weighted_sum = total(each(lambda w, xi: w * xi, neuron.w, x))
        return {"x": x, "weighted_sum": weighted_sum, "output": neuron(x)}

    table = [line([a, b, c]) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    return {"bias_form": {"w": neuron.w, "b": neuron.b}, "truth_table": table}


@example("WE09")
def why_a_bias(i):
    w, b = i["w_with_bias"], i["b"]
    return {
        "tanh(1.8x)": [tanh(i["w_without_bias"] * x) for x in leaves(i["x"])],
        "tanh(10x-7)": [tanh(w * x + b) for x in leaves(i["x"])],
        "zero_crossing": {"without_bias": -0.0 / i["w_without_bias"], "with_bias": -b / w},
        "table_weight_W11=0.01": [tanh(0.01 * x) for x in leaves(i["x"])],
    }


@example("WE20")
def sigmoid_table(i):
    return {
        "value": each(sigmoid, leaves(i["z"])),
        "derivative": slopes(sigmoid, i["z"]),
        "max_derivative": max(slopes(sigmoid, i["z"])),
        "product_of_four_at_zero": slopes(sigmoid, [0.0])[0] ** 4,
    }


@example("WE21")
def tanh_table(i):
    return {
        "value": each(tanh, leaves(i["z"])),
        "derivative_sech2": slopes(tanh, i["z"]),
        "derivative_1_minus_phi2": slopes(tanh, i["z"]),
    }


@example("WE22")
def relu_table(i):
    return {
        "value": each(relu, leaves(i["z"])),
        "derivative_zero_at_0": slopes(relu, i["z"]),
        "derivative_one_at_0": slopes(lambda x: relu(x, at_zero=1.0), i["z"]),
    }


@example("WE23")
def leaky_relu_table(i):
    def f(x, at_zero=0.0):
        return leaky_relu(x, slope=i["slope"], at_zero=at_zero)

    return {
        "value": each(f, leaves(i["z"])),
        "derivative_low_at_0": slopes(f, i["z"]),
        "derivative_one_at_0": slopes(lambda x: f(x, at_zero=1.0), i["z"]),
    }


@example("WE24")
def elu_table(i):
    def f(x):
        return elu(x, alpha=-i["C"])

    return {"value": each(f, leaves(i["z"])), "derivative": slopes(f, i["z"])}


@example("WE50")
def vanishing_gradient(i):
    x, one = Value(i["x"]), Value(1.0)
    chain, y, line = [], x, one
    for depth in range(1, i["depth"] + 1):
        y, line = sigmoid(i["weights"] * y), relu(line)
        (slope,) = gradients(y, [x])
        chain.append({"depth": depth, "value": y, "derivative_wrt_input": slope})
    return {
        "chain": chain,
        "upper_bound_0.25^4": slopes(sigmoid, [0.0])[0] ** i["depth"],
        "relu_chain_same_depth_at_x=1": gradients(line, [one])[0],
    }


# Losses


@example("WE26")
def softmax_and_its_jacobian(i):
    x = leaves(i["x"])
    y = softmax(x)
    jacobian = [gradients(yi, x) for yi in y]
    return {
        "softmax": y,
        "sum": total(y),
        "jacobian": jacobian,
        "jacobian_row_sums": [total(line) for line in jacobian],
        "softmax_of_shifted": softmax(leaves(i["x_shifted"])),
    }


def softmax(xs):
    largest = max(x.data for x in xs)
    powers = [exp(x - largest) for x in xs]
    return [power / total(powers) for power in powers]


@example("WE27")
def negative_log_likelihood(i):
    scores = leaves(i["scores"])
    p = [softmax(line) for line in scores]
    per_sample = [-log(line[k]) for line, k in zip(p, i["class_index_from_0"], strict=True)]
    mean(per_sample).backward()
    return {
        "probabilities": p,
        "per_sample": per_sample,
        "mean": mean(per_sample),
        "categorical_ce_mean": -total(each(xlogy, i["one_hot"], p)) / len(p),
        "grad_scores_of_mean": grads(scores),
    }


@example("WE28")
def binary_cross_entropy(i):
    y_hat = leaves(i["y_hat"])
    per_sample = each(log_loss, i["y"], y_hat)
    mean(per_sample).backward()
    z = [log(p / (1 - p)).data for p in y_hat]
    logits = leaves(z)
    mean(each(lambda y, x: log_loss(y, sigmoid(x)), i["y"], logits)).backward()
    return {
        "per_sample": per_sample,
        "mean": mean(per_sample),
        "dJ_dyhat_per_sample": grads(y_hat, len(z)),
        "dyhat_dz": slopes(sigmoid, z),
        "dJ_dz_per_sample": grads(logits, len(z)),
        "dmean_dyhat": grads(y_hat),
        "dmean_dz": grads(logits),
        "z": z,
    }


@example("WE29")
def sum_of_sigmoid_losses(i):
    f = leaves(i["f"])
    likelihoods = [
        -total(each(lambda y, x: log_loss(y, sigmoid(x)), *pair))
        for pair in zip(i["y"], f, strict=True)
    ]
    (-mean(likelihoods)).backward()
    return {
        "log_likelihood_per_sample_as_in_002": likelihoods,
        "gradient_as_in_002": [
            gradients(likelihood, line) for likelihood, line in zip(likelihoods, f, strict=True)
        ],
        "J_as_in_001": -mean(likelihoods),
        "gradient_of_J_001": grads(f),
    }


@example("WE30")
def squared_errors(i):
    y_hat = leaves(i["y_hat"])
    halves = each(lambda y, p: half_square(y - p), i["y"], y_hat)
    squares = each(lambda y, p: (y - p) ** 2, i["y"], y_hat)
    return {
        "000_sum_half": total(halves),
        "002_per_sample_half": halves,
        "004_mean": mean(squares),
        "grad_000": gradients(total(halves), y_hat),
        "grad_002": [gradients(half, [p])[0] for half, p in zip(halves, y_hat, strict=True)],
        "grad_004": gradients(mean(squares), y_hat),
        "ratio_000_to_004": total(halves) / mean(squares),
    }


@example("WE31")
def log_loss_against_squared_error(i):
    y, z = i["y"], i["z"]
    return {
        "sigma": each(sigmoid, leaves(z)),
        "log_loss": [softplus(-x) for x in leaves(z)],
        "half_squared": [half_square(y - sigmoid(x)) for x in leaves(z)],
        "dlog_dz": slopes(lambda x: -log(sigmoid(x)), z),
        "dhalf_dz": slopes(lambda x: half_square(y - sigmoid(x)), z),
    }


# Layers


@example("WE25")
def two_linear_layers_are_one(i):
    x, w1, w2 = leaves(i["x"]), leaves(i["W1"]), leaves(i["W2"])

    def plus(rows, b):
        return [each(lambda entry, bi: entry + bi, row, b) for row in rows]

    merged_w = product(w1, w2)
    merged_b = plus(product([i["b1"]], w2), i["b2"])[0]
    return {
        "two_layers": plus(product(plus(product(x, w1), i["b1"]), w2), i["b2"]),
        "merged_W": merged_w,
        "merged_b": merged_b,
        "one_layer": plus(product(x, merged_w), merged_b),
    }


@example("WE32")
def sigmoid_neuron(i):
    w, b = leaves(i["w"]), Value(i["b"])
    s = [total(each(lambda wj, xj: wj * xj, w, x)) + b for x in i["x"]]
    y_hat = each(sigmoid, s)
    cost = mean(each(log_loss, i["y"], y_hat))
    cost.backward()
    return {
        "s": s,
        "y_hat": y_hat,
        "J": cost,
        "dJ_dw": grads(w),
        "dJ_db": b.grad,
        "perceptron_output": each(step, s),
    }


@example("WE34")
def network_2_3_2(i):
    w2, b2, w3, b3 = (leaves(i[name]) for name in ("W2", "b2", "W3", "b3"))

    def layer(w, b, a):
        return [
            total(each(lambda wj, aj: wj * aj, wi, a)) + bi for wi, bi in zip(w, b, strict=True)
        ]

    s2 = layer(w2, b2, i["x=a1"])
    a2 = each(sigmoid, s2)
    s3 = layer(w3, b3, a2)
    a3 = each(sigmoid, s3)
    cost = total(each(log_loss, i["y"], a3))
    cost.backward()
    return {
        "s2": s2,
        "a2": a2,
        "s3": s3,
        "a3=yhat": a3,
        "J": cost,
        "grad_yhat": grads(a3),
        "delta3": grads(s3),
        "delta2": grads(s2),
        "dJ_db3": grads(b3),
        "dJ_dW3": grads(w3),
        "dJ_db2": grads(b2),
        "dJ_dW2": grads(w2),
    }


@example("WE33")
def columns_are_samples(i):
    w1, b1, w2, b2 = (leaves(i[name]) for name in ("W1", "b1", "W2", "b2"))
    samples = len(i["Y"][0])

    def layer(w, b, a):
        return [[x + bias for x in row] for row, (bias,) in zip(product(w, a), b, strict=True)]

    z1 = layer(w1, b1, i["X"])
    a1 = each(tanh, z1)
    z2 = layer(w2, b2, a1)
    a2 = each(sigmoid, z2)
    losses = each(log_loss, i["Y"], a2)[0]
    cost = mean(losses)
    cost.backward()
    first = gradients(losses[0], [z2[0][0], w2[0][0], b2[0][0], z1[0][0], w1[0][0], b1[0][0]])
    names = ("dz2", "dw2_1", "db2", "dz1_1", "dw1_11", "db1_1")
    return {
        "Z1": z1,
        "A1": a1,
        "Z2": z2,
        "A2": a2,
        "J": cost,
        "dZ2": grads(z2, samples),
        "dW2": grads(w2),
        "db2": grads(b2),
        "dZ1": grads(z1, samples),
        "dW1": grads(w1),
        "db1": grads(b1),
        "dW1_as_printed_without_1_over_m": grads(w1, samples),
        "per_sample_1_to_1": dict(zip(names, first, strict=True)),
    }


@example("WE35")
def network_without_biases(i):
    def run(w1, w2):
        y1 = product(w1, [[x] for x in i["X0"]])
        x1 = each(tanh, y1)
        y2 = product(w2, x1)
        m = each(tanh, y2)
        return y1, x1, y2, m, half_square(i["D"] - m[0][0])

    def column(rows):
        return [x for (x,) in rows]

    def moved(w, direction):
        return each(lambda x: Value(x.data + direction * i["eta"] * x.grad), w)

    w1, w2 = leaves(i["W1"]), leaves(i["W2"])
    y1, x1, y2, m, error = run(w1, w2)
    error.backward()
    after = [moved(w, -1) for w in (w1, w2)]
    return {
        "Y1": column(y1),
        "X1": column(x1),
        "Y2": column(y2),
        "M": column(m),
        "E": error,
        "dE_dY2_correct": column(grads(y2)),
        "dE_dY2_as_printed": column(grads(y2, -1.0)),
        "dE_dX1": column(grads(x1)),
        "dE_dY1": column(grads(y1)),
        "dE_dW2": grads(w2),
        "dE_dW1": grads(w1),
        "after_step": {
            "W1": after[0],
            "W2": after[1],
            "E": run(*after)[-1],
            "E_if_printed_sign_were_used": run(moved(w1, 1), moved(w2, 1))[-1],
        },
    }


# The network that prices cars: rows are samples, the last row of a weight is its bias, if any


def price(rows, weights, activation=tanh):
    """Give Z2, a2, Z3, a3, Z4, a4 and so on."""
    found = []
    for w in weights:
        rows = [[*row, 1.0] if len(row) < len(w) else row for row in rows]
        found.append(product(rows, w))
        rows = each(activation, found[-1])
        found.append(rows)
    return found


def cost_of(y, y_hat):
    return total(each(lambda a, b: half_square(a - b), y, y_hat))


@example("WE07", "WE08", "WE10", "WE11")
def forward(i):
    names = ("Z2", "a2", "Z3", "a3", "Z4", "a4")
    weights = leaves([i["W1"], i["W2"], i["W3"]])
    return dict(zip(names, price(i["X"], weights), strict=True))


@example("WE13", "WE14", "WE15", "WE16")
def backward(i):
    weights = leaves([i["W1"], i["W2"], i["W3"]])
    z2, _, z3, _, z4, y_hat = price(i["X"], weights)
    cost = cost_of(i["y"], y_hat)
    cost.backward()
    n = len(i["y"])
    after = each(lambda w: Value(w.data - i["alpha"] / n * w.grad), weights)
    return {
        "y_hat": y_hat,
        "J_sum": cost,
        "delta4": grads(z4),
        "delta3": grads(z3),
        "delta2": grads(z2),
        "dJ_dW3": grads(weights[2]),
        "dJ_dW2": grads(weights[1]),
        "dJ_dW1": grads(weights[0]),
        "step": {
            "alpha": i["alpha"],
            "n": n,
            **dict(zip(("W1", "W2", "W3"), after, strict=True)),
            "J_sum_after": cost_of(i["y"], price(i["X"], after)[-1]),
        },
    }


@example("WE17")
def deltas_without_brackets(i):
    """The formula delta4 W3' o 1 - a3^2, read literally, is not the gradient."""
    inputs = EXAMPLES[i["case"]]["inputs"]
    right = backward(inputs)
    a2, a3 = (forward(inputs)[name] for name in ("a2", "a3"))
    through = product(right["delta4"], transposed(inputs["W3"]))
    literal = each(lambda x, a: x * 1 - a.data**2, through, a3)
    wrong = each(lambda x: x.data, product(transposed(a2), literal))
    assert all(a != pytest.approx(b) for a, b in zip(wrong, right["dJ_dW2"], strict=True))
    return {
        "delta3_literal": literal,
        "delta3_correct": right["delta3"],
        "dJ_dW2_literal": wrong,
        "dJ_dW2_correct": right["dJ_dW2"],
    }


@example("WE19")
def equal_initial_weights(i):
    def slopes_of(shapes, weight, activations):
        weights = [[[Value(weight) for _ in range(m)] for _ in range(n)] for n, m in shapes]
        rows = i["X"]
        for w, activation in zip(weights, activations, strict=False):
            rows = price(rows, [w], activation)[-1]
        cost_of(i["y"], rows).backward()
        return {f"dJ_dW{k}": grads(w) for k, w in enumerate(weights, 1)}

    return equal_weights(i, slopes_of)


# Windows over an image


def windows(x, size, stride):
    """Cut the square windows out of an image, line by line."""
    places = range(0, len(x) - size + 1, stride)
    return [
        [[x[r + k][c + m] for k in range(size) for m in range(size)] for c in places]
        for r in places
    ]


@example("WE46")
def pooling(i):
    def pooled(pool):
        x = leaves(i["x"])
        y = [[pool(w) for w in line] for line in windows(x, i["window"], i["stride"])]
        total(y).backward()
        return {"y": y, "grad_of_sum": grads(x)}

    def largest(xs):
        return xs[0] if len(xs) == 1 else maximum(xs[0], largest(xs[1:]))

    def smallest(xs):
        return xs[0] if len(xs) == 1 else minimum(xs[0], smallest(xs[1:]))

    return {"max": pooled(largest), "avg": pooled(mean), "min": pooled(smallest)}


@example("WE47")
def convolution(i):
    x, kernel, b = leaves(i["x"]), leaves(i["kernel"]), Value(i["b"])
    flat = [k for line in kernel for k in line]
    y = [
        [total(each(lambda k, xi: k * xi, flat, w)) + b for w in line]
        for line in windows(x, len(kernel), 1)
    ]
    total(each(lambda g, yi: g * yi, i["upstream_gradient"], y)).backward()
    return {"y": y, "dkernel": grads(kernel), "dx": grads(x), "db": b.grad}
