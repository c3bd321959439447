"""The notebook tree: every lesson and exercise as a notebook in each language, with its data beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalyst_lessons.core.links import figures_in, is_external, links_in, project_path
from catalyst_lessons.core.model import Form, Language, Lesson
from catalyst_lessons.core.rendering.notebooks import Attribution, render_notebook
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.sitemap import address
from catalyst_lessons.project.addresses import Addresses, by_name
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.translations import words_in


@dataclass(slots=True)
class NotebookTree:
    """The files of the notebook tree, the source of each, and data files that are missing."""

    contents: dict[str, bytes] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def notebook_tree(project: Project) -> NotebookTree:
    """Every notebook in every language and form; the same bytes for the same sources."""
    tree = NotebookTree()
    addresses = Addresses(project.root, project.sitemap, by_name(project.curriculum.sources))
    originals = project.curriculum.lessons + project.curriculum.exercises
    for language in project.languages:
        for original in originals:
            for form in project.forms(original):
                path = project.sitemap.notebook(original, form, language)
                text = notebook_text(project, original, form, language, addresses)
                tree.contents[path] = text.encode(errors="replace")
                tree.sources[path] = original.path
    for original in originals:
        _add_files(project, original, addresses, tree)
    return tree


def notebook_text(project: Project, original: Lesson, form: Form, language: Language, addresses: Addresses) -> str:
    """The notebook of a source in a form and a language, as nbformat's JSON."""
    translated = project.in_language(original, language)
    lesson = project.in_form(translated.plain or translated.lesson, form)
    base = project.settings.site_url.rstrip("/")

    def site(page: Lesson) -> str:
        place = address(project.sitemap.page(page, language), project.sitemap.folder(project.languages[0]))
        return f"{base}/{place}" if base else ""

    return render_notebook(
        lesson,
        form,
        language=language,
        words=words_in(language.tag, project.locales),
        attribution=Attribution(project.settings.title, site(original), project.edit_url(original.path)),
        resolve=addresses.for_notebook(original, language, site),
    )


def _add_files(project: Project, lesson: Lesson, addresses: Addresses, tree: NotebookTree) -> None:
    """The data a notebook declares and the images it shows, at the same relative path in every language."""
    for path in travelling_files(lesson):
        if not addresses.inside(path):
            continue
        content = (project.root / path).read_bytes()
        for language in project.languages:
            tree.contents[f"{language.folder}/{path}"] = content
            tree.sources[f"{language.folder}/{path}"] = path


def travelling_files(lesson: Lesson) -> tuple[str, ...]:
    """The project paths of the files that go where the notebook goes: declared data, and the images it shows."""
    return (*declared_data(lesson), *_images(lesson))


def declared_data(lesson: Lesson) -> tuple[str, ...]:
    """The project paths of the data files in the front matter."""
    return tuple(project_path(lesson.folder, path) for path in lesson.front.data)


def _images(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.cells:
        for link in (*links_in(cell.source), *figures_in(cell.source)) if cell.kind == "markdown" else ():
            if link.image and not is_external(link.target):
                yield project_path(lesson.folder, link.target)
