"""The callout dialects (Material, MyST, Carpentries/Quarto) read into one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby

from catalyst_lessons.core.markup.markers import (
    TAB_SETS,
    Fence,
    ListItems,
    Marker,
    closing_colons,
    colon_marker,
    directive_marker,
    fence_marker,
    heading,
    is_callout_directive,
    material_marker,
    read_options,
    with_options,
)
from catalyst_lessons.core.markup.nodes import (
    GROUP,
    TAB_STOP,
    Callout,
    DedentedLines,
    Dialect,
    Line,
    Node,
    Prose,
    Span,
    Tab,
    Verbatim,
    VerbatimKind,
)

# Callouts nested deeper than anyone can read are left as prose, so that no text can exhaust the stack.
_DEEPEST = 40

_TARGET = re.compile(r"\([^()\s][^()]*\)=$")
_LABELED_MATH = re.compile(r"\$\$.+?\$\$\s*(?:\([\w:.-]+\))?$")
_ENVIRONMENT = re.compile(r"\\begin(\{[A-Za-z]+\*?\})")
_RAW_HTML = re.compile(r"<(script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE)


@lru_cache(maxsize=512)
def parse_markup(text: str) -> tuple[Node, ...]:
    r"""The nodes of a Markdown text. Every line belongs to exactly one node, in order.

    Lines are what stands between `\n`; a `\r` before it is part of the line ending, and a text that ends
    with `\n` has no empty line after it. What was read is remembered for a while: links, headings, callouts and
    messages of a text are all looked for in its nodes.
    """
    rows = text.split("\n")
    if not rows[-1]:
        rows.pop()
    reader = _Reader([Line(number, 0, row.removesuffix("\r")) for number, row in enumerate(rows)])
    reader.read()
    return tuple(reader.nodes)


class _Reader:
    """Reads the lines of one container until they end, or until a line closes a colon fence around them."""

    def __init__(self, lines: Sequence[Line], *, around: _Reader | None = None) -> None:
        self.lines = lines
        self.fences: tuple[Marker, ...] = ()
        self.depth: int = around.depth + 1 if around else 0
        self.nodes: list[Node] = []
        self.at = 0
        self.closes: int | None = None
        self._prose: list[Line] = []
        self._items = ListItems()
        self._in_paragraph = False
        # Marks that nothing closes before a line of the whole text; what one container was searched for, none is again.
        self._unclosed: set[tuple[str, int]] = around._unclosed if around else set()
        self._ends: dict[int, int] = {}  # by base, what `_reach` found last: it holds until it is reached

    def read(self) -> None:
        """Read on; afterwards `closes` is the index of the fence that line `at` closes, or None."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.closes = self._closed_fence(line)
            if self.closes is not None:
                break
            if line.blank or not self._take_block(line):
                self._take_prose(line)
        self._end_prose()

    def skip_title(self) -> Span | None:
        """Pass over a heading that stands first in a fenced div, and give its text."""
        first = next((index for index, line in enumerate(self.lines) if not line.blank), None)
        found = None if first is None else heading(self.lines[first])
        if first is None or found is None:
            return None
        self.at = first + 1
        return found[1]

    def _take_block(self, line: Line) -> bool:
        base = self._items.base(line.indent)
        if line.indent - base >= TAB_STOP:
            return self._take_indented(base)
        take = _TAKERS.get(line.text.lstrip()[0])
        return take is not None and take(self, line, base)

    def _take_prose(self, line: Line) -> None:
        self._items.see(line, lazy=self._in_paragraph)
        self._in_paragraph = not line.blank and heading(line) is None
        self._prose.append(line)
        self.at += 1

    def _end_prose(self) -> None:
        if self._prose:
            self.nodes.append(Prose(tuple(self._prose)))
            self._prose = []

    def _add(self, node: Node, count: int) -> bool:
        """Take the next `count` lines as one node."""
        self._items.leave(self.lines[self.at].indent)
        self._end_prose()
        self.nodes.append(node)
        self.at += count
        self._in_paragraph = False
        return True

    def _add_verbatim(self, kind: VerbatimKind, end: int, *, closed: bool = True) -> bool:
        lines = tuple(self.lines[self.at : end])
        return self._add(Verbatim(lines, kind, closed), len(lines))

    def _reach(self, base: int) -> int:
        """Where the list item ends that holds the current line; the end of the container outside of lists."""
        if self._ends.get(base, 0) <= self.at:
            rest = range(self.at + 1, len(self.lines)) if base else ()
            ends = (index for index in rest if not self.lines[index].blank and self.lines[index].indent < base)
            self._ends[base] = next(ends, len(self.lines))
        return self._ends[base]

    def _find(self, base: int, ends: Callable[[Line], bool]) -> int | None:
        """The first line after the current one, in the same list item, that ends something."""
        return next((index for index in range(self.at + 1, self._reach(base)) if ends(self.lines[index])), None)

    def _take_indented(self, base: int) -> bool:
        """Indented code: it never carries on a paragraph, and gives the blank lines after it back."""
        if self._in_paragraph:
            return False
        return self._add_verbatim("code", self._indented_end(base + TAB_STOP))

    def _indented_end(self, columns: int) -> int:
        """Where the lines stop being indented by so many columns; blank lines at the end do not count."""
        end = self.at + 1
        for index in range(self.at + 1, len(self.lines)):
            if self.lines[index].blank:
                continue
            if self.lines[index].indent < columns:
                break
            end = index + 1
        return end

    def _take_fence(self, line: Line, base: int) -> bool:
        fence = fence_marker(line.text)
        if fence is None:
            return False
        close = self._find(base, lambda other: other.indent - base < TAB_STOP and fence.closed_by(other.text))
        end = self._reach(base) if close is None else close
        marker = self._directive_in(fence, line)
        if marker is None:
            return self._add_verbatim("fence", end if close is None else end + 1, closed=close is not None)
        inner = self._inside(end, line.indent)
        return self._add_container(marker, inner, self.lines[close] if close is not None else None)

    def _directive_in(self, fence: Fence, line: Line) -> Marker | None:
        marker = directive_marker(line, fence.info, line.text.index(fence.info)) if fence.info else None
        return marker if marker and is_callout_directive(marker) and self.depth < _DEEPEST else None

    def _take_colons(self, line: Line, base: int) -> bool:
        marker = colon_marker(line)
        if marker is None or self.depth >= _DEEPEST:
            return False
        if marker.verbatim:
            close = self._find(base, lambda other: closing_colons(other.text) >= marker.length)
            return self._add_verbatim(
                "fence", self._reach(base) if close is None else close + 1, closed=close is not None
            )
        inner = self._inside(self._reach(base), line.indent)
        inner.fences = (*self.fences, marker) if not base else (marker,)
        return self._add_container(marker, inner, None)

    def _take_material(self, line: Line, base: int) -> bool:
        marker = material_marker(line)
        if marker is None or self.depth >= _DEEPEST:
            return False
        columns = line.indent + TAB_STOP
        return self._add_container(marker, self._inside(self._indented_end(columns), columns), None)

    def _inside(self, end: int, columns: int) -> _Reader:
        """A reader of the lines between the current one and `end`, without so many columns of white space."""
        return _Reader(DedentedLines(self.lines, self.at + 1, end, columns=columns), around=self)

    def _add_container(self, marker: Marker, inner: _Reader, closing: Line | None) -> bool:
        """Read what is inside and add the callout or tab; `closing` is given for backtick fences only."""
        if marker.dialect == "myst":
            inner.at, options = read_options(inner.lines)
            marker = with_options(marker, options)
        title = marker.title
        if marker.dialect == "div" and marker.kind != GROUP and title is None:
            title = inner.skip_title()
        opening = tuple(self.lines[self.at : self.at + 1 + inner.at])
        inner.read()
        if inner.fences and inner.closes == len(inner.fences) - 1:
            closing = self.lines[self.at + 1 + inner.at]
        closed = closing is not None or marker.dialect == "material"
        body = _split_tabs(inner.nodes, marker.dialect) if marker.name in TAB_SETS else tuple(inner.nodes)
        count = 1 + inner.at + (closing is not None)
        if marker.tab:
            return self._add(Tab(title, opening, body, closing, marker.dialect, closed), count)
        known = (marker.dialect, marker.known, marker.name, closed, marker.classes)
        return self._add(Callout(marker.kind, title, marker.folded, opening, body, closing, *known), count)

    def _closed_fence(self, line: Line) -> int | None:
        """The colon fence that a line closes, as its index in `fences`.

        In Pandoc (so in Quarto and the Carpentries' lessons) any line of three or more colons closes the
        innermost div; MyST asks for as many as the opening line has. Where MyST is involved, a fence
        further out with exactly that many is the one meant, and those inside it were never closed.
        """
        colons = closing_colons(line.text)
        if not colons or not self.fences or line.indent >= TAB_STOP:
            return None
        last = len(self.fences) - 1
        innermost = self.fences[last]
        if colons != innermost.length:
            for index in range(last - 1, -1, -1):
                outer = self.fences[index]
                if outer.length == colons and "myst" in (outer.dialect, innermost.dialect):
                    return index
        return last if innermost.dialect == "div" or colons >= innermost.length else None

    def _take_math(self, line: Line, base: int) -> bool:
        text = line.text.strip()
        if _LABELED_MATH.match(text):
            return self._add_verbatim("math", self.at + 1)
        environment = _ENVIRONMENT.match(text)
        mark = "\\end" + environment[1] if environment else {"$$": "$$", "\\[": "\\]"}.get(text[:2])
        if mark is None or (text[:2] == "$$" and "$$" in text[2:]) or (mark == "\\]" and text != "\\["):
            return False
        if environment and mark in text:
            return self._add_verbatim("math", self.at + 1)
        never = (mark, self.lines[0].number + self._reach(base))
        close = None if never in self._unclosed else self._find(base, lambda other: mark in other.text)
        if close is None:
            self._unclosed.add(never)
            return False
        return self._add_verbatim("math", close + 1)

    def _take_html(self, line: Line, base: int) -> bool:
        """A comment, or raw HTML: CommonMark's HTML blocks 1 and 2. Other HTML is prose."""
        text = line.text.strip()
        raw = _RAW_HTML.match(text)
        kind: VerbatimKind = "html" if raw else "comment"
        mark = f"</{raw[1].lower()}>" if raw else "-->"
        if not raw and not text.startswith("<!--"):
            return False
        if mark in text.lower()[4:]:
            return bool(raw or text.endswith(mark)) and self._add_verbatim(kind, self.at + 1)
        close = self._find(base, lambda other: mark in other.text.lower())
        return self._add_verbatim(kind, self._reach(base) if close is None else close + 1, closed=close is not None)

    def _take_comment(self, line: Line, base: int) -> bool:
        """MyST's `%` comment, where a block may begin; inside a paragraph it is taken for a percent sign."""
        return not self._in_paragraph and self._add_verbatim("comment", self.at + 1)

    def _take_target(self, line: Line, base: int) -> bool:
        return bool(_TARGET.match(line.text.strip())) and self._add_verbatim("target", self.at + 1)


