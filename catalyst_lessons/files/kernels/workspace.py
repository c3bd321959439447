"""Private working copies of a source's folder, in which relative paths lead where they lead at home."""

from __future__ import annotations

import mmap
import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalyst_lessons.files.kernels.places import new_folder, remove, temporary_folder

LARGE_FILE = 50 * 2**20
"""Bytes above which a file is linked, not copied."""
LARGE_COPY = 512 * 2**20
"""Bytes of one working copy after which everything else is linked."""
MANY_FILES = 20_000
"""Files and folders of one working copy after which everything else is linked."""

# Version control, environments and caches: never read by a lesson, often large. (`.git` for another reason
# too: a notebook that calls git must not find the real repository.)
SKIPPED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".venv",
        ".tox",
        ".nox",
        "node_modules",
        "__pycache__",
        ".ipynb_checkpoints",
        ".cache",
    }
    | {".jupyter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}
)


Signature = tuple[int, ...]
"""What of a file or folder changes when somebody writes to it."""


@contextmanager
def working_copy(root: Path, path: str, *, copied: Collection[str] = ()) -> Iterator[Path]:
    """Gives a temporary copy of the folder of the source `path` (relative to `root`, or absolute); gone
    afterwards.

    The folder itself is copied for real, links followed. Around it the folders up to the root are made again,
    with everything else in them as links, so that `../data/x.csv` is there; siblings named in `copied` are
    copied too, for code that may write to them. A source outside the root, or right in it, has its parent
    folder around it. Files over 50 MB, and whatever comes after 512 MB or 20,000 files, are links: what
    writes to those writes to the originals.

    Raises:
        OSError: the folder cannot be read, or there is no room for the copy.
    """
    with temporary_folder("copy") as place:
        yield _Copy(place, frozenset(copied)).make(root, path)


class Copies:
    """Working copies for one run after another: one that its run left as it was is used again.

    A folder of a hundred notebooks is not copied a hundred times. They are kept until the room is cleared.
    """

    def __init__(self) -> None:
        self._free: dict[tuple[str, ...], list[_Copy]] = {}

    @contextmanager
    def lend(self, root: Path, path: str, *, copied: Collection[str] = ()) -> Iterator[Path]:
        """A working copy that nobody else has now; see `working_copy`.

        Raises:
            OSError: the folder cannot be read, or there is no room for the copy.
        """
        key = (str(_top(root, path)), str(_home(root, path)), *sorted(copied))
        copy = self._take(key)
        if copy is None:
            copy = _Copy(new_folder("copy"), frozenset(copied))
            try:
                copy.make(root, path)
                copy.remember()
            except OSError:
                remove(copy.place)
                raise
        try:
            yield copy.folder
        finally:
            if copy.is_untouched():
                self._free.setdefault(key, []).append(copy)
            else:
                remove(copy.place)

    def _take(self, key: tuple[str, ...]) -> _Copy | None:
        free = self._free.get(key, [])
        while free:
            copy = free.pop()
            if copy.is_current():
                return copy
            remove(copy.place)
        return None


