"""Pickles name public places only, so that what is inside of them may move; nothing is lost."""

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import described as described_file
import numpy as np
import pytest
from described import PACKAGES, Reader, described
from picklable import NOT_KEPT, PLACES, SAMPLES, exported, report, sequential, tape, trained, value

import nn
from autograd import Op, Scope, Tensor, Value, tanh
from autograd.engine import Graph
from autograd.ops import Each

pytestmark = pytest.mark.slow  # there are very many

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
EXPORTED = exported()
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
FOREIGN = {"numpy", "builtins", "__builtin__", "copy_reg"} | sys.stdlib_module_names

by_name = pytest.mark.parametrize("name", SAMPLES)
by_protocol = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.mark.parametrize("name", EXPORTED)
def test_every_exported_class_has_a_sample_or_a_reason(name):
    assert (name in SAMPLES) != (name in NOT_KEPT)


def test_samples_are_of_exported_classes():
    assert SAMPLES.keys() | NOT_KEPT.keys() <= EXPORTED.keys()
    assert {name: type(SAMPLES[name]()) for name in SAMPLES} == {
        name: EXPORTED[name] for name in SAMPLES
    }


@by_protocol
@by_name
def test_a_pickle_names_public_places_and_comes_back_equal(name, protocol):
    x = SAMPLES[name]()
    reader = Reader(pickle.dumps(x, protocol))
    again = reader.load()
    assert type(again) is type(x)
    assert described(again) == described(x)
    for place in reader.named:
        known = PLACES if place.split(".")[0] in PACKAGES else FOREIGN
        assert place in known or place.split(".")[0] in FOREIGN, f"it names {place}"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """What a process that has imported none of the packages finds in the pickles."""
    folder = tmp_path_factory.mktemp("pickles")
    texts = {
        (name, protocol): pickle.dumps(make(), protocol)
        for name, make in SAMPLES.items()
        for protocol in PROTOCOLS
    }
    (folder / "in").write_bytes(pickle.dumps(texts))
    command = [sys.executable, described_file.__file__, folder / "in", folder / "out"]
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True)
    return pickle.loads((folder / "out").read_bytes())


@by_name
def test_a_fresh_process_reads_it(name, elsewhere):
    expected = described(SAMPLES[name]())
    assert [elsewhere[name, protocol] for protocol in PROTOCOLS] == [expected] * len(PROTOCOLS)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
@by_name
def test_it_is_copied(name, copied):
    x = SAMPLES[name]()
    again = copied(x)
    assert described(again) == described(x)
    assert (again is x) == isinstance(x, Op)


def test_what_belongs_together_stays_together():
    model = sequential()
    optimizer = nn.Adam(model.parameters())
    schedule = nn.StepLR(optimizer, step_size=2)
    things = [model, optimizer, schedule, tape(), trained(), Graph(value() * 2), report()]
    reader = Reader(pickle.dumps(things))
    again = reader.load()
    assert described(again) == described(things)
    assert {x for x in reader.named if x.split(".")[0] in PACKAGES} <= PLACES
    model, optimizer, schedule, *_ = again
    held = [p for group in optimizer.param_groups for p in group["params"]]
    assert all(p is q for p, q in zip(model.parameters(), held, strict=True))
    assert schedule.optimizer is optimizer


def test_a_tape_keeps_its_scopes_and_computes_the_same():
    before = tape()
    after = pickle.loads(pickle.dumps(before))
    assert after([1.0, 2.0], [0.5, -1.0])[0].tolist() == before([1.0, 2.0], [0.5, -1.0])[0].tolist()
    names = [scope and scope.name for scope in before.code.scopes]
    assert [scope and scope.name for scope in after.code.scopes] == names
    assert any(names)


def test_a_scope_can_be_entered_again_only_in_a_copy():
    with Scope("block") as scope:
        pass
    with copy.deepcopy(scope) as again, Scope("inside") as inside:
        assert (again.name, inside.outer) == ("block", again)
    outer = pickle.loads(pickle.dumps(inside)).outer
    assert (outer.name, outer.outer) == ("block", None)


