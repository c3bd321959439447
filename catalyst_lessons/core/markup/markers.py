"""How each dialect writes the lines that open and close a callout, a tab or a fence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalyst_lessons.core.markup.nodes import (
    GROUP,
    TAB_STOP,
    Dialect,
    Line,
    Span,
    kind_of,
)
from catalyst_lessons.core.prose import without_closing_hashes

# Directives whose content is not read, in colon fences. In backtick fences all are that are no callouts.
_VERBATIM_NAMES = """
    figure image math code code-block code-cell sourcecode literalinclude include table list-table csv-table
    mermaid toctree bibliography raw eval-rst video iframe embed plot doctest parsed-literal glossary contents
"""
VERBATIM_DIRECTIVES = frozenset(_VERBATIM_NAMES.split())
TAB_SETS = frozenset({"tab", "group-tab", "panel-tabset"})
_TITLED_GROUPS = frozenset({"card", "grid-item-card"})
_LOOKS = frozenset({"dropdown", "toggle", "toggle-shown", "inline", "end"})

# Python-Markdown's `admonition`, pymdownx's `details` and `tabbed`: the title reaches to the last quote.
_MATERIAL = re.compile(r'\s*(?P<mark>!!!|\?\?\?\+?) ?(?P<words>[\w-]+(?: +[\w-]+)*)?(?: *"(?P<title>.*)")?\s*$')
_MATERIAL_TAB = re.compile(r'\s*===(?:\+|!|\+!|!\+)? +"(?P<title>.*)"\s*$')
_COLONS = re.compile(r"\s*(?P<colons>:{3,})\s*(?P<rest>(?:.*\S)?)\s*$")
_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})\s*(?P<info>(?:.*\S)?)\s*$")
_DIRECTIVE = re.compile(r"\{(?P<name>[A-Za-z][\w:+-]*)(?P<attributes>\s[^}]*)?\}\s*(?P<argument>.*)$")
_DIV = re.compile(r"(?P<word>[A-Za-z][\w-]*)?\s*+(?:\{(?P<attributes>.*)\})?\s*:*$")
_ATTRIBUTE = re.compile(
    r"""\.(?P<class>[\w-]+)|\#[\w:.-]+|(?<![\w-])(?P<key>[\w-]+)=(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<bare>[^\s"'}]+))"""
)
_OPTION = re.compile(r"\s*:(?P<key>[A-Za-z][\w-]*):(?:\s+(?P<value>(?:.*\S)?))?\s*$")
_YAML_OPTION = re.compile(r"\s*(?P<key>[A-Za-z][\w-]*):(?:\s+(?P<value>(?:.*\S)?))?\s*$")
_HEADING = re.compile(r" {0,3}(?P<hashes>#{1,6})[ \t]+(?P<text>.*)$")
_LIST_BEHIND = re.compile(r"\{[^{}]*\}$")
_ITEM = re.compile(r"\s*(?:(?P<mark>[-*+]|\d{1,9}[.)]|:)(?P<gap>[ \t]+|$)|\[\^[^\]\s]+\]:)")
_RULE = re.compile(r"\s*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")


@dataclass(frozen=True, slots=True)
class Fence:
    """The opening line of a code fence: its character, how many of them, and what follows."""

    character: str
    length: int
    info: str

    def closed_by(self, text: str) -> bool:
        """Whether a line closes this fence (CommonMark: at least as many of the same, nothing else)."""
        text = text.strip()
        return len(text) >= self.length and set(text) == {self.character}


@dataclass(frozen=True, slots=True)
class Marker:
    """What the opening lines of a callout or tab say; `length` counts colons, `verbatim` is no callout."""

    dialect: Dialect
    name: str
    kind: str = GROUP
    known: bool = True
    title: Span | None = None
    folded: bool | None = None
    classes: tuple[str, ...] = ()
    length: int = 0
    tab: bool = False
    verbatim: bool = False


