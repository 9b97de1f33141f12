"""The worked examples about many numbers once more, with Tensors: as one would write them."""

import numpy as np
import pytest
from golden import EXAMPLES, Computed, equal_weights

import autograd as ag
from autograd import (
    Tensor,
    einsum,
    elu,
    grad,
    jacobian,
    leaky_relu,
    log,
    log_softmax,
    mean,
    relu,
    sigmoid,
    softmax,
    softplus,
    square,
    step,
    tanh,
    unfold,
    xlogy,
)

example = Computed()


ABOUT_SINGLE_NUMBERS = {"WE01", "WE02", "WE03", "WE04", "WE05", "WE50"}


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - ABOUT_SINGLE_NUMBERS))
def test_the_numbers_come_out(name):
    example.check(name)


def leaves(i, *names):
    return [Tensor(i[name]) for name in names]


def slope(f, x):
    """f' at each number."""
    return grad(lambda x: ag.sum(f(x)))(np.array(x))


def half_squares(y, y_hat):
    return square(y - y_hat) / 2


def log_loss(y, p):
    y = np.asarray(y)
    return -(xlogy(y, p) + xlogy(1 - y, 1 - p))


# Activations


@example("WE09")
def why_a_bias(i):
    x, w, b = Tensor(i["x"]), i["w_with_bias"], i["b"]
    return {
        "tanh(1.8x)": tanh(i["w_without_bias"] * x),
        "tanh(10x-7)": tanh(w * x + b),
        "zero_crossing": {"without_bias": -0.0 / i["w_without_bias"], "with_bias": -b / w},
        "table_weight_W11=0.01": tanh(0.01 * x),
    }


@example("WE20")
def sigmoid_table(i):
    slopes = slope(sigmoid, i["z"])
    return {
        "value": sigmoid(Tensor(i["z"])),
        "derivative": slopes,
        "max_derivative": slopes.max(),
        "product_of_four_at_zero": slope(sigmoid, 0.0) ** 4,
    }


@example("WE21")
def tanh_table(i):
    return {
        "value": tanh(Tensor(i["z"])),
        "derivative_sech2": slope(tanh, i["z"]),
        "derivative_1_minus_phi2": slope(tanh, i["z"]),
    }


@example("WE22")
def relu_table(i):
    return {
        "value": relu(Tensor(i["z"])),
        "derivative_zero_at_0": slope(relu, i["z"]),
        "derivative_one_at_0": slope(lambda z: relu(z, at_zero=1.0), i["z"]),
    }


@example("WE23")
def leaky_relu_table(i):
    return {
        "value": leaky_relu(Tensor(i["z"]), i["slope"]),
        "derivative_low_at_0": slope(lambda z: leaky_relu(z, i["slope"]), i["z"]),
        "derivative_one_at_0": slope(lambda z: leaky_relu(z, i["slope"], 1.0), i["z"]),
    }


@example("WE24")
def elu_table(i):
    return {
        "value": elu(Tensor(i["z"]), -i["C"]),
        "derivative": slope(lambda z: elu(z, -i["C"]), i["z"]),
    }


# Losses


@example("WE12")
def cost_of_a_sample(i):
    y_hat = Tensor(i["y_hat"])
    cost = half_squares(i["y"], y_hat)
    cost.backward()
    exact = EXAMPLES["WE11"]["recomputed"]["a4"][0][0]
    return {
        "J": cost,
        "residual_y_minus_yhat": i["y"] - y_hat,
        "dJ_dyhat": y_hat.grad,
        "J_with_full_precision_yhat": half_squares(i["y"], exact),
    }


@example("WE26")
def softmax_and_its_jacobian(i):
    slopes = jacobian(softmax)(i["x"])
    return {
        "softmax": softmax(Tensor(i["x"])),
        "sum": softmax(Tensor(i["x"])).sum(),
        "jacobian": slopes,
        "jacobian_row_sums": slopes.sum(axis=1),
        "softmax_of_shifted": softmax(Tensor(i["x_shifted"])),
    }


@example("WE27")
def negative_log_likelihood(i):
    scores = Tensor(i["scores"])
    p, log_p = softmax(scores), log_softmax(scores)
    per_sample = -log_p[range(len(scores)), i["class_index_from_0"]]
    mean(per_sample).backward()
    return {
        "probabilities": p,
        "per_sample": per_sample,
        "mean": mean(per_sample),
        "categorical_ce_mean": -mean(ag.sum(xlogy(i["one_hot"], p), axis=1)),
        "grad_scores_of_mean": scores.grad,
    }


@example("WE28")
def binary_cross_entropy(i):
    y, y_hat = i["y"], Tensor(i["y_hat"])
    z = Tensor(log(y_hat / (1 - y_hat)).data)
    mean(log_loss(y, y_hat)).backward()
    mean(log_loss(y, sigmoid(z))).backward()
    return {
        "per_sample": log_loss(y, y_hat),
        "mean": mean(log_loss(y, y_hat)),
        "dJ_dyhat_per_sample": y_hat.grad * len(y),
        "dyhat_dz": slope(sigmoid, z.data),
        "dJ_dz_per_sample": z.grad * len(y),
        "dmean_dyhat": y_hat.grad,
        "dmean_dz": z.grad,
        "z": z,
    }


