"""How a result is proved: the fast path may only say *passed*; all else is looked at again in a real fresh kernel."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from catalyst_lessons.core.exercises.expected_errors import wrong_error
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.files.kernels.execution import Engine, Execution, Limits, Stop
from catalyst_lessons.files.kernels.places import room

if TYPE_CHECKING:
    from catalyst_lessons.files.kernels.forking.parents import Parent, Parents

EngineName = Literal["fast", "quick", "jupyter"]
"""How runs are made: confirmed step by step, the same without confirming errors, or in ordinary kernels alone."""
DEFAULT: EngineName = "fast" if sys.platform == "linux" else "jupyter"
PYTHON = frozenset({"python", "python3", "ipython", ""})
Plan = Mapping[frozenset[str], tuple[str, ...]]
"""The sets of modules that warm parents should have imported, each with the order to import them in."""
Attempt = Callable[[Engine], Awaitable[Execution]]
"""Runs an engine in a fresh working copy."""


class Steps(Protocol):
    """What runs notebooks: first told which ones there will be."""

    async def ready(self, lesson: Lesson, folder: Path) -> None:
        """Prepares what the notebook of that folder needs, before its turn comes."""

    async def prove(self, lesson: Lesson, attempt: Attempt) -> Execution:
        """What came of the notebook."""


def steps_for(engine: Engine | EngineName | None, lessons: Iterable[Lesson], *, plan: Plan | None = None) -> Steps:
    """The steps for an engine's name, or one step with the engine itself.

    Args:
        engine: its name, or itself; the one of this system if it is None.
        lessons: what is to be run.
        plan: which warm parents to have, where more is to be run than these lessons.
    """
    chosen = DEFAULT if engine is None else engine
    if callable(chosen):
        return OneStep(chosen)
    if chosen == "jupyter" or sys.platform != "linux":
        return OneStep(ordinary)
    plan = plan_for(lessons) if plan is None else plan
    return Quick(plan) if chosen == "quick" else Fast(plan)


def plan_for(lessons: Iterable[Lesson]) -> Plan:
    """Which warm parents are worth having, for what several of the lessons import before anything else."""
    if sys.platform != "linux":
        return {}
    from catalyst_lessons.files.kernels.forking.parents import MOST
    from catalyst_lessons.files.kernels.forking.planning import plan

    # One has imported nothing.
    return plan([_imports(lesson) for lesson in lessons if is_ours(lesson)], most=MOST - 1)


@contextmanager
def warm_parents() -> Iterator[None]:
    """Keeps the warm parents that are started inside, and the room that they and the runs are in, until its end; blocks
    may stand in one another."""
    with room():
        if sys.platform != "linux":
            yield
            return
        from catalyst_lessons.files.kernels.forking.parents import warm

        with warm():
            yield


def network_can_be_cut() -> bool:
    """Whether runs can be left without a network here: tried in a process of its own."""
    if sys.platform != "linux":
        return False
    from catalyst_lessons.files.kernels.forking import sandbox

    command = [sys.executable, "-I", "-S", sandbox.__file__]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


async def ordinary(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
    """The engine of ordinary kernels."""
    from catalyst_lessons.files.kernels.jupyter import execute  # loads nbclient, about half a second

    return await execute(lesson, folder, limits)


async def forked(lesson: Lesson, folder: Path, limits: Limits) -> Execution:
    """The engine of ordinary kernels, forked from a warm parent."""
    from catalyst_lessons.files.kernels.jupyter import execute

    return await execute(lesson, folder, limits, forked=True)


def _ready_for_ordinary() -> None:
    """Starts what starts ordinary kernels, before much is in the room that it is to remove if we are killed."""
    if sys.platform == "linux":
        from catalyst_lessons.files.kernels.forking.kept import keeper
        from catalyst_lessons.files.kernels.forking.parents import NotReady

        with suppress(NotReady):  # the run will say so
            keeper()


class OneStep:
    """One engine, whose word is taken."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def ready(self, lesson: Lesson, folder: Path) -> None:
        """Starts what starts ordinary kernels."""
        if self.engine is ordinary:
            _ready_for_ordinary()

    async def prove(self, lesson: Lesson, attempt: Attempt) -> Execution:
        """What the engine says."""
        return await attempt(self.engine)


