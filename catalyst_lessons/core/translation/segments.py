"""Finds the segments of a lesson: its prose in cells and front matter, the words for its plots, its comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalyst_lessons.core.model import Cell, Lesson, Phrase
from catalyst_lessons.core.translation.code_comments import comments_in
from catalyst_lessons.core.translation.inline import has_words
from catalyst_lessons.core.translation.messages import Place, Segment
from catalyst_lessons.core.translation.stretches import labels_in, skips_on, stretches

FRONT_KINDS = {
    "title": "title",
    "questions": "question",
    "objectives": "objective",
    "keypoints": "keypoint",
    "prerequisites": "prerequisite",
}
"""The front matter keys that hold prose, and the kind of segment each makes."""


def extract(lesson: Lesson) -> tuple[Segment, ...]:
    """Every segment of a lesson in source order, front matter first; a text that stands twice comes twice."""
    return (*_front_segments(lesson), *_cell_segments(lesson))


def phrases(lesson: Lesson, key: str) -> tuple[Phrase, ...]:
    """The phrases under a front matter key of `FRONT_KINDS`."""
    found: Phrase | tuple[Phrase, ...] = getattr(lesson.front, key)
    return (found,) if isinstance(found, Phrase) else found


def message_id(phrase: Phrase) -> str:
    """The message id of a front matter phrase."""
    return " ".join(phrase.text.split())


def reference_labels(lesson: Lesson) -> frozenset[str]:
    """The labels of all link definitions of a lesson, as `label_of` gives them."""
    sources = (cell.source for cell in lesson.cells if cell.kind == "markdown")
    return frozenset(label for source in sources for label in labels_in(source))


def _front_segments(lesson: Lesson) -> Iterator[Segment]:
    for key, kind in FRONT_KINDS.items():
        for number, phrase in enumerate(phrases(lesson, key)):
            if has_words(phrase.text):
                yield Segment(message_id(phrase), kind, lesson.at(phrase.line), place=Place(key=key, start=number))


def _cell_segments(lesson: Lesson) -> Iterator[Segment]:
    headings: list[tuple[int, str]] = []
    section = ""
    skipping = False
    for number, cell in enumerate(lesson.cells):
        if cell.kind == "code" and not skipping:
            yield from _plot_segments(lesson, cell, number, section)
            yield from _comment_segments(lesson, cell, number, section)
        if cell.kind != "markdown":
            continue
        for stretch in stretches(cell.source, skipping=skipping):
            if stretch.level:
                headings = [heading for heading in headings if heading[0] < stretch.level]
                section = _path(headings)
            place = Place(number, start=stretch.start, end=stretch.end)
            location = lesson.at(cell.line_of(stretch.row))
            more = (stretch.comment, stretch.context)
            yield Segment(stretch.text, stretch.kind, location, section, place, *more)
            if stretch.level:
                headings.append((stretch.level, stretch.text))
                section = _path(headings)
        skipping = skips_on(cell.source, skipping=skipping)


def _plot_segments(lesson: Lesson, cell: Cell, number: int, section: str) -> Iterator[Segment]:
    alt = cell.metadata.get("alt")
    if isinstance(alt, str) and has_words(alt):
        yield Segment(" ".join(alt.split()), "alt text", lesson.at(cell.line), section, Place(number, key="alt"))


def _comment_segments(lesson: Lesson, cell: Cell, number: int, section: str) -> Iterator[Segment]:
    if not lesson.comments or lesson.kernel.language.lower() != "python":
        return
    for comment in comments_in(cell.source):
        location = lesson.at(cell.line_of(comment.row))
        yield Segment(comment.text, "code comment", location, section, Place(number, "", comment.start, comment.end))


def _path(headings: Sequence[tuple[int, str]]) -> str:
    return " > ".join(text for _, text in headings)
