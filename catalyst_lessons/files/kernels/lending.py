"""Temporary folders that one run after another uses, as long as each leaves its own as it was.

Making and removing a few folders takes a filesystem as long as a small notebook takes to run.
"""

from __future__ import annotations

import functools
import mmap
import os
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from catalyst_lessons.files.kernels.places import call_without_room, new_folder, remove, the_room
from catalyst_lessons.files.kernels.watching import Watch, watch

Signature = tuple[int, ...]
"""What of a file or folder changes when somebody writes to it."""


class Folder:
    """A temporary folder that knows whether it is as it was when it was remembered."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._watch: Watch | None = None
        self._remembered: dict[str, Signature] | None = None

    def fill(self) -> None:
        """Makes what is to be in it.

        Raises:
            OSError: there is no room for that.
        """

    def is_current(self) -> bool:
        """Whether it would be filled the same now."""
        return True

    def remember(self) -> None:
        """Notes how it is now: by a watch, or by the times of each file in it."""
        self._watch = watch(folder for folder, _, _ in os.walk(self.place))
        if self._watch is None and _mapped_writes_show(self.place.parent):
            self._remembered = _signatures(self.place)

    def is_untouched(self) -> bool:
        """Whether everything in it is as it was then."""
        if self._watch is not None:
            return not self._watch.has_seen()
        try:
            return self._remembered is not None and _signatures(self.place) == self._remembered
        except OSError:
            return False


F = TypeVar("F", bound=Folder)
_lock = threading.Lock()
_free: dict[Hashable, list[Any]] = {}


@contextmanager
def lend(new: Callable[[Path], F], kind: str, *words: str) -> Iterator[F]:
    """A folder that nobody else has now: one that an earlier user of this kind and these words left untouched, or a new
    one. Without a room (see `places`) it is always a new one, and gone afterwards.

    Raises:
        OSError: there is no room for it.
    """
    folder = _take(kind, *words) or _make(new, kind)
    try:
        yield folder
    finally:
        if the_room() in folder.place.parents and folder.is_untouched():
            with _lock:
                if not _free:
                    call_without_room(_free.clear)
                _free.setdefault((kind, *words), []).append(folder)
        else:
            remove(folder.place)


def _take(*key: str) -> Any:
    """A free folder that is current; what is not is removed."""
    while True:
        with _lock:
            if not _free.get(key):
                return None
            folder = _free[key].pop()
        if the_room() not in folder.place.parents:
            # Of a room that is gone, or of the process from which this one was forked.
            continue
        if folder.is_current():
            return folder
        remove(folder.place)


def _make(new: Callable[[Path], F], kind: str) -> F:
    folder = new(new_folder(kind))
    try:
        folder.fill()
        if the_room():
            folder.remember()
    except BaseException:
        remove(folder.place)
        raise
    return folder


def _signatures(folder: Path) -> dict[str, Signature]:
    """Of everything in a folder, links not followed."""
    found = {str(folder): signature(os.lstat(folder))}
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                found[entry.path] = signature(entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return found


def signature(status: os.stat_result) -> Signature:
    """Of one file or folder."""
    # The time of the last change of the inode is set by the system alone.
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@functools.lru_cache(maxsize=1)
def _mapped_writes_show(folder: Path) -> bool:
    """Whether a file's times tell that it was written through a mapping (`numpy.memmap`): not so on tmpfs."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"0")
        file.flush()
        os.utime(file.fileno(), ns=(0, 0))
        with mmap.mmap(file.fileno(), 1) as mapped:
            mapped[:1] = b"1" if mapped[:1] == b"0" else b"0"
        return os.fstat(file.fileno()).st_mtime_ns != 0
