"""Work that is counted, not timed: steps of Python, characters copied, rows copied."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Copied(str):
    """A text that counts the characters that are copied out of it, and out of what was copied, in `copied`."""

    __slots__ = ()
    copied = 0

    def _copy(self, text: str) -> Copied:
        Copied.copied += len(text)
        return Copied(text)

    def __getitem__(self, place: Any) -> Copied:
        return self._copy(super().__getitem__(place))

    def __add__(self, other: str) -> Copied:
        return self._copy(super().__add__(other))

    def __radd__(self, other: str) -> Copied:
        return self._copy(other + str(self))

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()

    def removesuffix(self, suffix: str) -> Copied:
        return self._copy(super().removesuffix(suffix))

    def split(self, *arguments: Any, **named: Any) -> Rows:
        return Rows(self._copy(part) for part in super().split(*arguments, **named))


class Compared(str):
    """A text that counts how often it is compared with another, in `compared`."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Compared.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


class Rows(list[str]):
    """Rows that count how many of them are copied, or moved because others go, in `copied`."""

    copied = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        Rows.copied += len(found) if isinstance(place, slice) else 0
        return found

    def __delitem__(self, place: Any) -> None:
        Rows.copied += len(self) - (place.stop if isinstance(place, slice) else place)
        super().__delitem__(place)


def characters(read: Callable[[str], object], text: str) -> int:
    """How many characters of a text are copied when it is read."""
    Copied.copied = 0
    read(Copied(text))
    return Copied.copied


def rows(read: Callable[[str], object], text: str) -> int:
    """How many lines of a text, cut at its line breaks, are copied or moved when it is read."""
    Rows.copied = 0
    read(Copied(text))
    return Rows.copied


def steps(read: Callable[[str], object], text: str) -> int:
    """How many instructions of Python it takes to read a text."""
    count = 0

    def tracer(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return tracer

    with _traced(tracer):
        read(text)
    return count


@contextmanager
def _traced(tracer: Callable[[FrameType, str, object], Any]) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(before)


def grows_with(count: Callable[[int], int], number: int) -> bool:
    """Whether twice as much takes about twice the work, and not four times as much."""
    once, twice = count(number), count(2 * number)
    assert once, "nothing was counted"
    return twice <= 2.5 * once
