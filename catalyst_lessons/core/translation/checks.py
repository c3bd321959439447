"""Rules T201 to T219: what a translation may not change. `RULES` lists them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from catalyst_lessons.core.markup import parse_markup
from catalyst_lessons.core.model import Lesson, Location
from catalyst_lessons.core.report import Finding, Severity
from catalyst_lessons.core.translation.inline import Inline, Target, scan_inline
from catalyst_lessons.core.translation.messages import Catalog
from catalyst_lessons.core.translation.segments import extract

RULES = MappingProxyType(
    {
        "T201": "inline code is the same",
        "T202": "math is the same",
        "T203": "links lead to the same place",
        "T204": "another page of the same site",
        "T205": "no address that runs code",
        "T206": "HTML tags are the same",
        "T207": "templates are the same",
        "T208": "roles are the same",
        "T209": "attribute lists are the same",
        "T210": "footnotes and reference labels are the same",
        "T211": "emphasis is the same",
        "T212": "the kind of block is the same",
        "T213": "line breaks are the same",
        "T214": "no new column",
        "T215": "numbers are the same",
        "T216": "the end is punctuated alike",
        "T217": "the text is translated",
        "T218": "no invisible control characters",
        "T219": "punctuation as the language has it",
    }
)

UNSAFE_SCHEMES = frozenset({"javascript", "vbscript", "data", "file", "blob", "about"})
UNSAFE_ADDRESS = re.compile(r"(?:javascript|vbscript|data|blob)\s*:(?=\S)", re.I)
# What opens a block in one of our readers but not in CommonMark: Python-Markdown's `#x`, admonitions and
# abbreviations, MyST's and Carpentries' marks, definitions, task marks, table rows.
OPENING = re.compile(
    r"#{1,6}(?=[^\s#])|!!!|\?\?\?|===|:::|```|~~~|///|\$\$|\+\+\+|\([^()\s]+\)=|%(?=\s)|\\begin\{"
    r"|[:~](?=\s)|\[[ xX]\](?=\s)|\*\[[^\]]*\]:|\[[^\]]*\]:|\|"
)
LINE_BREAKS = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Python-Markdown marks its placeholders with control characters; bidirectional ones can hide what is said.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
BARE_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
NUMBER = re.compile(r"\d(?:[\d.,'\u00a0\u202f\u066b\u066c]*\d)?")
OTHER_DIGIT = re.compile(r"(?![0-9])\d")
# Marks that end a sentence, by what they say: Latin, Arabic, Ethiopic, Devanagari, Chinese and Japanese.
# ruff: noqa: RUF001 the marks of other scripts are meant
ENDS = {".": ".。።।۔", "?": "?？؟፧", "!": "!！", ":": ":：፦፥", ";": ";؛；፤", "…": "…"}
OWN_MARKS = MappingProxyType(
    {
        "ar": {"?": "؟", ";": "؛"},
        "fa": {"?": "؟", ";": "؛"},
        "ur": {"?": "؟", ".": "۔", ";": "؛"},
        "am": {".": "።", ";": "፤"},
        "ti": {".": "።", ";": "፤"},
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a translation: the rule's code, how bad it is, what is wrong, and what to do."""

    code: str
    severity: Severity
    message: str
    hint: str = ""


def problems(source: str, translation: str, *, language: str = "") -> tuple[Problem, ...]:
    """What is wrong with a translation of a text; `language` (a tag) adds what is particular to it.

    An empty translation has no problems. Translators may be anyone, so whatever could run code or lead
    readers away is an error, and an error keeps a translation from being published.
    """
    translation = translation.strip()
    return (*_problems(source, translation), *_own_marks(translation, language)) if translation else ()


@lru_cache(maxsize=65536)
def _problems(source: str, translation: str) -> tuple[Problem, ...]:
    """What is wrong with a translation in any language."""
    before, after = scan_inline(source), scan_inline(translation)
    return (
        *_marks(before, after),
        *_links(before.targets, after.targets),
        *_unsafe(source, translation, after.targets),
        *_references(before, after),
        *_structure(source.strip(), translation),
        *_controls(source, translation),
        *_words(source.strip(), translation),
    )


def refused(source: str, translation: str) -> bool:
    """Whether a translation may not be published, because a rule of severity error is not kept."""
    return any(problem.severity == "error" for problem in problems(source, translation))


