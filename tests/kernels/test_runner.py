"""Notebooks in real kernels: outcome, place, words, and nothing left behind."""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Cell, FrontMatter, Kernel
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request, run, run_many

from .conftest import Make, make

# One worker: the runs are made once for all tests here, and only their own processes are looked at.
pytestmark = pytest.mark.xdist_group("runner")

RAISES = ("raises-exception",)
# name: cells of the notebook -> outcome, line, code cell, error, excerpt
CASES: dict[str, tuple[tuple[str, ...], tuple[str, int, int, str, str]]] = {
    "other_cell": (
        ("a = 1", "def f():\n    return 1 / 0", "x = 1\nf()"),
        ("failed", 17, 3, "ZeroDivisionError", "----> 14 return 1 / 0"),
    ),
    "own_cell": (
        ("def f():\n    return 1 / 0\n\nf()",),
        ("failed", 12, 1, "ZeroDivisionError", "----> 12 return 1 / 0"),
    ),
    "blank_lines": (
        ("\n\n# c\nraise OSError('x')",),
        ("failed", 14, 1, "OSError", "----> 14 raise OSError('x')"),
    ),
    "syntax": (("a = 1", "b = 1\nx = = 1"), ("failed", 14, 2, "SyntaxError", "----> 14 x = = 1")),
    "indentation": (("if 1:\n   a\n b",), ("failed", 13, 1, "IndentationError", "----> 13 b")),
    "indentation_in_magic": (
        ("%%time\nif 1:\n   a\n b",),
        ("failed", 14, 1, "IndentationError", "----> 14 b"),
    ),
    "chained": (
        ("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('b') from e",),
        ("failed", 14, 1, "KeyError", "----> 14 raise KeyError('b') from e"),
    ),
    "group": (("1", "raise ExceptionGroup('g', [ValueError(1)])"), ("failed", 13, 2, "ExceptionGroup", "")),
    "timed": (("%%time\na = 1\n1 / 0",), ("failed", 13, 1, "ZeroDivisionError", "----> 13 1 / 0")),
    "captured": (("%%capture\na = 1\n1 / 0",), ("failed", 13, 1, "ZeroDivisionError", "----> 13 1 / 0")),
    "run_missing": (("a = 1\n%run missing.py",), ("failed", 12, 1, "Exception", "----> 12 %run missing.py")),
    "run_broken": (
        ("open('s.py', 'w').write('1 / 0')", "%run s.py"),
        ("failed", 13, 2, "ZeroDivisionError", "----> 13 %run s.py"),
    ),
    "bash": (("%%bash\nexit 1",), ("failed", 11, 1, "CalledProcessError", "----> 11 %%bash")),
    "no_magic": (("a = 1\n%nosuch",), ("failed", 12, 1, "UsageError", "----> 12 %nosuch")),
    "quit": (("a = 1\nquit()",), ("failed", 12, 1, "SystemExit", "----> 12 quit()")),
    "sys_exit": (("import sys\nsys.exit(2)",), ("failed", 12, 1, "SystemExit", "----> 12 sys.exit(2)")),
    "shown_badly": (
        ("class A:\n    def _repr_html_(self): raise ValueError('x')", "A()"),
        ("failed", 14, 2, "ValueError", "----> 12 def _repr_html_(self): raise ValueError('x')"),
    ),
    "input": (("input()",), ("failed", 11, 1, "StdinNotImplementedError", "----> 11 input()")),
    "exits": (
        ("a = 1", "import os\nos._exit(3)"),
        ("errored", 13, 2, "DeadKernelError", "----> 13 import os"),
    ),
    "killed": (
        ("import os\nos.kill(os.getpid(), 9)",),
        ("errored", 11, 1, "DeadKernelError", "----> 11 import os"),
    ),
    "loop": (
        ("a = 1\nwhile True: pass",),
        ("failed", 12, 1, "CellTimeoutError", "----> 12 while True: pass"),
    ),
    "stubborn": (
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass",),
        ("failed", 13, 1, "CellTimeoutError", "----> 13 while True: pass"),
    ),
    "flood": (
        ("import time\nwhile True: print('x' * 100_000); time.sleep(0.005)",),
        ("failed", 11, 1, "OutputLimitError", ""),
    ),
    "memory": (
        ("a = 1\nb = bytearray(2**30)",),
        ("failed", 12, 1, "MemoryError", "----> 12 b = bytearray(2**30)"),
    ),
}
MESSAGES = {
    "syntax": "invalid syntax",
    "exits": "the kernel ended in this cell with exit status 3",
    "killed": "the kernel was ended in this cell by SIGKILL, most often for want of memory",
    "loop": "the cell did not end within 4 s: make it shorter, or raise `cell_timeout`",
    "flood": "the notebook printed more than 8 MiB: print less",
    "quit": "the cell calls quit() or exit(), which ends the kernel: leave it out",
}
LIMITS = Limits(cell_seconds=4, memory=800, output=8)


