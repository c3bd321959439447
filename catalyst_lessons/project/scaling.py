"""Runs on a Dask cluster: the sources, their files and the limits travel, results and timings come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.files.cluster import Lost, call_on_cluster
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.parcels import Parcel, bundle, digest_of, run_parcel
from catalyst_lessons.files.kernels.runner import Request, Stopped
from catalyst_lessons.files.kernels.steps import EngineName, plan_for
from catalyst_lessons.project.running import Done


def run_on_cluster(
    root: Path,
    requests: Sequence[Request],
    *,
    address: str,
    jobs: int,
    limits: Limits,
    engine: EngineName | None = None,
    on_done: Done = lambda _: None,
    on_lost: Callable[[Finding], None] = lambda _: None,
) -> tuple[Run, ...]:
    """A run for each request, in order, made on a cluster; `jobs` is the number of workers where we start them.

    Lessons of one folder share one bundle of files. `on_lost` gets an X353 for each run that was made again because its
    worker was lost; a run that loses a second worker is errored.

    Raises:
        Stopped: Ctrl-C; it has the runs that ended.
        UsageError: dask.distributed is not installed, or nothing answers at the address.
    """
    by_folder: dict[str, list[Lesson]] = {}
    for request in requests:
        by_folder.setdefault(request.lesson.folder, []).append(request.lesson)
    bundles = {folder: bundle(root, lessons) for folder, lessons in by_folder.items()}
    digests = {folder: digest_of(bundled) for folder, bundled in bundles.items()}
    runs: dict[int, Run] = {}

    def done(number: int, answer: Any) -> None:
        runs[number] = _run(requests[number], answer)
        on_done(runs[number])

    plan = plan_for(in_form(one.lesson, one.form) for one in requests)
    calls = [(one.lesson.folder, Parcel(one, limits, digests[one.lesson.folder], engine, plan)) for one in requests]
    try:
        call_on_cluster(
            run_parcel,
            calls,
            bundles=bundles,
            address=address,
            jobs=jobs,
            on_done=done,
            on_lost=lambda number, worker: on_lost(_lost(requests[number].lesson, worker)),
        )
    except KeyboardInterrupt as error:
        raise Stopped(tuple(runs[number] for number in sorted(runs))) from error
    return tuple(runs[number] for number in range(len(requests)))


def _run(request: Request, answer: Any) -> Run:
    if isinstance(answer, Run):
        return answer
    lesson = in_form(request.lesson, request.form)
    error, message = type(answer).__name__, str(answer)
    if isinstance(answer, Lost):
        error, message = "WorkerLostError", "two workers were lost while they ran it, most often for want of memory"
    return Run(lesson.path, "errored", request.form, lesson.language, error=error, message=message)


def _lost(lesson: Lesson, worker: str) -> Finding:
    where = f" {worker}" if worker else ""
    hint = "if this is told often, give the workers more memory, or look at what the cluster says of that worker"
    return Finding("X353", f"the worker{where} that ran it was lost, so it was run again", lesson.at(), hint, "info")
