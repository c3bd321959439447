"""Starter and solution from one source, and the contract between them."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from catalyst_lessons.core.model import Cell, Form, Lesson
from catalyst_lessons.core.report import Finding, Run

Mark = Literal["BEGIN", "END"]

# The words of a mark come from nbgrader: `begin_solution_delimeter` and `end_solution_delimeter` of its
# ClearSolutions preprocessor. nbgrader takes any line that holds them. We ask for a comment that starts with
# them, in any language's comment signs, and take any case: a region that was almost marked must not reach
# learners.
MARK = re.compile(r"\s*(?:#+|//+|--+|%+|;+|/\*|<!--)[#\s]*(BEGIN|END)\s+SOLUTION\b", re.IGNORECASE)
# A comment that means to be a mark and is not one, such as `# BEGIN-SOLUTION` or `### SOLUTION BEGIN`.
NEARLY = re.compile(
    r"\s*(?:#+|//+|--+)\s*"
    r"(?:(?:BEGIN|END|START)[-_ ]*SOLUTIONS?|SOLUTION[-_ ]*(?:BEGIN|END|START))\s*[:.]?\s*$",
    re.IGNORECASE,
)

GAP = "# YOUR CODE HERE"
# What stands in the gap, by language: a statement that does nothing, so that a body left empty still parses.
STUBS: Mapping[str, tuple[str, ...]] = {
    "python": (GAP, "..."),
    "r": (GAP, "NULL"),
    "julia": (GAP, "nothing"),
    "bash": (GAP, ":"),
    "javascript": ("// YOUR CODE HERE", ";"),
    "markdown": ("YOUR ANSWER HERE",),
}
# Cell magics that hand the cell to another language.
MAGICS = {
    "%%bash": "bash",
    "%%sh": "bash",
    "%%script": "bash",
    "%%R": "r",
    "%%julia": "julia",
    "%%javascript": "javascript",
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """One line of a cell: text, source line, is it part of a string, which mark is it, is it in a region."""

    text: str
    line: int
    quoted: bool
    mark: Mark | None
    inside: bool


def starter(lesson: Lesson) -> Lesson:
    """What a learner begins with: a gap for each solution region, no `solution` and `instructor` cells."""
    kept = (cell for cell in lesson.cells if not cell.has("solution", "instructor"))
    return lesson.with_cells(tuple(_with_gaps(cell, cell_language(cell, lesson)) for cell in kept))


def solution(lesson: Lesson) -> Lesson:
    """The form with the answers: no marks around them, no `starter` and `instructor` cells."""
    kept = (cell for cell in lesson.cells if not cell.has("starter", "instructor"))
    return lesson.with_cells(tuple(_without_marks(cell, cell_language(cell, lesson)) for cell in kept))


def answer_lines(cell: Cell, lesson: Lesson) -> tuple[bool, ...]:
    """For each line of the cell as the solution has it, whether the learner is to write it."""
    pieces = _pieces(cell, cell_language(cell, lesson))
    return tuple(piece.inside or cell.has("solution") for piece in pieces if piece.mark is None)


def in_form(lesson: Lesson, form: Form) -> Lesson:
    """The lesson in this form; as it is for "lesson". What has the form already is not changed."""
    if form == "lesson":
        return lesson
    return starter(lesson) if form == "starter" else solution(lesson)


def has_solution(lesson: Lesson) -> bool:
    """Whether anything of the source is kept from learners: a region or a cell marked as solution."""
    return any(
        cell.has("solution") or any(piece.mark == "BEGIN" for piece in _pieces(cell, cell_language(cell, lesson)))
        for cell in lesson.cells
    )


def cell_language(cell: Cell, lesson: Lesson) -> str:
    """A cell's language, lower case: its magic's, else the kernel's; "markdown" for what is not code."""
    if cell.kind != "code":
        return "markdown"
    magic = cell.source.lstrip().split(maxsplit=1)[:1]
    return MAGICS.get(magic[0], lesson.kernel.language.lower()) if magic else lesson.kernel.language.lower()


def check_marks(lesson: Lesson) -> tuple[Finding, ...]:
    """X301 for every mark that has no partner, stands inside another region, or is not quite a mark."""
    return tuple(
        Finding("X301", message, lesson.at(line), hint)
        for cell in lesson.cells
        for line, message, hint in _mark_problems(cell, cell_language(cell, lesson))
    )


