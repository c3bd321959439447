"""The fast path, forked kernels and ordinary kernels give the same outputs and see the same ends."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.exercises import has_solution, in_form
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.execution import Engine, Execution, Limits
from catalyst_lessons.files.kernels.forking.imports import leading_imports, only_ordinary
from catalyst_lessons.files.kernels.runner import Request, run_many
from catalyst_lessons.files.kernels.steps import forked, is_ours, ordinary, warm_parents
from catalyst_lessons.files.kernels.verdict import judge
from catalyst_lessons.files.kernels.workspace import working_copy
from catalyst_lessons.files.sources import read_source

from .normal import DIFFERENCES, PRINTS_ELSEWHERE, UNSURE, normal, normal_text
from .pieces import ALLOWED_ERRORS, FATAL, FEATURES, GIVEN_UP, PIECES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is Linux's")
LIMITS = Limits(cell_seconds=120, memory=4096)
CORPORA = os.environ.get("CATALYST_CORPORA", "")
ROOT = Path(__file__).parents[2]
NOT_TRIED = frozenset(name for names in GIVEN_UP.values() for name in names)
GENTLE = [name for name in PIECES if name not in FATAL | NOT_TRIED]
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


def assert_same(root: Path, lesson: Lesson, *, others: Iterable[Engine] = (fast, forked)) -> bool:
    """Whether the fast path had a word; what it gives up, a forked kernel has to say as an ordinary one does."""
    expected = run(ordinary, root, lesson)
    waiting, unproved = list(others), False
    while waiting:
        engine = waiting.pop(0)
        found = run(engine, root, lesson)
        if found.stop and found.stop.kind == "unproved":
            assert only_ordinary(lesson) or found.stop.message in UNSURE, found.stop
            unproved = True
            waiting += [forked] if forked not in waiting else []
            continue
        assert _end(lesson, found) == _end(lesson, expected), found.stop
        differing = {one[0] for one in _shown(lesson, found, found) if one not in _shown(lesson, expected, found)}
        if differing and all(map(_prints_elsewhere, (cell for cell in lesson.code_cells if cell.id in differing))):
            # An ordinary kernel reads in a thread what child processes print, and on a loaded machine the cell may have
            # ended by then: their words are lost.
            expected = run(ordinary, root, lesson)
        for one, other in zip(_shown(lesson, found, found), _shown(lesson, expected, found), strict=True):
            assert one == other
        if found.stop is None:
            assert found.outputs.keys() == expected.outputs.keys()
    return not unproved


def _shown(lesson: Lesson, execution: Execution, cells: Execution) -> list[tuple[str, object]]:
    """What those cells show that have outputs in `cells`."""
    codes = {cell.id: cell.source for cell in lesson.code_cells}
    return [(cell, normal(execution.outputs[cell], code=codes[cell])) for cell in cells.outputs]


def _prints_elsewhere(cell: Cell) -> bool:
    return bool(PRINTS_ELSEWHERE.search(cell.source) or "fork" in cell.source)


def _end(lesson: Lesson, execution: Execution) -> tuple[object, ...]:
    stop = execution.stop
    if stop is None:
        return ()
    verdict = judge(Run(lesson.path, "skipped"), lesson, execution, limits=LIMITS)
    return stop.kind, stop.cell, stop.error, normal_text(verdict.message), verdict.location, verdict.excerpt


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
def test_an_error_that_is_expected_and_does_not_come(tmp_path: Path) -> None:
    assert_same(tmp_path, Lesson("lessons/a.py", cells_of(["error", "plain", "html"], allowed=frozenset(PIECES))))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NOT_TRIED))
def test_pieces_that_the_fast_path_gives_up(tmp_path: Path, name: str) -> None:
    lesson = Lesson("lessons/a.py", cells_of(["plain", name, "slider"]))
    assert not assert_same(tmp_path, lesson, others=(fast,))


@pytest.mark.slow
def test_what_is_reported_is_the_same_with_either_engine(tmp_path: Path) -> None:
    shown = ["slider", "output", "interact", "input", "comm_sends", "no_json", "plot", "interrupt"]
    requests = [Request(Lesson(f"lessons/{name}.py", cells_of(["html", name]))) for name in shown]
    fasts, jupyters = (run_many(tmp_path, requests, limits=LIMITS, engine=name) for name in ("fast", "jupyter"))
    for one, other in zip(fasts, jupyters, strict=True):
        assert (one.outcome, one.error, one.message) == (other.outcome, other.error, other.message)
        assert (one.path, one.location, one.cell) == (other.path, other.location, other.cell)
        assert [normal(cell) for cell in one.outputs.values()] == [normal(cell) for cell in other.outputs.values()]
    assert [one.outcome for one in fasts].count("passed") == len(shown) - 3


@st.composite
def mixtures(draw: st.DrawFn) -> tuple[list[Cell], set[str]]:
    """A notebook that mixes features, and their names; most errors are allowed, some cells are skipped."""
    features = draw(st.lists(st.sampled_from(sorted(FEATURES)), min_size=4, max_size=9, unique=True))
    features += draw(st.sampled_from([[], [], [], *([name] for name in GIVEN_UP)]))
    cells, met = [], set()
    for number, feature in enumerate(features):
        name = draw(st.sampled_from((FEATURES | GIVEN_UP)[feature]))
        (cell,) = cells_of([name])
        fatal = name in FATAL and draw(st.integers(0, 9)) > 0
        tag = "raises-exception" if fatal else "skip-execution" if draw(st.integers(0, 9)) == 0 else ""
        cells.append(replace(cell, id=f"{number}-{name}", lines=(number + 1,), tags=(tag,) if tag else ()))
        met |= {feature, tag}
    return cells, met


@pytest.mark.slow
def test_notebooks_that_mix_all_of_it() -> None:
    met: set[str] = set()
    proved = []

    # Nothing is made smaller: each try takes seconds, and what differs is named.
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(mixtures())
    def agree(mixture: tuple[list[Cell], set[str]]) -> None:
        cells, features = mixture
        with tempfile.TemporaryDirectory() as folder:
            proved.append(assert_same(Path(folder), Lesson("lessons/a.py", tuple(cells)), others=(fast,)))
        met.update(features)

    agree()
    assert met - {""} == {*FEATURES, *GIVEN_UP, "raises-exception", "skip-execution"}
    # What the fast path gives up says little about it.
    assert proved.count(True) > len(proved) / 2


def test_every_piece_of_a_feature_is_there() -> None:
    assert {name for names in (FEATURES | GIVEN_UP).values() for name in names} <= PIECES.keys()


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
    assert all(len(reason) > 40 for reason in (*DIFFERENCES.values(), *UNSURE.values()))


def test_a_quick_look(tmp_path: Path) -> None:
    names = ["html", "both_streams", "bash", "shell", "await", "display_id", "plot_shown", "pandas", "variables"]
    assert_same(tmp_path, Lesson("lessons/a.py", cells_of(names)))
