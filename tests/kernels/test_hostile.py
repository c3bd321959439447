"""Hostile notebooks: each has its outcome, the next one does not notice, nothing is left, no secret is seen."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.report import Report
from catalyst_lessons.core.report.formats import render
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request, run, run_many

from .conftest import make
from .hostile import CASES, WITNESS

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="isolation is Linux's"),
    # One worker: the runs are made once for all tests here, and only their own processes are looked at.
    pytest.mark.xdist_group("hostile"),
]
LIMITS = Limits(cell_seconds=3, memory=512, output=4, processes=40, disk=16)
PLANTED = {
    "GITHUB_TOKEN": "ghs_planted1",
    "AWS_SECRET_ACCESS_KEY": "planted2",
    "ACTIONS_RUNTIME_TOKEN": "planted3",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://planted4",
    "CI_JOB_TOKEN": "planted5",
    "CI_REGISTRY": "planted6",
    "MY_OWN_NAME_FOR_IT": "planted7",
    "HTTPS_PROXY": "http://user:planted8@proxy:80",
    "HF_HOME": "planted9",
}


def processes() -> set[tuple[int, str]]:
    """What runs on this machine and could be ours."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if re.search(r"sleep 4321|zygote\.main|ipykernel_launcher|^yes ", text):
            found.add((int(path.parent.name), text))
    return found


def ports() -> set[str]:
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return {f"{words[1]} {words[9]}" for words in lines if words[3] == "0A"}


