"""A share of the work for each of several machines: balanced by how long each piece took the last time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalyst_lessons.core.errors import UsageError

MOST = 10_000
"""Shares; more machines than anybody has are a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One share of several: `number` of `count`, 1 for the first."""

    number: int
    count: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """The shard that `2/5` stands for.

        Raises:
            UsageError: it is not two whole numbers, there is no such share, or there are more than `MOST`.
        """
        found = re.fullmatch(r"\s*(\d{1,1000})\s*/\s*(\d{1,1000})\s*", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise UsageError(
                f"`{text}` is no share of the work", hint="write 2/5 for the second of five; 1 is the first"
            )
        if int(found[2]) > MOST:
            raise UsageError(f"`{text}` is more shares than there can be", hint=f"cut the work into {MOST:,} at most")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def shares(names: Iterable[str], seconds: Mapping[str, float], *, count: int) -> tuple[tuple[str, ...], ...]:
    """The names dealt out to `count` shares of about the same length, each share in the order of the names.

    Each name is in one share. The longest goes first, always to the share that has least so far (Graham's rule: at most
    a third longer than the best there is). What has no known length counts as the median of the others. The same names
    and seconds give the same shares, in whichever order the names come.
    """
    from statistics import median

    wanted = tuple(dict.fromkeys(names))
    usual = median([seconds[name] for name in wanted if name in seconds] or [1.0])
    lengths = {name: max(0.0, seconds.get(name, usual)) for name in wanted}
    load = [(0.0, 0, n) for n in range(count)]
    chosen: dict[str, int] = {}
    for name in sorted(wanted, key=lambda name: (-lengths[name], name)):
        length, held, n = min(load)
        chosen[name] = n
        load[n] = (length + lengths[name], held + 1, n)
    return tuple(tuple(name for name in wanted if chosen[name] == n) for n in range(count))
