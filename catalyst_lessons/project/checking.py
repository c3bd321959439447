"""The check of a curriculum: the rules first, then every notebook in a fresh kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from catalyst_lessons.core.checks import check_curriculum, check_outputs, check_texts
from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import Curriculum, Lesson, Location
from catalyst_lessons.core.report import Finding, Report, Run, in_order
from catalyst_lessons.core.sharding import Shard
from catalyst_lessons.files.inside import is_there
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.files.repository import find_folder
from catalyst_lessons.project.durations import share_of
from catalyst_lessons.project.layout import CACHE, SETTINGS, cache_is_ours
from catalyst_lessons.project.left_behind import check_files_travel
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.proving import Options, prove
from catalyst_lessons.project.running import Done, limits_of, requests, starter_requests
from catalyst_lessons.project.translating import check_translations
from catalyst_lessons.project.updating import site_lesson


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
    findings += _cache(project)
    if options.shard:
        findings, sources = _shard(project, sources, findings, options.shard)
    report = Report()
    if options.run:
        wanted = requests(project, [lesson for lesson in sources if lesson.role != "page"])
        starters = starter_requests(project, sources)
        limits = limits_of(project, seconds=options.seconds, memory=options.memory)
        report = prove(project.root, wanted, starters, limits=limits, options=options, on_done=on_done)
        findings += _outputs(wanted, report.runs)
    return Report(report.runs, in_order((*findings, *report.findings)))


def _cache(project: Project) -> Iterator[Finding]:
    if not cache_is_ours(project.root):
        message = f"`{CACHE}` is under version control: what is kept there was not used, and everything was run"
        hint = f"type `git rm -r --cached {CACHE}`, and name `/{CACHE}/` in .gitignore"
        yield Finding("X343", message, Location(CACHE), hint, "warning")


def _outputs(wanted: Sequence[Request], runs: Iterable[Run]) -> Iterator[Finding]:
    """What is wrong with the figures that the runs made. After Ctrl-C there are fewer runs than were wanted."""
    lessons = {(request.lesson.path, request.form): request.lesson for request in wanted}
    for run in runs:
        yield from check_outputs(lessons[run.path, run.form], run)


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


def in_repository(project: Project, report: Report) -> Report:
    """The report with paths from the top of the repository that the curriculum is a part of."""
    return report.under(find_folder(project.root, project.environ))


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
    yield from check_curriculum(curriculum, exists=partial(is_there, project.root))
    yield from check_texts(site_lesson(project))


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