class Hostile:
    """What the whole suite came to."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "curso"
        (self.root / "lessons").mkdir(parents=True)
        (self.root / "lessons/a.py").write_text("1")
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        umask = os.umask(0o22)
        os.umask(umask)
        self.witness = WITNESS.replace("UMASK", str(umask))
        self.before = processes()

    def run(self) -> None:
        requests = []
        for name, (cells, _) in CASES.items():
            requests.append(Request(make(f"lessons/{name}.py", *cells)))
            requests.append(Request(make(f"lessons/after_{name}.py", self.witness)))
        done = run_many(self.root, requests, jobs=2, limits=LIMITS)
        self.runs = {Path(one.path).stem: one for one in done}
        self.done = done


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    suite = Hostile(tmp_path_factory.mktemp("hostile"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in PLANTED.items():
            patch.setenv(name, value)
        patch.setattr(tempfile, "tempdir", str(suite.temporary))
        suite.run()
    return suite


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_outcome_is_right_and_the_next_notebook_unaffected(hostile: Hostile, name: str) -> None:
    found, expected = hostile.runs[name], CASES[name][1]
    if expected is not None:
        assert (found.outcome, found.error, found.cell) == expected, found
    after = hostile.runs[f"after_{name}"]
    assert after.outcome == "passed", after
    assert not str(after.outputs).count("made.txt")


@pytest.mark.slow
def test_the_words_help(hostile: Hostile) -> None:
    runs = hostile.runs
    assert "exit status 3" in runs["os_exit"].message
    assert "SIGSEGV" in runs["segfault"].message
    assert "SIGKILL" in runs["sigkill"].message
    assert "memory" in runs["sigkill"].message
    assert "40 processes" in runs["fork_bomb"].message
    assert len(runs["huge_traceback"].message) < 5000
    assert str(runs["loop_catching_all"].location).endswith(":15")
    assert "lone surrogate" in str(runs["surrogate"].outputs)
    assert "raw" in str(runs["raw_bytes"].outputs)
    assert len(runs["displays"].outputs["c0"]) == 5000


@pytest.mark.slow
def test_the_report_can_be_written(hostile: Hostile) -> None:
    for form in ("text", "json", "markdown", "github", "junit"):
        render(Report(hostile.done), form).encode("utf-8")
    json.dumps([dict(one.outputs) for one in hostile.done], ensure_ascii=False).encode("utf-8")


@pytest.mark.slow
def test_nothing_is_left(hostile: Hostile) -> None:
    deadline = time.monotonic() + 3
    while (left := processes() - hostile.before) and time.monotonic() < deadline:
        time.sleep(0.1)
    ours = {one for one in left if str(hostile.temporary) in one[1] or "sleep 4321" in one[1] or "yes " in one[1]}
    assert not ours
    assert os.listdir(hostile.temporary) == []
    assert sorted(path.name for path in hostile.root.rglob("*")) == ["a.py", "lessons"]
    assert (hostile.root / "lessons/a.py").read_text() == "1"


@pytest.mark.slow
def test_no_secret_is_seen(hostile: Hostile) -> None:
    for name in ("prints_environment", "reads_environ_files"):
        text = str(hostile.runs[name].outputs)
        assert "HOME" in text
        assert [value for value in PLANTED.values() if value in text] == []
    assert hostile.runs["reads_memory"].outputs["c0"][0]["data"]["text/plain"] == "0"


def test_an_ordinary_kernel_sees_no_secret_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    for engine in ("jupyter", "fast"):
        for case in ("prints_environment", "reads_environ_files"):
            found = run(tmp_path, make("lessons/a.py", *CASES[case][0]), engine=engine)  # type: ignore[arg-type]
            assert found.outcome == "passed"
            assert "HOME" in str(found.outputs)
            assert [value for value in PLANTED.values() if value in str(found.outputs)] == []


def test_variables_that_are_named_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALYST_KEEP", "DATA_ADDRESS, OMP_NUM_THREADS")
    monkeypatch.setenv("DATA_ADDRESS", "https://data")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    code = "import os\nassert (os.environ['DATA_ADDRESS'], os.environ['OMP_NUM_THREADS']) == ('https://data', '3')"
    assert run(tmp_path, make("lessons/a.py", code)).outcome == "passed"


@pytest.mark.parametrize("engine", ["fast", "jupyter"])
def test_without_a_network(tmp_path: Path, engine: str) -> None:
    from catalyst_lessons.files.kernels.steps import network_can_be_cut

    if not network_can_be_cut():
        pytest.skip("this system allows no network namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reach = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=2).close()"
        own = "s = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(s.getsockname()).close()"
        on, off = Limits(cell_seconds=20), Limits(cell_seconds=20, network=False)
        one = make("lessons/a.py", reach, own)
        assert run(tmp_path, one, limits=on, engine=engine).outcome == "passed"  # type: ignore[arg-type]
        cut = run(tmp_path, one, limits=off, engine=engine)  # type: ignore[arg-type]
        assert (cut.outcome, cut.error, cut.cell) == ("failed", "ConnectionRefusedError", 1)
        alone = make("lessons/a.py", f"import socket\n{own}")
        assert run(tmp_path, alone, limits=off, engine=engine).outcome == "passed"  # type: ignore[arg-type]


SHADOWS = {
    "pandas.py": "VALUE = 'ours'",
    "json.py": "raise RuntimeError('the standard library comes first')",
    "sitecustomize.py": "raise RuntimeError('not at start')",
    "scipy.py": "VALUE = 'ours'",
    "na\u00efve \u4e2d.py": "x = 1",
}


def test_modules_of_the_folder_come_before_installed_ones(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    for name, text in SHADOWS.items():
        (tmp_path / "lessons" / name).write_text(text, encoding="utf-8")
    one = make("lessons/na\u00efve \u4e2d.py", "import pandas", "import json, scipy", "pandas.VALUE + scipy.VALUE")
    other = make("lessons/b.py", "import pandas", "pandas.VALUE")
    for found in run_many(tmp_path, [Request(one), Request(other), Request(one)]):
        assert found.outcome == "passed", found
        assert "ours" in str(found.outputs)


def test_an_expected_error_that_does_not_come(tmp_path: Path) -> None:
    silent = Lesson("a.py", (Cell("code", "x = 1", "c", (1,), ("raises-exception",)),))
    found = run(tmp_path, silent)
    assert (found.outcome, found.error) == ("failed", "DidNotRaise")


def test_an_import_that_prints_is_not_done_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/shapely.py").write_text("print('loaded')\nimport threading, time\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    requests = [Request(make(f"lessons/{name}.py", "import shapely", "1")) for name in "abc"]
    for found in run_many(tmp_path, requests):
        assert found.outputs["c0"] == ({"output_type": "stream", "name": "stdout", "text": "loaded\n"},)


def test_control_c_is_quick_and_tells_what_ran(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(_notebook("1"))
    (tmp_path / "b.ipynb").write_text(_notebook("import time; time.sleep(60)"))
    command = [sys.executable, "-m", "catalyst_lessons.adapters.cli", "check", str(tmp_path), "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "passed" in process.stderr.readline()
    began = time.monotonic()
    process.send_signal(2)
    text, _ = process.communicate(timeout=20)
    assert time.monotonic() - began < 1.5
    assert "X341" in text
    assert "1 notebook: 1 passed" in text


def _notebook(code: str) -> str:
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": code, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
