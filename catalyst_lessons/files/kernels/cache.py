"""The run cache: passed runs as readable JSON files, under a key of everything that could change them."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.model import Form, Json, Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.execution import Limits

SCHEMA = 1
"""Part of every key: a new number forgets every run."""
LARGE_CACHE = 256 * 2**20
"""Bytes the cache may take before the runs that were not asked for longest are dropped."""
LARGE_FILE = 64 * 2**20
"""Bytes above which a file is told by size and date, not by what is in it."""
MANY_FILES = 500
"""Files of a folder that are looked at."""

TAGS = ("raises-exception", "skip-execution")
IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import\s+([\w, ]+)|import\s+([\w., ]+))", re.MULTILINE)
# What may name a file: a quoted string, or the words of a magic or shell line (`%run model.py`, `!cat
# data/x.csv`).
QUOTED = re.compile(r"""(["'])([^"'\n]{1,200})\1""")
COMMAND = re.compile(r"^\s*[%!]+(.*)$", re.MULTILINE)


def cache_key(root: Path, lesson: Lesson, *, form: Form = "lesson", limits: Limits | None = None) -> str:
    """The key under which a run of the lesson in this form is kept: 64 hexadecimal digits.

    In it are: the code cells (text, order, ids, tags that change a run), kernel, Python, platform and limits,
    the versions of the distributions that the code imports, and what stands in the files it declares, names
    or imports. Prose is not. What a notebook reads without naming it in its code (the network, the clock, a
    path put together) is not known here: declare such files under `data:` in the front matter.
    """
    lesson = in_form(lesson, form)
    code = [(cell.id, cell.source, [tag for tag in TAGS if cell.has(tag)]) for cell in lesson.code_cells]
    text = "\n".join(source for _, source, _ in code)
    folder = Path(os.path.abspath(root / lesson.path)).parent
    files, imported = _inputs(folder, text, declared=lesson.front.data)
    python = (sys.implementation.name, platform.python_version(), sys.platform, platform.machine())
    kernel = (lesson.kernel.name, lesson.kernel.language)
    versions = [(name, _version(name)) for name in sorted(imported - sys.stdlib_module_names)]
    parts = [SCHEMA, lesson.path, form, code, kernel, python, repr(limits or Limits()), versions]
    parts += [(os.path.relpath(path, folder), _content(path)) for path in sorted(files)]
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
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return run.from_cache()

    def put(self, key: str, run: Run) -> None:
        """Keeps a passed run; any other is not kept, and made again the next time.

        Raises:
            OSError: the folder cannot be written to.
        """
        if run.outcome != "passed" or run.cached:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_to_json(run, key), indent=1, sort_keys=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".tmp", delete=False, encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(file.name, self._path(key))
        self._drop_oldest(besides=self._path(key))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _drop_oldest(self, *, besides: Path) -> None:
        entries = sorted(((path.stat().st_mtime_ns, path) for path in self._entries()), reverse=True)
        left = self.size
        for _, path in entries:
            left -= path.stat().st_size
            if left < 0 and path != besides:
                path.unlink(missing_ok=True)

    def _entries(self) -> Iterator[Path]:
        return (path for path in self.folder.glob("*.json") if len(path.stem) == 64)


def _to_json(run: Run, key: str) -> Json:
    return {
        "schema": SCHEMA,
        "key": key,
        "path": run.path,
        "form": run.form,
        "language": run.language,
        "seconds": run.seconds,
        "outputs": {cell: list(outputs) for cell, outputs in run.outputs.items()},
    }


def _from_json(entry: Json, key: str) -> Run:
    if (entry["schema"], entry["key"]) != (SCHEMA, key):
        raise ValueError("the entry is not the one its name says")
    outputs = {str(cell): tuple(outputs) for cell, outputs in entry["outputs"].items()}
    return Run(
        str(entry["path"]),
        "passed",
        entry["form"],
        str(entry["language"]),
        float(entry["seconds"]),
        outputs=outputs,
    )


def _inputs(folder: Path, code: str, *, declared: Iterable[str]) -> tuple[set[Path], set[str]]:
    """The files that the code declares, names or imports, and the top names of the modules it imports from
    elsewhere."""
    files = {path for name in declared for path in _files(folder, name)}
    elsewhere: set[str] = set()
    waiting = [code]
    while waiting:
        text = waiting.pop()
        found = {path for name in _named(text) for path in _files(folder, name)}
        for module in _imported(text):
            local = set(_module_files(folder, module))
            found |= local
            if not local:
                elsewhere.add(module.split(".")[0])
        # A module or script of ours names and imports things in its turn.
        waiting += [_text(path) for path in found - files if path.suffix == ".py"]
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


def _imported(code: str) -> set[str]:
    """The dotted names of the modules that the code imports, and of what may be modules."""
    names: set[str] = set()
    for package, members, modules in IMPORT.findall(code):
        names |= {name.split(" as ")[0].strip() for name in modules.split(",")}
        names |= {f"{package}.{member.split(' as ')[0].strip()}" for member in members.split(",") if package}
    return {name for name in names if name.strip(".")}


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
    try:
        return metadata.version(module)
    except metadata.PackageNotFoundError:
        names = sorted(set(_distributions().get(module, ())))
        return ", ".join(f"{name} {metadata.version(name)}" for name in names)


@functools.cache
def _distributions() -> dict[str, list[str]]:
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
