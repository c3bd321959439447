"""How much the checking of notebooks costs: `catalyst check` and its peers on one corpus, in turns.

    python benchmarks/execution.py [--rounds 3] [--peers PYTHON] [--only NAME,NAME]

Prints user and system CPU seconds of all processes, and wall seconds, as medians with their spread, and as ratios that
are taken round by round (this and that tool right after one another). PYTHON is an interpreter that has nbmake,
pytest-xdist, papermill and jupyter-cache; peers it does not have are left out, and said so.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import contextlib
import io
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import catalyst_lessons

MIX = {"trivial": 14, "numpy": 10, "pandas": 10, "sleep": 3, "heavy": 3}
KINDS: dict[str, Callable[[random.Random], list[str]]] = {
    "trivial": lambda dice: [
        f"import collections\nimport re\nimport statistics\n\nTEXT = {' '.join(dice.choices(WORDS, k=300))!r}",
        "words = re.findall(r'\\w+', TEXT)\ncounts = collections.Counter(words)\ncounts.most_common(3)",
        "mean = statistics.fmean(len(word) for word in words)\nprint(f'mean length: {mean:.3f}')",
        "assert sum(counts.values()) == 300\nsum([i * i for i in range(300)])",
    ],
    "numpy": lambda dice: [
        f"import numpy as np\n\nrng = np.random.default_rng({dice.randrange(10**6)})",
        "a = rng.normal(size=(160, 160))\nspd = a @ a.T + 160 * np.eye(160)\nspd.shape",
        "w, v = np.linalg.eigh(spd)\nprint('smallest eigenvalue > 0:', bool(w[0] > 0))",
        "b = rng.normal(size=160)\nx = np.linalg.solve(spd, b)\nassert np.abs(spd @ x - b).max() < 1e-8",
        "steps = rng.normal(size=(200, 500)).cumsum(axis=1)\nsteps[:, -1].std().round(1)",
    ],
    "pandas": lambda dice: [
        "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt",
        f"rng = np.random.default_rng({dice.randrange(10**6)})\n"
        "df = pd.DataFrame({'site': rng.choice(list('ABCDE'), 4000), "
        "'value': rng.gamma(2.0, 3.0, 4000), 'day': rng.integers(1, 366, 4000)})\ndf.head()",
        "summary = df.groupby('site')['value'].agg(['mean', 'median', 'count'])\nsummary.round(2)",
        "fig, ax = plt.subplots(figsize=(5, 3))\nsummary['mean'].plot.bar(ax=ax)\nax.set_title('Sites')\nplt.show()",
        "weekly = df.assign(week=df['day'] // 7).groupby('week')['value'].mean()\n"
        "fig, ax = plt.subplots(figsize=(5, 3))\nax.plot(weekly.index, weekly.values, marker='o')\nplt.show()",
        "assert int(summary['count'].sum()) == 4000\nprint('rows', len(df))",
    ],
    "sleep": lambda _: [
        "import time\n\nstart = time.monotonic()",
        "time.sleep(0.5)\nprint('waited')",
        "assert time.monotonic() - start >= 0.5\n'done'",
    ],
    "heavy": lambda _: [
        "for i in range(20_000):\n    print(f'line {i:06d} ' + 'x' * 60)",
        "from IPython.display import HTML, display\nfor i in range(50):\n    display(HTML(f'<p>row {i}</p>' * 40))",
        "'y' * 200_000",
    ],
}
# Sets of imports, each of one notebook: no two notebooks share a warm parent that has imported anything.
IMPORTS = (
    ("numpy", "json", "csv"),
    ("pandas", "decimal"),
    ("matplotlib.pyplot", "fractions"),
    ("numpy.linalg", "statistics", "heapq"),
    ("pandas", "zipfile", "bisect"),
    ("matplotlib.pyplot", "calendar", "numpy.fft"),
    ("sqlite3", "difflib"),
    ("numpy.random", "textwrap", "secrets"),
    ("pandas", "xml.etree.ElementTree"),
    ("urllib.parse", "html", "uuid"),
)
R_CELLS = ["x <- c(1, 2, 3, 4)\nmean(x)", "m <- lm(dist ~ speed, cars)\nsummary(m)", "stopifnot(sum(x) == 10)"]
WORDS = ("share", "hub", "data", "learn", "teach", "code", "plot")
NBCLIENT = """
import sys, nbformat, nbclient
for path in sys.argv[1:]:
    nbclient.NotebookClient(nbformat.read(path, 4), timeout=120).execute()
