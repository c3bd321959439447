"""A lesson in each language: by its own words, by a hand-written translation, or by its catalog."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.exercises import has_solution
from catalyst_lessons.core.headings import shared_heading_ids
from catalyst_lessons.core.model import Cell, FrontMatter, Language, Lesson, Location
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.words import Words
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation import Catalog, coverage, translate
from catalyst_lessons.core.translation_checks import check_catalog
from catalyst_lessons.files.catalogs import catalog_path, read_catalog

THEME = Path(__file__).parent.parent / "theme"
"""The folder of this package with templates, styles and the words of the interface."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A lesson in one language.

    `share` is how much of it is in that language, 0 to 1. `source` is the file a translator edits: the catalog or the
    hand-written page, "" where the lesson is in its own language. `outdated` says that the hand-written page was made
    from another version of the lesson.
    """

    lesson: Lesson
    original: Lesson
    language: Language
    share: float = 1.0
    source: str = ""
    outdated: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def heading_ids(self) -> dict[str, tuple[str, ...]]:
        """The ids of the original's headings, by cell, so that every language has the same ones."""
        return shared_heading_ids(self.original.cells, self.lesson.cells)


def from_catalog(lesson: Lesson, language: Language, *, root: Path, locales: str) -> Translated:
    """The lesson as its catalog translates it; what is not translated stands in the source language, marked."""
    path = catalog_path(locales, language, lesson.name)
    try:
        catalog = read_catalog(root, path, language.tag)
        findings = check_catalog(lesson, catalog)
    except CatalystError as error:
        catalog = Catalog(language.tag, path, {})
        findings = (Finding.from_error(error, path=path, code="T230"),)
    translated = translate(lesson, catalog, fallback=_marked)
    return Translated(translated, lesson, language, coverage(lesson, catalog).ratio, path, findings=tuple(findings))


def from_override(lesson: Lesson, override: Lesson, language: Language, *, text: str) -> Translated:
    """The lesson as somebody wrote it in that language; `text` is the original's, to see whether it has changed."""
    findings = tuple(_drift(lesson, override, text))
    outdated = any(finding.code == "T220" for finding in findings)
    ours = replace(lesson, cells=_proved(lesson, override, language), front=_front(lesson, override))
    return Translated(replace(ours, language=language.tag), lesson, language, 1.0, override.path, outdated, findings)


def _front(lesson: Lesson, override: Lesson) -> FrontMatter:
    """The translation's front matter, with the original's facts where they must agree, or where it says nothing."""
    ours, theirs = lesson.front, override.front
    return replace(
        ours,
        title=theirs.title if theirs.title.text else ours.title,
        questions=theirs.questions,
        objectives=theirs.objectives,
        keypoints=theirs.keypoints,
        prerequisites=theirs.prerequisites,
        authors=theirs.authors or ours.authors,
        license=theirs.license or ours.license,
    )


def _proved(lesson: Lesson, override: Lesson, language: Language) -> tuple[Cell, ...]:
    """The cells of a hand-written translation with the original's code: what is shown must be what was run.

    Where they cannot be paired, those of a lesson stay as they are; an exercise stays in its own language, because its
    solutions could not be told from the rest.
    """
    if len(override.code_cells) == len(lesson.code_cells):
        originals = iter(lesson.code_cells)
        return tuple(_with_code_of(next(originals), cell) if cell.kind == "code" else cell for cell in override.cells)
    if has_solution(lesson):
        return translate(lesson, Catalog(language.tag), fallback=_marked).cells
    return override.cells


def _with_code_of(original: Cell, cell: Cell) -> Cell:
    """The original's cell with the id, and the words for its pictures, of its translation."""
    alt = {"alt": cell.metadata["alt"]} if cell.metadata.get("alt") else {}
    return replace(original, id=cell.id, metadata={**original.metadata, **alt})


def version_of(text: str) -> str:
    """What names this version of a source in `translation_of`: twelve hex digits that follow from its text."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:12]


def _drift(lesson: Lesson, override: Lesson, text: str) -> Iterator[Finding]:
    now, then = version_of(text), str(override.front.other.get("translation_of", ""))
    place = Location(override.path, override.front.lines.get("translation_of", 0))
    line = f"`translation_of: {now}`"
    if not then:
        message = f"this translation does not say which version of {lesson.path} it was made from"
        yield Finding("T221", message, place, f"write {line} in its front matter once it is up to date", "warning")
    elif then != now:
        message = f"{lesson.path} has changed since this translation was made from it (was {then}, is {now})"
        yield Finding("T220", message, place, f"bring it up to date, then write {line}", "warning")
    ours, theirs = [cell.source for cell in lesson.code_cells], [cell.source for cell in override.code_cells]
    if ours != theirs:
        differing = next(
            (cell for cell, source in zip(override.code_cells, [*ours, None], strict=False) if cell.source != source),
            None,
        )
        message = f"the code differs from that of {lesson.path}; only the original's code is run"
        yield Finding(
            "T222",
            message,
            override.at(differing.line if differing else 0),
            "copy the code cells of the original",
        )


def _marked(text: str, tag: str) -> str:
    return html.in_language(text, Language.of(tag)) if text.strip() else text


@cache
def words_in(tag: str) -> Words:
    """The interface words of a language; what it has no word for is English."""
    language = Language.of(tag)
    for folder in (language.folder, language.folder.partition("_")[0]):
        catalog = read_catalog(THEME, catalog_path("locales", Language.of(folder), "interface"), folder)
        if catalog.messages:
            break

    def words(text: str) -> str:
        message = catalog.messages.get(text)
        return message.translation if message and message.translation and not message.fuzzy else text

    return words
