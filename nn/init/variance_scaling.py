"""Random weights of the size at which signals neither fade nor grow from layer to layer."""

from math import prod, sqrt

import numpy as np

from autograd import Tensor

from ..randomness import Rng, generator
from .fills import normal_, uniform_
from .gain import calculate_gain, fans


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Draw uniformly with the variance 2 gain^2 / (fan_in + fan_out), for tanh and sigmoid.

    It is a compromise: signals keep their size forwards, gradients keep theirs backwards.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
    gain : float
        What the activation takes away, from `calculate_gain`.
    rng : numpy.random.Generator or int, optional

    Returns
    -------
    Tensor
        The same one, its numbers between ``-gain * sqrt(6 / (fan_in + fan_out))`` and that.

    Raises
    ------
    ShapeError
        If it has fewer than two axes.

    References
    ----------
    Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks.

    Examples
    --------
    >>> weight = xavier_uniform_(Tensor(np.zeros((2, 4))), rng=0)
    >>> bool(abs(weight.data).max() < 1.0)  # sqrt(6 / (4 + 2)) is 1
    True
    """
    return _uniform(tensor, _xavier_std("xavier_uniform_", tensor, gain), rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Draw normally with the variance 2 gain^2 / (fan_in + fan_out); see `xavier_uniform_`.

    Examples
    --------
    >>> xavier_normal_(Tensor(np.zeros((1, 2))), rng=0).data.round(3)
    array([[ 0.103, -0.108]])
    """
    return normal_(tensor, 0.0, _xavier_std("xavier_normal_", tensor, gain), rng)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
) -> Tensor:
    """Draw uniformly with the variance gain^2 / fan_in: He's start, for relu and its family.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
    a : float
        Slope of leaky_relu for negative numbers; 0 is relu.
    mode : {"fan_in", "fan_out"}
        Whether signals keep their size forwards or gradients backwards.
    nonlinearity : str
        Which activation follows, see `calculate_gain`.
    rng : numpy.random.Generator or int, optional

    Returns
    -------
    Tensor
        The same one, its numbers between ``-gain * sqrt(3 / fan)`` and that.

    Raises
    ------
    ShapeError
        If it has fewer than two axes.
    ValueError
        If the mode or the activation is not known.

    References
    ----------
    He, Zhang, Ren & Sun 2015, Delving deep into rectifiers.

    Examples
    --------
    >>> weight = kaiming_uniform_(Tensor(np.zeros((3, 6))), rng=0)
    >>> bool(abs(weight.data).max() < 1.0)  # sqrt(2) * sqrt(3 / 6) is 1
    True
    """
    return _uniform(tensor, _he_std("kaiming_uniform_", tensor, a, mode, nonlinearity), rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
) -> Tensor:
    """Draw normally with the variance gain^2 / fan_in; see `kaiming_uniform_`.

    Examples
    --------
    >>> kaiming_normal_(Tensor(np.zeros((1, 2))), rng=0).data.round(3)
    array([[ 0.126, -0.132]])
    """
    std = _he_std("kaiming_normal_", tensor, a, mode, nonlinearity)
    return normal_(tensor, 0.0, std, rng)


def lecun_uniform_(tensor: Tensor, rng: Rng = None) -> Tensor:
    """Draw uniformly with the variance 1 / fan_in; see `lecun_normal_`.

    Examples
    --------
    >>> weight = lecun_uniform_(Tensor(np.zeros((2, 3))), rng=0)
    >>> bool(abs(weight.data).max() < 1.0)  # sqrt(3 / 3) is 1
    True
    """
    return _uniform(tensor, 1 / sqrt(fans("lecun_uniform_", tensor)[0]), rng)


def lecun_normal_(tensor: Tensor, rng: Rng = None) -> Tensor:
    """Draw normally with the variance 1 / fan_in: sums of weighted inputs keep their variance.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
    rng : numpy.random.Generator or int, optional

    Returns
    -------
    Tensor
        The same one.

    Raises
    ------
    ShapeError
        If it has fewer than two axes.

    References
    ----------
    LeCun, Bottou, Orr & Müller 1998, Efficient BackProp.

    Examples
    --------
    >>> lecun_normal_(Tensor(np.zeros((1, 4))), rng=0).data.round(3)
    array([[ 0.063, -0.066,  0.32 ,  0.052]])
    """
    return normal_(tensor, 0.0, 1 / sqrt(fans("lecun_normal_", tensor)[0]), rng)


def orthogonal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Draw a matrix whose rows, or columns if there are fewer, stand at right angles.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
        What follows the first axis counts as one axis.
    gain : float
        Length of the rows or columns.
    rng : numpy.random.Generator or int, optional

    Returns
    -------
    Tensor
        The same one; every such matrix is equally likely.

    Raises
    ------
    ShapeError
        If it has fewer than two axes.

    References
    ----------
    Saxe, McClelland & Ganguli 2013, Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks; Mezzadri 2007, How to generate random matrices from the classical
    compact groups.

    Examples
    --------
    >>> q = orthogonal_(Tensor(np.zeros((2, 3))), rng=0).data
    >>> np.allclose(q @ q.T, np.eye(2))
    True
    """
    fans("orthogonal_", tensor)
    rows, columns = tensor.shape[0], prod(tensor.shape[1:])
    tall = (max(rows, columns), min(rows, columns))
    q, r = np.linalg.qr(generator(rng).standard_normal(tall))
    q *= np.sign(np.diag(r))  # QR prefers some signs; without them, no direction is preferred
    tensor.data = gain * (q if rows >= columns else q.T).reshape(tensor.shape)
    return tensor


def _uniform(tensor: Tensor, std: float, rng: Rng) -> Tensor:
    """Draw uniformly around 0 with a standard deviation."""
    return uniform_(tensor, -sqrt(3) * std, sqrt(3) * std, rng)


def _xavier_std(name: str, tensor: Tensor, gain: float) -> float:
    return gain * sqrt(2 / sum(fans(name, tensor)))


def _he_std(name: str, tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    counts = dict(zip(("fan_in", "fan_out"), fans(name, tensor), strict=True))
    if mode not in counts:
        raise ValueError(f"{name}: got mode={mode!r}. Use 'fan_in' or 'fan_out'.")
    return calculate_gain(nonlinearity, a) / sqrt(counts[mode])