class Fast:
    """The fast path, a forked kernel for what it does not pass, an ordinary one where these two do not agree."""

    def __init__(self, plan: Plan) -> None:
        self.planned = plan
        self._known: Parents | None = None

    async def ready(self, lesson: Lesson, folder: Path) -> None:
        """Starts the warm parent and waits for its imports, so that others run meanwhile."""
        from catalyst_lessons.files.kernels.forking.parents import NotReady

        if is_ours(lesson):
            try:
                await self._parent(lesson, folder).wait()
            except NotReady:
                return
        else:
            _ready_for_ordinary()

    async def prove(self, lesson: Lesson, attempt: Attempt) -> Execution:
        """The fast path's word if it is *passed*, else that of a kernel which has another's, or an ordinary one's."""
        if not is_ours(lesson):
            return await attempt(ordinary)
        fast = await attempt(self._run)
        if self._is_final(lesson, fast):
            return fast
        told = await attempt(forked)
        if agree(fast, told):
            return _with_place(told, fast)
        return await attempt(ordinary)

    def _is_final(self, lesson: Lesson, fast: Execution) -> bool:
        """Whether the fast path's word is taken."""
        return fast.stop is None and wrong_error(lesson, fast.outputs) is None

    async def _run(self, lesson: Lesson, folder: Path, limits: Limits) -> Execution:
        from catalyst_lessons.files.kernels.forking.fast import execute
        from catalyst_lessons.files.kernels.forking.parents import NotReady

        try:
            parent = self._parent(lesson, folder)
            await parent.wait()
        except NotReady as error:
            try:
                # An import that cannot be shared: one that prints, fails, or starts a thread.
                parent = self._parents().with_imports(())
            except NotReady:
                return Execution(stop=Stop("unproved", message=str(error)))
        return await execute(lesson, folder, limits, parent=parent)

    def _parent(self, lesson: Lesson, folder: Path) -> Parent:
        from catalyst_lessons.files.kernels.forking.imports import looks_different

        names = _imports(lesson)
        fitting = [planned for planned in self.planned if planned and planned <= set(names)]
        chosen = max(fitting, key=len, default=frozenset())
        if chosen and looks_different(folder):
            chosen = frozenset()
        wanted = tuple(name for name in names if name in chosen)
        return self._parents().with_imports(wanted, planned=self.planned.values())

    def _parents(self) -> Parents:
        from catalyst_lessons.files.kernels.forking.parents import parents

        if self._known is None or not self._known.is_alive():
            self._known = parents()
        return self._known


class Quick(Fast):
    """Fast, but that an error is taken for one: for runs that are made to fail, where it is no news."""

    def _is_final(self, lesson: Lesson, fast: Execution) -> bool:
        return fast.stop is None or fast.stop.kind == "raised"


def is_ours(lesson: Lesson) -> bool:
    """Whether the fast path may try: a notebook for the Python that runs us."""
    name, language = lesson.kernel.name, lesson.kernel.language.lower()
    if language not in PYTHON:
        return False
    return name in ("python3", "python", "") or not _is_installed(name)


def agree(fast: Execution, told: Execution) -> bool:
    """Whether two engines saw the same kind of end: both failed, or both died. "unproved" says nothing."""
    return fast.stop is not None and (fast.stop.kind == "unproved" or _class(fast) == _class(told))


def _class(execution: Execution) -> str:
    if execution.stop is None:
        return "passed"
    return execution.stop.kind if execution.stop.kind in ("died", "unavailable") else "failed"


def _with_place(told: Execution, fast: Execution) -> Execution:
    """Where a cell was that does not let itself be interrupted: the fast path's stack says it."""
    if told.stop and fast.stop and told.stop.kind == fast.stop.kind == "timeout" and not told.stop.traceback:
        return replace(told, stop=replace(told.stop, traceback=fast.stop.traceback))
    return told


def _imports(lesson: Lesson) -> tuple[str, ...]:
    from catalyst_lessons.files.kernels.forking.imports import leading_imports

    return leading_imports(lesson)


@cache
def _is_installed(name: str) -> bool:
    """Whether somebody registered a kernel under this name: it may be another Python."""
    from jupyter_core.paths import jupyter_path

    return any(Path(folder, name, "kernel.json").exists() for folder in jupyter_path("kernels"))