"""
PAPERMILL = """
import sys, papermill
for path in sys.argv[1:]:
    papermill.execute_notebook(path, None, progress_bar=False, log_output=False)
"""
JUPYTER_CACHE = """
import sys, tempfile
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
with tempfile.TemporaryDirectory() as folder:
    cache = get_cache(folder)
    for path in sys.argv[1:]:
        cache.add_nb_to_project(path)
    result = load_executor("local-parallel", cache).run_and_cache(timeout=120)
    assert len(result.succeeded) == len(sys.argv) - 1, result
"""
CATALYST = "from catalyst_lessons.adapters.cli import main; main()"
NO_PRELOAD = "from catalyst_lessons.files.kernels.forking import imports; imports.SAFE = frozenset(); " + CATALYST


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: CPU seconds of all its processes, and seconds by the clock."""

    cpu: float
    wall: float


def make_corpus(folder: Path, *, seed: int = 0) -> list[Path]:
    """Forty notebooks of five kinds in a mixed order, and each as a plain script; the same ones for the same seed."""
    kinds = [kind for kind, count in MIX.items() for _ in range(count)]
    random.Random(seed).shuffle(kinds)  # noqa: S311
    for number, kind in enumerate(kinds):
        cells = KINDS[kind](random.Random(f"{seed} {number}"))  # noqa: S311
        path = folder / "notebooks" / f"nb{number:02d}_{kind}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_notebook(cells)), encoding="utf-8")
        script = folder / "scripts" / f"{path.stem}.py"
        script.parent.mkdir(exist_ok=True)
        script.write_text("\n\n".join(cells), encoding="utf-8")
    return sorted((folder / "notebooks").iterdir())


def make_others(folder: Path) -> dict[str, list[Path]]:
    """Notebooks that share no set of imports, and notebooks in R, each kind in a folder of its own name."""
    cells = {
        "imports": [
            ["\n".join(f"import {name}" for name in names), "total = sum(range(1000))\ntotal", "assert total == 499500"]
            for names in IMPORTS
        ],
        "r": [R_CELLS],
    }
    found: dict[str, list[Path]] = {}
    for kind, books in cells.items():
        folder.joinpath(kind).mkdir()
        found[kind] = [folder / kind / f"nb{number:02d}.ipynb" for number in range(len(books))]
        for path, book in zip(found[kind], books, strict=True):
            path.write_text(json.dumps(_notebook(book, R if kind == "r" else PYTHON)), encoding="utf-8")
    return found


PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
R = {"display_name": "R", "language": "R", "name": "ir"}


def _notebook(cells: Sequence[str], kernel: Mapping[str, str] = PYTHON) -> dict[str, object]:
    made = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for n, text in enumerate(cells)
    ]
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def commands(
    folder: Path, books: Sequence[Path], others: Mapping[str, Sequence[Path]], peers: str
) -> dict[str, list[str]]:
    """What is measured, by name."""
    names, one = [str(path) for path in books], str(books[-1])
    here, python = str(folder / "notebooks"), sys.executable
    check = ["check", here, "--no-cache", "--jobs", "2"]
    nbmake = [peers, "-m", "pytest", "-q", "--nbmake", "-p", "no:cacheprovider"]
    imports, r = str(folder / "imports"), str(others["r"][0])
    scripts = f"ls {folder}/scripts/*.py | xargs -P 2 -n 1 {python}"
    return {
        "lower bound": [python, __file__, "--lower-bound", *names],
        "catalyst": [python, "-c", CATALYST, *check],
        "catalyst, one job": [python, "-c", CATALYST, *check[:-1], "1"],
        "catalyst, no preload": [python, "-c", NO_PRELOAD, *check],
        "catalyst, --engine jupyter": [python, "-c", CATALYST, *check, "--engine", "jupyter"],
        "nbmake -n 2": [*nbmake, "-n", "2", here],
        "nbclient": [peers, "-c", NBCLIENT, *names],
        "papermill": [peers, "-c", PAPERMILL, *names],
        "jupyter-cache": [peers, "-c", JUPYTER_CACHE, *names],
        "python, a script each": ["sh", "-c", scripts],
        "catalyst, one notebook": [python, "-c", CATALYST, "check", one, "--no-cache"],
        "nbmake, one notebook": [*nbmake, one],
        "nbclient, one notebook": [peers, "-c", NBCLIENT, one],
        "catalyst, different imports": [python, "-c", CATALYST, "check", imports, *check[2:]],
        "nbmake, different imports": [*nbmake, "-n", "2", imports],
        "catalyst, R notebook": [python, "-c", CATALYST, "check", r, "--no-cache"],
        "nbclient, R notebook": [peers, "-c", NBCLIENT, r],
    }