@dataclass(frozen=True)
class Traces:
    """What runs of one test leave: processes in, and files of, a temporary folder that no other test uses."""

    folder: Path

    def processes(self) -> set[str]:
        """The ids of processes that work below the folder: kernels, and what notebooks started."""
        found = set()
        for link in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if os.readlink(link).startswith(f"{self.folder}/"):
                    found.add(link.parent.name)
        return found

    def __bool__(self) -> bool:
        return bool(self.processes()) or any(name.startswith("catalyst-") for name in os.listdir(self.folder))


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Traces:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return Traces(folder)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    root = tmp_path_factory.mktemp("runs")
    requests = [Request(make(f"{name}.py", *cells)) for name, (cells, _) in CASES.items()]
    done: list[Run] = []
    runs = run_many(root, requests, jobs=2, limits=LIMITS, on_done=done.append)
    assert sorted(run.path for run in done) == sorted(run.path for run in runs)
    return {Path(run.path).stem: run for run in runs}


@pytest.mark.parametrize("name", CASES)
def test_what_came_of_it(runs: dict[str, Run], name: str) -> None:
    found, (outcome, line, cell, error, excerpt) = runs[name], CASES[name][1]
    assert (found.outcome, found.cell, found.error) == (outcome, cell, error)
    assert str(found.location) == f"{name}.py:{line}"
    assert excerpt in found.excerpt
    assert "\x1b" not in found.message
    assert found.message.startswith(MESSAGES.get(name, ""))


def test_passing_and_what_it_puts_out(lesson: Make, project: Path) -> None:
    plot = "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()"
    found = run(
        project,
        lesson("lessons/a.py", "import sys\nfor i in range(3): print(i, flush=True)", "1 + 1", "", plot),
    )
    assert (found.outcome, found.error, found.location) == ("passed", "", None)
    assert found.seconds > 0
    assert found.outputs["c0"] == ({"output_type": "stream", "name": "stdout", "text": "0\n1\n2\n"},)
    assert found.outputs["c1"][0]["data"]["text/plain"] == "2"
    assert "image/png" in found.outputs["c3"][0]["data"]
    assert type(found.outputs["c1"][0]) is dict


