"""Headings: their ids are those of the source, so that a place has one address in all languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalyst_lessons.core.markup import Line, Prose, parse_markup, walk
from catalyst_lessons.core.model import Cell

_ATX = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*$")
_OWN_ID = re.compile(r"[ \t]*\{:?[^{}]*#(?P<id>[A-Za-z][\w.:-]*)[^{}]*\}[ \t]*$")
_MARKUP = re.compile(r"<[^>]+>|!?\[([^\]]*)\]\([^)]*\)|[*`]|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a Markdown text: level 1 to 6, its text, its line (0-based), and the id its author gave it or ""."""

    level: int
    text: str
    line: int
    id: str = ""


def headings_in(text: str) -> tuple[Heading, ...]:
    """The `#` headings of a Markdown text in order, those inside callouts included."""
    return tuple(heading for heading, _ in _found(text))


def slug(text: str) -> str:
    """The id that Python-Markdown's `toc` extension (its `slugify`) would give a heading with this text."""
    plain = _MARKUP.sub(lambda match: match.group(1) or "", text)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^\w\s-]", "", plain).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


def heading_ids(cells: Iterable[Cell]) -> dict[str, tuple[str, ...]]:
    """By cell id, an id for each of the cell's headings, each once; repeats get `_1`, `_2` as `toc` gives them."""
    taken: set[str] = set()
    return {
        cell.id: tuple(
            _unique(heading.id or slug(heading.text) or "section", taken) for heading in headings_in(cell.source)
        )
        for cell in cells
        if cell.kind == "markdown"
    }


def shared_heading_ids(original: Iterable[Cell], translated: Iterable[Cell]) -> dict[str, tuple[str, ...]]:
    """The original's ids for the headings of a translation, which may be cut into other cells.

    A translation with more or fewer headings gets ids of its own: there is no telling which belongs to which.
    """
    own = heading_ids(translated)
    ids = [one for several in heading_ids(original).values() for one in several]
    if len(ids) != sum(len(several) for several in own.values()):
        return own
    remaining = iter(ids)
    return {cell: tuple(next(remaining) for _ in several) for cell, several in own.items()}


def with_heading_ids(text: str, ids: Iterator[str]) -> str:
    """The text with the next of `ids` written behind each heading that has none: `## Title {#id}`."""
    lines = text.split("\n")
    for heading, line in _found(text):
        chosen = next(ids, "")
        if chosen and not heading.id:
            lines[line.number] = line.replaced_in(lines[line.number], f"{line.text.rstrip()} {{#{chosen}}}")
    return "\n".join(lines)


def _found(text: str) -> Iterator[tuple[Heading, Line]]:
    for node in walk(parse_markup(text)):
        for line in node.lines if isinstance(node, Prose) else ():
            match = _ATX.match(line.text)
            if match:
                own = _OWN_ID.search(match.group("text"))
                title = match.group("text")[: own.start()] if own else match.group("text")
                yield (
                    Heading(len(match.group("marks")), title, line.number, own.group("id") if own else ""),
                    line,
                )


def _unique(wanted: str, taken: set[str]) -> str:
    chosen, count = wanted, 0
    while chosen in taken:
        count += 1
        chosen = f"{wanted}_{count}"
    taken.add(chosen)
    return chosen
