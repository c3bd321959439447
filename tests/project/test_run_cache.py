"""What is run again after a change, in a small curriculum; and a cache under rough treatment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from curricula import catalog, write_curriculum

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.report import CellTime, Report, Run
from catalyst_lessons.files.kernels import cache
from catalyst_lessons.files.kernels.cache import RunCache
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.project import Project, proving
from catalyst_lessons.project.checking import Options, check_project

HEAD = "# ---\n# title: {title}\n# data: [{data}]\n# ---\n\n"
READER = HEAD.format(title="Reader", data="") + "# %% [markdown]\n# Some prose.\n\n# %%\nopen('data/x.csv').read()\n"
DECLARER = HEAD.format(title="Declarer", data="data/y.csv") + "# %%\nname = 'da' + 'ta/y' + '.csv'\nopen(name).read()\n"
IMPORTER = HEAD.format(title="Importer", data="") + "# %%\nimport yaml\nimport model\n"
EXERCISE = HEAD.format(title="Exercise", data="") + (
    "# %%\ndef one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n"
    "# %% tags=[\"check\"]\nassert one() == 1, 'one() gives 1'\n"
)
FILES = {
    "lessons/a-reader.py": READER,
    "lessons/b-declarer.py": DECLARER,
    "lessons/c-importer.py": IMPORTER,
    "lessons/model.py": "VALUE = 1\n",
    "lessons/data/x.csv": "a\n",
    "lessons/data/y.csv": "b\n",
    "exercises/e.py": EXERCISE,
}
ALL = {"a-reader", "b-declarer", "c-importer", "e solution", "e starter"}


class Curriculum:
    """A curriculum whose notebooks are not run: it is written down which would have been."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = write_curriculum(root, FILES)
        self.asked: set[str] = set()
        monkeypatch.setattr(proving, "run_many", self.run_many)

    def run_many(self, root: Path, requests: Sequence[Request], *, limits: Limits, **options: Any) -> tuple[Run, ...]:
        runs = []
        for request in requests:
            starter = request.form == "starter"
            name = Path(request.lesson.path).stem
            self.asked.add(name if request.form == "lesson" else f"{name} {request.form}")
            told: dict[str, Any] = (
                {"outcome": "failed", "cell": 2, "error": "AssertionError"} if starter else {"outcome": "passed"}
            )
            cells = in_form(request.lesson, request.form).code_cells
            told["cells"] = tuple(CellTime(n, cell.line, 0.7) for n, cell in enumerate(cells, start=1))
            runs.append(Run(request.lesson.path, form=request.form, seconds=1.5, **told))  # type: ignore[arg-type]
            options.get("on_done", lambda _: None)(runs[-1])
        return tuple(runs)

    def check(self, **options: Any) -> Report:
        return check_project(Project.open(self.root, environ={}), Options(**options))

    def run_again(self, **options: Any) -> set[str]:
        self.asked = set()
        self.check(**options)
        return self.asked

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def curriculum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Curriculum:
    made = Curriculum(tmp_path, monkeypatch)
    assert made.run_again() == ALL
    assert made.run_again() == set()
    return made


def test_prose_front_matter_and_translations_run_nothing(curriculum: Curriculum) -> None:
    curriculum.write("lessons/a-reader.py", READER.replace("Some prose.", "Other prose.").replace("Reader", "Lector"))
    messages = {"Some prose.": "Algo de prosa."}
    curriculum.write("locales/es/LC_MESSAGES/lessons/a-reader.po", catalog(messages))
    curriculum.write("lessons/new-page.md", "---\ntitle: New\n---\n\nOnly prose.\n")
    assert curriculum.run_again() - {"new-page"} == set()


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("lessons/data/x.csv", "other\n", {"a-reader"}),
        ("lessons/data/y.csv", "other\n", {"b-declarer"}),
        ("lessons/model.py", "VALUE = 2\n", {"c-importer"}),
        ("lessons/data/z.csv", "nobody reads it\n", set()),
        ("lessons/a-reader.py", READER.replace("read()", "readlines()"), {"a-reader"}),
        ("exercises/e.py", EXERCISE.replace("return 1", "return 2 - 1"), {"e solution"}),
        ("exercises/e.py", EXERCISE.replace("one() == 1", "one() in (1,)"), {"e solution", "e starter"}),
    ],
)
def test_a_change_runs_what_it_touches(curriculum: Curriculum, path: str, text: str, expected: set[str]) -> None:
    curriculum.write(path, text)
    assert curriculum.run_again() == expected
    assert curriculum.run_again() == set()


