"""From what an engine saw to a Run: the outcome, the source line, and words a teacher understands."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from catalyst_lessons.core.exercises.expected_errors import wrong_error
from catalyst_lessons.core.model import Cell, Json, Lesson
from catalyst_lessons.core.report import CellTime, Outcome, Run, Scene
from catalyst_lessons.files.kernels.execution import Execution, Limits, Stop, StopKind

MESSAGE_LENGTH = 2000
"""Characters of an exception's text that a Run keeps."""
CODE_LENGTH = 80
"""Characters of a cell's first line that are kept beside its time."""
BEFORE, AFTER = 8, 4
"""Lines of the cell that are kept before and after a failing one."""
PRINTED_LENGTH, TRACEBACK_LENGTH = 2000, 8000
"""Characters that are kept of the end of what a failing cell printed, and of its traceback."""

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
CHAINED = re.compile(r"\n(?:The above exception was the direct cause|During handling of the above exception)[^\n]*:\n")
# Frames of cells as IPython prints them: `Cell In[3], line 2, in f()` (8.5 and later, with or without the
# space), `Input In [3], in <module>` (8.0) and `<ipython-input-3-1a2b> in <module>` (7), whose line stands
# behind the arrow.
FRAME = re.compile(
    r"\s*(?:Input |Cell |File )?(?:In ?\[(?P<count>\d+)\]|<ipython-input-(?P<old>\d+)-)"
    r"(?:.*?, line (?P<line>\d+))?"
)
ARROW = re.compile(r"-+> (\d+)(?: |$)")
# The body of a cell magic: its line 1 is the cell's second.
BODY = re.compile(r"\s*File <(?:timed exec|magic-timeit)>:(?P<line>\d+)")
# What cannot be split into words: the cell itself, or the body of a cell magic, in which Python's `tokenize` stands
# above. Python 3.12 and later call it as they call a text that was given to `exec`.
UNREAD = re.compile(
    r"(?:\A|/tokenize\.py:\d+[^\n]*\n(?:(?![ \t]*(?:File|Cell) |[^\n]*/tokenize\.py:)[^\n]*\n)*+)"
    r"[ \t]*File <(?:tokenize|string)>:(?P<line>\d+)"
)
# IPython compiles a cell under the hash of its text: `invalid syntax (1843956808.py, line 1)`.
COMPILED = re.compile(r" \(\d+\.py, line \d+\)$")
UNREAD_PLACE = re.compile(r" \(<(?:tokenize|string)>, line \d+\)$")
# Where to point when there is no frame: what such an exception comes from.
SUSPECTS = {"SystemExit": re.compile(r"\b(?:exit|quit)\b"), "UsageError": re.compile(r"\s*%")}

OUTCOMES: Mapping[StopKind, Outcome] = {"died": "errored", "unavailable": "errored", "unproved": "errored"}


@dataclass(frozen=True, slots=True)
class _Frame:
    """A line of a code cell: the cell's index among the code cells, the line in it, 0 for the first."""

    cell: int
    offset: int


def judge(run: Run, lesson: Lesson, execution: Execution, *, limits: Limits) -> Run:
    """The run with what came of it. `lesson` is what was executed: its form, its cells."""
    cells = lesson.code_cells
    times = tuple(_time(number, cells[number], took) for number, took in sorted(execution.seconds.items()))
    run = replace(run, outputs=execution.outputs, cells=times, memory=execution.memory)
    stop = _earliest(lesson, execution)
    if stop is None:
        return replace(run, outcome="passed")
    run = replace(run, outcome=OUTCOMES.get(stop.kind, "failed"), error=_error(stop), message=_message(stop, limits))
    if stop.cell < 0:
        return run
    frames = tuple(_frames(stop, cells, execution.counts))
    own = [frame for frame in frames if frame.cell == stop.cell] or [_suspect(stop, cells[stop.cell])]
    last = frames[-1] if frames else own[-1]
    return replace(
        run,
        location=lesson.at(cells[stop.cell].line_of(own[-1].offset)),
        cell=stop.cell + 1,
        excerpt=_excerpt(cells[last.cell], last.offset),
        scene=_scene(cells[stop.cell], own[-1].offset, stop, execution.outputs.get(cells[stop.cell].id, ())),
    )


def _time(number: int, cell: Cell, seconds: float) -> CellTime:
    lines = [line.strip() for line in cell.source.split("\n") if line.strip()]
    code = lines[0] if lines else ""
    code = code if len(code) <= CODE_LENGTH else f"{code[:CODE_LENGTH]}…"
    return CellTime(number + 1, cell.line, round(seconds, 3), code)


def _scene(cell: Cell, offset: int, stop: Stop, outputs: Iterable[Json]) -> Scene:
    lines = cell.source.split("\n")
    offset = min(offset, len(lines) - 1)
    first = max(0, offset - BEFORE)
    code = tuple((cell.line_of(number), lines[number]) for number in range(first, min(len(lines), offset + AFTER + 1)))
    printed = _end_of("".join(map(_printed, outputs)), PRINTED_LENGTH)
    return Scene(code, offset - first, printed, _end_of(stop.traceback, TRACEBACK_LENGTH))


