"""Which warm parents are worth having: for the sets of imports that notebooks have in common."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

Imports = tuple[str, ...]
Names = frozenset[str]

# Milliseconds of CPU, as they were measured for numpy (40), pandas (110) and pyplot (220), for modules of the standard
# library, and for a parent that is forked, frozen and ended.
PACKAGE, MODULE, PARENT = 50, 2, 10
DISTINCT = 40
"""Sets of imports that are looked at, the most frequent first: so that planning takes no time to speak of."""


def plan(imports: Iterable[Imports], *, most: int) -> dict[Names, Imports]:
    """The sets that warm parents should have imported, at most so many, each in the order of a notebook.

    Sets that notebooks begin with, and what two of those have in common, are taken in the order of the time they save.
    """
    all_imports = [names for names in imports if names]
    counted = dict(Counter(map(frozenset, all_imports)).most_common(DISTINCT))
    candidates = {*counted, *(one & other for one, other in combinations(counted, 2))} - {frozenset()}
    chosen: list[Names] = []
    while candidates and len(chosen) < most:
        best = max(candidates, key=lambda names: (_gain(names, counted, chosen), sorted(names)))
        if _gain(best, counted, chosen) <= 0:
            break
        candidates.remove(best)
        chosen.append(best)
    return {names: _in_order(names, all_imports) for names in chosen}


def _gain(names: Names, counted: Mapping[Names, int], chosen: Sequence[Names]) -> int:
    """Milliseconds that one more parent saves."""
    users = ((one, count) for one, count in counted.items() if names <= one)
    saved = sum(count * max(0, _cost(names) - _covered(one, chosen)) for one, count in users)
    return saved - PARENT - (_cost(names) - _covered(names, chosen))


def _covered(names: Names, chosen: Iterable[Names]) -> int:
    """Milliseconds of these imports that the best parent for them spares."""
    return max((_cost(one) for one in chosen if one <= names), default=0)


def _cost(names: Names) -> int:
    packages = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    return PACKAGE * len(packages) + MODULE * len(names)


def _in_order(names: Names, imports: Iterable[Imports]) -> Imports:
    first = next(one for one in imports if names <= set(one))
    return tuple(name for name in first if name in names)
