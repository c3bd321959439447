"""Where the translatable text of one Markdown source stands, to the character."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from catalyst_lessons.core.markup import Callout, Line, Node, Prose, Span, Tab, Verbatim, parse_markup, walk
from catalyst_lessons.core.translation.inline import CODE, has_words, label_of

SEGMENTS = 1
"""The version of the rules below: raised when they cut texts in another way, so that catalogs can be brought along."""

# What mdbook-i18n-helpers has for authors: google/mdbook-i18n-helpers, i18n-helpers/USAGE.md.
_MARK = re.compile(
    r"(?:<!--|%)\s*i18n:\s*(?P<word>skip-start|skip-end|skip|comment|context)\s*:?\s*(?P<text>.*?)\s*(?:-->|$)", re.S
)
IMAGE = re.compile(r"!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
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
_DIRECTIVE = re.compile(r"\s*(?::{3,}|`{3,}|~{3,})\s*\{(?P<name>[\w:.-]+)\}[ \t]*(?P<argument>.*?)\s*$")
_FIGURES = frozenset({"figure", "image", "carousel"})
_TITLED = frozenset({"table", "list-table", "csv-table"})
_OPTION_KINDS = {"alt": "alt text", "caption": "caption"}
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

    `row` is the line of the source it begins on (0 for the first), `level` a heading's level. `comment` is what the
    author tells translators, `context` what tells it from the same text elsewhere.
    """

    text: str
    kind: str
    start: int
    end: int
    row: int
    level: int = 0
    comment: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What the author says of the next block, in comments before it."""

    skip: bool = False
    comment: str = ""
    context: str = ""

    def with_words(self, node: Verbatim) -> _Mark:
        """This mark and what a comment adds to it."""
        found = _MARK.match("\n".join(line.text.strip() for line in node.lines))
        if found is None or found["word"].startswith("skip-"):
            return self
        text = " ".join(found["text"].split())
        if found["word"] == "comment":
            return replace(self, comment=f"{self.comment} {text}".strip())
        return replace(self, context=text) if found["word"] == "context" else replace(self, skip=True)

    def on(self, found: Iterable[Stretch]) -> Iterator[Stretch]:
        """The stretches of a block under this mark: none of one to skip."""
        for stretch in () if self.skip else found:
            comment, context = stretch.comment or self.comment, stretch.context or self.context
            yield replace(stretch, comment=comment, context=context) if comment or context else stretch


_UNMARKED = _Mark()
_Marks = Mapping[int, _Mark]
"""Marks by the row on which the block begins that they are for."""


@lru_cache(maxsize=4096)
def stretches(source: str, *, skipping: bool = False) -> tuple[Stretch, ...]:
    """The translatable text of one Markdown source, in order; `skipping` says that a skip began in an earlier cell."""
    starts = (0, *accumulate(len(row) + 1 for row in source.split("\n")))
    nodes = parse_markup(source)
    found = [stretch for one in _of_siblings(nodes, starts) for stretch in (one, *_alts(one, source, starts))]
    switches = _switches(nodes)
    if skipping or switches:
        found = [stretch for stretch in found if not _skipped(stretch.row, switches, skipping=skipping)]
    return tuple(sorted(found, key=lambda stretch: (stretch.start, -stretch.end)))


def skips_on(source: str, *, skipping: bool) -> bool:
    """Whether the text after this source is to be skipped, because a skip began and did not end."""
    switches = _switches(parse_markup(source)) if "i18n:" in source else []
    return switches[-1][1] if switches else skipping


def _switches(nodes: Sequence[Node]) -> list[tuple[int, bool]]:
    """The rows where a skip begins (True) or ends (False)."""
    comments = (node for node in walk(nodes) if isinstance(node, Verbatim) and node.kind == "comment")
    found = ((node.lines[0].number, _MARK.match(node.lines[0].text.strip())) for node in comments)
    words = ((row, match["word"]) for row, match in found if match)
    return [(row, word == "skip-start") for row, word in words if word.startswith("skip-")]


def _skipped(row: int, switches: Sequence[tuple[int, bool]], *, skipping: bool) -> bool:
    count = bisect_right(switches, row, key=lambda switch: switch[0])
    return switches[count - 1][1] if count else skipping


def _alts(stretch: Stretch, source: str, starts: Sequence[int]) -> Iterator[Stretch]:
    """The words for each image that stands among other words: sphinx-gettext has a message of their own for them."""
    text = source[stretch.start : stretch.end]
    masked = CODE.sub(lambda code: "\0" * len(code[0]), text)
    if "![" not in masked or stretch.kind == "alt text" or not has_words(IMAGE.sub(" ", masked)):
        return
    for image in IMAGE.finditer(masked):
        words = text[image.start("alt") : image.end("alt")]
        if has_words(words) and "\n" not in words:
            start = stretch.start + image.start("alt")
            row = bisect_right(starts, start) - 1
            yield Stretch(words, "alt text", start, start + len(words), row, 0, stretch.comment, stretch.context)


def labels_in(source: str) -> Iterator[str]:
    """The labels of the link definitions in a source."""
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
    marks: dict[int, _Mark] = {}
    mark = _UNMARKED
    for node in nodes:
        if isinstance(node, Prose):
            first = next((index for index, line in enumerate(node.lines) if not line.blank), None)
            if first is not None:
                marks[len(rows) + first] = mark
                mark = _UNMARKED
            rows += node.lines
            continue
        rows.append(None)
        if isinstance(node, Verbatim) and node.kind == "comment":
            mark = mark.with_words(node)
            continue
        yield from mark.on(_of_block(node, starts))
        mark = _UNMARKED
    yield from _of_prose(rows, {row: mark for row, mark in marks.items() if mark != _UNMARKED}, starts)


def _of_block(node: Verbatim | Callout | Tab, starts: Sequence[int]) -> Iterator[Stretch]:
    if isinstance(node, Verbatim):
        if node.kind == "fence" and (directive := _DIRECTIVE.match(node.lines[0].text)):
            yield from _of_directive(node, directive, starts)
        return
    if node.title is not None and has_words(node.title.text):
        yield _of_span(node.title, "callout title" if isinstance(node, Callout) else "tab title", starts)
    yield from _of_siblings(node.body, starts)


def _of_span(span: Span, kind: str, starts: Sequence[int]) -> Stretch:
    start = starts[span.number] + span.column
    return Stretch(span.text, kind, start, start + len(span.text), span.number)


def _of_directive(node: Verbatim, directive: re.Match[str], starts: Sequence[int]) -> Iterator[Stretch]:
    """What a MyST directive that holds no prose has for readers: alt text, captions, a figure's body, a table."""
    name = directive["name"]
    lines = node.lines[1:-1] if node.closed else node.lines[1:]
    if name in _TITLED and has_words(directive["argument"]):
        yield _of_span(node.lines[0].span(*directive.span("argument")), "caption", starts)
    body = 0
    for body, line in enumerate(lines, start=1):
        option = _OPTION.match(line.text)
        if option is None:
            body -= 1
            break
        if (kind := _OPTION_KINDS.get(option["key"])) and has_words((option["value"] or "").strip("\"'")):
            yield _of_span(line.span(*option.span("value")), kind, starts)
    if name in _FIGURES or name in ("table", "list-table"):
        margin = min((line.indent for line in lines[body:] if not line.blank), default=0)
        found = _of_prose([line.dedent(margin) for line in lines[body:]], {}, starts)
        yield from (replace(one, kind="caption") if name in _FIGURES else one for one in found)