def _printed(output: Json) -> str:
    """What an output shows as plain text; an error is told elsewhere."""
    if output["output_type"] == "error":
        return ""
    text = output.get("text") or (output.get("data") or {}).get("text/plain") or ""
    text = text if isinstance(text, str) else "".join(text)
    return text if output["output_type"] == "stream" else f"{text}\n"


def _end_of(text: str, most: int) -> str:
    """The last characters of a text as a terminal leaves it: without colors, of a progress bar its last state."""
    # There may be megabytes of it, so it is cut before it is looked through.
    lines = plain(text[-4 * most :]).strip("\n").split("\n")
    left = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return left if len(left) <= most and len(text) <= 4 * most else f"…{left[-most:]}"


def _earliest(lesson: Lesson, execution: Execution) -> Stop | None:
    """What stopped the execution, or should have: an expected error that was of another class."""
    wrong = wrong_error(lesson, execution.outputs)
    if wrong is None or (execution.stop and 0 <= execution.stop.cell < wrong[0]):
        return execution.stop
    cell, error, message = wrong
    raised = [output for output in execution.outputs[lesson.code_cells[cell].id] if output["output_type"] == "error"]
    return Stop("raised", cell, error, message, "\n".join(raised[-1].get("traceback") or ()))


def plain(text: str) -> str:
    """The text without terminal colors."""
    return ANSI.sub("", text)


def _error(stop: Stop) -> str:
    names: dict[StopKind, str] = {
        "silent": "DidNotRaise",
        "quit": "SystemExit",
        "timeout": "CellTimeoutError",
        "flood": "OutputLimitError",
        "crowd": "ProcessLimitError",
        "died": "DeadKernelError",
    }
    return names.get(stop.kind, stop.error)


def _message(stop: Stop, limits: Limits) -> str:
    match stop.kind:
        case "silent":
            return "the cell is tagged raises-exception and raised nothing"
        case "quit":
            return "the cell calls quit() or exit(), which ends the kernel: leave it out"
        case "timeout":
            return f"{stop.message}: make it shorter, or raise `cell_timeout`"
        case "flood":
            return f"the notebook printed more than {limits.output} MiB: print less"
        case "crowd":
            return f"the notebook started more than {limits.processes} processes: start fewer, or wait for them to end"
        case "died":
            return _death(stop)
        case _:
            place = UNREAD_PLACE if UNREAD.search(plain(stop.traceback)) else COMPILED
            return place.sub("", plain(stop.message))[:MESSAGE_LENGTH]


def _death(stop: Stop) -> str:
    status = stop.status
    if status is None:
        return f"the kernel did not start: {stop.message}" if stop.cell < 0 else "the kernel died"
    when = "before the first cell" if stop.cell < 0 else "in this cell"
    detail = f": {stop.message}" if stop.message else ""
    if status >= 0:
        return f"the kernel ended {when} with exit status {status}{detail}"
    name = signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
    causes = {"SIGKILL": ", most often for want of memory", "SIGSEGV": ", a fault in compiled code"}
    return f"the kernel was ended {when} by {name}{causes.get(name, '')}{detail}"


def _frames(stop: Stop, cells: tuple[Cell, ...], counts: Mapping[int, int]) -> Iterator[_Frame]:
    """The frames of the exception that was printed last, outermost first, as far as they stand in the
    notebook."""
    count = next((n for n, cell in counts.items() if cell == stop.cell), 0)
    for number, line in _numbered_frames(CHAINED.split(plain(stop.traceback))[-1], own=count):
        # Code that a cell magic runs in its own name comes after the cell in counting.
        in_body = number > count
        cell = stop.cell if in_body else counts.get(number, -1)
        if cell >= 0:
            yield _Frame(cell, line - 1 + in_body + _blank_lines(cells[cell]))


def _numbered_frames(text: str, *, own: int) -> Iterator[tuple[int, int]]:
    """The `In[n]` and the line of each frame; `own + 1` for the body of a cell magic."""
    waiting = 0
    for line in text.split("\n"):
        if body := BODY.match(line):
            yield own + 1, int(body["line"])
        elif frame := FRAME.match(line):
            number = int(frame["count"] or frame["old"])
            if frame["line"]:
                yield number, int(frame["line"])
            waiting = 0 if frame["line"] else number
        elif waiting and (arrow := ARROW.match(line)):
            yield waiting, int(arrow[1])
            waiting = 0
    if unread := UNREAD.search(text):
        yield own + (unread.start() > 0), int(unread["line"])


def _blank_lines(cell: Cell) -> int:
    """How many blank lines open the cell: IPython drops them before it counts (`leading_empty_lines`)."""
    lines = cell.source.split("\n")
    return next((n for n, line in enumerate(lines) if line.strip()), 0)


def _suspect(stop: Stop, cell: Cell) -> _Frame:
    pattern = SUSPECTS.get(_error(stop))
    lines = cell.source.split("\n")
    found = (n for n, line in enumerate(lines) if pattern and pattern.search(line))
    return _Frame(stop.cell, next(found, _blank_lines(cell)))


def _excerpt(cell: Cell, offset: int) -> str:
    lines = cell.source.split("\n")
    text = lines[min(offset, len(lines) - 1)]
    return f"----> {cell.line_of(offset)} {text.strip()}"
