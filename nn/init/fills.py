"""Fills a leaf Tensor in place, with one number or with numbers of one distribution."""

import numpy as np

from autograd import Tensor

from ..randomness import Rng, generator


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0, as biases start. Weights that all start there never move: see `normal_`.

    Examples
    --------
    >>> zeros_(Tensor([1.0, 2.0]))
    Tensor(array([0., 0.]))
    """
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with 1.

    Examples
    --------
    >>> ones_(Tensor([1.0, 2.0])).data
    array([1., 1.])
    """
    return constant_(tensor, 1.0)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one number. Units that start equal stay equal, so this is for biases.

    Examples
    --------
    >>> constant_(Tensor([1.0, 2.0]), 0.1).data
    array([0.1, 0.1])
    """
    tensor.data = np.full(tensor.shape, val)
    return tensor


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: Rng = None) -> Tensor:
    """Draw from the interval [a, b).

    Examples
    --------
    >>> uniform_(Tensor([[0.0, 0.0]]), -1, 1, rng=0).data.round(3)
    array([[ 0.274, -0.46 ]])
    """
    tensor.data = generator(rng).uniform(a, b, tensor.shape)
    return tensor


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 0.01, rng: Rng = None) -> Tensor:
    """Draw from the normal distribution N(mean, std), small numbers around 0 if not told otherwise.

    Random numbers break the symmetry: equal units would get equal gradients and stay equal.

    Parameters
    ----------
    tensor : Tensor
        A leaf of any shape.
    mean : float
    std : float
        Standard deviation, not variance. PyTorch's own default is 1.
    rng : numpy.random.Generator or int, optional

    Returns
    -------
    Tensor
        The same one.

    Examples
    --------
    >>> normal_(Tensor([[0.0, 0.0]]), rng=0).data.round(5)
    array([[ 0.00126, -0.00132]])
    """
    tensor.data = generator(rng).normal(mean, std, tensor.shape)
    return tensor
