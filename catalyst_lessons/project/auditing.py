"""`--audit`: runs that passed are made again in ordinary kernels, which have the last word on the fast path."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from catalyst_lessons.core.report import Finding, Run
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import Request, run_many


def check_audit(
    root: Path, wanted: Sequence[Request], runs: Sequence[Run], *, percent: int, limits: Limits, jobs: int
) -> Iterator[Finding]:
    """X340 for each run that passed, and does not pass in an ordinary kernel. So many percent of them are looked at.

    Which ones depends on the outputs, so that another day, or after a change, it is others.
    """
    chosen = [n for n, run in enumerate(runs) if run.outcome == "passed" and _dice(run) < percent]
    again = partial(run_many, root, limits=limits, jobs=jobs, engine="jupyter")([wanted[n] for n in chosen])
    for n, run in zip(chosen, again, strict=True):
        if run.outcome != "passed":
            message = f"it passed, but an ordinary kernel says {run.outcome}: {run.error}: {run.message}".rstrip(": ")
            hint = "the ordinary kernel is right: use `--engine jupyter`, and please report it to catalyst-lessons"
            yield Finding("X340", message, run.location or wanted[n].lesson.at(0), hint)


def _dice(run: Run) -> int:
    """A number from 0 to 99 for this run."""
    text = f"{run.path} {run.form} {run.seconds} {sorted(run.outputs)}"
    return hashlib.sha256(text.encode()).digest()[0] * 100 // 256
