"""Whatever takes numbers from outside takes the same ones, and refuses the same others in words."""

import inspect
import warnings
from array import array
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from sklearn.base import BaseEstimator, is_classifier
from sklearn.exceptions import ConvergenceWarning

import nn
from autograd import Tape, Tensor, Value, grad, log_softmax, sum
from autograd.ops import OPERATORS
from nn import estimators

COUNT = 4
X = np.linspace(-1, 1, COUNT).reshape(-1, 1)
ONES = np.ones((COUNT, 1))
REAL = "fiub"


def net(outputs=1, dtype=float):
    return nn.Linear(1, outputs, dtype=dtype, rng=0)


def fitted(x, y, validation=None):
    model = net()
    history = nn.fit(
        model,
        (x, y),
        loss=nn.mse_loss,
        optimizer=nn.SGD(model.parameters(), lr=0.1),
        validation=validation,
        seed=0,
    )
    return [*history["loss"], *history.get("val_loss", []), *model.weight.data.ravel()]


def rebound(given):
    x = Tensor(ONES)
    x.data = given
    return x.data


def seeded(given):
    x = Tensor(ONES)
    (x * 3.0).backward(given)
    return x.grad


def checked(given_x, given_y):
    report = nn.check(net(), given_x, given_y, nn.mse_loss)
    if any("Give real numbers" in x or "Give rows" in x for x in report.findings):
        raise TypeError(f"check: {report.findings[0]}")
    return [hash(str(report.facts["data"]))]


def estimated(kind, x, y):
    model = kind(4, max_iter=1, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(x, y)
    return model.net_.parameters()[0].data


def asked(kind, x):
    labels = [0, 1, 0, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (ConvergenceWarning, UserWarning))
        return kind(4, max_iter=1, random_state=0).fit(X, labels).predict(x)


LOSSES = [
    f
    for f in map(vars(nn).get, dir(nn))
    if inspect.isfunction(f)
    and f.__module__.startswith("nn.losses")
    and "target" in inspect.signature(f).parameters
]
OF_CLASSES = (nn.cross_entropy, nn.nll_loss)
ESTIMATORS = [
    kind
    for kind in map(vars(estimators).get, estimators.__all__)
    if isinstance(kind, type) and issubclass(kind, BaseEstimator)
]


def of_targets(loss, target):
    if loss in OF_CLASSES:
        target = target.reshape(-1) if isinstance(target, np.ndarray) else flat(target)
        return loss(log_softmax(Tensor(np.hstack([X - 2, X - 1]))), target).data
    return loss(Tensor(X / 2 + 0.5), target).data


def flat(target):
    is_column = isinstance(target, list | tuple) and all(len(x) == 1 for x in target)
    return [x[0] for x in target] if is_column else target


DOORS = {
    "Tensor": lambda x: Tensor(x).data,
    "Tensor.data": rebound,
    "seed": seeded,
    "grad": grad(lambda x: sum(x * x)),
    "tape": lambda x: Tape([(t := Tensor(X)) * 2.0], [t])(x)[0],
    "fit: X": lambda x: fitted(x, X),
    "fit: y": lambda y: fitted(X, y),
    "fit: validation: X": lambda x: fitted(X, X, (x, X)),
    "fit: validation: y": lambda y: fitted(X, X, (X, y)),
    "predict: X": lambda x: nn.predict(net(), x),
    "accuracy: prediction": lambda x: nn.accuracy(x, ONES, 0.5),
    "accuracy: target": lambda y: nn.accuracy(X, y),
    "check: X": lambda x: checked(x, X),
    "check: y": lambda y: checked(X, y),
}
for sign in OPERATORS.values():
    if sign != "@":
        DOORS[f"beside {sign}"] = eval(f"lambda x: (Tensor(X + 2.0) {sign} x).data")
        DOORS[f"before {sign}"] = eval(f"lambda x: (x {sign} Tensor(X + 2.0)).data")
for f in LOSSES:
    DOORS[f"{f.__name__}: target"] = lambda y, f=f: of_targets(f, y)
    if f not in OF_CLASSES:
        DOORS[f"{f.__name__}: prediction"] = lambda x, f=f: f(x, ONES).data
for kind in ESTIMATORS:
    DOORS[f"{kind.__name__}: X"] = lambda x, kind=kind: estimated(kind, x, [0, 1, 0, 1])
    DOORS[f"{kind.__name__}.predict"] = lambda x, kind=kind: asked(kind, x)
    if not is_classifier(kind()):  # the labels of which may be anything
        DOORS[f"{kind.__name__}: y"] = lambda y, kind=kind: estimated(kind, X, y)


def of_type(char):
    if char == "V":
        return np.zeros((COUNT, 1), "V8")
    if char == "O":
        return np.array([[Fraction(1)], [Decimal(1)], [np.bool_(True)], [1]], object)
    numbers = np.ones((COUNT, 1), int)
    return numbers.astype(f"{char}8[D]" if char in "mM" else char)


def kinds_of(array):
    return array.dtype.kind in REAL or array.dtype == object


def masked(given, *rows):
    found = np.ma.masked_array(given, mask=np.zeros(np.shape(given), bool))
    for row in rows:
        found[row] = np.ma.masked
    return found


def column(x):
    return [[x]] * COUNT


ARRAYS = {f"dtype {char}": of_type(char) for char in np.typecodes["All"]}
TAKEN = {name: x for name, x in ARRAYS.items() if kinds_of(x)} | {
    "big-endian": ONES.astype(">f8"),
    "nothing masked": masked(ONES),
    "objects, nothing masked": masked(ONES.astype(object)),
    **{
        f"list of {type(x).__name__}": column(x)
        for x in (1, 1.0, True, Fraction(1), Decimal(1), np.bool_(True), np.uint8(1), np.float16(1))
    },
    "lists of several kinds": [[1], [True], [Fraction(1)], [np.float32(1)]],
    "tuples": tuple(column(1)),
    "buffers": [array("d", [1.0])] * COUNT,
}
REFUSED = {name: x for name, x in ARRAYS.items() if not kinds_of(x)} | {
    "one masked": masked(ONES, 2),
    "all masked": masked(ONES, *range(COUNT)),
    "masked objects": masked(ONES.astype(object), 0),
    "a list with what is masked": [[1.0], [np.ma.masked], [1.0], [1.0]],
    "a list of masked arrays": [masked([1.0], 0)] * COUNT,
    "objects with what is masked": np.array([[np.ma.masked]] * COUNT, object),
    **{
        f"{type(x).__name__}s": column(x)
        for x in (1j, date(2020, 1, 1), timedelta(1), b"1", "1", None, {}, {1}, print, object())
    },
    "complex beside numbers": [[1.0], [1j], [1.0], [1.0]],
    "dates beside numbers": [[1.0], [np.datetime64("2020")], [1.0], [1.0]],
    "spans beside numbers": [[1.0], [np.timedelta64(1, "D")], [1.0], [1.0]],
    "text beside numbers": [[1.0], ["1"], [1.0], [1.0]],
    "complex objects": np.array(column(1j), object),
    "digits as objects": np.array(column("1"), object),
    "bytes as objects": np.array(column(b"1"), object),
    "integers beyond floats": column(10**400),
    "decimals beyond floats": column(Decimal("1e400")),
    "a dict": {"x": 1},
    "a set": {1},
    "a generator": (x for x in range(COUNT)),
    "text": "1111",
    "bytes": b"1111",
    "a bytearray": bytearray(4),
    "nothing": None,
    "rows of several lengths": [[1.0], [1.0, 2.0], [1.0], [1.0]],
}
if np.finfo(np.longdouble).max > np.finfo(float).max:
    REFUSED["long doubles beyond floats"] = np.full((COUNT, 1), np.longdouble("1e4000"))


def test_the_doors_are_those_that_there_are():
    assert len(LOSSES) >= 8
    assert {nn.mse_loss, nn.cross_entropy, nn.hinge_loss} <= set(LOSSES)
    assert {kind.__name__ for kind in ESTIMATORS} == {"MLPClassifier", "MLPRegressor"}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", TAKEN)
def test_every_kind_of_real_number_is_taken_for_its_float(name, door):
    found, expected = DOORS[door](TAKEN[name]), DOORS[door](ONES)
    single = ("f" if name == "dtype f" else "d", "d")
    tolerance = 1e-6 if "f" in single else 0
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=tolerance, atol=0)
    assert np.asarray(found).dtype.char in {*single, *np.asarray(expected).dtype.char}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_with_what_to_do(name, door):
    with pytest.raises((TypeError, ValueError)) as caught:
        DOORS[door](REFUSED[name])
    if not door.startswith("MLP"):  # scikit-learn says some of it
        assert len(str(caught.value).split(". ")) > 1, caught.value


