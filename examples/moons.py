"""Two moons, told apart by a network of single numbers that is trained on a tape."""

import numpy as np
from sklearn.datasets import make_moons

import nn


def main(steps=200):
    """Train 337 Values with the hinge loss; give the share of points on the right side."""
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1)
    sides = 2.0 * y - 1.0
    model = nn.MLP(2, [16, 16, 1], rng=np.random.default_rng(1))
    optimizer = nn.SGD(model.parameters(), lr=1.0, weight_decay=2e-4)
    schedule = nn.LinearLR(optimizer, start_factor=1.0, end_factor=0.1, total_iters=steps)
    history = nn.fit(
        model, (X, sides), loss=nn.hinge_loss, optimizer=optimizer, schedule=schedule,
        epochs=steps, batch_size=None,
    )  # fmt: skip
    accuracy = nn.accuracy(nn.predict(model, X), sides)
    print(f"loss {history['loss'][-1]:.4f}, accuracy {accuracy:.0%}")
    return accuracy


if __name__ == "__main__":
    main()