@example("WE29")
def sum_of_sigmoid_losses(i):
    f = Tensor(i["f"])
    likelihoods = -ag.sum(log_loss(i["y"], sigmoid(f)), axis=1)
    (-mean(likelihoods)).backward()
    return {
        "log_likelihood_per_sample_as_in_002": likelihoods,
        "gradient_as_in_002": slope(lambda f: -log_loss(i["y"], sigmoid(f)), i["f"]),
        "J_as_in_001": -mean(likelihoods),
        "gradient_of_J_001": f.grad,
    }


@example("WE30")
def squared_errors(i):
    y, y_hat = Tensor(i["y"], constant=True), Tensor(i["y_hat"])
    total, average = ag.sum(half_squares(y, y_hat)), mean(square(y - y_hat))
    return {
        "000_sum_half": total,
        "002_per_sample_half": half_squares(y, y_hat),
        "004_mean": average,
        "grad_000": grad(lambda y_hat: ag.sum(half_squares(y, y_hat)))(i["y_hat"]),
        "grad_002": slope(lambda y_hat: half_squares(y, y_hat), i["y_hat"]),
        "grad_004": grad(lambda y_hat: mean(square(y - y_hat)))(i["y_hat"]),
        "ratio_000_to_004": total / average,
    }


@example("WE31")
def log_loss_against_squared_error(i):
    y, z = i["y"], Tensor(i["z"])
    return {
        "sigma": sigmoid(z),
        "log_loss": softplus(-z),
        "half_squared": half_squares(y, sigmoid(z)),
        "dlog_dz": slope(lambda z: -log(sigmoid(z)), i["z"]),
        "dhalf_dz": slope(lambda z: half_squares(y, sigmoid(z)), i["z"]),
    }


@example("WE36")
def descent_until_the_step_is_small(i):
    theta = Tensor(i["theta0"])
    iterates = [theta.data]
    while len(iterates) == 1 or abs(iterates[-1] - iterates[-2]) > i["eps"]:
        theta.grad = None
        square(theta - 3).backward()
        theta.data -= i["lambda"] * theta.grad
        iterates.append(theta.data)
    return {
        "first_iterates": iterates[:5],
        "iterations_i": len(iterates) - 1,
        "theta_final": theta,
        "abs_error": abs(theta.item() - 3),
        "last_step": abs(iterates[-1] - iterates[-2]),
    }


@example("WE43")
def squared_penalty(i):
    w = Tensor(i["w"])
    penalty = i["lambda"] / 2 * (w @ w)
    penalty.backward()
    return {"penalty": penalty, "gradient": w.grad}


# Layers


@example("WE25")
def two_linear_layers_are_one(i):
    x, w1, b1, w2, b2 = leaves(i, "x", "W1", "b1", "W2", "b2")
    return {
        "two_layers": (x @ w1 + b1) @ w2 + b2,
        "merged_W": w1 @ w2,
        "merged_b": b1 @ w2 + b2,
        "one_layer": x @ (w1 @ w2) + (b1 @ w2 + b2),
    }


@example("WE32")
def sigmoid_neuron(i):
    x, w, b = leaves(i, "x", "w", "b")
    s = x @ w + b
    cost = mean(log_loss(i["y"], sigmoid(s)))
    cost.backward()
    return {
        "s": s,
        "y_hat": sigmoid(s),
        "J": cost,
        "dJ_dw": w.grad,
        "dJ_db": b.grad,
        "perceptron_output": step(s),
    }


@example("WE34")
def network_2_3_2(i):
    w2, b2, w3, b3 = leaves(i, "W2", "b2", "W3", "b3")
    s2 = w2 @ i["x=a1"] + b2
    a2 = sigmoid(s2)
    s3 = w3 @ a2 + b3
    a3 = sigmoid(s3)
    cost = ag.sum(log_loss(i["y"], a3))
    cost.backward()
    return {
        "s2": s2,
        "a2": a2,
        "s3": s3,
        "a3=yhat": a3,
        "J": cost,
        "grad_yhat": a3.grad,
        "delta3": s3.grad,
        "delta2": s2.grad,
        "dJ_db3": b3.grad,
        "dJ_dW3": w3.grad,
        "dJ_db2": b2.grad,
        "dJ_dW2": w2.grad,
    }


@example("WE33")
def columns_are_samples(i):
    w1, b1, w2, b2 = leaves(i, "W1", "b1", "W2", "b2")
    samples = len(i["Y"][0])
    z1 = w1 @ i["X"] + b1
    a1 = tanh(z1)
    z2 = w2 @ a1 + b2
    a2 = sigmoid(z2)
    losses = log_loss(i["Y"], a2)
    nodes = [z2, w2, b2, z1, w1, b1]
    first = [slopes.data[0, 0] for slopes in ag.gradients(losses[0, 0], nodes)]
    mean(losses).backward()
    return {
        "Z1": z1,
        "A1": a1,
        "Z2": z2,
        "A2": a2,
        "J": mean(losses),
        "dZ2": samples * z2.grad,
        "dW2": w2.grad,
        "db2": b2.grad,
        "dZ1": samples * z1.grad,
        "dW1": w1.grad,
        "db1": b1.grad,
        "dW1_as_printed_without_1_over_m": samples * w1.grad,
        "per_sample_1_to_1": dict(
            zip(("dz2", "dw2_1", "db2", "dz1_1", "dw1_11", "db1_1"), first, strict=True)
        ),
    }


