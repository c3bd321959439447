"""The constants of the paper plan in docs/scaling.md: python benchmarks/scaling.py [--notebooks N] [--dask]

Runs `catalyst check` on a curriculum of N small notebooks and on one of a tenth of that, and prints the slope between
them, so that starting up cancels: what one more notebook costs when it is run, when only its source is new, and when
nothing is new.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cached_check import make

COMMAND = (sys.executable, "-m", "catalyst_lessons.adapters.cli", "check")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=100, help="at least 10")
    parser.add_argument("--dask", action="store_true", help="also on a local Dask cluster with two workers")
    options = parser.parse_args()
    ways = {
        "run, --jobs 1": ("--no-cache", "--jobs", "1"),
        "run, --jobs 2": ("--no-cache", "--jobs", "2"),
        "source new, run cached": ("--jobs", "1"),
        "nothing new": ("--jobs", "1"),
    }
    if options.dask:
        ways["run, --dask local --jobs 2"] = ("--no-cache", "--dask", "local", "--jobs", "2")
    with tempfile.TemporaryDirectory() as folder:
        roots = {count: Path(folder, str(count)) for count in (options.notebooks // 10, options.notebooks)}
        for count, root in roots.items():
            make(root, count)
        print(f"{'one more notebook, ms':30}{'CPU':>8}{'wall':>8}{'start-up wall s':>18}")
        for way, arguments in ways.items():
            few, many = (cost(root, arguments, forget="new, run" in way) for root in roots.values())
            fewer, more = roots
            cpu, wall = ((b - a) / (more - fewer) * 1000 for a, b in zip(few, many, strict=True))
            print(f"{way:30}{cpu:8.1f}{wall:8.1f}{few[1] - fewer * wall / 1000:18.1f}")


def cost(root: Path, arguments: tuple[str, ...], *, forget: bool) -> tuple[float, float]:
    """CPU seconds of the command and all it starts, and wall seconds."""
    if forget:
        shutil.rmtree(root / ".catalyst/sources")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*COMMAND, *arguments], cwd=root, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 1 or "passed" not in done.stdout:
        sys.exit(f"the check did not work:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


if __name__ == "__main__":
    main()
