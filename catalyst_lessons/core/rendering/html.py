"""HTML that Markdown cannot touch: one line, with every character that means something to Markdown as an entity."""

from __future__ import annotations

import html
import re

from catalyst_lessons.core.model import Language
from catalyst_lessons.core.prose import one_line

# Python-Markdown and its extensions act on these; as entities they are text to them, and the same to a browser.
_SPECIAL = {ord(char): f"&#{ord(char)};" for char in "\t\n*_`[]$\\{}~^|!"} | {ord("\r"): None}
# No page may hold these: control characters, and halves of characters (UTF-16 surrogates), which UTF-8 cannot write.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^)]{0,2000}\)")
_MARKS = re.compile(
    r"(?<!`)(`{1,32})(?!`)(?P<code>.+?)(?<!`)\1(?!`)|<(?P<address>[a-z]+:[^\s<>]+)>|</?[A-Za-z][^<>]*>|\\(?=[*_`])"
    r"|[*`]|(?<!\w)_+(?=\w)|(?<=[\w.!?)])(?:(?<!_)_++|_)(?!\w)"
)


def sealed(markup: str) -> str:
    """This HTML on one line, so that no Markdown processor changes anything in it."""
    return _HALF.sub("\ufffd", _CONTROL.sub("", markup)).translate(_SPECIAL)


def text(value: str) -> str:
    """Plain text as sealed HTML."""
    return sealed(html.escape(value))


def plain(value: str) -> str:
    """Markdown or HTML prose on one line, without tags, emphasis marks and code marks, for titles and attributes."""
    unmarked = _MARKS.sub(lambda found: html.escape(found["code"] or found["address"] or ""), _LINK.sub(r"\1", value))
    return _HALF.sub("\ufffd", _CONTROL.sub("", one_line(html.unescape(unmarked))))


def in_language(value: str, language: Language, *, stale: bool = False) -> str:
    """Prose that stands in a page of another language, marked with its own language and direction (WCAG 2.2, 3.1.2).

    `stale` prose was translated until it changed.
    """
    kind = "stale" if stale else "untranslated"
    return f"<span lang='{language.tag}' dir='{language.direction}' class='{kind}'>{value}</span>"


def with_earlier(newest: str, language: Language, *, earlier: str, label: str) -> str:
    """The translation of an earlier text, with the text of today one tap away.

    A `<details>` cannot stand inside a paragraph; a checkbox can, works without a script, and tells its state.
    """
    box = f"<label class='catalyst-newer'><input type='checkbox'> {text(label)}</label>"
    return f"<span class='earlier'>{earlier}</span> {box} {in_language(newest, language, stale=True)}"
