"""A curriculum on disk: settings, sources, languages, runs and launch links, each read or made once."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from catalyst_lessons.core import exercises
from catalyst_lessons.core.errors import NoSettingsError, UsageError
from catalyst_lessons.core.launching.hubs import BINDER, Hub
from catalyst_lessons.core.launching.links import LaunchLink, Repository, parse_repository
from catalyst_lessons.core.launching.offers import Published, Refused, offers, preview_branch, preview_folder
from catalyst_lessons.core.model import Curriculum, Form, Language, Lesson, Location
from catalyst_lessons.core.rendering.launch_bar import Launch
from catalyst_lessons.core.report import Finding, Run, Severity
from catalyst_lessons.core.settings import Settings, parse_settings
from catalyst_lessons.core.sitemap import SiteMap, platform_url
from catalyst_lessons.files.repository import find_folder, find_repository, is_preview
from catalyst_lessons.project.known_hubs import known_hubs
from catalyst_lessons.project.layout import SETTINGS, find_root
from catalyst_lessons.project.reading import Reading, read_curriculum
from catalyst_lessons.project.settings_files import settings_text
from catalyst_lessons.project.translations import Translated, from_catalog, from_override


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
    def open(
        cls, start: Path | str = ".", *, environ: Mapping[str, str] | None = None, given: Path | None = None
    ) -> Project:
        """The project whose `mkdocs.yml` stands in `start` or above it, or whose settings are the file `given`.

        Raises:
            NoSettingsError: there is none.
            SettingsError: it is not YAML.
        """
        environ = os.environ if environ is None else environ
        root = given.parent.resolve() if given else find_root(Path(start))
        if root is None:
            hint = "go to the folder of the curriculum, or name it with --project DIR"
            raise NoSettingsError(f"there is no {SETTINGS} in {Path(start).resolve()} or above it", hint=hint)
        path, text = settings_text(root, given.name if given else SETTINGS, environ=environ)
        settings, problems = parse_settings(text, path=path, environ=environ, known_hubs=known_hubs())
        return cls(root, settings, problems, environ=environ)

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
        # A preview opens what it shows: the notebooks of the pull request, which are in its author's repository.
        url = (self._origin[0] if is_preview(self.environ) else "") or self.settings.repository or self._origin[0]
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

    @cached_property
    def _preview_of(self) -> str:
        """The branch of the pull request that CI builds, "" if it builds none."""
        return self._origin[1] if is_preview(self.environ) and self.settings.preview_branch else ""

    @property
    def branch(self) -> str:
        """The branch that hubs pull the notebooks from: for a pull request one of its own."""
        if self._preview_of:
            return preview_branch(self.settings.preview_branch, self._preview_of)
        return self.settings.branch

    @property
    def target_path(self) -> str:
        """The folder of the clone on a hub; "" where no repository is known."""
        folder = self.settings.target_path or (self.repository.name if self.repository else "")
        return preview_folder(folder, self._preview_of) if self._preview_of and folder else folder

    @property
    def offered_hubs(self) -> tuple[Hub, ...]:
        """The hubs that learners can choose from, the first one in front; none with `hub: none`."""
        return self.settings.hubs if self.settings.hub else ()

    @property
    def all_hubs(self) -> tuple[Hub, ...]:
        """The hubs of the curriculum, and those that everybody knows unless the curriculum has its own word on them."""
        own = (*self.settings.hubs, *self.settings.retired_hubs)
        described = {hub.id for hub in own} | {hub.url for hub in own}
        return (*own, *(hub for hub in known_hubs() if not described & {hub.id, hub.url}))

    def launch(self, lesson: Lesson, language: Language) -> Launch | None:
        """What the launch bar of a page offers, without the download, whose address depends on the page."""
        if not self.forms(lesson):
            return None
        notebook = self._published(lesson, language)
        links, _ = self.launch_links(lesson, self.forms(lesson)[0], language)
        hubs = (*self.offered_hubs, *self.settings.retired_hubs)
        return Launch(links, hubs, notebook, clone=notebook.clone if notebook else "")

    def launch_links(
        self, lesson: Lesson, form: Form, language: Language
    ) -> tuple[tuple[LaunchLink, ...], tuple[Finding, ...]]:
        """The links that open a notebook on the hubs, on Binder and in Colab, and why one of them is missing."""
        notebook = self._published(lesson, language, form)
        if notebook is None:
            return (), ()
        binder = next((hub.url for hub in known_hubs() if hub.software == "binderhub"), BINDER)
        links, refused = offers(
            notebook,
            self.offered_hubs,
            binder=binder if self.settings.binder else "",
            colab=self.settings.colab,
        )
        return links, tuple(map(self._launch_finding, refused))

    def _published(self, lesson: Lesson, language: Language, form: Form | None = None) -> Published | None:
        """The notebook of a source where learners pull it from, if we know where that is."""
        forms = self.forms(lesson)
        if self.repository is None or not forms:
            return None
        path = self.sitemap.notebook(lesson, form or forms[0], language)
        return Published(self.repository, self.branch, path, self.target_path, alone=not lesson.front.data)

    def _launch_finding(self, refused: Refused) -> Finding:
        lines, error = self.settings.lines, refused.error
        line = lines.get(f"hubs.{refused.hub}") or lines.get("hub", 0)
        severity: Severity = "info" if refused.code == "H404" else "warning"
        return Finding(refused.code, error.message, Location(SETTINGS, line), error.hint, severity)
