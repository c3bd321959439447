"""Pseudo-translation: the same words, longer and with accents, to see what a translation breaks before there is one."""

from __future__ import annotations

import re

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.translation.inline import (
    ATTRIBUTES,
    AUTOLINK,
    BARE_ADDRESS,
    CODE,
    FOOTNOTE,
    FULL_REFERENCE,
    LINK,
    MATH,
    ROLE,
    TAG,
    TEMPLATE,
)
from catalyst_lessons.core.translation.messages import Catalog, Message
from catalyst_lessons.core.translation.segments import extract

LANGUAGE = "en-XA"
"""The tag for such a text, as Android and Chromium have it."""

OPENING, CLOSING = "⟪", "⟫"
_ACCENTS = str.maketrans("aeioucnyAEIOUCNY", "åéîöûçñýÅÉÎÖÛÇÑÝ")
# What a translator copies: code, formulas, targets, tags, labels, escapes, entities; and words in capitals, which may
# be abbreviations that the page explains.
_KEPT = re.compile(
    "|".join(
        f"(?:{pattern.pattern})"
        for pattern in (MATH, AUTOLINK, TAG, ATTRIBUTES, FOOTNOTE, FULL_REFERENCE, LINK, BARE_ADDRESS)
    )
    + r"|\\.|&#?\w+;|:[\w+-]+:|\b[A-Z][A-Z0-9]+\b",
    re.S,
)


def pseudo_catalog(lesson: Lesson) -> Catalog:
    """A catalog that translates everything in a lesson into its pseudo-translation."""
    segments = extract(lesson)
    messages = {segment.key: Message(segment.text, pseudo(segment.text)) for segment in segments}
    return Catalog(LANGUAGE, "", messages)


def pseudo(text: str) -> str:
    """The text with accents on its letters, a third longer, between marks that show where it was cut off."""
    pieces, at = [], 0
    for begin, end in _kept(text):
        pieces += [text[at : max(at, begin)].translate(_ACCENTS), text[max(at, begin) : end]]
        at = max(at, end)
    words = "".join((*pieces, text[at:].translate(_ACCENTS)))
    return f"{OPENING}{words} {'·' * (len(text) // 3)}{CLOSING}"


def _kept(text: str) -> list[tuple[int, int]]:
    """The stretches that stay as they are, in order."""
    masked = text
    found: list[tuple[int, int]] = []
    for pattern in (ROLE, CODE, TEMPLATE, _KEPT):
        for match in pattern.finditer(masked):
            found.append(match.span())
        masked = pattern.sub(lambda match: "\0" * len(match[0]), masked)
    return sorted(found)