def material_marker(line: Line) -> Marker | None:
    """The callout or tab that a Material line opens, or None."""
    if tab := _MATERIAL_TAB.match(line.text):
        return Marker("material", "===", title=_exactly(line, *tab.span("title")), tab=True)
    match = _MATERIAL.match(line.text)
    if not match or not (match["words"] or match["title"]):
        return None
    name, *classes = (match["words"] or "note").split()
    kind, known = kind_of(name)
    title = None if match["title"] is None else _exactly(line, *match.span("title"))
    folded = {"!!!": None, "???": True, "???+": False}[match["mark"]]
    return Marker("material", name, kind, known, title=title, folded=folded, classes=tuple(classes))


def colon_marker(line: Line) -> Marker | None:
    """The MyST directive or fenced div (Pandoc, Quarto, Carpentries) that a line of colons opens, or None."""
    match = _COLONS.match(line.text)
    if not match or not match["rest"]:
        return None
    rest, offset = match["rest"], match.start("rest")
    marker = directive_marker(line, rest, offset) or _div_marker(line, rest, offset)
    return replace(marker, length=len(match["colons"])) if marker else None


def closing_colons(text: str) -> int:
    """How many colons a closing line has; 0 for any other line."""
    text = text.strip()
    return len(text) if len(text) >= 3 and set(text) == {":"} else 0


def fence_marker(text: str) -> Fence | None:
    """The code fence that a line opens, or None (CommonMark: no backtick in the info of a backtick fence)."""
    match = _FENCE.match(text)
    if not match or (match["mark"][0] == "`" and "`" in match["info"]):
        return None
    return Fence(match["mark"][0], len(match["mark"]), match["info"])


def directive_marker(line: Line, text: str, offset: int) -> Marker | None:
    """The MyST directive that begins with `{name}` at the offset of a line, or None."""
    match = _DIRECTIVE.match(text)
    if not match:
        return None
    name = match["name"].lower()
    kind, known = kind_of(name)
    marker = Marker("myst", match["name"], kind, known, tab=name == "tab-item", verbatim=name in VERBATIM_DIRECTIVES)
    title = line.span(offset + match.start("argument"), offset + match.end("argument"))
    if title.text and _has_title(marker, title.text):
        marker = replace(marker, title=title)
    return with_classes(
        marker, [found["class"] for found in _ATTRIBUTE.finditer(match["attributes"] or "") if found["class"]]
    )


def is_callout_directive(marker: Marker) -> bool:
    """Whether a directive in a backtick fence is a callout or tab; any other (as `{python}`) is code."""
    return marker.tab or (marker.known and not marker.verbatim)


def with_classes(marker: Marker, classes: Sequence[str]) -> Marker:
    """A MyST directive's marker with what its classes say: folding, and the kind of an `{admonition}`."""
    kinds = [name for name in classes if name not in _LOOKS and kind_of(name)[1]]
    if marker.name.lower() == "admonition" and kinds:
        marker = replace(marker, kind=kind_of(kinds[0])[0], name=kinds[0])
    if "toggle-shown" in classes:
        marker = replace(marker, folded=False)
    elif "dropdown" in classes or "toggle" in classes:
        marker = replace(marker, folded=True)
    return replace(marker, classes=(*marker.classes, *classes))


def read_options(lines: Sequence[Line]) -> tuple[int, dict[str, str]]:
    """How many lines after a MyST marker are options (`:key: value`, or YAML in `---`), and what they say."""
    if lines and lines[0].text.strip() == "---":
        end = next((index for index in range(1, len(lines)) if lines[index].text.strip() == "---"), 0)
        return (end + 1, _options(lines[1:end], _YAML_OPTION)) if end else (0, {})
    count = 0
    while count < len(lines) and _OPTION.match(lines[count].text):
        count += 1
    return count, _options(lines[:count], _OPTION)


def with_options(marker: Marker, options: dict[str, str]) -> Marker:
    """The marker of a MyST directive, with what its option lines say."""
    marker = with_classes(marker, re.findall(r"[\w-]+", options.get("class", "")))
    return replace(marker, folded=False) if "open" in options and options["open"] != "false" else marker


