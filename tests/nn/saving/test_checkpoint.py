"""Training goes on from a checkpoint bit for bit; one that is not right changes nothing."""

import json
import os
import re
from copy import deepcopy
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import killed
from optimizers import OPTIMIZERS, SCHEDULES, VARIANTS, WHOLE, each

import nn
from autograd import Tape, Tensor, Value
from nn.saving.safetensors_file import CHECKSUM, _checksum, read

library = pytest.importorskip("safetensors.numpy")

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


class Mixed(nn.Module):
    """Values and Tensors of both types, one with a batch norm, one dropped, one not trained."""

    def __init__(self, rng=None):
        rng = np.random.default_rng(rng)
        self.scale = Value(rng.normal())
        self.offsets = [Value(rng.normal()), Value(rng.normal())]
        self.single = Tensor(rng.normal(size=2).astype(np.float32))
        self.scalar = Tensor(rng.normal())
        self.constant = Value(rng.normal(), constant=True)
        self.norm = nn.BatchNorm1d(2)
        self.dropout = nn.Dropout(0.3, rng=rng)
        self.rng = rng

    def forward(self, x):
        x = self.dropout(self.norm(x)) * self.single + self.scalar * self.constant.data
        return x.sum(axis=1, keepdims=True)


def layers(seed, dtype=np.float64):
    return [
        nn.Linear(2, 3, rng=seed, dtype=dtype),
        nn.Tanh(),
        nn.Linear(3, 1, rng=seed + 1, dtype=dtype),
    ]


def frozen(seed):
    model = nn.Sequential(*layers(seed))
    model[0].freeze()
    return model


MODELS = {
    "Values": lambda seed: nn.MLP(2, [2, 1], rng=seed),
    "Tensors": lambda seed: nn.Sequential(*layers(seed)),
    "float32": lambda seed: nn.Sequential(*layers(seed, np.float32)),
    "dropout": lambda seed: nn.Sequential(*layers(seed)[:2], nn.Dropout(rng=seed), layers(seed)[2]),
    "batch norm": lambda seed: nn.Sequential(nn.BatchNorm1d(2), *layers(seed)),
    "frozen": frozen,
}
X = np.random.default_rng(0).normal(size=(8, 2))


class Run:
    """Training that can be stopped after any epoch."""

    def __init__(self, model, make, schedule=None, groups=False, seed=0):
        self.model = model(seed)
        params = self.model.parameters()
        parts = [{"params": params[:1], "lr": 0.05 / (1 + seed)}, {"params": params[1:]}]
        self.optimizer = make(parts if groups else params, lr=0.02 / (1 + seed))
        self.schedule = schedule and schedule(self.optimizer)
        self.rng = np.random.default_rng(seed)

    @property
    def things(self):
        return self.model, self.optimizer, self.schedule, self.rng

    def train(self, epochs=1):
        for _ in range(epochs):
            for rows in self.rng.permutation(len(X)).reshape(2, -1):
                self.optimizer.zero_grad()
                self.loss(X[rows]).backward()
                self.optimizer.step()
                if self.schedule and self.schedule.by_batch:
                    self.schedule.step()
            if self.schedule and not self.schedule.by_batch:
                self.schedule.step()
        return self

    def loss(self, x):
        if isinstance(self.model, nn.MLP):
            return sum((self.model(list(row)) - row.sum()) ** 2 for row in x) / len(x)
        dtype = self.model.parameters()[0].dtype if isinstance(self.model, nn.Sequential) else float
        y = self.model(Tensor(x.astype(dtype), constant=True))
        return ((y - x.sum(axis=1, keepdims=True).astype(dtype)) ** 2).mean()

    def exactly(self):
        return exact(
            [
                self.model.state_dict(),
                [leaf.constant for _, leaf in self.model.named_leaves()],
                self.optimizer.state_dict(),
                self.schedule and self.schedule.state_dict(),
                self.rng.bit_generator.state,
                [
                    module.rng.bit_generator.state
                    for _, module in self.model.named_modules()
                    if hasattr(module, "rng")
                ],
            ]
        )


