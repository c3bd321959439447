"""The temporary folder of a check, in which everything stands that its runs need: what is gone with it is gone."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalyst_lessons.files.kernels.abandoned import LOCK, abandoned, own, release

PREFIX = "catalyst-"
_lock = threading.Lock()
_room: Path | None = None
_users = 0
_owned = -1
_afterwards: list[Callable[[], object]] = []


@contextmanager
def room() -> Iterator[None]:
    """Keeps one temporary folder for `new_folder` until its end; blocks may stand in one another.

    The rooms of those that were killed, and of which nothing is left that would do it, are removed first.
    """
    global _users
    with _lock:
        _users += 1
        with contextlib.suppress(OSError):  # each run will say so
            _open_room()
    try:
        yield
    finally:
        with _lock:
            _users = max(0, _users - 1)
            if not _users and _room:
                _close_room()


def _open_room() -> None:
    global _room, _owned
    if _room is None:
        for left in abandoned(Path(tempfile.gettempdir()), PREFIX):
            _clear(left)
        _room = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        _owned = own(_room)


def _close_room() -> None:
    global _room, _owned
    if _room:
        _clear(_room)
    lock, _room, _owned = _owned, None, -1
    release(lock)
    # Not if Ctrl-C has stopped us before: they are what removes the room then.
    while _afterwards:
        _afterwards.pop()()


def _clear(place: Path) -> None:
    """Removes a room, its lock last: whoever is killed meanwhile leaves one that the next finds."""
    with contextlib.suppress(OSError):
        for name in os.listdir(place):
            if name != LOCK:
                remove(place / name)
    remove(place)


def _forget() -> None:
    """In a process that was forked from this one: the room is not its own."""
    global _lock, _room, _users, _owned
    # Held on by the one that it was forked from.
    release(_owned)
    _lock, _room, _users, _owned = threading.Lock(), None, 0, -1
    _afterwards.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def call_without_room(function: Callable[[], object]) -> None:
    """Calls it when the room is gone."""
    _afterwards.append(function)


def the_room() -> Path | None:
    """The folder, if there is one now."""
    return _room


def new_folder(kind: str) -> Path:
    """A new temporary folder, which its user removes: in the room, or among the system's if there is none.

    Raises:
        OSError: there is no place for it.
    """
    return Path(tempfile.mkdtemp(prefix=f"{kind}-" if _room else f"{PREFIX}{kind}-", dir=_room)).resolve()


@contextmanager
def temporary_folder(kind: str) -> Iterator[Path]:
    """A new temporary folder that is gone afterwards.

    Raises:
        OSError: there is no place for it.
    """
    place = new_folder(kind)
    try:
        yield place
    finally:
        remove(place)


def remove(place: Path) -> None:
    """Removes a folder and what is in it, also what a notebook has closed to itself."""
    shutil.rmtree(place, ignore_errors=True)
    if os.path.lexists(place):
        _open(place)
        for folder, names, _ in os.walk(place):
            for name in names:
                _open(Path(folder, name))
        shutil.rmtree(place, ignore_errors=True)


def _open(folder: Path) -> None:
    """Lets us into a folder that is ours; of others nothing can be removed anyway."""
    if not folder.is_symlink():
        with contextlib.suppress(OSError):
            folder.chmod(stat.S_IRWXU)
