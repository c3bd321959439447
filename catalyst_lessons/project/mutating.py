"""Whether the checks of exercises notice anything: each solution is changed here and there, and run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from catalyst_lessons.core.exercises import has_solution
from catalyst_lessons.core.exercises.mutation import Mutant, mutants
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request
from catalyst_lessons.project.running import Runner

PATIENCE = 5.0
"""How many times as long as the solution, and how many seconds more, a cell of a mutant may take: some never end."""


def check_mutants(
    root: Path,
    exercises: Sequence[Lesson],
    solved: Sequence[Run],
    *,
    limits: Limits,
    most: int,
    jobs: int,
    runner: Runner,
) -> Iterator[Finding]:
    """X350 for each change of a solution that no check notices, X351 where there is nothing to change.

    Only exercises whose solution passed (its run is among `solved`) are tried, with at most `most` mutants each.
    """
    seconds = {run.path: run.seconds for run in solved if run.form == "solution" and run.outcome == "passed"}
    for exercise in exercises:
        if not has_solution(exercise) or exercise.path not in seconds:
            continue
        tried = mutants(exercise, limit=most)
        if not tried:
            yield Finding("X351", _X351, exercise.at(), _X351_HINT, "info")
        brief = replace(limits, cell_seconds=min(limits.cell_seconds, PATIENCE * (1 + seconds[exercise.path])))
        wanted = [Request(mutant.lesson, "solution") for mutant in tried]
        runs = runner(root, wanted, jobs=jobs, limits=brief)
        yield from _survivors(exercise, tried, runs)


def _survivors(exercise: Lesson, tried: Sequence[Mutant], runs: Sequence[Run]) -> Iterator[Finding]:
    for mutant, run in zip(tried, runs, strict=True):
        if run.outcome == "passed":
            message = f"the checks do not notice this change of the solution: {mutant.description}"
            yield Finding("X350", message, exercise.at(mutant.line), _X350_HINT, "warning")


_X350_HINT = "add an assertion that fails with the changed line, or leave it if the change does not matter"
_X351 = "no part of the solution could be changed to try the checks"
_X351_HINT = "a Python solution with a number, a comparison or a `return`, and a `check` cell after it, can be tried"
