"""How the value of an option is read, and everything that can be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hubs import check_hub_url
from catalyst_lessons.core.launching.repositories import check_branch, check_path, check_target_path, parse_repository
from catalyst_lessons.core.model import Json
from catalyst_lessons.core.report import Finding, Severity
from catalyst_lessons.core.settings.options import Option
from catalyst_lessons.core.settings.yaml_marks import Entry
from catalyst_lessons.core.sitemap import PLATFORM_PLACEHOLDERS

# mkdocs-static-i18n, config.py: what it takes as a `locale`.
LOCALE = re.compile(r"[a-z]{2}(-[A-Za-z]{4})?(-[A-Z]{2})?|[a-z]{2}_[A-Z]{2}")

Found = list[Finding]


def read_options(options: Iterable[Option], block: Entry, found: Found) -> dict[str, Json]:
    """The value of every option, its default where it is left out or wrong; adds what is wrong to `found`."""
    return {option.name: read_value(option, block.fields.get(option.name), found) for option in options}


def read_value(option: Option, entry: Entry | None, found: Found) -> Json:
    """The value of one option; its default where it is left out, empty or, with a finding, wrong."""
    if entry is None or is_empty(entry):
        return option.default
    try:
        if option.kind == "paths":
            return read_paths(option, entry, found)
        if option.kind == "languages":
            return tuple(read_language(option, item).replace("_", "-") for item in listed(option, entry))
        return READERS[option.kind](option, entry)
    except OptionError as wrong:
        found.append(wrong.finding(entry))
        return option.default


def check_names(options: Iterable[Option], block: Entry, found: Found, *, elsewhere: Mapping[str, str]) -> None:
    """Adds a finding for every key of the block that is no option, with the one that was probably meant."""
    names = [option.name for option in options]
    for name, entry in block.fields.items():
        if name not in names:
            hint = elsewhere.get(name) or suggestion(name, names)
            found.append(Finding("C505", f'unknown option "{name}"', entry.location, hint))


def check_required(options: Iterable[Option], block: Entry, found: Found, *, what: str) -> None:
    """Adds a finding for every required option that is left out."""
    for option in options:
        entry = block.fields.get(option.name)
        if option.required and (entry is None or is_empty(entry)):
            hint = f"add `{option.name}:` and {option.expected}"
            found.append(Finding("C522", f'{what} has no "{option.name}"', block.location, hint))


def is_empty(entry: Entry) -> bool:
    """Whether the entry says nothing, like one that is left out."""
    return entry.kind == "nothing" or (entry.kind == "text" and not entry.text.strip())


def closest(name: str, names: Iterable[str]) -> str:
    """The one of the names that was probably meant, or ""."""
    by_plain = {plain(known): known for known in names}
    return next((by_plain[match] for match in get_close_matches(plain(name), by_plain, n=1, cutoff=0.55)), "")


def plain(name: str) -> str:
    """A name as it is compared: hyphens, underscores and capitals are what people mix up first."""
    return name.lower().replace("-", "_")


def suggestion(name: str, names: Iterable[str]) -> str:
    """The hint for a name that does not exist."""
    names = list(names)
    near = closest(name, names)
    return f'did you mean "{near}"?' if near else f"expected one of {', '.join(names)}"


def expect(option: Option, entry: Entry, *kinds: str) -> str:
    """The value as it was written, if it is of one of these kinds.

    Raises:
        OptionError: it is of another kind.
    """
    if entry.kind not in kinds:
        raise OptionError("C507", f"{option.name}: expected {option.expected}, found {entry.shown}")
    return entry.text


def read_text(option: Option, entry: Entry) -> str:
    """A text; what YAML takes for a number stays as it was written (`1.10`)."""
    if entry.kind == "true or false":
        hint = f"write '{entry.text}' in quotes, because YAML reads it as true or false"
        raise OptionError("C507", f"{option.name}: expected {option.expected}, found {entry.shown}", hint)
    return expect(option, entry, "text", "whole number", "number").strip()


def read_text_per_language(option: Option, entry: Entry) -> str | Mapping[str, str]:
    """A text, or a mapping from language tags to texts."""
    if entry.kind != "mapping":
        return read_text(option, entry)
    return {tag.replace("_", "-"): read_text(option, text) for tag, text in entry.fields.items()}


def read_flag(option: Option, entry: Entry) -> bool:
    """True or false, as YAML 1.1 writes them."""
    return expect(option, entry, "true or false").lower() in ("true", "yes", "on")


def read_choice(option: Option, entry: Entry) -> str:
    """One of the option's choices."""
    value = entry.text if entry.kind == "true or false" else read_text(option, entry)
    if value not in option.choices:
        raise OptionError(
            "C509",
            f'{option.name}: "{value}" is not one of {", ".join(option.choices)}',
            suggestion(value, option.choices),
        )
    return value


