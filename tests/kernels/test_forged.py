"""What a notebook writes to descriptors that are not its own: it cannot end other runs, nor outlive its time."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.files.kernels.execution import Execution, Limits
from catalyst_lessons.files.kernels.forking.fast import execute
from catalyst_lessons.files.kernels.forking.parents import parents
from catalyst_lessons.files.kernels.forking.zygote import Zygote
from catalyst_lessons.files.kernels.places import new_folder, remove
from catalyst_lessons.files.kernels.runner import Request, run, run_many

from .conftest import make

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="warm parents are forked on Linux"),
    pytest.mark.xdist_group("hostile"),
]
REPORT = """
import os, stat
body = {body!r}.encode()
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, b"%d\\n%b\\n" % (len(body) + 1, body))
    except OSError:
        pass
os._exit(0)
"""
EVENT = """
import os, time
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if "memfd:events" in os.readlink(f"/proc/self/fd/{fd}"):
            os.write(fd, b"c 0 nan\\n")
    except OSError:
        pass
time.sleep(60)
"""
GOOD = {"outputs": {"c0": []}, "counts": [], "seconds": [], "memory": 1}
OUTPUTS = [
    [1],
    [{"output_type": "error"}],
    [{"output_type": "odd"}],
    *([{"output_type": "stream", "name": "stdout", "text": text}] for text in (1, -1, 10**20, True, None)),
    [{"output_type": "error", "ename": "A", "evalue": "", "traceback": [1]}],
    1,
]
REPORTS = [
    *({**GOOD, "outputs": {"c0": outputs}} for outputs in OUTPUTS),
    {**GOOD, "outputs": {"other": []}},
    {**GOOD, "seconds": [[99, 1]]},
    {**GOOD, "seconds": [[0, float("nan")]]},
    {**GOOD, "counts": [[1, 99]]},
    {**GOOD, "memory": float("inf")},
    {"stop": {"kind": "raised", "cell": 999}},
    {"stop": {"kind": "raised", "cell": 0, "traceback": 1}},
    {"stop": {"kind": "odd"}},
    {"stop": 1},
    [1],
]


async def fast_path(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
    """Without another kernel that confirms what it does not pass."""
    return await execute(lesson, folder, limits, parent=parents().with_imports(()))


def test_a_report_that_is_none_is_no_end_of_the_others(project: Path) -> None:
    lessons = [make(f"lessons/{n}.py", REPORT.format(body=json.dumps(body))) for n, body in enumerate(REPORTS)]
    runs = run_many(project, [*map(Request, lessons), Request(make("lessons/a.py", "1"))], engine=fast_path)
    assert [(run.outcome, run.error) for run in runs[:-1]] == [("errored", runs[0].error)] * len(REPORTS)
    assert runs[-1].outcome == "passed"


def test_an_engine_that_fails_fails_for_one(project: Path) -> None:
    async def odd(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        if lesson.path == "lessons/a.py":
            raise LookupError("odd")
        return Execution()

    runs = run_many(project, [Request(make("lessons/a.py", "1")), Request(make("lessons/b.py", "1"))], engine=odd)
    assert [(run.outcome, run.error) for run in runs] == [("errored", "LookupError"), ("passed", "")]


@pytest.mark.parametrize("engine", ["fast", "jupyter"])
def test_what_is_written_to_the_sockets_of_a_kernel_ends_its_run_alone(
    project: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one thread that cannot be ended when its socket was written to: it waits for ever, now and then.
    monkeypatch.setattr("jupyter_client.channels.HBChannel.start", lambda _: pytest.fail("there is a heartbeat"))
    for _ in range(3):
        found = run(project, make("lessons/a.py", REPORT.format(body="[]")), engine=engine)  # type: ignore[arg-type]
        assert (found.outcome, found.error) == ("errored", "DeadKernelError")


def test_nobody_gets_more_time_than_there_is(project: Path) -> None:
    limits = Limits(cell_seconds=1, notebook_seconds=2)
    found = run(project, make("lessons/a.py", EVENT), limits=limits, engine=fast_path)
    assert found.error == "CellTimeoutError"


def test_a_request_that_is_none_ends_no_parent(project: Path) -> None:
    told: list[str] = []

    async def after_a_bad_request(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        parent = parents().with_imports(())
        await parent.wait()
        for request in (b"{", b"[]", b"{}", b'{"imports": 3}'):
            parent.sock.send(request)
        execution = await execute(lesson, folder, limits, parent=parent)
        told.append(execution.stop.message if execution.stop else "passed")
        return execution

    run(project, make("lessons/a.py", "1"), engine=after_a_bad_request)
    assert told == ["passed"]


def test_a_fork_that_fails_ends_no_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError("there are too many processes")

    monkeypatch.setattr(os, "fork", no_fork)
    before = set(os.listdir("/proc/self/fd"))
    requests, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    payload = os.memfd_create("request")
    os.pwrite(payload, b'{"kind": "cells"}', 0)
    with requests, ours, control:
        zygote = Zygote(ours, None)
        with theirs:
            socket.send_fds(requests, [b"{}"], [theirs.fileno(), payload, payload])
            socket.send_fds(requests, [b'{"imports": []}'], [theirs.fileno()])
        os.close(payload)
        assert [zygote._take(), zygote._take()] == [True, True]
        control.settimeout(5)
        assert control.recv(10) == b""
    assert set(os.listdir("/proc/self/fd")) == before


def test_an_import_that_never_ends_is_the_notebooks_own(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/shapely.py").write_text("import time\ntime.sleep(30)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setattr("catalyst_lessons.files.kernels.forking.parents.IMPORT_SECONDS", 0.5)
    lessons = [make(f"lessons/{name}.py", "import shapely") for name in "ab"]
    began = time.monotonic()
    runs = run_many(project, [Request(one) for one in lessons], limits=Limits(cell_seconds=1), engine="quick")
    assert [run.error for run in runs] == ["CellTimeoutError"] * 2
    assert time.monotonic() - began < 25


def test_a_folder_that_is_closed_to_itself_is_removed() -> None:
    place = new_folder("closed")
    (place / "in/deep").mkdir(parents=True)
    for folder in (place / "in/deep", place / "in", place):
        folder.chmod(0)
    remove(place)
    assert not place.exists()
