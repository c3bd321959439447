"""Running what was asked for, and everything that the runs say: contracts, alt text, mutants, second runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from catalyst_lessons.core.exercises import check_contract
from catalyst_lessons.core.exercises.expected_errors import check_stored_error
from catalyst_lessons.core.exercises.repeats import check_repeat
from catalyst_lessons.core.model import Form, Lesson, Location
from catalyst_lessons.core.report import Finding, Report, Run
from catalyst_lessons.core.sharding import Shard
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request, Stopped, run_many
from catalyst_lessons.files.kernels.steps import EngineName, network_can_be_cut, warm_parents
from catalyst_lessons.project.auditing import check_audit
from catalyst_lessons.project.running import Done, Runner, run_all


@dataclass(frozen=True, slots=True)
class Options:
    """What a check is asked for: `seconds` a cell, `memory` in MiB, `jobs` at a time; None leaves it to the settings.

    `mutants` is how many changes of each solution are tried, 0 for none; `twice` runs again what passed; `shard` is the
    share of the sources to look at; `dask` the address of a cluster, "local" for one on this machine, "" for none.
    `engine` None is the fast one where it can be; `audit` the percentage of passes that ordinary kernels look at again.
    """

    run: bool = True
    cache: bool = True
    jobs: int = 2
    seconds: float | None = None
    memory: int | None = None
    mutants: int = 0
    twice: bool = False
    shard: Shard | None = None
    dask: str = ""
    engine: EngineName | None = None
    audit: int = 0
    network: bool = True


def prove(
    root: Path,
    wanted: Sequence[Request],
    starters: Sequence[Request],
    *,
    limits: Limits,
    options: Options,
    store: bool = True,
    on_done: Done = lambda _: None,
) -> Report:
    """Runs everything, and what the runs say. Without `store` no run is looked up or kept.

    Ctrl-C ends the runs that go on; the report has those that ended before.
    """
    if not options.network:
        limits = replace(limits, network=False)
        if not network_can_be_cut():
            return Report((), (NO_NETWORK_CONTROL,))
    ended: dict[tuple[str, Form], Run] = {}

    def done(run: Run) -> None:
        ended[run.path, run.form] = run
        on_done(run)

    try:
        with warm_parents():
            return _prove(root, wanted, starters, limits=limits, options=options, store=store, on_done=done)
    except Stopped:
        # Not the runs that it has: they may be those of starters, mutants or a second look, which are made to fail.
        runs = tuple(ended[key] for key in _keys(wanted) if key in ended)
        message = f"stopped by Ctrl-C: {len(runs)} runs ended, at least {max(len(wanted) - len(runs), 1)} did not"
        return Report(runs, (Finding("X341", message, Location(".")),))


def _keys(wanted: Sequence[Request]) -> Iterator[tuple[str, Form]]:
    """By what a run tells which one it is."""
    return ((request.lesson.path, request.form) for request in wanted)


NO_NETWORK_CONTROL = Finding(
    "X342",
    "the network cannot be cut off here: this system allows no network namespaces",
    Location("."),
    "run without `--network off`, or on a machine or in a container that allows user namespaces",
)


def _prove(
    root: Path,
    wanted: Sequence[Request],
    starters: Sequence[Request],
    *,
    limits: Limits,
    options: Options,
    store: bool,
    on_done: Done,
) -> Report:
    lost: list[Finding] = []
    runner = _runner(options, lost)
    run = partial(run_all, root, limits=limits, jobs=options.jobs, cache=options.cache, store=store, runner=runner)
    run = partial(run, ordinary=options.engine == "jupyter")
    runs = run(wanted, on_done=on_done)
    tried = run(starters)
    findings = [*_seen(wanted, runs), *_contracts(starters, tried)]
    if options.twice:
        findings += _repeats(root, wanted, runs, limits=limits, jobs=options.jobs, runner=runner)
    if options.mutants:
        from catalyst_lessons.project.mutating import check_mutants

        exercises = [request.lesson for request in wanted if request.form == "solution"]
        most, jobs = options.mutants, options.jobs
        quick = _runner(replace(options, engine=options.engine or "quick"), lost)
        findings += check_mutants(root, exercises, runs, limits=limits, most=most, jobs=jobs, runner=quick)
    if options.audit:
        findings += check_audit(root, wanted, runs, percent=options.audit, limits=limits, jobs=options.jobs)
    return Report(runs, (*findings, *lost))


def _runner(options: Options, lost: list[Finding]) -> Runner:
    if not options.dask:
        return partial(run_many, engine=options.engine)
    from catalyst_lessons.project.scaling import run_on_cluster

    return partial(run_on_cluster, address=options.dask, engine=options.engine, on_lost=lost.append)


def _seen(wanted: Sequence[Request], runs: Sequence[Run]) -> Iterator[Finding]:
    for request, run in zip(wanted, runs, strict=True):
        yield from check_stored_error(request.lesson, run)


def _contracts(starters: Sequence[Request], runs: Sequence[Run]) -> Iterator[Finding]:
    """What an exercise promises: without its solution, its own check fails."""
    for request, run in zip(starters, runs, strict=True):
        yield from check_contract(request.lesson, run)


def _repeats(
    root: Path, wanted: Sequence[Request], runs: Sequence[Run], *, limits: Limits, jobs: int, runner: Runner
) -> Iterator[Finding]:
    passed: Mapping[int, Run] = {n: run for n, run in enumerate(runs) if run.outcome == "passed"}
    again = runner(root, [wanted[n] for n in passed], jobs=jobs, limits=limits)
    lessons: list[Lesson] = [wanted[n].lesson for n in passed]
    for lesson, first, second in zip(lessons, passed.values(), again, strict=True):
        yield from check_repeat(lesson, first, second)
