"""The rules that lessons keep, each with a code: check_lesson() and its kin, RULES."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from catalyst_lessons.core.checks import (
    callouts,
    cells,
    curriculum,
    formulas,
    front_matter,
    headings,
    leftovers,
    links,
    pictures,
)
from catalyst_lessons.core.checks.pictures import check_outputs
from catalyst_lessons.core.checks.rule import Rule
from catalyst_lessons.core.checks.view import View, Whole
from catalyst_lessons.core.frontmatter import unread_keys
from catalyst_lessons.core.model import Curriculum, Lesson
from catalyst_lessons.core.report import Finding, in_order

__all__ = ["RULES", "Rule", "check_curriculum", "check_lesson", "check_outputs", "check_texts"]

_THEMES = (front_matter, leftovers, links, curriculum, callouts, formulas, headings, pictures, cells)

RULES: tuple[Rule, ...] = tuple(sorted((rule for theme in _THEMES for rule in theme.RULES), key=lambda rule: rule.code))
"""Every rule of this package, by code."""


def check_lesson(lesson: Lesson, *, told: Iterable[Finding] = (), text: str = "") -> tuple[Finding, ...]:
    """What a lesson, exercise or page says against the rules that it can keep by itself, in source order.

    `told` is what was said when it was read: a key that could not be read is not told to be missing as well. With
    the `text` of the source, what stands above a cell's own lines is told with its line.
    """
    view = View(lesson, unread_keys(told), text)
    return in_order(finding for theme in _THEMES for check in theme.CHECKS for finding in check(view))


def check_texts(texts: Lesson) -> tuple[Finding, ...]:
    """What a template left behind in texts that are no lesson, such as those of the settings."""
    view = View(texts)
    return in_order(finding for check in leftovers.CHECKS for finding in check(view))


def check_curriculum(whole: Curriculum, *, exists: Callable[[str], bool]) -> tuple[Finding, ...]:
    """What the sources say against the rules about one another and about files; not those of `check_lesson`.

    Args:
        whole: the curriculum.
        exists: whether a file or folder is there, by its project path.
    """
    themes = (links, curriculum)
    seen = Whole(whole, exists)
    return in_order(finding for theme in themes for check in theme.CURRICULUM_CHECKS for finding in check(seen))
