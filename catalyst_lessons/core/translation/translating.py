"""Segment, Catalog; extract(), translate(), coverage: a lesson's text out to translators and back in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from catalyst_lessons.core.model import Cell, FrontMatter, Lesson, Phrase
from catalyst_lessons.core.translation.checks import refused
from catalyst_lessons.core.translation.code_comments import comment_edit, same_code
from catalyst_lessons.core.translation.inline import CODE, FULL_REFERENCE, label_of
from catalyst_lessons.core.translation.messages import Catalog, Gap, Message, Place, Segment, State
from catalyst_lessons.core.translation.segments import FRONT_KINDS, extract, message_id, phrases, reference_labels
from catalyst_lessons.core.translation.splicing import Edit, edit, spliced
from catalyst_lessons.core.translation.stretches import IMAGE

__all__ = [
    "Catalog",
    "Coverage",
    "Gap",
    "Message",
    "Place",
    "Segment",
    "State",
    "coverage",
    "edit_of",
    "extract",
    "keep",
    "published",
    "replacements",
    "state_of",
    "translate",
]

UNMARKED = frozenset({"alt text", "code comment"})
"""The kinds of segments that can hold no mark that they are not translated."""

_ALT = re.compile(r"!\[(?:[^\[\]\\]|\\.)*\]")
_REFERENCE = re.compile(r"(?<![\]\\])\[((?!\^)(?:[^\[\]\\]|\\.)+)\](?:\[\]|(?![\[(]))")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many segments of a lesson are translated, fuzzy, untranslated, or translated but refused."""

    translated: int = 0
    fuzzy: int = 0
    untranslated: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """All segments."""
        return self.translated + self.fuzzy + self.untranslated + self.refused

    @property
    def ratio(self) -> float:
        """The share that is translated, 0 to 1; 1 where there is nothing to translate."""
        return self.translated / self.total if self.total else 1.0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.translated + other.translated,
            self.fuzzy + other.fuzzy,
            self.untranslated + other.untranslated,
            self.refused + other.refused,
        )


def keep(gap: Gap) -> str:
    """The fallback that leaves an untranslated text as it is."""
    return gap.text


def state_of(text: str, catalog: Catalog) -> State:
    """What the catalog has for a text (or a segment's `key`); only "translated" is published."""
    message = catalog.messages.get(text)
    if message is None or not message.translation.strip():
        return "untranslated"
    if message.fuzzy:
        return "fuzzy"
    return "refused" if refused(message.source, message.translation) else "translated"


def coverage(lesson: Lesson, catalog: Catalog) -> Coverage:
    """How much of a lesson the catalog translates."""
    states = [state_of(segment.key, catalog) for segment in extract(lesson)]
    return Coverage(*(states.count(state) for state in ("translated", "fuzzy", "untranslated", "refused")))


def translate(
    lesson: Lesson, catalog: Catalog, *, fallback: Callable[[Gap], str] = keep, earlier: bool = False
) -> Lesson:
    """The lesson in the catalog's language, with code, ids, tags and everything that is no prose as it was.

    `fallback` is asked for the text of each segment of a cell's Markdown that has no translation to publish. What it
    returns stands there; when that is the text itself, not a byte changes. It is not called for alt texts, which hold
    no markup. A front matter phrase tells by its language whether it was translated, and why not by being `stale`;
    with `earlier`, a stale one brings the translation of its earlier text.
    """
    found: dict[int, list[tuple[Segment, str]]] = {}
    for segment, text in replacements(lesson, catalog, fallback=fallback):
        found.setdefault(segment.place.cell, []).append((segment, text))
    cells = tuple(_translated_cell(cell, found.get(number, ())) for number, cell in enumerate(lesson.cells))
    return replace(
        lesson, cells=cells, front=_translated_front(lesson, catalog, earlier=earlier), language=catalog.language
    )


def replacements(
    lesson: Lesson, catalog: Catalog, *, fallback: Callable[[Gap], str] = keep
) -> Iterator[tuple[Segment, str]]:
    """What is to stand in the place of each segment of a cell that does not stay as it is, in the cell's order."""
    labels = reference_labels(lesson)
    for segment in extract(lesson):
        if segment.place.cell < 0:
            continue
        ready = published(segment.key, catalog)
        if ready is not None:
            yield segment, _with_alts(segment.text, _with_labels(segment.text, ready, labels), catalog)
        elif segment.kind not in UNMARKED:
            text = fallback(_gap(segment, lesson.language, catalog, labels))
            if text != segment.text:
                yield segment, text


