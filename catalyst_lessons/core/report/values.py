"""Findings, runs and the report that holds them; how each is printed stands in `report_formats`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.model import NOTHING, Form, Json, Location

Severity = Literal["error", "warning", "info"]
Outcome = Literal["passed", "failed", "errored", "skipped"]
SHORTEST = 0.1
"""Seconds below which nobody waits for a cell."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not kept at a place: its code, how bad it is, what is wrong there and what to do."""

    code: str
    message: str
    location: Location
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.location}: {self.code} {mark}{self.message}{hint}"

    @classmethod
    def from_error(cls, error: CatalystError, *, path: str, code: str) -> Finding:
        """The finding that stands for an error of one file, so that the rest can still be reported on."""
        return cls(error.code or code, error.message, error.location or Location(path), error.hint)


@dataclass(frozen=True, slots=True)
class CellTime:
    """How many seconds of wall time a code cell took, be it that it failed.

    `number` is 1 for the first code cell, `line` the source line where it begins, `code` its first line with any text.
    """

    number: int
    line: int
    seconds: float
    code: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a run failed: lines of the cell with their source lines, the index of the failing one among them, the end
    of what the cell had printed until then, and the traceback without colors."""

    code: tuple[tuple[int, str], ...] = ()
    failing: int = 0
    printed: str = ""
    traceback: str = ""


ARROW = re.compile(r"^(-+> )(\d+)")
"""How an excerpt begins: `----> 14 text`."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a notebook in a fresh kernel, and what came of it.

    `location` is the source line that failed, `cell` the number of its code cell (1 for the first), `error` the
    exception's class name as Python prints it, `message` its text, `excerpt` the last traceback line in the source's
    own lines. `outputs` has nbformat's outputs by cell id. `seconds` is wall time; `cells` has that of each code cell
    that was begun, and `memory` the most that the kernel had resident at a time, in MiB, `None` where that is not
    known. `scene` is what stands around the failing line; the run cache does not keep it.
    """

    path: str
    outcome: Outcome
    form: Form = "lesson"
    language: str = ""
    seconds: float = 0.0
    cached: bool = False
    location: Location | None = None
    cell: int = 0
    error: str = ""
    message: str = ""
    excerpt: str = ""
    outputs: Mapping[str, tuple[Json, ...]] = field(default=NOTHING, hash=False, repr=False)
    cells: tuple[CellTime, ...] = field(default=(), repr=False)
    memory: int | None = None
    scene: Scene | None = field(default=None, repr=False)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.outcome in ("passed", "skipped")

    def from_cache(self) -> Run:
        """The same run, told as one that was not made again."""
        return replace(self, cached=True)

    def with_lines(self, lines: Sequence[int]) -> Run:
        """The same run, with the source lines where its code cells begin now: text above them may have changed."""
        known = dict(enumerate(lines, start=1))

        def now(line: int) -> int:
            before = [cell for cell in self.cells if cell.line <= line]
            return line + known.get(before[-1].number, before[-1].line) - before[-1].line if before else line

        return replace(
            self,
            cells=tuple(replace(cell, line=known.get(cell.number, 0)) for cell in self.cells),
            location=self.location and Location(self.location.path, now(self.location.line)),
            excerpt=ARROW.sub(lambda arrow: f"{arrow[1]}{now(int(arrow[2]))}", self.excerpt),
        )

    def placed(self, place: Callable[[str], str]) -> Run:
        """The same run with what `place` makes of its paths."""
        return replace(self, path=place(self.path), location=self.location and _placed(place, self.location))


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check has to say."""

    runs: tuple[Run, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity error and every run passed or was skipped."""
        return all(run.good for run in self.runs) and not any(f.severity == "error" for f in self.findings)

    def slowest_cells(self, most: int) -> tuple[tuple[Run, CellTime], ...]:
        """The cells that took longest, each with its run, the longest first; those that took no time to speak of are
        left out."""
        timed = ((run, cell) for run in self.runs for cell in run.cells if cell.seconds >= SHORTEST)
        order = sorted(timed, key=lambda one: (-one[1].seconds, one[0].path, one[0].form, one[1].number))
        return tuple(order[:most])

    def under(self, folder: str) -> Report:
        """The same report with every path seen from a folder above: `x/y.md` becomes `folder/x/y.md`."""
        return self.placed(lambda path: f"{folder}/{path}") if folder else self

    def placed(self, place: Callable[[str], str]) -> Report:
        """The same report with what `place` makes of every path."""
        findings = (replace(one, location=_placed(place, one.location)) for one in self.findings)
        return Report(tuple(run.placed(place) for run in self.runs), tuple(findings))

    def __add__(self, other: Report) -> Report:
        return Report(self.runs + other.runs, self.findings + other.findings)


def _placed(place: Callable[[str], str], location: Location) -> Location:
    return Location(place(location.path), location.line)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place, then code, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: (f.location, f.code, f.message)))
