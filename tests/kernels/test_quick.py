"""The engine for runs that are made to fail: it takes an error for one, and confirms everything else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.files.kernels import steps
from catalyst_lessons.files.kernels.execution import Execution, Limits
from catalyst_lessons.files.kernels.runner import Request, run_many

from .conftest import make

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="warm parents are forked on Linux")


@pytest.fixture
def confirmed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were looked at again, and found to pass."""
    asked: list[str] = []

    async def look_again(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        asked.append(lesson.path)
        return Execution()

    monkeypatch.setattr(steps, "forked", look_again)
    monkeypatch.setattr(steps, "ordinary", look_again)
    return asked


def test_an_error_is_not_confirmed_and_all_else_is(project: Path, confirmed: list[str]) -> None:
    lessons = [make("lessons/fails.py", "assert False"), make("lessons/dies.py", "import os", "os._exit(3)")]
    runs = run_many(project, [Request(lesson) for lesson in lessons], engine="quick")
    assert [run.outcome for run in runs] == ["failed", "passed"]
    assert set(confirmed) == {"lessons/dies.py"}


def test_the_fast_engine_confirms_errors_too(project: Path, confirmed: list[str]) -> None:
    run_many(project, [Request(make("lessons/fails.py", "assert False"))], engine="fast")
    assert set(confirmed) == {"lessons/fails.py"}
