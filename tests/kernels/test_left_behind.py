"""What is left when something ends that others depend on: nothing, and the others go on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.files.kernels.execution import Execution, Limits
from catalyst_lessons.files.kernels.forking import kept, sandbox
from catalyst_lessons.files.kernels.forking.fast import execute
from catalyst_lessons.files.kernels.forking.parents import parents
from catalyst_lessons.files.kernels.places import room, the_room
from catalyst_lessons.files.kernels.runner import Request, run_many
from catalyst_lessons.files.kernels.steps import ordinary

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
    # Never there without its number.
    with open("{mark}.new", "w") as file:
        file.write(str(os.getpid()))
    os.rename("{mark}.new", "{mark}")
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


BOMB = """
import os, time
for _ in range(60):
    if os.fork() == 0:
        time.sleep(632)
        os._exit(0)
time.sleep(60)
"""


@pytest.mark.parametrize("engine", ["fast", "jupyter"])
def test_a_notebook_with_too_many_processes_is_ended(project: Path, engine: Any) -> None:
    # With the second also what is no Python: the kernel's watcher counts.
    limits = Limits(processes=40, cell_seconds=20)
    (found,) = run_many(project, [Request(make("lessons/a.py", BOMB))], limits=limits, engine=engine)
    assert (found.outcome, found.error) == ("failed", "ProcessLimitError"), found
    assert found.seconds < 10


@pytest.mark.parametrize("engine", [fast_path, "jupyter"])
def test_a_daemon_ends_with_its_run_and_not_with_anothers(project: Path, tmp_path: Path, engine: Any) -> None:
    # Both below one warm parent, or one keeper: A is over while B and its own daemon still run.
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
    runs = run_many(project, [Request(lesson) for lesson in lessons], jobs=2, engine=engine)
    assert [run.outcome for run in runs] == ["passed", "passed"], runs
    assert not alive(int(first.read_text()))
    assert not alive(int(second.read_text()))


# The first is a child of the notebook, the second of nobody; both have nothing that tells whose they are.
SLEEPER = """
import os, pathlib, subprocess, time
options = {{"env": {{}}, "start_new_session": True}}
child = subprocess.Popen(["/bin/sleep", "633"], **options)
shell = subprocess.run(["/bin/sh", "-c", "/bin/sleep 633 >/dev/null 2>&1 & echo $!"], stdout=subprocess.PIPE, **options)
pathlib.Path({mark!r} + ".new").write_text(f"{{child.pid}} {{shell.stdout.decode()}}")
os.rename({mark!r} + ".new", {mark!r})
time.sleep(600)
"""
CHECK = """
import sys
from pathlib import Path
from catalyst_lessons.files.kernels.runner import Request, run_many
from tests.kernels.conftest import make
codes = [{sleeper!r}, "1", "2", "3"]
requests = [Request(make(f"lessons/{{n}}.py", code)) for n, code in enumerate(codes)]
run_many(Path({root!r}), requests, jobs=2, engine=sys.argv[1])
"""
TOP = Path(__file__).parents[2]


@contextmanager
def check(
    project: Path, tmp_path: Path, engine: str, *, first: str = ""
) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    """A check in a process of its own, with one notebook that starts daemons: it, its temporary files, and the file
    that will have their numbers."""
    temporary, mark = tmp_path / "tmp", tmp_path / "running"
    temporary.mkdir()
    code = first + CHECK.format(sleeper=SLEEPER.format(mark=str(mark)), root=str(project))
    env = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(TOP)}
    process = subprocess.Popen([sys.executable, "-c", code, engine], env=env, cwd=TOP, stderr=subprocess.DEVNULL)
    try:
        yield process, temporary, mark
    finally:
        process.kill()
        process.wait()


def nothing_is_left(temporary: Path, *sleepers: int) -> None:
    wait(lambda: not any(map(alive, sleepers)) and not list(temporary.iterdir()), 20)
    assert not any(map(alive, sleepers))
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("engine", ["fast", "jupyter"])
def test_nothing_is_left_when_we_are_killed(project: Path, tmp_path: Path, engine: str) -> None:
    with check(project, tmp_path, engine) as (process, temporary, mark):
        wait(mark.exists, 60)
        assert list(temporary.iterdir())
        sleepers = [int(number) for number in mark.read_text().split()]
        assert all(map(alive, sleepers))
        process.send_signal(signal.SIGKILL)
        process.wait()
        nothing_is_left(temporary, *sleepers)


def test_nothing_is_left_when_we_are_killed_before_the_first_kernel(project: Path, tmp_path: Path) -> None:
    with check(project, tmp_path, "jupyter") as (process, temporary, mark):
        wait(lambda: bool(list(temporary.glob("*/copy-*"))), 60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not mark.exists()
        nothing_is_left(temporary)


def test_nothing_is_left_when_somebody_presses_ctrl_c_again_and_again(project: Path, tmp_path: Path) -> None:
    with check(project, tmp_path, "jupyter") as (process, temporary, mark):
        wait(mark.exists, 60)
        sleepers = [int(number) for number in mark.read_text().split()]
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.01)
        nothing_is_left(temporary, *sleepers)


@contextmanager
def killed(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Kills it afterwards."""
    try:
        yield
    finally:
        process.kill()


