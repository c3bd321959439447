"""Runs notebooks, one or many side by side, each in its own working copy and its own kernel."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.model import Form, Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.execution import Engine, Execution, Limits
from catalyst_lessons.files.kernels.steps import EngineName, Plan, Steps, steps_for, warm_parents
from catalyst_lessons.files.kernels.verdict import judge
from catalyst_lessons.files.kernels.workspace import lent_copy, working_copy

UPWARD = re.compile(r"\.\./([^/'\"\s)]+)")
"""What stands beside the source's folder and is named in code: `datasets` in `../datasets/x.csv`."""


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C; `runs` are those that had ended."""

    def __init__(self, runs: tuple[Run, ...]) -> None:
        super().__init__()
        self.runs = runs


@dataclass(frozen=True, slots=True)
class Request:
    """A notebook to run: a lesson, in the form it is wanted."""

    lesson: Lesson
    form: Form = "lesson"


def run(
    root: Path,
    lesson: Lesson,
    *,
    form: Form = "lesson",
    limits: Limits | None = None,
    engine: Engine | EngineName | None = None,
) -> Run:
    """Runs one notebook, in the form that is wanted, and tells what came of it.

    Nothing is run and the outcome is `skipped` where the front matter says `skip:` (its text is the reason)
    and where no cell has code to run. A timeout, output without end, and `quit()` are failures of the
    notebook; a kernel that is not there or dies is not known to be one, and `errored`.
    """
    (answer,) = run_many(root, [Request(lesson, form)], limits=limits, jobs=1, engine=engine)
    return answer


def run_many(
    root: Path,
    requests: Sequence[Request],
    *,
    jobs: int = 2,
    limits: Limits | None = None,
    on_done: Callable[[Run], None] = lambda _: None,
    engine: Engine | EngineName | None = None,
    plan: Plan | None = None,
) -> tuple[Run, ...]:
    """Runs the notebooks, at most `jobs` at a time; the runs come back in the order of the requests.

    The engine is "fast" (where it can be: `steps`), "jupyter" for ordinary kernels alone, or a function. The plan is
    for callers that ask for many runs one by one, within `warm_parents`: `plan_for` makes it of all of them.

    `on_done` is called in this thread with each run as it ends. An exception here, `KeyboardInterrupt` too,
    stops every kernel before it goes on.

    Raises:
        Stopped: Ctrl-C; it has the runs that ended.
    """
    if not requests:
        return ()
    limits = limits or Limits()
    steps = steps_for(engine, [in_form(request.lesson, request.form) for request in requests], plan=plan)
    runs: dict[int, Run] = {}
    with warm_parents(), _loop() as loop:
        gate = asyncio.Semaphore(max(1, jobs))
        futures: dict[Future[Run], int] = {}
        try:
            for index, request in enumerate(requests):
                one = _run(root, request, limits=limits, steps=steps, gate=gate)
                futures[asyncio.run_coroutine_threadsafe(one, loop)] = index
            for future in as_completed(futures):
                runs[futures[future]] = future.result()
                on_done(future.result())
        except KeyboardInterrupt as error:
            raise Stopped(tuple(runs[index] for index in sorted(runs))) from error
        finally:
            for future in futures:
                future.cancel()
    return tuple(runs[index] for index in range(len(requests)))


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own: the caller may have one already, and signals stay with the main
    thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="catalyst-kernels", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(_others_end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _others_end() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)


async def _run(root: Path, request: Request, *, limits: Limits, steps: Steps, gate: asyncio.Semaphore) -> Run:
    lesson = in_form(request.lesson, request.form)
    answer = Run(lesson.path, "skipped", request.form, lesson.language)
    reason = reason_to_skip(lesson)
    if reason:
        return replace(answer, message=reason)
    began = time.monotonic()
    try:
        await steps.ready(lesson, (root / lesson.path).parent)
        async with gate:
            began = time.monotonic()
            folders, execution = await _execute(root, lesson, limits=limits, steps=steps)
        answer = _at_home(judge(answer, lesson, execution, limits=limits), folders)
    except Exception as error:  # noqa: BLE001  # whatever a notebook makes of us, the others go on
        answer = replace(answer, outcome="errored", error=type(error).__name__, message=str(error))
    return replace(answer, seconds=round(time.monotonic() - began, 3))


def _at_home(run: Run, copies: Sequence[Path]) -> Run:
    """With paths as they are in the source's folder, not in the working copies."""

    def told(text: str) -> str:
        for folder in copies:
            text = text.replace(f"{folder}/", "")
        return text

    scene = run.scene
    if scene is not None:
        scene = replace(scene, printed=told(scene.printed), traceback=told(scene.traceback))
    return replace(run, message=told(run.message), scene=scene)


async def _execute(root: Path, lesson: Lesson, *, limits: Limits, steps: Steps) -> tuple[list[Path], Execution]:
    code = "\n".join(cell.source for cell in lesson.code_cells)
    folders: list[Path] = []

    async def attempt(engine: Engine) -> Execution:
        # Whoever looks again looks at a copy that nobody has had.
        take = working_copy if folders else lent_copy
        with take(root, lesson.path, copied=set(UPWARD.findall(code))) as folder:
            folders.append(folder)
            return await engine(lesson, folder, limits)

    execution = await steps.prove(lesson, attempt)
    return folders, execution


def reason_to_skip(lesson: Lesson) -> str:
    """Why there is nothing to run, or ""."""
    wanted = lesson.front.other.get("skip", False)
    if wanted:
        return wanted if isinstance(wanted, str) else "the front matter says skip"
    if any(cell.source.strip() and not cell.has("skip-execution") for cell in lesson.code_cells):
        return ""
    return "no code to run"
