"""Whatever happens while a file is written, the old one is there or the new one, nothing else."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import files
from autograd.files import write_whole

posix = pytest.mark.skipif(files.fcntl is None, reason="there are no modes and locks")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_what_is_written_is_there_and_nothing_beside_it(folder, old, new):
    path = folder / "file"
    for data in (old, new):
        write_whole(path, data)
        assert path.read_bytes() == data
        assert [*folder.iterdir()] == [path]


@pytest.mark.parametrize("name", ["a" * 255, "模" * 85, "[*]?", " ", "a\nb"])
def test_every_name_that_the_system_takes_will_do(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"")  # the system has no objection
    write_whole(path, b"1")
    assert [*tmp_path.iterdir()] == [path]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o660, 0o444, 0o777])
def test_a_replaced_file_keeps_its_mode(mode, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_a_new_file_has_the_mode_that_the_system_gives(tmp_path):
    (tmp_path / "theirs").write_bytes(b"")
    write_whole(tmp_path / "ours", b"")
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root may give away")
def test_a_replaced_file_keeps_its_owner(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    os.chown(path, 1234, 2345)
    write_whole(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 2345, 0o640)


@posix
def test_where_the_owner_cannot_be_kept_the_group_is_tried(tmp_path, monkeypatch):
    path, asked = tmp_path / "file", []
    path.write_bytes(b"old")

    def refused(file, owner, group):
        asked.append(owner)
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refused)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert asked == [path.stat().st_uid, -1]


@posix
def test_numbers_that_only_the_owner_may_read_are_never_open_to_others(tmp_path, monkeypatch):
    path, seen = tmp_path / "file", []
    path.write_bytes(b"old")
    path.chmod(0o600)
    monkeypatch.setattr(os, "fchmod", lambda file, mode: seen.append(os.fstat(file).st_mode))
    write_whole(path, b"new")
    assert [stat.S_IMODE(mode) for mode in seen] == [0o600]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("old", [b"old", None])
def test_what_fails_leaves_all_as_it_was(step, failure, old, tmp_path, monkeypatch):
    path = tmp_path / "file"
    if old:
        path.write_bytes(old)

    def fails(*args):
        raise failure

    monkeypatch.setattr(os, step, fails)
    with pytest.raises(type(failure)):
        write_whole(path, b"new")
    assert [(x, x.read_bytes()) for x in tmp_path.iterdir()] == ([(path, old)] if old else [])


DIES = """
import os, sys
from autograd.files import write_whole
os.replace = lambda a, b: os._exit(1)
write_whole(sys.argv[1], b"half")
"""


def dies(path):
    """Let a process die when it has written a draft; the draft is left."""
    done = subprocess.run([sys.executable, "-c", DIES, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 1


def test_what_a_killed_process_left_goes_with_the_next_save(tmp_path):
    path = tmp_path / ("a" * 255)
    other = tmp_path / "other"
    for place in (path, other):
        dies(place)
    assert len([*tmp_path.iterdir()]) == 2
    write_whole(path, b"new")
    assert len({*tmp_path.iterdir()} - {path}) == 1  # that of another file, whose time comes
    write_whole(other, b"new")
    assert {*tmp_path.iterdir()} == {path, other}


@posix
def test_a_draft_that_somebody_writes_is_left_alone(tmp_path, monkeypatch):
    path, replace, within = tmp_path / "file", os.replace, []

    def meanwhile(draft, place):
        monkeypatch.setattr(os, "replace", replace)
        write_whole(path, b"of another")
        within.append(Path(draft).exists())
        replace(draft, place)

    monkeypatch.setattr(os, "replace", meanwhile)
    write_whole(path, b"ours")
    assert within == [True]
    assert path.read_bytes() == b"ours"


def test_many_writers_never_meet(tmp_path):
    path, failures = tmp_path / "file", []

    def write(data):
        try:
            for _ in range(30):
                write_whole(path, data)
        except OSError as error:
            failures.append(error)

    parts = [bytes([k]) * 10_000 for k in range(4)]
    threads = [threading.Thread(target=write, args=[data]) for data in parts]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert not path.exists() or path.read_bytes() in parts
    assert failures == []
    assert [*tmp_path.iterdir()] == [path]


@posix
def test_where_there_are_no_locks_files_are_written_all_the_same(tmp_path, monkeypatch):
    path = tmp_path / "file"
    dies(path)

    def refused(*args):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(files.fcntl, "flock", refused)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_as_windows_does_it(tmp_path, monkeypatch):
    """There, no open file can be moved, and one that somebody reads cannot be replaced."""
    path, replace, tried = tmp_path / "file", os.replace, []

    def busy_twice(draft, place):
        tried.append(draft)
        if len(tried) < 3:
            raise PermissionError
        replace(draft, place)

    dies(path)
    for name in ("fchown", "fchmod"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(files, "fcntl", None)
    monkeypatch.setattr(os, "replace", busy_twice)
    monkeypatch.setattr(files, "sleep", lambda pause: None)
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert [(x, x.read_bytes()) for x in tmp_path.iterdir()] == [(path, b"new")]
    tried[:] = []
    monkeypatch.setattr(os, "replace", lambda draft, place: busy_twice(tried.clear(), place))
    with pytest.raises(PermissionError):
        write_whole(path, b"newer")
    assert [(x, x.read_bytes()) for x in tmp_path.iterdir()] == [(path, b"new")]


def test_what_is_no_file_is_left_alone(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", Path(os.devnull)):
        with pytest.raises(OSError, match="something else than a file"):
            write_whole(path, b"new")
    assert [*(tmp_path / "folder").iterdir()] == []
    with pytest.raises(FileNotFoundError, match="missing/file"):
        write_whole(tmp_path / "missing" / "file", b"new")
