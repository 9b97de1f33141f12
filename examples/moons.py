"""Two moons, told apart by a network of single numbers that is trained on a tape."""

import numpy as np
from sklearn.datasets import make_moons

import nn
from autograd import Tape, Value, gradients


def main(steps=200):
    """Train 337 Values with the hinge loss; give the share of points on the right side."""
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1)
    sides = 2.0 * y - 1.0
    model = nn.MLP(2, [16, 16, 1], rng=np.random.default_rng(1))
    x0, x1, side = Value(0.0, name="x0"), Value(0.0, name="x1"), Value(1.0, name="side")
    score = model([x0, x1])
    loss = nn.hinge_loss(score, side) + nn.l2_penalty(model.parameters(), 2e-4)
    params = model.parameters()
    step = Tape([loss, *gradients(loss, params)], inputs=[x0, x1, side])
    for k in range(steps):
        error, *slopes = step(X[:, 0], X[:, 1], sides, reduce="mean")
        for p, slope in zip(params, slopes, strict=True):
            p.data -= (1.0 - 0.9 * k / steps) * slope
    (scores,) = Tape([score], inputs=[x0, x1])(X[:, 0], X[:, 1])
    accuracy = float(np.mean((scores > 0) == (sides > 0)))
    print(f"loss {error:.4f}, accuracy {accuracy:.0%}")
    return accuracy


if __name__ == "__main__":
    main()