def _gap(segment: Segment, language: str, catalog: Catalog, labels: frozenset[str]) -> Gap:
    earlier = _with_labels(segment.text, _earlier(segment.key, catalog), labels)
    return Gap(segment, state_of(segment.key, catalog), language, earlier)


def _earlier(text: str, catalog: Catalog) -> str:
    """The translation of an earlier version of a text, if it may be shown beside the text of today.

    It has to keep the rules that a translation of today's text has to: what the catalog says of the earlier text
    (`#| msgid`) is the translator's word alone.
    """
    if state_of(text, catalog) != "fuzzy":
        return ""
    message = catalog.messages[text]
    return "" if refused(message.source, message.translation) else message.translation.strip()


def published(text: str, catalog: Catalog) -> str | None:
    """The translation of a text (or a segment's `key`) that may be published, None where there is none."""
    return catalog.messages[text].translation.strip() if state_of(text, catalog) == "translated" else None


def _translated_front(lesson: Lesson, catalog: Catalog, *, earlier: bool) -> FrontMatter:
    def translated(phrase: Phrase) -> Phrase:
        text = message_id(phrase)
        ready = published(text, catalog)
        if ready is None:
            stale = state_of(text, catalog) == "fuzzy"
            language = phrase.language or lesson.language
            return replace(phrase, language=language, stale=stale, earlier=_earlier(text, catalog) if earlier else "")
        return replace(phrase, text=ready, language=catalog.language)

    found = {key: tuple(translated(phrase) for phrase in phrases(lesson, key)) for key in FRONT_KINDS}
    return replace(
        lesson.front,
        title=found["title"][0],
        questions=found["questions"],
        objectives=found["objectives"],
        keypoints=found["keypoints"],
        prerequisites=found["prerequisites"],
    )


def _translated_cell(cell: Cell, found: Iterable[tuple[Segment, str]]) -> Cell:
    edits: list[Edit] = []
    for segment, text in found:
        if segment.place.key:
            cell = replace(cell, metadata=MappingProxyType({**cell.metadata, segment.place.key: text}))
        elif not edits or segment.place.start >= edits[-1].end:  # an image's alt text stands inside its sentence
            edits.append(edit_of(cell, segment, text))
    source, rows = spliced(cell.source, edits)
    if source == cell.source or (cell.kind == "code" and not same_code(cell.source, source)):
        return cell
    return replace(cell, source=source, lines=tuple(cell.line_of(row) for row in rows))


def edit_of(cell: Cell, segment: Segment, text: str) -> Edit:
    """The edit that puts a text in a segment's place in its cell."""
    if cell.kind == "code":
        return comment_edit(cell.source, segment.place, text)
    return edit(cell.source, segment.place, text)


def _with_alts(source: str, translation: str, catalog: Catalog) -> str:
    """The translation, with the words for its images that have a message of their own and were left as they are."""
    alts = {image["alt"] for image in IMAGE.finditer(source)} if "![" in source else ()
    ready = {f"![{alt}]": f"![{words}]" for alt in alts if (words := published(alt, catalog)) is not None}
    return _ALT.sub(lambda found: ready.get(found[0], found[0]), translation) if ready else translation


def _with_labels(source: str, translation: str, labels: frozenset[str]) -> str:
    """The translation, with the label written out where a link's text was its label: `[text]`, `[text][]`.

    A link whose text is still a label keeps it; the others take what labels are left, in the source's order.
    """
    wanted = [label_of(match[1]) for match in _references(source) if label_of(match[1]) in labels]
    if not wanted:
        return translation
    found = _references(translation)
    kept = Counter(map(label_of, (*FULL_REFERENCE.findall(translation), *(match[1] for match in found))))
    left = [label for label in wanted if not _taken(kept, label)]
    renamed = [match for match in found if label_of(match[1]) not in labels]
    if len(renamed) != len(left):
        return translation
    pairs = zip(renamed, left, strict=True)
    edits = [Edit(match.start(), match.end(), f"[{match[1]}][{label}]") for match, label in pairs]
    return spliced(translation, edits)[0]


def _taken(kept: Counter[str], label: str) -> bool:
    """Whether there was one of a label, which is then taken."""
    kept[label] -= 1
    return kept[label] >= 0


def _references(text: str) -> list[re.Match[str]]:
    """The bracketed texts that may be links by their own text, outside of code."""
    return list(_REFERENCE.finditer(CODE.sub(lambda match: "\0" * len(match[0]), text)))
