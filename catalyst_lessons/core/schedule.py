"""The schedule of a workshop, computed from the minutes of its lessons: when each begins, and when to rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalyst_lessons.core.model import Lesson


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a workshop: `lesson` is None for a break. `start` counts minutes from midnight."""

    start: int
    minutes: int
    lesson: Lesson | None = None

    @property
    def clock(self) -> str:
        """When it begins, as `HH:MM`."""
        return f"{self.start // 60 % 24:02d}:{self.start % 60:02d}"

    @property
    def end(self) -> int:
        """When it ends, in minutes from midnight."""
        return self.start + self.minutes


def plan(lessons: Iterable[Lesson], *, start: str, break_every: int, break_minutes: int) -> tuple[Slot, ...]:
    """The slots of a day that begins at `start` (`HH:MM`).

    A break stands before a lesson that would stretch the time since the last one over `break_every` minutes
    (Carpentries schedules count breaks too); a lesson is never cut. No break before the first lesson or after the last.
    """
    hours, _, minutes = start.partition(":")
    now, since_break = int(hours) * 60 + int(minutes), 0
    slots: list[Slot] = []
    for lesson in lessons:
        length = lesson.front.minutes
        if since_break and break_every and break_minutes and since_break + length > break_every:
            slots.append(Slot(now, break_minutes))
            now, since_break = now + break_minutes, 0
        slots.append(Slot(now, length, lesson))
        now, since_break = now + length, since_break + length
    return tuple(slots)
