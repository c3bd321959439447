"""The MkDocs plugin: stages the curriculum, points MkDocs at the staging tree, and passes findings on as warnings."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.pages import Page

from catalyst_lessons.adapters.markdown_settings import EXTENSIONS
from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.project import Project
from catalyst_lessons.project.site import Section, StagedSite, check_built_site, navigation, stage_site, translated_section
from catalyst_lessons.project.staging import SCRIPTS, STYLES, stage_folder
from catalyst_lessons.project.translations import THEME, words_in

log = logging.getLogger("mkdocs.plugins.catalyst-lessons")

_LEVELS = {"error": logging.WARNING, "warning": logging.INFO, "info": logging.INFO}


class AnyOptions(Config):
    """Takes whatever stands there: the settings are parsed, with all their mistakes, by `core.settings`."""

    def load_dict(self, patch: Any) -> None:
        """Take the options without looking at them."""

    def validate(self) -> tuple[list[Any], list[Any]]:
        """Nothing to say here: findings come with their lines in `on_config`."""
        return [], []


class CatalystLessons(BasePlugin[AnyOptions]):
    """A thin adapter. MkDocs, mkdocs-static-i18n and ProperDocs call `on_config` once for each language."""

    def __init__(self) -> None:
        self.project: Project | None = None
        self.site: StagedSite | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Being here makes MkDocs keep this object while it serves, and with it what need not be made again."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Stage the curriculum in the first pass, and hand MkDocs the tree, the menu and the styles in every pass."""
        if not self._in_nested_pass(config):
            self._stage(config)
        assert self.project and self.site
        config.docs_dir = str(self.site.folder)
        config.nav = self._nav(config)
        _add_extensions(config)
        _add_theme(config, self.project)
        return config

    def _in_nested_pass(self, config: MkDocsConfig) -> bool:
        """mkdocs-static-i18n builds the other languages inside the first build, on the same objects."""
        i18n = config.plugins.get("i18n")
        return self.site is not None and bool(getattr(i18n, "building", False))

    def _stage(self, config: MkDocsConfig) -> None:
        try:
            self.project = Project.open(Path(config.config_file_path).parent)
            self.site = stage_site(self.project, stage_folder(self.project), on_done=_tell)
        except CatalystError as error:
            raise PluginError(str(error)) from error
        for finding in self.site.findings:
            log.log(_LEVELS[finding.severity], _as_log(finding))
        watched = (self.project.settings.lessons, self.project.settings.exercises, self.project.settings.locales)
        for name in (*watched, self.project.settings.glossary):
            path = str(self.project.root / name)
            if path not in config.watch and (self.project.root / name).exists():
                config.watch.append(path)

    def _nav(self, config: MkDocsConfig) -> list[Any]:
        assert self.project
        parts = navigation(self.project)
        i18n = config.plugins.get("i18n")
        for language in getattr(getattr(i18n, "config", None), "languages", None) or ():
            words = {part.word: translated_section(part, Language.of(language.locale)) for part in parts if isinstance(part, Section)}
            language.nav_translations = words | (language.nav_translations or {})
        return [{part.word: list(part.pages)} if isinstance(part, Section) else part for part in parts]

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

    @event_priority(-300)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """After the last language: is every staged page in the built site?"""
        i18n = config.plugins.get("i18n")
        if self.project and self.site and not getattr(i18n, "building", False):
            for finding in check_built_site(self.project, Path(config.site_dir), self.site.stamps):
                log.warning(_as_log(finding))


def _as_log(finding: Finding) -> str:
    return str(finding)


def _tell(run: Run) -> None:
    if not run.cached:
        log.info("ran %s (%s) in %.1f s: %s", run.path, run.form, run.seconds, run.outcome)


def _add_extensions(config: MkDocsConfig) -> None:
    for name, options in EXTENSIONS.items():
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        config.mdx_configs[name] = {**options, **config.mdx_configs.get(name, {})}


def _add_theme(config: MkDocsConfig, project: Project) -> None:
    templates = str(THEME / "templates")
    if templates not in config.theme.dirs:
        # Behind the site's own overrides, before the theme's templates.
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, templates)
    for path in STYLES:
        if path not in config.extra_css:
            config.extra_css.append(path)
    for path in SCRIPTS:
        if path not in map(str, config.extra_javascript):
            config.extra_javascript.append(path)
    config.extra["catalyst"] = {"languages": [_in_404(language, project) for language in project.languages]}


def _in_404(language: Language, project: Project) -> dict[str, str]:
    words = words_in(language.tag)
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
