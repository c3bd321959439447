"""Images that authors wrote in HTML, as Markdown: a generator knows where a page will be and mends only Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

from catalyst_lessons.core.markup import Line, Prose, parse_markup, walk

_IMAGE = re.compile(r"<img\b(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.I)
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_WIDTH = re.compile(r"\bwidth\s*:\s*(\d+)px")
# Python-Markdown leaves what stands in these alone, so Markdown inside them would be shown as it is written.
_BLOCK = re.compile(r"<(?:div|p|center|table|t[dhr]|figure|section|details|ul|ol|li|h[1-6])\b", re.I)
_CODE = re.compile(r"(?<!`)(`{1,32})(?!`).+?(?<!`)\1(?!`)")


def images_as_markdown(text: str) -> str:
    """The text with `<img src alt width>` as `![alt](src){ width=… }`, but for those inside blocks of HTML and code."""
    if "<img" not in text.lower():
        return text
    lines = text.split("\n")
    for line in _lines_outside_html(text):
        if not _CODE.search(line.text):
            lines[line.number] = line.replaced_in(lines[line.number], _IMAGE.sub(_as_markdown, line.text))
    return "\n".join(lines)


def _lines_outside_html(text: str) -> Iterator[Line]:
    """The lines of paragraphs that no block of HTML begins."""
    for node in walk(parse_markup(text)):
        if isinstance(node, Prose):
            for blank, group in groupby(node.lines, key=lambda line: line.blank):
                paragraph = tuple(group)
                if not blank and not any(_BLOCK.search(line.text) for line in paragraph):
                    yield from paragraph


def _as_markdown(match: re.Match[str]) -> str:
    found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(match.group("attributes"))}
    source = html.unescape(found.get("src", ""))
    if not source or re.search(r"[\s<>]", source):
        return match.group(0)
    alt = re.sub(r"([\[\]*_`\\])", r"\\\1", html.unescape(found.get("alt", "")))
    styled = _WIDTH.search(found.get("style", ""))
    width = found.get("width", "") if found.get("width", "").isdigit() else (styled.group(1) if styled else "")
    return f"![{alt}]({source})" + (f"{{ width={width} }}" if width else "")
