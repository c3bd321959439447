"""Errors that are meant: the class a cell expects, and the hint where a stored error has no tag."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.exercises.expected_errors import check_stored_error, expected_classes, wrong_error
from catalyst_lessons.core.model import Cell, Json, Lesson
from catalyst_lessons.core.report import Run

OUTPUT = {"output_type": "error", "ename": "FileNotFoundError", "evalue": "no such file", "traceback": []}


def lesson(raises: Json, *tags: str) -> Lesson:
    cells = (Cell("code", "x = 1", "a", (3,)), Cell("code", "open('x')", "b", (7,), tags, {"raises": raises}))
    return Lesson("lessons/a.py", cells)


@pytest.mark.parametrize(
    ("raises", "expected"),
    [
        ("ValueError", ("ValueError",)),
        ("ValueError, pandas.errors.ParserError", ("ValueError", "ParserError")),
        (["ValueError", "KeyError"], ("ValueError", "KeyError")),
        ("", ()),
        (None, ()),
    ],
)
def test_how_classes_are_written(raises: Json, expected: tuple[str, ...]) -> None:
    assert expected_classes(lesson(raises, "raises-exception").cells[1]) == expected
    assert expected_classes(lesson(raises).cells[1]) == ()


@pytest.mark.parametrize("raises", ["FileNotFoundError", "OSError", "Exception", "KeyError, OSError"])
def test_the_class_itself_and_what_it_is_derived_from_will_do(raises: str) -> None:
    assert wrong_error(lesson(raises, "raises-exception"), {"b": (OUTPUT,)}) is None


def test_another_class_will_not() -> None:
    found = wrong_error(lesson("ValueError", "raises-exception"), {"b": (OUTPUT,)})
    assert found == (1, "FileNotFoundError", "no such file (the cell is to raise ValueError)")
    assert wrong_error(lesson("ValueError", "raises-exception"), {"b": ()}) is None


def stored(name: str, *tags: str) -> Lesson:
    cells = (Cell("code", "x = 1", "a", (3,)), Cell("code", "open('x')", "b", (7,), tags, {"stored_error": name}))
    return Lesson("lessons/a.ipynb", cells)


FAILED = Run("lessons/a.ipynb", "failed", cell=2, error="FileNotFoundError", message="no such file")


def test_a_stored_error_that_comes_again_may_be_meant() -> None:
    (finding,) = check_stored_error(stored("FileNotFoundError"), FAILED)
    assert (finding.code, finding.severity, str(finding.location)) == ("X345", "info", "lessons/a.ipynb:7")


@pytest.mark.parametrize(
    ("one", "run"),
    [
        (stored("KeyError"), FAILED),
        (stored(""), FAILED),
        (stored("FileNotFoundError", "raises-exception"), FAILED),
        (stored("FileNotFoundError"), Run("lessons/a.ipynb", "passed")),
        (stored("FileNotFoundError"), Run("lessons/a.ipynb", "failed", error="FileNotFoundError")),
    ],
)
def test_nothing_is_said_of_any_other(one: Lesson, run: Run) -> None:
    assert check_stored_error(one, run) == ()
