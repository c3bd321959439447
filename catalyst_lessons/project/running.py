"""Running the notebooks of a curriculum: what is in the run cache is not run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from catalyst_lessons.core.exercises import in_form
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.kernels.cache import RunCache, cache_key
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request, run_many
from catalyst_lessons.project.durations import record
from catalyst_lessons.project.layout import CACHE, cache_is_ours

if TYPE_CHECKING:
    from catalyst_lessons.project.project import Project

Done = Callable[[Run], None]


class Runner(Protocol):
    """What makes the runs: `run_many` on this machine, or a cluster."""

    def __call__(
        self, root: Path, requests: Sequence[Request], *, jobs: int, limits: Limits, on_done: Done = ...
    ) -> tuple[Run, ...]:
        """A run for each request, in order; `on_done` is called with each as it ends."""


def requests(project: Project, lessons: Iterable[Lesson] | None = None) -> tuple[Request, ...]:
    """What has to pass: each lesson, and each exercise's solution."""
    chosen = project.curriculum.lessons + project.curriculum.exercises if lessons is None else lessons
    return tuple(Request(one, form) for one in chosen for form in project.forms(one) if form != "starter")


def starter_requests(project: Project, lessons: Iterable[Lesson]) -> tuple[Request, ...]:
    """What has to fail, each at its own check: the starters of the exercises."""
    return tuple(Request(one, "starter") for one in lessons if "starter" in project.forms(one))


def limits_of(project: Project, *, seconds: float | None = None, memory: int | None = None) -> Limits:
    """The limits of the settings, or those asked for."""
    settings = project.settings
    return Limits(cell_seconds=seconds or settings.cell_timeout, memory=settings.memory if memory is None else memory)


def run_all(
    root: Path,
    wanted: Sequence[Request],
    *,
    limits: Limits,
    jobs: int = 2,
    cache: bool = True,
    store: bool = True,
    on_done: Done = lambda _: None,
    runner: Runner = run_many,
    ordinary: bool = False,
) -> tuple[Run, ...]:
    """A run for each request, in order: from the run cache where nothing it depends on has changed, else a new one.

    Kept are runs that went as they should: that passed, and starters that failed, as is their purpose. Without `cache`
    everything is run, and kept; without `store` nothing is looked up or kept, nor where version control brings the run
    cache. Runs of `ordinary` kernels alone are kept apart: nobody else's word is asked for.
    """
    if not store or not cache_is_ours(root):
        return runner(root, wanted, jobs=jobs, limits=limits, on_done=on_done)
    runs_kept = RunCache(root / CACHE / "runs")
    keys = [cache_key(root, one.lesson, form=one.form, limits=limits, ordinary=ordinary) for one in wanted]
    known = dict(_known(runs_kept, wanted, keys)) if cache else {}
    for key in keys:
        if key in known:
            on_done(known[key])
    missing = [index for index, key in enumerate(keys) if key not in known]
    places = {(wanted[index].lesson.path, wanted[index].form): keys[index] for index in missing}

    def done(run: Run) -> None:
        # At once, so that nothing is lost when somebody interrupts the rest.
        runs_kept.put(places[run.path, run.form], run)
        on_done(run)

    asked = [wanted[index] for index in missing]
    fresh = runner(root, asked, jobs=jobs, limits=limits, on_done=done) if missing else ()
    if fresh:
        runs_kept.trim()
        record(root / CACHE, fresh)
    runs = {index: known[key] for index, key in enumerate(keys) if key in known}
    runs.update(zip(missing, fresh, strict=True))
    return tuple(runs[index] for index in range(len(wanted)))


def _known(store: RunCache, wanted: Sequence[Request], keys: Sequence[str]) -> Iterator[tuple[str, Run]]:
    """The runs that are kept, by key, with the lines of today: prose is in no key, and moves the cells below it."""
    for key, request in zip(keys, wanted, strict=True):
        if run := store.get(key):
            yield key, run.with_lines([cell.line for cell in in_form(request.lesson, request.form).code_cells])


def runs_for_pages(project: Project, *, on_done: Done = lambda _: None) -> dict[str, Run]:
    """The runs whose outputs the pages show, by "path form", as the setting `execute` has it.

    "never" shows only what is in the run cache, "always" runs everything again.
    """
    wanted, limits = requests(project), limits_of(project)
    if project.settings.execute == "never":
        if not cache_is_ours(project.root):
            return {}
        store = RunCache(project.root / CACHE / "runs")
        found = (store.get(cache_key(project.root, one.lesson, form=one.form, limits=limits)) for one in wanted)
        runs = tuple(run.from_cache() for run in found if run)
    else:
        fresh = project.settings.execute == "always"
        runs = run_all(project.root, wanted, limits=limits, cache=not fresh, on_done=on_done)
    return {f"{run.path} {run.form}": run for run in runs}
