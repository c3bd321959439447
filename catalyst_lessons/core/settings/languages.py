"""The languages of the site, as the i18n plugin (mkdocs-static-i18n) has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalyst_lessons.core.model import NOTHING, Language
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.settings.options import LANGUAGE_OPTIONS
from catalyst_lessons.core.settings.values import (
    Found,
    check_required,
    closest,
    read_options,
    suggestion,
)
from catalyst_lessons.core.settings.yaml_marks import Entry

ENGLISH = Language.of("en", "English")
DEFAULT_HINT = "add `default: true` to the language of the front page, and leave its `build` true"
LIST_HINT = "write a list, each item with `- locale: es` and `name: Español`"


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of the site. `built` are those it has pages in, `unbuilt` those with `build: false`.

    `folders` has by tag the `locale` as it was written, which is the folder the i18n plugin looks for pages
    in.
    """

    built: tuple[Language, ...] = (ENGLISH,)
    unbuilt: tuple[Language, ...] = ()
    default: str = "en"
    folders: Mapping[str, str] = field(default_factory=lambda: {"en": "en"}, hash=False)
    lines: Mapping[str, int] = field(default=NOTHING, hash=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of the i18n plugin's list that can be used."""

    language: Language
    locale: str
    default: bool
    build: bool
    entry: Entry


def read_languages(block: Entry, found: Found) -> Languages:
    """The languages in the i18n plugin's settings; English alone, and findings, if there are none to use."""
    check_structure(block, found)
    listed = only_one(block, read_list(block, found), found)
    if not listed:
        return Languages()
    return Languages(
        built=tuple(item.language for item in listed if item.build) or (listed[0].language,),
        unbuilt=tuple(item.language for item in listed if not item.build),
        default=find_default(block, listed, found),
        folders={item.language.tag: item.locale for item in listed},
        lines={f"languages.{item.language.tag}": item.entry.location.line for item in listed},
    )


def check_structure(block: Entry, found: Found) -> None:
    """Adds a finding unless the plugin expects one folder per language, which is how pages are staged."""
    entry = block.fields.get("docs_structure")
    if entry is None or entry.text != "folder":
        is_now = entry.shown if entry else '"suffix", its default'
        message = f'docs_structure: pages are written to one folder per language, expected "folder", found {is_now}'
        place = (entry or block).location
        found.append(Finding("C517", message, place, "type `docs_structure: folder` under the i18n plugin"))


def read_list(block: Entry, found: Found) -> list[Listed]:
    """The items of `languages` that can be used, each language once."""
    entry = block.fields.get("languages", Entry("list", block.location))
    if entry.kind != "list":
        found.append(Finding("C507", f"languages: expected a list, found {entry.shown}", entry.location, LIST_HINT))
        return []
    if not entry.items:
        found.append(Finding("C514", "the i18n plugin names no languages", entry.location, LIST_HINT))
    listed: dict[str, Listed] = {}
    for item in entry.items:
        one = read_language_item(item, found)
        if one and one.language.tag in listed:
            line = listed[one.language.tag].entry.location.line
            message = f'the language "{one.language.tag}" stands twice, first on line {line}'
            found.append(Finding("C516", message, item.location, "keep one of them"))
        elif one:
            listed[one.language.tag] = one
    return list(listed.values())


def read_language_item(item: Entry, found: Found) -> Listed | None:
    """One item of the list; nothing for one that is wrong or only a link in the language switcher."""
    locale = item.fields.get("locale")
    if locale is not None and locale.text.lower() == "null" and locale.kind in ("text", "nothing"):
        return None
    if item.kind != "mapping":
        found.append(Finding("C507", f"languages: expected a mapping, found {item.shown}", item.location, LIST_HINT))
        return None
    check_language_names(item, found)
    check_required(LANGUAGE_OPTIONS, item, found, what="a language")
    values = read_options(LANGUAGE_OPTIONS, item, found)
    if not values["locale"]:
        return None
    language = Language.of(values["locale"], values["name"])
    return Listed(language, values["locale"], values["default"], values["build"], item)


def check_language_names(item: Entry, found: Found) -> None:
    """Adds a finding for each key that is near to one we read; the others are not our business."""
    names = [option.name for option in LANGUAGE_OPTIONS]
    for name, entry in item.fields.items():
        if (
            name not in names
            and not name.startswith(("site_", "nav", "fixed_", "admonition_"))
            and closest(name, names)
        ):
            found.append(
                Finding("C505", f'unknown option "{name}" of a language', entry.location, suggestion(name, names))
            )


def only_one(block: Entry, listed: list[Listed], found: Found) -> list[Listed]:
    """The languages as `build_only_locale` leaves them: that one is the default, the others are not built."""
    entry = block.fields.get("build_only_locale")
    if entry is None or entry.kind == "nothing":
        return listed
    if entry.text not in [item.locale for item in listed]:
        hint = suggestion(entry.text, [item.locale for item in listed])
        message = f'build_only_locale: "{entry.text}" is not among the languages'
        found.append(Finding("C509", message, entry.location, hint))
        return listed
    return [replace(item, default=item.locale == entry.text, build=item.locale == entry.text) for item in listed]


def find_default(block: Entry, listed: list[Listed], found: Found) -> str:
    """The tag of the default language; the first one that is built, and a finding, where it is not clear."""
    marked = [item for item in listed if item.default and item.build]
    if len(marked) == 1:
        return marked[0].language.tag
    if marked:
        message = f'two default languages, "{marked[0].language.tag}" and "{marked[1].language.tag}"'
        found.append(Finding("C514", message, marked[1].entry.location, "keep `default: true` on one of them"))
    else:
        place = block.fields.get("languages", block).location
        found.append(Finding("C514", "no default language that is built", place, DEFAULT_HINT))
    built = marked or [item for item in listed if item.build] or listed
    return built[0].language.tag
