"""Digits squeezed into a few numbers, by principal components and by autoencoders."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

import nn


def data():
    """Give digits as rows of 64 numbers in (0, 1), around their mean."""
    X = load_digits().data / 16
    return X - X.mean(axis=0)


def pca_error(X, code):
    """Give the mean squared error of the best plane of so many dimensions."""
    pca = PCA(code).fit(X)
    return float(np.mean((pca.inverse_transform(pca.transform(X)) - X) ** 2))


def train(model, X, *, epochs, lr, batch_size=None):
    """Teach a model to give back X; give its mean squared error then."""
    optimizer = nn.Adam(model.parameters(), lr=lr)
    schedule = nn.CosineAnnealingLR(optimizer, epochs)
    nn.fit(
        model, (X, X), loss=nn.mse_loss, optimizer=optimizer, schedule=schedule,
        epochs=epochs, batch_size=batch_size, seed=0,
    )  # fmt: skip
    return float(np.mean((nn.predict(model, X) - X) ** 2))


def linear(code=2, epochs=1500):
    """Give the error of a linear autoencoder and that of PCA, which it reaches and cannot beat."""
    X = data()
    model = nn.Autoencoder([64, code], activation=None, rng=0)
    return train(model, X, epochs=epochs, lr=0.02), pca_error(X, code)


def deep(code=2, epochs=60):
    """Give the error of an autoencoder with hidden layers, and that of PCA with as small a code."""
    X = data()
    model = nn.Autoencoder([64, 64, 32, code], activation=nn.ELU, rng=0)
    return train(model, X, epochs=epochs, lr=3e-3, batch_size=64), pca_error(X, code)


def main():
    """Print both beside PCA."""
    for name, run in (("linear", linear), ("deep", deep)):
        ours, pca = run()
        print(f"{name} autoencoder: {ours:.6f}, PCA: {pca:.6f}, ratio {ours / pca:.6f}")


if __name__ == "__main__":
    main()
