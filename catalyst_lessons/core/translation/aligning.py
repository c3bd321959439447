"""Which segment of a translated text belongs to which of its source: the same kinds in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from catalyst_lessons.core.translation.inline import Inline, scan_inline
from catalyst_lessons.core.translation.messages import Segment


@dataclass(frozen=True, slots=True)
class Pair:
    """A segment and its translation; `sure` where nothing is missing around them, or they have the same marks."""

    source: Segment
    translated: Segment
    sure: bool = True


def align(source: Sequence[Segment], translated: Sequence[Segment]) -> tuple[Pair, ...]:
    """The segments that belong together, in order, each of one kind; what has no counterpart is in no pair."""
    if [segment.kind for segment in source] == [segment.kind for segment in translated]:
        return tuple(Pair(*both) for both in zip(source, translated, strict=True))
    steps = _path(source, translated)
    whole = _whole_sections(steps, source, translated)
    return tuple(
        Pair(source[row], translated[column], number in whole or _same_marks(source[row], translated[column]))
        for number, (row, column) in enumerate(steps)
    )


def _path(source: Sequence[Segment], translated: Sequence[Segment]) -> list[tuple[int, int]]:
    """The best way through both lists (Needleman and Wunsch, 1970): which pairs give the most likeness in order."""
    width = len(translated) + 1
    best = [[0.0] * width for _ in range(len(source) + 1)]
    for row in range(len(source) - 1, -1, -1):
        here, below = best[row], best[row + 1]
        for column in range(len(translated) - 1, -1, -1):
            here[column] = max(below[column], here[column + 1])
            if source[row].kind == translated[column].kind:
                score = below[column + 1] + _likeness(source[row].text, translated[column].text)
                here[column] = max(here[column], score)
    return list(_walk(best, source, translated))


def _walk(
    best: Sequence[Sequence[float]], source: Sequence[Segment], translated: Sequence[Segment]
) -> Iterator[tuple[int, int]]:
    row = column = 0
    while row < len(source) and column < len(translated):
        here = best[row][column]
        if here == best[row + 1][column]:
            row += 1
        elif here == best[row][column + 1]:
            column += 1
        else:
            yield row, column
            row, column = row + 1, column + 1


@lru_cache(maxsize=1 << 18)
def _likeness(one: str, other: str) -> float:
    """How likely two texts say the same in two languages, by their marks and lengths; above 0 to about 5."""
    before, after = _marks(scan_inline(one)), _marks(scan_inline(other))
    shared, all_marks = (before & after).total(), (before | after).total()
    marks = 3 * shared / all_marks - (shared == 0) if all_marks else 0.5
    length = min(len(one), len(other)) / max(len(one), len(other), 1)
    return max(1 + marks + length + 2 * (one == other), 0.01)


@lru_cache(maxsize=8192)
def _marks_of(text: str) -> Counter[str]:
    return _marks(scan_inline(text))


def _marks(found: Inline) -> Counter[str]:
    addresses = Counter(target.address for target in found.targets)
    digits = Counter("".join(c if c.isdigit() else " " for c in found.words).split())
    return found.code + found.math + found.roles + found.footnotes + found.labels + addresses + digits


def _same_marks(one: Segment, other: Segment) -> bool:
    marks = _marks_of(one.text)
    return bool(marks) and marks == _marks_of(other.text)


def _whole_sections(
    steps: Sequence[tuple[int, int]], source: Sequence[Segment], translated: Sequence[Segment]
) -> frozenset[int]:
    """The steps in stretches from heading to heading in which both texts have a counterpart for everything."""
    whole: set[int] = set()
    begins = [n for n, (row, _) in enumerate(steps) if source[row].kind in ("heading", "title")]
    bounds = sorted({0, *begins, len(steps)})
    for first, last in pairwise(bounds):
        after = steps[last] if last < len(steps) else (len(source), len(translated))
        before = steps[first] if first else (0, 0)
        if after[0] - before[0] == after[1] - before[1] == last - first:
            whole.update(range(first, last))
    return frozenset(whole)
