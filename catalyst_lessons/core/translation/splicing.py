"""Puts texts in place of others in a source, byte for byte the same everywhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalyst_lessons.core.translation.messages import Place

_HARD_BREAK = re.compile(r"  \r?$|\\\r?$")
_UNDERLINE = re.compile(r"[ \t]*\n[ \t>]*(?:-+|=+)[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a source and what is to stand there."""

    start: int
    end: int
    text: str


def edit(source: str, place: Place, text: str) -> Edit:
    """The edit that puts a text in its place, on one line; hard line breaks are written as the source's."""
    if source.endswith('="', 0, place.start):  # a title that is an attribute ends at the next quote
        text = text.replace('"', "&quot;")
    elif source.endswith("='", 0, place.start):
        text = text.replace("'", "&#39;")
    first, *rest = (line.strip() for line in text.strip().split("\n"))
    lines = source[place.start : place.end].split("\n")
    marks = ["\\" if line.rstrip().endswith("\\") else "  " for line in lines[:-1] if _HARD_BREAK.search(line)]
    if not rest and len(lines) > 1 and _UNDERLINE.match(source, place.end):
        # To Python-Markdown, a line under one line makes a heading, under two lines it does not.
        first, *rest = first.rsplit(" ", 1)
        marks = [""]
    if not rest:
        return Edit(place.start, place.end, first)
    margin = re.match(r"[ \t>]*", lines[1] if len(lines) > 1 else "")
    joints = (f"{mark}\n{margin[0] if margin else ''}" for mark in marks)
    return Edit(place.start, place.end, first + "".join(map("".join, zip(joints, rest, strict=False))))


def spliced(source: str, edits: Sequence[Edit]) -> tuple[str, list[int]]:
    """The source with the edits made, and for each of its lines the line of the source it comes from."""
    pieces: list[str] = []
    rows = [0]
    at = row = 0
    for edit in (*edits, Edit(len(source), len(source), "")):
        kept = source[at : edit.start]
        rows += range(row + 1, row + kept.count("\n") + 1)
        row += kept.count("\n")
        last = row + source.count("\n", edit.start, edit.end)
        rows += (min(row + number, last) for number in range(1, edit.text.count("\n") + 1))
        pieces += (kept, edit.text)
        at, row = edit.end, last
    return "".join(pieces), rows
