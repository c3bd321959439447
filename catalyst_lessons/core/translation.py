"""Segment, Catalog; extract(), translate(), coverage: a lesson's text out to translators and back in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from catalyst_lessons.core.inline import CODE, FULL_REFERENCE, label_of
from catalyst_lessons.core.messages import Catalog, Message, Place, Segment
from catalyst_lessons.core.model import Cell, FrontMatter, Lesson, Phrase
from catalyst_lessons.core.segments import FRONT_KINDS, extract, message_id, phrases, reference_labels
from catalyst_lessons.core.translation_checks import refused

__all__ = [
    "Catalog",
    "Coverage",
    "Message",
    "Place",
    "Segment",
    "State",
    "coverage",
    "extract",
    "keep",
    "state_of",
    "translate",
]

State = Literal["translated", "fuzzy", "untranslated", "refused"]

_REFERENCE = re.compile(r"(?<![\]\\])\[((?!\^)(?:[^\[\]\\]|\\.)+)\](?:\[\]|(?![\[(]))")

_HARD_BREAK = re.compile(r"  \r?$|\\\r?$")
_UNDERLINE = re.compile(r"[ \t]*\n[ \t>]*(?:-+|=+)[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many segments of a lesson are translated, fuzzy, untranslated, or translated but refused."""

    translated: int = 0
    fuzzy: int = 0
    untranslated: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """All segments."""
        return self.translated + self.fuzzy + self.untranslated + self.refused

    @property
    def ratio(self) -> float:
        """The share that is translated, 0 to 1; 1 where there is nothing to translate."""
        return self.translated / self.total if self.total else 1.0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.translated + other.translated,
            self.fuzzy + other.fuzzy,
            self.untranslated + other.untranslated,
            self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of a cell's source and what is to stand there."""

    start: int
    end: int
    text: str


def keep(text: str, language: str) -> str:
    """The fallback that leaves an untranslated text as it is."""
    return text


def state_of(text: str, catalog: Catalog) -> State:
    """What the catalog has for a text; only "translated" is published."""
    message = catalog.messages.get(text)
    if message is None or not message.translation.strip():
        return "untranslated"
    if message.fuzzy:
        return "fuzzy"
    return "refused" if refused(text, message.translation) else "translated"


def coverage(lesson: Lesson, catalog: Catalog) -> Coverage:
    """How much of a lesson the catalog translates."""
    states = [state_of(segment.text, catalog) for segment in extract(lesson)]
    return Coverage(*(states.count(state) for state in ("translated", "fuzzy", "untranslated", "refused")))


def translate(lesson: Lesson, catalog: Catalog, *, fallback: Callable[[str, str], str] = keep) -> Lesson:
    """The lesson in the catalog's language, with code, ids, tags and everything that is no prose as it was.

    `fallback` is called with the text and the lesson's language for each segment of a cell's Markdown that
    has no translation to publish. What it returns stands there; when that is the text itself, not a byte
    changes. It is not called for alt texts, which hold no markup. A front matter phrase tells by its language
    whether it was translated.
    """
    labels = reference_labels(lesson)
    by_cell: dict[int, list[Segment]] = {}
    for segment in extract(lesson):
        by_cell.setdefault(segment.place.cell, []).append(segment)

    def text_for(segment: Segment) -> str | None:
        published = _published(segment.text, catalog)
        if published is not None:
            return _with_labels(segment.text, published, labels)
        text = segment.text if segment.kind == "alt text" else fallback(segment.text, lesson.language)
        return None if text == segment.text else text

    cells = tuple(
        _translated_cell(cell, by_cell[number], text_for) if number in by_cell else cell
        for number, cell in enumerate(lesson.cells)
    )
    return replace(lesson, cells=cells, front=_translated_front(lesson, catalog), language=catalog.language)


def _published(text: str, catalog: Catalog) -> str | None:
    return catalog.messages[text].translation.strip() if state_of(text, catalog) == "translated" else None


