"""Two runs of one notebook side by side: what came out differently the second time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from catalyst_lessons.core.model import Cell, Json, Lesson
from catalyst_lessons.core.report import Finding, Run

_NUMBER = r"\d+(?:[.,]\d+)?(?:e[-+]?\d+)?"
# What differs from run to run and means nothing: written as one sign before two outputs are held side by side.
_CHANGING = re.compile(
    "|".join(
        (
            r"0x[0-9a-fA-F]{4,}",  # memory addresses
            r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",  # ids of widgets and displays
            r"\b[0-9a-f]{32}\b",  # the same without hyphens
            r"\bT_[0-9a-f]{5}",  # pandas: the id of a styled table
            r"(?<=#)[a-z][0-9a-f]{10}\b|(?<=id=\")[a-z]?[0-9a-f]{10,}\b",  # Matplotlib: ids within an SVG
            r"<dc:date>[^<]*</dc:date>",  # Matplotlib: when an SVG was drawn
            r"\bipykernel_\d+/\d+\.py|\bcatalyst-[\w-]+",  # where a cell was compiled, where it was run
            rf"(?<![\w.]){_NUMBER} ?(?:ns|[µμu]s|ms|s|sec|seconds?|it/s|s/it)\b",  # timings
            r"\b\d+:\d\d<\d+:\d\d",  # tqdm: gone and left
        )
    )
)
# tqdm: how far the bar was when it was printed depends on the machine.
_REDRAWN = re.compile(r"[^\n]*\r(?!\n)")
_SHOWN = 60


def check_repeat(lesson: Lesson, first: Run, second: Run) -> tuple[Finding, ...]:
    """X352 for the first cell that gives something else when a notebook is run again, and for a second run that fails.

    Later cells most often differ because that one does, so they are counted and not told.
    """
    if first.outcome != "passed" or second.outcome not in ("passed", "failed"):
        return ()
    if second.outcome == "failed":
        message = f"the notebook passes at one time and fails at another: {second.error}: {second.message}"
        return (Finding("X352", message, second.location or lesson.at(), _HINT, "warning"),)
    found = tuple(
        (cell, difference)
        for cell in lesson.code_cells
        if (difference := _difference(first.outputs.get(cell.id, ()), second.outputs.get(cell.id, ())))
    )
    return (_finding(lesson, *found[0], others=len(found) - 1),) if found else ()


_HINT = "set a seed, sort what has no order, or leave out the date"


def _finding(lesson: Lesson, cell: Cell, difference: str, *, others: int) -> Finding:
    more = f" (so do {others} other cells)" if others > 1 else " (so does one other cell)" if others else ""
    return Finding("X352", f"run again, this cell gives {difference}{more}", lesson.at(cell.line), _HINT, "warning")


def _difference(first: tuple[Json, ...], second: tuple[Json, ...]) -> str:
    """How the outputs differ, in words; "" if they do not."""
    before, after = (tuple(_comparable(outputs)) for outputs in (first, second))
    if before == after:
        return ""
    if len(before) != len(after):
        return f"{len(after)} outputs instead of {len(before)}"
    kind, old, new = next((a[0], a[1], b[1]) for a, b in zip(before, after, strict=True) if a != b)
    if kind.startswith("image/") or len(kind) + len(old) > 10**6:
        return f"another {kind}"
    was, now = next(((a, b) for a, b in _lines(old, new) if a != b), (old, new))
    return f"`{_cut(now)}` instead of `{_cut(was)}`"


def _lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = old.split("\n"), new.split("\n")
    for n in range(max(len(before), len(after))):
        yield "".join(before[n : n + 1]), "".join(after[n : n + 1])


def _comparable(outputs: tuple[Json, ...]) -> Iterator[tuple[str, str]]:
    """Each output as its kind and its text, without what means nothing; what goes to stderr is not compared."""
    for output in outputs:
        if output.get("output_type") == "stream":
            if output.get("name") == "stdout":
                yield "text", _plain(output.get("text", ""))
        elif output.get("output_type") == "error":
            yield "error", _plain(f"{output.get('ename')}: {output.get('evalue')}")
        else:
            for kind, value in sorted((output.get("data") or {}).items()):
                yield kind, _plain(value)


def _plain(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return _CHANGING.sub("…", _REDRAWN.sub("", text))


def _cut(text: str) -> str:
    text = " ".join(text.split()).replace("`", "'")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
