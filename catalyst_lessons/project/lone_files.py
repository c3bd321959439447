"""The check of notebooks that belong to no curriculum: each is run in a fresh kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from catalyst_lessons.core.errors import CatalystError, UsageError
from catalyst_lessons.core.exercises import has_solution
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Finding, Report, in_order
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.files.sources import is_source, read_source
from catalyst_lessons.files.sources.finding import source_paths
from catalyst_lessons.project.proving import Options, prove
from catalyst_lessons.project.running import Done


def check_files(paths: Iterable[Path], options: Options, *, on_done: Done = lambda _: None) -> Report:
    """The check of notebooks that belong to no curriculum: each as it stands, run in a copy of its folder.

    Rules that only a curriculum keeps (front matter, minutes) are not asked of them.
    """
    findings: list[Finding] = []
    by_folder: dict[Path, list[Lesson]] = {}
    for path in _files(paths):
        root = _root_of(path)
        try:
            source = read_source(root, path.resolve().relative_to(root.resolve()).as_posix())
        except CatalystError as error:
            findings.append(Finding.from_error(error, path=str(path), code="L100"))
            continue
        by_folder.setdefault(root, []).append(source.lesson)
    report = Report((), tuple(findings))
    for root, lessons in by_folder.items():
        if options.run:
            report += _run_files(root, lessons, options, on_done)
    return Report(report.runs, in_order(report.findings))


def _run_files(root: Path, lessons: Sequence[Lesson], options: Options, on_done: Done) -> Report:
    wanted = [Request(lesson, "solution" if has_solution(lesson) else "lesson") for lesson in lessons]
    limits = Limits(cell_seconds=options.seconds or Limits().cell_seconds, memory=options.memory or 0)
    # No cache: it would leave a folder in a place that is not ours.
    return prove(root, wanted, (), limits=limits, options=options, store=False, on_done=on_done)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (path / found.removeprefix("./") for found in source_paths(path, "."))
        elif not path.exists():
            raise UsageError(f"there is no file {path}", hint="name a notebook, a Jupytext source or a folder")
        elif not is_source(path.name):
            raise UsageError(
                f"{path} is no notebook and no Jupytext source",
                hint="known endings: .ipynb .md .py .Rmd .R .jl",
            )
        else:
            yield path


def _root_of(path: Path) -> Path:
    """The folder that counts as the project of a lone file: the repository around it, else the folder above its own."""
    here = path.resolve().parent
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here.parent)
