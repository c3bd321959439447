"""What a rule says of itself, and how it becomes a Finding: Rule, and the words that rules share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, a short title, how bad it is when it is not kept, and why it is there, in one line."""

    code: str
    title: str
    severity: Severity
    explanation: str

    def at(self, place: Location, message: str, *, hint: str = "") -> Finding:
        """The finding that this rule is not kept at a place."""
        return Finding(self.code, message, place, hint, self.severity)


def short(text: str, length: int = 60) -> str:
    """The text on one line, cut where it is longer than a message can hold."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 3]}..."


def in_code(text: str) -> str:
    """The text as a code span that its own backticks cannot close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks, pad = "`" * (longest + 1), " " if longest else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def listed(words: Iterable[str]) -> str:
    """The words as a list in a sentence: `a`, `b` and `c`."""
    quoted = [f"`{word}`" for word in words]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))
