"""`pytest --catalyst`: every notebook of a curriculum as a test, in the run cache and under the limits of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from catalyst_lessons.core.model import Form, Lesson
    from catalyst_lessons.core.report import Finding, Run
    from catalyst_lessons.project import Project


class RunFailed(Exception):
    """A notebook did not do what it should; nothing of ours is to be seen in what pytest prints of it."""

    def __init__(self, run: Run, findings: Iterable[Finding] = ()) -> None:
        super().__init__(run.message)
        self.run = run
        self.findings = tuple(findings)

    def __str__(self) -> str:
        if self.findings:
            return "\n".join(str(finding) for finding in self.findings)
        run = self.run
        cell = f" (code cell {run.cell})" if run.cell else ""
        lines = [
            f"{run.location or run.path}: {run.outcome}{cell}",
            run.excerpt,
            f"{run.error}: {run.message}",
        ]
        return "\n".join(line for line in lines if line)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--catalyst`."""
    group = parser.getgroup("catalyst-lessons")
    group.addoption(
        "--catalyst",
        action="store_true",
        help="run the notebooks of the curriculum (see mkdocs.yml) as tests",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Registers the collecting only where it is asked for: without `--catalyst` the plugin does nothing at all."""
    if config.getoption("--catalyst"):
        config.pluginmanager.register(_Collecting(), "catalyst-lessons-collecting")


class _Collecting:
    @pytest.hookimpl
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        found = _source(file_path)
        return Notebook.from_parent(parent, path=file_path) if found else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> Any:
        # A lesson named on the command line is no module to import: that would run it, in our own process.
        return _Nothing.from_parent(parent, path=module_path) if _source(module_path) else None


class Notebook(pytest.File):
    """A source of the curriculum."""

    def collect(self) -> Iterator[NotebookRun]:
        """One test for a lesson; for an exercise one for its solution and one for its starter."""
        found = _source(self.path)
        assert found is not None
        project, lesson = found
        for form in project.forms(lesson):
            yield NotebookRun.from_parent(self, name=form, project=project, lesson=lesson, form=form)


class NotebookRun(pytest.Item):
    """One run of a notebook: a lesson and a solution must pass, a starter must fail its own check."""

    def __init__(self, *, project: Project, lesson: Lesson, form: Form, **others: Any) -> None:
        super().__init__(**others)
        self.project = project
        self.lesson = lesson
        self.form: Form = form

    def runtest(self) -> None:
        """Runs the notebook.

        Raises:
            RunFailed: it did not do what it should.
        """
        run = _run(self.project, self.lesson, self.form)
        if run.outcome == "skipped":
            pytest.skip(run.message)
        if self.form == "starter" and run.outcome != "errored":
            from catalyst_lessons.core.exercises import check_contract

            findings = check_contract(self.lesson, run)
            if findings:
                raise RunFailed(run, findings)
        elif not run.good:
            raise RunFailed(run)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The place, the cell and the last line of the traceback in the source's own lines."""
        if isinstance(excinfo.value, RunFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """What pytest calls the test."""
        return self.path, 0, f"{self.lesson.path} [{self.form}]"


class _Nothing(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        return iter(())


def _run(project: Project, lesson: Lesson, form: Form) -> Run:
    from catalyst_lessons.files.kernels.runner import Request
    from catalyst_lessons.project.running import limits_of, run_all

    (run,) = run_all(project.root, [Request(lesson, form)], limits=limits_of(project), jobs=1)
    return run


def _source(path: Path) -> tuple[Project, Lesson] | None:
    """The source in this file and its project, if it is one."""
    root = _root(path.parent)
    return _sources(root).get(path) if root else None


@cache
def _root(folder: Path) -> Path | None:
    return next((one for one in (folder, *folder.parents) if (one / "mkdocs.yml").is_file()), None)


@cache
def _sources(root: Path) -> dict[Path, tuple[Project, Lesson]]:
    from catalyst_lessons.project import Project

    project = Project.open(root)
    curriculum = project.curriculum
    return {root / lesson.path: (project, lesson) for lesson in curriculum.lessons + curriculum.exercises}
