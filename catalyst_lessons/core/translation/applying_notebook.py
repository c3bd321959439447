"""Translates the text of one `.ipynb`: only the strings that hold translated stretches change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.translation.applying import Applied
from catalyst_lessons.core.translation.front_splicing import PROSE, as_edit, front_block, front_edits
from catalyst_lessons.core.translation.json_places import Placed, place_json
from catalyst_lessons.core.translation.messages import Catalog, Segment
from catalyst_lessons.core.translation.splicing import Edit, spliced
from catalyst_lessons.core.translation.translating import published, replacements, translate


def apply_to_notebook(text: str, lesson: Lesson, catalog: Catalog) -> Applied:
    """The text of a notebook with everything in it that the catalog translates.

    Args:
        text: the file's text.
        lesson: what it says, its first heading still in its cell (`files.sources.read_whole`).
        catalog: the translations.

    Raises:
        ValueError: the text is not JSON.
    """
    notebook = place_json(text)
    cells = _json_cells(notebook)
    head = cells[: len(cells) - len(lesson.cells)]
    text_for = partial(published, catalog=catalog)
    edits = list(_metadata(notebook, text, text_for))
    for cell in head:
        edits += _raw_front(cell, text, text_for)
    unplaced: list[Segment] = []
    found = list(replacements(lesson, catalog))
    after = translate(lesson, catalog)
    own: dict[int, list[Segment]] = {}
    for segment, _ in found:
        own.setdefault(segment.place.cell, []).append(segment)
    for number, (cell, old, new) in enumerate(zip(cells[len(head) :], lesson.cells, after.cells, strict=True)):
        source = cell.at("source")
        if old.source != new.source:
            if source is not None and source.whole == old.source:
                edits.append(_edit(source, new.source, text))
            else:
                unplaced += [segment for segment in own.get(number, ()) if not segment.place.key]
        alt = cell.at("metadata", "alt")
        if alt is not None and old.metadata.get("alt") != new.metadata.get("alt"):
            edits.append(_edit(alt, str(new.metadata["alt"]), text))
    return Applied(spliced(text, sorted(edits, key=_start))[0], len(found) - len(unplaced), tuple(unplaced))


def _json_cells(notebook: Placed) -> tuple[Placed, ...]:
    sheets = notebook.at("worksheets")
    if sheets is None:
        cells = notebook.at("cells")
        return cells.items if cells else ()
    return tuple(cell for sheet in sheets.items if (cells := sheet.at("cells")) for cell in cells.items)


def _metadata(notebook: Placed, text: str, text_for: Callable[[str], str | None]) -> Iterator[Edit]:
    """The title of a notebook, and the front matter it has in its metadata."""
    ours = notebook.at("metadata", "catalyst")
    title = notebook.at("metadata", "title")
    values = [value for key in PROSE if ours and (value := ours.at(key))] + ([title] if title and not ours else [])
    for phrase in (item for value in values for item in (value.items or (value,))):
        translated = text_for(" ".join(phrase.text.split())) if phrase.text else None
        if translated is not None:
            yield _edit(phrase, translated, text)


def _raw_front(cell: Placed, text: str, text_for: Callable[[str], str | None]) -> Iterator[Edit]:
    """The front matter in the first raw cell."""
    source = cell.at("source")
    whole = source.whole if source else None
    block = front_block((whole or "").split("\n"))
    if source is None or whole is None or block is None:
        return
    starts = (0, *accumulate(len(line) + 1 for line in whole.split("\n")))
    edits = sorted((as_edit(found, starts, line=block.line) for found in front_edits(block, text_for)), key=_start)
    if edits:
        yield _edit(source, spliced(whole, edits)[0], text)


def _start(edit: Edit) -> int:
    return edit.start


def _edit(value: Placed, new: str, text: str) -> Edit:
    """The edit that makes a string, or a list of strings, say something else, written as it is written now."""
    old = text[value.start : value.end]
    ascii_only = old.isascii() and "\\u" in old
    if not value.items:
        return Edit(value.start, value.end, json.dumps(new, ensure_ascii=ascii_only))
    lines = [json.dumps(line, ensure_ascii=ascii_only) for line in new.splitlines(keepends=True)] or ['""']
    first, last = value.items[0], value.items[-1]
    before, after = text[value.start + 1 : first.start], text[last.end : value.end - 1]
    between = text[first.end : value.items[1].start] if len(value.items) > 1 else f",{before or ' '}"
    return Edit(value.start, value.end, f"[{before}{between.join(lines)}{after}]")
