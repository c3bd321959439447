"""The catalogs of a curriculum: brought up to date, and how far each language is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from catalyst_lessons.core.errors import CatalystError, UsageError
from catalyst_lessons.core.glossary.terms import check_terms
from catalyst_lessons.core.model import Language, Lesson
from catalyst_lessons.core.report import Finding, in_order
from catalyst_lessons.core.translation import Coverage
from catalyst_lessons.core.translation.checks import check_catalog
from catalyst_lessons.core.translation.progress import progress
from catalyst_lessons.core.translation.status_formats import Line
from catalyst_lessons.files.catalogs import read_catalog, read_credits
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.proved_code import check_code
from catalyst_lessons.project.updating import catalogs, site_lesson, update_catalogs

__all__ = ["Status", "catalogs", "check_translations", "status", "update_catalogs"]


@dataclass(frozen=True, slots=True)
class Status:
    """How far one lesson is in one language.

    `path` is its catalog; `reviewer` who changed it last, and `changed` when, as its header says.
    """

    lesson: Lesson
    language: Language
    path: str
    coverage: Coverage
    words_left: int = 0
    reviewer: str = ""
    changed: str = ""


def status(project: Project) -> tuple[tuple[Status, ...], tuple[Finding, ...]]:
    """How far every catalog is, and a finding for each that cannot be read."""
    rows: list[Status] = []
    findings: list[Finding] = []
    for lesson, language, path in catalogs(project):
        try:
            far = progress(lesson, read_catalog(project.root, path, language.tag))
            said = read_credits(project.root, path)
            rows.append(Status(lesson, language, path, far.coverage, far.words_left, said.reviewer, said.changed))
        except CatalystError as error:
            findings.append(Finding.from_error(error, path=path, code="T230"))
    return tuple(rows), tuple(findings)


def check_translations(project: Project) -> tuple[Finding, ...]:
    """Everything that is wrong with the catalogs and the hand-written translations."""
    found = [
        finding
        for lesson in project.curriculum.sources
        for language in project.languages
        for finding in project.in_language(lesson, language).findings
    ]
    return in_order((*found, *_site_findings(project), *_term_findings(project), *check_code(project)))


def _site_findings(project: Project) -> Iterator[Finding]:
    """What is wrong with the translations of the site's own texts."""
    site = site_lesson(project)
    for lesson, language, path in catalogs(project):
        if lesson.path == site.path:
            try:
                yield from check_catalog(site, read_catalog(project.root, path, language.tag))
            except CatalystError as error:
                yield Finding.from_error(error, path=path, code="T230")


def _term_findings(project: Project) -> Iterator[Finding]:
    """Whether the catalogs use the terms of the glossary; what is wrong with a catalog itself is told elsewhere."""
    for lesson, language, path in catalogs(project):
        with suppress(CatalystError):
            catalog = read_catalog(project.root, path, language.tag)
            yield from check_terms(lesson, catalog, project.curriculum.glossary)


def status_lines(rows: Iterable[Status]) -> tuple[Line, ...]:
    """The rows of a status as its formats print them."""
    return tuple(
        Line(row.language.tag, row.lesson.path, row.coverage, row.words_left, row.changed, row.reviewer, row.path)
        for row in rows
    )


def in_languages(project: Project, findings: Iterable[Finding], tags: Sequence[str]) -> tuple[Finding, ...]:
    """The findings about these languages; all of them where none is named.

    Raises:
        UsageError: a language is not one of the site's.
    """
    known = {language.tag for language in project.languages}
    if unknown := [tag for tag in tags if tag.replace("_", "-") not in known]:
        raise UsageError(f"the site has no language {unknown[0]!r}", hint=f"it has {', '.join(sorted(known))}")
    if not tags:
        return tuple(findings)
    wanted = {tag.replace("_", "-") for tag in tags}
    paths = {path for _, language, path in catalogs(project) if language.tag in wanted}
    paths |= {one.path for (_, tag), one in project.reading.overrides.items() if tag in wanted}
    return tuple(finding for finding in findings if finding.location.path in paths)