class _Copy:
    """One working copy, and how many bytes and files it may still take."""

    def __init__(self, place: Path, copied: frozenset[str]) -> None:
        self.place = self.folder = place
        self.copied = copied
        self.left = LARGE_COPY
        self.files_left = MANY_FILES
        self.originals: dict[str, Signature] = {}
        self.remembered: dict[str, Signature] | None = None

    def remember(self) -> None:
        """Notes how the copy is now."""
        self.remembered = _signatures(self.place) if _mapped_writes_show(self.place.parent) else None

    def is_untouched(self) -> bool:
        """Whether everything in it is as it was when it was remembered."""
        try:
            return self.remembered is not None and _signatures(self.place) == self.remembered
        except OSError:
            return False

    def is_current(self) -> bool:
        """Whether what was copied is still so at home."""
        try:
            return all(_signature(os.stat(path)) == known for path, known in self.originals.items())
        except OSError:
            return False

    def make(self, root: Path, path: str) -> Path:
        """Copies the folder of this source.

        Raises:
            OSError: it cannot be read, or there is no room.
        """
        folder, top = _home(root, path), _top(root, path)
        there, here = top, self.place / (top.name or "root")
        here.mkdir()
        for part in folder.relative_to(top).parts:
            self._siblings(there, here, besides=part)
            there, here = there / part, here / part
            here.mkdir()
        if there.is_dir():
            self._folder(there, here, above=frozenset())
        self.folder = here
        return here

    def _siblings(self, there: Path, here: Path, *, besides: str) -> None:
        for entry in _entries(there):
            if entry.name == besides:
                continue
            if entry.name in self.copied:
                self._entry(entry, here / entry.name, above=frozenset())
            else:
                os.symlink(entry.path, here / entry.name)

    def _folder(self, there: Path, here: Path, *, above: frozenset[str]) -> None:
        real = os.path.realpath(there)
        if real in above or real == str(self.place):
            return
        here.mkdir(exist_ok=True)
        self.originals[str(there)] = _signature(os.stat(there))
        for entry in _entries(there):
            self._entry(entry, here / entry.name, above=above | {real})

    def _entry(self, entry: os.DirEntry[str], target: Path, *, above: frozenset[str]) -> None:
        self.files_left -= 1
        if self.files_left < 0:
            os.symlink(os.path.realpath(entry.path), target)
        elif entry.is_dir():
            if os.access(entry.path, os.R_OK | os.X_OK):
                self._folder(Path(entry.path), target, above=above)
            else:
                os.symlink(os.path.realpath(entry.path), target)
        elif entry.is_file():
            self._file(entry, target)

    def _file(self, entry: os.DirEntry[str], target: Path) -> None:
        self.originals[entry.path] = _signature(entry.stat())
        size = entry.stat().st_size
        if size <= min(LARGE_FILE, self.left):
            self.left -= size
            try:
                _copy(entry, target)
                return
            except PermissionError:
                target.unlink(missing_ok=True)
        # A link to the file itself, so that one we may not read fails in the notebook as it fails at home.
        os.symlink(os.path.realpath(entry.path), target)


def _copy(entry: os.DirEntry[str], target: Path) -> None:
    """The file with its mode and times. (`shutil.copy2` asks for more, and takes twice as long for small files.)"""
    status = entry.stat()
    shutil.copyfile(entry.path, target)
    os.chmod(target, stat.S_IMODE(status.st_mode))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _home(root: Path, path: str) -> Path:
    """The folder of the source."""
    return Path(os.path.abspath(root / path)).parent


def _top(root: Path, path: str) -> Path:
    """The folder that is made again around it."""
    above, folder = Path(os.path.abspath(root)), _home(root, path)
    return above if folder != above and folder.is_relative_to(above) else folder.parent


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if entry.name not in SKIPPED and not _is_made(entry)]


def _is_made(entry: os.DirEntry[str]) -> bool:
    """Whether it is a virtual environment of any name, or a site that MkDocs built."""
    if not entry.is_dir():
        return False
    # `os.path`, which says no of a folder that we may not look into.
    holds = (os.path.exists(os.path.join(entry.path, name)) for name in ("pyvenv.cfg", "sitemap.xml"))
    return next(holds) or (entry.name == "site" and next(holds))


def _signatures(folder: Path) -> dict[str, Signature]:
    """Of everything in a folder, links not followed."""
    found = {str(folder): _signature(os.lstat(folder))}
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                found[entry.path] = _signature(entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return found


def _signature(status: os.stat_result) -> Signature:
    # The time of the last change of the inode is set by the system alone.
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _mapped_writes_show(folder: Path) -> bool:
    """Whether a file's times tell that it was written through a mapping (`numpy.memmap`): not so on tmpfs."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"0")
        file.flush()
        os.utime(file.fileno(), ns=(0, 0))
        with mmap.mmap(file.fileno(), 1) as mapped:
            mapped[:1] = b"1" if mapped[:1] == b"0" else b"0"
        return os.fstat(file.fileno()).st_mtime_ns != 0
