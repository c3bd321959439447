"""The check of a curriculum, or of any notebooks: the rules first, then every notebook in a fresh kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalyst_lessons.core.checks import check_curriculum, check_lesson, check_outputs
from catalyst_lessons.core.errors import CatalystError, UsageError
from catalyst_lessons.core.exercises import check_contract, check_marks, has_solution
from catalyst_lessons.core.model import Curriculum, Lesson, Location
from catalyst_lessons.core.report import Finding, Report, Run, in_order
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.files.sources import is_source, read_source
from catalyst_lessons.project.project import SETTINGS, Project
from catalyst_lessons.project.reading import source_paths
from catalyst_lessons.project.running import Done, limits_of, requests, run_all, starter_requests
from catalyst_lessons.project.translating import check_translations


@dataclass(frozen=True, slots=True)
class Options:
    """What a check is asked for: `seconds` a cell, `memory` in MiB, `jobs` at a time; None leaves it to the settings."""

    run: bool = True
    cache: bool = True
    jobs: int = 2
    seconds: float | None = None
    memory: int | None = None


def check_project(
    project: Project, options: Options, *, only: Sequence[str] = (), on_done: Done = lambda _: None
) -> Report:
    """Everything there is to say about a curriculum, or about some of its sources (project paths)."""
    sources = _chosen(project, only)
    findings = [*project.problems, *project.reading.findings, *_rules(project)]
    findings += _languages(project, sources)
    findings += _launch(project, sources)
    if only:
        paths = {lesson.path for lesson in sources}
        findings = [finding for finding in findings if finding.location.path in paths or finding.location.path in only]
    runs: tuple[Run, ...] = ()
    if options.run:
        limits = limits_of(project, seconds=options.seconds, memory=options.memory)
        wanted = requests(project, [lesson for lesson in sources if lesson.role != "page"])
        runs = run_all(project.root, wanted, limits=limits, jobs=options.jobs, cache=options.cache, on_done=on_done)
        findings += _outputs(sources, runs)
        starters = starter_requests(project, sources)
        tried = run_all(project.root, starters, limits=limits, jobs=options.jobs, cache=options.cache)
        findings += _contracts(starters, tried)
    return Report(runs, in_order(findings))


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
    runs: list[Run] = []
    for root, lessons in by_folder.items():
        if options.run:
            runs += _run_files(root, lessons, options, on_done)
    return Report(tuple(runs), in_order(findings))


def _run_files(root: Path, lessons: Sequence[Lesson], options: Options, on_done: Done) -> tuple[Run, ...]:
    wanted = [Request(lesson, "solution" if has_solution(lesson) else "lesson") for lesson in lessons]
    limits = Limits(cell_seconds=options.seconds or Limits().cell_seconds, memory=options.memory or 0)
    # No cache: it would leave a folder in a place that is not ours.
    from catalyst_lessons.files.kernels.runner import run_many

    return run_many(root, wanted, jobs=options.jobs, limits=limits, on_done=on_done)


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


def _chosen(project: Project, only: Sequence[str]) -> tuple[Lesson, ...]:
    sources = project.curriculum.sources
    if not only:
        return sources
    chosen = tuple(
        one for one in sources if any(one.path == path or one.path.startswith(f"{path.rstrip('/')}/") for path in only)
    )
    if not chosen:
        broken = {finding.location.path for finding in project.reading.findings}
        if not broken.intersection(only):
            raise UsageError(
                f"{', '.join(only)}: not a source of this curriculum",
                hint="see `catalyst check` without a path",
            )
    return chosen


def _rules(project: Project) -> Iterator[Finding]:
    curriculum: Curriculum = project.curriculum
    for lesson in curriculum.sources:
        yield from check_lesson(lesson)
        yield from check_marks(lesson)
    for override in project.reading.overrides.values():
        yield from check_lesson(override)
    yield from check_curriculum(curriculum, exists=lambda path: (project.root / path).exists())


def _languages(project: Project, sources: Sequence[Lesson]) -> Iterator[Finding]:
    """Translations that break something, and lessons in a language the site does not have."""
    tags = {language.tag for language in project.languages}
    for lesson in sources:
        if lesson.language not in tags:
            line = lesson.front.lines.get("language", 0)
            message = f"the language `{lesson.language}` is not one of the site's: {', '.join(sorted(tags))}"
            yield Finding(
                "L133",
                message,
                lesson.at(line),
                f"add it under `i18n: languages:` in {SETTINGS}, or correct it here",
            )
    yield from check_translations(project)


def _launch(project: Project, sources: Sequence[Lesson]) -> Iterator[Finding]:
    if project.repository is None:
        hint = "set `catalyst-lessons: repository:` to the address that git clones, or push the project to a git host"
        message = "no repository is known, so no launch buttons are made"
        yield Finding("H401", message, Location(SETTINGS, project.settings.lines.get("repository", 0)), hint, "info")
    for lesson in sources:
        for form in project.forms(lesson)[:1]:
            yield from project.launch_links(lesson, form, project.languages[0])[1]


def _contracts(starters: Sequence[Request], runs: Sequence[Run]) -> Iterator[Finding]:
    """What an exercise promises: without its solution, its own check fails."""
    for request, run in zip(starters, runs, strict=True):
        yield from check_contract(request.lesson, run)


def _outputs(sources: Sequence[Lesson], runs: Iterable[Run]) -> Iterator[Finding]:
    by_path = {lesson.path: lesson for lesson in sources}
    for run in runs:
        yield from check_outputs(by_path[run.path], run)
