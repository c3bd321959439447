"""Rules for callouts and fences: each is of a kind we know, begins and ends, and holds something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from catalyst_lessons.core.checks.rule import Rule, in_code, listed
from catalyst_lessons.core.checks.view import View
from catalyst_lessons.core.markup import (
    ALIASES,
    CALLOUT_KINDS,
    GROUP,
    Callout,
    Node,
    Prose,
    Tab,
    Verbatim,
    kind_of,
)
from catalyst_lessons.core.markup.markers import VERBATIM_DIRECTIVES, closing_colons
from catalyst_lessons.core.model import Cell
from catalyst_lessons.core.prose import nearest
from catalyst_lessons.core.report import Finding

UNKNOWN = Rule(
    "L160",
    "A callout is of a kind we do not know",
    "warning",
    "It is shown as an ordinary note: a misspelled solution is not folded away, and a trainer's note is public.",
)
NOT_CLOSED = Rule(
    "L161",
    "A callout is never closed",
    "error",
    "All that follows lands inside the box.",
)
EMPTY = Rule(
    "L162",
    "A callout is empty",
    "warning",
    "Its text is missing or, in the form with `!!!`, is not indented by four spaces.",
)
STRAY_CLOSING = Rule(
    "L163",
    "A line closes a callout that was never opened",
    "warning",
    "The colons are shown to readers; often the opening line has a slip.",
)
FENCE_NOT_CLOSED = Rule(
    "L164",
    "A fence or a comment is never closed",
    "error",
    "The rest of the text is shown as code, or not at all.",
)
TITLE_WITHOUT_QUOTES = Rule(
    "L165",
    "The title of a callout is not in double quotes",
    "warning",
    "Without straight double quotes the title is lost.",
)
RULES = (UNKNOWN, NOT_CLOSED, EMPTY, STRAY_CLOSING, FENCE_NOT_CLOSED, TITLE_WITHOUT_QUOTES)

_NAMES = (*CALLOUT_KINDS, *ALIASES)
_DIRECTIVE = re.compile(r"\s*(?:`{3,}|~{3,})\s*\{(?P<name>[A-Za-z][\w-]*)\}")
_MATERIAL = re.compile(r" {0,3}(?P<mark>!!!|\?\?\?\+?)\s+(?P<kind>[\w-]+)\s*(?P<title>.*\S)?\s*$")
# Material's words for where a box stands (pymdownx.blocks and Material's "inline blocks").
_PLACING = frozenset({"inline", "end"})
_CLOSING = {"comment": "`-->`", "html": "the closing tag", "math": "`$$`"}


def kinds_are_known(view: View) -> Iterator[Finding]:
    """Callouts of unknown kinds, and code fences that were probably meant to be callouts."""
    for cell, node in view.nodes:
        if isinstance(node, Callout) and not node.known:
            yield UNKNOWN.at(
                view.at(_line(cell, node)),
                f"`{node.name}` is no kind of callout we know",
                hint=_kind_hint(node.name),
            )
        elif isinstance(node, Verbatim) and (name := _misspelled_directive(node)):
            message = f"`{{{name}}}` is no kind of callout we know, so its text is shown as code"
            yield UNKNOWN.at(view.at(_line(cell, node)), message, hint=_kind_hint(name))


def callouts_are_closed(view: View) -> Iterator[Finding]:
    """Callouts and tabs without a closing line; a cell that runs cannot stand inside one."""
    before_code = _cells_before_code(view)
    for cell, node in view.nodes:
        if isinstance(node, Callout | Tab) and not node.closed:
            marks = re.match(r"\s*([:`~]{3,})", node.opening[0].text)
            closing = marks[1] if marks else ":::"
            message, hint = (
                f"the {_name(node)} that begins here is never closed",
                f"write `{closing}` in a line of its own after it",
            )
            if cell.id in before_code:
                message = f"the {_name(node)} that begins here is cut off by a code cell"
                hint = (
                    f"close it with {in_code(closing)} before the code: a cell that runs cannot stand inside a callout"
                )
            yield NOT_CLOSED.at(view.at(_line(cell, node)), message, hint=hint)


def callouts_hold_something(view: View) -> Iterator[Finding]:
    """Closed callouts with nothing inside."""
    for cell, node in view.nodes:
        if isinstance(node, Callout) and node.closed and node.kind != GROUP and _is_empty(node):
            hint = (
                "indent its text by four spaces"
                if node.dialect == "material"
                else "write its text before the closing line"
            )
            yield EMPTY.at(view.at(_line(cell, node)), f"the {_name(node)} is empty", hint=hint)


def closings_close_something(view: View) -> Iterator[Finding]:
    """Lines of colons in the prose that close nothing."""
    for text in view.prose:
        if closing_colons(text.text):
            message = f"`{text.text.strip()[:12]}` closes a callout here, and none is open"
            hint = (
                "delete the line, or look at the line that should open the callout: it needs a kind, as in `::: note`"
            )
            yield STRAY_CLOSING.at(view.at(text.line), message, hint=hint)


def fences_are_closed(view: View) -> Iterator[Finding]:
    """Code fences, formulas, comments and raw HTML that reach to the end of their text."""
    for cell, node in view.nodes:
        if isinstance(node, Verbatim) and not node.closed:
            what = "fence" if node.kind == "fence" else node.kind
            marks = re.match(r"\s*([:`~]{3,})", node.lines[0].text)
            ending = in_code(marks[1]) if marks else _CLOSING.get(node.kind, "its end")
            hint = f"write {ending} in a line of its own after it"
            yield FENCE_NOT_CLOSED.at(
                view.at(_line(cell, node)), f"the {what} that begins here is never closed", hint=hint
            )


def titles_are_quoted(view: View) -> Iterator[Finding]:
    """`!!! note My title`, and titles in quotes of other shapes."""
    for cell, node in view.nodes:
        line = node.opening[0] if isinstance(node, Callout) and node.dialect == "material" and not node.title else None
        lines = (line,) if line else node.lines if isinstance(node, Prose) else ()
        for each in lines:
            found = _MATERIAL.match(each.text)
            if found and found["title"] and (line is None or not _PLACING.issuperset(found["title"].split())):
                title = found["title"].strip("\"'“”„«»\u2018\u2019 ")
                message = f'the title "{title}" must stand in straight double quotes'
                hint = f'write `{found["mark"]} {found["kind"]} "{title}"`'
                yield TITLE_WITHOUT_QUOTES.at(view.at(cell.line_of(each.number)), message, hint=hint)


CHECKS = (
    kinds_are_known,
    callouts_are_closed,
    callouts_hold_something,
    closings_close_something,
    fences_are_closed,
    titles_are_quoted,
)


def _line(cell: Cell, node: Node) -> int:
    line = node.opening[0] if isinstance(node, Callout | Tab) else node.lines[0]
    return cell.line_of(line.number)


def _name(node: Callout | Tab) -> str:
    return "tab" if isinstance(node, Tab) else f"callout `{node.name or node.kind}`"


def _kind_hint(name: str) -> str:
    near = nearest(name, _NAMES, cutoff=0.6)
    if near:
        return f"did you mean `{near}`?"
    usual = listed(("note", "tip", "warning", "challenge", "solution", "hint", "instructor"))
    return f"the usual ones are {usual}"


def _misspelled_directive(node: Verbatim) -> str:
    found = _DIRECTIVE.match(node.lines[0].text) if node.kind == "fence" else None
    name = found["name"] if found else ""
    if not name or name.lower() in VERBATIM_DIRECTIVES or kind_of(name)[1]:
        return ""
    return name if nearest(name, (*_NAMES, "admonition"), cutoff=0.8) else ""


def _is_empty(node: Callout) -> bool:
    # sphinx-exercise's gates: what they open stands after them.
    if node.name.endswith("-start"):
        return False
    return all(isinstance(child, Prose) and all(line.blank for line in child.lines) for child in node.body)


def _cells_before_code(view: View) -> frozenset[str]:
    cells = view.lesson.cells
    return frozenset(one.id for one, after in pairwise(cells) if after.kind == "code")
