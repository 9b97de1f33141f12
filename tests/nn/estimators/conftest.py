"""Tables that everybody has, brought to one scale."""

import pytest


@pytest.fixture
def iris():
    return _scaled("iris", targets=False)


@pytest.fixture
def diabetes():
    return _scaled("diabetes", targets=True)


@pytest.fixture
def cancer():
    return _scaled("breast_cancer", targets=False)


def _scaled(name, *, targets):
    from sklearn import datasets  # here, for conftest is read where there is none, too
    from sklearn.preprocessing import scale

    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return scale(X), scale(y) if targets else y
