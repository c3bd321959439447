"""A Markdown extension for MkDocs and ProperDocs: links in raw HTML lead where Markdown links of the same target do.

Both generators know where a page will stand, and turn `[…](other.md)` into its address; what authors write in HTML they
leave alone. Zensical mends both.
"""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown  # type: ignore[import-untyped]
from markdown.extensions import Extension  # type: ignore[import-untyped]
from markdown.treeprocessors import Treeprocessor  # type: ignore[import-untyped]

NAME = __name__
# No part reads on over another beginning of its kind: a page of `<a` alone would take minutes.
_LINK = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(?P<program>script|style)\b(?:(?!<(?:script|style)\b).)*?</(?P=program)>"
    r"|<(?:a|img|source|video|audio)\b[^<>]*?(?<![\w-])(?:href|src)\s*=\s*"
    r"(?P<quote>[\"'])(?P<target>[^<>]*?)(?P=quote)",
    re.I | re.S,
)


class RawLinks(Extension):  # type: ignore[misc]
    """Gives the targets in raw HTML to what the generator resolves Markdown's targets with."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the step after the generator's own, which has the priority 0."""
        md.treeprocessors.register(_Resolving(md), "catalyst-raw-links", -1)


class _Resolving(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        # The generator puts its step in when it renders a page, after the extensions.
        if "relpath" not in self.md.treeprocessors:
            return
        relpath: Any = self.md.treeprocessors["relpath"]

        def resolved(match: re.Match[str]) -> str:
            if match["target"] is None:
                return match[0]
            start, end = (place - match.start() for place in match.span("target"))
            target = relpath.path_to_url(html.unescape(match["target"]))
            return match[0][:start] + html.escape(target) + match[0][end:]

        blocks: list[Any] = self.md.htmlStash.rawHtmlBlocks
        blocks[:] = [_LINK.sub(resolved, block) if isinstance(block, str) else block for block in blocks]


def makeExtension(**options: Any) -> RawLinks:
    """What Python-Markdown calls for an extension that is named by its module."""
    return RawLinks(**options)
