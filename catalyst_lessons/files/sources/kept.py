"""Sources that were read before, kept as JSON: reading one with Jupytext takes six times as long as looking it up."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import catalyst_lessons
from catalyst_lessons.core.lesson_json import findings_from_json, findings_to_json, lesson_from_json, lesson_to_json
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.writing import write_bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What a source gave: its lesson, what was found while reading it, and what the rules say of it by themselves."""

    lesson: Lesson
    reading: tuple[Finding, ...]
    rules: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class KeptSources:
    """One JSON file for each source, replaced when the source changes. It may be deleted at any time."""

    folder: Path

    def get(self, name: str, key: str) -> Kept | None:
        """What is kept of the source with this name, if it was kept under this key."""
        try:
            entry = json.loads((self.folder / _file(name)).read_bytes())
            if entry["key"] != key:
                return None
            lesson = lesson_from_json(entry["lesson"])
            return Kept(lesson, findings_from_json(entry["reading"]), findings_from_json(entry["rules"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, name: str, key: str, kept: Kept) -> None:
        """Keeps it, unless it would not come back the same or there is no place to keep it."""
        entry = {
            "key": key,
            "lesson": lesson_to_json(kept.lesson),
            "reading": findings_to_json(kept.reading),
            "rules": findings_to_json(kept.rules),
        }
        with contextlib.suppress(OSError, ValueError, TypeError):
            text = json.dumps(entry)
            # JSON has no keys but strings, no sets and no bytes: YAML has.
            if lesson_from_json(json.loads(text)["lesson"]) == kept.lesson:
                write_bytes(self.folder / _file(name), text.encode())


def key_of(*parts: str) -> str:
    """The key for a source that is read with these: its text, its settings. Another version of ours gives others."""
    return hashlib.sha256("\0".join((_version(), *parts)).encode("utf-8", "surrogatepass")).hexdigest()


def _file(name: str) -> str:
    return f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"


@functools.cache
def _version() -> str:
    """What the code that reads and judges looks like: versions, and size and date of each of our modules."""
    from importlib import metadata

    ours = Path(catalyst_lessons.__file__).parent
    modules = sorted((*ours.glob("core/**/*.py"), *ours.glob("files/sources/*.py")))
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in modules]
    versions = [metadata.version(name) for name in ("jupytext", "nbformat", "pyyaml", "markdown-it-py")]
    return repr((catalyst_lessons.__version__, versions, stats))
