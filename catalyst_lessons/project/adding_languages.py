"""A language more for a curriculum: in its settings, and with catalogs for its translators."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.settings.adding import with_language
from catalyst_lessons.files.writing import write_bytes
from catalyst_lessons.project.layout import SETTINGS
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.scaffolding import known_language
from catalyst_lessons.project.updating import update_catalogs


def add_language(project: Project, tag: str, *, name: str = "") -> tuple[Language, Sequence[str], Sequence[Finding]]:
    """Add a language to the settings file, whose comments and layout stay, and make its catalogs.

    Returns:
        The language, the catalogs that are new, and what kept one from being made.

    Raises:
        UsageError: the tag is none, the site has the language, or the file cannot be edited safely; nothing changed.
    """
    language = known_language(tag, name=name)
    settings = project.settings
    if language.tag in {one.tag for one in (*settings.languages, *settings.unbuilt_languages)}:
        line = settings.lines.get(f"languages.{language.tag}", 0)
        hint = "its catalogs are made by `catalyst translate update`"
        raise UsageError(
            f"the site has the language {language.tag} already", location=Location(SETTINGS, line), hint=hint
        )
    default = next(one for one in settings.languages if one.tag == settings.default_language)
    # Where the file is a link, what it leads to is edited and the link stays.
    file = (project.root / SETTINGS).resolve()
    before = file.read_bytes()
    # Bytes, because line ends and a byte order mark stay as they are.
    changed = with_language(_text(before), tag=tag, name=language.name, default=default, path=SETTINGS)
    write_bytes(file, before[: before.startswith(BOM_UTF8) * len(BOM_UTF8)] + changed.encode())
    paths, findings = update_catalogs(
        Project.open(project.root, environ=project.environ), write=True, only=language.tag
    )
    return language, paths, findings


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8; in most editors this is an option of Save As"
        raise UsageError("this is not UTF-8", location=Location(SETTINGS, line), hint=hint) from error
