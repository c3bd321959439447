"""The check of a curriculum, or of any notebooks: the rules first, then every notebook in a fresh kernel."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from catalyst_lessons.core.checks import check_curriculum
from catalyst_lessons.core.errors import CatalystError, UsageError
from catalyst_lessons.core.exercises import has_solution
from catalyst_lessons.core.model import Curriculum, Lesson, Location
from catalyst_lessons.core.report import Finding, Report, in_order
from catalyst_lessons.core.sharding import Shard, shares
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.files.repository import find_folder
from catalyst_lessons.files.sources import is_source, read_source
from catalyst_lessons.project.durations import share_of
from catalyst_lessons.project.left_behind import check_files_travel
from catalyst_lessons.project.project import CACHE, SETTINGS, Project
from catalyst_lessons.project.proving import Options, prove
from catalyst_lessons.project.reading import source_paths
from catalyst_lessons.project.running import Done, limits_of, requests, starter_requests
from catalyst_lessons.project.translating import check_translations

__all__ = ["Options", "check_files", "check_project", "in_repository", "text_of"]


def check_project(
    project: Project, options: Options, *, only: Sequence[str] = (), on_done: Done = lambda _: None
) -> Report:
    """Everything there is to say about a curriculum, or about some of its sources (project paths)."""
    sources = _chosen(project, only)
    findings = [*project.problems, *project.reading.findings, *_rules(project)]
    findings += _languages(project, sources)
    findings += _launch(project, sources)
    findings += check_files_travel(project.root, [lesson for lesson in sources if lesson.role != "page"])
    if only:
        paths = {lesson.path for lesson in sources}
        findings = [finding for finding in findings if finding.location.path in paths or finding.location.path in only]
    if options.shard:
        findings, sources = _shard(project, sources, findings, options.shard)
    report = Report()
    if options.run:
        wanted = requests(project, [lesson for lesson in sources if lesson.role != "page"])
        starters = starter_requests(project, sources)
        limits = limits_of(project, seconds=options.seconds, memory=options.memory)
        report = prove(project.root, wanted, starters, limits=limits, options=options, on_done=on_done)
    return Report(report.runs, in_order((*findings, *report.findings)))


def _shard(
    project: Project, sources: Sequence[Lesson], findings: Iterable[Finding], shard: Shard
) -> tuple[list[Finding], tuple[Lesson, ...]]:
    """What is said of the sources of one share, and those sources; what is said of no source is said by the first."""
    ours = share_of(sources, shard, folder=project.root / CACHE)
    others = {lesson.path for lesson in sources} - {lesson.path for lesson in ours}
    here = {lesson.path for lesson in ours}
    told = [
        finding
        for finding in findings
        if finding.location.path in here or (shard.number == 1 and finding.location.path not in others)
    ]
    return told, ours


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
            report += Report((), (finding,)).placed(functools.partial(_from_here, root))
    for root, lessons in by_folder.items():
        if options.run:
            report += _run_files(root, lessons, options, on_done)
    return Report(report.runs, in_order(report.findings))


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
    # No cache: it would leave a folder in a place that is not ours.
    place = functools.partial(_from_here, root)
    report = prove(
        root, wanted, (), limits=limits, options=options, store=False, on_done=lambda run: on_done(run.placed(place))
    )
    # Alt text is a rule of a curriculum.
    findings = tuple(finding for finding in report.findings if finding.code.startswith("X"))
    return Report(report.runs, findings).placed(place)


def in_repository(project: Project | None, report: Report) -> Report:
    """The report with paths from the top of the repository that the curriculum, or the working folder, is a part of."""
    folder = find_folder(project.root, project.environ) if project else find_folder(Path.cwd(), os.environ)
    return report.placed(lambda path: path if os.path.isabs(path) else f"{folder}/{path}".strip("/"))


def text_of(project: Project | None) -> Callable[[str], str]:
    """A function that gives the text of a file by its path in a report of this curriculum, or of these lone files."""
    root = project.root if project else Path.cwd()

    def text(path: str) -> str:
        file = root / path
        return file.read_text(encoding="utf-8-sig", errors="replace") if file.is_file() else ""

    return text


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
    for found in project.reading.rules.values():
        yield from found
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
    first = project.languages[0]
    links = (project.launch_links(one, form, first) for one in sources for form in project.forms(one)[:1])
    yield from dict.fromkeys(finding for _, findings in links for finding in findings)