APART = ("one notebook", "different imports", "R notebook")
"""What is measured on notebooks of its own, and divided by the catalyst of the same ones."""
NEEDED = {"nbmake": "nbmake", "nbclient": "nbclient", "papermill": "papermill", "jupyter-cache": "jupyter_cache"}


def missing(name: str, peers: str) -> str:
    """What it needs and this machine, or the peer's interpreter, does not have, "" if all is there."""
    if "R notebook" in name and not has_kernel("ir", sys.executable if name.startswith("catalyst") else peers):
        return "a kernel for R"
    module = next((module for start, module in NEEDED.items() if name.startswith(start)), "")
    wanted = ["nbmake", "xdist"] if module == "nbmake" else [module]
    for one in filter(None, wanted):
        if subprocess.run([peers, "-c", f"import {one}"], capture_output=True, check=False).returncode:
            return one
    return ""


def has_kernel(name: str, python: str) -> bool:
    """Whether this interpreter finds the kernel."""
    code = f"from jupyter_client.kernelspec import get_kernel_spec; get_kernel_spec({name!r})"
    return not subprocess.run([python, "-c", code], capture_output=True, check=False).returncode


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Runs it, and what it cost.

    Raises:
        SystemExit: it failed.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)[:300]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return Cost(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall)


def lower_bound(paths: Sequence[str]) -> None:
    """All cells of all notebooks in this one process: no kernel, no isolation, nothing kept."""
    import matplotlib.pyplot as plt

    for path in paths:
        namespace: dict[str, object] = {"__name__": "__main__"}
        for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
            tree = ast.parse(cell["source"])
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, path, "exec"), namespace)  # noqa: S102
                if last is not None:
                    value = eval(compile(ast.Expression(last.value), path, "eval"), namespace)  # noqa: S307
                    repr(value), getattr(value, "_repr_html_", int)()
            for number in plt.get_fignums():
                plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
            plt.close("all")


def show(costs: Mapping[str, Sequence[Cost]]) -> None:
    """The tables."""
    print(f"\n{'':28} {'CPU s: median (least - most)':>30} {'wall s: median (least - most)':>30}")
    for name, found in costs.items():
        print(f"{name:28} {_spread([c.cpu for c in found]):>30} {_spread([c.wall for c in found]):>30}")
    print(f"\n{'divided by catalyst':28} {'CPU':>30} {'wall':>30}")
    for name, found in costs.items():
        whole = next((f"catalyst, {part}" for part in APART if part in name), "catalyst")
        pairs = list(zip(found, costs.get(whole, ()), strict=False))
        cpu, wall = ([getattr(a, what) / getattr(b, what) for a, b in pairs] for what in ("cpu", "wall"))
        if pairs and name != whole:
            print(f"{name:28} {_spread(cpu):>30} {_spread(wall):>30}")


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} - {max(values):.2f})"


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--only", default="", help="names of what to measure, separated by semicolons")
    parser.add_argument("--lower-bound", nargs="+", metavar="NOTEBOOK", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.lower_bound:
        lower_bound(chosen.lower_bound)
        return
    folder = Path(tempfile.mkdtemp(prefix="execution-"))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # Everybody is measured as installed, with bytecode; the first to run here would otherwise write it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(Path(catalyst_lessons.__file__).parent, quiet=2)
    try:
        wanted = commands(folder, make_corpus(folder), make_others(folder), chosen.peers)
        for name in list(wanted):
            if chosen.only and name not in chosen.only.split(";"):
                del wanted[name]
            elif module := missing(name, chosen.peers):
                print(f"{name}: left out, there is no {module}")
                del wanted[name]
        costs: dict[str, list[Cost]] = {name: [] for name in wanted}
        for number in range(chosen.rounds):
            for name, command in wanted.items():
                costs[name].append(measure(command, environment))
                print(f"round {number + 1}: {name}: {costs[name][-1]}", file=sys.stderr)
        print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, {chosen.rounds} rounds")
        show(costs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