def heading(line: Line) -> tuple[int, Span] | None:
    """The level and text of a heading written with `#`, without closing hashes and attributes; or None."""
    match = _HEADING.match(line.text)
    if match is None:
        return None
    text = match["text"].rstrip(" \t")
    attributes = _LIST_BEHIND.search(text)
    text = without_closing_hashes(text[: attributes.start()] if attributes else text)
    return len(match["hashes"]), line.span(match.start("text"), match.start("text") + len(text))


def item_column(text: str) -> int:
    """The column of the content of the list item, definition or footnote that a line begins, else 0."""
    match = _ITEM.match(text)
    if not match or _RULE.match(text):
        return 0
    before = len(text[: match.end()].expandtabs(TAB_STOP))
    if match["mark"] is None:  # a footnote: its further paragraphs are indented like code
        return len(text) - len(text.lstrip()) + TAB_STOP
    gap = before - len(text[: match.end("mark")].expandtabs(TAB_STOP))
    return before - gap + 1 if gap > TAB_STOP or not gap or match.end() == len(text) else before


class ListItems:
    """The list items that are open at a line, as the columns where their content begins."""

    def __init__(self) -> None:
        self.columns: list[int] = []

    def base(self, indent: int) -> int:
        """The column of the innermost item that holds content with this indentation; 0 outside of lists."""
        return max((column for column in self.columns if column <= indent), default=0)

    def level(self, indent: int) -> int:
        """How many items hold content with this indentation."""
        return sum(column <= indent for column in self.columns)

    def leave(self, indent: int) -> None:
        """Close the items that cannot hold content with this indentation."""
        self.columns = [column for column in self.columns if column <= indent]

    def see(self, line: Line, *, lazy: bool) -> None:
        """Take note of a line of prose; a `lazy` one may carry on a paragraph from further to the left."""
        if line.blank:
            return
        column = item_column(line.text)
        if column and line.indent - self.base(line.indent) < TAB_STOP:
            self.leave(line.indent)
            self.columns.append(column)
        elif not lazy or heading(line):
            self.leave(line.indent)


def _exactly(line: Line, start: int, end: int) -> Span:
    return Span(line.number, line.column + start, line.text[start:end])


def _has_title(marker: Marker, argument: str) -> bool:
    """Whether a directive's argument is a title; not so in `{grid} 1 2` and `{solution} its-label`."""
    if marker.kind == GROUP and marker.known:
        return marker.name.lower() in _TITLED_GROUPS
    if marker.name.lower() in ("solution", "solution-start"):
        return not re.fullmatch(r"[a-z][\w:.-]*", argument)
    return True


def _options(lines: Sequence[Line], pattern: re.Pattern[str]) -> dict[str, str]:
    matches = (pattern.match(line.text) for line in lines)
    return {match["key"].lower(): match["value"] or "" for match in matches if match}


def _div_marker(line: Line, text: str, offset: int) -> Marker | None:
    match = _DIV.match(text)
    if not match or not (match["word"] or match["attributes"] is not None):
        return None
    found = list(_ATTRIBUTE.finditer(match["attributes"] or ""))
    classes = [name for name in (match["word"], *(item["class"] for item in found)) if name]
    name = next((name for name in classes if kind_of(name)[1]), classes[0] if classes else "")
    kind, known = kind_of(name) if name else (GROUP, True)
    title = next((item for item in found if item["key"] == "title"), None)
    start = offset + match.start("attributes")
    return Marker(
        "div",
        name,
        kind,
        known,
        title=_quoted(line, title, start) if title else None,
        folded=_collapse(found),
        classes=tuple(other for other in classes if other != name),
    )


def _quoted(line: Line, attribute: re.Match[str], start: int) -> Span:
    group = attribute.lastgroup or "bare"
    return _exactly(line, start + attribute.start(group), start + attribute.end(group))


def _collapse(attributes: Sequence[re.Match[str]]) -> bool | None:
    """Quarto's `collapse="true"`, or None where it is not written."""
    for item in attributes:
        if item["key"] == "collapse":
            return (item["double"] or item["single"] or item["bare"] or "").lower() == "true"
    return None
