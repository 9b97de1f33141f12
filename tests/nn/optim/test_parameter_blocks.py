"""Parameters are updated together, and yet each has a history of its own."""

import numpy as np
import pytest
from optimizers import every_elementwise_optimizer
from steps import fed, flat, noise, values

import nn
from autograd import ShapeError, Tensor, Value
from nn.optim.parameter_blocks import parts


@every_elementwise_optimizer
def test_every_value_has_a_history_of_its_own(make):
    gradients = noise(20, 3)
    missing = np.random.default_rng(1).random(gradients.shape) < 0.4
    together = values([1.0, 2.0, 3.0])
    optimizer = make(together, lr=0.1)
    for row, absent in zip(gradients, missing, strict=True):
        for p, g, is_absent in zip(together, row, absent, strict=True):
            p.grad = None if is_absent else float(g)
        optimizer.step()
    for p, start, column, absent in zip(
        together, [1.0, 2.0, 3.0], gradients.T, missing.T, strict=True
    ):
        alone = values([start])
        assert [p.data] == fed(make(alone, lr=0.1), alone, column[~absent][:, None])


def test_micrograds_reset_is_a_gradient_of_nothing():
    params = [Tensor([1.0, 2.0]), Value(3.0)]
    for p in params:
        p.grad = 0
    optimizer = nn.SGD(params, lr=0.1, momentum=0.9)
    optimizer.step()
    assert flat(params).tolist() == [1.0, 2.0, 3.0]
    optimizer.load_state_dict(optimizer.state_dict())


def test_a_gradient_of_another_shape_is_refused():
    x = Tensor([[1.0], [2.0]])
    x.grad = np.ones(2)
    with pytest.raises(ShapeError, match=r"grad of shape \(2,\) for a Tensor of shape \(2, 1\)"):
        nn.SGD([x]).step()


def test_values_with_one_history_are_one_array_and_each_tensor_is_its_own():
    tensor, numbers = Tensor([1.0, 2.0]), values([3.0, 4.0, 5.0, 6.0])
    states = [{"step": 1, "avg": 0.5}, {"step": 2, "avg": 0.25}, {"step": 1, "avg": 0.75}, {}]
    found = parts([tensor, *numbers], [{}, *states])
    assert [part.params for part in found] == [
        [tensor],
        [numbers[0], numbers[2]],
        [numbers[1]],
        [numbers[3]],
    ]
    together = found[1]
    assert together.state["step"] == 1
    assert together.state["avg"].tolist() == [0.5, 0.75]
    assert together.data().tolist() == [3.0, 5.0]
    assert together.owner(1) is numbers[2]
    assert together.states() == [states[0], states[2]]


def test_a_part_is_divided_where_some_have_a_gradient():
    params = values([1.0, 2.0, 3.0])
    (part,) = parts(params, [{"avg": x} for x in (0.1, 0.2, 0.3)])
    assert [*part.divided()] == [part]
    for p in params:
        p.grad = 1.0
    assert [*part.divided()] == [part]
    params[1].constant = True
    reached, others = part.divided()
    assert (reached.params, others.params) == ([params[0], params[2]], [params[1]])
    assert (reached.reached, others.reached) == (True, False)
    assert reached.state["avg"].tolist() == [0.1, 0.3]
