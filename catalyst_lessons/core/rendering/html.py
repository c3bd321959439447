"""HTML that Markdown cannot touch: one line, with every character that means something to Markdown as an entity."""

from __future__ import annotations

import html
import re

from catalyst_lessons.core.model import Language

# Python-Markdown and its extensions act on these; as entities they are text to them and the same character to a browser.
_SPECIAL = {ord(char): f"&#{ord(char)};" for char in "\n*_`[]$\\{}~^|!"} | {ord("\r"): None}
_TAG = re.compile(r"<[^>]*>")


def sealed(markup: str) -> str:
    """This HTML on one line, so that no Markdown processor changes anything in it."""
    return markup.translate(_SPECIAL)


def text(value: str) -> str:
    """Plain text as sealed HTML."""
    return sealed(html.escape(value))


def plain(value: str) -> str:
    """Markdown or HTML prose without its tags, emphasis marks and code marks, for titles and attributes."""
    without_links = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", _TAG.sub("", value))
    return html.unescape(re.sub(r"[*`]", "", without_links)).strip()


def in_language(value: str, language: Language) -> str:
    """Prose that stands in a page of another language, marked with its own language and direction (WCAG 2.2, 3.1.2)."""
    return f"<span lang='{language.tag}' dir='{language.direction}' class='untranslated'>{value}</span>"
