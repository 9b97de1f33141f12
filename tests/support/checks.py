"""How tests ask for a check of gradients, and for the words in which it fails."""

import pytest
from hypothesis import settings

from autograd import GradientError, check_gradients

fewer = settings(max_examples=5 + settings.default.max_examples // 6)


def words(report):
    return [verdict.verdict for verdict in report]


def rejected(f, *inputs, order=1):
    """The text of the error that a check must end in."""
    with pytest.raises(GradientError) as caught:
        check_gradients(f, *inputs, order=order)
    assert type(caught.value) is GradientError
    return str(caught.value)
