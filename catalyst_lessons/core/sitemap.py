"""Where each source's page, notebook, catalog and files are: the one home of every path we make up."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from catalyst_lessons.core.model import NOTHING, Form, Language, Lesson

NOTEBOOKS = "notebooks"
"""The folder of the site that holds the notebook tree."""

PICTURES = "assets/outputs"
"""The folder of the site that holds the pictures of outputs: one of each for all languages."""

FILES = "assets/files"
"""The folder of the site that holds images and data that lessons link to, by project path."""

STATUS = "translation-status"
"""The page that tells how far the translations are."""

HUBS = "hubs"
"""The page with the directory of hubs."""


@dataclass(frozen=True, slots=True)
class SiteMap:
    """Paths in the staging tree and in the notebook tree, from the folder of the lessons.

    `folders` has the folder of each language's pages where it is not the tag. A page stands at `<language>/<name>.md`,
    with plain pages (`lessons/pages/setup.md`) at the top. A notebook stands at `<language>/<project path>.ipynb`, so
    that relative paths to data hold in every language; a solution has another name than its starter (nbgitpuller must
    never put one over the other).
    """

    lessons: str = "lessons"
    folders: Mapping[str, str] = field(default=NOTHING, hash=False)

    def folder(self, language: Language) -> str:
        """The folder of a language's pages: its tag as the settings spell it, which mkdocs-static-i18n goes by."""
        return self.folders.get(language.tag, language.tag)

    @property
    def pages(self) -> str:
        """The folder of the plain pages."""
        return f"{self.lessons}/pages"

    def page(self, lesson: Lesson, language: Language) -> str:
        """The staged page of a source, a path from the top of the staging tree."""
        name = lesson.name.removeprefix(f"{self.pages}/") if lesson.role == "page" else lesson.name
        return f"{self.folder(language)}/{name}.md"

    def overview(self, name: str, language: Language) -> str:
        """The staged page that is made from all lessons."""
        return f"{self.folder(language)}/{name}.md"

    def notebook(self, lesson: Lesson, form: Form, language: Language) -> str:
        """The notebook's path in the notebook tree."""
        ending = "-solution" if form == "solution" else ""
        return f"{language.folder}/{lesson.name}{ending}.ipynb"

    def staged_notebook(self, lesson: Lesson, form: Form, language: Language) -> str:
        """The notebook's path from the top of the staging tree."""
        return f"{NOTEBOOKS}/{self.notebook(lesson, form, language)}"


def relative(target: str, page: str) -> str:
    """The address of a staged file as seen from a staged page, for a Markdown link: percent-encoded."""
    return quote(posixpath.relpath(target, posixpath.dirname(page) or "."))


PLATFORM_PLACEHOLDERS = ("{language}", "{lesson}", "{slug}")
"""What an address of a translation platform may have filled in."""


def platform_url(template: str, language: Language, lesson: Lesson) -> str:
    """Where a lesson is translated on a platform.

    `{language}` is the folder of its catalogs (`pt_BR`), `{lesson}` the catalog's path below it without `.po`, and
    `{slug}` that path as Weblate and Crowdin name things: in lower case, with hyphens for everything else.
    """
    slug = re.sub(r"[^a-z0-9_]+", "-", lesson.name.lower()).strip("-")
    values = {"{language}": language.folder, "{lesson}": quote(lesson.name), "{slug}": slug}
    return re.sub(r"\{\w+\}", lambda match: values.get(match[0], match[0]), template)


def address(page: str, default_language: str) -> str:
    """The address in the built site of a staged page with directory URLs: `en/lessons/x.md` is `lessons/x/`.

    As mkdocs-static-i18n lays it out: the default language at the root, the others below their tag.
    """
    path = page.removeprefix(f"{default_language}/").removesuffix(".md")
    if path == "index" or path.endswith("/index"):
        return path[: -len("index")]
    return f"{path}/"
