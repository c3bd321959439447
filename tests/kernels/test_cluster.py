"""Runs on a Dask cluster of this machine: results, files, lost workers, Ctrl-C."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast
from unittest.mock import MagicMock

import pytest

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import FrontMatter, Lesson
from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.files import cluster
from catalyst_lessons.files.kernels import parcels
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.parcels import Parcel, bundle, digest_of
from catalyst_lessons.files.kernels.runner import Request, run_many
from catalyst_lessons.files.kernels.steps import EngineName
from catalyst_lessons.project.scaling import run_on_cluster

from .conftest import make

pytestmark = [
    pytest.mark.slow,
    # distributed leaves the socket of a dashboard port that is taken to the garbage collector, and says it is taken.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Port 8787 is already in use:UserWarning"),
]
LIMITS = Limits(cell_seconds=60)


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """What Dask leaves is collected here, where it is known, and not in another module's test."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """A scheduler with two workers."""
    distributed: Any = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture
def address(running: Any) -> str:
    """The address of the scheduler."""
    return str(running.scheduler_address)


def kill_busy_worker(running: Any, mark: Path) -> None:
    """Waits for the notebook to begin, and ends the process of the worker that runs it."""
    while not mark.exists():
        time.sleep(0.02)
    mark.unlink()
    for nanny in running.workers.values():
        worker = running.scheduler.workers.get(nanny.worker_address)
        if worker is not None and worker.processing:
            os.kill(nanny.pid, signal.SIGKILL)


def on_cluster(project: Path, address: str, *lessons: Lesson, **options: Any) -> tuple[Run, ...]:
    requests = [Request(one) for one in lessons]
    return run_on_cluster(project, requests, address=address, jobs=2, limits=LIMITS, **options)


def told(run: Run) -> Run:
    return replace(run, seconds=0.0, outputs={}, cells=(), memory=None, scene=None)


def test_times_memory_and_the_failing_cell_travel(project: Path, address: str) -> None:
    lesson = make("lessons/a.py", "import time; time.sleep(0.2)", "print('seen'); 1 / 0")
    (run,) = on_cluster(project, address, lesson)
    assert [(cell.number, cell.line) for cell in run.cells] == [(1, 11), (2, 13)]
    assert 0.2 <= run.cells[0].seconds < run.seconds
    assert run.memory is not None or sys.platform != "linux"
    assert run.scene is not None and run.scene.printed == "seen"


def test_the_outcomes_are_those_of_this_machine_and_come_as_they_end(project: Path, address: str) -> None:
    lessons = (
        make("lessons/a.py", "open('data/x.csv').read()", "import model; model.VALUE"),
        make("lessons/b.py", "x = 1", "1 / 0"),
        make("lessons/c.py", "open('../datasets/y.csv').read()", "print('written')\nopen('new.txt', 'w').close()"),
        make("lessons/d.py", "import os; os._exit(3)"),
    )
    seen: list[Run] = []
    runs = on_cluster(project, address, *lessons, on_done=seen.append)
    here = run_many(project, [Request(one) for one in lessons], limits=LIMITS)
    assert [told(run) for run in runs] == [told(run) for run in here]
    assert [run.outputs for run in runs[:1]] == [run.outputs for run in here[:1]]
    assert sorted(run.path for run in seen) == [lesson.path for lesson in lessons]
    assert all(run.seconds > 0 for run in runs)
    assert not (project / "lessons/new.txt").exists()


def waits(path: str, mark: Path) -> Lesson:
    """A lesson that says when it began, and takes its time."""
    return make(path, f"open({str(mark)!r}, 'w').close()", "import time", "time.sleep(3)")


def test_a_run_that_loses_its_worker_is_made_again_and_it_is_said(project: Path, running: Any, tmp_path: Path) -> None:
    lost: list[Finding] = []
    killer = threading.Thread(target=kill_busy_worker, args=(running, tmp_path / "begun"))
    killer.start()
    lesson = waits("lessons/slow.py", tmp_path / "begun")
    (run,) = on_cluster(project, running.scheduler_address, lesson, on_lost=lost.append)
    killer.join()
    assert run.outcome == "passed"
    assert [str(finding.location) for finding in lost] == ["lessons/slow.py"]
    assert (lost[0].code, lost[0].severity) == ("X353", "info")
    assert "tcp://" in lost[0].message


def test_a_run_that_loses_a_second_worker_is_given_up(project: Path, running: Any, tmp_path: Path) -> None:
    lost: list[Finding] = []

    def kill_twice() -> None:
        for _ in range(2):
            kill_busy_worker(running, tmp_path / "begun")

    killer = threading.Thread(target=kill_twice)
    killer.start()
    lesson = waits("lessons/slow.py", tmp_path / "begun")
    (run,) = on_cluster(project, running.scheduler_address, lesson, on_lost=lost.append)
    killer.join()
    assert (run.outcome, run.error) == ("errored", "WorkerLostError")
    assert len(lost) == 2
    (after,) = on_cluster(project, running.scheduler_address, make("lessons/a.py", "1"))
    assert after.outcome == "passed"


def test_what_stops_us_drops_what_has_not_begun(project: Path, address: str) -> None:
    lessons = [make(f"lessons/n{n}.py", "import time", "time.sleep(0.3)") for n in range(20)]
    seen: list[Run] = []

    def interrupted(run: Run) -> None:
        seen.append(run)
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        on_cluster(project, address, *lessons, on_done=interrupted)
    assert len(seen) == 1
    assert time.monotonic() - began < 15
    assert on_cluster(project, address, make("lessons/a.py", "1"))[0].outcome == "passed"


