"""The callout dialects: read into one form, and written in the form of a page or a notebook."""

from catalyst_lessons.core.markup.nodes import (
    ALIASES,
    CALLOUT_KINDS,
    GROUP,
    Callout,
    Line,
    Node,
    Prose,
    Span,
    Tab,
    Verbatim,
    kind_of,
    lines_of,
    walk,
)
from catalyst_lessons.core.markup.parser import parse_markup

__all__ = [
    "ALIASES",
    "CALLOUT_KINDS",
    "GROUP",
    "Callout",
    "Line",
    "Node",
    "Prose",
    "Span",
    "Tab",
    "Verbatim",
    "kind_of",
    "lines_of",
    "parse_markup",
    "walk",
]
