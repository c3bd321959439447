"""Links and images in Markdown: where they stand, and how their targets are rewritten."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from catalyst_lessons.core.markup import Callout, Line, Node, Prose, Tab, Verbatim, lines_of, parse_markup, walk
from catalyst_lessons.core.translation.inline import MATH

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# `](target "title")`: only what follows the closing bracket matters, so images inside links are found as well.
_INLINE = re.compile(
    r"(?<!\\)\]\(\s*(?:<(?P<angled>[^<>]*)>|(?P<bare>(?:\\.|[^\s()\\])*(?:\((?:\\.|[^\s()\\])*\)(?:\\.|[^\s()\\])*)*))"
)
_DEFINITION = re.compile(
    r"^\s{0,3}\[(?!\^)[^\]]+\]:\s*(?:<(?P<angled>[^<>]*)>|(?P<bare>\S+))(?:\s+(?:\".*\"|'.*'|\(.*\)))?\s*$"
)
_ATTRIBUTE = re.compile(
    r"<(?P<tag>a|img|source|video|audio)\b[^>]*?(?<![\w-])(?:href|src)\s*=\s*(?P<quote>[\"'])(?P<bare>.*?)(?P=quote)",
    re.I,
)
_COMMENT = re.compile(r"<!--.*?-->")
_FIGURE = re.compile(r"\s*(?:`{3,}|~{3,}|:{3,})\s*\{(?:figure|image)\}\s*(?P<bare>\S+)\s*$")
_LABEL = re.compile(r"(?P<image>!?)\[(?P<text>(?:\\.|\[[^\]]*\]|[^\[\]\\])*)$")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//")


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
        masked = _without_code(line.text)
        for match in _targets(masked):
            image, label = _label_before(line.text, match)
            found.append(Link(_target(match), label, line.number, image))
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
        for match in reversed(_targets(_without_code(line.text))):
            group = "angled" if match.groupdict().get("angled") is not None else "bare"
            start, end = match.span(group)
            new = new[:start] + resolve(new[start:end]) + new[end:]
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


def _without_code(line: str) -> str:
    """The line with code spans, formulas and comments blanked, so that positions stay."""
    for pattern in (_CODE_SPAN, _COMMENT, MATH):
        line = pattern.sub(lambda match: " " * len(match.group(0)), line)
    return line


def _targets(line: str) -> list[re.Match[str]]:
    definition = _DEFINITION.match(line)
    if definition:
        return [definition]
    found = [*_INLINE.finditer(line), *_ATTRIBUTE.finditer(line)]
    return sorted(found, key=lambda match: match.start())


def _target(match: re.Match[str]) -> str:
    return match.groupdict().get("angled") or match.group("bare") or ""


def _label_before(line: str, match: re.Match[str]) -> tuple[bool, str]:
    """Whether the link is an image, and its text: what stands in the brackets before the target."""
    if match.re is _ATTRIBUTE:
        alt = re.search(r"\balt\s*=\s*([\"'])(.*?)\1", line[match.start() :])
        return match.group("tag").lower() == "img", alt.group(2) if alt else ""
    label = _LABEL.search(line[: match.start()])
    return (bool(label.group("image")), label.group("text")) if label else (False, "")
