"""Finds the segments of a lesson: where its translatable text stands, to the character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from catalyst_lessons.core.inline import CODE, has_words, label_of
from catalyst_lessons.core.markup import Callout, Line, Node, Prose, Span, Tab, Verbatim, parse_markup, walk
from catalyst_lessons.core.messages import Place, Segment
from catalyst_lessons.core.model import Cell, Lesson, Phrase

FRONT_KINDS = {
    "title": "title",
    "questions": "question",
    "objectives": "objective",
    "keypoints": "keypoint",
    "prerequisites": "prerequisite",
}
"""The front matter keys that hold prose, and the kind of segment each makes."""

_SKIP = re.compile(r"<!--\s*i18n:skip\s*-->|%\s*i18n:skip\s*$")
_CONTAINERS = re.compile(r"(?:[ \t]*>)*[ \t]*")
_ITEM_MARK = re.compile(r"(?:[-+*]|\d{1,9}[.)]|:|\[\^[^\]\s]+\]:)[ \t]+")
_DEFINITION = re.compile(r"[ ]{0,3}\[(?P<label>[^\]^][^\]]*)\]:[ \t]*\S")
_DEFINITION_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*'|\([^()]*\))\s*$""")
_ABBREVIATION = re.compile(r"\*\[[^\]]+\]:[ \t]*(?P<text>\S.*?)\s*$")
_ATTRIBUTES_ALONE = re.compile(r"\{(?:\s*[:#.]|[^{}]*=)[^{}]*\}\s*$")
_DIVIDER = re.compile(r"(?:\^{3,}|\+{3,})\s*$")
# A callout, fence or directive right after a list mark is markup, though `parse_markup` opens no node there.
_OPENS_AFTER_ITEM = re.compile(r"""!!!|\?\?\?|===[ ]+"|:{3,}|`{3,}|~{3,}|\$\$""")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?$|\|[ \t]*:?-+:?[ \t]*\|$")
_HEADING_ATTRIBUTES = re.compile(r"[ \t]+\{:?[ \t]*[#.][^{}]*\}$")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_FIGURE = re.compile(r"\s*(?::{3,}|`{3,}|~{3,})\s*\{(?:figure|image)\}")
_OPTION = re.compile(r"\s*:(?P<key>[\w-]+):(?:[ \t]+(?P<value>.*?))?\s*$")
_KINDS = {
    "th_open": "table cell",
    "td_open": "table cell",
    "dt_open": "term",
    "dd_open": "definition",
    "footnote_reference_open": "footnote",
    "list_item_open": "list item",
    "blockquote_open": "quote",
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of a line that belongs to a block, from offset to offset of its text."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def folded(self) -> str:
        """The text and what joins it to the next line: a line break where there is a hard one, else a space."""
        if (len(self.text) - len(self.text.rstrip("\\"))) % 2:
            return self.text[:-1].rstrip() + "\n"
        return self.text + ("\n" if self.line.text.endswith("  ") else " ")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text to translate in one Markdown source: its message id, and from where to where it reaches.

    `row` is the line of the source it begins on (0 for the first), `level` a heading's level.
    """

    text: str
    kind: str
    start: int
    end: int
    row: int
    level: int = 0


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
    return frozenset(label for source in sources for label in _labels(source))


@lru_cache(maxsize=4096)
def stretches(source: str) -> tuple[Stretch, ...]:
    """The translatable text of one Markdown source, in order."""
    starts = (0, *accumulate(len(row) + 1 for row in source.split("\n")))
    found = _of_siblings(parse_markup(source), starts)
    return tuple(sorted(found, key=lambda stretch: stretch.start))


def _front_segments(lesson: Lesson) -> Iterator[Segment]:
    for key, kind in FRONT_KINDS.items():
        for number, phrase in enumerate(phrases(lesson, key)):
            if has_words(phrase.text):
                yield Segment(message_id(phrase), kind, lesson.at(phrase.line), place=Place(key=key, start=number))


def _cell_segments(lesson: Lesson) -> Iterator[Segment]:
    headings: list[tuple[int, str]] = []
    for number, cell in enumerate(lesson.cells):
        if cell.kind == "code":
            yield from _plot_segments(lesson, cell, number, _path(headings))
        for stretch in stretches(cell.source) if cell.kind == "markdown" else ():
            while stretch.level and headings and headings[-1][0] >= stretch.level:
                headings.pop()
            place = Place(number, start=stretch.start, end=stretch.end)
            location = lesson.at(cell.line_of(stretch.row))
            yield Segment(stretch.text, stretch.kind, location, _path(headings), place)
            if stretch.level:
                headings.append((stretch.level, stretch.text))


def _plot_segments(lesson: Lesson, cell: Cell, number: int, section: str) -> Iterator[Segment]:
    alt = cell.metadata.get("alt")
    if isinstance(alt, str) and has_words(alt):
        yield Segment(" ".join(alt.split()), "alt text", lesson.at(cell.line), section, Place(number, key="alt"))


def _path(headings: Sequence[tuple[int, str]]) -> str:
    return " > ".join(text for _, text in headings)


def _labels(source: str) -> Iterator[str]:
    for node in walk(parse_markup(source)):
        for line in node.lines if isinstance(node, Prose) else ():
            if definition := _DEFINITION.match(line.text[_quote(line.text) :]):
                yield label_of(definition["label"])


def _of_siblings(nodes: Sequence[Node], starts: Sequence[int]) -> Iterator[Stretch]:
    """The stretches of nodes that stand beside each other.

    Their prose is read as one text, with a blank line for each node in between: a list goes on after a
    callout that stands in one of its items.
    """
    rows: list[Line | None] = []
    skipped: set[int] = set()
    skip = False
    for node in nodes:
        if isinstance(node, Prose):
            first = next((index for index, line in enumerate(node.lines) if not line.blank), None)
            if skip and first is not None:
                skipped.add(len(rows) + first)
            skip = skip and first is None
            rows += node.lines
            continue
        rows.append(None)
        if isinstance(node, Verbatim) and node.kind == "comment":
            skip = skip or any(_SKIP.search(line.text) for line in node.lines)
            continue
        if not skip:
            yield from _of_block(node, starts)
        skip = False
    yield from _of_prose(rows, skipped, starts)


def _of_block(node: Verbatim | Callout | Tab, starts: Sequence[int]) -> Iterator[Stretch]:
    if isinstance(node, Verbatim):
        if node.kind == "fence" and _FIGURE.match(node.lines[0].text):
            yield from _of_figure(node, starts)
        return
    if node.title is not None and has_words(node.title.text):
        yield _of_span(node.title, "callout title" if isinstance(node, Callout) else "tab title", starts)
    yield from _of_siblings(node.body, starts)


def _of_span(span: Span, kind: str, starts: Sequence[int]) -> Stretch:
    start = starts[span.number] + span.column
    return Stretch(span.text, kind, start, start + len(span.text), span.number)


def _of_figure(node: Verbatim, starts: Sequence[int]) -> Iterator[Stretch]:
    """A MyST figure's alt text, which is an option line, and its caption."""
    lines = node.lines[1:-1] if node.closed else node.lines[1:]
    body = 0
    for body, line in enumerate(lines, start=1):
        option = _OPTION.match(line.text)
        if option is None:
            body -= 1
            break
        if option["key"] == "alt" and has_words(option["value"] or ""):
            yield _of_span(line.span(*option.span("value")), "alt text", starts)
    margin = min((line.indent for line in lines[body:] if not line.blank), default=0)
    caption = [line.dedent(margin) for line in lines[body:]]
    for stretch in _of_prose(caption, set(), starts):
        yield Stretch(stretch.text, "caption", stretch.start, stretch.end, stretch.row)


def _of_prose(rows: Sequence[Line | None], skipped: set[int], starts: Sequence[int]) -> Iterator[Stretch]:
    """The stretches of ordinary Markdown, found where markdown-it sees inline text."""
    masked = _masked(rows)
    for row, line in enumerate(rows):
        match = _ABBREVIATION.match(line.text) if line and row not in skipped else None
        if line and match:
            yield _of_span(line.span(*match.span("text")), "abbreviation", starts)
    for token, parents, cell in _inline_tokens(_reader().parse("\n".join(masked), {}), skipped):
        level = int(parents[-1].tag[1]) if parents[-1].type == "heading_open" else 0
        kinds = (_KINDS[parent.type] for parent in reversed(parents) if parent.type in _KINDS)
        kind = "heading" if level else next(kinds, "paragraph")
        pieces = _pieces(token, cell if kind == "table cell" else None, rows, masked)
        found = _of_pieces(pieces, kind, level, starts) if pieces else None
        if found and has_words(found.text):
            yield found


def _inline_tokens(tokens: Sequence[Token], skipped: set[int]) -> Iterator[tuple[Token, list[Token], int]]:
    """Each inline token with the tokens open around it and its number in its row, without skipped blocks."""
    parents: list[Token] = []
    shown_from = cell = 0
    for token in tokens:
        if token.map and token.map[0] in skipped:
            shown_from = max(shown_from, token.map[1])
        if token.nesting == 1:
            parents.append(token)
            cell = 0 if token.type == "tr_open" else cell
        elif token.nesting == -1:
            cell += parents.pop().type in ("td_open", "th_open")
        elif token.type == "inline" and token.map and token.map[0] >= shown_from:
            yield token, parents, cell


def _pieces(token: Token, cell: int | None, rows: Sequence[Line | None], masked: Sequence[str]) -> list[_Piece]:
    """The parts of rows that an inline token is made of, or none where they are not found letter by letter."""
    first = token.map[0] if token.map else 0
    contents = token.content.split("\n")
    texts = zip(masked[first:], contents, strict=False)
    if cell is None:
        spans = [_text_in(row, text.strip()) for row, text in texts]
    else:
        spans = [_cell_in(row, cell, text) for row, text in texts]
    found = zip(rows[first:], spans, strict=False)
    pieces = [_Piece(line, *span) for line, span in found if line and span]
    return pieces if len(pieces) == len(contents) else []


def _of_pieces(pieces: Sequence[_Piece], kind: str, level: int, starts: Sequence[int]) -> Stretch | None:
    """The stretch that pieces of rows make together; a task mark and a heading's attributes are no text."""
    if kind != "table cell" and any(_DELIMITER_ROW.match(piece.text) for piece in pieces):
        return None  # a table to other readers of Markdown, and on one line it would be none
    first, last = pieces[0].line, pieces[-1].line
    text = "".join(piece.folded for piece in pieces[:-1]) + pieces[-1].text
    before = _TASK.match(text) if kind == "list item" else None
    after = _HEADING_ATTRIBUTES.search(text) if level else None
    shift, cut = (before.end() if before else 0), (len(after[0]) if after else 0)
    start = starts[first.number] + first.column + pieces[0].start + shift
    end = starts[last.number] + last.column + pieces[-1].end - cut
    return Stretch(text[shift : len(text) - cut], kind, start, end, first.number, level)


def _text_in(row: str, text: str) -> tuple[int, int] | None:
    """Where a line of a block is in its row: containers come before it, a heading's closing marks after it."""
    for end in (len(row.rstrip()), len(row.rstrip(" \t#"))):
        if text and row[:end].endswith(text):
            return end - len(text), end
    return None


def _cell_in(row: str, number: int, content: str) -> tuple[int, int] | None:
    """Where a table's row has the cell with this number; cut like markdown-it, at `|` without backslash."""
    prefix = _quote(row)
    item = _ITEM_MARK.match(row, prefix)
    for begin in (prefix, item.end() if item else prefix):
        end = len(row.rstrip())
        cuts = [
            begin - 1,
            *(m.start() for m in re.finditer(r"(?<!\\)\|", row[:end]) if m.start() >= begin),
            end,
        ]
        cells = list(zip((cut + 1 for cut in cuts), cuts[1:], strict=False))
        if cells and cells[0][0] == cells[0][1]:
            del cells[0]
        if number < len(cells):
            start, stop = cells[number]
            text = row[start:stop]
            start += len(text) - len(text.lstrip())
            if text.strip().replace("\\|", "|") == content.strip():
                return start, start + len(text.strip())
    return None


def _masked(rows: Sequence[Line | None]) -> list[str]:
    """The rows as markdown-it is to see them: as long as they are, with blank rows for what is not prose."""
    masked: list[str] = []
    in_definition = False
    for line in rows:
        # A lone carriage return would be a line ending to markdown-it, and the rows would no longer match.
        text = line.text.replace("\r", " ") if line else ""
        if "|" in text and "`" in text:  # to Python-Markdown, a | in code ends no table cell
            text = CODE.sub(lambda code: code[0].replace("|", "¦"), text)
        prefix = _quote(text)
        rest = text[prefix:]
        was_definition, in_definition = in_definition, bool(_DEFINITION.match(rest))
        if in_definition or (was_definition and _DEFINITION_TITLE.match(text)) or _is_markup(rest):
            text = text[:prefix]
        masked.append(text)
    return masked


def _is_markup(text: str) -> bool:
    """Whether a row is no prose: attributes, a divider, an abbreviation, a block opening in a list item."""
    item = _ITEM_MARK.match(text)
    if item and _OPENS_AFTER_ITEM.match(text, item.end()):
        return True
    return any(pattern.match(text) for pattern in (_ATTRIBUTES_ALONE, _DIVIDER, _ABBREVIATION))


def _quote(text: str) -> int:
    """How long the marks of the quotes around a row are, with the white space beside them."""
    match = _CONTAINERS.match(text)
    return match.end() if match else 0


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    """A reader of blocks: no inline rules, no definitions (masked, so that labels of other cells count too).

    Indented code is off because `parse_markup`, which knows the callouts around a line, has taken it out.
    """
    reader = (
        MarkdownIt("commonmark").enable("table").use(deflist_plugin).use(footnote_plugin).disable(["reference", "code"])
    )
    reader.core.ruler.enableOnly(["normalize", "block"])
    return reader
