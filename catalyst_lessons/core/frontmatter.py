"""Front matter: what a source says of itself, each value with its line, and every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import yaml

from catalyst_lessons.core.model import NOTHING, FrontMatter, Json, Location, Phrase
from catalyst_lessons.core.prose import one_line
from catalyst_lessons.core.report import Finding, Severity
from catalyst_lessons.core.yaml_reading import UNREADABLE, check_aliases, problem_of

PHRASE_LISTS = ("questions", "objectives", "keypoints", "prerequisites")
KEYS = (
    *("title", "language", *PHRASE_LISTS, "teaching", "exercises", "authors"),
    *("license", "level", "data", "date", "lesson"),
)
LEVELS = ("beginner", "intermediate", "advanced")

# What other systems call the same thing: Quarto and Pandoc write `lang`, R Markdown `author`.
SYNONYMS = {"lang": "language", "author": "authors"}

# Keys of Jupytext and Jupyter: they tell how to read the file, not what the lesson is.
TECHNICAL = frozenset({"jupyter", "jupytext", "kernelspec", "kernel_info", "language_info", "file_format"})

# RFC 5646, section 2.1, without grandfathered tags, extensions and the reserved 4 to 8 letter languages.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-x(?:-[a-z0-9]{1,8})+)?)",
    re.IGNORECASE,
)

# Line breaks and control characters that YAML 1.1 refuses or takes for line ends, and editors do not.
_STRAY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def language_tag(text: str) -> str:
    """The BCP 47 tag in its usual case (`pt_br` gives `pt-BR`), or "" where it is none (RFC 5646, 2.1)."""
    found = _TAG.fullmatch(text.strip().replace("_", "-"))
    if not found:
        return ""
    parts = [found["language"].lower(), (found["script"] or "").title(), (found["region"] or "").upper()]
    return "-".join(filter(None, parts)) + found["rest"].lower()


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the front matter and the source line where it stands.

    `text` is a scalar as the author wrote it (`no` stays `no`), `items` are a list's entries, `None` where it is
    no list; lists in a list are not opened. `key_line` is the line of the key, where the value has one.
    """

    value: Json
    line: int = 0
    text: str = ""
    items: tuple[Entry, ...] | None = None
    key_line: int = 0

    @property
    def is_text(self) -> bool:
        """Whether it can stand for a text: a scalar that is there."""
        return self.items is None and self.value is not None and not isinstance(self.value, dict)


@dataclass(frozen=True, slots=True)
class _Notes:
    """Collects the findings of one source."""

    path: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, message: str, line: int, *, hint: str, severity: Severity = "error") -> None:
        self.findings.append(Finding(code, message, Location(self.path, line), hint, severity))


# YAML ---------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: dates stay text, tags of other programs (`!r`) give the text behind them."""


def _as_written(loader: _Loader, node: yaml.Node) -> Json:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)
_Loader.add_constructor(None, _as_written)  # PyYAML: None stands for every unknown tag


def read_yaml(text: str, *, path: str, first_line: int = 1) -> tuple[dict[str, Entry] | None, tuple[Finding, ...]]:
    """The entries of a YAML mapping by key, each with its line; `None` where the text is no mapping.

    Never raises: YAML that cannot be read gives no entries and a finding L101; a key that stands twice, L105.

    Args:
        text: the YAML alone, without its `---` lines.
        path: the source's path, for findings.
        first_line: the source line of the text's first line.
    """
    notes = _Notes(path)
    text = _STRAY.sub(" ", text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, ()
        if not isinstance(node, yaml.MappingNode):
            return None, ()
        check_aliases(node)
        return _entries(loader, node, first_line=first_line, notes=notes), tuple(notes.findings)
    except UNREADABLE as error:
        _note_bad_yaml(error, text, first_line=first_line, notes=notes)
        return {}, tuple(notes.findings)
    finally:
        loader.dispose()


def _note_bad_yaml(error: Exception, text: str, *, first_line: int, notes: _Notes) -> None:
    problem, line = problem_of(error, text)
    hint = 'put text that holds ": " or begins with a sign such as [ { @ ` * & in double quotes'
    if "\t" in text:
        hint = "YAML is indented with spaces: replace the tabs"
    notes.add("L101", f"the front matter is not valid YAML: {problem}", first_line + max(line, 0), hint=hint)


def _entries(loader: _Loader, node: yaml.MappingNode, *, first_line: int, notes: _Notes) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), first_line + key_node.start_mark.line
        if key in entries:
            before = entries[key].key_line
            message = f"`{key}` stands twice in the front matter, first in line {before}; the last one counts"
            notes.add("L105", message, line, hint="keep one of them", severity="warning")
        entries[key] = replace(_entry(loader, value_node, first_line), key_line=line)
    return entries


