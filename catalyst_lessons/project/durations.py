"""How long each notebook took the last time, kept beside the run cache, and the shares that follow from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.core.sharding import Shard, shares
from catalyst_lessons.files.writing import write_bytes

DURATIONS = "durations.json"
"""Seconds by "path form"; a file to look at, to delete, and to hand from one CI job to the next."""


def recorded(folder: Path) -> dict[str, float]:
    """The seconds of each run by "path form"; empty where none are kept or they cannot be read."""
    try:
        kept = json.loads((folder / DURATIONS).read_text(encoding="utf-8"))
        return {str(name): float(seconds) for name, seconds in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def record(folder: Path, runs: Iterable[Run]) -> None:
    """Keep how long these runs took; what is known of others stays. Written whole or not at all.

    Of two processes that write at once the last one's view stays: a duration may be lost, and is learnt again.
    """
    timed = (run for run in runs if run.outcome in ("passed", "failed") and run.seconds)
    took = {f"{run.path} {run.form}": run.seconds for run in timed}
    if took:
        text = json.dumps({**recorded(folder), **took}, indent=1, sort_keys=True, ensure_ascii=False)
        write_bytes(folder / DURATIONS, f"{text}\n".encode())


def share_of(lessons: Sequence[Lesson], shard: Shard, *, folder: Path) -> tuple[Lesson, ...]:
    """The lessons of one shard; together the shards hold each lesson once, if all know the same durations."""
    seconds: dict[str, float] = {}
    for name, took in recorded(folder).items():
        path = name.rpartition(" ")[0]
        seconds[path] = seconds.get(path, 0.0) + took
    ours = frozenset(shares([lesson.path for lesson in lessons], seconds, count=shard.count)[shard.number - 1])
    return tuple(lesson for lesson in lessons if lesson.path in ours)
