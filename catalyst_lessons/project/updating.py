"""Catalogs in line with their sources: moved with them, filled from one another, one for the texts of the settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.model import Cell, FrontMatter, Language, Lesson, Location, Phrase
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation import extract, state_of
from catalyst_lessons.core.translation.messages import Message, Segment
from catalyst_lessons.files.catalogs import (
    catalog_path,
    catalog_paths,
    move_catalog,
    read_catalog,
    read_obsolete,
    template,
    update_catalog,
)
from catalyst_lessons.files.writing import write_bytes
from catalyst_lessons.project.glossary_catalogs import GLOSSARY, glossary_lesson
from catalyst_lessons.project.layout import SETTINGS
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.translations import SITE, THEME, has_words_for

INTERFACE = "interface"
SAME_LESSON = 0.6
"""The share of a catalog's messages that must be in a source, to take that source for its lesson under a new name."""

REFERENCE = Language.of("es")
"""The language whose catalog in this package lists all words of the interface."""


def catalogs(project: Project) -> Iterator[tuple[Lesson, Language, str]]:
    """Every catalog there is to keep: for each source, the languages it is not in, by itself or by hand.

    The last ones of each language are those of the site's own texts, and of the glossary where it lacks entries.
    """
    for lesson in project.curriculum.sources:
        for language in project.languages:
            overridden = (lesson.path, language.tag) in project.reading.overrides
            if language.tag != lesson.language and not overridden:
                yield lesson, language, catalog_path(project.settings.locales, language, lesson.name)
    site = site_lesson(project)
    for language in project.languages:
        if language.tag != site.language and extract(site):
            yield site, language, catalog_path(project.settings.locales, language, SITE)
        terms = _glossary(project, language)
        if terms.cells:
            yield terms, language, catalog_path(project.settings.locales, language, GLOSSARY)


def _glossary(project: Project, language: Language) -> Lesson:
    settings = project.settings
    if language.tag == settings.source_language:
        return Lesson(settings.glossary, ())
    terms = project.reading.own_terms
    return glossary_lesson(terms, language, source=settings.source_language, path=settings.glossary)


def site_lesson(project: Project) -> Lesson:
    """The texts of the settings that readers see, title and description, as if they were a lesson."""
    settings = project.settings
    line = settings.lines.get("site_description", 0)
    about = (Cell("markdown", settings.description, "description", (line,)),) if settings.description else ()
    title = Phrase(settings.title, settings.source_language, settings.lines.get("site_name", 0))
    return Lesson(SETTINGS, about, FrontMatter(title=title), settings.source_language, "page")