NUMBERS = [1, 1.0, True, Fraction(1), Decimal(1), *(of_type(c)[0, 0] for c in "?bhilqBHILQefdg")]
NO_NUMBERS = [
    *(1j, date(2020, 1, 1), timedelta(1), b"1", bytearray(1), "1", None, {}, {1}, print, [1.0]),
    *(np.ma.masked, masked(1.0, ()), ONES, np.ones(1), 10**400, Decimal("1e400")),
    *(of_type(c)[0, 0] for c in "FDGSUVMm"),
]


def seeded_value(given):
    x = Value(1.0)
    (x * 3.0).backward(given)
    return x.grad


def rebound_value(given):
    x = Value(2.0)
    x.data = given
    return x.data


DOORS_OF_ONE = {"Value": lambda x: Value(x).data, "data": rebound_value, "seed": seeded_value}
for sign in OPERATORS.values():
    if sign != "@":
        DOORS_OF_ONE[f"beside {sign}"] = eval(f"lambda x: (Value(3.0) {sign} x).data")
        DOORS_OF_ONE[f"before {sign}"] = eval(f"lambda x: (x {sign} Value(3.0)).data")
DOORS_OF_ONE["mse_loss"] = lambda x: nn.mse_loss(Value(3.0), x).data


@pytest.mark.parametrize("door", DOORS_OF_ONE)
@pytest.mark.parametrize("given", [*NUMBERS, *map(np.array, NUMBERS)], ids=repr)
def test_one_number_of_every_kind_is_a_float(given, door):
    found = DOORS_OF_ONE[door](given)
    assert (type(found), found) == (float, DOORS_OF_ONE[door](1.0))


@pytest.mark.parametrize("door", DOORS_OF_ONE)
@pytest.mark.parametrize("given", NO_NUMBERS, ids=lambda x: f"{type(x).__name__}")
def test_what_is_not_one_real_number_is_refused(given, door):
    with pytest.raises((TypeError, ValueError), match=r"got|target|holds|\. Give|is "):
        DOORS_OF_ONE[door](given)
