"""Translations made elsewhere, as messages: a translated page beside its source, or a foreign catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from catalyst_lessons.core.model import NOTHING, Lesson
from catalyst_lessons.core.translation.aligning import Pair, align
from catalyst_lessons.core.translation.applying import apply_catalog
from catalyst_lessons.core.translation.checks import refused
from catalyst_lessons.core.translation.front_splicing import PROSE
from catalyst_lessons.core.translation.messages import Catalog, Message, Segment
from catalyst_lessons.core.translation.published_blocks import safe_block
from catalyst_lessons.core.translation.rematching import bare, loose
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.core.yaml_reading import UNREADABLE, plain_yaml

Read = Callable[[str], Lesson]
"""Reads a text as the lesson it is, its first heading left in its cell."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import gave: messages by `Segment.key`, blocks as they were published, and what was left.

    `missing` are the segments of the source without a translation, `unused` the texts that belong to none, `refused`
    the messages that break a rule and will not be published before somebody mends them.
    """

    messages: Mapping[str, Message]
    blocks: Mapping[str, str] = field(default=NOTHING)
    missing: tuple[Segment, ...] = ()
    unused: tuple[str, ...] = ()
    refused: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines of a source, from row `first` on, and those that stand there in its translation, from row `there` on."""

    first: int
    lines: tuple[str, ...]
    there: int
    translated: tuple[str, ...]


def import_page(text: str, translated: str, *, read: Read, language: str, blocks: bool = True) -> Imported:
    """The messages that a translated page makes, and where both texts are laid out alike, its blocks as they are."""
    source, other = read(text), read(translated)
    theirs = extract(other)
    pairs = align(extract(source), theirs)
    messages = _messages(pairs)
    used = {id(pair.translated) for pair in pairs}
    unused = tuple(segment.text for segment in theirs if id(segment) not in used)
    stretches = _side_by_side(text, translated)
    found = _published(text, source, stretches, messages, language) if blocks else {}
    return _imported(source, messages, found, unused)


def import_catalog(
    text: str, foreign: Mapping[str, str], *, read: Read, language: str, blocks: bool = True
) -> Imported:
    """The messages that a foreign catalog (source text to translation) has for a text.

    First a message with the very text of a segment, then one that differs in marks and line breaks, then what a
    catalog of raw lines, as po4gitbook writes them, makes of the whole text.
    """
    source = read(text)
    messages, used = _by_text(source, foreign)
    stretches, lines_used = _by_lines(text, foreign)
    if stretches:
        translated = "\n".join(line for one in stretches for line in one.translated)
        pairs = _within(stretches, extract(source), extract(read(translated)))
        messages = _messages(pairs) | messages
    for original, translation in foreign.items():
        if original.startswith("---\n"):
            messages = _front(original, translation) | messages
            used.add(original)
    found = _published(text, source, stretches, messages, language) if blocks and stretches else {}
    unused = tuple(original for original in foreign if original not in used | lines_used)
    return _imported(source, messages, found, unused)


def _imported(
    source: Lesson, messages: dict[str, Message], blocks: Mapping[str, str], unused: tuple[str, ...]
) -> Imported:
    segments = extract(source)
    wanted = {segment.key: messages[segment.key] for segment in segments if segment.key in messages}
    missing = tuple(segment for segment in segments if segment.key not in wanted)
    broken = tuple(message for message in wanted.values() if refused(message.source, message.translation))
    return Imported(wanted, blocks, missing, unused, broken)


def _messages(pairs: Iterable[Pair]) -> dict[str, Message]:
    """A message for each pair; where one text is translated in two ways, the first one that is sure counts."""
    messages: dict[str, Message] = {}
    for pair in sorted(pairs, key=lambda pair: not pair.sure):
        message = Message(pair.source.text, pair.translated.text, fuzzy=not pair.sure)
        messages.setdefault(pair.source.key, message)
    return messages


# A foreign catalog, text by text --------------------------------------------------------------------------------------


def _by_text(source: Lesson, foreign: Mapping[str, str]) -> tuple[dict[str, Message], set[str]]:
    originals = list(reversed(list(foreign)))
    by_words = {bare(one): one for one in originals}
    by_letters = {loose(one): one for one in originals if loose(one)}
    messages: dict[str, Message] = {}
    used: set[str] = set()
    for segment in extract(source):
        original = segment.text if segment.text in foreign else by_words.get(bare(segment.text))
        close = original is None
        original = by_letters.get(loose(segment.text)) if original is None else original
        if original is None or not foreign[original].strip():
            continue
        used.add(original)
        same = original == segment.text
        text = foreign[original].strip() if same else bare(foreign[original])
        # Other marks in the foreign text may be marks that the translation lacks here.
        messages[segment.key] = Message(segment.text, text, fuzzy=close and refused(segment.text, text))
    return messages, used


def _front(original: str, translation: str) -> dict[str, Message]:
    """The messages of a front matter that a catalog has as one text."""
    try:
        one, other = (plain_yaml(text.strip().strip("-")) for text in (original, translation))
    except UNREADABLE:
        return {}
    if not isinstance(one, dict) or not isinstance(other, dict):
        return {}
    pairs = [(before, after) for key in PROSE for before, after in _values(one.get(key), other.get(key))]
    return {before: Message(before, after) for before, after in pairs if before and after}


