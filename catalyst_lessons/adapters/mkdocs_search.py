"""One search index for each language, in MkDocs with Material; mkdocs-static-i18n puts all languages into one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.filters import do_tojson
from jinja2.runtime import Context
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig

from catalyst_lessons.core.model import Json, Language
from catalyst_lessons.core.search import own_index, rules, rules_of
from catalyst_lessons.project.translations import words_in

INDEX = "search/search_index.json"
INLINED = "search/search_index.js"
"""What Material's plugin `offline` makes of the index."""
LUNR = "assets/javascripts/lunr/min"


@dataclass(slots=True)
class SearchIndexes:
    """The indexes of the passes of one build, by the folder of each language in the site ("" for the default one)."""

    kept: dict[str, tuple[Language, dict[str, Json]]] = field(default_factory=dict)

    def keep(self, config: MkDocsConfig) -> None:
        """Remember what the search plugin wrote in this pass, before the next pass writes over it."""
        path = Path(config.site_dir, INDEX)
        if not _ours(config) or not path.is_file():
            return
        language, folder = _pass(config)
        self.kept[folder] = language, own_index(json.loads(path.read_bytes()), language, folder=folder)

    def write(self, config: MkDocsConfig) -> None:
        """Put each index where the pages of its language look for it, and the rules of the languages beside lunr's."""
        site = Path(config.site_dir)
        for folder, (language, index) in self.kept.items():
            text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
            _write(site / folder / INDEX, text)
            if (site / INLINED).exists():
                _write(site / folder / INLINED, f"var __index = {text}")
            if name := rules_of(language):
                stock = site / LUNR / f"lunr.{name.removeprefix('catalyst-')}.min.js"
                _write(site / LUNR / f"lunr.{name}.min.js", rules(language, _read(stock)))
        self.kept.clear()


FAILED = "catalyst.search.failed"
"""The key of our word among those that Material prints for its script; ours looks for it there."""


def point_to_own_index(env: Environment, config: MkDocsConfig, *, locales: Path | None = None) -> None:
    """Have the settings that Material prints into each page name the folder of the language as the search's base.

    Material's template hands them to the filter `tojson`, whatever a site's own templates change around it. With them
    comes what our script says where the index cannot be loaded, which Material waits for without an end.
    """
    language, folder = _pass(config)
    words = words_in(language.tag, locales)
    failed = words("Search cannot start: its index could not be loaded. Pages opened from a disk have no search.")

    @pass_context
    def tojson(context: Context, value: Any, indent: int | None = None) -> Markup:
        if isinstance(value, dict) and {"base", "search", "features"} <= value.keys():
            translations = {**(value.get("translations") or {}), FAILED: failed}
            value = {**value, "translations": translations}
            if folder:
                value["base"] = f"{value['base']}/{folder}/"
        return do_tojson(context.eval_ctx, value, indent)

    if _ours(config):
        env.filters["tojson"] = tojson


def _ours(config: MkDocsConfig) -> bool:
    """Whether the site's search is Material's, with one index; mike's versions have their own idea of the base."""
    version = config.extra.get("version") or {}
    searching = any(name in config.plugins for name in ("search", "material/search"))
    return searching and config.theme.name in ("material", "materialx") and version.get("provider") != "mike"


def _pass(config: MkDocsConfig) -> tuple[Language, str]:
    """The language of this pass and the folder of its pages in the site."""
    i18n: Any = config.plugins.get("i18n")
    if i18n is None:
        return Language.of(str(config.theme.get("language", "en"))), ""
    tag = str(i18n.current_language)
    return Language.of(tag), "" if tag == i18n.default_language else tag


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