def exact(thing):
    """Give a thing that equals another only if all is the same, to the last bit and type."""
    if isinstance(thing, np.ndarray | np.generic):
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, dict):
        return {name: exact(x) for name, x in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing), [exact(x) for x in thing]
    return type(thing), repr(thing)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "training.safetensors"


@pytest.fixture
def no_disk(monkeypatch):
    """Save the time that it takes to be sure of a disk."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


# Interrupted and taken up equals uninterrupted


def goes_on(make_run, path):
    expected = make_run(seed=0).train(4).exactly()
    first = make_run(seed=0).train(2)
    before = first.exactly()
    nn.save_checkpoint(path, *first.things, epoch=2)
    assert first.exactly() == before
    resumed = make_run(seed=1).train(1)
    assert nn.load_checkpoint(path, *resumed.things) == {"epoch": 2}
    assert resumed.exactly() == before
    assert resumed.train(2).exactly() == expected


@each(OPTIMIZERS | VARIANTS | WHOLE)
def test_it_goes_on_as_if_never_stopped(make, path, no_disk):
    for model in MODELS.values():
        goes_on(partial(Run, model, make), path)
    for schedule in SCHEDULES.values():
        goes_on(partial(Run, MODELS["Tensors"], make, schedule, groups=True), path)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_goes_on_with_every_schedule(model, path, no_disk):
    for schedule in SCHEDULES.values():
        goes_on(partial(Run, MODELS[model], nn.Adam, schedule, groups=True), path)


@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_it_can_be_stopped_at_any_time(epochs, path):
    run = Run(Mixed, nn.Adam, SCHEDULES["StepLR"]).train(epochs)
    nn.save_checkpoint(path, *run.things)
    resumed = Run(Mixed, nn.Adam, SCHEDULES["StepLR"], seed=1).train(2)
    nn.load_checkpoint(path, *resumed.things)
    assert resumed.exactly() == run.exactly()
    assert resumed.train(2).exactly() == run.train(2).exactly()


def test_a_rate_that_was_set_by_hand_stays(path):
    run = Run(MODELS["Tensors"], nn.SGD, SCHEDULES["StepLR"])
    run.optimizer.param_groups[0]["lr"] = 0.123
    nn.save_checkpoint(path, *run.things)
    resumed = Run(MODELS["Tensors"], nn.SGD, SCHEDULES["StepLR"], seed=1)
    nn.load_checkpoint(path, *resumed.things)
    assert resumed.optimizer.param_groups[0]["lr"] == 0.123


def test_values_with_different_histories(path):
    def some(parameters, numbers):
        for p, x in zip(parameters, numbers, strict=True):
            p.grad = x

    model, other = nn.MLP(2, [2, 1], rng=0), nn.MLP(2, [2, 1], rng=1)
    adam, resumed = nn.Adam(model.parameters()), nn.Adam(other.parameters())
    numbers = [None, *[1.0] * 8]
    for _ in range(3):
        some(model.parameters(), numbers)
        adam.step()
        numbers = [None, None, *numbers[:-2], 2.0]
        numbers = numbers[:9]
    nn.save_checkpoint(path, model, adam)
    nn.load_checkpoint(path, other, resumed)
    assert exact(resumed.state_dict()) == exact(adam.state_dict())
    for parameters in (model.parameters(), other.parameters()):
        some(parameters, range(9))
    adam.step()
    resumed.step()
    assert exact(other.state_dict()) == exact(model.state_dict())


def test_the_state_of_values_is_in_few_arrays(path):
    model = nn.MLP(2, [16, 16, 1], rng=0)
    adam = nn.Adam(model.parameters())
    for p in model.parameters():
        p.grad = 1.0
    adam.step()
    nn.save_checkpoint(path, model, adam)
    names = library.load_file(path).keys() - model.state_dict().keys()
    assert names == {"stepgrad/optimizer/0/exp_avg", "stepgrad/optimizer/0/exp_avg_sq"}


# Generators


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


# What else is kept

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(about=st.dictionaries(st.sampled_from(["epoch", "history", "é"]), plain))
def test_all_that_is_said_comes_back_bit_for_bit(about, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "about"
    nn.save_checkpoint(path, nn.Tanh(), **about)
    assert exact(nn.load_checkpoint(path, nn.Tanh())) == exact(about)


def test_tuples_come_back_as_lists(path):
    nn.save_checkpoint(path, nn.Tanh(), shape=(1, (2.5, np.float64(0.1))))
    assert exact(nn.load_checkpoint(path, nn.Tanh())) == exact({"shape": [1, [2.5, 0.1]]})


circle: list = []
circle.append(circle)


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (np.ones(2), r"about\.x is a ndarray. Give numbers.* x\.tolist\(\) a list"),
        (np.float32(1), r"about\.x is a float32. Give numbers"),
        ([{"a": {1}}], r"about\.x\.0\.a is a set"),
        ({1: 2}, r"about\.x has the key 1. Use texts"),
        (Value(1.0), r"about\.x is a Value"),
        (circle, r"about is too deep or too large"),
        pytest.param(10**5000, r"about is too deep or too large", id="endless number"),
    ],
)
def test_what_json_cannot_hold_is_refused_before_anything_is_written(thing, message, path):
    nn.save_checkpoint(path, nn.Tanh(), epoch=1)
    before = path.read_bytes()
    with pytest.raises(TypeError, match=rf"^save_checkpoint: stepgrad\.{message}"):
        nn.save_checkpoint(path, nn.Tanh(), x=thing)
    assert path.read_bytes() == before


def test_the_best_weights_are_kept_beside_the_last(path):
    model, other = Mixed(0), Mixed(1)
    best = Mixed(2).state_dict()
    nn.save_checkpoint(path, model, best=best, epoch=3)
    about = nn.load_checkpoint(path, other)
    assert exact(dict(sorted(about.pop("best").items()))) == exact(dict(sorted(best.items())))
    assert about == {"epoch": 3}
    assert exact(other.state_dict()) == exact(model.state_dict())
    before = path.read_bytes()
    for wrong in ({}, {**best, "scale": [1.0]}, {**best, "more": 1.0}, {**best, "scale": np.nan}):
        with pytest.raises(ValueError, match=r"^save_checkpoint: "):
            nn.save_checkpoint(path, model, best=wrong)
    assert path.read_bytes() == before


def test_a_model_alone_can_be_had_from_it(path):
    run = Run(Mixed, nn.Adam, SCHEDULES["StepLR"]).train()
    nn.save_checkpoint(path, *run.things, best=run.model.state_dict(), epoch=1)
    for load in (nn.load, lambda model, path: nn.load_checkpoint(path, model)):
        other = Mixed(1)
        load(other, path)
        assert exact(other.state_dict()) == exact(run.model.state_dict())


def test_pytorch_reads_the_weights(path):
    torch = pytest.importorskip("torch")
    theirs_in_files = pytest.importorskip("safetensors.torch")
    run = Run(MODELS["Tensors"], nn.Adam).train()
    nn.save_checkpoint(path, *run.things, best=run.model.state_dict(), epoch=1)
    found = theirs_in_files.load_file(path)
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    theirs = theirs.to(torch.float64)
    left = theirs.load_state_dict(found, strict=False)
    assert not left.missing_keys
    assert all(name.startswith("stepgrad/") for name in left.unexpected_keys)
    for name, x in theirs.state_dict().items():
        np.testing.assert_array_equal(x.numpy(), run.model.state_dict()[name])


# What does not fit


def saved(path, *things, **about):
    nn.save_checkpoint(path, *things, **about)
    return path


def refusal(path, run):
    """Load a file: what comes back, or the error; it names the file, and all is as before then."""
    before = run.exactly()
    try:
        return nn.load_checkpoint(path, *run.things), None
    except ValueError as error:
        complaint = str(error)
    assert complaint.startswith(f"load_checkpoint: {path}: ")
    assert run.exactly() == before
    return None, complaint


def refused(path, run, message=""):
    assert re.search(message, refusal(path, run)[1])


def adam(seed=1, model=Mixed, make=nn.Adam, schedule="StepLR"):
    return Run(model, make, SCHEDULES[schedule], seed=seed).train()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (partial(adam, make=nn.SGD), "saved with Adam, here is SGD"),
        (partial(adam, make=nn.AdamW), "saved with Adam, here is AdamW"),
        (partial(adam, schedule="LinearLR"), "saved with StepLR, here is LinearLR"),
        (partial(adam, model=MODELS["Tensors"]), "saved with the generators"),
        (partial(adam, model=MODELS["Values"]), "saved with the generators"),
    ],
)
def test_a_checkpoint_of_something_else_is_refused(other, message, path):
    nn.save_checkpoint(path, *adam(0).things)
    refused(path, other(), message)


def test_other_layers_are_refused_with_all_faults(path):
    def of(*layers):
        return Run(lambda seed: nn.Sequential(*layers), nn.SGD)

    nn.save_checkpoint(path, *of(nn.Linear(2, 3), nn.Linear(3, 1)).things)
    refused(
        path, of(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)), r"2\.weight is missing.*0\.weight"
    )


def test_parts_that_were_not_saved_are_refused(path):
    run = adam()
    nn.save_checkpoint(path, run.model, rng=run.rng)
    refused(path, run, "saved without optimizer; load it without one")
    nn.save_checkpoint(path, run.model, run.optimizer, rng=run.rng)
    refused(path, run, "saved without schedule; load it without one")
    nn.save_checkpoint(path, run.model, run.optimizer, run.schedule)
    refused(
        path,
        run,
        r"saved with the generators model\.rng = model\.dropout\.rng, here are rng, model",
    )
    nn.save(run.model, path)
    refused(path, run, "it is no checkpoint; nn.load takes the numbers of a model from it")


def test_a_schedule_comes_with_its_optimizer(path):
    run, other = adam(), adam()
    for function in (nn.save_checkpoint, nn.load_checkpoint):
        for optimizer in (None, other.optimizer):
            with pytest.raises(
                ValueError, match=rf"^{function.__name__}: the schedule is of another"
            ):
                function(path, run.model, optimizer, run.schedule)
    assert not path.exists()


def test_a_schedule_that_fails_changes_nothing_else(path):
    class Own(nn.StepLR):
        def load_state_dict(self, state_dict):
            raise KeyError("patience")

    run = Run(Mixed, nn.Adam, lambda o: Own(o, 2)).train()
    nn.save_checkpoint(path, *run.things)
    refused(path, Run(Mixed, nn.Adam, lambda o: Own(o, 2), seed=1).train(), "patience")


def test_no_file_and_swapped_arguments_are_explained(path):
    with pytest.raises(FileNotFoundError, match="training"):
        nn.load_checkpoint(path, nn.Tanh())
    for function in (nn.save_checkpoint, nn.load_checkpoint):
        with pytest.raises(
            TypeError, match=rf"got a str for the model.* {function.__name__}\(path"
        ):
            function(nn.Tanh(), "a path")


@pytest.mark.parametrize("where", ["model", "optimizer"])
def test_numbers_that_are_not_finite_are_not_saved(where, path):
    run = adam()
    nn.save_checkpoint(path, *run.things)
    before = path.read_bytes()
    if where == "model":
        run.model.scalar.data = np.nan
    else:
        run.optimizer._parts[0][0].state["exp_avg"] = np.array([np.inf, 0.0], np.float32)
    with pytest.raises(ValueError, match=r"^save_checkpoint: \S+: NaN or infinity"):
        nn.save_checkpoint(path, *run.things)
    assert path.read_bytes() == before


# Files that are damaged, or made to do damage


@pytest.fixture(scope="module")
def small():
    """Make a small run, its file, and another run that is to take it."""

    def made(seed):
        return Run(
            lambda seed: nn.Sequential(nn.Linear(2, 1, rng=seed), nn.Dropout(rng=seed)),
            nn.Adam,
            SCHEDULES["StepLR"],
            seed=seed,
        ).train(1 + seed)

    return made


@pytest.fixture(scope="module")
def whole(small, tmp_path_factory):
    run, path = small(0), tmp_path_factory.mktemp("whole") / "file"
    nn.save_checkpoint(path, *run.things, best=run.model.state_dict(), epoch=1)
    return path, run.exactly()


@pytest.fixture(scope="module")
def attempt(small, whole, tmp_path_factory):
    """Load a file into another run: it comes back as saved, or all is as before."""
    path, other = tmp_path_factory.mktemp("damaged") / "file", small(1)
    backup = tmp_path_factory.mktemp("backup") / "file"
    nn.save_checkpoint(backup, *other.things)

    def attempt(data):
        path.write_bytes(data)
        about, complaint = refusal(path, other)
        if complaint:
            return False
        assert about.keys() == {"epoch", "best"}
        assert other.exactly() == whole[1]
        nn.load_checkpoint(backup, *other.things)
        return True

    return attempt


def test_a_checkpoint_that_ends_early_is_refused_wherever_it_ends(whole, attempt):
    data = whole[0].read_bytes()
    assert attempt(data)
    assert not any(attempt(data[:length]) for length in range(0, len(data), 3))
    assert not attempt(data[:-1])


def test_every_byte_counts(whole, attempt):
    data = whole[0].read_bytes()
    for place in range(0, len(data), 2):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        attempt(damaged)


@given(data=st.data())
def test_damage_is_noticed_in_every_region(whole, attempt, data):
    file = whole[0].read_bytes()
    cut = sorted(data.draw(st.lists(st.integers(0, len(file)), min_size=4, max_size=4)))
    a, b, c, d = cut
    swapped = file[:a] + file[c:d] + file[b:c] + file[a:b] + file[d:]
    assert attempt(swapped) <= (swapped == file)
    place, removed = cut[0], data.draw(st.integers(0, 40))
    attempt(file[:place] + data.draw(st.binary(max_size=40)) + file[place + removed :])


def forged(path, arrays, texts):
    """Write anything, with a checksum that is right."""
    said = {key: text for key, text in texts.items() if key != CHECKSUM}
    library.save_file(arrays, path, said | {CHECKSUM: _checksum(arrays, said)})


def rewritten(path, change):
    """Change what a file says."""
    arrays, texts = read("", path)
    arrays, said = dict(arrays), {k: json.loads(x) for k, x in texts.items() if k in TEXTS}
    change(said, arrays)
    kept = {k: x for k, x in texts.items() if k not in TEXTS}
    forged(path, arrays, kept | {k: json.dumps(x) for k, x in said.items()})


TEXTS = [f"stepgrad.{name}" for name in ("about", "generators", "optimizer", "schedule")]


def put(*place, to):
    """Set something that a file says; ... removes it."""

    def change(said, arrays):
        thing = said
        for name in place[:-1]:
            thing = thing[name]
        if to is ...:
            del thing[place[-1]]
        else:
            thing[place[-1]] = to

    return change


def array(name, x):
    def change(said, arrays):
        arrays[name] = x

    return change


OPTIMIZER, GENERATOR, SCHEDULE = "stepgrad.optimizer", "stepgrad.generators", "stepgrad.schedule"
STATE = (GENERATOR, 0, "state")
deep: list = []
for _ in range(200):
    deep = [deep]
MALICIOUS = [
    *[put(text, to=x) for text in TEXTS for x in (..., None, 1, "x", [1], [])],
    *[put(text, to={"class": "Adam"}) for text in TEXTS[1:]],
    *[
        put(OPTIMIZER, "param_groups", 0, "lr", to=x)
        for x in (np.nan, np.inf, -1, "0.1", None, True, 10**400, [0.1], {}, deep, ...)
    ],
    *[
        put(OPTIMIZER, "param_groups", 0, "betas", to=x)
        for x in (0.9, [], [0.9, 1.0], [0.9, "x"], {"a": 1}, [0.9, [0.9]], deep, ...)
    ],
    *[put(OPTIMIZER, "param_groups", 0, "initial_lr", to=x) for x in (-1, "x", None, np.nan)],
    *[
        put(OPTIMIZER, "param_groups", 0, "params", to=x)
        for x in ([], [0], [0, 0], [1, 0], [0, 5], [-1, 0], ["0", "1"], 2, None, {}, "ab", ...)
    ],
    put(OPTIMIZER, "more", to=1),
    put(GENERATOR, 0, "more", to=1),
    put(OPTIMIZER, "param_groups", to=[]),
    put(OPTIMIZER, "param_groups", 0, to=[1]),
    put(OPTIMIZER, "state", to={"0": {}}),
    put(OPTIMIZER, "state", to=[deep]),
    *[put(OPTIMIZER, "state", 0, to=x) for x in (None, [], {}, {"params": [0]})],
    *[
        put(OPTIMIZER, "state", 0, "params", to=x)
        for x in ([], [5], [-1], [0, 1], ["0"], [True], 0, ...)
    ],
    *[
        put(OPTIMIZER, "state", 0, "counts", to=x)
        for x in ({"step": -1}, {"step": 10**30}, {"step": 1.5})
    ],
    *[
        put(OPTIMIZER, "state", 0, "counts", to=x)
        for x in ([], {"step": True}, {"step": None}, ...)
    ],
    *[put(OPTIMIZER, "state", 0, "arrays", to=x) for x in (["no"], [1], {}, "exp_avg", ...)],
    *[put(SCHEDULE, "state", "last_epoch", to=x) for x in (-1, 1.5, "3", None, True, [], ...)],
    *[put(SCHEDULE, "class", to=x) for x in ("OneCycleLR", None, ["StepLR"], ...)],
    *[put(*STATE, "state", "state", to=x) for x in (-1, 2**128, 1.5, "1", None, [1], True, ...)],
    *[put(*STATE, "has_uint32", to=x) for x in (-1, 2, 10**6)],
    *[put(*STATE, "uinteger", to=x) for x in (-1, 2**64)],
    *[put(*STATE, "bit_generator", to=x) for x in ("MT19937", None, ...)],
    put(*STATE, "more", to=1),
    put(*STATE, to=deep),
    *[put(GENERATOR, 0, "paths", to=x) for x in ([], ["x"], [1], "rng", ["model.1.rng"])],
    *[
        array(f"stepgrad/optimizer/0/{name}", x)
        for name in ("exp_avg", "exp_avg_sq")
        for x in (np.ones(3), np.ones((2, 1)), np.array([["a", "b"]]) == "a", np.ones((1, 2, 1)))
    ],
    array("stepgrad/best/0.weight", np.ones(3)),
    array("stepgrad/best/more", np.ones(3)),
    array("0.weight", np.ones(3)),
    array("more", np.ones(3)),
]


@pytest.mark.parametrize("shape", [(), (8,), (10,), (9, 1), (1, 9)])
def test_numbers_for_other_values_are_refused(shape, path):
    run = Run(MODELS["Values"], nn.Adam).train()
    nn.save_checkpoint(path, *run.things)
    rewritten(path, array("stepgrad/optimizer/0/exp_avg", np.ones(9)))
    assert refusal(path, run)[1] is None
    rewritten(path, array("stepgrad/optimizer/0/exp_avg", np.ones(shape)))
    refused(path, run, "the array 0/exp_avg of the optimizer is not of these parameters")


def test_tensors_are_not_taken_for_values(path):
    run = adam(0)
    nn.save_checkpoint(path, *run.things)
    rewritten(path, put(OPTIMIZER, "state", 0, "params", to=[3, 4, 5, 6]))
    refused(path, run)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize(
    "name", ["0.weight", "stepgrad/best/0.weight", "stepgrad/optimizer/0/exp_avg"]
)
def test_numbers_that_are_not_finite_here_change_nothing(name, bad, path):
    run = Run(MODELS["float32"], nn.Adam).train()
    nn.save_checkpoint(path, *run.things, best=run.model.state_dict())
    numbers = np.ones((3, 2))
    rewritten(path, array(name, numbers))
    assert refusal(path, run)[1] is None
    numbers[1, 1] = bad
    rewritten(path, array(name, numbers))
    refused(path, run, r"weight: NaN, infinity, or larger than|exp_avg holds numbers that are inf")


@pytest.mark.parametrize("change", MALICIOUS)
def test_a_file_that_was_forged_is_refused(change, small, whole, path):
    path.write_bytes(whole[0].read_bytes())
    rewritten(path, change)
    refused(path, small(1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            put(OPTIMIZER, "state", 0, "params", to=[5]),
            r"knows of the parameters \[5\], here are 2",
        ),
        (
            put(OPTIMIZER, "state", 0, "arrays", to=["no"]),
            "the array 0/no of the optimizer is miss",
        ),
        (put(OPTIMIZER, "state", 0, "params", to=[]), r"of the parameters \[\], here are 2"),
        (put(OPTIMIZER, "param_groups", 0, "lr", to=-1), r"Adam: got lr=-1\. Give at least 0"),
        (
            put(SCHEDULE, "state", "last_epoch", to=-1),
            r"StepLR: got the state \{'last_epoch': -1\}",
        ),
        (put(*STATE, "has_uint32", to=2), r"the generator rng is none of PCG64, which is here"),
        (put(GENERATOR, to=[]), "with the generators none, here are rng, model.1.rng. Build the"),
    ],
)
def test_what_is_wrong_with_a_checkpoint_is_said(change, message, small, whole, path):
    path.write_bytes(whole[0].read_bytes())
    rewritten(path, change)
    refused(path, small(1), message + r".*\. Nothing was changed\.$")


def test_texts_without_end_are_refused(small, whole, path):
    arrays, texts = read("", whole[0])
    for key in TEXTS:
        for text in ("[" * 100_000, '{"a":' * 100_000, "1" * 5000, "NaN", "", "\x00", "{"):
            forged(path, arrays, {**texts, key: text})
            refused(path, small(1), rf"{key} is (no JSON|not what was saved)")


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


@settings(deadline=None)
@given(data=st.data())
def test_what_a_forged_file_says_is_taken_whole_or_not_at_all(data, small, whole, tmp_path_factory):
    """Whatever is taken is finite and in range: it can be saved again."""
    path = tmp_path_factory.getbasetemp() / "forged"

    def change(said, arrays):
        for _ in range(data.draw(st.integers(1, 3))):
            thing, key = said, data.draw(st.sampled_from(sorted(said)))
            while isinstance(thing[key], dict | list) and thing[key] and data.draw(st.booleans()):
                thing = thing[key]
                key = data.draw(
                    st.sampled_from(sorted(thing) if isinstance(thing, dict) else range(len(thing)))
                )
            thing[key] = data.draw(plain)

    path.write_bytes(whole[0].read_bytes())
    rewritten(path, change)
    run = small(1)
    if refusal(path, run)[1] is None:
        nn.save_checkpoint(path, *run.things)
        nn.load_checkpoint(path, *run.things)


# Whatever happens, there is a whole file


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError("No space left on device"), KeyboardInterrupt()])
def test_a_save_that_fails_leaves_the_old_file_alone(step, failure, path, monkeypatch):
    def fails(*args):
        raise failure

    nn.save_checkpoint(path, nn.Linear(2, 2), epoch=1)
    before = path.read_bytes()
    monkeypatch.setattr(os, step, fails)
    with pytest.raises(type(failure)):
        nn.save_checkpoint(path, nn.Linear(2, 2), epoch=2)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


ENDLESS = """
import itertools, sys
import numpy as np
import nn
model = nn.Linear(150, 150)
optimizer, rng = nn.SGD(model.parameters(), lr=1.0, momentum=0.5), np.random.default_rng(0)
for k in itertools.count(1):
    for leaf in model.parameters():
        leaf.data = np.full(leaf.shape, float(k))
    nn.save_checkpoint(sys.argv[1], model, optimizer, rng=rng, epoch=k)
    print(k, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("delay", [0.0, 0.003, 0.011, 0.037])
def test_a_killed_process_leaves_a_whole_checkpoint(delay, path):
    last = killed(ENDLESS, path, delay)
    model = nn.Linear(150, 150)
    about = nn.load_checkpoint(path, model, nn.SGD(model.parameters()), rng=np.random.default_rng())
    assert about["epoch"] in (last, last + 1)
    assert {float(x) for leaf in model.parameters() for x in leaf.data.flat} == {about["epoch"]}
