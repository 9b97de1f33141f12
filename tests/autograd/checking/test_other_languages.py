"""What a graph computes elsewhere is what it computes here."""

import pytest

from autograd import Value, exp, gradients, tanh
from autograd.checking.other_languages import LANGUAGES


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_computes_the_same(name):
    x, y = Value(0.5, name="x"), Value(-1.25, name="y")
    outputs = [tanh(x) * exp(y), *gradients(tanh(x) * exp(y), [x, y])]
    run, _ = LANGUAGES[name]
    try:
        found = run(outputs, [x, y])
    except (ImportError, FileNotFoundError) as missing:
        pytest.skip(str(missing))
    assert [float(z) for z in found] == pytest.approx([z.data for z in outputs], rel=1e-15)
