"""Blocks of a translation that was published elsewhere, put in place line for line, as they were published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalyst_lessons.core.translation.checks import problems
from catalyst_lessons.core.translation.front_splicing import PROSE
from catalyst_lessons.core.translation.messages import Catalog, Message
from catalyst_lessons.core.translation.splicing import Edit
from catalyst_lessons.core.yaml_reading import UNREADABLE, plain_yaml

BLOCK = "block as published"
"""The `msgctxt` of a message that is such a block."""

# What a block as published may not change either: links, addresses that run code, HTML, templates, attribute lists,
# footnotes, invisible characters. What it says in code, and how it is laid out, is the published translation's own.
_KEPT = frozenset({"T203", "T205", "T206", "T207", "T209", "T210", "T218"})
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})(?P<word>.*)$", re.M)
_FRONT = re.compile(r"---[ \t]*\n.*\n---[ \t]*\Z", re.S)


def block_edits(rows: Sequence[str], starts: Sequence[int], catalog: Catalog) -> Iterator[Edit]:
    """The edits that put the catalog's blocks in place: from each line on, the longest one that stands there."""
    by_first: dict[str, list[tuple[list[str], Message]]] = {}
    for source, message in catalog.blocks.items():
        lines = source.split("\n")
        by_first.setdefault(lines[0], []).append((lines, message))
    for known in by_first.values():
        known.sort(key=lambda entry: -len(entry[0]))
    at = 0
    while at < len(rows):
        candidates = by_first.get(rows[at], ())
        found = next((one for one in candidates if list(rows[at : at + len(one[0])]) == one[0]), None)
        last = at + len(found[0]) - 1 if found else at
        if found and usable_block(found[1]):
            yield Edit(starts[at], starts[last] + len(rows[last]), found[1].translation)
        at = last + 1


def usable_block(message: Message) -> bool:
    """Whether a block may be put in place: translated, not fuzzy, and with nothing in it that could do harm."""
    return message.usable and safe_block(message.source, message.translation)


def safe_block(source: str, translation: str) -> bool:
    """Whether a block leads to no other places, brings no HTML, template or key, and ends what it begins."""
    if _FRONT.match(source):
        return _same_front(source, translation)
    if _fences(source) != _fences(translation):
        return False
    before, after = (_without_fences(text) for text in (source, translation))
    return not any(problem.severity == "error" and problem.code in _KEPT for problem in problems(before, after))


def same_quotes(source: str, translation: str) -> bool:
    """Whether a translation has the quotes that begin and end long strings in scripts as often as its source."""
    return all(source.count(quotes) == translation.count(quotes) for quotes in ('"""', "'''"))


def _fences(text: str) -> list[str]:
    return [match["word"].strip() for match in _FENCE.finditer(text)]


def _without_fences(text: str) -> str:
    """The text without what stands between fences, which is shown as it is."""
    lines = text.split("\n")
    if len(_fences(text)) % 2:
        return text
    inside, kept = False, []
    for line in lines:
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _same_front(source: str, translation: str) -> bool:
    """Whether two front matters differ in prose alone, and in nothing that breaks a rule there."""
    if not _FRONT.match(translation):
        return False
    try:
        one, other = (plain_yaml(text.strip().strip("-")) for text in (source, translation))
    except UNREADABLE:
        return False
    if not isinstance(one, dict) or not isinstance(other, dict) or list(one) != list(other):
        return False
    return all(_same_value(value, other[key], prose=key in PROSE) for key, value in one.items())


def _same_value(value: object, other: object, *, prose: bool) -> bool:
    if not prose or type(value) is not type(other):
        return value == other
    one, two = (item if isinstance(item, list) else [item] for item in (value, other))
    texts = list(zip(map(str, one), map(str, two), strict=False))
    return len(one) == len(two) and not any(p.severity == "error" for a, b in texts for p in problems(a, b))
