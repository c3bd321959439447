"""Translates the text of one source file: only the translated stretches change, every other byte stays."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.translation.front_splicing import as_edit, front_block, front_edits, reads_as_itself
from catalyst_lessons.core.translation.messages import Catalog, Segment
from catalyst_lessons.core.translation.published_blocks import block_edits, same_quotes
from catalyst_lessons.core.translation.splicing import Edit
from catalyst_lessons.core.translation.translating import edit_of, published, replacements

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Applied:
    """A translated text, how many stretches were put in place, and the segments whose place was not found."""

    text: str
    count: int
    unplaced: tuple[Segment, ...] = ()


def apply_catalog(text: str, lesson: Lesson, catalog: Catalog) -> Applied:
    """The text of a source with everything in it that the catalog translates.

    Args:
        text: the file's text, with its own line ends.
        lesson: what the text says, its first heading still in its cell (`files.sources.read_whole`).
        catalog: the translations; its blocks come first.
    """
    lines = _LINE.findall(text)
    starts = (0, *accumulate(map(len, lines)))
    rows = [line.rstrip("\r\n") for line in lines]
    blocks = list(block_edits(rows, starts, catalog))
    front = _front(rows, starts, catalog)
    placed, unplaced = _cells(rows, starts, lesson, catalog)
    edits = _without_overlaps(blocks, [*front, *placed])
    end = next((line[len(row) :] for line, row in zip(lines, rows, strict=True) if line != row), "\n")
    return Applied(_spliced(text, edits, end=end), len(edits), tuple(unplaced))


def _spliced(text: str, edits: Sequence[Edit], *, end: str) -> str:
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.text.replace("\n", end) if "\r" not in edit.text else edit.text)
        at = edit.end
    return "".join((*pieces, text[at:]))


def _without_overlaps(blocks: Sequence[Edit], others: Iterable[Edit]) -> list[Edit]:
    """All edits in order: the blocks, and of the others those that change nothing that has changed already."""
    begins = [block.start for block in blocks]
    kept: list[Edit] = []
    for edit in sorted(others, key=lambda edit: edit.start):
        number = bisect_left(begins, edit.end) - 1
        in_block = number >= 0 and blocks[number].end > edit.start
        if not in_block and (not kept or edit.start >= kept[-1].end):
            kept.append(edit)
    return sorted((*blocks, *kept), key=lambda edit: edit.start)


def _front(rows: Sequence[str], starts: Sequence[int], catalog: Catalog) -> Iterator[Edit]:
    block = front_block(rows)
    for found in front_edits(block, lambda text: published(text, catalog)) if block else ():
        yield as_edit(found, starts, prefix=block.prefix if block else "", line=block.line if block else 0)


def _cells(
    rows: Sequence[str], starts: Sequence[int], lesson: Lesson, catalog: Catalog
) -> tuple[list[Edit], list[Segment]]:
    placed: list[Edit] = []
    unplaced: list[Segment] = []
    for segment, text in replacements(lesson, catalog):
        cell = lesson.cells[segment.place.cell]
        if segment.place.key:
            edit = _option_edit(rows, starts, lesson, segment, text)
        elif not same_quotes(segment.text, text) and lesson.format.startswith("py:"):
            edit = None  # in a script, it may stand in a string that these would end
        else:
            edit = _in_file(edit_of(cell, segment, text), cell, rows, starts)
        if edit is None:
            unplaced.append(segment)
        else:
            placed.append(edit)
    return placed, unplaced


def _in_file(edit: Edit, cell: Cell, rows: Sequence[str], starts: Sequence[int]) -> Edit | None:
    """The edit of a cell as one of the file; None where the file's lines do not hold the cell's, letter by letter."""
    lines, begins = _rows_of(cell.source)
    first, last = (bisect_right(begins, place) - 1 for place in (edit.start, edit.end))
    columns = [_column(lines[row], cell.line_of(row), rows) for row in range(first, last + 1)]
    if None in columns or cell.line_of(last) - cell.line_of(first) != last - first:
        return None
    start = starts[cell.line_of(first) - 1] + (columns[0] or 0) + edit.start - begins[first]
    stop = starts[cell.line_of(last) - 1] + (columns[-1] or 0) + edit.end - begins[last]
    margin = rows[cell.line_of(last) - 1][: columns[-1]]
    return Edit(start, stop, edit.text.replace("\n", f"\n{margin}"))


@lru_cache(maxsize=64)
def _rows_of(source: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The lines of a cell, and where each begins."""
    lines = tuple(source.split("\n"))
    return lines, (0, *accumulate(len(line) + 1 for line in lines[:-1]))


def _column(row: str, line: int, rows: Sequence[str]) -> int | None:
    """Where in a line of the file a cell's row begins; what comes before are the signs of a comment."""
    if not 1 <= line <= len(rows):
        return None
    found = rows[line - 1].rfind(row) if row else 0
    return None if found < 0 else found


def _option_edit(
    rows: Sequence[str], starts: Sequence[int], lesson: Lesson, segment: Segment, text: str
) -> Edit | None:
    """The edit of a code cell's option, such as the words for its plot: it stands above the cell's code."""
    number = segment.place.cell
    cell = lesson.cells[number]
    before = lesson.cells[number - 1].lines[-1] if number else 0
    for line in range(before, min(cell.line + 1, len(rows))):
        column = rows[line].find(segment.text)
        if column > 0:
            safe = _as_option(text, rows[line][:column])
            start = starts[line] + column
            return Edit(start, start + len(segment.text), safe)
    return None


def _as_option(text: str, before: str) -> str:
    """A text as the value of a cell's option, which begins after what is `before` in its line: `alt="` or `:alt: `."""
    quote = before[-1] if before[-1] in "\"'" else ""
    written = json.dumps(text, ensure_ascii=False)
    if not quote:
        return text if reads_as_itself(text) and not before.endswith("=") else written
    if quote == "'":
        yaml = not before[:-1].endswith("=")
        return text.replace("'", "''") if yaml else text.replace("\\", "\\\\").replace("'", "\\'")
    return written[1:-1]
