"""How long `catalyst check` takes when nothing has changed: python benchmarks/cached_check.py [--notebooks N]

Makes a curriculum of N notebooks and a run cache that knows every one of them, then runs the whole command again and
again, in turn with `catalyst check` on a curriculum of one notebook (what starting up costs). Prints CPU and wall time
of both, the ratio, and what each part takes in one process. No kernel is started: the runs are written, not made.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SETTINGS = """\
site_name: Benchmark
site_url: https://lessons.example.org/
plugins:
  - i18n:
      docs_structure: folder
      languages:
        - {locale: en, name: English, default: true}
  - catalyst-lessons:
      repository: https://github.com/example/lessons
"""
LESSON = """\
# ---
# title: "Lesson {n}"
# teaching: 10
# exercises: 5
# questions:
#   - "What is lesson {n} about?"
# objectives:
#   - "Read a table."
# keypoints:
#   - "A table has rows."
# authors:
#   - Amina Bello
# license: CC-BY-4.0
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# ## Reading a table {n}
#
# Some prose with a [link](https://example.org/), *emphasis* and `code`, as lessons have it.

# %%
import csv
import json

with open("data/table.csv") as file:
    rows = list(csv.reader(file))
len(rows)

# %% [markdown]
# ## Adding up
#
# Add up the second column.

# %%
total = sum(float(row[1]) for row in rows[1:])
total + {n}

# %%
print(json.dumps({{"total": total, "lesson": {n}}}))
"""
CELLS = 3


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder, "many"), Path(folder, "one")
        make(many, options.notebooks)
        make(one, 1)
        times: dict[Path, list[tuple[float, float]]] = {many: [], one: []}
        for _ in range(options.rounds):
            for root in (one, many):
                times[root].append(timed(root))
        report(times[many], times[one], options.notebooks)
        parts(many)


def make(root: Path, count: int) -> None:
    """A curriculum of so many lessons, and a run cache that knows each of them."""
    (root / "lessons/data").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(SETTINGS)
    (root / "lessons/data/table.csv").write_text("name,value\n" + "".join(f"row{n},{n}\n" for n in range(50)))
    for n in range(count):
        (root / f"lessons/{n:05}-lesson.py").write_text(LESSON.format(n=n))
    from catalyst_lessons.core.report import Run
    from catalyst_lessons.files.kernels.cache import RunCache, cache_key
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.running import limits_of, requests

    project = Project.open(root, environ={})
    store = RunCache(root / ".catalyst/runs")
    for request in requests(project):
        lesson = request.lesson
        outputs = {cell.id: ({"output_type": "stream", "name": "stdout", "text": "1\n"},) for cell in lesson.code_cells}
        run = Run(lesson.path, "passed", request.form, "en", 1.0, outputs=outputs)
        store.put(cache_key(root, lesson, form=request.form, limits=limits_of(project)), run)


def timed(root: Path) -> tuple[float, float]:
    """CPU and wall seconds of one whole command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "catalyst_lessons.adapters.cli", "check"]
    done = subprocess.run(command, cwd=root, env=os.environ, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if "from the run cache" not in done.stdout:
        sys.exit(f"this is no cached check:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def report(many: list[tuple[float, float]], one: list[tuple[float, float]], count: int) -> None:
    """The medians, and how they compare."""
    print(f"{'':30}{'CPU s':>10}{'wall s':>10}{'min-max wall':>18}")
    for name, times in ((f"{count} cached notebooks", many), ("1 cached notebook (start-up)", one)):
        cpu, wall = (statistics.median(column) for column in zip(*times, strict=True))
        walls = [wall for _, wall in times]
        print(f"{name:30}{cpu:10.2f}{wall:10.2f}{min(walls):9.2f} - {max(walls):.2f}")
    for name, column in (("CPU", 0), ("wall", 1)):
        ratio = statistics.median(a[column] / b[column] for a, b in zip(many, one, strict=True))
        above = statistics.median(a[column] - b[column] for a, b in zip(many, one, strict=True))
        print(f"{name}: {ratio:.1f} times start-up, {above:.2f} s above it")


def parts(root: Path) -> None:
    """Where the time goes, in this process, where everything is imported already."""
    from catalyst_lessons.core.checks import check_curriculum, check_lesson
    from catalyst_lessons.core.exercises import check_marks
    from catalyst_lessons.files.kernels.cache import RunCache, cache_key
    from catalyst_lessons.project import Project
    from catalyst_lessons.project.reading import source_paths
    from catalyst_lessons.project.running import limits_of, requests

    project = Project.open(root, environ={})
    print("\nin one process, with everything imported:")
    show("finding the sources", lambda: list(source_paths(root, "lessons")))
    show("reading them", lambda: project.reading)
    show("rules", lambda: [(check_lesson(one), check_marks(one)) for one in project.curriculum.sources])
    show("rules between sources", lambda: check_curriculum(project.curriculum, exists=lambda _: True))
    wanted, limits = requests(project), limits_of(project)
    keys: list[str] = []
    show("keys", lambda: keys.extend(cache_key(root, one.lesson, form=one.form, limits=limits) for one in wanted))
    store = RunCache(root / ".catalyst/runs")
    show("runs from the cache", lambda: [store.get(key) for key in keys])


def show(name: str, work: Callable[[], object]) -> None:
    """How long it takes."""
    began = time.perf_counter()
    work()
    print(f"  {name:28}{time.perf_counter() - began:8.3f} s")


if __name__ == "__main__":
    main()
