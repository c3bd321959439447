"""New curricula, lessons and exercises from the templates of this package; nothing that is there is written over."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from catalyst_lessons import __version__
from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering.localized import language_name
from catalyst_lessons.core.scaffold import PLACEHOLDER, Sketch, SourceForm, filled, front_of, written
from catalyst_lessons.core.settings.adding import yaml_text
from catalyst_lessons.core.settings.values import LOCALE, hint_for_tag
from catalyst_lessons.files.catalogs import catalog_path, read_catalog
from catalyst_lessons.files.sources import read_whole
from catalyst_lessons.files.sources.finding import ABOUT, NOT_LESSONS
from catalyst_lessons.files.writing import write_bytes
from catalyst_lessons.project.project import Project

TEMPLATES = Path(__file__).parent.parent / "scaffold"
"""The folder of this package with what `catalyst new` writes, and the words of it in other languages."""

Kind = Literal["lesson", "exercise"]

FORMS: Mapping[str, SourceForm | None] = {".md": "markdown", ".py": None, ".ipynb": "notebook"}
"""The formats by ending; a script is written as its template stands."""

FILES: Mapping[str, str] = {
    "mkdocs.yml": "mkdocs.yml",
    "requirements.txt": "requirements.txt",
    "README.md": "README.md",
    "LICENSE": "LICENSE",
    "LICENSE-LESSONS.md": "LICENSE-LESSONS.md",
    # Under their own names these two would be read where the templates stand.
    ".gitignore": "gitignore",
    ".github/workflows/lessons.yml": "workflow.yml",
    "locales/README.md": "locales.md",
}
"""The files of a new curriculum besides its sources, and the template of each."""
FIRST_LESSON, FIRST_EXERCISE = "lessons/01-first-lesson.md", "exercises/first-exercise.py"
WHICH_LESSON = f"the lesson it belongs to, such as {FIRST_LESSON}"
LICENSE = "CC-BY-4.0"


def new_curriculum(folder: Path, *, tag: str = "en") -> tuple[str, ...]:
    """Write a small curriculum into a new or empty folder, in one language, that builds at once.

    Returns:
        The paths written, relative to the folder.

    Raises:
        UsageError: the folder is not empty, or the tag is none.
    """
    language = known_language(tag)
    folder = folder.resolve()
    # A repository that was just cloned has its history and nothing else.
    there = sorted(path.name for path in folder.iterdir() if path.name != ".git") if folder.is_dir() else []
    if there or (folder.exists() and not folder.is_dir()):
        message = f"{folder} is not empty: it has {', '.join(there[:3])}" if there else f"{folder} is a file"
        raise UsageError(message, hint="name a new folder; nothing is written over what is there")
    heading = _heading(folder.name)
    values = {
        "title": yaml_text(heading),
        "heading": heading,
        "tag": yaml_text(language.tag),
        "language": yaml_text(language.name),
        "license": LICENSE,
        "lesson": FIRST_LESSON,
        "year": str(datetime.now(UTC).year),
        "version": __version__,
    }
    words = words_in(language.tag)
    texts = {path: filled(_template(f"curriculum/{name}"), words=words, values=values) for path, name in FILES.items()}
    for kind, path in (("lesson", FIRST_LESSON), ("exercise", FIRST_EXERCISE)):
        texts[path] = _source(kind, FORMS[PurePosixPath(path).suffix], words, values)
    for path, text in texts.items():
        write_bytes(folder / path, text.encode())
    return tuple(texts)


def new_source(project: Project, path: Path, kind: Kind, *, lesson: str = "", myst: bool = False) -> str:
    """Write a new lesson or exercise in the language of the curriculum's sources.

    Args:
        project: the curriculum.
        path: where, from the working folder or from the top of the project; its ending says the format.
        kind: what it is.
        lesson: the lesson that an exercise belongs to; a placeholder if "".
        myst: whether a `.md` file is written in MyST.

    Returns:
        The project path of the new file.

    Raises:
        UsageError: something stands there, or would keep it from being read as a source.
    """
    name = _project_path(project, path, kind)
    form = _form(name, myst=myst)
    for message, hint in _objections(project, name, kind):
        raise UsageError(message, hint=hint)
    if lesson and lesson not in {one.path for one in project.curriculum.lessons}:
        hint = f"name it from the top of the project, such as {FIRST_LESSON}"
        raise UsageError(f"{lesson} is no lesson of this curriculum", hint=hint)
    words = words_in(project.settings.source_language)
    belongs = yaml_text(lesson or PLACEHOLDER.format(words(WHICH_LESSON)))
    values = {"license": yaml_text(project.settings.license), "lesson": belongs}
    write_bytes(project.root / name, _source(kind, form, words, values).encode())
    return name


def known_language(tag: str, *, name: str = "") -> Language:
    """A language that a site can have, with its own name for itself.

    Raises:
        UsageError: the i18n plugin takes no such tag, or nobody knows the language's name.
    """
    if not LOCALE.fullmatch(tag):
        raise UsageError(f'"{tag}" is no language that a site can have', hint=hint_for_tag(tag), code="C515")
    language = Language.of(tag.replace("_", "-"))
    own = name or language_name(language.tag, language)
    if own == language.tag:
        hint = f'write the language\'s own name for itself: `catalyst new language {tag} --name "..."`'
        raise UsageError(f'nobody told us the name of the language "{tag}"', hint=hint)
    return Language.of(language.tag, own[:1].upper() + own[1:])


def words_in(tag: str) -> Callable[[str], str]:
    """The texts of the templates in a language; English ones where nobody has translated them."""
    language = Language.of(tag)
    folders = (language, Language.of(tag.partition("-")[0]))
    found = (read_catalog(TEMPLATES, catalog_path("locales", one, "scaffold"), one.tag).messages for one in folders)
    messages = next(filter(None, found), {})

    def words(text: str) -> str:
        message = messages.get(text)
        return message.translation if message and message.usable else text

    return words


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _source(kind: str, form: SourceForm | None, words: Callable[[str], str], values: Mapping[str, str]) -> str:
    """The text of a new source: the template, which is a percent script, or what it says in another format."""
    script = filled(_template(f"{kind}.txt"), words=words, values=values)
    return written(Sketch(front_of(script), read_whole(script, f"{kind}.py").cells), form) if form else script


def _heading(name: str) -> str:
    """The title of a curriculum from the name of its folder: `data-for-health` is "Data for health"."""
    words = " ".join(re.split(r"[\s_-]+", re.sub(r"[^\w\s-]", " ", name))).strip()
    return words[:1].upper() + words[1:] if words else "Lessons"


# Where a source may stand -----------------------------------------------------------------------------------------


def _project_path(project: Project, path: Path, kind: Kind) -> str:
    """The project path that is meant, from where we are, or else from the top of the project.

    Raises:
        UsageError: it lies outside the folder of such sources.
    """
    folder = project.settings.lessons if kind == "lesson" else project.settings.exercises
    for start in (Path.cwd(), project.root):
        whole = (start / path).parent.resolve() / path.name
        if whole.is_relative_to(project.root) and whole.relative_to(project.root).is_relative_to(folder):
            return whole.relative_to(project.root).as_posix()
    hint = f"write `catalyst new {kind} {folder}/{_plain(path.name)}`"
    raise UsageError(f"{path} is not in the folder of the {kind}s, {folder}/", hint=hint)


def _form(name: str, *, myst: bool) -> SourceForm | None:
    ending = PurePosixPath(name).suffix
    if ending not in FORMS:
        hint = "end the name with .md (Markdown), .py (a script in cells) or .ipynb (a notebook)"
        raise UsageError(f"{name} does not say in which format it is to be", hint=hint)
    if myst and ending != ".md":
        raise UsageError(
            f"--myst is for .md files, not for {ending}", hint="leave --myst out, or end the name with .md"
        )
    return "myst" if myst else FORMS[ending]


def _objections(project: Project, name: str, kind: Kind) -> Iterator[tuple[str, str]]:
    """Why no source can be written there, each with a hint."""
    path = PurePosixPath(name)
    folder = project.settings.lessons if kind == "lesson" else project.settings.exercises
    inside = path.relative_to(folder)
    if not all(re.fullmatch(r"[\w-]+", part) for part in (*inside.parts[:-1], path.stem)):
        plain = "/".join(map(_plain, inside.parts))
        yield f"{name!r}: a name has letters, digits and hyphens alone", f"write `{folder}/{plain}`"
    elif any(part.startswith("_") for part in inside.parts) or path.stem.lower() in ABOUT:
        yield f"{name} is not read as a {kind}", "names that begin with `_`, and README and its kin, are left alone"
    elif NOT_LESSONS.intersection(inside.parts[:-1]) or (kind == "lesson" and inside.parts[0] == "pages"):
        yield f"files in {path.parent}/ are not read as {kind}s", f"put it into {folder}/, or a folder of another name"
    for other in sorted((project.root / path.parent).glob("*")):
        if other.stem == path.stem and not other.is_dir():
            there = (path.parent / other.name).as_posix()
            yield f"{there} is there already", "choose another name; nothing is written over what is there"
    if os.path.lexists(project.root / name):
        yield f"{name} is there already", "choose another name; nothing is written over what is there"


def _plain(name: str) -> str:
    """A file name of plain letters, digits and hyphens, as near to this one as can be."""
    stem, ending = os.path.splitext(name)
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return (re.sub(r"[^A-Za-z0-9_]+", "-", letters).strip("-_").lower() or "name") + ending
