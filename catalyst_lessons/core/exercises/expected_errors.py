"""Errors that a notebook means to raise: which class a cell expects, and the hint where the tag was forgotten."""

from __future__ import annotations

import builtins
from collections.abc import Mapping

from catalyst_lessons.core.exercises.contract import in_form
from catalyst_lessons.core.model import Cell, Json, Lesson
from catalyst_lessons.core.report import Finding, Run

TAG = "raises-exception"
"""nbclient's tag for a cell that is to raise an exception."""
KEY = "raises"
"""Our cell metadata beside the tag: the exception's class, or several, with commas between them or as a list."""


def expected_classes(cell: Cell) -> tuple[str, ...]:
    """The names of the classes, one of which the cell is to raise; none where any will do."""
    wanted = cell.metadata.get(KEY, ()) if cell.has(TAG) else ()
    names = wanted.split(",") if isinstance(wanted, str) else [str(name) for name in wanted or ()]
    # An error output names the class alone, without its module.
    return tuple(name.strip().rpartition(".")[2] for name in names if name.strip())


def wrong_error(lesson: Lesson, outputs: Mapping[str, tuple[Json, ...]]) -> tuple[int, str, str] | None:
    """The first cell that raised another class than it should: its index among the code cells, error and message."""
    for index, cell in enumerate(lesson.code_cells):
        wanted = expected_classes(cell)
        errors = [output for output in outputs.get(cell.id, ()) if output.get("output_type") == "error"]
        if wanted and errors and not any(_is_a(str(errors[-1].get("ename")), name) for name in wanted):
            found = errors[-1]
            told = f"{found.get('evalue')} (the cell is to raise {' or '.join(wanted)})"
            return index, str(found.get("ename")), told
    return None


def check_stored_error(lesson: Lesson, run: Run) -> tuple[Finding, ...]:
    """X345 where a notebook fails with the very error that is stored in it: then it is meant, and wants its tag."""
    cells = in_form(lesson, run.form).code_cells
    if run.outcome != "failed" or not 0 < run.cell <= len(cells):
        return ()
    cell = cells[run.cell - 1]
    if cell.has(TAG) or not run.error or cell.metadata.get("stored_error") != run.error:
        return ()
    message = f"this cell raises the {run.error} that is stored in it, so it may be meant to"
    hint = f'if it is, give the cell the tag `{TAG}`, and the metadata `{KEY}="{run.error}"` to allow only that'
    return (Finding("X345", message, lesson.at(cell.line), hint, "info"),)


def _is_a(name: str, wanted: str) -> bool:
    """Whether a class is the one that is wanted; of Python's own classes also whether it is derived from it."""
    found, base = getattr(builtins, name, None), getattr(builtins, wanted, None)
    if isinstance(found, type) and isinstance(base, type):
        return issubclass(found, base)
    return name == wanted