def _entry(loader: _Loader, node: yaml.Node, first_line: int, *, depth: int = 1) -> Entry:
    value = loader.construct_object(node, deep=True)
    line = first_line + node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        # Not deeper: aliases within aliases would make an endless tree of a few lines.
        items = node.value if depth else ()
        return Entry(value, line, items=tuple(_entry(loader, item, first_line, depth=0) for item in items))
    if isinstance(node, yaml.ScalarNode):
        # The text of a block scalar begins below its sign.
        return Entry(value, line + (node.style in ("|", ">")), node.value.strip())
    return Entry(value, line)


def from_json(value: Json, line: int = 0) -> Entry:
    """The entry for a value as `json.loads` gives it."""
    if isinstance(value, list):
        return Entry(value, line, items=tuple(from_json(item, getattr(item, "line", line)) for item in value))
    text = "" if value is None or isinstance(value, dict) else str(value).strip()
    return Entry(value, line, text)


# Front matter -------------------------------------------------------------------------------------


def parse_front_matter(
    text: str, *, path: str, first_line: int = 1, language: str = "en"
) -> tuple[FrontMatter, str, tuple[Finding, ...]]:
    """The front matter written as YAML, the language of the source, and everything that is wrong with it.

    Args:
        text: the YAML alone, without its `---` lines.
        path: the source's path, for findings.
        first_line: the source line of the text's first line.
        language: the tag that holds where the front matter names none.
    """
    entries, findings = read_yaml(text, path=path, first_line=first_line)
    if entries is None:
        hint = "write `key: value` lines, such as `title: Loops`"
        found = Finding("L101", "the front matter is not a list of keys and values", Location(path, first_line), hint)
        return FrontMatter(), language, (found,)
    front, language, more = front_matter_of(entries, path=path, language=language)
    return front, language, findings + more


def front_matter_of(
    entries: Mapping[str, Entry], *, path: str, language: str = "en"
) -> tuple[FrontMatter, str, tuple[Finding, ...]]:
    """The front matter these entries make, the language of the source, and everything that is wrong with it.

    Codes: L102 a key that is nearly one of ours, L103 a value of the wrong type, L104 a language that is no BCP 47 tag,
    L106 an unknown level, L107 a date that is not an ISO date.
    """
    notes = _Notes(path)
    own, other = _sort_keys(entries, notes)
    language = _language(own.get("language"), language, notes)
    phrases = {key: _phrases(key, own.get(key), language, notes) for key in PHRASE_LISTS}
    front = FrontMatter(
        title=_title(own.get("title"), language, notes),
        **phrases,
        teaching=_minutes("teaching", own.get("teaching"), notes),
        exercises=_minutes("exercises", own.get("exercises"), notes),
        authors=tuple(item.text for item in _texts("authors", own.get("authors"), notes)),
        license=_text("license", own.get("license"), notes),
        level=_level(_text("level", own.get("level"), notes), own, notes),
        data=tuple(item.text for item in _texts("data", own.get("data"), notes)),
        date=_date(_text("date", own.get("date"), notes), own, notes),
        lesson=_text("lesson", own.get("lesson"), notes),
        lines={key: entry.key_line or entry.line for key, entry in own.items()} or NOTHING,
        other=other or NOTHING,
    )
    return front, language, tuple(notes.findings)


def _sort_keys(entries: Mapping[str, Entry], notes: _Notes) -> tuple[dict[str, Entry], dict[str, Json]]:
    own: dict[str, Entry] = {}
    other: dict[str, Json] = {}
    for key, entry in entries.items():
        ours = SYNONYMS.get(key, key)
        if ours in KEYS and (ours == key or ours not in entries):
            own[ours] = entry
        elif key not in TECHNICAL:
            other[key] = entry.value
            _note_near_key(key, entry.key_line or entry.line, notes)
    return own, other


