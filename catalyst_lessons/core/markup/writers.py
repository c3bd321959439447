"""The callouts of a text written in one form: Material's boxes, quotes for plain JupyterLab, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from catalyst_lessons.core.markup.alike import ListKinds, begins_table, read_alike
from catalyst_lessons.core.markup.markers import ListItems, heading, item_column
from catalyst_lessons.core.markup.nodes import (
    GROUP,
    TAB_STOP,
    Callout,
    Line,
    Node,
    Prose,
    Tab,
    Verbatim,
    lines_of,
)
from catalyst_lessons.core.markup.parser import parse_markup
from catalyst_lessons.core.markup.plain import fenced, plain_prose, plain_verbatim

TitleOf = Callable[[str], str]

# MyST directives whose argument is a title by definition; that of the others is their first words (docutils).
_TITLED = frozenset({"admonition", "dropdown", "exercise", "exercise-start", "topic"})
# sphinx-design's lines between the header, body and footer of a card.
_CARD_PARTS = ("^^^", "+++")
_FIRST_ITEM = re.compile(r"\s{0,3}(?:[-*+]|1[.)])\s+\S")
_ORDERED_BY_BRACKET = re.compile(r"(\d{1,9})\)(?=\s)")


def to_material(text: str, *, title_of: TitleOf) -> str:
    """The text with every callout as `!!! kind "Title"` (or `???`, `???+`), for Python-Markdown and pymdownx.

    `title_of` gives the title of a kind where the author wrote none. Lists come out as Python-Markdown
    reads them: four columns of indentation for each level, a blank line before the first item. Blank lines
    at both ends are left out.
    """
    return _written(_Material(title_of), text)


def to_blockquotes(text: str, *, title_of: TitleOf) -> str:
    """The text with every callout as a quote with a bold title, for readers of CommonMark (JupyterLab).

    What is folded becomes `<details>`. `title_of` gives the title of a kind where the author wrote none.
    Blank lines at both ends are left out.
    """
    return _written(_Quotes(title_of), text)


def without_callouts(text: str, kinds: Collection[str]) -> str:
    """The text without the callouts of these kinds, at any depth, and the blank lines they would leave."""
    rows = text.split("\n")
    kept: list[str] = []
    at = 0
    for first, last in _stretches(parse_markup(text), kinds):
        kept += rows[at:first]
        at = last + 1
        if not kept or not kept[-1].strip():
            while at < len(rows) and not rows[at].strip():
                at += 1
    if at and at == len(rows):
        kept = _without_blank_end(kept, newline=text.endswith("\n"))
    return "\n".join((*kept, *rows[at:]))


def _without_blank_end(rows: list[str], *, newline: bool) -> list[str]:
    while rows and not rows[-1].strip():
        rows.pop()
    return [*rows, ""] if rows and newline else rows


def _stretches(nodes: Iterable[Node], kinds: Collection[str]) -> Iterable[tuple[int, int]]:
    """The first and last line number of each outermost callout of these kinds, in order."""
    for node in nodes:
        if isinstance(node, Callout) and ((node.known and node.kind in kinds) or node.name in kinds):
            lines = lines_of(node)
            yield lines[0].number, lines[-1].number
        elif isinstance(node, Callout | Tab):
            yield from _stretches(node.body, kinds)


def _written(writer: _Writer, text: str) -> str:
    return "\n".join(writer.write(parse_markup(text))) + ("\n" if text.endswith("\n") else "")


class _Writer:
    """Writes nodes as lines, in order, with blank lines between; how each is written differs by reader."""

    attributes = True
    """Whether the reader knows attribute lists and anchors."""

    def __init__(self, title_of: TitleOf) -> None:
        self.title_of = title_of

    def write(self, nodes: Iterable[Node]) -> list[str]:
        """The nodes of one container as lines, with a blank line between any two."""
        rows: list[str] = []
        items = ListItems()
        before: Node | None = None
        for node in nodes:
            written = self._node(node, items, before)
            if written:
                rows += [*([""] if rows else []), *written]
                before = node
        return rows

    def _node(self, node: Node, items: ListItems, before: Node | None) -> list[str]:
        if isinstance(node, Prose):
            return _trim(self.prose(plain_prose([line.text for line in node.lines], attributes=self.attributes), items))
        indent = lines_of(node)[0].indent
        written = self._block(node, before, indent - items.base(indent))
        prefix = self.indentation(items, indent)
        items.leave(indent)
        return [prefix + row if row.strip() else "" for row in written]

    def _block(self, node: Verbatim | Callout | Tab, before: Node | None, offset: int) -> list[str]:
        if isinstance(node, Verbatim):
            return self.verbatim(node, before, offset)
        if isinstance(node, Tab):
            return self.tab(node, before)
        if node.kind == GROUP:
            body = [row for row in self.write(node.body) if row not in _CARD_PARTS]
            return [*([_bold(node.title.text), ""] if node.title else []), *body]
        return self.callout(node, *self._title_and_body(node))

    def _title_and_body(self, node: Callout) -> tuple[str, list[str]]:
        body = self.write(node.body)
        default = self.title_of(node.kind)
        if node.title and not body and node.dialect == "myst" and node.name.lower() not in _TITLED:
            return default, [node.title.text]
        return (default if node.title is None else _plain(node.title.text)), body

    def verbatim(self, node: Verbatim, before: Node | None, offset: int) -> list[str]:
        """A verbatim node, `offset` columns inside its list item."""
        written = plain_verbatim(node, attributes=self.attributes)
        return [" " * offset + row for row in written] if node.kind == "code" else written

    def prose(self, rows: Sequence[str], items: ListItems) -> list[str]:
        """Lines of prose; afterwards `items` knows the list items that are open."""
        raise NotImplementedError

    def indentation(self, items: ListItems, indent: int) -> str:
        """What a block with this indentation in the source is indented by."""
        raise NotImplementedError

    def callout(self, node: Callout, title: str, body: list[str]) -> list[str]:
        """A box with its title and what is inside."""
        raise NotImplementedError

    def tab(self, node: Tab, before: Node | None) -> list[str]:
        """A tab; one that follows another tab belongs to the same set."""
        raise NotImplementedError


class _Material(_Writer):
    """Python-Markdown with admonition, pymdownx.details, superfences and tabbed."""

    def prose(self, rows: Sequence[str], items: ListItems) -> list[str]:
        written: list[str] = []
        in_paragraph = in_list = False
        kinds = ListKinds()
        rows = read_alike(rows)
        for number, row in enumerate(rows):
            line = Line(0, 0, row)
            if in_paragraph and not in_list and (_begins_item(line, items) or begins_table(rows, number)):
                written.append("")
                in_paragraph = False
            items.see(line, lazy=in_paragraph)
            if item_column(row) in items.columns and kinds.changes(row, items.level(line.indent)):
                written += [""] if written and written[-1] else []
            if not in_paragraph:
                in_list = bool(item_column(row))
            in_paragraph = not line.blank and heading(line) is None
            written.append(_reindented(line, items))
        return written

    def indentation(self, items: ListItems, indent: int) -> str:
        return " " * TAB_STOP * items.level(indent)

    def callout(self, node: Callout, title: str, body: list[str]) -> list[str]:
        mark = "???" if node.is_folded else "!!!" if node.folded is None else "???+"
        places = [name for name in node.classes if name in ("inline", "end")]
        return [f"{' '.join([mark, node.kind, *places])} {_quoted(title)}", *_indented(body)]

    def tab(self, node: Tab, before: Node | None) -> list[str]:
        mark = "===" if isinstance(before, Tab) else "===!"
        if node.dialect == "material":
            mark = node.opening[0].text.split()[0]
        return [
            f"{mark} {_quoted(node.title.text if node.title else '…')}",
            "",
            *_indented(self.write(node.body)),
        ]

    def verbatim(self, node: Verbatim, before: Node | None, offset: int) -> list[str]:
        # Indented code after a box would be taken for more of the box.
        if node.kind == "code" and isinstance(before, Callout | Tab):
            return fenced([row[TAB_STOP:] for row in super().verbatim(node, before, offset)])
        return super().verbatim(node, before, offset)


class _Quotes(_Writer):
    """CommonMark, as JupyterLab and GitHub show it."""

    attributes = False

    def prose(self, rows: Sequence[str], items: ListItems) -> list[str]:
        in_paragraph = False
        for row in rows:
            items.see(Line(0, 0, row), lazy=in_paragraph)
            in_paragraph = bool(row.strip()) and heading(Line(0, 0, row)) is None
        return list(rows)

    def indentation(self, items: ListItems, indent: int) -> str:
        return " " * items.base(indent)

    def callout(self, node: Callout, title: str, body: list[str]) -> list[str]:
        if node.is_folded or node.folded is False:
            state = "" if node.is_folded else " open"
            return [f"<details{state}><summary>{_as_html(title)}</summary>", "", *body, "", "</details>"]
        rows = [*([_bold(title), ""] if title else []), *body]
        return [f"> {row}" if row else ">" for row in _trim(rows)]

    def tab(self, node: Tab, before: Node | None) -> list[str]:
        return [*([_bold(node.title.text), ""] if node.title else []), *self.write(node.body)]


def _begins_item(line: Line, items: ListItems) -> bool:
    """Whether a line after a paragraph begins a list item; Python-Markdown wants a blank line there."""
    carries_on = any(column > line.indent for column in items.columns) and item_column(line.text) > 0
    return carries_on or _FIRST_ITEM.match(line.text) is not None


def _reindented(line: Line, items: ListItems) -> str:
    """A line of prose with four columns of indentation for each list item around it; `1)` becomes `1.`."""
    if line.blank:
        return ""
    level = items.level(line.indent)
    text = line.text.lstrip() if level else line.text
    if item_column(line.text) in items.columns:
        text = _ORDERED_BY_BRACKET.sub(r"\1.", text, count=1)
    return " " * TAB_STOP * level + text


def _indented(rows: Iterable[str]) -> list[str]:
    return [" " * TAB_STOP + row if row else "" for row in rows]


def _trim(rows: Sequence[str]) -> list[str]:
    """The lines without the blank ones at both ends, and without white space in the blank ones between."""
    filled = [index for index, row in enumerate(rows) if row.strip()]
    return [row if row.strip() else "" for row in rows[filled[0] : filled[-1] + 1]] if filled else []


def _plain(title: str) -> str:
    return " ".join(plain_prose([title], attributes=False)) if title else ""


def _quoted(title: str) -> str:
    """A title between quotes; those inside become entities, except in code, where an entity would show."""
    parts = re.split(r"(`+[^`]+`+)", title)
    parts[::2] = [part.replace('\\"', '"').replace('"', "&quot;") for part in parts[::2]]
    return f'"{"".join(parts)}"'


def _bold(title: str) -> str:
    return title if "**" in title else f"**{title}**"


def _as_html(title: str) -> str:
    """A title as HTML: Markdown is not read inside `<summary>`."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").renderInline(title)).strip()
