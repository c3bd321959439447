"""The MkDocs plugin: stages the curriculum, points MkDocs at the staging tree, and passes findings on as warnings."""

from __future__ import annotations

import html
import logging
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from catalyst_lessons.adapters import raw_links
from catalyst_lessons.adapters.markdown_settings import EXTENSIONS
from catalyst_lessons.adapters.mkdocs_search import SearchIndexes, point_to_own_index
from catalyst_lessons.core.errors import CatalystError, told_by_system
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.writing import write_bytes
from catalyst_lessons.project import Project
from catalyst_lessons.project.layout import CACHE
from catalyst_lessons.project.progress import offered
from catalyst_lessons.project.site import (
    Section,
    StagedSite,
    check_built_site,
    navigation,
    stage_site,
    translated_section,
)
from catalyst_lessons.project.staging import EARLY_SCRIPTS, SCRIPTS, STYLES, stage_folder
from catalyst_lessons.project.translations import THEME, site_words, words_in

log = logging.getLogger("mkdocs.plugins.catalyst-lessons")

_LEVELS = {"error": logging.WARNING, "warning": logging.INFO, "info": logging.INFO}


class AnyOptions(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves __init_subclass__ untyped
    """Takes whatever stands there: the settings are parsed, with all their mistakes, by `core.settings`."""

    def load_dict(self, patch: Any) -> None:
        """Take the options without looking at them."""

    def validate(self) -> tuple[list[Any], list[Any]]:
        """Nothing to say here: findings come with their lines in `on_config`."""
        return [], []


class CatalystLessons(BasePlugin[AnyOptions]):  # type: ignore[no-untyped-call]  # the same
    """A thin adapter. MkDocs, mkdocs-static-i18n and ProperDocs call `on_config` once for each language."""

    def __init__(self) -> None:
        self.staged: tuple[Project, StagedSite] | None = None
        self.search = SearchIndexes()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Being here makes MkDocs keep this object while it serves, and with it what need not be made again."""

    def _stage_once(self, config: MkDocsConfig) -> MkDocsConfig:
        """Stage the curriculum in the first pass, and hand MkDocs the tree, the menu and the styles in every pass."""
        if self.staged is None or not self._in_nested_pass(config):
            self.staged = _stage(config)
        project, site = self.staged
        config.docs_dir = str(site.folder)
        config.nav = _nav(config, project)
        _add_extensions(config)
        _add_theme(config, project)
        return config

    @event_priority(-150)
    def _after_i18n(self, config: MkDocsConfig) -> MkDocsConfig:
        """Language and switcher for Material's continuation: mkdocs-static-i18n knows only the theme "material"."""
        i18n = config.plugins.get("i18n")
        if i18n is not None and config.theme.name == "materialx":
            i18n.reconfigure_material_theme(config, i18n.current_language)
        if i18n is not None and self.staged:
            project = self.staged[0]
            withheld = {one.tag for one in project.languages} - {one.tag for one in offered(project)}
            # The plugin copies its own list into the settings again for every page.
            for holder in (config.extra, vars(i18n)):
                _leave_out(holder, withheld)
        return config

    on_config = CombinedEvent(_stage_once, _after_i18n)

    def _in_nested_pass(self, config: MkDocsConfig) -> bool:
        """mkdocs-static-i18n builds the other languages inside the first build, on the same objects."""
        return bool(getattr(config.plugins.get("i18n"), "building", False))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Without the i18n plugin, which does it otherwise, the pages of the one language stand at the top."""
        if self.staged and "i18n" not in config.plugins:
            project = self.staged[0]
            folder = f"{project.sitemap.folder(project.languages[0])}/"
            for file in files:
                if file.src_uri.startswith(folder):
                    file.dest_uri = file.dest_uri.removeprefix(folder)
        return files

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """The staging tree is what we write while building: watching it would build everything twice."""
        server.unwatch(config.docs_dir)
        return server

    @event_priority(-200)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str | None:
        """`404.html` is one for all languages; every pass would write it again, with the links of the last one."""
        i18n = config.plugins.get("i18n")
        first = i18n is None or bool(i18n.is_default_language_build)
        return output_content if first or template_name != "404.html" else ""

    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Any) -> Any:
        """Pages are edited at their true source, which the page itself links to."""
        page.edit_url = None
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Pages look for the search index of their own language."""
        point_to_own_index(env, config, locales=self.staged[0].locales if self.staged else None)
        return env

    # After the search plugin (0), before mkdocs-static-i18n (-100) builds the next language.
    @event_priority(-50)
    def _after_search(self, *, config: MkDocsConfig) -> None:
        self.search.keep(config)

    @event_priority(-300)
    def _after_all(self, *, config: MkDocsConfig) -> None:
        """After the last language: is every staged page in the built site?"""
        if self.staged and not self._in_nested_pass(config):
            self.search.write(config)
            project, site = self.staged
            for finding in check_built_site(project, Path(config.site_dir), site.stamps):
                log.warning("%s", finding)

    on_post_build = CombinedEvent(_after_search, _after_all)


def _stage(config: MkDocsConfig) -> tuple[Project, StagedSite]:
    """Stage the curriculum, pass its findings on, and have MkDocs watch its sources."""
    try:
        project = Project.open(given=Path(config.config_file_path))
        site = stage_site(project, stage_folder(project), on_done=_tell)
    except CatalystError as error:
        raise PluginError(str(error)) from error
    except OSError as error:
        told = told_by_system(error)
        if told is None:
            raise
        raise PluginError(str(told)) from error
    for finding in site.findings:
        log.log(_LEVELS[finding.severity], "%s", finding)
    settings = project.settings
    for name in (settings.lessons, settings.exercises, settings.locales, settings.glossary):
        path = str(project.root / name)
        if path not in config.watch and (project.root / name).exists():
            config.watch.append(path)
    return project, site


def _leave_out(holder: Any, withheld: set[str]) -> None:
    """Leave languages that are not translated far enough out of the language menu and the links to alternatives."""
    for name in ("alternate", "extra_alternate"):
        if isinstance(holder.get(name), list):
            holder[name] = [one for one in holder[name] if Language.of(str(one.get("lang", ""))).tag not in withheld]


def _nav(config: MkDocsConfig, project: Project) -> list[Any]:
    """The menu, and in mkdocs-static-i18n's settings the names of its parts in each language."""
    parts = navigation(project)
    i18n = config.plugins.get("i18n")
    for language in getattr(getattr(i18n, "config", None), "languages", None) or ():
        named = Language.of(language.locale)
        sections = (part for part in parts if isinstance(part, Section))
        words = {part.word: translated_section(part, named, project.locales) for part in sections}
        language.nav_translations = words | (language.nav_translations or {})
        texts = site_words(project.root, project.settings.locales, named)
        language.site_name = language.site_name or texts(config.site_name)
        # Themes put it between the quotes of an attribute as it is; a translator may write quotes.
        described = html.escape(texts(config.site_description or ""))
        language.site_description = language.site_description or described or None
    if i18n is not None:
        return [{part.word: list(part.pages)} if isinstance(part, Section) else part for part in parts]
    only = project.languages[0]
    folder = project.sitemap.folder(only)
    return [
        {translated_section(part, only, project.locales): [f"{folder}/{page}" for page in part.pages]}
        if isinstance(part, Section)
        else f"{folder}/{part}"
        for part in parts
    ]


def _tell(run: Run) -> None:
    if not run.cached:
        log.info("ran %s (%s) in %.1f s: %s", run.path, run.form, run.seconds, run.outcome)


def _add_extensions(config: MkDocsConfig) -> None:
    for name, options in {**EXTENSIONS, raw_links.NAME: {}}.items():
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        config.mdx_configs[name] = {**options, **config.mdx_configs.get(name, {})}


def _add_theme(config: MkDocsConfig, project: Project) -> None:
    templates = str(THEME / "templates")
    if templates not in config.theme.dirs:
        # Behind the site's own overrides, before the theme's templates.
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, templates)
    _add_missing_words(config, project)
    for path in STYLES:
        if path not in config.extra_css:
            config.extra_css.append(path)
    for path in SCRIPTS:
        if path not in map(str, config.extra_javascript):
            config.extra_javascript.append(path)
    early = config.extra.setdefault("polyfills", [])
    early += [path for path in EARLY_SCRIPTS if path not in early]
    config.extra["catalyst"] = {"languages": [_in_404(language, project) for language in offered(project)]}


