"""The run cache: runs as readable JSON files, each under a key of everything that could change it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.exercises.expected_errors import expected_classes
from catalyst_lessons.core.model import Form, Json, Lesson, Location
from catalyst_lessons.core.report import CellTime, Run
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.writing import write_bytes

SCHEMA = 3
"""Part of every key: a new number forgets every run."""
LARGE_CACHE = 256 * 2**20
"""Bytes the cache may take before the runs that were not asked for longest are dropped."""
KEY_LENGTH = 64
PART = ".part"
"""The ending of an entry that is being written."""
STALE_SECONDS = 3600
"""After which the process that was writing it must have been killed."""
LARGE_FILE = 64 * 2**20
"""Bytes above which a file is told by size and date, not by what is in it."""
MANY_FILES = 500
"""Files of a folder that are looked at."""

TAGS = ("raises-exception", "skip-execution")
# An import where a statement begins. It is looked for in the text, because cells hold magics, which do not parse; what
# is found too much costs a run, what is missed costs a wrong answer.
IMPORT = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|\*|[\w, \t]+)|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
CONTINUED = re.compile(r"\\\n|#.*")
# What may name a file: a quoted string, or the words of a magic or shell line (`%run model.py`, `!cat
# data/x.csv`).
QUOTED = re.compile(r"""(["'])([^"'\n]{1,200})\1""")
COMMAND = re.compile(r"^\s*[%!]+(.*)$", re.MULTILINE)


def cache_key(
    root: Path, lesson: Lesson, *, form: Form = "lesson", limits: Limits | None = None, ordinary: bool = False
) -> str:
    """The key under which a run of the lesson in this form is kept: 64 hexadecimal digits.

    In it are: the code cells (text, order, ids, tags that change a run), kernel, Python, platform and limits, whether
    only `ordinary` kernels may run it, the versions of the distributions that the code imports, and what stands in the
    files it declares, names or imports. Prose is not. What a notebook reads without naming it in its code (the network,
    the clock, a path put together) is not known here: declare such files under `data:` in the front matter.
    """
    lesson = in_form(lesson, form)
    cells = lesson.code_cells
    # Outputs are kept by id. Nobody looks at those of a starter, whose ids are made from the solution's text.
    ids = [cell.id for cell in cells if form != "starter"]
    code = [(cell.source, [tag for tag in TAGS if cell.has(tag)], expected_classes(cell)) for cell in cells]
    text = "\n".join(source for source, _, _ in code)
    folder = Path(os.path.abspath(root / lesson.path)).parent
    files, imported = _inputs(folder, text, declared=lesson.front.data)
    python = (sys.implementation.name, platform.python_version(), sys.platform, platform.machine())
    kernel = (lesson.kernel.name, lesson.kernel.language)
    versions = [(name, _version(name)) for name in sorted(imported - sys.stdlib_module_names)]
    parts = [SCHEMA, lesson.path, form, ids, code, kernel, python, repr(limits or Limits()), versions]
    parts += [(os.path.relpath(path, folder), _content(path)) for path in sorted(files)]
    parts += ["ordinary"] if ordinary else []
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RunCache:
    """Runs in a folder, one JSON file each. It may be used by several processes at once, and deleted at any
    time."""

    folder: Path
    size: int = LARGE_CACHE

    def get(self, key: str) -> Run | None:
        """The run kept under this key, marked as cached; `None` if there is none that can be read."""
        path = self._path(key)
        try:
            run = _from_json(json.loads(path.read_text(encoding="utf-8")), key)
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            return None
        return run.from_cache()

    def put(self, key: str, run: Run) -> None:
        """Keeps a run that went as it should: one that passed, or a starter that failed. Any other is made again.

        Raises:
            OSError: the folder cannot be written to.
        """
        if run.cached or not (run.outcome == "passed" or (run.form == "starter" and run.outcome == "failed")):
            return
        text = json.dumps(_to_json(run, key), indent=1, sort_keys=True)
        write_bytes(self._path(key), f"{text}\n".encode())

    def trim(self) -> None:
        """Drops what was not asked for longest until the rest is within the size, and what a killed process left."""
        left, old = self.size, time.time() - STALE_SECONDS
        entries = sorted(self._entries(), key=lambda entry: entry[1].st_mtime_ns, reverse=True)
        for path, status in entries:
            if path.suffix == PART:
                unwanted = status.st_mtime < old
            else:
                left -= status.st_size
                unwanted = left < 0
            if unwanted:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Our files and their sizes and dates; one that another process drops meanwhile is none."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.suffix == PART or (path.suffix == ".json" and len(path.stem) == KEY_LENGTH):
                with contextlib.suppress(OSError):
                    yield path, path.stat()


def _to_json(run: Run, key: str) -> Json:
    place = run.location
    return {
        "schema": SCHEMA,
        "key": key,
        "path": run.path,
        "form": run.form,
        "language": run.language,
        "outcome": run.outcome,
        "seconds": run.seconds,
        "cells": [[cell.number, cell.line, cell.seconds, cell.code] for cell in run.cells],
        "memory": run.memory,
        "location": [place.path, place.line] if place else None,
        "cell": run.cell,
        "told": [run.error, run.message, run.excerpt],
        "outputs": {cell: list(outputs) for cell, outputs in run.outputs.items()},
    }


def _from_json(entry: Json, key: str) -> Run:
    if (entry["schema"], entry["key"]) != (SCHEMA, key) or entry["outcome"] not in ("passed", "failed"):
        raise ValueError("the entry is not the one its name says")
    error, message, excerpt = map(str, entry["told"])
    return Run(
        str(entry["path"]),
        entry["outcome"],
        entry["form"],
        str(entry["language"]),
        float(entry["seconds"]),
        location=Location(str(entry["location"][0]), int(entry["location"][1])) if entry["location"] else None,
        cell=int(entry["cell"]),
        error=error,
        message=message,
        excerpt=excerpt,
        outputs={str(cell): tuple(outputs) for cell, outputs in entry["outputs"].items()},
        cells=tuple(CellTime(int(n), int(line), float(took), str(code)) for n, line, took, code in entry["cells"]),
        memory=None if entry["memory"] is None else int(entry["memory"]),
    )


def files_of(root: Path, lesson: Lesson) -> set[Path]:
    """The files that the lesson's code declares, names or imports, as far as that can be seen without running it."""
    code = "\n".join(cell.source for cell in lesson.code_cells)
    return _inputs(Path(os.path.abspath(root / lesson.path)).parent, code, declared=lesson.front.data)[0]


def _inputs(folder: Path, code: str, *, declared: Iterable[str]) -> tuple[set[Path], set[str]]:
    """The files that the code declares, names or imports, and the top names of the modules it imports from
    elsewhere."""
    files = {path for name in declared for path in _files(folder, name)}
    elsewhere: set[str] = set()
    waiting = [(folder, code)]
    while waiting:
        beside, text = waiting.pop()
        found = {path for name in _named(text) for path in _files(folder, name)}
        for level, module in _imported(text):
            # `from .parts import x` looks beside the module that says it, all others beside the notebook.
            local = set(_module_files([beside, *beside.parents][:level][-1] if level else folder, module))
            found |= local
            if not local and not level:
                elsewhere.add(module.split(".")[0])
        # A module or script of ours names and imports things in its turn.
        waiting += [(path.parent, _text(path)) for path in found - files if path.suffix == ".py"]
        files |= found
    return files, elsewhere


def _named(code: str) -> set[str]:
    words = {word for line in COMMAND.findall(code) for word in line.split()}
    return words | {quoted for _, quoted in QUOTED.findall(code)}


def _files(folder: Path, name: str) -> Iterator[Path]:
    """The file of this name, or the files right in the folder of this name."""
    if not name.strip("./ ") or "\0" in name:
        return
    path = Path(os.path.normpath(folder / name))
    try:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(entry for entry in path.iterdir() if entry.is_file())[:MANY_FILES]
    except OSError:
        return


def _imported(code: str) -> set[tuple[int, str]]:
    """The dotted names of the modules that the code imports, and of what may be modules; each with the number of
    dots before it."""
    names: set[tuple[int, str]] = set()
    for dots, package, members, modules in IMPORT.findall(CONTINUED.sub("", code)):
        names |= {(0, name.split(" as ")[0].strip()) for name in modules.split(",")}
        for member in members.strip("()").split(",") if members else ():
            name = member.split(" as ")[0].strip(" \t\n*")
            names.add((len(dots), f"{package}.{name}".strip(".")))
    return {(level, name) for level, name in names if name.strip(".")}


def _module_files(folder: Path, module: str) -> Iterator[Path]:
    here = folder
    for part in module.split("."):
        if (here / f"{part}.py").is_file():
            yield here / f"{part}.py"
        if part and (here / part).is_dir():
            here = here / part
            yield from here.glob("__init__.py")


@functools.cache
def _version(module: str) -> str:
    """The versions of the distributions that bring this module, "" if none does. What is installed is taken
    as fixed."""
    from importlib import metadata

    try:
        return metadata.version(module)
    except metadata.PackageNotFoundError:
        names = sorted(set(_distributions().get(module, ())))
        return ", ".join(f"{name} {metadata.version(name)}" for name in names)


@functools.cache
def _distributions() -> dict[str, list[str]]:
    from importlib import metadata

    return dict(metadata.packages_distributions())


def _content(path: Path) -> str:
    try:
        status = path.stat()
        if status.st_size > LARGE_FILE:
            return f"{status.st_size} bytes of {status.st_mtime_ns}"
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
