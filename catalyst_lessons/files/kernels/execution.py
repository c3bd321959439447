"""What an engine is asked for and what it gives back, whichever engine it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    # Warm parents load this module, and need nothing of a lesson.
    from catalyst_lessons.core.model import Json, Lesson

StopKind = Literal["raised", "silent", "quit", "timeout", "flood", "crowd", "died", "unavailable", "unproved"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a run may take: seconds for a cell, the notebook and the kernel's start; MiB of memory, of output and
    of one file on disk; processes and open files; the network or not.

    0 is no limit for memory, disk, processes and open files; where the platform cannot limit them (anything but
    Linux), they are not limited.
    """

    cell_seconds: float = 120
    notebook_seconds: float = 1200
    start_seconds: float = 60
    memory: int = 0
    output: int = 64
    disk: int = 4096
    processes: int = 256
    open_files: int = 4096
    network: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an execution ended before its end, in the engine's words.

    `cell` is the index among the lesson's code cells, -1 if none was begun; `traceback` is IPython's, with
    its colors. `status` is the exit status of a kernel that died: negative for a signal, as `subprocess` has
    it. "crowd" is too many processes, "unproved" what the fast path cannot tell.
    """

    kind: StopKind
    cell: int = -1
    error: str = ""
    message: str = ""
    traceback: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of a notebook: outputs by cell id, the index of the code cell behind each `In[n]`, and what
    stopped it.

    `seconds` has the wall time of each code cell that was begun, by its index; `memory` is the most that the kernel's
    own process had resident at a time, in MiB, `None` where that is not known.
    """

    outputs: Mapping[str, tuple[Json, ...]] = field(default_factory=dict, hash=False)
    counts: Mapping[int, int] = field(default_factory=dict, hash=False)
    stop: Stop | None = None
    seconds: Mapping[int, float] = field(default_factory=dict, hash=False)
    memory: int | None = None


Engine: TypeAlias = "Callable[[Lesson, Path, Limits], Awaitable[Execution]]"
"""Runs the code cells of a lesson in one fresh kernel in that folder, and leaves no process behind, also if
cancelled."""
