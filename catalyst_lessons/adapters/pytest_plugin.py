"""`pytest --catalyst`: every notebook of a curriculum as a test, in the run cache and under the limits of the
settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from catalyst_lessons.core.model import Form, Lesson
    from catalyst_lessons.core.report import Finding, Run
    from catalyst_lessons.files.kernels.steps import Plan
    from catalyst_lessons.project import Project


_PLAN: pytest.StashKey[Plan] = pytest.StashKey()


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
    """Registers the collecting only where it is asked for: without `--catalyst` the plugin does nothing at
    all."""
    if config.getoption("--catalyst"):
        config.pluginmanager.register(_Collecting(), "catalyst-lessons-collecting")


class _Collecting:
    def __init__(self) -> None:
        self._parents = ExitStack()

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Lets all tests of this process share their warm parents."""
        from catalyst_lessons.core.exercises import in_form
        from catalyst_lessons.files.kernels.steps import plan_for, warm_parents

        items = [item for item in session.items if isinstance(item, NotebookRun)]
        session.stash[_PLAN] = plan_for(in_form(item.lesson, item.form) for item in items)
        self._parents.enter_context(warm_parents())

    def pytest_sessionfinish(self) -> None:
        """Ends them."""
        self._parents.close()

    @pytest.hookimpl
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        return Notebook.from_parent(parent, path=file_path) if _knows(file_path) else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> Any:
        # A lesson named on the command line is no module to import: that would run it, in our own process.
        return _Nothing.from_parent(parent, path=module_path) if _knows(module_path) else None


class Notebook(pytest.File):
    """A source of the curriculum."""

    def collect(self) -> Iterator[NotebookRun]:
        """One test for a lesson; for an exercise one for its solution and one for its starter.

        Raises:
            CollectError: the source cannot be read.
        """
        root = _root(self.path.parent) or self.path.parent
        if self.path in _broken(root):
            raise self.CollectError(_broken(root)[self.path])
        project, lesson = _sources(root)[self.path]
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
        run = _run(self.project, self.lesson, self.form, plan=self.session.stash.get(_PLAN, {}))
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


def _run(project: Project, lesson: Lesson, form: Form, *, plan: Plan) -> Run:
    from catalyst_lessons.files.kernels.runner import Request, run_many
    from catalyst_lessons.project.running import limits_of, run_all

    runner = partial(run_many, plan=plan)
    (run,) = run_all(project.root, [Request(lesson, form)], limits=limits_of(project), jobs=1, runner=runner)
    return run


def _knows(path: Path) -> bool:
    """Whether this file is a notebook of a curriculum, be it one that cannot be read."""
    root = _root(path.parent)
    return root is not None and (path in _sources(root) or path in _broken(root))


@cache
def _root(folder: Path) -> Path | None:
    return next((one for one in (folder, *folder.parents) if (one / "mkdocs.yml").is_file()), None)


@cache
def _project(root: Path) -> Project:
    from catalyst_lessons.core.errors import CatalystError
    from catalyst_lessons.project import Project

    try:
        return Project.open(root)
    except CatalystError as error:
        raise pytest.Collector.CollectError(str(error)) from error


@cache
def _sources(root: Path) -> dict[Path, tuple[Project, Lesson]]:
    project = _project(root)
    curriculum = project.curriculum
    return {root / lesson.path: (project, lesson) for lesson in curriculum.lessons + curriculum.exercises}


@cache
def _broken(root: Path) -> dict[Path, str]:
    """What is wrong with sources that cannot be read: they are in the findings, and nothing was read of them."""
    project = _project(root)
    found = ((finding.location.path, finding) for finding in project.reading.findings)
    return {root / path: str(one) for path, one in found if project.has(path) and path not in project.reading.texts}
