"""The catalogs of a curriculum: brought up to date, and how far each language is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.model import Language, Lesson
from catalyst_lessons.core.report import Finding, in_order
from catalyst_lessons.core.translation import Coverage, coverage, extract
from catalyst_lessons.files.catalogs import catalog_path, read_catalog, update_catalog
from catalyst_lessons.project.project import Project


@dataclass(frozen=True, slots=True)
class Status:
    """How far one lesson is in one language; `path` is its catalog."""

    lesson: Lesson
    language: Language
    path: str
    coverage: Coverage


def catalogs(project: Project) -> Iterator[tuple[Lesson, Language, str]]:
    """Every catalog there is to keep: for each source, the languages it is not in, by itself or by hand."""
    for lesson in project.curriculum.sources:
        for language in project.languages:
            overridden = (lesson.path, language.tag) in project.reading.overrides
            if language.tag != lesson.language and not overridden:
                yield lesson, language, catalog_path(project.settings.locales, language, lesson.name)


def update_catalogs(project: Project, *, write: bool) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Bring every catalog in line with its source.

    Returns:
        The paths that changed (or would change), and a finding for each catalog that cannot be read.
    """
    changed: list[str] = []
    findings: list[Finding] = []
    segments = {lesson.path: extract(lesson) for lesson in project.curriculum.sources}
    for lesson, language, path in catalogs(project):
        try:
            title = project.settings.title
            if update_catalog(project.root, path, segments[lesson.path], language=language, project=title, write=write):
                changed.append(path)
        except CatalystError as error:
            findings.append(Finding.from_error(error, path=path, code="T230"))
    return tuple(changed), tuple(findings)


def status(project: Project) -> tuple[tuple[Status, ...], tuple[Finding, ...]]:
    """How far every catalog is, and a finding for each that cannot be read."""
    rows: list[Status] = []
    findings: list[Finding] = []
    for lesson, language, path in catalogs(project):
        try:
            rows.append(
                Status(lesson, language, path, coverage(lesson, read_catalog(project.root, path, language.tag)))
            )
        except CatalystError as error:
            findings.append(Finding.from_error(error, path=path, code="T230"))
    return tuple(rows), tuple(findings)


def check_translations(project: Project) -> tuple[Finding, ...]:
    """Everything that is wrong with the catalogs and the hand-written translations."""
    return in_order(
        finding
        for lesson in project.curriculum.sources
        for language in project.languages
        for finding in project.in_language(lesson, language).findings
    )
