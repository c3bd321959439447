"""What is run again after a change, in a small curriculum; and a cache under rough treatment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from curricula import catalog, write_curriculum

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.report import CellTime, Report, Run
from catalyst_lessons.files.kernels import cache
from catalyst_lessons.files.kernels.cache import RunCache
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request, Stopped
from catalyst_lessons.project import Project, layout, proving, running
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


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def as_a_commit_brings_it(curriculum: Curriculum) -> None:
    git(curriculum.root, "add", "--force", ".catalyst")


def under_another_name(curriculum: Curriculum) -> None:
    (curriculum.root / ".catalyst").rename(curriculum.root / "kept")
    (curriculum.root / ".catalyst").symlink_to("kept")
    git(curriculum.root, "add", "--force", "kept", ".catalyst")


def in_other_letters(curriculum: Curriculum) -> None:
    # As it is found where `.Catalyst` and `.catalyst` are one folder.
    (curriculum.root / ".Catalyst").mkdir()
    (curriculum.root / ".Catalyst/x.json").touch()
    git(curriculum.root, "add", "--force", ".Catalyst")


def behind_a_repository_in_the_tree(curriculum: Curriculum) -> None:
    as_a_commit_brings_it(curriculum)
    subfolder = curriculum.root / "sub"
    subfolder.mkdir()
    for path in list(curriculum.root.iterdir()):
        if path.name not in ("sub", ".git"):
            path.rename(subfolder / path.name)
    git(curriculum.root, "add", "--force", ".")
    subprocess.run(["git", "init", "--bare", "-q", str(subfolder)], check=True)
    curriculum.root = subfolder


@pytest.mark.parametrize(
    "bring", [as_a_commit_brings_it, under_another_name, in_other_letters, behind_a_repository_in_the_tree]
)
def test_a_cache_under_version_control_is_not_believed(
    curriculum: Curriculum, bring: Callable[[Curriculum], None]
) -> None:
    git(curriculum.root, "init", "-q")
    layout.cache_is_ours.cache_clear()
    assert curriculum.run_again() == set()
    assert [one.code for one in curriculum.check().findings if one.code == "X343"] == []
    # As it should be: a forged cache would be believed.
    assert runs_for_pages_never(curriculum) != {}
    # What is kept says that a source has no faults.
    curriculum.write("lessons/a-reader.py", "# %% [markdown]\n# ![](none.png)\n\n# %%\n1\n")
    faults = {one.code for one in curriculum.check().findings}
    for path in (curriculum.root / ".catalyst/sources").iterdir():
        entry = json.loads(path.read_text())
        path.write_text(json.dumps({**entry, "reading": [], "rules": []}))
    assert {one.code for one in curriculum.check().findings} < faults
    bring(curriculum)
    layout.cache_is_ours.cache_clear()
    assert curriculum.run_again() >= ALL - {"a-reader"}
    assert {one.code for one in curriculum.check().findings} >= faults | {"X343"}
    assert runs_for_pages_never(curriculum) == {}


def runs_for_pages_never(curriculum: Curriculum) -> dict[str, Run]:
    settings = curriculum.root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("  - catalyst-lessons:\n", "  - catalyst-lessons:\n      execute: never\n"))
    return running.runs_for_pages(Project.open(curriculum.root, environ={}))


def test_ordinary_kernels_take_nobody_elses_word(curriculum: Curriculum) -> None:
    assert curriculum.run_again(engine="jupyter") == ALL
    assert curriculum.run_again(engine="jupyter") == set()
    assert curriculum.run_again() == set()


@pytest.mark.parametrize("forms", [{"starter"}, {"lesson", "solution"}])
def test_after_control_c_the_report_has_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forms: set[str]
) -> None:
    made = Curriculum(tmp_path, monkeypatch)
    calls = []

    def interrupted(root: Path, requests: Sequence[Request], **options: Any) -> tuple[Run, ...]:
        runs = made.run_many(root, requests, **options)
        if {request.form for request in requests} <= forms:
            calls.append(requests)
        if len(calls) == (1 if forms == {"starter"} else 2):
            raise Stopped(tuple(replace(run, outcome="failed") for run in runs))
        return runs

    monkeypatch.setattr(proving, "run_many", interrupted)
    report = made.check(twice=True)
    assert "X341" in {one.code for one in report.findings}
    assert [(run.form, run.outcome) for run in report.runs] == [("lesson", "passed")] * 3 + [("solution", "passed")]


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
