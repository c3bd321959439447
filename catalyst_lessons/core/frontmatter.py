"""Front matter: what a source says of itself, each value with its line, and every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalyst_lessons.core.model import NOTHING, FrontMatter, Json, Location, Phrase
from catalyst_lessons.core.prose import nearest, one_line
from catalyst_lessons.core.report import Finding, Severity

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


def from_json(value: Json, line: int = 0) -> Entry:
    """The entry for a value as `json.loads` gives it."""
    if isinstance(value, list):
        return Entry(value, line, items=tuple(from_json(item, getattr(item, "line", line)) for item in value))
    text = "" if value is None or isinstance(value, dict) else str(value).strip()
    return Entry(value, line, text)


# Front matter -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Notes:
    """Collects the findings of one source."""

    path: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, message: str, line: int, *, hint: str, severity: Severity = "error") -> None:
        self.findings.append(Finding(code, message, Location(self.path, line), hint, severity))


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
    near = nearest(key, KEYS, cutoff=0.8)
    if near and key not in SYNONYMS:
        message = f"`{key}` is not a key we know"
        notes.add("L102", message, line, hint=f"did you mean `{near}`?", severity="warning")


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
        near = nearest(level, LEVELS, cutoff=0.0)
        notes.add("L106", message, own["level"].line, hint=f"write `level: {near}`", severity="warning")
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