def test_estimators_are_cloned_and_pickled():
    base = pytest.importorskip("sklearn.base")
    model = SAMPLES["nn.estimators.MLPClassifier"]()
    x = np.linspace(-1, 1, 8).reshape(4, 2)
    again = pickle.loads(pickle.dumps(model))
    assert again.predict_proba(x).tolist() == model.predict_proba(x).tolist()
    for clone in (base.clone(model), pickle.loads(pickle.dumps(base.clone(model)))):
        assert clone.get_params() == model.get_params()
        assert not hasattr(clone, "net_")


def test_the_numbers_of_a_tensor_come_back_as_a_plain_array():
    x = Tensor([1.0, 2.0])
    for protocol in PROTOCOLS:
        reader = Reader(pickle.dumps(x.data, protocol))
        again = reader.load()
        assert (type(again), again.tolist(), again.flags.writeable) == (np.ndarray, [1, 2], True)
        assert not {place.split(".")[0] for place in reader.named} & set(PACKAGES)


class OwnValue(Value):
    """A class of a user."""


class OwnModule(nn.Module):
    """A net of a user, that holds a function of ours before what is ours, too."""

    def __init__(self):
        self.loss = nn.mse_loss
        self.first = nn.Linear(2, 1, rng=0)
        self.x = OwnValue(2.0, name="x")


class OwnOptimizer(nn.Optimizer):
    """Descent without a rate."""

    def update(self, grad, data, state):
        return grad


class OwnHistory(nn.History):
    """Curves with a heading."""

    def __init__(self, heading):
        super().__init__(loss=[1.0])
        self.heading = heading


@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize(
    "make",
    [
        lambda: OwnValue(2.0, name="x"),
        OwnModule,
        lambda: OwnOptimizer([OwnValue(1.0), Tensor([1.0])]),
        lambda: OwnHistory("moons"),
    ],
    ids=["Value", "Module", "Optimizer", "History"],
)
def test_classes_of_users_stay_theirs(make, again):
    x = make()
    assert type(again(x)) is type(x)
    assert described(again(x)) == described(x)


def test_functions_and_classes_of_ours_are_named_where_they_are_held():
    def held(x):
        reader = Reader(pickle.dumps(x))
        return reader.load(), reader.named - {"autograd.pickles"}

    each, places = held(Each(nn.mse_loss))
    assert each[0].func is nn.mse_loss
    assert places == {"autograd.ops", "nn"}
    code, places = held(tape().code)
    assert code.kind is Value
    assert places <= PLACES


def test_an_op_that_nobody_has_made_is_asked_for():
    text = pickle.dumps(tanh).replace(b"tanh", b"than")
    words = r"^OPS: there is no op 'than'\. .* make the op, or import the module that does"
    with pytest.raises(LookupError, match=words):
        pickle.loads(text)


def test_a_place_that_lost_a_name_says_so():
    text = pickle.dumps(Value(1.0)).replace(b"Value._restore", b"Eulav._restore")
    with pytest.raises(AttributeError, match=r"module 'autograd\.engine' has no attribute 'Eulav'"):
        pickle.loads(text)


RELOADED = """
import importlib, pickle, sys
import autograd, autograd.pickles, autograd.ops, nn, nn.layers
finders = len(sys.meta_path)
model, text = nn.Linear(2, 1, rng=0), pickle.dumps(nn.Linear(2, 1, rng=0))
for module in (autograd, autograd.pickles, autograd.ops, nn.layers, nn):
    importlib.reload(module)
assert len(sys.meta_path) == finders
assert pickle.dumps(model) == text
assert type(pickle.loads(text)) is nn.Linear is type(model)
"""


def test_modules_may_be_loaded_again():
    subprocess.run([sys.executable, "-c", RELOADED], cwd=ROOT, env=ENVIRONMENT, check=True)


def test_threads_of_a_fresh_process_read_at_once():
    text = pickle.dumps(nn.Sequential(nn.Linear(1, 1, rng=0), nn.Tanh()))
    code = f"""
import pickle
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
barrier = Barrier(8)
def read(_):
    barrier.wait()
    return type(pickle.loads({text!r})).__name__
with ThreadPoolExecutor(8) as pool:
    print(*pool.map(read, range(8)))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Sequential"] * 8
