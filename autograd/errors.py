"""Every mistake a user can make has a class here, and each class is also the builtin one expects.

AutogradError
├── ShapeError(ValueError)         operands whose shapes do not meet
├── GraphError(RuntimeError)       a graph used in a way it cannot be
├── DomainError(ValueError)        a number outside the domain of an op
└── GradientError(AssertionError)  a gradient that is not the derivative
    └── InfiniteGradientError(DomainError)  no gradient: the slope is infinite or undefined here
"""


class AutogradError(Exception):
    """Base of all errors raised on purpose; the message says which op, what it got, what to do."""


class ShapeError(AutogradError, ValueError):
    """Operands whose shapes do not meet."""


class GraphError(AutogradError, RuntimeError):
    """A graph used in a way it cannot be."""


class DomainError(AutogradError, ValueError):
    """A number outside the domain of an op, or a result no float can hold."""


class GradientError(AutogradError, AssertionError):
    """A gradient that is not the derivative."""


class InfiniteGradientError(GradientError, DomainError):
    """A gradient that is no finite number, at a point where the op itself may have a value."""