def _note_near_key(key: str, line: int, notes: _Notes) -> None:
    near = get_close_matches(key.lower(), KEYS, n=1, cutoff=0.8)
    if near and key not in SYNONYMS:
        message = f"`{key}` is not a key we know"
        notes.add("L102", message, line, hint=f"did you mean `{near[0]}`?", severity="warning")


def _language(entry: Entry | None, fallback: str, notes: _Notes) -> str:
    text = _text("language", entry, notes)
    if not text or entry is None:
        return fallback
    tag = language_tag(text)
    if not tag:
        hint = "write the short tag, such as `language: es`, `language: sw` or `language: pt-BR`"
        notes.add("L104", f"`{text}` is not a language tag (BCP 47)", entry.line, hint=hint)
    return tag or fallback


def _title(entry: Entry | None, language: str, notes: _Notes) -> Phrase:
    text = one_line(_text("title", entry, notes))
    return Phrase(text, language, entry.line if entry else 0) if text else Phrase("")


def _phrases(key: str, entry: Entry | None, language: str, notes: _Notes) -> tuple[Phrase, ...]:
    return tuple(Phrase(item.text, language, item.line) for item in _texts(key, entry, notes))


def _minutes(key: str, entry: Entry | None, notes: _Notes) -> int | None:
    if entry is None or entry.value is None:
        return None
    if entry.is_text and not isinstance(entry.value, bool) and re.fullmatch(r"[0-9]{1,5}", entry.text):
        return int(entry.text)
    found = f"found `{entry.text}`" if entry.is_text else "found a list or a mapping"
    message = f"`{key}` takes a whole number of minutes; {found}"
    notes.add("L103", message, entry.line, hint=f"write the minutes alone, such as `{key}: 20`")
    return None


def _text(key: str, entry: Entry | None, notes: _Notes) -> str:
    if entry is None or entry.value is None:
        return ""
    text = entry.text if entry.is_text else _name(entry.value)
    if not text and not entry.is_text:
        found = "a list" if entry.items is not None else "a mapping"
        hint = f'write one text, in double quotes where it holds ": ", such as `{key}: "..."`'
        notes.add("L103", f"`{key}` takes one text; found {found}", entry.line, hint=hint)
    return text


def _texts(key: str, entry: Entry | None, notes: _Notes) -> Iterable[Entry]:
    """The texts of a list, or the one text that stands where a list may stand."""
    if entry is None or entry.value is None:
        return
    for item in (entry,) if entry.items is None else entry.items:
        name = item.text if item.is_text else _name(item.value)
        if name:
            yield Entry(name, item.line, name)
        elif item.value is not None and not (item.is_text and not item.text):
            found = "a list" if item.items is not None else "a mapping"
            hint = 'put each text in double quotes where it holds ": ", and begin it with "- "'
            notes.add("L103", f"`{key}` takes a list of texts; found {found} in it", item.line, hint=hint)


def _name(value: Any) -> str:
    """The name in a mapping, as MyST and Quarto have `authors: [{name: ...}]`, `license: {content: ...}`."""
    found = value.get("name", value.get("content")) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) else ""


def _level(level: str, own: Mapping[str, Entry], notes: _Notes) -> str:
    if level and level.lower() not in LEVELS:
        message = f"`level` is one of {', '.join(LEVELS)}; found `{level}`"
        near = get_close_matches(level.lower(), LEVELS, n=1, cutoff=0.0)
        notes.add("L106", message, own["level"].line, hint=f"write `level: {near[0]}`", severity="warning")
    return level.lower()


def _date(date: str, own: Mapping[str, Entry], notes: _Notes) -> str:
    try:
        if date:
            datetime.fromisoformat(date)
    except ValueError:
        message = f"`date` is not a date in the form year-month-day; found `{date}`"
        notes.add("L107", message, own["date"].line, hint="write it as in `date: 2026-11-22`", severity="warning")
    return date


def unread_keys(told: Iterable[Finding]) -> frozenset[str]:
    """The keys of which nobody knows what they say: all of a broken front matter, and those with a wrong value.

    Args:
        told: what was said when the front matter was read.
    """
    keys: set[str] = set()
    for finding in told:
        if finding.code == "L101":
            keys |= set(FrontMatter.__slots__)
        elif finding.code == "L103":
            keys |= {key for key in FrontMatter.__slots__ if finding.message.startswith(f"`{key}`")}
    return frozenset(keys)
