"""Private working copies of a source's folder, in which relative paths lead where they lead at home."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalyst_lessons.files.kernels.lending import Folder, Signature, lend, signature
from catalyst_lessons.files.kernels.places import temporary_folder
from catalyst_lessons.files.kernels.watching import Watch, watch

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
        copy = _Copy(place, root, path, frozenset(copied))
        copy.fill()
        yield copy.folder


@contextmanager
def lent_copy(root: Path, path: str, *, copied: Collection[str] = ()) -> Iterator[Path]:
    """The same, but that one which its user left as it was is used again: a folder of a hundred notebooks is not
    copied a hundred times. They are kept until the room is cleared (see `places`).

    Raises:
        OSError: the folder cannot be read, or there is no room for the copy.
    """
    words = (str(_top(root, path)), str(_home(root, path)), *sorted(copied))
    with lend(lambda place: _Copy(place, root, path, frozenset(copied)), "copy", *words) as copy:
        yield copy.folder


class _Copy(Folder):
    """One working copy, and how many bytes and files it may still take."""

    def __init__(self, place: Path, root: Path, path: str, copied: frozenset[str]) -> None:
        super().__init__(place)
        self.top, self.home, self.copied = _top(root, path), _home(root, path), copied
        self.left = LARGE_COPY
        self.files_left = MANY_FILES
        self.originals: dict[str, Signature] = {}
        # The folders in which they stand: what is a link stands where that leads to.
        self.places: set[str] = set()
        self._at_home: Watch | None = None
        inside = self.home.relative_to(self.top)
        self.folder = place / (self.top.name or "root") / inside

    def is_current(self) -> bool:
        """Whether what was copied is still so at home."""
        if self._at_home is not None and not self._at_home.has_seen():
            return True
        # Something was written there, which need not be anything that was copied.
        self._at_home = watch(self.places)
        try:
            return all(signature(os.stat(path)) == known for path, known in self.originals.items())
        except OSError:
            return False

    def fill(self) -> None:
        """Copies the folder of the source.

        Raises:
            OSError: it cannot be read, or there is no room.
        """
        there, here = self.top, self.place / (self.top.name or "root")
        here.mkdir()
        for part in self.home.relative_to(self.top).parts:
            self._siblings(there, here, besides=part)
            there, here = there / part, here / part
            here.mkdir()
        if there.is_dir():
            self._folder(there, here, above=frozenset())

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
        self.places.add(real)
        self.originals[str(there)] = signature(os.stat(there))
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
        self.originals[entry.path] = signature(entry.stat())
        if entry.is_symlink():
            self.places.add(os.path.dirname(os.path.realpath(entry.path)))
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
