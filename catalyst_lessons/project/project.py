"""A curriculum on disk: settings, sources, languages, runs and launch links, each read or made once."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from catalyst_lessons.core import exercises
from catalyst_lessons.core.errors import CatalystError, SettingsError, UsageError
from catalyst_lessons.core.hubs import Hub
from catalyst_lessons.core.launch import (
    LaunchLink,
    Repository,
    binder_link,
    clone_line,
    hub_link,
    parse_repository,
)
from catalyst_lessons.core.model import Curriculum, Form, Language, Lesson, Location
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.pages import Launch
from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.core.settings import Settings, parse_settings
from catalyst_lessons.core.sitemap import SiteMap, platform_url
from catalyst_lessons.files.repository import find_folder, find_repository
from catalyst_lessons.project.known_hubs import known_hubs
from catalyst_lessons.project.reading import Reading, read_curriculum
from catalyst_lessons.project.translations import Translated, from_catalog, from_override

SETTINGS = "mkdocs.yml"
CACHE = ".catalyst"
"""The folder of a project for what can be made again: the run cache and the staging tree. Not for version control."""


class Project:
    """All that an adapter needs, and the only place where core and files meet."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        problems: Iterable[Finding] = (),
        *,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.settings = settings
        self.problems = tuple(problems)
        self.environ = os.environ if environ is None else environ
        self._translated: dict[tuple[str, str], Translated] = {}
        self._runs: dict[tuple[str, Form], Run] = {}

    @classmethod
    def open(cls, start: Path | str = ".", *, environ: Mapping[str, str] | None = None) -> Project:
        """The project whose `mkdocs.yml` stands in `start` or above it.

        Raises:
            SettingsError: there is none, or it is not YAML.
        """
        folder = Path(start).resolve()
        for candidate in (folder, *folder.parents):
            if (candidate / SETTINGS).is_file():
                text = (candidate / SETTINGS).read_text(encoding="utf-8-sig", errors="replace")
                environ = os.environ if environ is None else environ
                settings, problems = parse_settings(text, path=SETTINGS, environ=environ, known_hubs=known_hubs())
                return cls(candidate, settings, problems, environ=environ)
        hint = "go to the folder of the curriculum, or name it with --project DIR"
        raise SettingsError(f"there is no {SETTINGS} in {folder} or above it", hint=hint)

    @cached_property
    def reading(self) -> Reading:
        """Everything read from the sources."""
        return read_curriculum(self.root, self.settings)

    @property
    def curriculum(self) -> Curriculum:
        """All lessons, exercises and pages."""
        return self.reading.curriculum

    def has(self, path: str) -> bool:
        """Whether a file or folder is under the lessons or exercises."""
        folders = (self.settings.lessons, self.settings.exercises)
        return any(path == folder or path.startswith(f"{folder}/") for folder in folders)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the site, the default one first."""
        default = self.settings.default_language
        return tuple(sorted(self.settings.languages, key=lambda language: language.tag != default))

    @cached_property
    def sitemap(self) -> SiteMap:
        """Where everything is."""
        return SiteMap(self.settings.lessons, self.settings.language_folders)

    @property
    def locales(self) -> Path:
        """The folder of the catalogs."""
        return self.root / self.settings.locales

    def in_language(self, lesson: Lesson, language: Language) -> Translated:
        """The lesson in a language of the site."""
        key = (lesson.path, language.tag)
        if key not in self._translated:
            self._translated[key] = self._translate(lesson, language)
        return self._translated[key]

    def _translate(self, lesson: Lesson, language: Language) -> Translated:
        if lesson.language == language.tag:
            return Translated(lesson, lesson, language)
        override = self.reading.overrides.get((lesson.path, language.tag))
        if override:
            return from_override(lesson, override, language, text=self.reading.texts[lesson.path])
        earlier = self.settings.stale == "old"
        return from_catalog(lesson, language, root=self.root, locales=self.settings.locales, earlier=earlier)

    def forms(self, lesson: Lesson) -> tuple[Form, ...]:
        """The notebooks made from a source: a lesson's own, or an exercise's starter and solution."""
        if lesson.role == "exercise" and exercises.has_solution(lesson):
            return ("starter", "solution")
        return () if lesson.role == "page" else ("lesson",)

    def in_form(self, lesson: Lesson, form: Form) -> Lesson:
        """The source as that form has it."""
        if form == "starter":
            return exercises.starter(lesson)
        return exercises.solution(lesson) if form == "solution" else lesson

    @cached_property
    def _origin(self) -> tuple[str, str]:
        return find_repository(self.root, self.environ)

    @cached_property
    def repository(self) -> Repository | None:
        """What hubs pull and edit links lead to: from the settings, else CI, else the git remote; None if unknown."""
        url = self.settings.repository or self._origin[0]
        try:
            return parse_repository(url) if url else None
        except UsageError:
            return None

    @property
    def source_branch(self) -> str:
        """The branch that edit links lead to."""
        return self.settings.source_branch or self._origin[1] or "main"

    def edit_url(self, path: str) -> str:
        """The page of the repository's web editor for a file, "" where we do not know its address."""
        if self.repository is None:
            return ""
        return self.repository.edit_url(self.source_branch, posixpath.join(self._folder, path))

    def translation_url(self, translated: Translated) -> str:
        """Where volunteers translate a lesson: on the platform of the settings, else in the repository's web editor.

        Returns:
            "" where there is nothing to edit yet.
        """
        source, platform = translated.source, self.settings.translation_platform
        if platform and source.endswith(".po"):
            return platform_url(platform, translated.language, translated.original)
        return self.edit_url(source) if source and (self.root / source).is_file() else ""

    @cached_property
    def _folder(self) -> str:
        """The curriculum's folder inside its repository."""
        return find_folder(self.root, self.environ)

    def launch(self, lesson: Lesson, language: Language) -> Launch | None:
        """What the launch bar of a page offers, without the download, whose address depends on the page."""
        forms = self.forms(lesson)
        if not forms:
            return None
        links, _ = self.launch_links(lesson, forms[0], language)
        clone = ""
        if self.repository and links:
            clone = clone_line(
                self.repository, branch=self.settings.branch, target_path=self.settings.target_path or None
            )
        hub = self._hub.name_in(language.tag) if self._hub else ""
        return Launch(links, html.text(hub), clone=clone)

    def launch_links(
        self, lesson: Lesson, form: Form, language: Language
    ) -> tuple[tuple[LaunchLink, ...], tuple[Finding, ...]]:
        """The links that open a notebook on the hub and on Binder, and why one of them is missing."""
        if self.repository is None:
            return (), ()
        path, branch = self.sitemap.notebook(lesson, form, language), self.settings.branch
        links: list[LaunchLink] = []
        findings: list[Finding] = []
        try:
            if self._hub:
                target = self.settings.target_path or None
                links.append(hub_link(self._hub, self.repository, branch=branch, path=path, target_path=target))
        except UsageError as error:
            findings.append(self._launch_finding(error, "H402"))
        try:
            if self.settings.binder:
                links.append(binder_link(self.repository, branch=branch, path=path))
        except UsageError as error:
            findings.append(self._launch_finding(error, "H403"))
        return tuple(links), tuple(findings)

    @property
    def _hub(self) -> Hub | None:
        """The hub that the first button leads to."""
        return next((hub for hub in self.settings.hubs if hub.id == self.settings.hub), None)

    def _launch_finding(self, error: CatalystError, code: str) -> Finding:
        line = self.settings.lines.get("hub", 0)
        return Finding(code, error.message, Location(SETTINGS, line), error.hint, "warning")
