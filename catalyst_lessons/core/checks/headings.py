"""Rules for headings: they are the table of contents that screen readers jump through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalyst_lessons.core.checks.rule import Rule, short
from catalyst_lessons.core.checks.view import View
from catalyst_lessons.core.report import Finding

SECOND_TITLE = Rule(
    "A610",
    "A heading of level 1 stands in the text",
    "warning",
    "The page has one already, from its title; a second one hides which is the name of the page.",
)
LEVEL_SKIPPED = Rule(
    "A611",
    "A heading level is skipped",
    "warning",
    "Readers who jump from heading to heading think that they missed a section (WCAG 1.3.1).",
)
EMPTY_HEADING = Rule(
    "A612",
    "A heading is empty",
    "error",
    "Screen readers announce a heading and then say nothing (WCAG 2.4.6).",
)
BOLD_HEADING = Rule(
    "A613",
    "A heading is bold as a whole",
    "info",
    "Headings are bold by themselves; marks inside them only make translations harder.",
)
SAME_HEADING = Rule(
    "A614",
    "Two headings of one level say the same",
    "info",
    "In a list of headings nobody can tell them apart, and links to the second one break easily.",
)
RULES = (SECOND_TITLE, LEVEL_SKIPPED, EMPTY_HEADING, BOLD_HEADING, SAME_HEADING)

_ALL_BOLD = re.compile(r"(\*\*|__)(?P<text>(?:(?!\1).)+)\1")
_EMPTY = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]*$")


def one_title(view: View) -> Iterator[Finding]:
    """Headings of level 1 below the title."""
    titled = bool(view.lesson.front.title.text)
    for heading, line in view.headings:
        if heading.level == 1 and titled:
            message = f"`# {short(heading.text)}` is a second title: the page has one from its front matter"
            yield SECOND_TITLE.at(view.at(line), message, hint=f"write `## {short(heading.text)}`")


def no_level_skipped(view: View) -> Iterator[Finding]:
    """Headings more than one level below the one before; the title counts as level 1."""
    above = 1
    for heading, line in view.headings:
        if heading.level > above + 1:
            message = f"the heading `{short(heading.text)}` has level {heading.level} and follows one of level {above}"
            hint = f"write `{'#' * (above + 1)} {short(heading.text)}`"
            yield LEVEL_SKIPPED.at(view.at(line), message, hint=hint)
        above = heading.level


def no_empty_heading(view: View) -> Iterator[Finding]:
    """Headings without text."""
    for text in view.prose:
        if _EMPTY.match(text.text):
            yield EMPTY_HEADING.at(
                view.at(text.line),
                "the heading is empty",
                hint="write its text after the `#`, or delete the line",
            )


def no_bold_heading(view: View) -> Iterator[Finding]:
    """Headings that are bold from end to end."""
    for heading, line in view.headings:
        found = _ALL_BOLD.fullmatch(heading.text.strip())
        if found:
            hint = f"write `{'#' * heading.level} {found['text']}`"
            yield BOLD_HEADING.at(view.at(line), f"the heading `{found['text']}` is bold as a whole", hint=hint)


def headings_differ(view: View) -> Iterator[Finding]:
    """Headings that repeat an earlier one of their level, word for word."""
    first: dict[tuple[int, str], int] = {}
    for heading, line in view.headings:
        before = first.setdefault((heading.level, heading.text.casefold()), line)
        if before != line and heading.text:
            message = f"the heading `{short(heading.text)}` stands in line {before} already"
            yield SAME_HEADING.at(view.at(line), message, hint="say in the heading what is different here")


CHECKS = (one_title, no_level_skipped, no_empty_heading, no_bold_heading, headings_differ)
