"""Prose that CommonMark and Python-Markdown read differently, written so that both read what CommonMark does."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Code and formulas, in which a backslash is a backslash; else an escape that Python-Markdown does not know (its
# `ESCAPED_CHARS` has fewer than CommonMark 0.31, section 2.4).
_ESCAPE = re.compile(
    r"(?<![`\\])(?P<ticks>`{1,32})(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|(?<![\\$\w])\$\$[^$\n]+\$\$(?![\w$])|(?<![\\$\w])\$[^\s$](?:[^$\n]*[^\s$\\])?\$(?![\w$])"
    r"|\\(?:(?P<char>[\"$%&',/:;<=?@^~])|.)",
    re.DOTALL,
)
# To Python-Markdown a heading needs no space, and may have more than six marks.
_HASHES = re.compile(r"(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(?=#+[^#\s]|#{7})")
_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\$")
_DELIMITERS = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|(?P<number>\d{1,9}[.)]))\s")


def read_alike(rows: Sequence[str]) -> list[str]:
    """Lines of prose in which escapes, hard line breaks and words with a `#` mean the same to both."""
    text = _ESCAPE.sub(lambda found: f"&#{ord(found['char'])};" if found["char"] else found[0], "\n".join(rows))
    written = [
        _HASHES.sub(r"\1\\", row, count=1) if "#" in row and _HASHES.match(row) else row for row in text.split("\n")
    ]
    return [
        _BREAK.sub(r"\1  ", row) if row.endswith("\\") and following.strip() else row
        for row, following in zip(written, [*written[1:], ""], strict=True)
    ]


def begins_table(rows: Sequence[str], number: int) -> bool:
    """Whether a table begins in this line; Python-Markdown wants a blank line before it."""
    following = rows[number + 1] if number + 1 < len(rows) else ""
    return "|" in rows[number] and "|" in following and _DELIMITERS.match(following) is not None


class ListKinds:
    """Whether the lists that are open are numbered, by level; two lists of another kind are two lists."""

    def __init__(self) -> None:
        self._numbered: list[bool | None] = []

    def changes(self, row: str, level: int) -> bool:
        """Whether this first line of an item, with `level` items around it, begins a list of another kind."""
        item = _ITEM.match(row)
        if item is None:  # a definition or a footnote
            return False
        numbered = item["number"] is not None
        before = self._numbered[level] if level < len(self._numbered) else None
        self._numbered[level:] = [*[None] * (level - len(self._numbered)), numbered]
        return before not in (None, numbered)
