"""Links and images in Markdown: where they stand, and how their targets are rewritten."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from catalyst_lessons.core.markup import Callout, Line, Node, Prose, Tab, Verbatim, lines_of, parse_markup, walk
from catalyst_lessons.core.translation.inline import MATH

_CODE_SPAN = re.compile(r"(?<!`)(`{1,32})(?!`)(.+?)(?<!`)\1(?!`)")
# `](target "title")`: only what follows the closing bracket matters, so images inside links are found as well.
_INLINE = re.compile(
    r"(?<!\\)\]\(\s*(?:<(?P<angled>[^<>]*)>|(?P<bare>(?:\\.|[^\s()\\])*(?:\((?:\\.|[^\s()\\])*\)(?:\\.|[^\s()\\])*)*))"
)
_DEFINITION = re.compile(
    r"^\s{0,3}\[(?!\^)[^\]]+\]:\s*(?:<(?P<angled>[^<>]*)>|(?P<bare>\S+))(?:\s+(?:\".*\"|'.*'|\(.*\)))?\s*$"
)
# Nothing has to stand behind what these two find, so they read no stretch of a line twice.
_TAG = re.compile(r"<(?P<tag>a|img|source|video|audio)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*", re.I)
_ATTRIBUTE = re.compile(r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'))?")
_BRACKET = re.compile(r"\\.|[\[\]]")
_FIGURE = re.compile(r"\s*(?:`{3,}|~{3,}|:{3,})\s*\{(?:figure|image)\}\s*(?P<bare>\S+)\s*$")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a target stands in a line, and the text of its link (an image's alt)."""

    start: int
    end: int
    text: str = ""
    image: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image of a Markdown text: its target as written, its text (an image's alt), and its line (0-based)."""

    target: str
    text: str
    line: int
    image: bool = False

    @property
    def external(self) -> bool:
        """Whether the target has a scheme or a host of its own."""
        return is_external(self.target)


def is_external(target: str) -> bool:
    """Whether a link target leads out of the site: it names a scheme (`https:`, `mailto:`) or a host (`//host`)."""
    return bool(_SCHEME.match(target))


def split_anchor(target: str) -> tuple[str, str]:
    """A target as path and anchor, without the `#`; the query goes with the path."""
    path, _, anchor = target.partition("#")
    return path, anchor


def project_path(folder: str, target: str) -> str:
    """The project-relative path that a relative target names when it stands in a file of `folder`.

    "" for a target that is only an anchor; a path beginning with `../` leads out of the project. One with a slash in
    front counts from the top of the site, which no `..` leaves.
    """
    path = unquote(split_anchor(target)[0])
    if not path:
        return ""
    if path.startswith("/"):
        return posixpath.normpath(path).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, path))


def links_in(text: str) -> tuple[Link, ...]:
    """Every link and image of a Markdown text, in order; code, maths and comments are passed over.

    Those of MyST's directives are in `figures_in`.
    """
    found: list[Link] = []
    for line in _prose_lines(text):
        for one in _places(line.text):
            found.append(Link(line.text[one.start : one.end], one.text, line.number, one.image))
    return tuple(found)


def figures_in(text: str) -> tuple[Link, ...]:
    """The pictures of MyST's `{figure}` and `{image}` directives, in order; their text is not looked for."""
    return tuple(Link(match.group("bare"), "", line.number, image=True) for line, match in _figures(text))


def rewrite_links(text: str, resolve: Callable[[str], str]) -> str:
    """The text with each link and image target replaced by what `resolve` makes of it, in directives too."""
    lines = text.split("\n")
    for line, match in _figures(text):
        start, end = match.span("bare")
        new = line.text[:start] + resolve(match.group("bare")) + line.text[end:]
        lines[line.number] = line.replaced_in(lines[line.number], new)
    for line in _prose_lines(text):
        new = line.text
        for one in reversed(_places(line.text)):
            new = new[: one.start] + resolve(new[one.start : one.end]) + new[one.end :]
        lines[line.number] = line.replaced_in(lines[line.number], new)
    return "\n".join(lines)


def _prose_lines(text: str) -> Iterator[Line]:
    """The lines that may hold links: those of prose, and the titles of callouts and tabs."""
    for node in walk(parse_markup(text)):
        if isinstance(node, Prose):
            yield from node.lines
        elif isinstance(node, Callout | Tab) and node.title:
            yield Line(node.title.number, node.title.column, node.title.text)


def figure_of(node: Node) -> re.Match[str] | None:
    """The opening line of a `{figure}` or `{image}` directive, whose target is the group `bare`; else None."""
    if not isinstance(node, Verbatim) or node.kind != "fence":
        return None
    return _FIGURE.match(node.lines[0].text)


def _figures(text: str) -> Iterator[tuple[Line, re.Match[str]]]:
    for node in walk(parse_markup(text)):
        if found := figure_of(node):
            yield lines_of(node)[0], found


def _places(line: str) -> list[_Place]:
    """Where the targets of a line stand, in order."""
    masked = MATH.sub(_blank, _without_comments(_CODE_SPAN.sub(_blank, line)))
    definition = _DEFINITION.match(masked)
    if definition:
        return [_Place(*_span(definition))]
    openings = _openings(masked)
    found = [
        _Place(*_span(match), *_label(line, openings.get(match.start()), match.start()))
        for match in _INLINE.finditer(masked)
    ]
    return sorted((*found, *_in_tags(line, masked)), key=lambda place: place.start)


def _blank(match: re.Match[str]) -> str:
    """As many spaces, so that positions stay."""
    return " " * len(match[0])


def _without_comments(line: str) -> str:
    """The line with its comments blanked; one that does not end here is none."""
    start, kept = 0, []
    while (begin := line.find("<!--", start)) >= 0 and (end := line.find("-->", begin + 4)) >= 0:
        kept += [line[start:begin], " " * (end + 3 - begin)]
        start = end + 3
    return "".join((*kept, line[start:]))


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.span("bare" if match["angled"] is None else "angled")


def _openings(line: str) -> dict[int, int]:
    """Of each `]` that closes a bracket, by its place in the line, the place of the `[` that opens it."""
    found: dict[int, int] = {}
    still_open: list[int] = []
    for bracket in _BRACKET.finditer(line):
        if bracket[0] == "[":
            still_open.append(bracket.start())
        elif bracket[0] == "]" and still_open:
            found[bracket.start()] = still_open.pop()
    return found


def _label(line: str, opening: int | None, closing: int) -> tuple[str, bool]:
    """The text of the link whose brackets stand there, and whether it is an image."""
    if opening is None:
        return "", False
    return line[opening + 1 : closing], line[:opening].endswith("!")


def _in_tags(line: str, masked: str) -> Iterator[_Place]:
    """The first address in each tag of HTML that has one, and the text that stands for an image."""
    for tag in _TAG.finditer(masked):
        attributes = {match["name"].lower(): match for match in reversed([*_ATTRIBUTE.finditer(masked, *tag.span())])}
        spans = {
            name: match.span(match.lastgroup or "name")
            for name, match in attributes.items()
            if match.lastgroup != "name"
        }
        first = min((spans[name] for name in ("href", "src") if name in spans), default=None)
        if first:
            alt = spans.get("alt", (0, 0))
            yield _Place(*first, line[slice(*alt)], tag["tag"].lower() == "img")