def read_number(option: Option, entry: Entry) -> int:
    """A whole number within the option's range."""
    if entry.kind != "whole number" or not re.fullmatch(r"[+-]?\d(?:_?\d){0,18}", entry.text):
        hint = "write it without quotes" if entry.text.isdecimal() else f"write the number of {option.unit} alone"
        raise OptionError("C507", f"{option.name}: expected {option.expected}, found {entry.shown}", hint)
    value = int(entry.text)
    if not option.lowest <= value <= option.highest:
        nearest = min(max(value, option.lowest), option.highest)
        raise OptionError(
            "C508", f"{option.name}: expected {option.expected}, found {value}", f"the nearest is {nearest}"
        )
    return value


def read_path(option: Option, entry: Entry) -> str:
    """A path inside the project, without `./` before and `/` after it."""
    return checked("C511", option, lambda: check_path(read_text(option, entry).removeprefix("./"), what="path"))


def read_folder(option: Option, entry: Entry) -> str:
    """A path inside the project, and not the project itself."""
    path = "" if entry.kind == "text" and entry.text in ("", ".", "./") else read_path(option, entry)
    if not path:
        raise OptionError(
            "C511",
            f"{option.name}: expected {option.expected}, found the project itself",
            "name one inside it",
        )
    return path


def read_paths(option: Option, entry: Entry, found: Found) -> tuple[str, ...]:
    """The good ones of a list of paths, each once; a finding for each of the others."""
    expect(option, entry, "list")
    paths: dict[str, Entry] = {}
    for item in entry.items:
        try:
            path = read_folder(option, item)
        except OptionError as wrong:
            found.append(wrong.finding(item))
            continue
        if path in paths:
            message = f'{option.name}: "{path}" stands twice, first on line {paths[path].location.line}'
            found.append(Finding("C506", message, item.location, "keep one of them"))
        paths.setdefault(path, item)
    return tuple(paths)


def listed(option: Option, entry: Entry) -> tuple[Entry, ...]:
    """The items of a list.

    Raises:
        OptionError: it is no list.
    """
    expect(option, entry, "list")
    return entry.items


def read_clone_folder(option: Option, entry: Entry) -> str:
    """The folder of a clone on a hub."""
    return checked("C511", option, lambda: check_target_path(read_text(option, entry).removeprefix("./")))


def read_time(option: Option, entry: Entry) -> str:
    """A time of day; YAML takes some of them for numbers, but we have them as they were written."""
    value = read_text(option, entry)
    match = re.fullmatch(r"(\d{1,2})[:.h]?(\d{2})?", value)
    hours, minutes = (int(part or 0) for part in match.groups()) if match else (24, 0)
    right = f"{hours:02}:{minutes:02}"
    if value != right or hours > 23 or minutes > 59:
        hint = (
            f'write "{right}"' if hours <= 23 and minutes <= 59 else "hours from 00 to 23, then minutes from 00 to 59"
        )
        raise OptionError("C510", f'{option.name}: expected {option.expected}, found "{value}"', hint)
    return right


def read_month(option: Option, entry: Entry) -> str:
    """A month or a day, as ISO 8601 writes them."""
    value = read_text(option, entry)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-\d{2})?", value):
        raise OptionError("C510", f'{option.name}: expected {option.expected}, found "{value}"')
    return value


