"""Working copies that are used again: only while nothing in them, or at home, has changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from catalyst_lessons.files.kernels import lending, workspace
from catalyst_lessons.files.kernels.places import room
from catalyst_lessons.files.kernels.workspace import lent_copy


def lend_twice(project: Path, change: Callable[[Path], None], *, copied: tuple[str, ...] = ()) -> tuple[Path, Path]:
    """The folders of two runs after one another; the first does something to its own."""
    with room():
        with lent_copy(project, "lessons/a.py", copied=copied) as first:
            change(first)
        with lent_copy(project, "lessons/a.py", copied=copied) as second:
            assert (second / "data/x.csv").read_text() == (project / "lessons/data/x.csv").read_text()
            assert not (second / "new.txt").exists()
            assert (second / "../datasets/y.csv").read_text() == "b\n2\n"
        return first, second


def overwrite_and_restore_times(folder: Path) -> None:
    status = (folder / "data/x.csv").stat()
    (folder / "data/x.csv").write_text("A\n1\n")
    os.utime(folder / "data/x.csv", ns=(status.st_atime_ns, status.st_mtime_ns))


def write_through_a_mapping(folder: Path) -> None:
    mapped = np.memmap(folder / "data/x.csv", mode="r+", dtype="u1")
    assert mapped[0] == ord("a")
    mapped[0] = ord("A")
    del mapped


def add_and_remove(folder: Path) -> None:
    (folder / "new.txt").write_text("new")
    (folder / "new.txt").unlink()


CHANGES: dict[str, Callable[[Path], object]] = {
    "added": lambda folder: (folder / "new.txt").write_text("new"),
    "added and removed": add_and_remove,
    "removed": lambda folder: (folder / "data/x.csv").unlink(),
    "emptied": lambda folder: (folder / "data/x.csv").write_text(""),
    "same size and times": overwrite_and_restore_times,
    "mapped": write_through_a_mapping,
    "mode": lambda folder: (folder / "data/x.csv").chmod(0o600),
    "around it": lambda folder: (folder / "../new.txt").write_text("new"),
    "sibling": lambda folder: (folder / "../datasets/y.csv").write_text("B\n2\n"),
}


@pytest.fixture(params=["inotify", "times"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to know what was written; the second is for systems without inotify, or without enough of it."""
    if request.param == "times":
        for module in (lending, workspace):
            monkeypatch.setattr(module, "watch", lambda _: None)
    elif sys.platform != "linux":
        pytest.skip("inotify is Linux's")
    return str(request.param)


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_run_changed_is_not_lent_again(project: Path, way: str, change: str) -> None:
    first, second = lend_twice(project, CHANGES[change], copied=("datasets",))  # type: ignore[arg-type]
    assert first != second


def test_an_untouched_copy_is_lent_again(project: Path, way: str) -> None:
    first, second = lend_twice(project, lambda folder: (folder / "data/x.csv").read_text() and None)
    assert first == second


def test_what_changed_at_home_is_copied_anew(project: Path, way: str) -> None:
    def change(_: Path) -> None:
        (project / "lessons/data/x.csv").write_text("a\n2\n")

    first, second = lend_twice(project, change)
    assert first != second


def test_a_new_file_at_home_is_there(project: Path, way: str) -> None:
    with room():
        with lent_copy(project, "lessons/a.py"):
            (project / "lessons/more.csv").write_text("1")
        with lent_copy(project, "lessons/a.py") as folder:
            assert (folder / "more.csv").exists()


def change_where_a_link_leads(project: Path) -> None:
    (project / "elsewhere/z.csv").write_text("c\n4\n")


def fill_an_empty_folder(project: Path) -> None:
    (project / "lessons/empty/new.csv").write_text("1")


@pytest.mark.parametrize("change", [change_where_a_link_leads, fill_an_empty_folder])
def test_changes_at_home_that_come_later_are_seen(project: Path, way: str, change: Callable[[Path], None]) -> None:
    (project / "elsewhere").mkdir()
    (project / "elsewhere/z.csv").write_text("c\n3\n")
    (project / "lessons/z.csv").symlink_to("../elsewhere/z.csv")
    (project / "lessons/empty").mkdir()
    with room():
        folders = []
        for time in range(4):
            with lent_copy(project, "lessons/a.py") as folder:
                folders.append(folder)
            if time == 2:
                change(project)
    assert folders[0] == folders[1] == folders[2] != folders[3]


def test_a_write_at_home_that_is_none_of_ours_costs_no_copy(project: Path, way: str) -> None:
    (project / "elsewhere").mkdir()
    (project / "elsewhere/z.csv").write_text("c\n3\n")
    (project / "lessons/z.csv").symlink_to("../elsewhere/z.csv")
    with room():
        folders = set()
        for time in range(4):
            with lent_copy(project, "lessons/a.py") as folder:
                folders.add(folder)
            (project / f"elsewhere/{time}.csv").write_text("1")
    assert len(folders) == 1


def test_without_a_room_nothing_is_kept(project: Path) -> None:
    with lent_copy(project, "lessons/a.py") as folder:
        pass
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_watches_are_given_back(project: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))
    with room():
        for time in range(3):
            with lent_copy(project, "lessons/a.py") as folder:
                if time:
                    (folder / "new.txt").write_text("new")
        with lent_copy(project, "lessons/a.py"):
            pass
    assert set(os.listdir("/proc/self/fd")) == before


def test_two_at_a_time_have_two(project: Path) -> None:
    with room(), lent_copy(project, "lessons/a.py") as one, lent_copy(project, "lessons/a.py") as other:
        assert one != other


def test_where_mapped_writes_do_not_show_nothing_is_lent_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lending, "watch", lambda _: None)
    monkeypatch.setattr(lending, "_mapped_writes_show", lambda _: False)
    first, second = lend_twice(project, lambda _: None)
    assert first != second


TMPFS = Path("/dev/shm")  # noqa: S108


@pytest.mark.skipif(not TMPFS.is_dir(), reason="there is no tmpfs here")
def test_a_tmpfs_is_known_by_its_times() -> None:
    # Linux marks a page of a tmpfs writable when it is read through a mapping, and hears of no write.
    assert not lending._mapped_writes_show(TMPFS)


def test_nothing_is_left_of_them(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    lend_twice(project, lambda folder: (folder / "closed").mkdir(mode=0o000))
    assert set(tmp_path.iterdir()) == before
