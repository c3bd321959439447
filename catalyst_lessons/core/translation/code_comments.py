"""The comments in Python code: where they stand, translations in their place, and whether code stays the same."""

from __future__ import annotations

import ast
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import accumulate

from catalyst_lessons.core.ipython import parse
from catalyst_lessons.core.translation.inline import has_words
from catalyst_lessons.core.translation.messages import Place
from catalyst_lessons.core.translation.splicing import Edit

WIDTH = 79
"""Columns that a translated comment of several lines keeps to, where the source does."""

# Comments that programs read: interpreters, type checkers, linters, Quarto, and the marks of solutions.
_FOR_PROGRAMS = re.compile(
    r"#[!|]|#\s*(?:%%|-\*-|(?:type|mypy|noqa|ruff|pylint|pragma|fmt|isort|nosec|pyright|region|endregion)\b\s*:?)"
    r"|#[#\s]*(?:BEGIN|END)\s+SOLUTION\b",
    re.I,
)
_MAGIC = re.compile(r"(?P<indent>\s*+)(?:[%!].*|.*[^\s?]\?{1,2}\s*)$")
_ASSIGNED_MAGIC = re.compile(r"(?P<begin>\s*+[\w,.\[\]'\"][\w, .\[\]'\"]*=\s*)[%!].*$")


@dataclass(frozen=True, slots=True)
class Comment:
    """The words of a comment, from `start` to `end` of the code; lines that follow one another are one comment.

    `row` is the line of the code that it begins on (0 for the first).
    """

    text: str
    start: int
    end: int
    row: int


def comments_in(source: str) -> tuple[Comment, ...]:
    """The comments of a cell that hold words for people; none where Python cannot read the code."""
    starts = (0, *accumulate(len(line) + 1 for line in source.split("\n")))
    texts: list[list[str]] = []
    places: list[tuple[int, int]] = []
    ends: list[int] = []
    last: tuple[int, int] | None = None
    for row, column, text in _tokens(source):
        place = (row, column)
        words = text.lstrip("#").strip()
        if _FOR_PROGRAMS.match(text) or not has_words(words) or "\f" in text:
            last = None
            continue
        alone = not source[starts[row] : starts[row] + column].strip()
        begin = starts[row] + column + len(text) - len(text.lstrip("#").lstrip())
        end = starts[row] + column + len(text.rstrip())
        if alone and last == (row - 1, column):
            texts[-1].append(words)
            ends[-1] = end
        else:
            texts.append([words])
            places.append((begin, row))
            ends.append(end)
        last = place if alone else None
    found = zip(texts, places, ends, strict=True)
    return tuple(Comment(" ".join(text), begin, end, row) for text, (begin, row), end in found)


def comment_edit(source: str, place: Place, text: str) -> Edit:
    """The edit that puts a translation in a comment's place, each of its lines begun as the source's first one."""
    begin = source.rfind("\n", 0, place.start) + 1
    mark = source[begin : place.start]
    text = " ".join(text.split())
    if "\n" in source[place.start : place.end]:
        widest = max(len(line) for line in source[begin : place.end].split("\n"))
        lines = textwrap.wrap(text, max(widest, WIDTH) - len(mark), break_long_words=False, break_on_hyphens=False)
        text = f"\n{mark}".join(lines)
    return Edit(place.start, place.end, text)


def same_code(one: str, other: str) -> bool:
    """Whether two cells run alike: one syntax tree, magics included; where Python cannot read them, one text."""
    if one == other:
        return True
    try:
        trees = [ast.dump(parse(_masked(source, keep=True))) for source in (one, other)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return trees[0] == trees[1]


def same_script(one: str, other: str, *, python: bool) -> bool:
    """Whether two scripts run alike, but for comments and texts that stand for themselves (Markdown in quotes)."""
    if python:
        try:
            return _statements(one) == _statements(other)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return _uncommented(one) == _uncommented(other)


def _statements(source: str) -> list[str]:
    body = parse(_masked(source.replace("\r\n", "\n"), keep=True)).body
    return [ast.dump(one) for one in body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]


def _uncommented(source: str) -> list[str]:
    """The lines of a script in any language that are not comments."""
    return [row for row in source.splitlines() if row.strip() and not row.startswith(("#", "//", "--", "%", ";"))]


def _tokens(source: str) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each comment."""
    if source.lstrip().startswith("%%"):
        return  # another language, or an argument of a magic
    try:
        tokens = list(tokenize.generate_tokens(StringIO(_masked(source)).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return
    rows = source.split("\n")
    for token in tokens:
        row, column = token.start[0] - 1, token.start[1]
        if token.type == tokenize.COMMENT and rows[row][column:].startswith(token.string):
            yield row, column, token.string


def _masked(source: str, *, keep: bool = False) -> str:
    """The code with IPython's magics hidden from Python; with `keep`, as strings that say what they were."""
    rows = source.split("\n")
    inside = _string_rows(rows)
    return "\n".join(row if number in inside else _without_magic(row, keep=keep) for number, row in enumerate(rows))


def _without_magic(row: str, *, keep: bool) -> str:
    if (magic := _ASSIGNED_MAGIC.match(row)) and not row.lstrip().startswith("#"):
        return magic["begin"] + (repr(row) if keep else "0")
    magic = _MAGIC.match(row)
    if magic and (row.lstrip()[:1] in "%!" or "#" not in row):
        return magic["indent"] + (repr(row) if keep else "pass")
    return row


def _string_rows(rows: Sequence[str]) -> frozenset[int]:
    """The rows that begin inside a string of several lines, where `%` and `!` are no magics."""
    inside: set[int] = set()
    quote = ""
    for number, row in enumerate(rows):
        if quote:
            inside.add(number)
        at = 0
        while at < len(row):
            if quote:
                if row[at] == "\\":
                    at += 1
                elif row.startswith(quote, at):
                    at += len(quote) - 1
                    quote = ""
            elif row[at] == "#":
                break
            elif row[at] in "\"'":
                quote = row[at] * 3 if row.startswith(row[at] * 3, at) else row[at]
                at += len(quote) - 1
            at += 1
        quote = quote if len(quote) == 3 else ""
    return frozenset(inside)