def check_catalog(lesson: Lesson, catalog: Catalog) -> tuple[Finding, ...]:
    """What is wrong in the messages that the lesson uses; fuzzy ones are not published, so not looked at."""
    findings = []
    for key, text in {segment.key: segment.text for segment in extract(lesson)}.items():
        message = catalog.messages.get(key)
        if message is None or not message.usable:
            continue
        place = Location(catalog.path, message.line)
        for problem in problems(text, message.translation, language=catalog.language):
            findings.append(Finding(problem.code, problem.message, place, problem.hint, problem.severity))
    return tuple(findings)


def _marks(before: Inline, after: Inline) -> Iterator[Problem]:
    """The marks that must stand in the translation as often as in the source, in any order."""
    for code, name, expected, found, hint in (
        ("T201", "inline code", before.code, after.code, "copy it with its backticks"),
        ("T202", "math", before.math, after.math, "copy the formula as it is"),
        (
            "T206",
            "HTML",
            before.tags,
            after.tags,
            "copy the tags and attributes; translate only the text between them",
        ),
        ("T207", "template", before.templates, after.templates, "copy what stands in the braces"),
        (
            "T208",
            "role",
            before.roles,
            after.roles,
            "keep {name}`text <target>`: translate the text, keep name and target",
        ),
        ("T209", "attribute list", before.attributes, after.attributes, "copy what stands in the braces"),
        (
            "T210",
            "footnote",
            before.footnotes,
            after.footnotes,
            "keep each [^label], where it belongs in the sentence",
        ),
    ):
        if difference := _difference(expected, found):
            yield Problem(code, "error", f"{name}: {difference}", hint)


def _links(before: tuple[Target, ...], after: tuple[Target, ...]) -> Iterator[Problem]:
    """Places on this site must be the same; of another site, another page may be meant for these readers."""
    inside = _difference(_addresses(before, outside=False), _addresses(after, outside=False))
    hosts = _difference(_sites(before), _sites(after))
    if inside or hosts:
        told = "; ".join(one for one in (inside, hosts) if one)
        yield Problem("T203", "error", f"link: {told}", "translate the text of a link, keep where it leads")
    elif difference := _difference(_addresses(before, outside=True), _addresses(after, outside=True)):
        yield Problem("T204", "warning", f"link: {difference}", "fine if that page is the same in the other language")


def _addresses(targets: Iterable[Target], *, outside: bool) -> Counter[str]:
    return Counter(target.address for target in targets if bool(target.scheme or target.host) is outside)


def _sites(targets: Iterable[Target]) -> Counter[str]:
    return Counter(f"{target.scheme}://{target.host}" for target in targets if target.scheme or target.host)


def _unsafe(source: str, translation: str, targets: Iterable[Target]) -> Iterator[Problem]:
    schemes = {target.scheme for target in targets} & UNSAFE_SCHEMES
    words = Counter(found.lower() for found in UNSAFE_ADDRESS.findall(translation))
    words -= Counter(found.lower() for found in UNSAFE_ADDRESS.findall(source))
    if schemes - {target.scheme for target in scan_inline(source).targets} or words:
        name = min(schemes) if schemes else next(iter(words)).split(":")[0].strip()
        yield Problem(
            "T205",
            "error",
            f"an address that begins with {name}: is not allowed",
            "keep the address of the source",
        )


def _references(before: Inline, after: Inline) -> Iterator[Problem]:
    """Labels must survive. `[text][]` may become `[words][text]`, so the text itself counts as a label."""
    candidates = Counter(before.collapsed) + Counter(before.brackets)
    added = after.labels - before.labels
    lost = before.labels - after.labels
    if lost or added - candidates:
        difference = _difference(before.labels, after.labels)
        yield Problem(
            "T210",
            "error",
            f"link label: {difference}",
            "in [text][label], translate the text and keep the label",
        )
    elif len(after.collapsed) + len(after.brackets) + added.total() != candidates.total():
        count = len(after.collapsed) + len(after.brackets) + added.total()
        yield Problem(
            "T210",
            "warning",
            f"text in square brackets: expected {candidates.total()}, found {count}",
            "each of them may be a link; write [translated text][original text] to be sure",
        )


def _structure(source: str, translation: str) -> Iterator[Problem]:
    if LINE_BREAKS.search(translation) or translation.count("\n") > source.count("\n"):
        lines = source.count("\n") + 1
        expected = "one line" if lines == 1 else f"at most {lines} lines"
        yield Problem(
            "T213",
            "error",
            f"expected {expected}, found more",
            "write the translation without new line breaks",
        )
    elif _shape(source) != _shape(translation) or _openings(source) != _openings(translation):
        start = translation.split(maxsplit=1)[0][:20]
        yield Problem(
            "T212",
            "error",
            f"the translation makes another kind of block: it starts with {start!r}",
            "put a backslash before the mark (2024\\. or \\#), or begin with another word",
        )
    pipes, allowed = (len(BARE_PIPE.findall(text)) for text in (translation, source))
    if pipes > allowed:
        yield Problem("T214", "error", f"a | starts a new table column: expected {allowed}, found {pipes}", "write \\|")