def _add_missing_words(config: MkDocsConfig, project: Project) -> None:
    """Interface words of the theme for languages it has never heard of: none, but its template must be there."""
    own = project.root / CACHE / "templates"
    for language in project.languages:
        name = f"partials/languages/{project.sitemap.folder(language)}.html"
        if not any((Path(folder) / name).is_file() for folder in config.theme.dirs if folder != str(own)):
            write_bytes(own / name, _WORDS.format(tag=language.tag, direction=language.direction).encode())
    if own.is_dir() and str(own) not in config.theme.dirs:
        config.theme.dirs.insert(len(config.theme.dirs) - 1, str(own))


# The form that Material's own templates for languages have; for every other word they fall back to English.
_WORDS = """{{% macro t(key) %}}{{{{ {{"language": "{tag}", "direction": "{direction}"}}[key] }}}}{{% endmacro %}}
"""


def _in_404(language: Language, project: Project) -> dict[str, str]:
    words = words_in(language.tag, project.locales)
    home = "" if language.tag == project.settings.default_language else f"{language.tag}/"
    return {
        "tag": language.tag,
        "name": language.name,
        "direction": language.direction,
        "home": home,
        "title": words("Page not found"),
        "not_found": words("This page is not here. It may have moved."),
        "go_home": words("Go to the start page"),
    }
