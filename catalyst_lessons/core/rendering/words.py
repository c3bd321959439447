"""The words of the interface: which ones there are, and how a page asks for them in its language."""

from __future__ import annotations

from collections.abc import Callable

Words = Callable[[str], str]
"""Gives an English word or sentence of the interface in the page's language."""

# What the reader sees on a callout that has no title of its own, by kind (core/markup/nodes.py has the kinds).
CALLOUT_TITLES = {
    "note": "Note",
    "tip": "Tip",
    "warning": "Warning",
    "important": "Important",
    "danger": "Danger",
    "info": "Info",
    "example": "Example",
    "quote": "Quote",
    "abstract": "Summary",
    "question": "Question",
    "success": "Done",
    "failure": "Failed",
    "bug": "Bug",
    "callout": "Note",
    "challenge": "Challenge",
    "solution": "Solution",
    "hint": "Hint",
    "discussion": "Discussion",
    "checklist": "Checklist",
    "prereq": "Prerequisites",
    "testimonial": "Testimonial",
    "questions": "Questions",
    "objectives": "Objectives",
    "keypoints": "Key points",
    "instructor": "For the trainer",
    "spoiler": "More",
}


def title_in(words: Words) -> Callable[[str], str]:
    """The title of a callout kind in the language of `words`; a kind we do not know gets its own name."""
    return lambda kind: words(CALLOUT_TITLES[kind]) if kind in CALLOUT_TITLES else kind.capitalize()
