"""Starter and solution from one source, the contract between them, and how it is tried."""

from catalyst_lessons.core.exercises.contract import (
    MARK,
    answer_lines,
    cell_language,
    check_contract,
    check_marks,
    has_solution,
    in_form,
    solution,
    starter,
)

__all__ = [
    "MARK",
    "answer_lines",
    "cell_language",
    "check_contract",
    "check_marks",
    "has_solution",
    "in_form",
    "solution",
    "starter",
]
