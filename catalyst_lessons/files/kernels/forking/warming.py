"""What a warm parent does once so that its runs need not: first uses are slow, and each run would pay for its own.

Regular expressions are compiled, formatters made, fonts looked up, and Python's interpreter learns which of its
instructions to specialize. What a notebook can see of it is that some modules are loaded already which the first figure
or table would load; no setting is another.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import io
import sys
from collections.abc import Callable
from typing import Any

CODE = """import os
x = [1, "a"]
def double(value):
    return [2 * one for one in value]
print(f"{double(x)} {1.5:.2f}")
x"""
TIMES = 3
VALUES = (1, 1.5, "a", [1], {"a": 1}, (1,), None, True)
TEXT = "0123456789.- aB"


def warm_up(shell: Any) -> None:
    """Uses what nearly every notebook uses, of the modules that are imported, once in this process and those it forks.

    A failure is no matter: the notebook will have it too.
    """
    for module, use in USES.items():
        if module in sys.modules and module not in _USED:
            _USED.add(module)
            with contextlib.suppress(Exception):
                use(shell)


_USED: set[str] = set()


def _use_kernel(shell: Any) -> None:
    for use in (_read_code, _show_values, _start_loop):
        use(shell)


def _read_code(shell: Any) -> None:
    for _ in range(TIMES):
        code = shell.transform_cell(CODE)
        shell.should_run_async(CODE, transformed_cell=code)
        compile(shell.compile.ast_parse(code), "<warming>", "exec")


def _show_values(shell: Any) -> None:
    for value in VALUES:
        shell.display_formatter.format(value)


def _start_loop(shell: Any) -> None:
    from tornado.ioloop import IOLoop

    async def nothing() -> None:
        IOLoop.current()
        await asyncio.sleep(0)

    with asyncio.Runner() as runner:
        runner.run(nothing())
    asyncio.set_event_loop(None)


def _compute(shell: Any) -> None:
    numpy: Any = sys.modules["numpy"]
    dice = numpy.random.default_rng(0)
    square = dice.normal(size=(2, 2))
    numpy.linalg.solve(square, dice.choice([1.0, 2.0], 2))
    numpy.linalg.eigh(square @ square.T)
    for value in (numpy.arange(3), numpy.float64(1.5), square):
        shell.display_formatter.format(value)


def _tabulate(shell: Any) -> None:
    pandas: Any = sys.modules["pandas"]
    table = pandas.DataFrame({"a": [1.5, 2.5, 3.5], "b": ["x", "y", "x"]})
    groups = table.groupby("b")["a"]
    for value in (table.head(), table["a"], groups.agg(["mean", "median", "count"]).round(2), table.describe()):
        shell.display_formatter.format(value)


def _draw_figure(shell: Any) -> None:
    """Beside pyplot: what Matplotlib loads and looks up for a first figure takes it as long as the drawing."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Small and not cropped: whatever is drawn more often than once teaches nothing more.
    figure = Figure(figsize=(1, 1))
    axes: Any = figure.subplots()
    axes.plot([1, 2], label="a", marker="o")
    axes.bar([1, 2], [1, 2])
    axes.set(title=TEXT, xlabel=TEXT)
    axes.legend()
    FigureCanvasAgg(figure).print_figure(io.BytesIO(), format="png")
    if "pandas" in sys.modules:
        importlib.import_module("pandas.plotting._matplotlib")
    _load_inline(sys.modules["matplotlib"])


def _load_inline(matplotlib: Any) -> None:
    """What the backend of notebooks needs, but not itself: it turns pyplot interactive when it is imported as the
    backend that is set, which is at the first figure and not before."""
    backend = matplotlib.rcParams["backend"]
    matplotlib.rcParams["backend"] = "agg"
    try:
        package = importlib.import_module("matplotlib_inline")
        vars(package).pop("backend_inline", None)
    finally:
        sys.modules.pop("matplotlib_inline.backend_inline", None)
        matplotlib.rcParams["backend"] = backend


USES: dict[str, Callable[[Any], None]] = {
    "IPython": _use_kernel,
    "numpy": _compute,
    "pandas": _tabulate,
    "matplotlib.pyplot": _draw_figure,
}
"""What is used of each module."""
