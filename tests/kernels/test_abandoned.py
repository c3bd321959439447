"""Temporary folders of those that were killed with everything that would have cleaned up: the next one removes them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalyst_lessons.files.kernels import abandoned
from catalyst_lessons.files.kernels.places import room, the_room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="locks and starts of a machine as Linux has them")
TOP = Path(__file__).parents[2]
OWNER = """
import os, sys, time
from catalyst_lessons.files.kernels.places import new_folder, room, the_room
with room():
    (new_folder("parcel") / "data.csv").write_text("a")
    if "fork" in sys.argv and (child := os.fork()) == 0:
        time.sleep(600)
    print(the_room(), child if "fork" in sys.argv else "", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, here and in programs that are started."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@contextmanager
def owner(*words: str) -> Iterator[tuple[subprocess.Popen[str], Path, int]]:
    """A process with a room, the room, and its fork if it has one."""
    command = [sys.executable, "-c", OWNER, *words]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        place, _, fork = process.stdout.readline().strip().partition(" ")
        try:
            yield process, Path(place), int(fork or 0)
        finally:
            if fork:
                os.kill(int(fork), signal.SIGKILL)
            process.kill()


def next_one() -> Path:
    """Somebody opens a room, and closes it again: which one."""
    with room():
        place = the_room()
        assert place and place.exists()
    assert not place.exists()
    return place


def test_the_room_of_one_that_was_killed_is_removed_by_the_next(temporary: Path) -> None:
    with owner() as (process, place, _):
        next_one()
        assert list(place.glob("parcel-*/data.csv"))
        process.kill()
        process.wait()
        assert list(place.glob("parcel-*/data.csv"))
        next_one()
        assert list(temporary.iterdir()) == []


def test_a_fork_that_lives_does_not_hold_what_is_not_its_own(temporary: Path) -> None:
    with owner("fork") as (process, place, _):
        next_one()
        assert place.exists()
        process.kill()
        process.wait()
        next_one()
        assert list(temporary.iterdir()) == []


def test_a_fork_makes_a_room_of_its_own_and_leaves_ours(temporary: Path) -> None:
    with room():
        ours = the_room()
        pid = os.fork()
        if pid == 0:
            try:
                with room():
                    os._exit(0 if the_room() not in (None, ours) else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        # The fork's own has lost its owner, ours has not.
        (left,) = abandoned.abandoned(temporary, "catalyst-")
        assert left != ours
    next_one()
    assert list(temporary.iterdir()) == []


@pytest.fixture
def left() -> Path:
    """The room of one that was killed."""
    with owner() as (process, place, _):
        process.kill()
    return place


def test_rooms_of_other_machines_stay(left: Path) -> None:
    (left / abandoned.LOCK).write_text("another start, or another machine")
    next_one()
    assert left.exists()


def test_rooms_of_other_people_stay(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    next_one()
    assert left.exists()


def test_what_is_not_known_to_have_had_an_owner_stays(left: Path, temporary: Path) -> None:
    # Before its owner has its lock; of another program; a link to one; one whose lock is none.
    (left / abandoned.LOCK).unlink()
    (temporary / "catalyst-mine").mkdir()
    (temporary / "catalyst-piped").mkdir()
    os.mkfifo(temporary / "catalyst-piped" / abandoned.LOCK)
    target = temporary / "elsewhere"
    (target / "folder").mkdir(parents=True)
    (target / abandoned.LOCK).write_bytes(abandoned.BOOT.read_bytes())
    (temporary / "catalyst-link").symlink_to(target)
    (temporary / "catalyst-other").mkdir()
    (temporary / "catalyst-other" / abandoned.LOCK).symlink_to(target / abandoned.LOCK)
    before = sorted(temporary.rglob("*"))
    next_one()
    assert sorted(temporary.rglob("*")) == before


def test_two_do_not_remove_the_same(left: Path, temporary: Path) -> None:
    for folder in abandoned.abandoned(temporary, "catalyst-"):
        assert folder == left
        assert list(abandoned.abandoned(temporary, "catalyst-")) == []


def test_where_locks_are_not_known_rooms_are_as_ever(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abandoned, "BOOT", Path("/proc/none"))
    next_one()
    assert list(temporary.iterdir()) == []


ELSEWHERE = """
import ctypes, os, sys
def refuse(*_, **__): raise TypeError("as on Windows")
ctypes.CDLL = refuse
sys.platform = "win32"
from catalyst_lessons.files.kernels import watching
print(watching.watch(["."]))
"""


def test_where_there_is_no_inotify_nothing_is_asked_of_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("None\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="rooms are locked on Linux")
def test_a_lock_that_was_given_back_closes_nothing_in_a_fork() -> None:
    with room():
        pass
    # Takes the number that the lock had, and a few more.
    pipes = [os.pipe() for _ in range(20)]
    pid = os.fork()
    if pid == 0:
        open_ones = 0
        for fd in (fd for pipe in pipes for fd in pipe):
            try:
                os.fstat(fd)
                open_ones += 1
            except OSError:
                pass
        os._exit(open_ones)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 40
    for fd in (fd for pipe in pipes for fd in pipe):
        os.close(fd)