def _values(one: object, other: object) -> list[tuple[str, str]]:
    before, after = (value if isinstance(value, list) else [value] for value in (one, other))
    if len(before) != len(after):
        return []
    texts = [
        (" ".join(str(a or "").split()), " ".join(str(b or "").split())) for a, b in zip(before, after, strict=True)
    ]
    return [pair for pair in texts if all(pair)]


# Raw lines ------------------------------------------------------------------------------------------------------------


def _by_lines(text: str, foreign: Mapping[str, str]) -> tuple[list[_Stretch], set[str]]:
    """The text cut into what the catalog translates, whole lines each, and what stays; the longest match counts."""
    rows = text.split("\n")
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for original, translation in foreign.items():
        if translation.strip():
            lines = tuple(original.split("\n"))
            by_first.setdefault(lines[0], []).append((lines, translation))
    stretches: list[_Stretch] = []
    used: set[str] = set()
    at = there = 0
    while at < len(rows):
        known = sorted(by_first.get(rows[at], ()), key=lambda entry: -len(entry[0]))
        found = next((one for one in known if tuple(rows[at : at + len(one[0])]) == one[0]), None)
        lines, new = (found[0], tuple(found[1].split("\n"))) if found else ((rows[at],), (rows[at],))
        if found:
            used.add("\n".join(lines))
        stretches.append(_Stretch(at, lines, there, new))
        at, there = at + len(lines), there + len(new)
    # Without marks, these are not the raw lines of a text, and what little fits fits by chance.
    # po4gitbook ends every line it writes, the last one too: what it published has one line more at its end.
    return (_with_lines_at_end(stretches, 1) if any(bare(text) != text for text in used) else []), used


def _with_lines_at_end(stretches: list[_Stretch], count: int) -> list[_Stretch]:
    """The stretches with so many blank lines more at the end of the translation."""
    last = next((n for n in range(len(stretches) - 1, -1, -1) if any(stretches[n].lines)), None)
    if last is None:
        return stretches
    one = stretches[last]
    later = [_Stretch(s.first, s.lines, s.there + count, s.translated) for s in stretches[last + 1 :]]
    return [*stretches[:last], _Stretch(one.first, one.lines, one.there, (*one.translated, *[""] * count)), *later]


def _side_by_side(text: str, translated: str) -> list[_Stretch]:
    """Both texts cut at blank lines, where they have as many blocks, each of one kind; else nothing."""
    one, other = _blocks(text), _blocks(translated)
    alike = len(one) == len(other) and all(_mark(a[1]) == _mark(b[1]) for a, b in zip(one, other, strict=True))
    if not alike:
        return []
    stretches = [_Stretch(a[0], a[1], b[0], b[1]) for a, b in zip(one, other, strict=True)]
    more = len(other[-1][1]) - len(one[-1][1])
    return _with_lines_at_end(stretches, more) if more > 0 and not any(one[-1][1]) else stretches


def _blocks(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The runs of lines that are blank and of those that are not, each with its first row."""
    runs = groupby(enumerate(text.split("\n")), key=lambda entry: bool(entry[1].strip()))
    return [(lines[0][0], tuple(line for _, line in lines)) for lines in (list(run) for _, run in runs)]


def _mark(lines: Sequence[str]) -> str:
    """What tells one kind of block from another: the mark its first line begins with."""
    first = lines[0].lstrip(" \t")
    return first[:1] if first[:1] in "#>`~:!|<{$" else ""


def _chunks(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Stretches that follow one another without a blank line, as one."""
    chunks: list[_Stretch] = []
    for full, run in groupby(stretches, key=lambda one: any(line.strip() for line in one.lines)):
        parts = list(run)
        lines = tuple(line for part in parts for line in part.lines)
        translated = tuple(line for part in parts for line in part.translated)
        if full:
            chunks.append(_Stretch(parts[0].first, lines, parts[0].there, translated))
    return chunks


def _within(stretches: Sequence[_Stretch], source: Sequence[Segment], translated: Sequence[Segment]) -> list[Pair]:
    """The pairs of segments, each found within one block and its translation."""
    ours, theirs = _by_line(source), _by_line(translated)
    pairs: list[Pair] = []
    for chunk in _chunks(stretches):
        if chunk.lines == chunk.translated:
            continue
        here = range(chunk.first + 1, chunk.first + len(chunk.lines) + 1)
        there = range(chunk.there + 1, chunk.there + len(chunk.translated) + 1)
        pairs += align(
            [segment for line in here for segment in ours.get(line, ())],
            [segment for line in there for segment in theirs.get(line, ())],
        )
    return pairs


def _by_line(segments: Sequence[Segment]) -> dict[int, list[Segment]]:
    """The segments by the line of their source that they begin on."""
    found: dict[int, list[Segment]] = {}
    for segment in segments:
        found.setdefault(segment.location.line, []).append(segment)
    return found


def _published(
    text: str, source: Lesson, stretches: Sequence[_Stretch], messages: Mapping[str, Message], language: str
) -> dict[str, str]:
    """The blocks that the messages alone would not put there as they were published."""
    rows = apply_catalog(text, source, Catalog(language, "", messages)).text.split("\n")
    ours = iter(_blocks("\n".join(rows)))
    found: dict[str, str] = {}
    chunks = _chunks(stretches)
    made = [block for block in ours if any(line.strip() for line in block[1])]
    for number, chunk in enumerate(chunks):
        same = len(made) == len(chunks) and made[number][1] == chunk.translated
        lines, translation = "\n".join(chunk.lines), "\n".join(chunk.translated)
        if not same and lines != translation and safe_block(lines, translation):
            found.setdefault(lines, translation)
    return found
