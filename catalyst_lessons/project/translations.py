"""A lesson in each language: by its own words, by a hand-written translation, or by its catalog."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.exercises import has_solution
from catalyst_lessons.core.headings import shared_heading_ids
from catalyst_lessons.core.model import Cell, FrontMatter, Language, Lesson, Location
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.pages import newer
from catalyst_lessons.core.rendering.words import Words
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation import Catalog, Coverage, Gap, extract, published, translate
from catalyst_lessons.core.translation.checks import check_catalog, refused
from catalyst_lessons.core.translation.progress import Progress, progress
from catalyst_lessons.files.catalogs import catalog_path, read_catalog

SITE = "site"
"""The name of the catalog of the texts that stand in the settings: title and description."""

THEME = Path(__file__).parent.parent / "theme"
"""The folder of this package with templates, styles and the words of the interface."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A lesson in one language.

    `progress` is how far it is translated. `source` is the file a translator edits: the catalog or the
    hand-written page, "" where the lesson is in its own language. `outdated` says that the hand-written page was made
    from another version of the lesson. `plain` is the lesson for readers that have no styles (notebooks), where that is
    another one.
    """

    lesson: Lesson
    original: Lesson
    language: Language
    progress: Progress = field(default_factory=Progress)
    source: str = ""
    outdated: bool = False
    findings: tuple[Finding, ...] = ()
    plain: Lesson | None = None

    @property
    def share(self) -> float:
        """How much of the lesson is in the language, 0 to 1."""
        return self.progress.coverage.ratio

    @property
    def heading_ids(self) -> dict[str, tuple[str, ...]]:
        """The ids of the original's headings, by cell, so that every language has the same ones."""
        return shared_heading_ids(self.original.cells, self.lesson.cells)


def from_catalog(lesson: Lesson, language: Language, *, root: Path, locales: str, earlier: bool = False) -> Translated:
    """The lesson as its catalog translates it; what is not translated stands in the source language, marked.

    With `earlier`, a text that changed after it was translated shows the earlier translation, the new text a tap away.
    """
    path = catalog_path(locales, language, lesson.name)
    try:
        catalog = read_catalog(root, path, language.tag)
        findings = check_catalog(lesson, catalog)
    except CatalystError as error:
        catalog = Catalog(language.tag, path, {})
        findings = (Finding.from_error(error, path=path, code="T230"),)
    plain = translate(lesson, catalog, fallback=_marked)
    shown = plain
    if earlier:
        shown = translate(lesson, catalog, fallback=_with_earlier(language, root / locales), earlier=True)
    far = progress(lesson, catalog)
    return Translated(shown, lesson, language, far, path, findings=tuple(findings), plain=plain)


def from_override(lesson: Lesson, override: Lesson, language: Language, *, text: str) -> Translated:
    """The lesson as somebody wrote it in that language; `text` is the original's, to see whether it has changed."""
    findings = tuple(_drift(lesson, override, text))
    outdated = any(finding.code == "T220" for finding in findings)
    ours = replace(lesson, cells=_proved(lesson, override, language), front=_front(lesson, override))
    far = Progress(Coverage(translated=len(extract(lesson))), outdated=outdated)
    return Translated(replace(ours, language=language.tag), lesson, language, far, override.path, outdated, findings)


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
        number = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), len(ours))
        row = override.code_cells[number].line if number < len(theirs) else 0
        where = f"code cell {number + 1} differs" if number < min(len(ours), len(theirs)) else "code cells differ"
        count = f" (expected {len(ours)} of them, found {len(theirs)})" if len(ours) != len(theirs) else ""
        message = f"{where} from {lesson.path}{count}; only the original's code is run"
        yield Finding("T222", message, override.at(row), "copy the code cells of the original")


def _marked(gap: Gap) -> str:
    """A text that is not translated, in its own language and marked."""
    return html.in_language(gap.text, Language.of(gap.language), stale=gap.stale) if gap.text.strip() else gap.text


# A switch to the new text would be in the way in a heading, a title or a cell of a table.
_ROOM_FOR_A_SWITCH = frozenset({"paragraph", "list item", "quote"})


def _with_earlier(language: Language, locales: Path) -> Callable[[Gap], str]:
    """Marks texts as `_marked` does, and shows the translation of the earlier text where there is room for both."""
    label = newer(words_in(language.tag, locales))

    def shown(gap: Gap) -> str:
        if not gap.earlier or gap.segment.kind not in _ROOM_FOR_A_SWITCH:
            return _marked(gap)
        return html.with_earlier(gap.text, Language.of(gap.language), earlier=gap.earlier, label=label)

    return shown


def words_in(tag: str, locales: Path | None = None) -> Words:
    """The interface words of a language: a curriculum's own in its folder `locales`, else ours, else English ones."""
    path = catalog_path("locales", Language.of(tag), "interface").removeprefix("locales/")
    own = locales / path if locales else None
    return _words_in(tag, locales, path, own.stat().st_mtime_ns if own and own.is_file() else 0)


@lru_cache(maxsize=256)
def _words_in(tag: str, locales: Path | None, path: str, changed: int) -> Words:
    catalogs = [_own_words(tag, locales, path)] if locales and changed else []
    catalogs += [catalog for folder in _folders(tag) if (catalog := _our_words(folder)).messages][:1]

    def words(text: str) -> str:
        found = (catalog.messages.get(text) for catalog in catalogs)
        return next((one.translation for one in found if one and one.usable and one.source == text), text)

    return words


def _folders(tag: str) -> tuple[str, str]:
    folder = Language.of(tag).folder
    return folder, folder.partition("_")[0]


def _our_words(folder: str) -> Catalog:
    return read_catalog(THEME, catalog_path("locales", Language.of(folder), "interface"), folder, anywhere=True)


def _own_words(tag: str, locales: Path, path: str) -> Catalog:
    """The words of a curriculum, without those that bring HTML or templates, which would reach every page."""
    try:
        catalog = read_catalog(locales, path, tag)
    except CatalystError:
        return Catalog(tag)
    safe = {key: one for key, one in catalog.messages.items() if not refused(one.source, one.translation)}
    return Catalog(tag, catalog.path, safe)


def has_words_for(language: Language) -> bool:
    """Whether this package has the words of the interface in a language."""
    return any(_our_words(folder).messages for folder in _folders(language.tag))


def site_words(root: Path, locales: str, language: Language) -> Callable[[str], str]:
    """The texts of the settings in a language: what their catalog translates, else as they are."""
    try:
        catalog = read_catalog(root, catalog_path(locales, language, SITE), language.tag)
    except CatalystError:
        catalog = Catalog(language.tag)
    return lambda text: published(text, catalog) or text
