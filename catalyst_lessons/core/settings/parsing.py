"""The settings of a curriculum, read from `mkdocs.yml` with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.model import NOTHING, Json, Language, Location
from catalyst_lessons.core.report import Finding, in_order
from catalyst_lessons.core.settings.hubs import read_hubs
from catalyst_lessons.core.settings.languages import ENGLISH, Languages, read_languages
from catalyst_lessons.core.settings.options import ELSEWHERE, OPTIONS, Option
from catalyst_lessons.core.settings.values import Found, check_names, check_required, closest, read_options
from catalyst_lessons.core.settings.yaml_marks import Entry, read_yaml

Execute = Literal["auto", "never", "always"]
Stale = Literal["source", "old"]

PLUGIN = "catalyst-lessons"
I18N = "i18n"
PLUGIN_HINT = f"add `- {PLUGIN}` under `plugins:`"
SITE_OPTIONS = (
    Option("site_name", "text", "", "The title of the curriculum.", required=True),
    Option("site_url", "text", "", "Where the site will be."),
    Option("site_description", "text", "", "What the curriculum is, in a sentence."),
)
TOP = ("site_name", "site_url", "site_description", "plugins")
# The two about hubs are read together, by those who know what is in a hub.
PLAIN_OPTIONS = tuple(option for option in OPTIONS if option.name not in ("hub", "hubs"))


def parse_settings(
    text: str, *, path: str = "mkdocs.yml", environ: Mapping[str, str] = NOTHING, known_hubs: Sequence[Hub] = ()
) -> tuple[Settings, tuple[Finding, ...]]:
    """The settings in a `mkdocs.yml`, defaults in place of what is left out or wrong, and all that is wrong.

    `environ` is where `!ENV` values are looked up, `known_hubs` the hubs that `hub:` can name without describing
    them. Other plugins' settings, and what stands in a file that
    this one inherits from, are left alone.

    Raises:
        SettingsError: the text is not YAML.
    """
    root, found = read_yaml(text, path=path, environ=environ)
    check_root(root, found)
    site = read_options(SITE_OPTIONS, root, found)
    plugins = read_plugins(root, found)
    check_plugins(root, plugins, found)
    block = plugins.get(PLUGIN, Entry("mapping", root.location))
    check_names(OPTIONS, block, found, elsewhere=ELSEWHERE)
    values = read_options(PLAIN_OPTIONS, block, found)
    check_folders(block, values, found)
    languages = read_languages(plugins[I18N], found) if I18N in plugins else Languages()
    hubs = read_hubs(block, found, known_hubs)
    values["source_language"] = values["source_language"].replace("_", "-") or languages.default
    settings = Settings(
        path=path,
        title=site["site_name"],
        site_url=site["site_url"],
        description=site["site_description"],
        languages=languages.built,
        unbuilt_languages=languages.unbuilt,
        default_language=languages.default,
        language_folders=languages.folders,
        hubs=hubs.live,
        retired_hubs=hubs.retired,
        hub=hubs.first,
        lines=MappingProxyType(lines_of(root, plugins) | dict(languages.lines) | dict(hubs.lines)),
        **values,
    )
    return settings, in_order(found)


def check_root(root: Entry, found: Found) -> None:
    """Adds findings about the file as a whole: its shape, its title, and the file it inherits from."""
    if root.kind != "mapping":
        message = f"expected settings such as `site_name: ...`, found {root.shown}"
        found.append(Finding("C502", message, root.location, "begin the file with `site_name: ` and a title"))
    inherits = root.fields.get("INHERIT")
    if inherits:
        message = f'what stands in "{inherits.text}" is not read here'
        hint = f"keep the plugins {PLUGIN} and {I18N} in this file"
        found.append(Finding("C523", message, inherits.location, hint, "info"))
    elif root.kind == "mapping":
        check_required(SITE_OPTIONS, root, found, what="the file")


def read_plugins(root: Entry, found: Found) -> dict[str, Entry]:
    """The settings of every plugin by name, whichever way the file lists them; each is a mapping."""
    entry = root.fields.get("plugins")
    if entry is None or entry.kind == "nothing":
        return {}
    if entry.kind == "mapping":
        return {name: as_mapping(name, block, found) for name, block in entry.fields.items()}
    if entry.kind != "list":
        found.append(Finding("C502", f"plugins: expected a list, found {entry.shown}", entry.location, PLUGIN_HINT))
    plugins: dict[str, Entry] = {}
    for item in entry.items:
        name, block = read_plugin(item, found)
        if name in plugins and name in (PLUGIN, I18N):
            message = f'the plugin "{name}" stands twice, first on line {plugins[name].location.line}'
            found.append(Finding("C506", message, block.location, "keep one of them"))
        plugins.setdefault(name, block)
    return plugins


def read_plugin(item: Entry, found: Found) -> tuple[str, Entry]:
    """The name and the settings of one item in the list of plugins.

    Options that stand beside the plugin's name instead of below it are read all the same, so that the one
    finding about their indentation does not hide what else is wrong.
    """
    if item.kind != "mapping":
        return item.text, Entry("mapping", item.location)
    name = next((known for known in (PLUGIN, I18N) if known in item.fields), next(iter(item.fields), ""))
    block = as_mapping(name, item.fields[name], found) if name else item
    beside = {key: entry for key, entry in item.fields.items() if key != name}
    if beside and name in (PLUGIN, I18N):
        stray = next(iter(beside))
        message = f'"{stray}" stands beside "{name}", not below it'
        hint = f"indent the options of {name} by four spaces more than its hyphen"
        found.append(Finding("C502", message, beside[stray].location, hint))
    return name, replace(block, fields={**beside, **block.fields})


def as_mapping(name: str, block: Entry, found: Found) -> Entry:
    """The settings of a plugin as a mapping; anything else is none, and a finding if it is ours."""
    if block.kind not in ("mapping", "nothing") and name in (PLUGIN, I18N):
        message = f"{name}: expected options such as `name: value`, found {block.shown}"
        found.append(Finding("C507", message, block.location, "write one option per line, without hyphens"))
    return block if block.kind == "mapping" else Entry("mapping", block.location)


def check_plugins(root: Entry, plugins: Mapping[str, Entry], found: Found) -> None:
    """Adds findings for the plugins a curriculum needs and does not have."""
    place = root.fields.get("plugins", Entry("nothing", Location(root.location.path))).location
    if PLUGIN not in plugins:
        near = closest(PLUGIN, plugins)
        outside = root.fields.get(PLUGIN)
        hint = f'did you mean "{PLUGIN}" where "{near}" stands?' if near else PLUGIN_HINT
        if outside:
            hint = f"`{PLUGIN}:` on line {outside.location.line} stands outside `plugins:`; indent it below"
        place = plugins[near].location if near else place
        found.append(Finding("C503", f'the plugin "{PLUGIN}" is missing', place, hint))
    if I18N not in plugins:
        message = f'the plugin "{I18N}" is missing, so the site has one language, {ENGLISH.name}'
        hint = "add `- i18n:` with `docs_structure: folder` and `languages:` under `plugins:`"
        place = root.fields.get("plugins", Entry("nothing", Location(root.location.path))).location
        found.append(Finding("C504", message, place, hint, "warning"))


def check_folders(block: Entry, values: dict[str, Json], found: Found) -> None:
    """Adds a finding for each folder that an earlier option has taken, and puts another in its place."""
    taken: dict[str, str] = {}
    for name in ("lessons", "exercises", "locales"):
        folder = values[name]
        if folder in taken:
            entry = block.fields.get(name) or block.fields[taken[folder]]
            message = f'{name}: "{folder}" is the folder of {taken[folder]} already'
            found.append(Finding("C511", message, entry.location, "give each a folder of its own"))
            values[name] = name if name not in taken else f"{name}-2"
        taken[values[name]] = name


def lines_of(root: Entry, plugins: Mapping[str, Entry]) -> dict[str, int]:
    """The lines of what we read: keys at the top, plugins, options, and `order.PATH` for each path."""
    block = plugins.get(PLUGIN)
    options = block.fields if block else {}
    order = options["order"].items if "order" in options else ()
    return {
        **{name: root.fields[name].location.line for name in TOP if name in root.fields},
        **{name: plugins[name].location.line for name in (PLUGIN, I18N) if name in plugins},
        **{name: entry.location.line for name, entry in options.items()},
        **{f"order.{item.text.removeprefix('./').removesuffix('/')}": item.location.line for item in order},
    }


@dataclass(frozen=True, slots=True)
class Settings:
    """What a trainer can set, complete: whatever was left out or wrong has its default.

    `languages` are those the site has pages in, `unbuilt_languages` those with `build: false`;
    `language_folders` has by tag the name of the folder that the i18n plugin expects pages in. `hubs` are
    those a learner can choose from, the one to offer first (`hub`, "" for none) in front; `retired_hubs` are
    never offered. `order` has lesson paths as they were written and is empty for "by name". `cell_timeout` is
    in seconds, `memory` in MiB, `break_every` and `break_minutes` in minutes, `switcher_threshold` in percent.
    `lines` has the line of each setting that is in the file.
    """

    title: str = ""
    site_url: str = ""
    description: str = ""
    languages: tuple[Language, ...] = (ENGLISH,)
    default_language: str = "en"
    source_language: str = "en"
    lessons: str = "lessons"
    exercises: str = "exercises"
    locales: str = "locales"
    glossary: str = "glossary.yml"
    order: tuple[str, ...] = ()
    repository: str = ""
    branch: str = "notebooks"
    source_branch: str = ""
    target_path: str = ""
    hubs: tuple[Hub, ...] = ()
    hub: str = ""
    binder: bool = True
    colab: bool = True
    preview_branch: str = "notebooks-{branch}"
    execute: Execute = "auto"
    cell_timeout: int = 120
    memory: int = 2048
    stale: Stale = "source"
    switcher_threshold: int = 0
    translation_platform: str = ""
    translate_comments: bool = False
    license: str = "CC-BY-4.0"
    start: str = "09:00"
    break_every: int = 90
    break_minutes: int = 15
    unbuilt_languages: tuple[Language, ...] = ()
    language_folders: Mapping[str, str] = field(default_factory=lambda: {"en": "en"}, hash=False)
    retired_hubs: tuple[Hub, ...] = ()
    path: str = "mkdocs.yml"
    lines: Mapping[str, int] = field(default=NOTHING, hash=False, repr=False)

    def at(self, name: str) -> Location:
        """The place of a setting (`hub`, `order.PATH`, `languages.es`, `hubs.my-hub`), else of our block."""
        return Location(self.path, self.lines.get(name) or self.lines.get(PLUGIN, 0))

    def language(self, tag: str) -> Language:
        """The language with this tag, with the name the site gives it if it is one of the site's."""
        known = (*self.languages, *self.unbuilt_languages)
        return next((language for language in known if language.tag == tag), Language.of(tag))


def inherited(text: str, *, path: str, environ: Mapping[str, str]) -> str:
    """The file that a settings file has its plugins from, as it names it; "" if it lists plugins, or inherits none.

    Raises:
        SettingsError: the text is not YAML.
    """
    root, _ = read_yaml(text, path=path, environ=environ)
    other = root.fields.get("INHERIT")
    return other.text if other and "plugins" not in root.fields else ""
