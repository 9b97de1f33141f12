"""NumPy, where it meets a node: right, harmless, or refused in words."""

import inspect
import warnings

import numpy as np
import pytest
from numerics import same

import autograd as ag
from autograd import Tensor, Value, grad
from autograd.engine import numpy_border
from autograd.ops import FUNCTIONS

NUMBERS = np.array([[2.0, 1.0], [0.5, 3.0]])
MASK = np.array([[True, False], [True, True]])
SPACES = [np, np.linalg, np.fft, np.emath, np.ma, np.random, np.lib.stride_tricks]
NOT_OF_NUMBERS = {
    "set_printoptions",
    "printoptions",
    "seterr",
    "setbufsize",
    "info",
    "seed",
    "test",
}
# np.bmat(x) is None; the memory of the two others holds anything.
NOT_OF_NUMBERS |= {"set_state", "mintypecode", "bmat", "empty_like", "masked_all_like"}
CALLS = {
    "f(x)": lambda f, x: f(x),
    "f(x, x)": lambda f, x: f(x, x),
    "f(x, x, x)": lambda f, x: f(x, x, x),
    "f(x, 1)": lambda f, x: f(x, 1),
    "f(1, x)": lambda f, x: f(1, x),
    "f(array, x)": lambda f, x: f(NUMBERS + 1, x),
    "f(x, array)": lambda f, x: f(x, NUMBERS + 1),
    "f([x, x])": lambda f, x: f([x, x]),
    "f(x[0])": lambda f, x: f(x[0]),
    "f(x[0], x[1])": lambda f, x: f(x[0], x[1]),
    "f(x, shape)": lambda f, x: f(x, (2, 2)),
    "f(x, indices)": lambda f, x: f(x, [0, 1]),
    "f(x, 0, 1)": lambda f, x: f(x, 0, 1),
    "f(x, float)": lambda f, x: f(x, float),
    "f(mask, x)": lambda f, x: f(MASK, x),
    "f(mask, x, x)": lambda f, x: f(MASK, x, x),
    "f(mean, 0, x)": lambda f, x: f(np.mean, 0, x),
    "f('ij->ji', x)": lambda f, x: f("ij->ji", x),
    "f(x, out=array)": lambda f, x: f(x, out=np.zeros((2, 2))),
    "f.reduce(x)": lambda f, x: f.reduce(x),
    "f.outer(x, x)": lambda f, x: f.outer(x, x),
    "f.accumulate(x)": lambda f, x: f.accumulate(x),
}


def _functions():
    found = {}
    for space in SPACES:
        for name in getattr(space, "__all__", dir(space)):
            f = getattr(space, name, None)
            is_type = isinstance(f, type) and issubclass(f, BaseException | np.generic)
            is_of_numbers = not name.startswith(("_", "save")) and name not in NOT_OF_NUMBERS
            if callable(f) and not is_type and is_of_numbers:
                found.setdefault(id(f), (f"{space.__name__}.{name}", f))
    return dict(found.values())


OF_NUMPY = _functions()


