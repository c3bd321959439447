"""What each fixture is read as: front matter, kernel, and cells with lines, tags and metadata."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Cell
from catalyst_lessons.files.sources import Source, is_source, read_source

FIXTURES = Path(__file__).parent / "fixtures"
GOLDEN = Path(__file__).parents[1] / "golden" / "sources"


def as_text(source: Source) -> str:
    """The lesson as one reads it in a review; `UPDATE_GOLDEN=1` writes it down anew."""
    lesson, front = source.lesson, source.lesson.front
    head = [f"{lesson.path} {lesson.format} {lesson.language} {lesson.kernel}", f"title {front.title!r}"]
    head += [f"{key} line {line}" for key, line in front.lines.items()]
    head += [f"{key}: {value}" for key, value in front.other.items()]
    head += [str(finding) for finding in source.findings]
    return "\n".join(head) + "\n" + "".join(cell_as_text(cell) for cell in lesson.cells)


def cell_as_text(cell: Cell) -> str:
    metadata = json.dumps(dict(cell.metadata), ensure_ascii=False) if cell.metadata else ""
    title = " ".join(["----", cell.kind, cell.id, *cell.tags, metadata]).rstrip()
    lines = [f"{number:3} |{text}".rstrip() for number, text in zip(cell.lines, cell.source.split("\n"), strict=True)]
    return "\n".join([title, *lines]) + "\n"


@pytest.mark.parametrize("path", sorted(path.name for path in FIXTURES.iterdir() if is_source(path.name)))
def test_fixture_is_read_as_before(path: str) -> None:
    text = as_text(read_source(FIXTURES, path))
    golden = GOLDEN / f"{path}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
