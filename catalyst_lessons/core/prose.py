"""Prose on one line."""

from __future__ import annotations

import re

# What `str.split` takes for space, but for the no-break spaces (U+00A0, U+2007, U+202F): French needs them before `:`.
_BREAKABLE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")


def one_line(text: str) -> str:
    """The text with each stretch of white space as one space, none at its ends; no-break spaces stay."""
    return _BREAKABLE.sub(" ", text).strip(" ")