def read_id(option: Option, entry: Entry) -> str:
    """A short name that can stand in an address."""
    value = read_text(option, entry)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        right = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        hint = f"write `{option.name}: {right}`" if right else ""
        raise OptionError("C510", f'{option.name}: expected {option.expected}, found "{value}"', hint)
    return value


def read_language(option: Option, entry: Entry) -> str:
    """A language tag that the i18n plugin takes, as it was written."""
    value = entry.text if entry.kind == "true or false" else read_text(option, entry)
    if entry.kind == "true or false":
        raise OptionError("C515", f'{option.name}: YAML reads "{value}" as true or false', f"write '{value}' in quotes")
    if not LOCALE.fullmatch(value):
        raise OptionError("C515", f'{option.name}: expected {option.expected}, found "{value}"', hint_for_tag(value))
    return value


def hint_for_tag(value: str) -> str:
    """The tag that was probably meant: with its capitals right, or without its region."""
    main, *rest = re.split(r"[-_]", value)
    cased = {2: str.upper, 4: str.title}
    right = "-".join([main.lower(), *(cased.get(len(part), str)(part) for part in rest)])
    if LOCALE.fullmatch(right):
        return f"write {right}"
    if LOCALE.fullmatch(main.lower()):
        return f"the i18n plugin takes two letters for a region; write {main.lower()}, or name one country"
    return "the i18n plugin takes only languages that have a two-letter code, such as es, pt-BR or zh-Hant"


def read_repository(option: Option, entry: Entry) -> str:
    """The address of a repository, without credentials."""
    return checked("C512", option, lambda: parse_repository(read_text(option, entry)).url)


def read_branch(option: Option, entry: Entry) -> str:
    """The name of a branch."""
    return checked("C513", option, lambda: check_branch(read_text(option, entry)))


def read_branch_pattern(option: Option, entry: Entry) -> str:
    """The name of a branch with `{branch}` in it, or without."""
    value = read_text(option, entry)
    checked("C513", option, lambda: check_branch(value.replace("{branch}", "x")))
    return value


def read_hub_address(option: Option, entry: Entry) -> str:
    """The address of a hub's front page."""
    return checked("C519", option, lambda: check_hub_url(read_text(option, entry)))


def read_platform_address(option: Option, entry: Entry) -> str:
    """The address of a page of a translation platform, with placeholders that we know."""
    value = read_text(option, entry)
    unknown = set(re.findall(r"\{[^{}]*\}?", value)) - set(PLATFORM_PLACEHOLDERS)
    if value and (unknown or not re.match(r"https?://[^\s/]+", value)):
        near = suggestion(min(unknown), PLATFORM_PLACEHOLDERS) if unknown else ""
        raise OptionError("C510", f'{option.name}: expected {option.expected}, found "{value}"', near)
    return value


def checked(code: str, option: Option, read: Callable[[], str]) -> str:
    """What `read` gives back.

    Raises:
        OptionError: it raised a UsageError, which is told in the words of the settings.
    """
    try:
        return read()
    except UsageError as error:
        raise OptionError(code, f"{option.name}: {error.message}", error.hint) from None


READERS: Mapping[str, Callable[[Option, Entry], Json]] = {
    "text": read_text,
    "text per language": read_text_per_language,
    "flag": read_flag,
    "choice": read_choice,
    "number": read_number,
    "folder": read_folder,
    "path": read_path,
    "clone folder": read_clone_folder,
    "time": read_time,
    "month": read_month,
    "id": read_id,
    "language": read_language,
    "repository": read_repository,
    "branch": read_branch,
    "branch pattern": read_branch_pattern,
    "hub address": read_hub_address,
    "platform address": read_platform_address,
}


class OptionError(Exception):
    """A value that cannot be used: the code of the finding, what is wrong and what to type."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def finding(self, entry: Entry, *, severity: Severity = "error") -> Finding:
        """The finding about the entry that the value was read from."""
        return Finding(self.code, self.message, entry.location, self.hint, severity)
