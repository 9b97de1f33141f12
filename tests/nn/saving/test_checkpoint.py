"""Training goes on from a checkpoint bit for bit; one that is not right changes nothing."""

import os
from functools import partial

import numpy as np
import pytest
from checkpoints import (
    GENERATOR,
    MODELS,
    OPTIMIZER,
    SCHEDULE,
    STATE,
    TEXTS,
    Mixed,
    Run,
    adam,
    array,
    exact,
    forged,
    plain,
    put,
    refusal,
    refused,
    rewritten,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import killed
from optimizers import OPTIMIZERS, SCHEDULES, VARIANTS, WHOLE, each

import nn
from nn.saving.safetensors_file import read


@pytest.fixture
def no_disk(monkeypatch):
    """Save the time that it takes to be sure of a disk."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


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


@pytest.mark.slow
@each(OPTIMIZERS | VARIANTS | WHOLE)
def test_it_goes_on_as_if_never_stopped(make, path, no_disk):
    for model in MODELS.values():
        goes_on(partial(Run, model, make), path)
    for schedule in SCHEDULES.values():
        goes_on(partial(Run, MODELS["Tensors"], make, schedule, groups=True), path)


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_checkpoint_that_ends_early_is_refused_wherever_it_ends(whole, attempt):
    data = whole[0].read_bytes()
    assert attempt(data)
    assert not any(attempt(data[:length]) for length in range(0, len(data), 3))
    assert not attempt(data[:-1])


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("delay", [0.0, 0.003, 0.011, 0.037])
def test_a_killed_process_leaves_a_whole_checkpoint(delay, path):
    last = killed(ENDLESS, path, delay)
    model = nn.Linear(150, 150)
    about = nn.load_checkpoint(path, model, nn.SGD(model.parameters()), rng=np.random.default_rng())
    assert about["epoch"] in (last, last + 1)
    assert {float(x) for leaf in model.parameters() for x in leaf.data.flat} == {about["epoch"]}