def update_catalogs(
    project: Project, *, write: bool, rematch: bool = False, only: str = ""
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Bring every catalog in line with its source.

    With `rematch`, texts that differ in marks and white space alone count as the same: for catalogs that an earlier
    version of this program made. With `only`, the tag of a language, catalogs in others stay as they are.

    Returns:
        The paths that changed (or would change), and a finding for each catalog that cannot be read or has no source.
    """
    changed: list[str] = []
    findings: list[Finding] = []
    wanted: dict[Language, dict[str, tuple[Segment, ...]]] = {}
    for lesson, language, path in catalogs(project):
        wanted.setdefault(language, {})[path] = extract(lesson)
    for language in project.languages:
        if only not in ("", language.tag):
            continue
        texts = wanted.get(language, {}) | _interface(project, language)
        moved = _moved(project, language, texts, write=write)
        findings += _left_over(project, language, {*texts, *moved.values()})
        memory = _memory(project, language)
        for path, segments in texts.items():
            try:
                if update_catalog(
                    project.root,
                    path,
                    segments,
                    language=language,
                    project=project.settings.title,
                    write=write,
                    memory=memory,
                    rematch=rematch,
                ):
                    changed.append(f"{path} (moved from {moved[path]})" if path in moved else path)
                elif path in moved:
                    changed.append(f"{path} (moved from {moved[path]})")
            except CatalystError as error:
                findings.append(Finding.from_error(error, path=path, code="T230"))
    return tuple(changed), tuple(findings)


def templates(project: Project) -> Iterator[tuple[str, str]]:
    """A PO template for each source and for the site's own texts: its path below a folder, and its text."""
    site = site_lesson(project)
    named = [(lesson.name, extract(lesson)) for lesson in project.curriculum.sources]
    for name, segments in (*named, (SITE, extract(site)), (INTERFACE, _interface_segments())):
        if segments:
            yield f"{name}.pot", template(segments, project=project.settings.title)


def _interface(project: Project, language: Language) -> dict[str, tuple[Segment, ...]]:
    """The curriculum's own catalog of interface words: where it has one, or this package has none for the language."""
    path = catalog_path(project.settings.locales, language, INTERFACE)
    own = (project.root / path).is_file()
    if language.tag.split("-")[0] == "en" or not (own or not has_words_for(language)):
        return {}
    return {path: _interface_segments()}


def _interface_segments() -> tuple[Segment, ...]:
    words = read_catalog(THEME, catalog_path("locales", REFERENCE, INTERFACE), REFERENCE.tag, anywhere=True).messages
    return tuple(Segment(message.source, "interface", Location("")) for message in words.values())


# Renamed lessons ------------------------------------------------------------------------------------------------------


def _moved(
    project: Project, language: Language, wanted: Mapping[str, Iterable[Segment]], *, write: bool
) -> dict[str, str]:
    """The catalogs of renamed lessons, moved to where they are looked for: the new path, and the one before."""
    there = list(catalog_paths(project.root, project.settings.locales, language))
    without_source = [path for path in there if path not in wanted]
    missing = {path: {one.key for one in segments} for path, segments in wanted.items() if path not in there}
    moves: dict[str, str] = {}
    for old in without_source if missing else ():
        texts = _texts(project.root, old, language)
        shares = {path: len(texts & keys) / len(texts) for path, keys in missing.items() if texts and path not in moves}
        best = max(shares, key=shares.__getitem__, default="")
        if best and shares[best] >= SAME_LESSON:
            moves[best] = old
    for new, old in moves.items() if write else ():
        move_catalog(project.root, old, new)
    return moves


def _left_over(project: Project, language: Language, known: Collection[str]) -> Iterator[Finding]:
    """A remark on each catalog whose source is gone; other lessons may still take translations from it."""
    for path in catalog_paths(project.root, project.settings.locales, language):
        if path not in known:
            hint = "delete it if that lesson is not coming back"
            yield Finding("T231", "this catalog belongs to no source of the curriculum", Location(path), hint, "info")


def _texts(root: Path, path: str, language: Language) -> set[str]:
    try:
        return set(read_catalog(root, path, language.tag).messages)
    except CatalystError:
        return set()


# Translation memory ---------------------------------------------------------------------------------------------------


def _memory(project: Project, language: Language) -> dict[str, Message]:
    """What the catalogs of a language have, for a text that is new in one of them.

    A text that two lessons translate in two ways is fuzzy: somebody has to choose.
    """
    active: dict[str, list[Message]] = {}
    old: dict[str, list[Message]] = {}
    for path in catalog_paths(project.root, project.settings.locales, language):
        try:
            catalog = read_catalog(project.root, path, language.tag)
            for key in catalog.messages:
                if state_of(key, catalog) == "translated":
                    active.setdefault(key, []).append(catalog.messages[key])
            for message in read_obsolete(project.root, path):
                if message.usable:
                    old.setdefault(message.source, []).append(message)
        except CatalystError:
            continue  # told where the catalog itself is updated
    return {key: _one_of(found) for key, found in (old | active).items()}


def _one_of(found: list[Message]) -> Message:
    ways = {message.translation for message in found}
    return Message(found[0].source, found[0].translation, fuzzy=len(ways) > 1)


def write_templates(project: Project, folder: Path, *, write: bool) -> tuple[Path, ...]:
    """Bring the templates in a folder up to date; the paths that change (or would). Dates alone are no change."""
    changed = []
    for name, text in templates(project):
        path = folder / name
        if not path.is_file() or _without_date(path.read_text(encoding="utf-8", errors="replace")) != _without_date(
            text
        ):
            changed.append(path)
            if write:
                write_bytes(path, text.encode())
    return tuple(changed)


def _without_date(text: str) -> str:
    return re.sub(r'^"POT-Creation-Date:.*$', "", text, count=1, flags=re.M)
