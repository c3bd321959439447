"""Tables of scikit-learn's `cross_validate` without the two columns in which it measures its own speed."""

from __future__ import annotations

import re
from itertools import count

TIMES = frozenset({"fit_time", "score_time"})
TABLE = re.compile(r"<table\b.*?</table>", re.S)
ROW = re.compile(r"<tr\b.*?</tr>", re.S)
CELL = re.compile(r"\s*<t[hd]\b[^>]*>(.*?)</t[hd]>", re.S)


def without_times(text: str) -> str:
    """The text; where it has tables as pandas writes them, those without the columns of times."""
    if not any(name in text for name in TIMES):
        return text
    return _html(text) if "<table" in text else _plain(text)


def _html(text: str) -> str:
    return TABLE.sub(lambda table: _html_table(table[0]), text)


def _html_table(table: str) -> str:
    head = table.partition("</tr>")[0]
    gone = {number for number, cell in enumerate(CELL.finditer(head)) if cell[1] in TIMES}

    def shorter(row: re.Match[str]) -> str:
        numbers = count()
        return CELL.sub(lambda cell: "" if next(numbers) in gone else cell[0], row[0])

    return ROW.sub(shorter, table)


def _plain(text: str) -> str:
    gone: list[tuple[int, int]] = []
    lines = []
    for line in text.split("\n"):
        words = list(re.finditer(r"\S+", line))
        if TIMES & {word[0] for word in words}:
            ends = [0, *(word.end() for word in words)]
            # Columns stand right: each goes from the end of the one before to the end of its name.
            gone = [(ends[number], word.end()) for number, word in enumerate(words) if word[0] in TIMES]
        elif not line:
            gone = []
        for begin, end in reversed(gone):
            line = line[:begin] + line[end:]
        lines.append(line)
    return "\n".join(lines)