def _of_prose(rows: Sequence[Line | None], marks: _Marks, starts: Sequence[int]) -> Iterator[Stretch]:
    """The stretches of ordinary Markdown, found where markdown-it sees inline text."""
    masked = _masked(rows)
    for row, line in enumerate(rows):
        match = _ABBREVIATION.match(line.text) if line else None
        if line and match:
            yield from marks.get(row, _UNMARKED).on([_of_span(line.span(*match.span("text")), "abbreviation", starts)])
    for token, parents, cell, mark in _inline_tokens(_reader().parse("\n".join(masked), {}), marks):
        level = int(parents[-1].tag[1]) if parents[-1].type == "heading_open" else 0
        kinds = (_KINDS[parent.type] for parent in reversed(parents) if parent.type in _KINDS)
        kind = "heading" if level else next(kinds, "paragraph")
        pieces = _pieces(token, cell if kind == "table cell" else None, rows, masked)
        found = _of_pieces(pieces, kind, level, starts) if pieces else None
        if found and has_words(found.text):
            yield from mark.on([found])


def _inline_tokens(tokens: Sequence[Token], marks: _Marks) -> Iterator[tuple[Token, list[Token], int, _Mark]]:
    """Each inline token with the tokens open around it, its number in its row, and the mark on its block."""
    parents: list[Token] = []
    mark, until, cell = _UNMARKED, 0, 0
    for token in tokens:
        if token.map and token.map[0] in marks:
            mark, until = marks[token.map[0]], max(until, token.map[1])
        if token.nesting == 1:
            parents.append(token)
            cell = 0 if token.type == "tr_open" else cell
        elif token.nesting == -1:
            cell += parents.pop().type in ("td_open", "th_open")
        elif token.type == "inline" and token.map:
            yield token, parents, cell, mark if token.map[0] < until else _UNMARKED


def _pieces(token: Token, cell: int | None, rows: Sequence[Line | None], masked: Sequence[str]) -> list[_Piece]:
    """The parts of rows that an inline token is made of, or none where they are not found letter by letter."""
    first = token.map[0] if token.map else 0
    contents = token.content.split("\n")
    here = slice(first, first + len(contents))
    texts = zip(masked[here], contents, strict=False)
    if cell is None:
        spans = [_text_in(row, text.strip()) for row, text in texts]
    else:
        spans = [_cell_in(row, cell, text) for row, text in texts]
    found = zip(rows[here], spans, strict=False)
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
    for cells in _cells(row):
        if number < len(cells):
            start, stop = cells[number]
            text = row[start:stop]
            start += len(text) - len(text.lstrip())
            if text.strip().replace("\\|", "|") == content.strip():
                return start, start + len(text.strip())
    return None


@lru_cache(maxsize=8)
def _cells(row: str) -> tuple[Sequence[tuple[int, int]], ...]:
    """Where the cells of a table's row are, if it is one of a quote, and if it is one of a list item."""
    prefix, end = _quote(row), len(row.rstrip())
    item = _ITEM_MARK.match(row, prefix)
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", row[:end])]
    readings = []
    for begin in (prefix, item.end() if item else prefix):
        cuts = [begin - 1, *(bar for bar in bars if bar >= begin), end]
        spans = [(before + 1, cut) for before, cut in pairwise(cuts)]
        readings.append(spans[1:] if spans and spans[0][0] == spans[0][1] else spans)
    return tuple(readings)


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
