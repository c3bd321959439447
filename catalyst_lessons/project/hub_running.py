"""Lessons and solutions run on a hub: by its kernels, in the folders that nbgitpuller brought there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.launching.links import check_hub
from catalyst_lessons.core.model import Json, Lesson
from catalyst_lessons.core.report import Report, Run
from catalyst_lessons.files.hub.asking import Door
from catalyst_lessons.files.hub.kernels import Conversation, a_kernel
from catalyst_lessons.files.hub.servers import HubError, Server, a_server, pull
from catalyst_lessons.files.kernels.execution import Execution, Limits, Stop
from catalyst_lessons.files.kernels.runner import run_many
from catalyst_lessons.files.kernels.stopping import stop_of
from catalyst_lessons.project.hub_checking import TOKEN, wanted_by
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.running import Done, limits_of, requests

START_SECONDS = 300.0


def check_on_hub(
    project: Project, hub: Hub, *, token: str, only: Sequence[str] = (), on_done: Done = lambda _: None
) -> Report:
    """A run on the hub for each lesson and solution, or for some of the sources; the server is stopped again.

    Raises:
        UsageError: there is no token, or the hub is retired, gives no server or cannot pull the notebooks.
    """
    check_hub(hub)
    if not token:
        raise UsageError("running on a hub needs a token", hint=f"put it into the environment variable {TOKEN}")
    want = wanted_by(project, hub)
    try:
        with a_server(Door(hub.url, token), seconds=START_SECONDS) as server:
            done = pull(
                server,
                repository=want.repository,
                branch=want.branch,
                target_path=want.target_path,
                seconds=START_SECONDS,
            )
            if not done.there or done.reason:
                raise HubError("pull", done.reason if done.there else "nbgitpuller is missing")
            folder = "/".join(part for part in (hub.parent_path, want.target_path) if part)
            return Report(run_on(project, server, folder, only=only, on_done=on_done))
    except HubError as error:
        hint = f"see `catalyst hub check {hub.id}`"
        raise UsageError(f'nothing can be run on the hub "{hub.id}": {error.message}', hint=hint) from None


def run_on(
    project: Project, server: Server, folder: str, *, only: Sequence[str] = (), on_done: Done = lambda _: None
) -> tuple[Run, ...]:
    """A run for each lesson and solution by kernels of this server, where the notebooks lie in this folder."""
    wanted = [one for one in requests(project) if not only or _is_below(one.lesson.path, only)]
    engine = HubEngine(project, server, folder)
    return run_many(project.root, wanted, jobs=1, limits=limits_of(project), engine=engine, on_done=on_done)


def _is_below(path: str, places: Sequence[str]) -> bool:
    """Whether a path is one of these, or in a folder among them."""
    return any(f"{path}/".startswith(f"{place}/") for place in places)


@dataclass(frozen=True, slots=True)
class HubEngine:
    """Runs the code cells of a lesson by a kernel on a hub."""

    project: Project
    server: Server
    folder: str

    async def __call__(self, lesson: Lesson, _: Path, limits: Limits) -> Execution:
        """What came of the cells, to the first one that stops the notebook."""
        language = self.project.settings.language(lesson.language)
        if language not in self.project.languages:
            language = self.project.languages[0]
        path = f"{self.folder}/{self.project.sitemap.notebook(lesson, 'lesson', language)}"
        try:
            kernel = a_kernel(self.server, kernel=lesson.kernel.name, seconds=limits.start_seconds, path=path)
            async with kernel as talk:
                return await run_cells(lesson, talk, seconds=limits.cell_seconds)
        except HubError as error:
            return Execution(stop=Stop("unavailable", error="HubError", message=error.message))


async def run_cells(lesson: Lesson, talk: Conversation, *, seconds: float) -> Execution:
    """What came of the code cells; `seconds` is what one of them may take. Their times have the way there in them."""
    outputs: dict[str, tuple[Json, ...]] = {}
    counts: dict[int, int] = {}
    took: dict[int, float] = {}
    forgiven: set[tuple[str, str]] = set()
    stop = None
    for index, cell in enumerate(lesson.code_cells):
        if cell.has("skip-execution") or not cell.source.strip():
            continue
        began = time.monotonic()
        try:
            reply, printed = await asyncio.wait_for(talk.execute(cell.source), seconds)
        except TimeoutError:
            stop = Stop("timeout", index, message=f"the cell took longer than {seconds:.0f} seconds")
            break
        finally:
            took[index] = time.monotonic() - began
        outputs[cell.id] = tuple(printed)
        counts[reply.get("execution_count") or 0] = index
        stop = stop_of(reply, printed, index=index, tags=cell.tags, forgiven=forgiven)
        if stop is not None:
            break
    return Execution(outputs, counts, stop, took)
