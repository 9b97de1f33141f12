"""Logistic regression is one neuron: its weights are the coefficients that scikit-learn finds."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import nn
from autograd import Tensor


def data():
    """Give three standardized features of tumors, which say little of each other, and classes."""
    cancer = load_breast_cancer()
    chosen = np.isin(cancer.feature_names, ["mean texture", "mean smoothness", "mean symmetry"])
    return StandardScaler().fit_transform(cancer.data[:, chosen]), cancer.target


def neuron(X, y, steps=3000):
    """Fit a neuron by descent along the whole gradient; give weights and bias."""
    model = nn.Linear(X.shape[1], 1, rng=0)
    x, target = Tensor(X, constant=True), y[:, None].astype(float)
    optimizer = nn.SGD(model.parameters(), lr=1.0, momentum=0.95)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.bce_with_logits(model(x), target).backward()
        optimizer.step()
    return np.append(model.weight.data, model.bias.data)


def main():
    """Print the coefficients of both; give the largest difference."""
    X, y = data()
    ours = neuron(X, y)
    known = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(X, y)
    theirs = np.append(known.coef_, known.intercept_)
    print("neuron      ", np.round(ours, 8))
    print("scikit-learn", np.round(theirs, 8))
    return float(np.abs(ours - theirs).max())


if __name__ == "__main__":
    print(f"they differ by {main():.0e} at most")
