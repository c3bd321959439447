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

_lock = threading.Lock()
_room: Path | None = None
_users = 0
_when_left: list[Callable[[], object]] = []


@contextmanager
def room() -> Iterator[None]:
    """Keeps one temporary folder for `new_folder` until its end; blocks may stand in one another."""
    global _room, _users
    with _lock:
        _users += 1
        with contextlib.suppress(OSError):  # each run will say so
            _room = _room or Path(tempfile.mkdtemp(prefix="catalyst-")).resolve()
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users and _room:
                remove(_room)
                _room = None
                while _when_left:
                    _when_left.pop()()


def the_room() -> Path | None:
    """The folder, if there is one now."""
    return _room


def when_left(do: Callable[[], object]) -> None:
    """Lets this be done when the room there is now is gone."""
    _when_left.append(do)


def new_folder(kind: str) -> Path:
    """A new temporary folder, which its user removes: in the room, or among the system's if there is none.

    Raises:
        OSError: there is no place for it.
    """
    return Path(tempfile.mkdtemp(prefix=f"{kind}-" if _room else f"catalyst-{kind}-", dir=_room)).resolve()


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
