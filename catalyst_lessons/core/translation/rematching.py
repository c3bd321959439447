"""Texts told alike whatever marks and line breaks they have: old catalogs, and those of other programs."""

from __future__ import annotations

import re

_QUOTE = re.compile(r"^(?:[ \t]*>)+[ \t]?", re.M)
_MARKS = re.compile(
    r"^[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|#{1,6}[ \t]+|:[ \t]+|\[\^[^\]\s]+\]:[ \t]*)+"
)
_CLOSING = re.compile(r"(?<![ \t])(?:[ \t]+#+[ \t]*|[ \t]*\{:?[ \t]*[#.][^{}]*\}[ \t]*|[ \t]*\\)$", re.M)
_KEY = re.compile(r"^[ \t]*(?:title|alt|caption)[ \t]*:[ \t]+", re.I)


def bare(text: str) -> str:
    """The words of a block on one line, without the marks that make it a heading, a list item or a quote."""
    text = _MARKS.sub("", _QUOTE.sub("", text))
    return " ".join(_CLOSING.sub("", text).split())


def loose(text: str) -> str:
    """What a text says in its letters and digits alone."""
    return " ".join(re.findall(r"\w+", _KEY.sub("", bare(text)).casefold()))
