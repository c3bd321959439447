"""The check of notebooks that belong to no curriculum: each is run in a fresh kernel."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from catalyst_lessons.core.errors import CatalystError, UsageError
from catalyst_lessons.core.exercises import has_solution
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Finding, Report, Run, in_order
from catalyst_lessons.core.sharding import Shard, shares
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.files.repository import find_folder
from catalyst_lessons.files.sources import is_source, read_source
from catalyst_lessons.files.sources.finding import source_paths
from catalyst_lessons.project.proving import Options, prove
from catalyst_lessons.project.running import Done


def check_files(paths: Iterable[Path], options: Options, *, on_done: Done = lambda _: None) -> Report:
    """The check of notebooks that belong to no curriculum: each as it stands, run in a copy of its folder.

    Rules that only a curriculum keeps (front matter, minutes) are not asked of them. Paths in the report begin where we
    are, as those do that were given.
    """
    report = Report()
    by_folder: dict[Path, list[Lesson]] = {}
    for path in _of_shard(dict.fromkeys(path.resolve() for path in _files(paths)), options.shard):
        root = _root_of(path)
        name = path.relative_to(root).as_posix()
        try:
            by_folder.setdefault(root, []).append(read_source(root, name).lesson)
        except CatalystError as error:
            finding = Finding.from_error(error, path=name, code="L100")
            report += Report((), (finding,)).placed(partial(_from_here, root))
    for root, lessons in by_folder.items():
        if options.run:
            report += _run_files(root, lessons, options, on_done)
    return Report(report.runs, in_order(report.findings))


def in_repository(report: Report) -> Report:
    """The report with paths from the top of the repository that the working folder is a part of."""
    folder = find_folder(Path.cwd(), os.environ)
    return report.placed(lambda path: path if os.path.isabs(path) else f"{folder}/{path}".strip("/"))


def _of_shard(paths: Iterable[Path], shard: Shard | None) -> Iterable[Path]:
    if shard is None:
        return paths
    ours = set(shares([path.as_posix() for path in paths], {}, count=shard.count)[shard.number - 1])
    return (path for path in paths if path.as_posix() in ours)


def _from_here(root: Path, path: str) -> str:
    """A path below `root` as it is called from the working folder; whole, if it is not below that."""
    whole = root / path
    here = Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def _run_files(root: Path, lessons: Sequence[Lesson], options: Options, on_done: Done) -> Report:
    wanted = [Request(lesson, "solution" if has_solution(lesson) else "lesson") for lesson in lessons]
    limits = Limits(cell_seconds=options.seconds or Limits().cell_seconds, memory=options.memory or 0)
    place = partial(_from_here, root)

    def done(run: Run) -> None:
        on_done(run.placed(place))

    # No cache: it would leave a folder in a place that is not ours.
    return prove(root, wanted, (), limits=limits, options=options, store=False, on_done=done).placed(place)


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
    """The folder that counts as the project of a lone file, whose path is whole: the repository around it, else the
    folder above its own."""
    here = path.parent
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here.parent)
