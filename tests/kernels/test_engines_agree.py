"""The fast path, forked kernels and ordinary kernels give the same outputs and see the same ends."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.exercises import has_solution, in_form
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.files.kernels.execution import Engine, Execution, Limits
from catalyst_lessons.files.kernels.forking.imports import leading_imports, only_ordinary
from catalyst_lessons.files.kernels.steps import forked, is_ours, ordinary, warm_parents
from catalyst_lessons.files.kernels.workspace import working_copy
from catalyst_lessons.files.sources import read_source

from .normal import DIFFERENCES, normal
from .pieces import ALLOWED_ERRORS, FATAL, PIECES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is Linux's")
LIMITS = Limits(cell_seconds=120, memory=4096)
CORPORA = os.environ.get("CATALYST_CORPORA", "")
ROOT = Path(__file__).parents[2]
GENTLE = [name for name in PIECES if name not in FATAL]
GROUPS = [tuple(GENTLE[start : start + 14]) for start in range(0, len(GENTLE), 14)]
OURS = [
    path.relative_to(ROOT).as_posix()
    for folder in ("lessons", "exercises")
    for path in sorted(ROOT.joinpath(folder).glob("*.py"))
    if "# %%" in path.read_text(encoding="utf-8")
]
RAISES = ("raises-exception",)


def cells_of(names: Iterable[str], *, allowed: frozenset[str] = frozenset()) -> tuple[Cell, ...]:
    return tuple(
        Cell("code", PIECES[name], f"{number}-{name}", (number + 1,), RAISES if name in allowed else ())
        for number, name in enumerate(names)
    )


async def fast(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
    from catalyst_lessons.files.kernels.forking.fast import execute
    from catalyst_lessons.files.kernels.forking.parents import parents

    parent = parents().with_imports(leading_imports(lesson))
    await parent.wait()
    return await execute(lesson, folder, limits, parent=parent)


def run(engine: Engine, root: Path, lesson: Lesson) -> Execution:
    with warm_parents(), working_copy(root, lesson.path) as folder:
        return asyncio.run(engine(lesson, folder, LIMITS))  # type: ignore[arg-type]


def assert_same(root: Path, lesson: Lesson, *, others: Iterable[Engine] = (fast, forked)) -> None:
    expected = run(ordinary, root, lesson)
    for engine in others:
        found = run(engine, root, lesson)
        if found.stop and found.stop.kind == "unproved":
            assert only_ordinary(lesson), found.stop
            continue
        assert _end(found) == _end(expected), found.stop
        for cell in found.outputs:
            assert (cell, normal(found.outputs[cell])) == (cell, normal(expected.outputs[cell]))
        if found.stop is None:
            assert found.outputs.keys() == expected.outputs.keys()


def _end(execution: Execution) -> tuple[object, ...]:
    stop = execution.stop
    return (stop.kind, stop.cell, stop.error) if stop else ()


@pytest.mark.slow
@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_pieces_that_pass(tmp_path: Path, names: tuple[str, ...]) -> None:
    free = tuple(name for name in names if not only_ordinary(Lesson("a.py", cells_of([name]))))
    assert_same(tmp_path, Lesson("lessons/a.py", cells_of(free)))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FATAL))
def test_pieces_that_end_a_notebook(tmp_path: Path, name: str) -> None:
    assert_same(tmp_path, Lesson("lessons/a.py", cells_of(["plain", name, "both_streams"])))


@pytest.mark.slow
def test_errors_that_are_allowed(tmp_path: Path) -> None:
    names = sorted(ALLOWED_ERRORS - {"input"})
    assert_same(tmp_path, Lesson("lessons/a.py", cells_of(names, allowed=ALLOWED_ERRORS)))


@pytest.mark.slow
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    names=st.lists(st.sampled_from(sorted(PIECES)), min_size=2, max_size=10),
    skipped=st.sets(st.integers(0, 9), max_size=2),
)
def test_notebooks_of_any_pieces(names: list[str], skipped: set[int]) -> None:
    cells = [
        Cell(one.kind, one.source, one.id, one.lines, ("skip-execution",) if number in skipped else one.tags)
        for number, one in enumerate(cells_of(names, allowed=ALLOWED_ERRORS))
    ]
    with tempfile.TemporaryDirectory() as folder:
        assert_same(Path(folder), Lesson("lessons/a.py", tuple(cells)), others=(fast,))


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*s/*.py") if "%%" in p.read_text())
)
def test_our_own_lessons(path: str) -> None:
    lesson = read_source(ROOT, path).lesson
    assert_same(ROOT, in_form(lesson, "solution") if has_solution(lesson) else lesson, others=(fast,))


@pytest.mark.slow
@pytest.mark.skipif(not CORPORA, reason="CATALYST_CORPORA is not set")
@pytest.mark.parametrize(
    "entry",
    yaml.safe_load(Path(CORPORA, "lessons.yaml").read_text(encoding="utf-8")) if CORPORA else [],
    ids=lambda entry: entry["file"],
)
def test_lessons_that_others_wrote(entry: dict[str, str]) -> None:
    lesson = read_source(Path(CORPORA), entry["file"]).lesson
    if not is_ours(lesson):
        pytest.skip("another kernel")
    assert_same(Path(CORPORA), lesson, others=(fast,))


def test_every_difference_has_a_reason() -> None:
    assert all(len(reason) > 40 for reason in DIFFERENCES.values())


def test_a_quick_look(tmp_path: Path) -> None:
    names = ["html", "both_streams", "bash", "shell", "await", "display_id", "plot_shown", "pandas", "variables"]
    assert_same(tmp_path, Lesson("lessons/a.py", cells_of(names)))
