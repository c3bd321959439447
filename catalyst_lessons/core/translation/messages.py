"""Segment, Message, Catalog: what translators work on, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from catalyst_lessons.core.model import NOTHING, Location

State = Literal["translated", "fuzzy", "untranslated", "refused"]


def key_of(text: str, context: str = "") -> str:
    """What names a message: its text, after its context where it has one (as in gettext's MO files)."""
    return f"{context}\4{text}" if context else text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment's text stands, so that a translation can be put there.

    In a Markdown cell, `cell` is its number and `start` to `end` the stretch of its source. Elsewhere `key`
    is that of the front matter or of the cell's metadata, and `start` the number of the phrase under it.
    """

    cell: int = -1
    key: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text a translator translates as one.

    `text` is the message id: the Markdown of one block, soft line breaks folded to one space, hard ones `\\n`
    (sphinx-gettext's habit, so catalogs of Jupyter Books fit). `section` is the path of headings above it. `comment`
    is what the author tells translators; `context` tells the text from the same one elsewhere (gettext's `msgctxt`).
    """

    text: str
    kind: str
    location: Location
    section: str = ""
    place: Place = Place()
    comment: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """What names its message in a catalog."""
        return key_of(self.text, self.context)


@dataclass(frozen=True, slots=True)
class Message:
    """A source text and its translation; `line` is where its `msgid` stands in the catalog, 0 if unknown."""

    source: str
    translation: str = ""
    fuzzy: bool = False
    line: int = 0
    previous: str = ""
    comment: str = ""

    @property
    def usable(self) -> bool:
        """Whether a translator stands behind the translation: there is one, and it is not fuzzy."""
        return bool(self.translation.strip()) and not self.fuzzy


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment of a lesson that has no translation to publish, and why.

    `language` is the tag of the language its text is in. `earlier` is the translation of an earlier version of the
    text, as far as it would break no rule beside the text of today; "" otherwise.
    """

    segment: Segment
    state: State
    language: str
    earlier: str = ""

    @property
    def text(self) -> str:
        """The text that has no translation."""
        return self.segment.text

    @property
    def stale(self) -> bool:
        """Whether there was a translation until the text changed."""
        return self.state == "fuzzy"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The messages of one text in one language, by source text (or `Segment.key`); obsolete ones are not in it.

    `blocks` has, by its lines in the source, each block of a translation that was published elsewhere and imported as
    it stands; only the translation of a single file uses them.
    """

    language: str
    path: str = ""
    messages: Mapping[str, Message] = field(default=NOTHING, hash=False)
    blocks: Mapping[str, Message] = field(default=NOTHING, hash=False)