@example("WE35")
def network_without_biases(i):
    def run(w1, w2):
        y1 = w1 @ i["X0"]
        x1 = tanh(y1)
        y2 = w2 @ x1
        m = tanh(y2)
        return y1, x1, y2, m, ag.sum(half_squares(i["D"], m))

    w1, w2 = leaves(i, "W1", "W2")
    y1, x1, y2, m, error = run(w1, w2)
    error.backward()
    down, up = ([Tensor(w.data + way * i["eta"] * w.grad) for w in (w1, w2)] for way in (-1, 1))
    return {
        "Y1": y1,
        "X1": x1,
        "Y2": y2,
        "M": m,
        "E": error,
        "dE_dY2_correct": y2.grad,
        "dE_dY2_as_printed": -y2.grad,
        "dE_dX1": x1.grad,
        "dE_dY1": y1.grad,
        "dE_dW2": w2.grad,
        "dE_dW1": w1.grad,
        "after_step": {
            "W1": down[0],
            "W2": down[1],
            "E": run(*down)[-1],
            "E_if_printed_sign_were_used": run(*up)[-1],
        },
    }


# The network that prices cars: rows are samples, the last row of a weight is its bias, if any


def price(x, weights, activation=tanh):
    """Give Z2, a2, Z3, a3, Z4, a4 and so on."""
    found = []
    for w in weights:
        z = x @ w if x.shape[1] == w.shape[0] else x @ w[:-1] + w[-1]
        x = activation(z)
        found += [z, x]
    return found


@example("WE07", "WE08", "WE10", "WE11")
def forward(i):
    x, *weights = leaves(i, "X", "W1", "W2", "W3")
    return dict(zip(("Z2", "a2", "Z3", "a3", "Z4", "a4"), price(x, weights), strict=True))


@example("WE13", "WE14", "WE15", "WE16")
def backward(i):
    x, y, *weights = leaves(i, "X", "y", "W1", "W2", "W3")
    w1, w2, w3 = weights
    z2, _, z3, _, z4, y_hat = price(x, weights)
    cost = ag.sum(half_squares(y, y_hat))
    cost.backward()
    for w in weights:
        w.data -= i["alpha"] / len(x) * w.grad
    return {
        "y_hat": y_hat,
        "J_sum": cost,
        "delta4": z4.grad,
        "delta3": z3.grad,
        "delta2": z2.grad,
        "dJ_dW3": w3.grad,
        "dJ_dW2": w2.grad,
        "dJ_dW1": w1.grad,
        "step": {
            "alpha": i["alpha"],
            "n": len(x),
            "W1": w1,
            "W2": w2,
            "W3": w3,
            "J_sum_after": ag.sum(half_squares(y, price(x, weights)[-1])),
        },
    }


@example("WE17")
def deltas_without_brackets(i):
    """The formula delta4 W3' o 1 - a3^2, read literally, is not the gradient."""
    inputs = EXAMPLES[i["case"]]["inputs"]
    right, passed = backward(inputs), forward(inputs)
    literal = right["delta4"] @ np.transpose(inputs["W3"]) * 1 - passed["a3"].data ** 2
    return {
        "delta3_literal": literal,
        "delta3_correct": right["delta3"],
        "dJ_dW2_literal": passed["a2"].data.T @ literal,
        "dJ_dW2_correct": right["dJ_dW2"],
    }


@example("WE19")
def equal_initial_weights(i):
    def slopes_of(shapes, weight, activations):
        weights = [Tensor(np.full(shape, weight)) for shape in shapes]
        x = Tensor(i["X"])
        for w, activation in zip(weights, activations, strict=False):
            x = price(x, [w], activation)[-1]
        ag.sum(half_squares(i["y"], x)).backward()
        return {f"dJ_dW{k}": w.grad for k, w in enumerate(weights, 1)}

    return equal_weights(i, slopes_of)


# Windows over an image


@example("WE46")
def pooling(i):
    def pooled(pool):
        x = Tensor(i["x"])
        y = pool(unfold(x, (i["window"], i["window"]), i["stride"]), axis=(0, 1))
        ag.sum(y).backward()
        return {"y": y, "grad_of_sum": x.grad}

    return {"max": pooled(ag.max), "avg": pooled(mean), "min": pooled(ag.min)}


@example("WE47")
def convolution(i):
    x, kernel, b = leaves(i, "x", "kernel", "b")
    y = einsum("ij,ijkl->kl", kernel, unfold(x, kernel.shape)) + b
    y.backward(i["upstream_gradient"])
    return {"y": y, "dkernel": kernel.grad, "dx": x.grad, "db": b.grad}
