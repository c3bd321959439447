"""How far the translations are, as text, JSON, Markdown, or a badge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalyst_lessons.core.model import Json
from catalyst_lessons.core.translation.translating import Coverage

# Colors as shields.io names them, by the share that is translated.
_COLORS = ((1.0, "brightgreen"), (0.8, "green"), (0.5, "yellow"), (0.2, "orange"), (0.0, "red"))


@dataclass(frozen=True, slots=True)
class Line:
    """How far one source is in one language, or all of them together (`path` is "" then)."""

    language: str
    path: str
    coverage: Coverage
    words_left: int = 0
    changed: str = ""
    reviewer: str = ""
    catalog: str = ""


def totals(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line for each language, in the order in which they come."""
    found: dict[str, Line] = {}
    for line in lines:
        before = found.get(line.language, Line(line.language, "", Coverage()))
        changed = max(before.changed, line.changed)
        left = before.words_left + line.words_left
        found[line.language] = Line(line.language, "", before.coverage + line.coverage, left, changed)
    return tuple(found.values())


def as_text(lines: Sequence[Line]) -> str:
    """A line for each language and source, with tabs between the columns, the totals last."""
    return "".join(f"{_text(line)}\n" for line in (*lines, *totals(lines)))


def _text(line: Line) -> str:
    count = line.coverage
    states = f"{count.translated} translated, {count.fuzzy} fuzzy, {count.untranslated} untranslated"
    columns = [line.language, f"{percent(count):3d}%", line.path or "all", f"{states}, {count.refused} refused"]
    columns += [f"{line.words_left} words left", line.changed, line.reviewer]
    return "\t".join(columns).rstrip("\t")


def as_json(lines: Sequence[Line]) -> str:
    """One object with every line and the totals by language."""
    total = {line.language: _fields(line) for line in totals(lines)}
    return json.dumps({"catalogs": [_fields(line) for line in lines], "languages": total}, ensure_ascii=False, indent=1)


def _fields(line: Line) -> dict[str, Json]:
    count = line.coverage
    fields: dict[str, Json] = {
        "language": line.language,
        "path": line.path,
        "catalog": line.catalog,
        "translated": count.translated,
        "fuzzy": count.fuzzy,
        "untranslated": count.untranslated,
        "refused": count.refused,
        "total": count.total,
        "ratio": round(count.ratio, 4),
        "words_left": line.words_left,
        "changed": line.changed,
        "reviewer": line.reviewer,
    }
    return {key: value for key, value in fields.items() if value != "" or key == "changed"}


_TITLES = ("Language", "Source", "Translated", "Fuzzy", "Untranslated", "Refused", "Words left", "Changed", "By")


def as_markdown(lines: Sequence[Line]) -> str:
    """A table, totals first."""
    rows = [_TITLES, ("---",) * 2 + ("--:",) * 5 + ("---",) * 2, *(_row(line) for line in (*totals(lines), *lines))]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(line: Line) -> tuple[str, ...]:
    count = line.coverage
    numbers = (f"{count.translated} ({percent(count)}%)", *map(str, (count.fuzzy, count.untranslated, count.refused)))
    texts = (line.language, line.path or "**all**", *numbers, str(line.words_left), line.changed, line.reviewer)
    return tuple(text.replace("|", "\\|").replace("<", "&lt;") for text in texts)


def badges(lines: Sequence[Line]) -> Mapping[str, str]:
    """A badge by language, as shields.io reads it (https://shields.io/badges/endpoint-badge)."""
    return {line.language: _badge(line) for line in totals(lines)}


def _badge(line: Line) -> str:
    color = next(name for least, name in _COLORS if line.coverage.ratio >= least)
    fields = {"schemaVersion": 1, "label": line.language, "message": f"{percent(line.coverage)}%", "color": color}
    return json.dumps(fields) + "\n"


def percent(coverage: Coverage) -> int:
    """The share that is translated in whole percent; 100 only where all is."""
    return int(coverage.ratio * 100)


FORMATS = {"text": as_text, "json": lambda lines: as_json(lines) + "\n", "markdown": as_markdown}
