"""How far a lesson is in a language: its messages by state, and the words that are left to translate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalyst_lessons.core.model import Language, Lesson
from catalyst_lessons.core.translation.inline import scan_inline
from catalyst_lessons.core.translation.messages import Catalog
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.core.translation.translating import Coverage, coverage, state_of

_WORD = re.compile(r"\w+(?:['\u2019.-]\w+)*")


@dataclass(frozen=True, slots=True)
class Progress:
    """Messages by state; the words of those that are not published; whether all of it is an old translation."""

    coverage: Coverage = field(default_factory=Coverage)
    words_left: int = 0
    outdated: bool = False

    @property
    def stale(self) -> int:
        """How many messages were translated until their text changed."""
        return self.coverage.fuzzy

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.coverage.translated == self.coverage.total and not self.outdated


@dataclass(frozen=True, slots=True)
class Row:
    """How far a lesson is in `language`; `edit` is where a volunteer can translate it, "" if unknown."""

    lesson: Lesson
    language: Language
    progress: Progress
    edit: str = ""


def progress(lesson: Lesson, catalog: Catalog) -> Progress:
    """How far a catalog is with a lesson; a text that stands twice has its words counted once."""
    texts = {segment.key: segment.text for segment in extract(lesson)}
    left = (text for key, text in texts.items() if state_of(key, catalog) != "translated")
    return Progress(coverage(lesson, catalog), sum(map(words_in, left)))


def words_in(text: str) -> int:
    """The words of a Markdown text, without code, formulas and addresses."""
    return len(_WORD.findall(scan_inline(text).words.replace("\0", " ")))