def test_local_starts_a_cluster_of_its_own(project: Path) -> None:
    pytest.importorskip("distributed")
    (run,) = on_cluster(project, "local", make("lessons/a.py", "import os", "os.getpid()"))
    assert run.outcome == "passed"


def test_where_nothing_answers(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="no Dask scheduler answers at tcp"):
        on_cluster(project, "tcp://127.0.0.1:9", make("lessons/a.py", "1"))


class Gateway:
    """As much of `dask_gateway.Gateway` as we use: https://gateway.dask.org/api-client.html"""

    address = ""
    asked: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def connect(self, name: str, **options: Any) -> Any:
        self.asked.append((name, options))
        if name != "hub.1":
            raise ValueError("no such cluster")
        import distributed

        connected = MagicMock()
        connected.get_client = lambda: cast(Any, distributed).Client(self.address)
        return connected


def test_a_cluster_of_dask_gateway(project: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_gateway", MagicMock(Gateway=Gateway))
    monkeypatch.setattr(Gateway, "address", address)
    (run,) = on_cluster(project, "gateway:hub.1", make("lessons/a.py", "1"))
    assert run.outcome == "passed"
    assert Gateway.asked == [("hub.1", {"shutdown_on_close": False})]
    with pytest.raises(UsageError, match=r"knows no cluster hub\.2"):
        on_cluster(project, "gateway:hub.2", make("lessons/a.py", "1"))


def test_without_dask_it_is_said_how_to_get_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        on_cluster(project, "local", make("lessons/a.py", "1"))
    assert "pip install 'distributed" in caught.value.hint


# What travels


def test_the_same_files_give_the_same_bytes_and_none_from_outside(project: Path) -> None:
    (project.parent / "secret.txt").write_text("x")
    lesson = make("lessons/a.py", "open('../datasets/y.csv')", "open('../../secret.txt')")
    assert bundle(project, [lesson]) == bundle(project, [lesson])
    names = names_in(bundle(project, [lesson]))
    assert {"lessons/a.py", "lessons/data/x.csv", "datasets/y.csv", "lessons/model.py"} <= names
    assert not any(name.startswith(("..", "/")) or "secret" in name for name in names)
    assert not any(part in name for name in names for part in (".git/", "node_modules", "pyvenv"))


def test_declared_files_travel_too(project: Path) -> None:
    lesson = replace(make("lessons/a.py", "1"), front=FrontMatter(data=("../datasets/y.csv",)))
    assert "datasets/y.csv" in names_in(bundle(project, [lesson]))


def test_large_files_stay(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcels, "LARGE_FILE", 10)
    names = names_in(bundle(project, [make("lessons/a.py", "1")]))
    assert "lessons/data/x.csv" in names
    assert "lessons/model.py" not in names


WORKER = """
import os, pickle, signal, sys
from pathlib import Path
from catalyst_lessons.files.kernels.parcels import run_parcel
with open(sys.argv[1], "rb") as file:
    bundled, parcels = pickle.load(file)
runs = [run_parcel(bundled, parcel) for parcel in parcels]
print([(run.outcome, run.message) for run in runs])
print(len(list(Path(os.environ["TMPDIR"]).glob("*/parcel-*"))), flush=True)
if "killed" in sys.argv:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("end", "engine"), [("", None), ("killed", None), ("killed", "jupyter")])
def test_a_bundle_is_unpacked_once_and_gone_with_its_process(
    project: Path, tmp_path: Path, end: str, engine: EngineName | None
) -> None:
    bundled = bundle(project, [make("lessons/a.py", "1")])
    lessons = (make("lessons/a.py", "open('data/x.csv', 'a').close()", "import model"), make("other/b.py", "1"))
    parcels = [Parcel(Request(lesson), LIMITS, digest_of(bundled), engine) for lesson in lessons]
    (tmp_path / "parcels").write_bytes(pickle.dumps((bundled, parcels)))
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(tmp_path / "tmp")}
    command = [sys.executable, "-c", WORKER, str(tmp_path / "parcels"), end]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)
    assert done.stdout == "[('passed', ''), ('passed', '')]\n1\n", done.stderr
    deadline = time.monotonic() + 20 * bool(end)
    while list((tmp_path / "tmp").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((tmp_path / "tmp").iterdir()) == []


def names_in(bundled: bytes) -> set[str]:
    import io
    import tarfile

    with tarfile.open(fileobj=io.BytesIO(bundled)) as tar:
        return set(tar.getnames())


def test_workers_know_which_imports_the_runs_share(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Parcel] = []

    def call(_: Any, calls: Any, *, on_done: Any, **__: Any) -> None:
        for number, (_, parcel) in enumerate(calls):
            sent.append(pickle.loads(pickle.dumps(parcel)))  # noqa: S301  made on the line itself
            on_done(number, Run(parcel.request.lesson.path, "passed"))

    monkeypatch.setattr("catalyst_lessons.project.scaling.call_on_cluster", call)
    on_cluster(project, "", make("lessons/a.py", "import numpy"), make("lessons/b.py", "import numpy\n1"))
    assert [parcel.plan for parcel in sent] == [{frozenset({"numpy"}): ("numpy",)}] * 2
