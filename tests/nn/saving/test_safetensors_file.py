"""A file is written whole or not at all, and damage to it is noticed wherever it is."""

import hashlib
import io
import json
import os
import pickle
import re
import struct
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from killed import killed
from model_files import Mixed, exactly, written

import nn

library = pytest.importorskip("safetensors.numpy")


def file_of(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


WEIGHT = {"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]}
FOREIGN = {
    "empty": b"",
    "text": b"These are no numbers at all.\n",
    "pickle": pickle.dumps({"weight": [[1.0]]}),
    "end of the header": file_of({"weight": WEIGHT})[:-5],
    "endless header": b"\xff" * 16,
    "nested header": file_of(b"[" * 100_000),
    "no utf-8": file_of(b'{"\xff": 1}'),
    "list": file_of([1, 2]),
    "no data": file_of({"weight": WEIGHT}),
    "more data": file_of({"weight": WEIGHT}, bytes(9)),
    "numbers that overlap": file_of({"weight": WEIGHT, "bias": WEIGHT}, bytes(8)),
    "numbers outside": file_of({"weight": {**WEIGHT, "data_offsets": [2**62, 2**62 + 8]}}),
    "shape without bounds": file_of({"weight": {**WEIGHT, "shape": [2**32, 2**32]}}, bytes(8)),
    "shape that NumPy has not": file_of(
        {"weight": {**WEIGHT, "shape": [0, 2**63], "data_offsets": [0, 0]}}
    ),
    "many axes": file_of({"weight": {**WEIGHT, "shape": [1] * 80}}, bytes(8)),
    "complex": file_of({"weight": {**WEIGHT, "dtype": "C64"}}, bytes(8)),
    "bfloat16": file_of({"weight": {**WEIGHT, "dtype": "BF16", "shape": [2, 2]}}, bytes(8)),
    "objects": file_of({"weight": {**WEIGHT, "dtype": "O"}}, bytes(8)),
    "later version": file_of(
        {"__metadata__": {"stepgrad.version": "3"}, "weight": WEIGHT}, bytes(8)
    ),
    "no checksum": file_of({"__metadata__": {"stepgrad.version": "2"}, "weight": WEIGHT}, bytes(8)),
}


def test_the_foreign_files_are_wrong_in_one_thing_only(tmp_path):
    path = tmp_path / "right"
    path.write_bytes(file_of({"weight": WEIGHT}, struct.pack("<d", 3.0)))
    model = nn.Linear(1, 1, bias=False)
    nn.load(model, path)
    assert model.weight.data == 3.0


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_refused_and_named(name, strict, tmp_path):
    path = tmp_path / "wrong"
    path.write_bytes(FOREIGN[name])
    model = nn.Linear(1, 1, bias=False)
    before = exactly(model)
    with pytest.raises(ValueError, match=r"^load: ") as error:
        nn.load(model, path, strict)
    assert str(path) in str(error.value)
    assert exactly(model) == before


def test_what_is_wrong_with_a_file_is_said(tmp_path):
    for name, words in {
        "text": "no safetensors file, or a damaged one",
        "bfloat16": "numbers of type BF16, which NumPy does not have",
        "later version": "its format has version 3, known are 1 and 2",
        "no checksum": "it is damaged",
    }.items():
        path = tmp_path / name
        path.write_bytes(FOREIGN[name])
        with pytest.raises(ValueError, match=words):
            nn.load(nn.Linear(1, 1, bias=False), path)


def test_files_of_the_first_version_are_read(tmp_path):
    numbers, path = {"bias": np.array([3.0]), "weight": np.array([[1.0, 2.0]])}, tmp_path / "old"
    digest = hashlib.sha256(
        b"".join(f"{k!r} <f8\n".encode() + x.tobytes() for k, x in numbers.items())
    )
    about = {"stepgrad.version": "1", "stepgrad.class": "Linear"}
    model = nn.Linear(2, 1)
    library.save_file(numbers, path, about | {"stepgrad.sha256": digest.hexdigest()})
    nn.load(model, path)
    assert exactly(model)["weight"][2] == numbers["weight"].tobytes()
    library.save_file(numbers, path, about | {"stepgrad.sha256": "0" * 64})
    with pytest.raises(ValueError, match="it is damaged"):
        nn.load(model, path)


def test_what_is_said_about_numbers_counts_too(tmp_path):
    path = written(nn.Linear(2, 2), tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"Linear"', b'"Sinear"'))
    with pytest.raises(ValueError, match="it is damaged"):
        nn.load(nn.Linear(2, 2), path)


@pytest.mark.parametrize(
    "swap",
    [
        {b'"0.weight"': b'"1.weight"', b'"1.weight"': b'"0.weight"'},
        {b'"1.weight"': b'"2.weight"'},
        {b'"F64"': b'"I64"'},
        {b"[2,2]": b"[4,1]"},
    ],
)
def test_numbers_under_other_names_types_or_shapes_are_damage(swap, tmp_path):
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    path = written(model, tmp_path)
    parts = re.split(b"(" + b"|".join(map(re.escape, swap)) + b")", path.read_bytes())
    path.write_bytes(b"".join(swap.get(part, part) for part in parts))
    before = exactly(model)
    with pytest.raises(ValueError, match="it is damaged"):
        nn.load(model, path, strict=False)
    assert exactly(model) == before


def test_archives_of_numpy_are_refused(tmp_path):
    buffer = io.BytesIO()
    np.savez(buffer, weight=np.ones((1, 1)))
    path = tmp_path / "wrong"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match="no safetensors file, or a damaged one"):
        nn.load(nn.Linear(1, 1, bias=False), path)


@pytest.mark.parametrize("function", [nn.save, nn.load])
def test_without_the_library_it_says_how_to_get_it(function, tmp_path, monkeypatch):
    path = written(nn.Linear(1, 1), tmp_path)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    advice = rf"^{function.__name__} needs safetensors: pip install safetensors$"
    with pytest.raises(ImportError, match=advice):
        function(nn.Linear(1, 1), path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Make a model, its file as we write it, and the same numbers as others write them."""
    model = Mixed(0)
    data = written(model, tmp_path_factory.mktemp("saved")).read_bytes()
    return exactly(model), data, library.save(model.state_dict())


def loads(data, path):
    """Load a file into another model, and tell what is in it; None if it was refused."""
    path.write_bytes(data)
    model = Mixed(1)
    before = exactly(model)
    try:
        nn.load(model, path)
    except ValueError as error:
        if str(path) in str(error) and exactly(model) == before:
            return None
        raise
    return exactly(model)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged") / "model.safetensors"


@pytest.mark.slow
def test_a_file_that_ends_early_is_refused_wherever_it_ends(saved, path):
    for data in saved[1:]:
        for length in range(len(data)):
            assert loads(data[:length], path) is None


@pytest.mark.slow
def test_every_byte_counts(saved, path):
    right, data, _ = saved
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        assert loads(damaged, path) in (None, right)


@given(st.data())
def test_damage_is_noticed_in_every_region(saved, path, data):
    right, file, _ = saved
    place = data.draw(st.integers(0, len(file)))
    other = data.draw(st.binary(max_size=40))
    removed = data.draw(st.integers(0, 40))
    assert loads(file[:place] + other + file[place + removed :], path) in (None, right)


@given(st.data())
def test_damage_to_files_of_others_gives_finite_numbers_or_an_error(saved, path, data):
    right, _, file = saved
    place = data.draw(st.integers(0, len(file) - 1))
    found = loads(
        file[:place] + data.draw(st.binary(min_size=1, max_size=1)) + file[place + 1 :], path
    )
    if found is not None:
        for name, (dtype, shape, numbers) in found.items():
            assert (dtype, shape) == right[name][:2]
            assert np.isfinite(np.frombuffer(numbers, dtype)).all()


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError("No space left on device"), KeyboardInterrupt()])
def test_a_save_that_fails_leaves_the_old_file_alone(step, failure, tmp_path, monkeypatch):
    path = written(nn.Linear(2, 2, rng=0), tmp_path)
    before = path.read_bytes()

    def fails(*args):
        raise failure

    monkeypatch.setattr(os, step, fails)
    with pytest.raises(type(failure)):
        nn.save(nn.Linear(2, 2, rng=1), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_on_the_disk_before_it_takes_the_place(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (steps.append("fsync"), fsync(file)))
    monkeypatch.setattr(os, "replace", lambda a, b: (steps.append("replace"), replace(a, b)))
    written(nn.Linear(1, 1), tmp_path)
    assert steps == ["fsync", "replace"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link(tmp_path):
    link = tmp_path / "latest"
    link.symlink_to(written(nn.Linear(1, 1, rng=0), tmp_path))
    model = nn.Linear(1, 1, rng=1)
    nn.save(model, link)
    assert link.is_symlink()
    other = nn.Linear(1, 1)
    nn.load(other, tmp_path / "model.safetensors")
    assert exactly(other) == exactly(model)


ENDLESS = """
import itertools, sys
import numpy as np
import nn
model = nn.Linear(300, 300)
for k in itertools.count(1):
    for leaf in model.parameters():
        leaf.data = np.full(leaf.shape, float(k))
    nn.save(model, sys.argv[1])
    print(k, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("delay", [0.0, 0.003, 0.011, 0.037])
def test_a_killed_process_leaves_a_whole_file(delay, tmp_path):
    path = tmp_path / "model.safetensors"
    last = killed(ENDLESS, path, delay)
    model = nn.Linear(300, 300)
    nn.load(model, path)
    (k,) = {float(x) for leaf in model.parameters() for x in leaf.data.flat}
    assert k in (last, last + 1)


@pytest.mark.parametrize("ending", [".npz", ".onnx", ".pt", ".pkl", ".h5", ".json", ".v2"])
def test_a_name_of_another_kind_of_file_is_refused_before_anything_happens(ending, tmp_path):
    model, path = nn.Linear(1, 1, rng=0), tmp_path / f"net{ending}"
    fit = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.1)}
    before, X = exactly(model), np.ones((4, 1))
    for function, call in {
        "save": lambda: nn.save(model, path),
        "save_checkpoint": lambda: nn.save_checkpoint(path, model),
        "fit": lambda: nn.fit(model, (X, X), checkpoint=path, **fit),
    }.items():
        words = rf"^{function}: got a name in {re.escape(ending)}, which is another kind of file"
        with pytest.raises(ValueError, match=words):
            call()
    assert [*tmp_path.iterdir()] == []
    assert exactly(model) == before


@pytest.mark.parametrize("name", ["net", "net.safetensors", "NET.SAFETENSORS", ".safetensors"])
def test_names_that_say_nothing_else_are_taken(name, tmp_path):
    nn.load(nn.Linear(1, 1), written(nn.Linear(1, 1), tmp_path, name))


@pytest.mark.parametrize("name", ["a" * 243, "模" * 81, "[*]?"])
def test_names_may_be_as_long_as_the_system_allows(name, tmp_path):
    model, other = nn.Linear(1, 1, rng=0), nn.Linear(1, 1, rng=1)
    nn.load(other, written(model, tmp_path, f"{name}.safetensors"))
    assert exactly(other) == exactly(model)


@pytest.mark.skipif(os.name == "nt", reason="there are no modes")
def test_a_replaced_file_keeps_its_mode(tmp_path):
    path = written(nn.Linear(1, 1), tmp_path)
    path.chmod(0o640)
    nn.save(nn.Linear(1, 1), path)
    assert path.stat().st_mode & 0o777 == 0o640


MANY = {f"layer.{k}\x1b[2J\u202e{'x' * 10_000}": {**WEIGHT, "shape": []} for k in range(200)}
MANY = {
    name: {**entry, "data_offsets": [8 * k, 8 * k + 8]}
    for k, (name, entry) in enumerate(MANY.items())
}
HOSTILE = {
    **FOREIGN,
    "many long names": file_of(MANY, bytes(8 * len(MANY))),
    "numbers that are not finite": file_of(MANY, b"\xff" * 8 * len(MANY)),
    "a long version": file_of(
        {"__metadata__": {"stepgrad.version": "\x1b" * 10_000}, "weight": WEIGHT}, bytes(8)
    ),
    "a long type": file_of({"weight": {**WEIGHT, "dtype": "\x1b" * 10_000}}, bytes(8)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_said_of_a_hostile_file_is_short_and_of_plain_signs(name, tmp_path):
    path = tmp_path / "wrong"
    path.write_bytes(HOSTILE[name])
    for function in (nn.load, lambda model, path: nn.load_checkpoint(path, model)):
        with pytest.raises(ValueError, match="wrong") as error:
            function(nn.Linear(1, 1), path)
        text = str(error.value)
        assert text.isprintable()
        assert len(text) < 1500


@pytest.mark.skipif(os.name == "nt", reason="files there have no holes")
@pytest.mark.parametrize("start", [b"", file_of({"weight": WEIGHT}), b"\xff" * 8])
def test_a_file_of_another_kind_is_not_read_into_memory(start, tmp_path):
    path = tmp_path / "wrong"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(2**26)  # all of it a hole
    tracemalloc.start()
    with pytest.raises(ValueError, match="no safetensors file, or a damaged one"):
        nn.load(nn.Linear(1, 1, bias=False), path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**22


def test_what_is_no_file_is_not_waited_for(tmp_path):
    for path in (tmp_path, os.devnull):
        with pytest.raises(ValueError, match="there is something else than a file"):
            nn.load(nn.Linear(1, 1), path)
