"""Headings: their ids are those of the source, so that a place has one address in all languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalyst_lessons.core.markup import Line, Prose, parse_markup, walk
from catalyst_lessons.core.model import Cell
from catalyst_lessons.core.prose import without_closing_hashes
from catalyst_lessons.core.rendering.html import plain

_SETEXT = re.compile(r"(?P<marks>=+|-+)[ ]*$")
_ATX = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<text>.*)$")
_OWN_ID = re.compile(r"(?<![ \t])[ \t]*\{(?=[^{}]*\}[ \t]*$):?[^{}]*#(?P<id>[A-Za-z][\w.:-]*)[^{}]*\}[ \t]*$")
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]+\{:?(?P<inside>[ \t]*[.#][^{}]*)\}[ \t]*$")
# Braces that are text; those of code, formulas, MyST roles and attribute lists stay.
_BRACES = re.compile(
    r"(?P<kept>(?<!`)(`{1,32})(?!`).+?(?<!`)\2(?!`)|\$[^$]+\$|\{[A-Za-z][\w:+-]*\}(?=`)|(?<=[)\]`*])\{[^{}]*\}|\\.)|[{}]"
)
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_COUNTED = re.compile(r"^(.*)_([0-9]{1,9})$")

TAKEN = ("top", "lesson-exercises")
"""Ids that every page has of its own, beside those of its source's headings."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a Markdown text: level 1 to 6, its text, its line (0-based), and the id its author gave it or ""."""

    level: int
    text: str
    line: int
    id: str = ""


def headings_in(text: str) -> tuple[Heading, ...]:
    """The headings of a Markdown text in order, those inside callouts included."""
    return tuple(heading for heading, _ in _found(text))


def slug(text: str) -> str:
    """The id that Python-Markdown's `toc` extension (its `slugify`) would give a heading with this text."""
    ascii_text = unicodedata.normalize("NFKD", plain(_IMAGE.sub("", text))).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_text).strip().lower())


def heading_ids(cells: Iterable[Cell]) -> dict[str, tuple[str, ...]]:
    """By cell id, an id for each of the cell's headings, each once; repeats get `_1`, `_2` as `toc` gives them."""
    found = [(cell.id, headings_in(cell.source)) for cell in cells if cell.kind == "markdown"]
    given = set(TAKEN)
    taken = given | {heading.id for _, headings in found for heading in headings}
    last: dict[str, str] = {}
    return {cell: tuple(_id_of(heading, given, taken, last) for heading in headings) for cell, headings in found}


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
    """The text with the next of `ids` written behind each heading, in place of one of its own: `## Title {#id}`."""
    lines = text.split("\n")
    for heading, line in _found(text):
        chosen = next(ids, "")
        if chosen and chosen != heading.id:
            lines[line.number] = line.replaced_in(lines[line.number], with_id(line.text, chosen))
    return "\n".join(lines)


def one_level_down(text: str) -> str:
    """The text with one more `#` before each heading written with `#`, for a page on which it has a title above it."""
    lines = text.split("\n")
    for heading, line in _found(text):
        if heading.level < _DEEPEST and line.text.lstrip().startswith("#"):
            marks = line.text.index("#")
            lower = f"{line.text[:marks]}#{line.text[marks:]}"
            lines[line.number] = line.replaced_in(lines[line.number], lower)
    return "\n".join(lines)


_DEEPEST = 6


def with_id(title: str, chosen: str) -> str:
    """The title of a heading with this id, in one attribute list with what it has already."""
    title, attributes = title.rstrip(), ""
    own = _OWN_ID.search(title) or _ATTRIBUTES.search(title)
    if own:
        title = title[: own.start()]
        attributes = re.sub(r"#\S+", "", own.group(0).strip().strip("{:}"))
    # Python-Markdown would take the first brace of the line for the beginning of the list.
    title = _BRACES.sub(lambda found: found["kept"] or f"&#{ord(found[0])};", title)
    return f"{title} {{{' '.join((*attributes.split(), f'#{chosen}'))}}}"


def _found(text: str) -> Iterator[tuple[Heading, Line]]:
    for node in walk(parse_markup(text)):
        if isinstance(node, Prose):
            for level, title, line in _titles(node.lines):
                own = _OWN_ID.search(title)
                yield (
                    Heading(level, title[: own.start()] if own else title, line.number, own["id"] if own else ""),
                    line,
                )


def _titles(lines: Sequence[Line]) -> Iterator[tuple[int, str, Line]]:
    """Level, title and line of the headings among lines of prose: `## Title`, or one line over `===` or `---`."""
    for before, line, below in zip((None, *lines), lines, (*lines[1:], None), strict=False):
        atx, underline = _ATX.match(line.text), _SETEXT.match(below.text) if below else None
        if atx:
            yield len(atx["marks"]), without_closing_hashes(atx["text"]), line
        elif underline and _may_be_title(line.text) and (before is None or before.blank):
            yield 1 if underline["marks"].startswith("=") else 2, line.text.rstrip(), line


def _may_be_title(text: str) -> bool:
    """Whether a line over an underline is a heading, and no item of a list, quote, table or rule."""
    return bool(text.strip()) and not re.match(r"\s{4}|\s*(?:[-*+>|]|\d+[.)])(?:\s|$)|\s*[-=*_]{3,}\s*$", text)


def _id_of(heading: Heading, given: set[str], taken: set[str], last: dict[str, str]) -> str:
    if heading.id and heading.id not in given:
        given.add(heading.id)
        return heading.id
    wanted = heading.id or slug(heading.text) or "section"
    last[wanted] = _unique(last.get(wanted, wanted), taken)
    return last[wanted]


def _unique(wanted: str, taken: set[str]) -> str:
    """As `toc` counts: what ends with a number is counted on."""
    while wanted in taken:
        counted = _COUNTED.match(wanted)
        wanted = f"{counted[1]}_{int(counted[2]) + 1}" if counted else f"{wanted}_1"
    taken.add(wanted)
    return wanted
