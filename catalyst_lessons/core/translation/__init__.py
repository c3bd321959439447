"""A lesson's text: out to translators and back in, and what a translation may not change."""

from catalyst_lessons.core.translation.translating import (
    Catalog,
    Coverage,
    Gap,
    Message,
    Segment,
    coverage,
    edit_of,
    extract,
    published,
    replacements,
    state_of,
    translate,
)

__all__ = [
    "Catalog",
    "Coverage",
    "Gap",
    "Message",
    "Segment",
    "coverage",
    "edit_of",
    "extract",
    "published",
    "replacements",
    "state_of",
    "translate",
]
