"""Single files: a translated file from a source and a catalog, and a catalog from a translation made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from catalyst_lessons.core.errors import NoSettingsError, SourceError, UsageError
from catalyst_lessons.core.frontmatter import language_tag
from catalyst_lessons.core.model import Language, Lesson, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.translation import Coverage, coverage
from catalyst_lessons.core.translation.applying import Applied, apply_catalog
from catalyst_lessons.core.translation.applying_notebook import apply_to_notebook
from catalyst_lessons.core.translation.checks import check_catalog
from catalyst_lessons.core.translation.importing import Imported, import_catalog, import_page
from catalyst_lessons.core.translation.kept_code import without_other_code
from catalyst_lessons.core.translation.messages import Catalog
from catalyst_lessons.core.translation.pseudo import pseudo_catalog
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.files.catalogs import catalog_path, read_catalog, read_credits, read_foreign, update_catalog
from catalyst_lessons.files.sources import read_whole
from catalyst_lessons.project.project import Project


@dataclass(frozen=True, slots=True)
class Result:
    """What `apply` gave: the file's new content, the state of its texts, and what is wrong with the catalog."""

    content: bytes
    applied: Applied
    coverage: Coverage
    findings: tuple[Finding, ...] = ()


def apply_file(source: Path, catalog: Path | None, *, language: str = "", comments: bool = False) -> Result:
    """A source translated by a catalog, or, without one, into its pseudo-translation; every other byte as it was.

    Raises:
        SourceError: the source cannot be read.
        CatalogError: the catalog cannot be read.
    """
    text, mark = _read(source)
    lesson = _lesson(text, source, comments=comments)
    if catalog is None:
        found = pseudo_catalog(lesson)
    else:
        if not catalog.is_file():
            raise UsageError(f"there is no catalog {catalog}", hint="name a .po file with --catalog")
        tag = language or read_credits(catalog.parent, catalog.name, anywhere=True).language or "und"
        found = read_catalog(catalog.parent, catalog.name, tag, anywhere=True)
        found = Catalog(found.language, str(catalog), found.messages, found.blocks)
    refused: tuple[Finding, ...] = ()
    if found.blocks and source.suffix != ".ipynb":
        found, refused = without_other_code(text, lesson, found, read=lambda changed: _lesson(changed, source))
    applied = _applied(text, lesson, found, source)
    findings = (*(check_catalog(lesson, found) if catalog else ()), *refused)
    return Result(mark + applied.text.encode("utf-8"), applied, coverage(lesson, found), findings)


def import_file(
    translated: Path, source: Path, output: Path, *, language: Language, blocks: bool = True, write: bool = True
) -> tuple[Imported, bool]:
    """The catalog that a translation made elsewhere gives for a source, and whether it changes the file at `output`.

    Messages that the catalog has stay as they are.

    Raises:
        SourceError: the source or the translated page cannot be read.
        CatalogError: the foreign catalog, or the one at `output`, cannot be read.
    """
    text = _lines(_read(source)[0])

    def read(changed: str) -> Lesson:
        return _lesson(changed, source)

    if translated.suffix.lower() in (".po", ".pot"):
        foreign = read_foreign(translated.parent, translated.name)
        found = import_catalog(text, foreign, read=read, language=language.tag, blocks=blocks)
    elif translated.suffix == source.suffix:
        other = _lines(_read(translated)[0])
        found = import_page(text, other, read=read, language=language.tag, blocks=blocks and source.suffix != ".ipynb")
    else:
        hint = f"a translation of {source.name} is a .po file or a {source.suffix} file"
        raise UsageError(f"{translated.name} cannot be compared with {source.name}", hint=hint)
    changed = update_catalog(
        output.parent,
        output.name,
        extract(read(text)),
        language=language,
        project=source.stem,
        write=write,
        memory=found.messages,
        blocks=found.blocks,
    )
    return found, changed


def _applied(text: str, lesson: Lesson, catalog: Catalog, source: Path) -> Applied:
    if source.suffix != ".ipynb":
        return apply_catalog(text, lesson, catalog)
    try:
        return apply_to_notebook(text, lesson, catalog)
    except ValueError as error:
        raise SourceError(f"this is not a notebook: {error}", location=Location(str(source))) from error


def _read(path: Path) -> tuple[str, bytes]:
    """The text of a file and the byte order mark before it.

    Raises:
        SourceError: there is no such file, or it is not UTF-8.
    """
    try:
        raw = path.read_bytes()
        mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
        return raw[len(mark) :].decode("utf-8"), mark
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", location=Location(str(path))) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8; in most editors this is an option of Save As"
        raise SourceError("this is not UTF-8", location=Location(str(path), line), hint=hint) from error


def _lesson(text: str, source: Path, *, comments: bool = False) -> Lesson:
    return replace(read_whole(text, source.name), comments=comments)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def language_of(translated: Path, source: Path) -> str:
    """The language of a translation: what its PO file says, or the tag in its name (`lesson.es.md`); "" if unknown."""
    if translated.suffix.lower() == ".po":
        return language_tag(read_credits(translated.parent, translated.name, anywhere=True).language)
    name = translated.name.removesuffix(translated.suffix)
    return language_tag(name.removeprefix(f"{source.stem}.")) if name.startswith(f"{source.stem}.") else ""


def catalog_for(source: Path, language: Language) -> Path:
    """Where the catalog of a source is: in its curriculum, or, where there is none around it, beside it."""
    try:
        project = Project.open(source.parent)
        path = source.resolve().relative_to(project.root).as_posix()
    except (NoSettingsError, ValueError):
        path = ""
    if not path or not project.has(path):
        return source.with_name(f"{source.stem}.{language.folder}.po")
    return project.root / catalog_path(project.settings.locales, language, path.rpartition(".")[0])