def _translated_front(lesson: Lesson, catalog: Catalog) -> FrontMatter:
    def translated(phrase: Phrase) -> Phrase:
        published = _published(message_id(phrase), catalog)
        if published is None:
            return replace(phrase, language=phrase.language or lesson.language)
        return replace(phrase, text=published, language=catalog.language)

    found = {key: tuple(translated(phrase) for phrase in phrases(lesson, key)) for key in FRONT_KINDS}
    return replace(
        lesson.front,
        title=found["title"][0],
        questions=found["questions"],
        objectives=found["objectives"],
        keypoints=found["keypoints"],
        prerequisites=found["prerequisites"],
    )


def _translated_cell(cell: Cell, segments: Iterable[Segment], text_for: Callable[[Segment], str | None]) -> Cell:
    edits = []
    for segment in segments:
        text = text_for(segment)
        if text is None:
            continue
        if segment.place.key:
            cell = replace(cell, metadata=MappingProxyType({**cell.metadata, segment.place.key: text}))
        else:
            edits.append(_edit(cell.source, segment.place, text))
    if not edits:
        return cell
    source, rows = _spliced(cell.source, edits)
    return replace(cell, source=source, lines=tuple(cell.line_of(row) for row in rows))


def _edit(source: str, place: Place, text: str) -> _Edit:
    """The edit that puts a text in its place, on one line; hard line breaks are written as the source's."""
    before = source[: place.start]
    if before.endswith('="'):  # a title that is an attribute ends at the next quote
        text = text.replace('"', "&quot;")
    elif before.endswith("='"):
        text = text.replace("'", "&#39;")
    first, *rest = (line.strip() for line in text.strip().split("\n"))
    lines = source[place.start : place.end].split("\n")
    marks = ["\\" if line.rstrip().endswith("\\") else "  " for line in lines[:-1] if _HARD_BREAK.search(line)]
    if not rest and len(lines) > 1 and _UNDERLINE.match(source, place.end):
        # To Python-Markdown, a line under one line makes a heading, under two lines it does not.
        first, *rest = first.rsplit(" ", 1)
        marks = [""]
    if not rest:
        return _Edit(place.start, place.end, first)
    margin = re.match(r"[ \t>]*", lines[1] if len(lines) > 1 else "")
    joints = (f"{mark}\n{margin[0] if margin else ''}" for mark in marks)
    return _Edit(place.start, place.end, first + "".join(map("".join, zip(joints, rest, strict=False))))


def _spliced(source: str, edits: Sequence[_Edit]) -> tuple[str, list[int]]:
    """The source with the edits made, and for each of its lines the line of the source it comes from."""
    pieces: list[str] = []
    rows = [0]
    at = row = 0
    for edit in (*edits, _Edit(len(source), len(source), "")):
        kept = source[at : edit.start]
        rows += range(row + 1, row + kept.count("\n") + 1)
        row += kept.count("\n")
        last = row + source.count("\n", edit.start, edit.end)
        rows += (min(row + number, last) for number in range(1, edit.text.count("\n") + 1))
        pieces += (kept, edit.text)
        at, row = edit.end, last
    return "".join(pieces), rows


def _with_labels(source: str, translation: str, labels: frozenset[str]) -> str:
    """The translation, with the label written out where a link's text was its label: `[text]`, `[text][]`.

    A link whose text is still a label keeps it; the others take what labels are left, in the source's order.
    """
    wanted = [label_of(match[1]) for match in _references(source) if label_of(match[1]) in labels]
    if not wanted:
        return translation
    found = _references(translation)
    for label in (
        *map(label_of, FULL_REFERENCE.findall(translation)),
        *(label_of(match[1]) for match in found),
    ):
        if label in wanted:
            wanted.remove(label)
    renamed = [match for match in found if label_of(match[1]) not in labels]
    if len(renamed) != len(wanted):
        return translation
    for match, label in reversed(list(zip(renamed, wanted, strict=True))):
        translation = f"{translation[: match.start()]}[{match[1]}][{label}]{translation[match.end() :]}"
    return translation


def _references(text: str) -> list[re.Match[str]]:
    """The bracketed texts that may be links by their own text, outside of code."""
    return list(_REFERENCE.finditer(CODE.sub(lambda match: "\0" * len(match[0]), text)))
