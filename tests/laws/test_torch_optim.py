"""Optimizers, schedules and clipping agree with PyTorch's, number for number."""

import warnings

import numpy as np
import pytest

import nn
from autograd import Tensor, Value

torch = pytest.importorskip("torch")

OPTIMIZERS = [
    ("SGD", {}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "eps": 1e-3}),
    ("Adagrad", {"initial_accumulator_value": 0.5}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.1, "alpha": 0.9, "weight_decay": 0.1, "eps": 1e-3}),
    ("RMSprop", {"momentum": 0.9}),
    ("RMSprop", {"centered": True, "momentum": 0.5, "weight_decay": 0.1}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.3, "etas": (0.3, 1.5), "step_sizes": (0.01, 0.4)}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.3}),
]
SCHEDULES = [
    ("LambdaLR", {"lr_lambda": lambda epoch: 0.95**epoch}),
    ("StepLR", {"step_size": 7}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.7, "total_iters": 12}),
    ("CosineAnnealingLR", {"T_max": 30}),
    ("CosineAnnealingLR", {"T_max": 8, "eta_min": 0.01}),
    ("OneCycleLR", {"max_lr": 0.7, "total_steps": 30}),
    (
        "OneCycleLR",
        {"max_lr": 0.7, "total_steps": 40, "pct_start": 0.5, "base_momentum": 0.7},
    ),
    (
        "OneCycleLR",
        {"max_lr": 0.7, "total_steps": 33, "max_momentum": 0.9, "div_factor": 10.0},
    ),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 30, "final_div_factor": 10.0}),
]
SHAPES = [(4, 3), (3,), (5,)]


def drawn(seed, *, dtype=float):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in SHAPES]


def ids(cases):
    return [f"{name} {' '.join(options)}" for name, options in cases]


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=ids(OPTIMIZERS))
def test_fifty_steps(name, options):
    """Of a weight, of a bias in a group of its own, and of a bias that is a list of Values."""
    start = drawn(0)
    ours = [Tensor(start[0]), Tensor(start[1]), *map(Value, start[2])]
    theirs = [torch.tensor(x, requires_grad=True) for x in start]
    special = {"lr": 0.05} if name == "Rprop" else {"lr": 0.05, "weight_decay": 0}
    groups = [
        [{"params": params[:1]}, {"params": params[1:], **special}] for params in (ours, theirs)
    ]
    our_optimizer = getattr(nn, name)(groups[0], **options)
    their_optimizer = getattr(torch.optim, name)(groups[1], **options)
    for step in range(50):
        grads = drawn(step + 1)
        for p, g in zip(theirs, grads, strict=True):
            p.grad = torch.tensor(g)
        ours[0].grad, ours[1].grad = grads[:2]
        for value, g in zip(ours[2:], grads[2], strict=True):
            value.grad = float(g)
        our_optimizer.step()
        their_optimizer.step()
    found = [ours[0].data, ours[1].data, [value.data for value in ours[2:]]]
    for x, y in zip(found, theirs, strict=True):
        np.testing.assert_allclose(x, y.detach().numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=ids(OPTIMIZERS))
def test_states_have_their_names_and_numbers(name, options):
    start, grads = drawn(0), drawn(1)
    ours = [Tensor(x) for x in start]
    theirs = [torch.tensor(x, requires_grad=True) for x in start]
    optimizers = getattr(nn, name)(ours, **options), getattr(torch.optim, name)(theirs, **options)
    for _ in range(2):
        for p, q, g in zip(ours, theirs, grads, strict=True):
            p.grad, q.grad = g, torch.tensor(g)
        for optimizer in optimizers:
            optimizer.step()
    ours, theirs = (optimizer.state_dict() for optimizer in optimizers)
    for option, x in theirs["param_groups"][0].items():
        assert ours["param_groups"][0].get(option, x) == x
    for i, state in ours["state"].items():
        for key, x in state.items():
            np.testing.assert_allclose(x, np.asarray(theirs["state"][i][key]), rtol=1e-12)


def test_defaults_are_theirs():
    for name in {name for name, _ in OPTIMIZERS}:
        theirs = getattr(torch.optim, name)([torch.ones(1, requires_grad=True)]).defaults
        for option, default in getattr(nn, name)([Value(1.0)]).defaults.items():
            if option not in ("second_moment", "bias_correction"):
                assert default == theirs[option], (name, option)


@pytest.mark.parametrize("kind", ["Adam", "SGD"])
@pytest.mark.parametrize(("name", "options"), SCHEDULES, ids=ids(SCHEDULES))
def test_thirty_rates(name, options, kind):
    def groups(a, b):
        return [{"params": [a], "lr": 0.5}, {"params": [b], "lr": 0.02}]

    momentum = {"momentum": 0.9} if kind == "SGD" else {}
    ours = getattr(nn, kind)(groups(Value(1.0), Value(1.0)), **momentum)
    leaves = [torch.ones(1, requires_grad=True) for _ in range(2)]
    theirs = getattr(torch.optim, kind)(groups(*leaves), **momentum)
    schedules = (
        getattr(nn, name)(ours, **options),
        getattr(torch.optim.lr_scheduler, name)(theirs, **options),
    )
    option = "momentum" if kind == "SGD" else "betas"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs miss the steps of the optimizer
        for _ in range(31):
            for mine, other in zip(ours.param_groups, theirs.param_groups, strict=True):
                np.testing.assert_allclose(mine["lr"], other["lr"], rtol=1e-12, atol=1e-12)
                np.testing.assert_allclose(mine[option], other[option], rtol=1e-12)
            if schedules[0].last_epoch < 30:
                for schedule in schedules:
                    schedule.step()


def test_a_warm_up_and_two_schedules_after_it():
    ours = nn.SGD([Value(1.0)], lr=0.5)
    theirs = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.5)

    def sequence(optimizer, of, join):
        schedules = [
            of.LinearLR(optimizer, 0.1, total_iters=6),
            of.CosineAnnealingLR(optimizer, T_max=8),
            of.ExponentialLR(optimizer, gamma=0.9),
        ]
        return join(optimizer, schedules, milestones=[4, 11])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs miss the steps of the optimizer
        mine = sequence(ours, nn, nn.SequentialLR)
        other = sequence(theirs, torch.optim.lr_scheduler, torch.optim.lr_scheduler.SequentialLR)
        for _ in range(20):
            np.testing.assert_allclose(mine.get_last_lr(), other.get_last_lr(), rtol=1e-12)
            mine.step()
            other.step()


@pytest.mark.parametrize("limit", [0.01, 1.0, 100.0])
def test_clipping(limit):
    grads = drawn(3)
    for ours, theirs in [
        (nn.clip_grad_norm_, torch.nn.utils.clip_grad_norm_),
        (nn.clip_grad_value_, torch.nn.utils.clip_grad_value_),
    ]:
        mine = [Tensor(g) for g in grads]
        others = [torch.tensor(g, requires_grad=True) for g in grads]
        for p, q, g in zip(mine, others, grads, strict=True):
            p.grad, q.grad = g, torch.tensor(g)
        results = ours(mine, limit), theirs(others, limit)
        if results[0] is not None:
            assert results[0] == pytest.approx(float(results[1]), rel=1e-12)
        for p, q in zip(mine, others, strict=True):
            np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-10)
