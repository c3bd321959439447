"""A run that travels: the files it needs as bytes, and the run made of them on another machine."""

from __future__ import annotations

import atexit
import functools
import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.cache import files_of
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.places import temporary_folder
from catalyst_lessons.files.kernels.runner import Request, run_many
from catalyst_lessons.files.kernels.steps import EngineName, Plan, warm_parents
from catalyst_lessons.files.kernels.workspace import LARGE_FILE, SKIPPED

LARGE_BUNDLE = 512 * 2**20
"""Bytes of files after which no more are taken along."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a run is to be made of, the digest of the bundle with its files, and which warm parents all runs have."""

    request: Request
    limits: Limits
    bundle: str
    engine: EngineName | None = None
    plan: Plan = field(default_factory=dict)


def bundle(root: Path, lessons: Iterable[Lesson]) -> bytes:
    """The folders of these lessons, and the files elsewhere that they declare, name or import, as a tar archive.

    The paths in it are relative to the root; what stands outside of it stays here, and so do files over 50 MB and
    whatever comes after 512 MB: put those where the workers can read them. The same files give the same bytes.
    """
    root = Path(os.path.abspath(root))
    wanted: set[Path] = set()
    for lesson in lessons:
        wanted |= files_of(root, lesson)
    for folder in {Path(os.path.abspath(root / lesson.path)).parent for lesson in lessons}:
        wanted |= set(_below(folder))
    left = LARGE_BUNDLE
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=1) as tar:
        for path in sorted(path for path in wanted if path.is_relative_to(root)):
            size = path.stat().st_size
            left -= size
            if size <= LARGE_FILE and left >= 0:
                _add(tar, path, path.relative_to(root).as_posix())
    return archive.getvalue()


def digest_of(bundled: bytes) -> str:
    """The name under which a worker knows a bundle again."""
    return hashlib.sha256(bundled).hexdigest()


def run_parcel(bundled: bytes, parcel: Parcel) -> Run:
    """The run, made in a copy of the files of the bundle, which are unpacked once in a process, in its room, and gone
    at its end.

    This is what a worker calls; catalyst-lessons and what the notebook imports must be installed there.
    """
    folder = _unpacked(bundled, parcel.bundle)
    (folder / PurePosixPath(parcel.request.lesson.path).parent).mkdir(parents=True, exist_ok=True)
    (run,) = run_many(folder, [parcel.request], jobs=1, limits=parcel.limits, engine=parcel.engine, plan=parcel.plan)
    return run


_UNPACKED: dict[str, Path] = {}
_UNPACKING = threading.Lock()


def _unpacked(bundled: bytes, digest: str) -> Path:
    with _UNPACKING:  # a worker may have several threads
        if digest not in _UNPACKED:
            place = _for_good().enter_context(temporary_folder("parcel"))
            with tarfile.open(fileobj=io.BytesIO(bundled)) as tar:
                tar.extractall(place, filter="data")
            _UNPACKED[digest] = place
    return _UNPACKED[digest]


@functools.cache
def _for_good() -> ExitStack:
    """What lasts as long as this process, a worker: warm parents, and the room, which they remove if it is killed."""
    lasting = ExitStack()
    lasting.enter_context(warm_parents())
    atexit.register(lasting.close)
    return lasting


def _below(folder: Path) -> Iterator[Path]:
    for here, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in SKIPPED and not Path(here, name, "pyvenv.cfg").exists())
        yield from (Path(here, name) for name in files if Path(here, name).is_file())


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    with open(path, "rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o644
        entry.mtime = int(os.fstat(file.fileno()).st_mtime)
        tar.addfile(entry, file)
