"""Which engine is asked, and whose word counts."""

from __future__ import annotations

import asyncio
import importlib.machinery
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Cell, Kernel, Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels import steps
from catalyst_lessons.files.kernels.execution import Engine, Execution, Limits, Stop
from catalyst_lessons.files.kernels.forking.imports import leading_imports, looks_different, only_ordinary
from catalyst_lessons.files.kernels.runner import Request, run_many
from catalyst_lessons.project import auditing

from .conftest import make

PASSED = Execution({"c0": ()})
FAILED = Execution(stop=Stop("raised", 0, error="ValueError"))
DIED = Execution(stop=Stop("died", 0, status=-9))
UNPROVED = Execution(stop=Stop("unproved"))
LATE = Execution(stop=Stop("timeout", 0))
PLACED = Execution(stop=Stop("timeout", 0, traceback="Cell In[1], line 2"))


def prove(lesson: Lesson, fast: Execution, forked: Execution, ordinary: Execution) -> tuple[Execution, list[str]]:
    """What comes of it, and who was asked."""
    asked: list[str] = []
    chosen = steps.Fast({})
    told = {chosen._run: ("fast", fast), steps.forked: ("forked", forked), steps.ordinary: ("ordinary", ordinary)}

    async def attempt(engine: Engine) -> Execution:
        name, execution = told[engine]
        asked.append(name)
        return execution

    return asyncio.run(chosen.prove(lesson, attempt)), asked


@pytest.mark.parametrize(
    ("fast", "forked", "ordinary", "expected", "asked"),
    [
        (PASSED, FAILED, FAILED, PASSED, 1),
        (FAILED, FAILED, PASSED, FAILED, 2),
        (FAILED, PASSED, PASSED, PASSED, 3),
        (FAILED, PASSED, FAILED, FAILED, 3),
        (DIED, FAILED, DIED, DIED, 3),
        (DIED, DIED, PASSED, DIED, 2),
        (LATE, FAILED, PASSED, FAILED, 2),
        (UNPROVED, PASSED, FAILED, PASSED, 2),
        (UNPROVED, FAILED, PASSED, FAILED, 2),
        (PLACED, LATE, PASSED, PLACED, 2),
    ],
)
def test_who_has_the_last_word(
    fast: Execution, forked: Execution, ordinary: Execution, expected: Execution, asked: int
) -> None:
    found, names = prove(make("a.py", "1"), fast, forked, ordinary)
    assert found == expected
    assert names == ["fast", "forked", "ordinary"][:asked]


def test_other_kernels_go_to_the_ordinary_engine() -> None:
    cobol = replace(make("a.py", "1"), kernel=Kernel("no-such", "cobol"))
    assert prove(cobol, PASSED, PASSED, FAILED) == (FAILED, ["ordinary"])
    assert isinstance(steps.steps_for("jupyter", []), steps.OneStep)
    assert not isinstance(steps.steps_for(steps.ordinary, []), steps.Fast)


@pytest.mark.skipif(sys.platform != "linux", reason="warm parents are forked on Linux")
def test_runs_that_are_asked_for_one_by_one_share_what_was_planned_for_all(project: Path) -> None:
    lessons = [make(f"lessons/{n}.py", f"{head}import os\nos.getppid()") for n, head in enumerate(SHARED)]
    plan = steps.plan_for(lessons)
    with steps.warm_parents():
        runs = [run_many(project, [Request(one)], jobs=1, plan=plan) for one in lessons]
    first, second, other = (str(run.outputs) for (run,) in runs)
    assert first == second != other


SHARED = ("import numpy\n", "import numpy\n", "")


def test_leading_imports() -> None:
    def of(*cells: str) -> tuple[str, ...]:
        return leading_imports(make("a.py", *cells))

    assert of("import numpy as np, pandas.io.json", "from scipy import stats\nimport os") == (
        "numpy",
        "pandas.io.json",
        "scipy",
    )
    assert of("'''doc'''\n%matplotlib inline\nimport numpy", "import pandas") == ("numpy", "pandas")
    assert of("import os\nos.environ['A'] = '1'\nimport numpy") == ()
    assert of("%load_ext autoreload\nimport numpy") == ()
    assert of("import torch, tqdm\nimport numpy") == ("numpy",)
    assert of("from . import numpy", "x = ") == ()
    assert leading_imports(Lesson("a.py", (Cell("code", "import numpy", "c", (1,), ("skip-execution",)),))) == ()


@pytest.mark.parametrize(
    "code", ["%connect_info", "%gui qt", "%matplotlib widget", "x = input('?')", "%debug", "import ipyparallel"]
)
def test_what_only_an_ordinary_kernel_does(code: str) -> None:
    assert only_ordinary(make("a.py", "1", code))
    assert not only_ordinary(make("a.py", "%matplotlib inline", "inputs = 1"))


def test_folders_in_which_imports_differ(tmp_path: Path) -> None:
    (tmp_path / "helper.py").touch()
    assert not looks_different(tmp_path)
    for name in ("numpy.ipynb", "numpy.md"):
        (tmp_path / name).touch()
    assert not looks_different(tmp_path)
    for name in ("numpy.pyc", f"numpy{importlib.machinery.EXTENSION_SUFFIXES[0]}"):
        (tmp_path / f"with {name}").mkdir()
        (tmp_path / f"with {name}" / name).touch()
        assert looks_different(tmp_path / f"with {name}")
    (tmp_path / "json.py").touch()
    assert not looks_different(tmp_path)
    (tmp_path / "numpy").mkdir()
    assert looks_different(tmp_path)
    (tmp_path / "numpy").rmdir()
    (tmp_path / "matplotlibrc").touch()
    assert looks_different(tmp_path)
    assert looks_different(tmp_path / "nowhere")


def test_an_audit_reports_what_does_not_pass_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engines: list[object] = []

    def run_many(root: Path, requests: list[Request], *, engine: str, **_: object) -> tuple[Run, ...]:
        engines.append(engine)
        return tuple(
            Run(one.lesson.path, "failed" if "b" in one.lesson.path else "passed", error="NameError", message="no")
            for one in requests
        )

    monkeypatch.setattr(auditing, "run_many", run_many)
    wanted = [Request(make(path, "1")) for path in ("a.py", "b.py", "c.py")]
    runs = [Run("a.py", "passed"), Run("b.py", "passed"), Run("c.py", "failed")]
    (finding,) = auditing.check_audit(tmp_path, wanted, runs, percent=100, limits=Limits(), jobs=1)
    assert (finding.code, finding.location.path, finding.severity) == ("X340", "b.py", "error")
    assert "NameError: no" in finding.message
    assert engines == ["jupyter"]
    assert list(auditing.check_audit(tmp_path, wanted, runs, percent=0, limits=Limits(), jobs=1)) == []
