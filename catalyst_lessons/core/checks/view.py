"""A lesson as the rules look at it: its prose, links, pictures and headings, each with its source line, parsed once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from catalyst_lessons.core.headings import Heading, heading_ids, headings_in
from catalyst_lessons.core.links import figure_of, links_in
from catalyst_lessons.core.markup import Callout, Node, Prose, Span, Tab, Verbatim, parse_markup, walk
from catalyst_lessons.core.model import Cell, Curriculum, Lesson, Location, Phrase
from catalyst_lessons.core.translation.inline import CODE

_FIGURE_ALT = re.compile(r"\s*:?alt:\s*\S")
# An attribute list behind a picture, as Pandoc, the Carpentries and Python-Markdown's `attr_list` have it.
_ATTRIBUTE_ALT = re.compile(r"\)\{[^{}]*\b(?:fig-)?alt\s*=\s*(?P<quote>[\"'])\s*[^\"'\s]")
_EMPTY_HTML_ALT = re.compile(r"<img\b[^<>]*\balt\s*=\s*(?:\"\"|'')", re.I)
_TARGET_LABEL = re.compile(r"\s*\((?P<label>[^()]+)\)=\s*$")
_ID = re.compile(
    r"\{(?=[^{}]*\}):?[^{}]*#(?P<id>[A-Za-z][\w.:-]*)[^{}]*\}|\b(?:id|name)\s*=\s*[\"'](?P<html>[^\"']+)[\"']"
)
_OPTION_ID = re.compile(r"\s*:(?:name|label):\s*(?P<label>\S+)")


@dataclass(frozen=True, slots=True)
class Text:
    """A line of prose, or a phrase, without what its code spans say; `line` is its source line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or picture: target, text (a picture's alt text) and source line.

    `described` says that a picture has its alt text elsewhere, or that its author marked it as decoration.
    """

    target: str
    text: str
    line: int
    image: bool = False
    described: bool = False


class View:
    """A lesson and what its Markdown cells hold; `unread` are keys of its front matter that could not be read."""

    def __init__(self, lesson: Lesson, unread: frozenset[str] = frozenset(), text: str = "") -> None:
        self.lesson = lesson
        self.unread = unread
        self._rows = text.split("\n") if text else []

    def at(self, line: int = 0) -> Location:
        """A place in the lesson's source."""
        return self.lesson.at(line)

    def at_key(self, key: str) -> Location:
        """The place of a front matter key, or where the front matter begins if it is not there."""
        return self.lesson.at(self.lesson.front.lines.get(key, 1))

    def line_above(self, number: int, word: str) -> int:
        """The line of an option or tag of a cell: the last above its own lines that has it, else the cell's first."""
        cell = self.lesson.cells[number]
        before = self.lesson.cells[number - 1].lines[-1] if number else 0
        above = range(min(cell.line - 1, len(self._rows)), before, -1)
        return next((line for line in above if word in self._rows[line - 1]), cell.line)

    @cached_property
    def prose_cells(self) -> tuple[Cell, ...]:
        """The Markdown cells, in order."""
        return tuple(cell for cell in self.lesson.cells if cell.kind == "markdown")

    @cached_property
    def nodes(self) -> tuple[tuple[Cell, Node], ...]:
        """Every node of every Markdown cell, each before the nodes inside it."""
        return tuple((cell, node) for cell in self.prose_cells for node in walk(parse_markup(cell.source)))

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """The phrases of the front matter that learners read."""
        front = self.lesson.front
        all_phrases = (
            front.title,
            *front.questions,
            *front.objectives,
            *front.keypoints,
            *front.prerequisites,
        )
        return tuple(phrase for phrase in all_phrases if phrase.text)

    @cached_property
    def prose(self) -> tuple[Text, ...]:
        """The lines of prose and the titles of callouts and tabs."""
        return tuple(text for cell, node in self.nodes for text in _texts(cell, node))

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every link and picture, those of `{figure}` directives and of the front matter included."""
        inside = (one for cell in self.prose_cells for one in _references(cell))
        figures = (one for cell, node in self.nodes if isinstance(node, Verbatim) for one in _figures(cell, node))
        front = (
            Reference(link.target, link.text, phrase.line, link.image)
            for phrase in self.phrases
            for link in links_in(phrase.text)
        )
        return (*front, *inside, *figures)

    @cached_property
    def headings(self) -> tuple[tuple[Heading, int], ...]:
        """The headings of the prose, and the source line of each."""
        return tuple(
            (heading, cell.line_of(heading.line)) for cell in self.prose_cells for heading in headings_in(cell.source)
        )

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Every id that a link can lead to: of headings, and those that authors gave."""
        ids = (one for several in heading_ids(self.prose_cells).values() for one in several)
        own = (one for cell in self.prose_cells for one in _own_ids(cell.source))
        return frozenset((*ids, *own))


class Whole:
    """All sources of a curriculum, and a way to ask whether a file of the project is there."""

    def __init__(self, curriculum: Curriculum, exists: Callable[[str], bool]) -> None:
        self.exists = exists
        self.views = tuple(View(lesson) for lesson in curriculum.sources)
        self.sources: Mapping[str, View] = {view.lesson.path: view for view in self.views}
        self._by_name = {view.lesson.name: view for view in self.views}
        self.page_folders = frozenset(page.folder for page in curriculum.pages)

    def source(self, path: str) -> View | None:
        """The source at a project path; `x.html`, `x.md`, `x.ipynb` and `x/` name `x.py` as well."""
        return self.sources.get(path) or self._by_name.get(re.sub(r"\.(?:md|html|ipynb|py|Rmd)$|/$", "", path))


def without_code(text: str) -> str:
    """The text with a sign that is no letter in place of each character of its code spans, so that positions stay."""
    return CODE.sub(lambda found: "\ufffc" * len(found[0]), text)


def lines_with(view: View, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The source line and the match of each place in the prose where a pattern is found, code spans left out."""
    for text in view.prose:
        for found in pattern.finditer(text.text):
            yield text.line, found


def _texts(cell: Cell, node: Node) -> Iterator[Text]:
    if isinstance(node, Prose):
        for line in node.lines:
            yield Text(cell.line_of(line.number), without_code(line.text))
    elif isinstance(node, Callout | Tab) and node.title:
        yield _title(cell, node.title)


def _title(cell: Cell, title: Span) -> Text:
    return Text(cell.line_of(title.number), without_code(title.text))


def _references(cell: Cell) -> Iterator[Reference]:
    lines = cell.source.split("\n")
    without_alt = {number for number, line in enumerate(lines) if _EMPTY_HTML_ALT.search(line)}
    for link in links_in(cell.source):
        raw = lines[link.line]
        described = link.image and bool(_alt_behind(raw, link.target) or (not link.text and link.line in without_alt))
        yield Reference(link.target, link.text, cell.line_of(link.line), link.image, described)


def _alt_behind(line: str, target: str) -> bool:
    start = line.find(target) + len(target)
    rest = line[start:]
    closing = rest.find(")")
    return closing >= 0 and bool(_ATTRIBUTE_ALT.match(rest, closing))


def _figures(cell: Cell, node: Verbatim) -> Iterator[Reference]:
    found = figure_of(node)
    if found and not found["bare"].startswith("#"):
        described = any(_FIGURE_ALT.match(line.text) for line in node.lines[1:])
        yield Reference(found["bare"], "", cell.line_of(node.lines[0].number), image=True, described=described)


def _own_ids(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if label := _TARGET_LABEL.match(line) or _OPTION_ID.match(line):
            yield label["label"]
        for found in _ID.finditer(line):
            yield found["id"] or found["html"]
