"""Segment, Message, Catalog: what translators work on, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalyst_lessons.core.model import NOTHING, Location


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
    (sphinx-gettext's habit, so catalogs of Jupyter Books fit). `section` is the path of headings above it.
    """

    text: str
    kind: str
    location: Location
    section: str = ""
    place: Place = Place()


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
class Catalog:
    """The messages of one text in one language, by source text; obsolete ones are not in it."""

    language: str
    path: str = ""
    messages: Mapping[str, Message] = field(default=NOTHING, hash=False)