_Taker = Callable[[_Reader, Line, int], bool]
_TAKERS: dict[str, _Taker] = {
    "`": _Reader._take_fence,
    "~": _Reader._take_fence,
    ":": _Reader._take_colons,
    "!": _Reader._take_material,
    "?": _Reader._take_material,
    "=": _Reader._take_material,
    "$": _Reader._take_math,
    "\\": _Reader._take_math,
    "<": _Reader._take_html,
    "%": _Reader._take_comment,
    "(": _Reader._take_target,
}


def _split_tabs(nodes: Sequence[Node], dialect: Dialect) -> tuple[Node, ...]:
    """The body of `::: tab` or `.panel-tabset`: each heading of the first one's level begins a tab."""
    pieces: list[tuple[Line | None, list[Node]]] = [(None, [])]
    level = next(
        (level for node in nodes if isinstance(node, Prose) for line in node.lines if (level := _level(line))), 0
    )
    for node in nodes:
        if not isinstance(node, Prose):
            pieces[-1][1].append(node)
            continue
        for begins, lines in groupby(node.lines, key=lambda line: bool(level) and _level(line) == level):
            if begins:
                pieces += ((line, []) for line in lines)
            else:
                pieces[-1][1].append(Prose(tuple(lines)))
    tabs = (_tab(line, body, dialect) for line, body in pieces[1:] if line)
    return (*pieces[0][1], *tabs)


def _level(line: Line) -> int:
    """The level of the heading that a line is, else 0."""
    found = heading(line)
    return found[0] if found else 0


def _tab(line: Line, body: Sequence[Node], dialect: Dialect) -> Tab:
    found = heading(line)
    return Tab(found[1] if found else None, (line,), tuple(body), None, dialect)
