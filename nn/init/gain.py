"""What the size of first weights follows from: the activation, and how many inputs are added up."""

from math import prod, sqrt

from autograd import ShapeError, Tensor


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Say by how much weights must be larger because an activation makes signals smaller.

    Parameters
    ----------
    nonlinearity : {"linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu"}
    param : float, optional
        Slope of leaky_relu for negative numbers, 0.01 if not given.

    Raises
    ------
    ValueError
        If the activation is not known.

    Examples
    --------
    >>> calculate_gain("tanh"), calculate_gain("relu") ** 2
    (1.6666666666666667, 2.0000000000000004)
    """
    slope = 0.01 if param is None else param
    gains = {
        "linear": 1.0,
        "conv2d": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": sqrt(2),
        "leaky_relu": sqrt(2 / (1 + slope**2)),
    }
    if nonlinearity not in gains:
        raise ValueError(f"calculate_gain: got {nonlinearity!r}. Use one of {', '.join(gains)}.")
    return gains[nonlinearity]


def fans(name: str, tensor: Tensor) -> tuple[int, int]:
    """Count the numbers that one output is made of, and the outputs that one input goes to."""
    if tensor.ndim < 2:
        raise ShapeError(
            f"{name}: got a Tensor of shape {tensor.shape}, whose inputs and outputs cannot be "
            "counted. Give a weight of shape (out, in, ...); for a bias, take zeros_."
        )
    outputs, inputs, *kernel = tensor.shape
    return inputs * prod(kernel), outputs * prod(kernel)
