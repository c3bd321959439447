"""Finding and reading the sources of a curriculum: one broken file is a finding, the rest is read all the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalyst_lessons.core.checks import check_lesson
from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.exercises import check_marks
from catalyst_lessons.core.glossary import parse_glossary
from catalyst_lessons.core.model import Curriculum, Lesson, Location, Role, Term
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.settings import Settings
from catalyst_lessons.core.sitemap import SiteMap
from catalyst_lessons.files.inside import leads_astray
from catalyst_lessons.files.sources import Source, read_source, read_text_of
from catalyst_lessons.files.sources.finding import source_paths
from catalyst_lessons.files.sources.kept import Kept, KeptSources, key_of
from catalyst_lessons.project.glossary_catalogs import with_catalogs
from catalyst_lessons.project.layout import cache_is_ours

SOURCES = ".catalyst/sources"
"""Where sources that were read are kept: reading them takes most of the time of a check in which nothing is run."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the curriculum, hand-written translations by (source path, language tag), texts and findings.

    `rules` is what the rules say of each source by itself, by its path; it is kept with the source. `own_terms` are the
    glossary's entries as its file has them, without what catalogs add.
    """

    curriculum: Curriculum
    overrides: Mapping[tuple[str, str], Lesson] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    rules: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    own_terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    lesson: Lesson
    text: str
    rules: tuple[Finding, ...]


def read_curriculum(root: Path, settings: Settings) -> Reading:
    """Everything under the folders that the settings name."""
    findings: list[Finding] = []
    texts: dict[str, str] = {}
    rules: dict[str, tuple[Finding, ...]] = {}
    sitemap = SiteMap(settings.lessons)
    by_role: dict[Role, list[Lesson]] = {"lesson": [], "exercise": [], "page": []}
    overrides: dict[tuple[str, str], Lesson] = {}
    folders = (settings.lessons, settings.exercises)
    # One of the folders may lie in the other.
    paths = list(dict.fromkeys(path for folder in folders for path in source_paths(root, folder)))
    originals = {re.sub(r"\.[^./]+$", "", path): path for path in reversed(paths)}
    findings += _missing_folders(root, settings)
    for path in _in_order(paths, settings.order):
        base, tag = override_of(path, (language.tag for language in settings.languages))
        role = _role(path, settings, sitemap)
        source = _read(root, path, role, tag or settings.source_language, settings, findings)
        if source is None:
            continue
        texts[path], rules[path] = source.text, source.rules
        original = originals.get(base, "") if tag else ""
        if original:
            overrides[original, tag] = source.lesson
        else:
            by_role[source.lesson.role].append(source.lesson)
    findings += _same_name(by_role)
    terms, problems = _glossary(root, settings)
    written_in, locales = settings.source_language, settings.locales
    glossary = with_catalogs(terms, settings.languages, root=root, locales=locales, source=written_in)
    curriculum = Curriculum(
        settings.title, tuple(by_role["lesson"]), _by_lesson(by_role), tuple(by_role["page"]), glossary
    )
    return Reading(curriculum, overrides, texts, (*findings, *problems), rules, terms)


def override_of(path: str, tags: Iterable[str]) -> tuple[str, str]:
    """The name a hand-written translation replaces and its language: `lessons/x.pt.md` is `lessons/x` in `pt`."""
    name = re.sub(r"\.[^./]+$", "", path)
    for tag in tags:
        for written in (tag, tag.replace("-", "_")):
            if name.endswith(f".{written}"):
                return name[: -len(written) - 1], tag
    return name, ""


def _read(
    root: Path, path: str, role: Role, language: str, settings: Settings, findings: list[Finding]
) -> _Source | None:
    if astray := leads_astray(root, path):
        findings.append(Finding("L100", astray, Location(path), "put the file itself here"))
        return None
    if not path.isprintable() or "\\" in path:
        shown = path.encode("unicode_escape").decode("ascii")
        message = "the name of the file has a backslash, a line break or another sign that no page can have"
        findings.append(Finding("L100", message, Location(shown), "rename it; letters, digits and hyphens are safe"))
        return None
    kept = KeptSources(root / SOURCES) if cache_is_ours(root) else None
    name = f"{path} {role} {language}"
    try:
        text = read_text_of(root, path)
        key = key_of(name, settings.license, text)
        found = kept.get(name, key) if kept else None
        if found is None:
            found = _judged(_licensed(read_source(root, path, role=role, language=language), settings))
            if kept:
                kept.put(name, key, found)
    except CatalystError as error:
        findings.append(Finding.from_error(error, path=path, code="L100"))
        return None
    findings += found.reading
    lesson = replace(found.lesson, comments=settings.translate_comments)
    return _Source(lesson, text, found.rules)


def _judged(source: Source) -> Kept:
    return Kept(
        source.lesson,
        source.findings,
        (*check_lesson(source.lesson, told=source.findings, text=source.text), *check_marks(source.lesson)),
    )


def _licensed(source: Source, settings: Settings) -> Source:
    """The source under the curriculum's license, where it names none of its own."""
    front = source.lesson.front
    if front.license:
        return source
    return replace(source, lesson=replace(source.lesson, front=replace(front, license=settings.license)))


