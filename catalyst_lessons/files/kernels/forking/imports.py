"""What a notebook imports before it does anything else, and what in it only an ordinary kernel can do."""

from __future__ import annotations

import ast
import importlib.machinery
import os
import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from catalyst_lessons.core.ipython import parse
from catalyst_lessons.core.model import Cell, Lesson

# Packages whose import starts no thread, opens no socket and looks neither at the folder nor at IPython. Never here:
# plotly, bokeh, holoviews, tqdm, ipywidgets (they look at IPython), jax, tensorflow, torch, polars, grpc (threads).
_PACKAGES = """
numpy pandas matplotlib scipy xarray sklearn PIL seaborn sympy networkx requests Bio statsmodels shapely
pyproj geopandas netCDF4 h5py bs4 lxml yaml skimage imageio openpyxl nltk statistics random decimal fractions
csv zipfile gzip html unittest doctest sqlite3 http urllib email xml multiprocessing concurrent heapq bisect
calendar locale uuid hashlib secrets pprint string textwrap difflib
"""
MODULES = tuple(importlib.machinery.all_suffixes())
"""The endings of files that can be imported: sources, compiled ones, extensions."""
SAFE = frozenset(_PACKAGES.split())
LINE_MAGIC = re.compile(r"^\s*%(?:matplotlib inline|config InlineBackend[^\n]*)\s*$", re.MULTILINE)

# What needs a kernel with sockets, a history on disk, or a front end.
ONLY_ORDINARY = re.compile(
    r"%(?:connect_info|qtconsole|gui|pylab|debug|pdb|store|bookmark|rehashx|recall|rerun|rep|edit|pastebin|px|autopx"
    r"|matplotlib\s+(?!inline|agg)|matplotlib\s*$|notebook|history\s+[^\n]*-g|hist\s+[^\n]*-g|killbgscripts|subshell)"
    r"|ipyparallel|connection_file|connect_qtconsole|debugpy|set_trace|\bbreakpoint\(|history_manager|HistoryManager"
    r"|profile_dir|ipython_dir|get_ipython\(\)\.db|IPKernelApp\.instance|kernelapp|ipympl|enable_gui|\binput\("
    r"|\bgetpass\b|\.io_loop\b|\bzmq\b|nest_asyncio|dask\.distributed|\btrio\b|%autoawait|PR_SET_|set_child_subreaper",
    re.MULTILINE,
)


def only_ordinary(lesson: Lesson) -> str:
    """The first thing in the code that the fast path does not do, "" if there is none."""
    for cell in lesson.code_cells:
        found = ONLY_ORDINARY.search(cell.source)
        if found:
            return found[0]
    return ""


def leading_imports(lesson: Lesson) -> tuple[str, ...]:
    """The modules that the notebook imports before any other statement and that may be imported ahead, in order."""
    return tuple(dict.fromkeys(name for name in _leading(lesson.code_cells) if name.split(".")[0] in SAFE))


def _leading(cells: tuple[Cell, ...]) -> Iterator[str]:
    for cell in cells:
        if cell.has("skip-execution"):
            continue
        try:
            statements = parse(LINE_MAGIC.sub("", cell.source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for statement in statements:
            if isinstance(statement, ast.Import):
                yield from (alias.name for alias in statement.names)
            elif isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
                yield statement.module
            elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                return


def looks_different(folder: Path) -> bool:
    """Whether an import in this folder may give something else than elsewhere: a file has the name of a module that is
    installed, or Matplotlib finds its settings here."""
    try:
        return _looks_different(folder, folder.stat().st_mtime_ns)
    except OSError:
        return True


@lru_cache
def _looks_different(folder: Path, changed: int) -> bool:
    """The same as of the folder's last change, in nanoseconds: it is asked for each notebook of the folder."""
    with os.scandir(folder) as found:
        entries = [entry for entry in found if not entry.name.startswith(".")]
    modules = (entry.name for entry in entries if entry.is_dir() or entry.name.endswith(MODULES))
    named = any(_is_installed(stem) for stem in {name.partition(".")[0] for name in modules} if stem.isidentifier())
    return named or any(entry.name == "matplotlibrc" for entry in entries)


@cache
def _is_installed(name: str) -> bool:
    """Whether a folder of installed packages has this module: the standard library comes before the lesson's folder."""
    if name in sys.stdlib_module_names:
        return False
    places = [place for place in sys.path if os.path.basename(place) in ("site-packages", "dist-packages")]
    found = ("", ".py", ".so", f".{sys.implementation.cache_tag}-{sys.implementation._multiarch}.so")
    return any(os.path.exists(os.path.join(place, name + ending)) for place in places for ending in found)
