"""Lessons in R: notebooks of an ordinary kernel, where R and IRkernel are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.files.kernels.runner import run
from catalyst_lessons.files.kernels.steps import EngineName
from catalyst_lessons.files.sources import read_source

from .normal import normal

pytestmark = pytest.mark.slow
HEADER = """\
# ---
# jupyter:
#   kernelspec: {display_name: R, language: R, name: ir}
# ---

"""
PERCENT = HEADER + "# %%\nx <- c(1, 2, 3)\nmean(x)\n\n# %%\nprint(summary(x))\nplot(x)\n"
SPIN = HEADER.replace("# ", "#' ").rstrip() + "\n#'\n#' # Means\n\nx <- c(1, 2, 3)\nmean(x)\n\n#' More.\n\nplot(x)\n"
FAILS = HEADER + "# %%\nf <- function(x) stop('no such value')\n\n# %%\nf(1)\n"
NOTEBOOK = """{"cells": [
 {"cell_type": "code", "id": "c1", "metadata": {}, "outputs": [], "execution_count": null, "source": "sum(1:10)"},
 {"cell_type": "code", "id": "c2", "metadata": {"tags": ["raises-exception"]}, "outputs": [], "execution_count": null,
  "source": "message('to stderr')\\nstop('expected')"}],
 "metadata": {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}, "nbformat": 4, "nbformat_minor": 5}
"""
LESSONS = {"percent.R": PERCENT, "spin.R": SPIN, "book.ipynb": NOTEBOOK, "fails.R": FAILS}


@pytest.fixture(autouse=True)
def _needs_r() -> None:
    from jupyter_client.kernelspec import KernelSpecManager

    if "ir" not in KernelSpecManager().find_kernel_specs():
        pytest.skip("no kernel for R: `apt-get install r-cran-irkernel`")


@pytest.mark.parametrize("name", LESSONS)
def test_lessons_in_r_run_in_their_own_kernel(tmp_path: Path, name: str) -> None:
    tmp_path.joinpath(name).write_text(LESSONS[name], encoding="utf-8")
    lesson = read_source(tmp_path, name).lesson
    engines: tuple[EngineName, EngineName] = ("fast", "jupyter")
    one, other = (run(tmp_path, lesson, limits=Limits(cell_seconds=60), engine=engine) for engine in engines)
    assert (one.outcome, one.error, one.location) == (other.outcome, other.error, other.location)
    assert [normal(cell) for cell in one.outputs.values()] == [normal(cell) for cell in other.outputs.values()]
    if name == "fails.R":
        assert (one.outcome, one.cell, str(one.location)) == ("failed", 2, "fails.R:10")
        assert "no such value" in one.message
    else:
        assert one.outcome == "passed", one
        shown = str(one.outputs)
        assert ("55" if name == "book.ipynb" else "image/png") in shown
