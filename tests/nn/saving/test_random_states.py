"""Generators go on where they were, in place; a state that is none of theirs is refused."""

import json
from copy import deepcopy

import numpy as np
import pytest
from checkpoints import GENERATOR, exact, put, rewritten

import nn
from autograd import Tape, Tensor
from nn.saving.safetensors_file import read

GENERATORS = {
    kind.__name__: kind
    for kind in (
        np.random.PCG64,
        np.random.PCG64DXSM,
        np.random.MT19937,
        np.random.Philox,
        np.random.SFC64,
    )
}


@pytest.mark.parametrize("kind", GENERATORS)
@pytest.mark.parametrize("draws", [0, 1, 7])
def test_generators_of_all_kinds_go_on_in_place(kind, draws, path):
    def drawn(rng, count):
        return exact(
            [(rng.random(dtype=np.float32), rng.integers(9), rng.normal()) for _ in range(count)]
        )

    rng = np.random.Generator(GENERATORS[kind](0))
    drawn(rng, draws)
    nn.save_checkpoint(path, nn.Tanh(), rng=rng)
    other = np.random.Generator(GENERATORS[kind](1))
    draw = other.random
    nn.load_checkpoint(path, nn.Tanh(), rng=other)
    expected = deepcopy(rng)
    assert drawn(other, 5) == drawn(rng, 5)
    expected.random(dtype=np.float32)
    assert draw.__self__ is other


def test_generators_that_are_one_stay_one(path):
    def made(seed):
        rng = np.random.default_rng(seed)
        again = np.random.Generator(rng.bit_generator)
        return rng, nn.Sequential(nn.Dropout(rng=rng), nn.Dropout(rng=again), nn.Dropout(rng=seed))

    rng, model = made(0)
    rng.random(3)
    nn.save_checkpoint(path, model, rng=rng)
    (text,) = [x for key, x in read("", path)[1].items() if key == "stepgrad.generators"]
    assert [x["paths"] for x in json.loads(text)] == [
        ["rng", "model.0.rng", "model.1.rng"],
        ["model.2.rng"],
    ]
    later, other = made(1)
    nn.load_checkpoint(path, other, rng=later)
    assert other[0].rng is later
    assert [layer.rng.random() for layer in other] == [layer.rng.random() for layer in model]
    nn.load_checkpoint(path, other)
    with pytest.raises(ValueError, match=r"with the generators rng = model\.0\.rng = .*here are"):
        nn.load_checkpoint(path, made(1)[1], rng=np.random.default_rng(1))


def test_tapes_draw_on(path):
    x, model, other = Tensor(np.ones(20)), nn.Dropout(rng=0), nn.Dropout(rng=1)
    tape, later = Tape([model(x)], [x]), Tape([other(x)], [x])
    tape(x.data)
    nn.save_checkpoint(path, model)
    nn.load_checkpoint(path, other)
    assert exact(later(x.data)) == exact(tape(x.data))


@pytest.mark.slow
@pytest.mark.parametrize("kind", GENERATORS)
def test_a_state_that_points_outside_of_a_generator_is_refused(kind, path):
    def made(seed):
        return np.random.Generator(GENERATORS[kind](seed))

    for other in GENERATORS.keys() - {kind}:
        nn.save_checkpoint(path, nn.Tanh(), rng=np.random.Generator(GENERATORS[other](0)))
        with pytest.raises(ValueError, match=rf"state of the generator rng is none of {kind}"):
            nn.load_checkpoint(path, nn.Tanh(), rng=made(1))
    rng = made(1)
    before = exact(rng.bit_generator.state)
    state = json.loads(json.dumps(rng.bit_generator.state, default=lambda x: x.tolist()))
    for place in places_of(state):
        for x in (-1, 2**200, 1.5, None, "x", [], [0.5], [1] * 1000, 10**6):
            nn.save_checkpoint(path, nn.Tanh(), rng=made(0))
            rewritten(path, put(GENERATOR, 0, "state", *place, to=x))
            try:
                nn.load_checkpoint(path, nn.Tanh(), rng=rng)
            except ValueError:
                assert exact(rng.bit_generator.state) == before
            else:
                assert x == 10**6  # a number like any other, where it is no place
                assert place[-1] not in ("pos", "buffer_pos", "has_uint32")
                rng = made(1)


def places_of(state, around=()):
    for name, x in state.items():
        if isinstance(x, dict):
            yield from places_of(x, (*around, name))
        else:
            yield (*around, name)
            if isinstance(x, list):
                yield (*around, name, 0)
