"""Links and images in Markdown: where they stand, and how their targets are rewritten."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from urllib.parse import unquote

from catalyst_lessons.core.markup import Callout, Line, Node, Prose, Tab, Verbatim, lines_of, parse_markup, walk
from catalyst_lessons.core.translation.inline import MATH
from catalyst_lessons.core.translation.splicing import Edit, spliced

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
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_BRACKET = re.compile(r"\\.|[\[\]]")
_FIGURE = re.compile(r"\s*(?:`{3,}|~{3,}|:{3,})\s*\{(?:figure|image)\}\s*(?P<bare>\S+)\s*$")
# Brackets around more than so many others hold nobody's text, and the texts of all together may be the line's square.
_DEEPEST = 40
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


def query_of(target: str) -> str:
    """The query of a target, without the `?`; in the name of a file, a `?` is written `%3F`."""
    return split_anchor(target)[0].partition("?")[2]


def project_path(folder: str, target: str) -> str:
    """The project-relative path that a relative target names when it stands in a file of `folder`.

    "" for a target that is only an anchor or a query; a path beginning with `../` leads out of the project. One with a
    slash in front counts from the top of the site, which no `..` leaves.
    """
    path = unquote(split_anchor(target)[0].partition("?")[0])
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
    for line, places in _placed(text):
        found += (Link(line.text[one.start : one.end], one.text, line.number, one.image) for one in places)
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
    for line, places in _placed(text):
        edits = [Edit(one.start, one.end, resolve(line.text[one.start : one.end])) for one in places]
        lines[line.number] = line.replaced_in(lines[line.number], spliced(line.text, edits)[0])
    return "\n".join(lines)


def _placed(text: str) -> Iterator[tuple[Line, list[_Place]]]:
    """The lines that hold links, with the places of their targets in order."""
    for paragraph in _paragraphs(text):
        masked = [MATH.sub(_blank, _without_comments(_CODE_SPAN.sub(_blank, line.text))) for line in paragraph]
        places = [_in_markdown(line.text, hidden) for line, hidden in zip(paragraph, masked, strict=True)]
        for number, place in _in_tags([line.text for line in paragraph], masked):
            if not _DEFINITION.match(masked[number]):
                places[number].append(place)
        for line, found in zip(paragraph, places, strict=True):
            if found:
                yield line, _without_overlaps(found)


def _without_overlaps(places: list[_Place]) -> list[_Place]:
    """The places in order, without those inside another: what stands in an address is no address of its own."""
    kept: list[_Place] = []
    for place in sorted(places, key=lambda place: place.start):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _paragraphs(text: str) -> Iterator[tuple[Line, ...]]:
    """The lines that may hold links, as they stand together: those of prose, and the titles of callouts and tabs."""
    for node in walk(parse_markup(text)):
        if isinstance(node, Prose):
            yield from (tuple(lines) for blank, lines in groupby(node.lines, lambda line: line.blank) if not blank)
        elif isinstance(node, Callout | Tab) and node.title:
            yield (Line(node.title.number, node.title.column, node.title.text),)


def figure_of(node: Node) -> re.Match[str] | None:
    """The opening line of a `{figure}` or `{image}` directive, whose target is the group `bare`; else None."""
    if not isinstance(node, Verbatim) or node.kind != "fence":
        return None
    return _FIGURE.match(node.lines[0].text)


def _figures(text: str) -> Iterator[tuple[Line, re.Match[str]]]:
    for node in walk(parse_markup(text)):
        if found := figure_of(node):
            yield lines_of(node)[0], found


def _in_markdown(line: str, masked: str) -> list[_Place]:
    """Where the targets of a line's Markdown stand."""
    definition = _DEFINITION.match(masked)
    if definition:
        return [_Place(*_span(definition))]
    openings = _openings(masked)
    return [
        _Place(*_span(match), *_label(line, openings.get(match.start()), match.start()))
        for match in _INLINE.finditer(masked)
    ]


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
    still_open: deque[int] = deque(maxlen=_DEEPEST)
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
    return line[opening + 1 : closing], line.endswith("!", 0, opening)


def _in_tags(lines: Sequence[str], masked: Sequence[str]) -> Iterator[tuple[int, _Place]]:
    """The first address in each tag of HTML that has one, with the number of its line and the text for an image."""
    # The marks of a quote end no tag.
    whole, text = "\n".join(_QUOTED.sub(_blank, line) for line in masked), "\n".join(lines)
    starts = (0, *accumulate(len(line) + 1 for line in lines))
    for tag in _TAG.finditer(whole):
        attributes = {match["name"].lower(): match for match in reversed([*_ATTRIBUTE.finditer(whole, *tag.span())])}
        spans = {
            name: match.span(match.lastgroup or "name")
            for name, match in attributes.items()
            if match.lastgroup != "name"
        }
        start, end = min((spans[name] for name in ("href", "src") if name in spans), default=(0, 0))
        if start and "\n" not in whole[start:end]:
            number = bisect_right(starts, start) - 1
            alt = " ".join(text[slice(*spans.get("alt", (0, 0)))].split("\n"))
            yield number, _Place(start - starts[number], end - starts[number], alt, tag["tag"].lower() == "img")
