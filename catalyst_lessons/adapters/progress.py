"""Progress on stderr while notebooks run: a live line in a terminal, one line a notebook elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from catalyst_lessons.core.report import Run


@contextmanager
def progress(title: str) -> Iterator[Callable[[Run], None]]:
    """A function to call with each run as it ends."""
    if not sys.stderr.isatty():
        yield lambda run: print(_line(run), file=sys.stderr) if not run.cached else None
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    count = 0
    with console.status(f"{title} …") as status:

        def done(run: Run) -> None:
            nonlocal count
            count += 1
            if not run.good:
                console.print(_line(run), markup=False)
            status.update(f"{title} … {count} done, last {run.path}")

        yield done


def _line(run: Run) -> str:
    why = f": {run.message}" if run.outcome == "skipped" and run.message else ""
    return f"{run.outcome:8} {run.path} ({run.form}, {run.seconds:.1f} s){why}"