def test_a_pinned_version_runs_what_imports_it(curriculum: Curriculum, monkeypatch: pytest.MonkeyPatch) -> None:
    known = cache._version
    monkeypatch.setattr(cache, "_version", lambda name: "99" if name == "yaml" else known(name))
    assert curriculum.run_again() == {"c-importer"}


def test_limits_run_everything_and_no_cache_too(curriculum: Curriculum) -> None:
    assert curriculum.run_again(cache=False) == ALL
    assert curriculum.run_again(seconds=7) == ALL
    assert curriculum.run_again() == set()


def test_a_cached_report_says_the_same(curriculum: Curriculum) -> None:
    fresh, cached = curriculum.check(cache=False), curriculum.check()
    assert [run.from_cache() for run in fresh.runs] == list(cached.runs)
    assert fresh.findings == cached.findings


def test_times_from_the_cache_stand_at_the_lines_of_today(curriculum: Curriculum) -> None:
    before = {run.path: run.cells for run in curriculum.check().runs}
    curriculum.write("lessons/a-reader.py", READER.replace("Some prose.", "Some prose.\n#\n# And more of it."))
    runs = {run.path: run for run in curriculum.check().runs}
    now = runs["lessons/a-reader.py"]
    assert now.cached
    assert [cell.line for cell in now.cells] == [cell.line + 2 for cell in before["lessons/a-reader.py"]]
    assert (curriculum.root / now.path).read_text().split("\n")[now.cells[0].line - 1].startswith("open(")
    assert runs["lessons/b-declarer.py"].cells == before["lessons/b-declarer.py"]


def test_without_the_kept_sources_the_report_is_the_same(curriculum: Curriculum) -> None:
    curriculum.write(
        "lessons/a-reader.py",
        READER.replace("Some prose.", "Some prose.\n#\n# # Second title\n#\n# [here](http://example.org/)"),
    )
    first, second = curriculum.check(), curriculum.check()
    kept = list((curriculum.root / ".catalyst/sources").iterdir())
    assert first.findings == second.findings
    assert len(curriculum.check().findings) > 1
    for path in kept:
        path.write_text("{")
    assert curriculum.check().findings == first.findings


def test_a_run_that_ended_is_kept_though_the_rest_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Curriculum(tmp_path, monkeypatch)
    count = 0

    def on_done(run: Run) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_project(Project.open(made.root, environ={}), Options(), on_done=on_done)
    assert made.run_again() == ALL - {"a-reader", "b-declarer"}


def test_shards_share_the_work(curriculum: Curriculum) -> None:
    from catalyst_lessons.core.sharding import Shard

    whole = curriculum.check()
    parts = [curriculum.check(shard=Shard(number, 3)) for number in (1, 2, 3)]
    assert sorted((run.path, run.form) for part in parts for run in part.runs) == sorted(
        (run.path, run.form) for run in whole.runs
    )
    findings = [finding for part in parts for finding in part.findings]
    assert sorted(findings, key=str) == sorted(whole.findings, key=str)
    assert all(len(part.runs) in (1, 2) for part in parts)


# Rough treatment

WRITER = """
import itertools, sys
from pathlib import Path
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.cache import RunCache
store = RunCache(Path(sys.argv[1]), size=int(sys.argv[2]))
outputs = {"c": ({"output_type": "stream", "name": "stdout", "text": "x" * 20000},)}
print("ready", flush=True)
for n in itertools.count():
    if len(sys.argv) > 3 and n == int(sys.argv[3]):
        break
    key = f"{n % 20:064}"
    store.put(key, Run(f"lessons/{n % 20}.py", "passed", outputs=outputs))
    found = store.get(key)
    assert found is None or found.path == f"lessons/{n % 20}.py", found
    store.trim()
"""


def writer(folder: Path, *options: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(folder), *options]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert started.stdout
    assert started.stdout.readline() == "ready\n"
    return started


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_process_killed_while_writing_leaves_whole_entries(tmp_path: Path) -> None:
    for _ in range(5):
        process = writer(tmp_path, str(10**9))
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    entries = list(tmp_path.glob("*.json"))
    assert entries
    for path in entries:
        assert json.loads(path.read_text())["key"] == path.stem
        assert RunCache(tmp_path).get(path.stem) is not None


def test_what_a_killed_process_left_goes_when_it_is_old(tmp_path: Path) -> None:
    for name, age in (("new.part", 0), ("old.part", 7200)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    RunCache(tmp_path).trim()
    assert [path.name for path in tmp_path.iterdir()] == ["new.part"]


def test_two_processes_at_once(tmp_path: Path) -> None:
    """The bound is so small that each drops what the other writes."""
    processes = [writer(tmp_path, "60000", "300") for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    RunCache(tmp_path, 60000).trim()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 60000
