"""What is left when something ends that others depend on: nothing, and the others go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.files.kernels.execution import Execution, Limits
from catalyst_lessons.files.kernels.forking import confined
from catalyst_lessons.files.kernels.forking.fast import execute
from catalyst_lessons.files.kernels.forking.parents import parents
from catalyst_lessons.files.kernels.runner import Request, run_many

from .conftest import make

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="warm parents are forked on Linux"),
    pytest.mark.xdist_group("hostile"),
]

DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    open("{mark}", "w").write(str(os.getpid()))
    time.sleep(600)
    os._exit(0)
while not os.path.exists("{mark}"):
    time.sleep(0.01)
"""


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def fast_path(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
    """Without another kernel that confirms what it does not pass."""
    return await execute(lesson, folder, limits, parent=parents().with_imports(()))


def test_a_daemon_ends_with_its_run_and_not_with_anothers(project: Path, tmp_path: Path) -> None:
    # Both in children of one warm parent: A is over while B and its own daemon still run.
    first, second = tmp_path / "first.pid", tmp_path / "second.pid"
    waits = f"""
import os, pathlib, time
mine = int(pathlib.Path("{second}").read_text())
while not pathlib.Path("{first}").exists():
    time.sleep(0.01)
other = int(pathlib.Path("{first}").read_text())
while os.path.exists(f"/proc/{{other}}"):
    time.sleep(0.01)
time.sleep(0.2)
os.kill(mine, 0)
"""
    lessons = [
        make("lessons/a.py", DAEMON.format(mark=first), "1"),
        make("lessons/b.py", DAEMON.format(mark=second), waits),
    ]
    runs = run_many(project, [Request(lesson) for lesson in lessons], jobs=2, engine=fast_path)
    assert [run.outcome for run in runs] == ["passed", "passed"], runs
    assert not alive(int(first.read_text()))
    assert not alive(int(second.read_text()))


SLEEPER = """
import os, pathlib, subprocess, time
process = subprocess.Popen(["sleep", "633"], start_new_session=True)
pathlib.Path({mark!r}).write_text(str(process.pid))
time.sleep(600)
"""
CHECK = """
from pathlib import Path
from catalyst_lessons.files.kernels.runner import Request, run_many
from tests.kernels.conftest import make
codes = [{sleeper!r}, "1", "2", "3"]
run_many(Path({root!r}), [Request(make(f"lessons/{{n}}.py", code)) for n, code in enumerate(codes)], jobs=2)
"""


def test_nothing_is_left_when_we_are_killed(project: Path, tmp_path: Path) -> None:
    temporary, mark = tmp_path / "tmp", tmp_path / "running"
    temporary.mkdir()
    top = Path(__file__).parents[2]
    code = CHECK.format(sleeper=SLEEPER.format(mark=str(mark)), root=str(project))
    process = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(temporary)}, cwd=top)
    try:
        wait(mark.exists, 60)
        assert list(temporary.iterdir())
        sleeper = int(mark.read_text())
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    wait(lambda: not alive(sleeper) and not list(temporary.iterdir()), 20)
    assert not alive(sleeper)
    assert list(temporary.iterdir()) == []


STARTS = """
import subprocess, sys, time
process = subprocess.Popen([sys.executable, "-I", "-S", sys.argv[1], "sleep", "634"], start_new_session=True)
print(process.pid, flush=True)
time.sleep(600)
"""


def test_an_ordinary_kernel_of_any_language_ends_when_we_are_killed() -> None:
    command = [sys.executable, "-c", STARTS, confined.__file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        kernel = int(process.stdout.readline())
        wait(lambda: "sleep" in Path(f"/proc/{kernel}/comm").read_text(), 20)
        process.kill()
    wait(lambda: not alive(kernel), 20)
    assert not alive(kernel)


def test_a_parent_of_its_own_imports_that_is_gone_is_made_again(project: Path) -> None:
    # The second finds it gone, the third has another.
    told: list[str] = []

    async def look(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        parent = parents().with_imports(("statistics",))
        await parent.wait()
        execution = await execute(lesson, folder, limits, parent=parent)
        told.append(execution.stop.kind if execution.stop else "passed")
        if len(told) == 1:
            os.kill(int(execution.outputs["c0"][0]["text"]), signal.SIGKILL)
            time.sleep(0.3)
        return Execution()

    run_many(
        project,
        [Request(make(f"lessons/{n}.py", "import os; print(os.getppid())")) for n in range(3)],
        jobs=1,
        engine=look,
    )
    assert told == ["passed", "unproved", "passed"]


def wait(until, seconds: float) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not until() and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_parent_that_is_gone_is_made_again(project: Path, tmp_path: Path) -> None:
    told = tmp_path / "parent"
    lesson = make("lessons/a.py", f"import os, pathlib\npathlib.Path({str(told)!r}).write_text(str(os.getppid()))")

    def kill_parent(_: object) -> None:
        if told.exists():
            os.kill(int(told.read_text()), signal.SIGKILL)
            told.unlink()

    others = [make(f"lessons/{n}.py", "1 + 1") for n in range(3)]
    runs = run_many(project, [Request(one) for one in (lesson, *others)], jobs=1, on_done=kill_parent)
    assert [run.outcome for run in runs] == ["passed"] * 4, json.dumps([run.message for run in runs])