def test_the_kernel_stands_in_a_copy_and_the_sources_stay(lesson: Make, project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    source = (
        "import os, model\nfrom pathlib import Path\n"
        "assert Path('data/x.csv').exists() and Path('../datasets/y.csv').exists()\n"
        "Path('data/x.csv').write_text('spoiled'); Path('../datasets/y.csv').write_text('spoiled')\n"
        "Path('../datasets/new.csv').write_text('new'); os.mkdir('made'); model.VALUE"
    )
    found = run(project, lesson("lessons/a.py", source))
    assert found.outcome == "passed", found
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_environment(lesson: Make, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("HARMLESS", "yes")
    names = ["GITHUB_TOKEN", "MPLBACKEND", "HARMLESS", "OMP_NUM_THREADS", "PYTHONHASHSEED"]
    found = run(
        project,
        lesson("lessons/a.py", f"import os, sys\n{{n: os.environ.get(n) for n in {names}}}", "sys.executable"),
    )
    values = ast.literal_eval(found.outputs["c0"][0]["data"]["text/plain"])
    assert values["GITHUB_TOKEN"] is None
    assert "inline" in values["MPLBACKEND"]
    # What may pass is a list: a variable that nobody named may be a secret.
    assert (values["HARMLESS"], values["OMP_NUM_THREADS"]) == (None, "1")
    assert values["PYTHONHASHSEED"] == os.environ.get("PYTHONHASHSEED")
    assert ast.literal_eval(found.outputs["c1"][0]["data"]["text/plain"]) == sys.executable


def test_tags(lesson: Make, project: Path) -> None:
    raises = lesson("lessons/a.py", "1 / 0", tags=RAISES)
    told_again = raises.with_cells((*raises.cells, Cell("code", "%tb", "again", (20,))))
    silent = lesson("lessons/b.py", "x = 1\nx", tags=RAISES)
    skipped = lesson("lessons/c.py", "x = 1", "1 / 0", tags=("skip-execution",))
    first, second, third = run_many(project, [Request(told_again), Request(silent), Request(skipped)])
    assert first.outcome == "passed"
    assert first.outputs["c0"][0]["ename"] == "ZeroDivisionError"
    assert (second.outcome, second.error, str(second.location)) == (
        "failed",
        "DidNotRaise",
        "lessons/b.py:11",
    )
    assert third.outcome == "passed"
    assert "c1" not in third.outputs


def test_skipped_without_a_kernel(lesson: Make, project: Path) -> None:
    one = lesson("lessons/a.py", "1 / 0")
    for skip, message in ((True, "the front matter says skip"), ("needs a GPU", "needs a GPU")):
        asked = replace(one, front=FrontMatter(other={"skip": skip}))
        assert (run(project, asked).outcome, run(project, asked).message) == ("skipped", message)
    assert run(project, one.with_cells(())).message == "no code to run"
    assert run(project, lesson("lessons/a.py", "1 / 0", tags=("skip-execution",))).outcome == "skipped"


def test_forms(lesson: Make, project: Path) -> None:
    source = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    exercise = lesson("lessons/a.py", source, "assert f() == 1, 'f() gives 1'", tags=("check",))
    starter, solution = run_many(project, [Request(exercise, "starter"), Request(exercise, "solution")])
    assert (starter.form, starter.outcome, starter.error) == ("starter", "failed", "AssertionError")
    assert (str(starter.location), starter.cell, starter.message) == ("lessons/a.py:16", 2, "f() gives 1")
    assert (solution.form, solution.outcome) == ("solution", "passed")


def test_kernels_of_other_names(lesson: Make, project: Path) -> None:
    python = replace(lesson("lessons/a.py", "1"), kernel=Kernel("conda-env-ds-py", "python"))
    other = replace(python, kernel=Kernel("no-such-kernel", "cobol"))
    first, second = run_many(project, [Request(python), Request(other)])
    assert first.outcome == "passed"
    assert (second.outcome, second.error) == ("errored", "NoSuchKernel")
    assert "'no-such-kernel'" in second.message
    assert second.location is None


def test_a_kernel_that_does_not_start(lesson: Make, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(project / "broken"))
    (project / "broken").mkdir()
    (project / "broken/ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')")
    # (The fast path starts no program.)
    found = run(project, lesson("lessons/a.py", "1"), engine="jupyter")
    assert (found.outcome, found.error) == ("errored", "DeadKernelError")
    assert "no kernel today" in found.message


def test_the_notebook_has_a_limit_too(lesson: Make, project: Path) -> None:
    slow = ["import time; time.sleep(0.8)"] * 5
    found = run(project, lesson("lessons/a.py", *slow), limits=Limits(cell_seconds=60, notebook_seconds=2))
    assert (found.outcome, found.error) == ("failed", "CellTimeoutError")
    assert found.cell in (1, 2, 3)
    assert "the notebook did not end within 2 s" in found.message


def test_nothing_is_left_behind(lesson: Make, project: Path, traces: Traces) -> None:
    children = (
        "import subprocess\nsubprocess.Popen(['sleep', '4322'])\n"
        "subprocess.Popen(['sleep', '4322'], start_new_session=True)\n"
        "subprocess.run('setsid sleep 4322 > /dev/null 2>&1 &', shell=True)"
    )
    first, second = run_many(
        project, [Request(lesson("lessons/a.py", children)), Request(lesson("lessons/a.py", "1 / 0"))]
    )
    assert (first.outcome, second.outcome) == ("passed", "failed")
    time.sleep(0.2)
    assert not traces


def test_an_exception_of_the_caller_stops_everything(lesson: Make, project: Path, traces: Traces) -> None:
    def stop(_: Run) -> None:
        raise KeyboardInterrupt

    requests = [
        Request(lesson("lessons/a.py", "1")),
        Request(lesson("lessons/b.py", "import time; time.sleep(60)")),
    ]
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_many(project, requests, jobs=2, on_done=stop)
    assert time.monotonic() - began < 20
    assert not traces


def test_control_c_leaves_no_kernel(project: Path, traces: Traces) -> None:
    program = textwrap.dedent("""
        from pathlib import Path
        from catalyst_lessons.core.model import Cell, Lesson
        from catalyst_lessons.files.kernels.runner import Request, run_many
        cells = (Cell("code", "import time; time.sleep(60)", "c", (1,)),)
        run_many(Path("."), [Request(Lesson(f"lessons/{n}.py", cells)) for n in "abc"], jobs=2)
    """)
    process = subprocess.Popen([sys.executable, "-c", program], cwd=project, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while len(traces.processes()) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert traces
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert "never retrieved" not in errors
    assert not traces


def test_a_folder_that_cannot_be_copied_is_errored(
    lesson: Make, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(project / "nowhere"))
    found = run(project, lesson("lessons/a.py", "1"))
    assert (found.outcome, found.error) == ("errored", "FileNotFoundError")
