"""A notebook finds Python as it would be in an ordinary kernel, although its parent has imported and warmed up much."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from catalyst_lessons.files.kernels.runner import Request, run_many

from .conftest import make

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="warm parents are forked on Linux")

LOOK = """
import asyncio, builtins, gc, json, locale, logging, os, signal, sys, warnings
places = ("HOME", "TMP", "TEMP", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "JPY_PARENT_PID")
found = {
    "environment": {name: value for name, value in os.environ.items() if name not in places},
    "signals": [str(signal.getsignal(number)) for number in range(1, 32)],
    "warnings": [str(one) for one in warnings.filters],
    "warned": sorted(name for name, one in sys.modules.items() if getattr(one, "__warningregistry__", None)),
    "loggers": [str(handler) for handler in logging.root.handlers],
    "collector": [gc.get_threshold(), gc.isenabled()],
    "streams": [one.encoding for one in (sys.stdout, sys.stderr)],
    "umask": os.umask(0o22),
    "path": sys.path,
    "rest": [locale.setlocale(locale.LC_ALL), sys.getrecursionlimit(), str(type(asyncio.get_event_loop_policy()))],
}
if "multiprocessing.process" in sys.modules:
    found["folder"] = sys.modules["multiprocessing.process"].ORIGINAL_DIR == os.getcwd()
if "numpy" in sys.modules:
    numpy = sys.modules["numpy"]
    found["numpy"] = [str(numpy.get_printoptions()), numpy.geterr()]
if "pandas" in sys.modules:
    from pandas._config.config import _global_config
    found["pandas"] = str(_global_config)
if "matplotlib" in sys.modules:
    settings = sys.modules["matplotlib"].rcParams
    found["matplotlib"] = {name: str(dict.__getitem__(settings, name)) for name in settings}
print(json.dumps(found))
"""


def states(root: Path, imports: str, engine: str) -> Any:
    """What a notebook finds; there are two, so that a warm parent is worth it."""
    lessons = [make(f"lessons/{name}.py", imports, LOOK) for name in "ab"]
    runs = run_many(root, [Request(one) for one in lessons], jobs=1, engine=engine)  # type: ignore[arg-type]
    assert [run.outcome for run in runs] == ["passed"] * 2
    return json.loads(runs[1].outputs["c1"][0]["text"])


@pytest.mark.parametrize(
    "imports", ["1", "import numpy, pandas", "import matplotlib.pyplot", "import sklearn, seaborn"]
)
def test_state(project: Path, imports: str) -> None:
    for module in imports.removeprefix("import ").split(", ") if imports != "1" else ():
        pytest.importorskip(module)
    fast, ordinary = (states(project, imports, engine) for engine in ("fast", "jupyter"))
    assert fast.keys() == ordinary.keys()
    # Python 3.12 and later warn tornado, which has made the loop of the ordinary one.
    ordinary["warned"] = [name for name in ordinary["warned"] if name != "tornado.ioloop"]
    for name in fast:
        assert (name, fast[name]) == (name, ordinary[name])


def test_pyplot_shows_figures_also_where_it_was_told_not_to_be_interactive(project: Path) -> None:
    # In Jupyter the backend is loaded by the first figure, and turns it on again.
    pytest.importorskip("matplotlib")
    cells = ("import matplotlib.pyplot as plt", "plt.ioff()\nplt.plot([1, 2]);")
    runs = run_many(project, [Request(make(f"lessons/{name}.py", *cells)) for name in "ab"])
    assert ["image/png" in str(run.outputs["c1"]) for run in runs] == [True, True]


def test_a_warning_of_an_import_to_the_one_who_imports_is_shown(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    code = "import warnings\nwarnings.warn('use another', DeprecationWarning, stacklevel=2)"
    (tmp_path / "site/shapely.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    runs = run_many(project, [Request(make(f"lessons/{name}.py", "import shapely")) for name in "ab"])
    assert ["use another" in str(run.outputs["c0"]) for run in runs] == [True, True]