def _role(path: str, settings: Settings, sitemap: SiteMap) -> Role:
    if path.startswith(f"{sitemap.pages}/"):
        return "page"
    return "exercise" if path.startswith(f"{settings.exercises}/") else "lesson"


def _in_order(paths: list[str], order: tuple[str, ...]) -> list[str]:
    """Paths that the settings put in order first, then the others by name."""
    wanted = {path: place for place, path in enumerate(order)}
    return sorted(paths, key=lambda path: (wanted.get(path, len(wanted)), path))


def _by_lesson(by_role: Mapping[Role, list[Lesson]]) -> tuple[Lesson, ...]:
    """The exercises in the order of the lessons they belong to; those of no lesson come last."""
    place = {lesson.path: number for number, lesson in enumerate(by_role["lesson"])}
    return tuple(sorted(by_role["exercise"], key=lambda one: (place.get(one.front.lesson, len(place)), one.path)))


def _missing_folders(root: Path, settings: Settings) -> Iterator[Finding]:
    if not (root / settings.lessons).is_dir():
        hint = f"make the folder `{settings.lessons}`, or name another under `catalyst-lessons: lessons:`"
        line = settings.lines.get("lessons", 0)
        yield Finding(
            "C530",
            f"there is no folder `{settings.lessons}` with lessons",
            Location("mkdocs.yml", line),
            hint,
        )
    known = settings.order
    for path in known:
        if not (root / path).is_file():
            line = settings.lines.get("order", 0)
            hint = "paths are relative to mkdocs.yml, such as lessons/01-intro.md"
            yield Finding("C531", f"`order` names `{path}`, which is not there", Location("mkdocs.yml", line), hint)


def _same_name(by_role: Mapping[Role, list[Lesson]]) -> Iterator[Finding]:
    seen: dict[str, Lesson] = {}
    for lesson in [lesson for lessons in by_role.values() for lesson in lessons]:
        first = seen.setdefault(lesson.name, lesson)
        if first is not lesson:
            message = f"two sources would make the same page: this one and {first.path}"
            yield Finding("L132", message, lesson.at(), "rename one of them")


def _glossary(root: Path, settings: Settings) -> tuple[tuple[Term, ...], tuple[Finding, ...]]:
    path = root / settings.glossary
    if not path.is_file():
        return (), ()
    if astray := leads_astray(root, settings.glossary):
        return (), (Finding("L130", astray, Location(settings.glossary), "put the file itself here"),)
    return parse_glossary(path.read_text(encoding="utf-8", errors="replace"), path=settings.glossary)
