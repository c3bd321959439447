"""Runs and the run cache: what is proved is not run again."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.model import Location
from catalyst_lessons.core.report import Run
from catalyst_lessons.project import Project
from catalyst_lessons.project.running import limits_of, requests, run_all, runs_for_pages, starter_requests
from catalyst_lessons.project.site import stage_site
from tests.curricula import write_curriculum

LESSON = '---\ntitle: A\n---\n\n```python\nprint("one")\n```\n'
EXERCISE = "---\ntitle: E\n---\n\n```python\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n```\n"
FILES = {"lessons/a.md": LESSON, "lessons/pages/index.md": "---\ntitle: P\n---\n", "exercises/e.md": EXERCISE}


class Kernels:
    """Stands in for the kernels: remembers what it was asked to run."""

    def __init__(self, outcome: str = "passed") -> None:
        self.outcome = outcome
        self.ran: list[str] = []
        self.stop_after = 99

    def __call__(self, root, wanted, *, jobs, limits, on_done):
        runs = []
        for request in wanted:
            if len(self.ran) == self.stop_after:
                raise KeyboardInterrupt
            self.ran.append(f"{request.lesson.path} {request.form}")
            (cell,) = request.lesson.code_cells
            outputs = {cell.id: ({"output_type": "stream", "name": "stdout", "text": "one"},)}
            place = Location(request.lesson.path, 6)
            run = Run(request.lesson.path, self.outcome, request.form, "en", location=place, error="E", outputs=outputs)
            on_done(run)
            runs.append(run)
        return tuple(runs)


@pytest.fixture
def kernels(monkeypatch) -> Kernels:
    one = Kernels()
    monkeypatch.setitem(run_all.__kwdefaults__, "runner", one)
    return one


def open_project(folder, execute="auto", files=FILES) -> Project:
    return Project.open(write_curriculum(folder, files, options=f"execute: {execute}"), environ={})


def run(project, **options):
    return run_all(project.root, requests(project), limits=limits_of(project), **options)


def test_lessons_and_solutions_are_run_and_pages_are_not(tmp_path, kernels):
    runs = run(open_project(tmp_path))
    assert kernels.ran == ["lessons/a.md lesson", "exercises/e.md solution"]
    assert [(one.path, one.cached) for one in runs] == [("lessons/a.md", False), ("exercises/e.md", False)]


def test_cached_run_is_not_run_again(tmp_path, kernels):
    project = open_project(tmp_path)
    first = run(project)
    told = []
    again = run(project, on_done=told.append)
    assert len(kernels.ran) == 2
    assert [one.cached for one in again] == [one.cached for one in told] == [True, True]
    assert again[0].outputs == first[0].outputs


def test_only_what_changed_is_run_again_and_the_order_stays(tmp_path, kernels):
    run(open_project(tmp_path))
    changed = open_project(tmp_path, files={**FILES, "lessons/a.md": LESSON.replace("one", "two")})
    assert [(one.path, one.cached) for one in run(changed)] == [("lessons/a.md", False), ("exercises/e.md", True)]
    assert kernels.ran[2:] == ["lessons/a.md lesson"]


def test_prose_does_not_make_a_run_new(tmp_path, kernels):
    run(open_project(tmp_path))
    run(open_project(tmp_path, files={**FILES, "lessons/a.md": LESSON.replace("title: A", "title: B")}))
    assert len(kernels.ran) == 2


@pytest.mark.parametrize("outcome", ["failed", "errored", "skipped"])
def test_run_that_did_not_pass_is_not_kept(tmp_path, kernels, outcome):
    kernels.outcome = outcome
    project = open_project(tmp_path)
    run(project)
    run(project)
    assert len(kernels.ran) == 4


def test_cache_can_be_passed_over(tmp_path, kernels):
    project = open_project(tmp_path)
    run(project)
    run(project, cache=False)
    assert len(kernels.ran) == 4


def test_what_was_run_before_an_interruption_is_kept(tmp_path, kernels):
    project = open_project(tmp_path)
    kernels.stop_after = 1
    with pytest.raises(KeyboardInterrupt):
        run(project)
    kernels.stop_after = 99
    assert [one.cached for one in run(project)] == [True, False]


@pytest.mark.parametrize(("execute", "ran"), [("auto", 2), ("always", 4), ("never", 0)])
def test_pages_are_run_as_the_settings_say(tmp_path, kernels, execute, ran):
    project = open_project(tmp_path, execute)
    runs_for_pages(project)
    found = runs_for_pages(project)
    assert len(kernels.ran) == ran
    assert set(found) == (set() if execute == "never" else {"lessons/a.md lesson", "exercises/e.md solution"})


def test_pages_that_are_never_run_show_what_was_kept(tmp_path, kernels):
    runs_for_pages(open_project(tmp_path))
    assert set(runs_for_pages(open_project(tmp_path, "never"))) == {"lessons/a.md lesson", "exercises/e.md solution"}


def test_starters_are_asked_for_by_themselves(tmp_path):
    project = open_project(tmp_path)
    wanted = starter_requests(project, project.curriculum.sources)
    assert [(one.lesson.path, one.form) for one in wanted] == [("exercises/e.md", "starter")]


def test_limits_come_from_the_settings_unless_asked_for(tmp_path):
    write_curriculum(tmp_path, FILES, options="cell_timeout: 7\nmemory: 512")
    project = Project.open(tmp_path, environ={})
    assert (limits_of(project).cell_seconds, limits_of(project).memory) == (7, 512)
    assert (limits_of(project, seconds=3, memory=0).cell_seconds, limits_of(project, memory=0).memory) == (3, 0)


def test_output_is_on_the_page_and_a_failed_run_is_a_finding(tmp_path, kernels):
    site = stage_site(open_project(tmp_path / "good"), tmp_path / "staged")
    assert "catalyst-text" in (tmp_path / "staged/es/lessons/a.md").read_text()
    assert site.findings == ()
    kernels.outcome = "failed"
    (finding, other) = stage_site(open_project(tmp_path / "bad"), tmp_path / "staged").findings
    assert (finding.code, str(finding.location)) == ("X305", "exercises/e.md:6") and other.code == "X305"
    assert finding.hint == "correct it, then run it again with `catalyst check exercises/e.md`"
