"""How long each cell took and how much memory the kernel had, as each engine tells it."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.files.kernels.execution import Engine, Execution, Limits
from catalyst_lessons.files.kernels.steps import forked, ordinary, warm_parents
from catalyst_lessons.files.kernels.workspace import working_copy

from .conftest import make
from .test_engines_agree import fast

LINUX = sys.platform == "linux"
ENGINES = {"fast": fast, "forked": forked, "ordinary": ordinary} if LINUX else {"ordinary": ordinary}
SLEEPER = "import time\ntime.sleep(0.31)"
LARGE = "kept = bytearray(b'x') * (200 << 20)\ndel kept"


def run(engine: Engine, root: Path, *lessons: Lesson, limits: Limits | None = None) -> list[Execution]:
    """What came of the lessons, one after the other from the same warm parent."""

    async def one(lesson: Lesson) -> Execution:
        with working_copy(root, lesson.path) as folder:
            return await engine(lesson, folder, limits or Limits(cell_seconds=60))

    async def all_of_them() -> list[Execution]:
        return [await one(lesson) for lesson in lessons]

    with warm_parents():
        return asyncio.run(all_of_them())


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_cells_are_timed_and_those_that_were_not_begun_are_not(project: Path, engine: Engine) -> None:
    lesson = make("lessons/a.py", "x = 1", SLEEPER, "", "never()", tags=("skip-execution",))
    began = time.monotonic()
    (told,) = run(engine, project, lesson)
    assert told.stop is None
    assert set(told.seconds) == {0, 1}
    assert 0 < told.seconds[0] < 0.31 <= told.seconds[1] < time.monotonic() - began


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.skipif(not LINUX, reason="the peak of a kernel stands in Linux's /proc")
def test_the_peak_is_that_of_the_run_and_of_no_run_before_it(project: Path, engine: Engine) -> None:
    large, small = run(engine, project, make("lessons/a.py", LARGE), make("lessons/b.py", "x = 1"))
    assert large.memory is not None and small.memory is not None
    assert 10 < small.memory < 200 <= large.memory < small.memory + 220


@pytest.mark.skipif(not LINUX, reason="the fast path is Linux's")
def test_what_a_notebook_makes_of_the_clock_is_its_own_affair(project: Path) -> None:
    spoil = "import resource, time\ntime.monotonic = lambda: -1e9\nresource.getrusage = lambda who: 1 / 0"
    (told,) = run(fast, project, make("lessons/a.py", spoil, SLEEPER, "x = 2"))
    assert told.stop is None
    assert told.seconds[1] >= 0.31 and 0 < told.seconds[2] < 10
    assert told.memory


def test_the_cell_that_fails_is_timed_too(project: Path) -> None:
    (told,) = run(ordinary, project, make("lessons/a.py", f"{SLEEPER}\n1 / 0", "x = 1"))
    assert told.stop is not None
    assert set(told.seconds) == {0} and told.seconds[0] >= 0.31
    assert told.memory or not LINUX


def test_a_cell_that_does_not_end_took_its_time_and_not_that_of_the_interrupt(project: Path) -> None:
    lesson = make("lessons/a.py", "import time\nwhile True:\n    try:\n        time.sleep(9)\n    except: pass")
    (told,) = run(ordinary, project, lesson, limits=Limits(cell_seconds=1))
    assert told.stop is not None and told.stop.kind == "timeout"
    assert 1 <= told.seconds[0] < 1.9


@pytest.mark.parametrize(
    "engine", [e for name, e in ENGINES.items() if name != "fast"], ids=sorted({*ENGINES} - {"fast"})
)
def test_of_a_kernel_that_died_no_memory_is_known(project: Path, engine: Engine) -> None:
    (told,) = run(engine, project, make("lessons/a.py", "import os\nos._exit(3)"))
    assert told.stop is not None and told.stop.kind == "died"
    assert told.memory is None
    assert set(told.seconds) == {0}