def _openings(text: str) -> list[str]:
    return [match[0] for line in text.split("\n") if (match := OPENING.match(line.strip()))]


@lru_cache(maxsize=1)
def _blocks_only() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    reader.core.ruler.enableOnly(["normalize", "block"])
    return reader


@lru_cache(maxsize=1)
def _inline_only() -> MarkdownIt:
    return MarkdownIt("commonmark")


@lru_cache(maxsize=8192)
def _shape(text: str) -> tuple[str, ...]:
    """The kinds of block a text makes when it stands alone, to CommonMark and to our own reader of callouts."""
    nodes = (f"{type(node).__name__} {getattr(node, 'kind', '')}" for node in parse_markup(text))
    return (*nodes, *(token.type + token.tag for token in _blocks_only().parse(text, {})))


@lru_cache(maxsize=8192)
def _emphasis(text: str) -> tuple[int, int]:
    if "*" not in text and "_" not in text:
        return (0, 0)
    kinds = Counter(child.type for token in _inline_only().parseInline(text, {}) for child in token.children or ())
    return (kinds["em_open"], kinds["strong_open"])


def _controls(source: str, translation: str) -> Iterator[Problem]:
    found = Counter(CONTROLS.findall(translation)) - Counter(CONTROLS.findall(source))
    if found:
        names = ", ".join(f"U+{ord(character):04X}" for character in sorted(found))
        yield Problem("T218", "error", f"invisible control character {names}", "delete it")


def _words(source: str, translation: str) -> Iterator[Problem]:
    for name, expected, found in zip(("italic", "bold"), _emphasis(source), _emphasis(translation), strict=True):
        if expected != found:
            hint = "put * or ** right before and right after the words that stand out"
            yield Problem("T211", "warning", f"{name}: expected {expected}, found {found}", hint)
    missing = _numbers(source) - _numbers(translation)
    if missing:
        yield Problem("T215", "warning", f"number: expected {_listed(missing)}", "fine if it is written in words")
    end = _end(source)
    if end and _end(translation) != end:
        yield Problem("T216", "info", f"the source ends with {end!r}, the translation with {translation[-1]!r}", "")
    if source == translation and len(source.split()) > 3:
        yield Problem(
            "T217",
            "info",
            "the translation is the same as the source",
            "leave it empty if it is not done yet",
        )


def _own_marks(translation: str, language: str) -> Iterator[Problem]:
    name = language.replace("_", "-").split("-")[0].lower()
    words = scan_inline(translation).words.rstrip(" *_\"')”»")
    mark = OWN_MARKS.get(name, {}).get(words[-1:])
    if mark:
        yield Problem("T219", "info", f"the translation ends with {words[-1]!r}", f"this language writes {mark}")
    if name == "fr" and re.search(r"\w[?!;]|\w:(?=\s|$)", words):
        yield Problem("T219", "info", "no space before ? ! ; or :", "French puts a no-break space there")


def _numbers(text: str) -> Counter[str]:
    """The numbers, whatever digits and separators they are written with."""
    digits = OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), scan_inline(text).words)
    return Counter(re.sub(r"\D", "", found) for found in NUMBER.findall(digits))


def _end(text: str) -> str:
    stripped = text.rstrip(" *_`\"'()[]\u201d\u2019»>\u00a0\u202f").replace("...", "…")
    return next((kind for kind, marks in ENDS.items() if stripped.endswith(tuple(marks))), "")


def _difference(expected: Counter[str], found: Counter[str]) -> str:
    """What is missing and what is too much, or ""."""
    if expected == found:
        return ""
    missing, extra = expected - found, found - expected
    parts = [f"expected {_listed(missing)}"] * bool(missing) + [f"found {_listed(extra)}"] * bool(extra)
    if missing and not extra:
        parts.append("found none of it" if not any(found[item] for item in missing) else "found fewer")
    elif extra and not missing:
        parts.insert(0, "expected none" if not any(expected[item] for item in extra) else "expected fewer")
    return ", ".join(parts)


def _listed(items: Counter[str]) -> str:
    shown = [item.replace("\0", "…") for item in list(items)[:3]]
    rest = f" and {len(items) - 3} more" if len(items) > 3 else ""
    return " ".join(repr(item if len(item) <= 60 else item[:59] + "…") for item in shown) + rest