def _numbers(call, f, x):
    """What a call makes of plain numbers, if it makes numbers of them."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            y = np.asarray(call(f, x.copy()))
    except Exception:
        return None
    return y if y.dtype.kind in "fc" else None


def _depend_on_it(call, f):
    """The calls that we are about: of numbers they make numbers, of others others."""
    one, other = _numbers(call, f, NUMBERS), _numbers(call, f, NUMBERS * 1.25 + 0.1)
    again = _numbers(call, f, NUMBERS)
    return (
        one is not None
        and other is not None
        and np.array_equal(one, again, equal_nan=True)
        and not np.array_equal(one, other, equal_nan=True)
    )


def _words(error):
    return f"{error} {error.__cause__} {error.__context__}"


# They ask for a memory, or write into what they are given: NumPy says itself that a node has none.
IN_WORDS_OF_NUMPY = {np.from_dlpack, np.frombuffer, np.nditer, np.nested_iters}
IN_WORDS_OF_NUMPY |= {np.ma.frombuffer, np.ma.reshape}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("inside", [True, False], ids=["in grad", "outside"])
def test_what_numpy_computes_is_refused_in_words_or_a_node(inside):
    tried, wrong = set(), []
    for name, f in OF_NUMPY.items():
        for how, call in CALLS.items():
            if not _depend_on_it(call, f):
                continue
            tried.add(name)
            try:
                y = _computed(call, f, inside)
            except Exception as error:
                if "gradient" not in _words(error) and f not in IN_WORDS_OF_NUMPY:
                    wrong.append((name, how, error))
                continue
            right = _numbers(call, f, NUMBERS)
            if not (isinstance(y, Tensor) and not y.constant and same(np.asarray(y.data), right)):
                wrong.append((name, how, y))
    assert not wrong
    assert len(tried) > 180


def _computed(call, f, inside):
    made = []

    def program(x):
        made.append(call(f, x))
        return ag.sum(x)

    with np.errstate(all="ignore"):
        grad(program)(NUMBERS) if inside else program(Tensor(NUMBERS))
    return made[0]


@pytest.mark.parametrize("name", [f.__name__ for f in vars(np).values() if type(f) is np.ufunc])
def test_ufuncs_of_a_value_are_refused_in_words_or_a_node(name):
    ufunc = getattr(np, name)
    numbers = (0.5,) * ufunc.nin
    right = _numbers(lambda f, x: f(*numbers), ufunc, np.zeros(1))
    if right is None or ufunc.nout > 1:
        pytest.skip("makes no float of floats")
    x = Value(0.5)
    for operands in {(x,) * ufunc.nin, (x, 0.5)[: ufunc.nin], (np.float64(0.5), x)[-ufunc.nin :]}:
        try:
            y = ufunc(*operands)
        except TypeError as error:
            y = str(error)
        if isinstance(y, Value):
            assert (y.constant, y.data) == (False, right)
        else:
            assert y.startswith(f"np.{name}: got Value(0.5), which gradients reach")


def test_constants_are_plain_numbers_to_numpy():
    x = Tensor(NUMBERS, constant=True)
    for f in (np.exp, np.std, np.asarray, np.add.reduce, np.linalg.det, np.ravel):
        assert same(np.asarray(f(x)), np.asarray(f(NUMBERS))), f
    with pytest.raises(TypeError, match=r"^np\.concatenate: .*Use autograd\.concatenate"):
        np.concatenate([x, Tensor(NUMBERS)])


def test_looking_is_allowed():
    x, v = Tensor(NUMBERS), Value(0.5)
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((2, 2), 2, 4)
    assert (np.shape(v), np.ndim(v), np.size(v)) == ((), 0, 1)
    assert np.array_str(x) == np.array_str(NUMBERS)
    assert np.array_repr(x) == np.array_repr(NUMBERS)
    for node, numbers in ((x, NUMBERS), (v, 0.5)):
        assert np.allclose(node, numbers)
        assert np.array_equal(numbers, node)
        assert np.isclose(node, numbers).all()
        assert np.isfinite(node).all()
        assert not np.isnan(node).any()
        assert np.zeros_like(node).dtype == float
        assert np.all(np.less(numbers, node + 1))
        assert np.all(np.greater_equal(node, numbers))
    np.testing.assert_array_equal(x.data, NUMBERS)


@pytest.mark.parametrize("way", numpy_border._WAYS.items(), ids=lambda way: way[0])
def test_the_way_on_is_what_numpy_does(way):
    name, text = way
    x, y = np.array([3.0, 1.0, 2.0]), np.array([0.5, 2.0, 1.5])
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    calls = {
        "append": lambda f: f(x, y),
        "column_stack": lambda f: f([x, y]),
        "expand_dims": lambda f: f(x, 1),
        "hstack": lambda f: f([x, y]),
        "repeat": lambda f: f(x, 2),
        "roll": lambda f: f(x, 1),
        "squeeze": lambda f: f(x[:, None]),
        "swapaxes": lambda f: f(matrix, 0, 1),
        "take": lambda f: f(x, [0, 2]),
        "tile": lambda f: f(x, 2),
        "trace": lambda f: f(matrix),
        "vstack": lambda f: f([x, y]),
    }
    given = {
        "repeat": {"indices": [0, 0, 1, 1, 2, 2]},
        "squeeze": {"x": Tensor(x[:, None]), "shape": (3,)},
        "swapaxes": {"x": Tensor(matrix), "axes": (1, 0)},
        "trace": {"x": Tensor(matrix)},
    }
    f = np
    for part in name.split("."):
        f = getattr(f, part)
    is_unary = inspect.isfunction(f) or getattr(f, "nin", 1) == 1
    usual = (lambda f: f(x)) if is_unary and name not in BINARY else (lambda f: f(x, y))
    expected = calls.get(name, usual)(f)
    space = {**{row: getattr(ag, row) for row in FUNCTIONS}, "np": np, "indices": [0, 2]}
    space |= {"x": Tensor(x), "y": Tensor(y), **given.get(name, {})}
    found = eval(text, space)
    np.testing.assert_allclose(found.data, expected, rtol=1e-15)


BINARY = {"dot", "inner", "outer", "vdot"}


def test_an_array_on_the_left_leaves_the_work_to_the_node():
    for node, array in ((Tensor(NUMBERS), NUMBERS), (Value(0.5), np.float64(2.0))):
        for symbol in ("+", "-", "*", "/", "**"):
            right = eval(f"array {symbol} numbers", {"array": array, "numbers": node.data})
            y = eval(f"array {symbol} node", {"array": array, "node": node})
            assert type(y) is type(node)
            assert not y.constant
            assert same(np.asarray(y.data), np.asarray(right))
    for sign in ("<", "<=", ">", ">="):
        right = eval(f"x {sign} 2.0", {"x": NUMBERS})
        assert same(eval(f"a {sign} x", {"a": NUMBERS, "x": Tensor(2.0)}), right)
    array = NUMBERS.copy()
    with pytest.raises(TypeError, match=r"^np\.add: got Tensor"):
        array += Tensor(1.0)
    assert same(array, NUMBERS)


def test_elements_of_an_array_are_not_set_from_a_tensor():
    array, x = np.zeros(2), Tensor([1.0, 2.0])
    with pytest.raises((TypeError, ValueError)) as caught:
        array[0] = x[0]
    assert "which gradients reach" in _words(caught.value)
    with pytest.raises(TypeError, match="which gradients reach"):
        array[:] = x
    array[0] = x.data[0]
    assert array.tolist() == [1.0, 0.0]