def test_only_what_is_our_own_ends_with_us(project: Path, tmp_path: Path) -> None:
    # Another check, and a process that looks like what a notebook leaves behind.
    (tmp_path / "other").mkdir()
    with (
        subprocess.Popen(["/bin/sleep", "635"], start_new_session=True) as stranger,
        killed(stranger),
        check(project, tmp_path / "other", "jupyter") as (_, others, theirs),
        check(project, tmp_path, "jupyter") as (process, temporary, mark),
    ):
        wait(lambda: mark.exists() and theirs.exists(), 60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        nothing_is_left(temporary, *map(int, mark.read_text().split()))
        assert all(alive(int(number)) for number in theirs.read_text().split())
        assert alive(stranger.pid) and list(others.iterdir())


FORKS = """
import os, threading, time
def fork():
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
threading.Timer(2, fork).start()
"""


def test_nothing_is_left_where_a_fork_of_ours_outlives_us(project: Path, tmp_path: Path) -> None:
    # It holds open what the keeper listens to.
    with check(project, tmp_path, "jupyter", first=FORKS) as (process, temporary, mark):
        wait(mark.exists, 60)
        wait(lambda: len(sandbox.children(process.pid)) > 1, 20)
        (fork,) = set(sandbox.children(process.pid)) - {keeper_of(process.pid)}
        try:
            process.send_signal(signal.SIGKILL)
            process.wait()
            nothing_is_left(temporary, *map(int, mark.read_text().split()))
            assert alive(fork)
        finally:
            os.kill(fork, signal.SIGKILL)


def keeper_of(pid: int) -> int:
    """The keeper of a check."""
    (keeper,) = (one for one in sandbox.children(pid) if b"keeper" in Path(f"/proc/{one}/cmdline").read_bytes())
    return keeper


SLEEPY = '{"argv": ["sleep", "634"], "display_name": "Sleepy", "language": "sleep"}'
ANY_LANGUAGE = """
from dataclasses import replace
from pathlib import Path
from catalyst_lessons.core.model import Kernel
from catalyst_lessons.files.kernels.runner import run
from tests.kernels.conftest import make
run(Path({root!r}), replace(make("lessons/a.py", "1"), kernel=Kernel("sleepy", "sleep")))
"""


def test_an_ordinary_kernel_of_any_language_ends_when_we_are_killed(project: Path, tmp_path: Path) -> None:
    (tmp_path / "kernels/sleepy").mkdir(parents=True)
    (tmp_path / "kernels/sleepy/kernel.json").write_text(SLEEPY)
    command = [sys.executable, "-c", ANY_LANGUAGE.format(root=str(project))]
    with subprocess.Popen(command, env={**os.environ, "JUPYTER_PATH": str(tmp_path)}, cwd=TOP) as process:
        wait(lambda: sleepy(process.pid), 60)
        kernels = sleepy(process.pid)
        process.kill()
    assert kernels
    wait(lambda: not any(map(alive, kernels)), 20)
    assert not any(map(alive, kernels))


def sleepy(pid: int) -> list[int]:
    """The kernels of that kind below a process."""
    commands = {one: Path(f"/proc/{one}/cmdline") for one in sandbox.descendants(pid)}
    return [one for one, path in commands.items() if path.exists() and path.read_bytes() == b"sleep\x00634\x00"]


def test_a_keeper_that_is_gone_is_made_again_and_its_kernels_go_on(project: Path) -> None:
    killed: list[int] = []

    async def kill_keeper(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        running = asyncio.create_task(ordinary(lesson, folder, limits))
        if not killed:
            killed.append(kept.keeper().process.pid)
            while not (folder / "begun").exists():
                await asyncio.sleep(0.01)
            os.kill(killed[0], signal.SIGKILL)
            (folder / "go").touch()
        return await running

    code = "import os, time\nopen('begun', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.01)"
    lessons = [make("lessons/0.py", code), make("lessons/1.py", "1")]
    runs = run_many(project, [Request(lesson) for lesson in lessons], jobs=1, engine=kill_keeper)
    assert [run.outcome for run in runs] == ["passed", "passed"], runs


def test_what_a_killed_watcher_leaves_ends_too(project: Path, tmp_path: Path) -> None:
    mark = tmp_path / "running"
    sleepers: list[int] = []

    async def kill_watcher(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        running = asyncio.create_task(ordinary(lesson, folder, limits))
        while not mark.exists():
            await asyncio.sleep(0.01)
        sleepers.extend(int(number) for number in mark.read_text().split())
        (watcher,) = sandbox.children(kept.keeper().process.pid)
        os.kill(watcher, signal.SIGKILL)
        execution = await running
        # Not only with the keeper, at the end.
        wait(lambda: not any(map(alive, sleepers)), 5)
        assert not any(map(alive, sleepers))
        return execution

    lesson = make("lessons/a.py", SLEEPER.format(mark=str(mark)))
    (run,) = run_many(project, [Request(lesson)], engine=kill_watcher)
    assert (run.outcome, run.error) == ("errored", "DeadKernelError"), run
    assert len(sleepers) == 2


def test_a_keeper_removes_no_room_of_somebody_who_lives() -> None:
    # As after Ctrl-C twice in a notebook, whose kernel goes on.
    with room():
        first = kept.keeper()
        first.sock.close()
        time.sleep(0.3)
        folder = the_room()
        assert folder and folder.exists()
        assert first.process.poll() is None


def test_the_fast_path_needs_no_keeper(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "Keeper", None)
    lessons = [make("lessons/a.py", "1"), make("lessons/b.py", "1 / 0")]
    runs = run_many(project, [Request(lesson) for lesson in lessons], engine="fast")
    assert [run.outcome for run in runs] == ["passed", "failed"], runs


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
