"""What people write: prose on one line, the text of a heading, and the word that somebody meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What `str.split` takes for space, but for the no-break spaces (U+00A0, U+2007, U+202F): French needs them before `:`.
_BREAKABLE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")


def one_line(text: str) -> str:
    """The text with each stretch of white space as one space, none at its ends; no-break spaces stay."""
    return _BREAKABLE.sub(" ", text).strip(" ")


def without_closing_hashes(text: str) -> str:
    """The text of a heading without the hashes that may close it, and without white space at its end."""
    text = text.rstrip(" \t")
    kept = text.rstrip("#")
    return kept.rstrip(" \t") if kept.endswith((" ", "\t")) else text


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.7) -> str:
    """The known word that `word` most likely stands for, or ""."""
    from difflib import get_close_matches

    by_folded = {one.casefold(): one for one in known}
    found = get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else ""
