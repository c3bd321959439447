"""The one form that all callout dialects are read into, and the kinds of callout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias, overload

Dialect = Literal["material", "myst", "div"]
VerbatimKind = Literal["fence", "code", "math", "comment", "target", "html"]

TAB_STOP = 4
GROUP = "group"
"""The kind of a wrapper that draws no box (a grid, columns, a set of tabs): only its body counts."""

CALLOUT_KINDS: Mapping[str, bool] = MappingProxyType(
    {
        "note": False,
        "tip": False,
        "warning": False,
        "important": False,
        "danger": False,
        "info": False,
        "example": False,
        "quote": False,
        "abstract": False,
        "question": False,
        "success": False,
        "failure": False,
        "bug": False,
        "callout": False,
        "challenge": False,
        "solution": True,
        "hint": True,
        "discussion": False,
        "checklist": False,
        "prereq": False,
        "testimonial": False,
        "questions": False,
        "objectives": False,
        "keypoints": False,
        "instructor": False,
        "spoiler": True,
    }
)
"""Every kind of callout, and whether it is folded until the reader opens it."""

_NAMES = {
    "note": "admonition todo topic sidebar margin aside comment",
    "warning": "caution attention",
    "danger": "error",
    "info": "seealso see-also",
    "tip": "type-along",
    "example": "demo",
    "quote": "cite epigraph pull-quote",
    "abstract": "summary tldr overview",
    "question": "help faq",
    "success": "check done",
    "failure": "fail missing",
    "challenge": "exercise exercises exercise-start homework hands-on hands_on task activity",
    "solution": "answer solution-start",
    "discussion": "discuss",
    "prereq": "prerequisite prerequisites prereqs requirements",
    "objectives": "objective learning-objectives goals outcomes",
    "keypoints": "keypoint key-points key_points takeaways",
    "instructor": "instructor-note instructor-notes trainer trainer-note trainer-notes teacher speaker-notes",
    "spoiler": "dropdown details toggle",
    GROUP: "grid grid-item grid-item-card card card-carousel tab-set tabs tab group-tab panel-tabset "
    "div container columns column center full-width exercise-end solution-end incremental fragment",
}
ALIASES: Mapping[str, str] = MappingProxyType({name: kind for kind, names in _NAMES.items() for name in names.split()})
"""What authors write for a kind in Material, MyST, sphinx-exercise, sphinx-design, Quarto and Carpentries."""


def kind_of(name: str) -> tuple[str, bool]:
    """The canonical kind of an author's name, and whether we know that name (an unknown one is a note)."""
    name = name.lower().removeprefix("callout-")
    kind = ALIASES.get(name, name)
    return (kind, True) if kind in CALLOUT_KINDS or kind == GROUP else ("note", False)


def _width(text: str) -> int:
    """The columns that the white space at the start of a text takes, with tab stops every four."""
    return len(text[: len(text) - len(text.lstrip(" \t"))].expandtabs(TAB_STOP))


@dataclass(frozen=True, slots=True)
class Line:
    """One line inside its callouts: `text` is its content from `column` on, without the line ending.

    `number` is 0 for the first line of the parsed text; `column` counts characters, and comes after the
    indentation of the callouts around the line. The indentation of a list item belongs to the content.
    """

    number: int
    column: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether there is nothing but white space."""
        return not self.text.strip()

    @property
    def indent(self) -> int:
        """The columns of white space before the content; a tab reaches to the next fourth column."""
        return _width(self.text)

    def dedent(self, columns: int) -> Line:
        """The line without white space in its first columns; a tab that reaches further goes whole."""
        width = taken = 0
        while width < columns and taken < len(self.text) and self.text[taken] in " \t":
            width += TAB_STOP - width % TAB_STOP if self.text[taken] == "\t" else 1
            taken += 1
        return Line(self.number, self.column + taken, self.text[taken:]) if taken else self

    def replaced_in(self, whole: str, text: str) -> str:
        """The whole source line `whole` with other content in this line's place; a line ending stays."""
        return whole[: self.column] + text + whole[self.column + len(self.text) :]

    def span(self, start: int, end: int) -> Span:
        """The stretch of the content between two offsets, without white space around it."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        return Span(self.number, self.column + start, text.strip())


class DedentedLines(Sequence[Line]):
    """The lines from `first` to before `end` of others, without white space in their first columns.

    A line is taken when it is first asked for: a container may end long before the text around it does.
    """

    def __init__(self, lines: Sequence[Line], first: int, end: int, *, columns: int) -> None:
        self._lines = lines
        self._places = range(first, end)
        self._columns = columns
        self._taken: list[Line] = []

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self[one] for one in range(len(self))[index]]
        if not 0 <= index < len(self._taken):
            index = range(len(self))[index]
        while len(self._taken) <= index:
            self._taken.append(self._lines[self._places[len(self._taken)]].dedent(self._columns))
        return self._taken[index]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line: `text` stands at `column` of line `number` of the parsed text."""

    number: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Ordinary Markdown: paragraphs, headings, lists, tables, quotes, HTML, link definitions, blank lines."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines that are never translated and hold no markers.

    `kind` is "fence" (code, and directives that are no callouts, such as `{figure}`), "code" (indented code),
    "math" (`$$` and LaTeX environments), "comment" (`<!-- -->`, MyST's `%`), "target" (`(label)=`) or "html"
    (`<pre>`, `<script>`, `<style>`). `closed` is False where the end was never written.
    """

    lines: tuple[Line, ...]
    kind: VerbatimKind
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Callout:
    """A box: its canonical kind, title, and body.

    `title` is None where the author wrote none, and has an empty text where the author wrote `""`. `folded`
    is None where the kind decides. `opening` has the marker line, the option lines, and the heading that is
    the title of a fenced div; `closing` is None where the dialect has no closing line or it was never
    written (`closed` False). `name` is what the author wrote; an unknown one has `known` False and is a
    note. `classes` are the author's other classes.
    """

    kind: str
    title: Span | None
    folded: bool | None
    opening: tuple[Line, ...]
    body: tuple[Node, ...]
    closing: Line | None
    dialect: Dialect
    known: bool
    name: str
    closed: bool = True
    classes: tuple[str, ...] = ()

    @property
    def is_folded(self) -> bool:
        """Whether the reader must open it: what the author said, else what is usual for the kind."""
        return CALLOUT_KINDS.get(self.kind, False) if self.folded is None else self.folded


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: Material's `=== "x"`, MyST's `tab-item`, a heading in `::: tab` or `.panel-tabset`."""

    title: Span | None
    opening: tuple[Line, ...]
    body: tuple[Node, ...]
    closing: Line | None
    dialect: Dialect
    closed: bool = True


Node: TypeAlias = Prose | Verbatim | Callout | Tab


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, each before the nodes inside it."""
    for node in nodes:
        yield node
        if isinstance(node, Callout | Tab):
            yield from walk(node.body)


def lines_of(node: Node) -> tuple[Line, ...]:
    """All lines of a node in order: opening, body and closing."""
    if isinstance(node, Prose | Verbatim):
        return node.lines
    inside = tuple(line for child in node.body for line in lines_of(child))
    return (*node.opening, *inside, *((node.closing,) if node.closing else ()))