def check_contract(lesson: Lesson, run: Run) -> tuple[Finding, ...]:
    """What the run of the starter says against the exercise.

    A starter runs up to its gap and fails its own check with an AssertionError: a check that passes without
    the solution checks nothing (X302), a starter that stops earlier leaves learners stuck (X303), and a check
    that stops with another exception tells them nothing (X304). An exercise without a `check` cell, and a run
    that could not be made, promise nothing.
    """
    checks = [n for n, cell in enumerate(starter(lesson).code_cells, start=1) if cell.has("check")]
    if not checks or run.outcome not in ("passed", "failed"):
        return ()
    location = run.location or lesson.at()
    if run.outcome == "passed":
        return (Finding("X302", "the checks pass without the solution", lesson.at(_first_check(lesson)), _X302),)
    if run.cell not in checks:
        message = f"the starter stops with {run.error} before its check: {run.message}"
        return (Finding("X303", message, location, _X303),)
    if run.error != "AssertionError":
        message = f"the check stops with {run.error} instead of AssertionError: {run.message}"
        return (Finding("X304", message, location, _X304_NAME if run.error == "NameError" else _X304),)
    return ()


_X302 = "assert something that only a right answer makes true"
_X303 = "code before the first `check` cell must run while the gap is still open"
_X304_NAME = "give the name a value above the gap, such as `answer = None`, and assert that it `is not None`"
_X304 = "assert on the type or on `is not None` first, with a message a learner understands"


def _first_check(lesson: Lesson) -> int:
    return next(cell.line for cell in lesson.code_cells if cell.has("check"))


def _with_gaps(cell: Cell, language: str) -> Cell:
    pieces = tuple(_pieces(cell, language))
    kept: list[tuple[str, int]] = []
    for number, piece in enumerate(pieces):
        if piece.mark == "BEGIN" and not piece.inside:
            indent = _indentation(pieces[number:])
            kept += [(indent + text, piece.line) for text in STUBS.get(language, STUBS["python"])]
        elif piece.mark is None and not piece.inside:
            kept.append((piece.text, piece.line))
    return _rebuilt(cell, kept) if any(piece.mark for piece in pieces) else cell


def _without_marks(cell: Cell, language: str) -> Cell:
    pieces = tuple(_pieces(cell, language))
    kept = [(piece.text, piece.line) for piece in pieces if piece.mark is None]
    return _rebuilt(cell, kept) if len(kept) < len(pieces) else cell


def _rebuilt(cell: Cell, kept: list[tuple[str, int]]) -> Cell:
    lines = tuple(line for _, line in kept) or (cell.line,)
    return replace(cell, source="\n".join(text for text, _ in kept), lines=lines)


def _indentation(region: tuple[_Piece, ...]) -> str:
    """The indentation of the region's first line of code, or of its mark if the region is empty."""
    for piece in region[1:]:
        if piece.mark == "END":
            break
        if piece.text.strip() and not piece.text.lstrip().startswith(("#", "//")):
            return _leading(piece.text)
    return _leading(region[0].text)


def _leading(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _pieces(cell: Cell, language: str) -> Iterator[_Piece]:
    quoted = _quoted_lines(cell.source) if language == "python" and "SOLUTION" in cell.source.upper() else frozenset()
    inside = False
    for number, text in enumerate(cell.source.split("\n")):
        found = MARK.match(text) if number not in quoted else None
        mark: Mark | None = None
        if found:
            mark = "BEGIN" if found[1].upper() == "BEGIN" else "END"
        yield _Piece(text, cell.line_of(number), number in quoted, mark, inside)
        inside = mark == "BEGIN" or (inside and mark != "END")


def _quoted_lines(source: str) -> frozenset[int]:
    """The lines (0 for the first) that begin inside a string of Python; code that is none ends the search."""
    lines: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            lines.update(range(token.start[0], token.end[0]))
    except (tokenize.TokenError, SyntaxError):
        pass
    return frozenset(lines)


def _mark_problems(cell: Cell, language: str) -> Iterator[tuple[int, str, str]]:
    pieces = tuple(_pieces(cell, language))
    opened = 0
    for piece in pieces:
        if piece.mark == "BEGIN" and piece.inside:
            message = f"a solution region begins inside the one of line {opened}"
            yield piece.line, message, "write `### END SOLUTION` before it"
        elif piece.mark == "END" and not piece.inside:
            yield (
                piece.line,
                "a solution region ends that did not begin",
                "write `### BEGIN SOLUTION` before it",
            )
        elif not (piece.mark or piece.quoted) and cell.kind == "code" and NEARLY.match(piece.text):
            message = f"this line looks like a solution mark, and is none: {piece.text.strip()}"
            yield piece.line, message, "write `### BEGIN SOLUTION` or `### END SOLUTION`"
        if piece.mark == "BEGIN" and not piece.inside:
            opened = piece.line
    if pieces[-1].mark == "BEGIN" or (pieces[-1].inside and pieces[-1].mark is None):
        yield (
            opened,
            "a solution region does not end in its cell",
            "write `### END SOLUTION` after it, in the same cell",
        )
