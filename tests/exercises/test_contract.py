"""What the run of a starter says against its exercise."""

from __future__ import annotations

from dataclasses import replace

from catalyst_lessons.core.exercises import check_contract
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.report import Run

WORK = Cell("code", "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", "w", (1, 2, 3, 4))
CHECK = Cell("code", "assert f() == 1, 'f() gives 1'", "c", (7,), ("check",))
LESSON = Lesson("exercises/f.py", (Cell("code", "secret", "s", (0,), ("solution",)), WORK, CHECK))
FAILED = Run("exercises/f.py", "failed", "starter", location=LESSON.at(7), cell=2, error="AssertionError", message="no")


def codes(run: Run, lesson: Lesson = LESSON) -> list[str]:
    return [f"{finding.code} {finding.location}" for finding in check_contract(lesson, run)]


def test_a_check_that_fails_without_the_solution_keeps_the_contract() -> None:
    assert codes(FAILED) == []


def test_a_check_that_passes_without_the_solution_checks_nothing() -> None:
    assert codes(Run("exercises/f.py", "passed", "starter")) == ["X302 exercises/f.py:7"]


def test_a_starter_that_stops_before_its_check() -> None:
    assert codes(replace(FAILED, cell=1, location=LESSON.at(2), error="NameError")) == ["X303 exercises/f.py:2"]


def test_a_check_that_crashes() -> None:
    assert codes(replace(FAILED, error="TypeError")) == ["X304 exercises/f.py:7"]


def test_a_check_that_asks_for_a_name_from_the_gap_is_told_how_to_give_it_a_value() -> None:
    (finding,) = check_contract(LESSON, replace(FAILED, error="NameError"))
    assert (finding.code, "above the gap, such as `answer = None`" in finding.hint) == ("X304", True)


def test_no_check_and_no_run_promise_nothing() -> None:
    assert codes(Run("exercises/f.py", "passed", "starter"), LESSON.with_cells((WORK,))) == []
    assert codes(Run("exercises/f.py", "errored", "starter", error="DeadKernelError")) == []
