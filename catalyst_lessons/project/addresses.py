"""Where links lead: from a source's relative links to pages, files and notebooks of one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalyst_lessons.core.links import is_external, project_path, query_of, split_anchor
from catalyst_lessons.core.model import Language, Lesson
from catalyst_lessons.core.sitemap import FILES, SiteMap, relative
from catalyst_lessons.files.inside import may_be_shown


@dataclass(slots=True)
class Addresses:
    """Resolves the links of sources, and keeps count of the files that pages need.

    `files` has the project paths of all images and data that were linked to, to be staged beside the pages.
    """

    root: Path
    sitemap: SiteMap
    sources: Mapping[str, Lesson]
    files: set[str] = field(default_factory=set)

    def for_page(self, lesson: Lesson, language: Language, page: str) -> Callable[[str], str]:
        """A function that turns a target in `lesson` into an address as seen from the staged `page`."""

        def resolve(target: str) -> str:
            named = self._named(lesson, target)
            if not named:
                return target
            other = self.source(named)
            if other:
                return _joined(relative(self.sitemap.page(other, language), page), target)
            if self.inside(named):
                self.files.add(named)
                return _joined(relative(f"{FILES}/{named}", page), target)
            return target

        return resolve

    def for_notebook(self, lesson: Lesson, language: Language, site: Callable[[Lesson], str]) -> Callable[[str], str]:
        """The same for its notebook; plain pages have none, so `site` gives their address on the web ("": unknown)."""
        here = self.sitemap.notebook(lesson, "lesson", language)

        def resolve(target: str) -> str:
            other = self.source(self._named(lesson, target))
            if other is None:
                return target
            if other.role == "page":
                return _joined(site(other), target) if site(other) else target
            return _joined(relative(self.sitemap.notebook(other, "lesson", language), here), target)

        return resolve

    def source(self, path: str) -> Lesson | None:
        """The source at this project path; `x.html`, `x.md` or `x.ipynb` name `x.py` as well, as authors write them."""
        return self.sources.get(path) or self.sources.get(_name(path)) if path else None

    def inside(self, path: str) -> bool:
        """Whether the path is a file of the project that may be shown: not hidden, and inside even if it is a link."""
        return may_be_shown(self.root, path)

    def _named(self, lesson: Lesson, target: str) -> str:
        return "" if is_external(target) else project_path(lesson.folder, target)


def by_name(lessons: tuple[Lesson, ...]) -> dict[str, Lesson]:
    """The sources by path, and by path without its ending."""
    return {lesson.name: lesson for lesson in lessons} | {lesson.path: lesson for lesson in lessons}


def _name(path: str) -> str:
    return re.sub(r"\.(?:md|html|ipynb|py|Rmd)$", "", path.rstrip("/"))


def _joined(address: str, target: str) -> str:
    query, anchor = query_of(target), split_anchor(target)[1]
    return address + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")
