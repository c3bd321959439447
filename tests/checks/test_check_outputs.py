"""Plots: an output picture without alt text is found at its cell, in the run that drew it."""

from __future__ import annotations

from typing import Any

import pytest

from catalyst_lessons.core.checks import check_outputs
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.report import Run

PICTURE = {
    "output_type": "display_data",
    "data": {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"},
    "metadata": {},
}
TABLE = {"output_type": "execute_result", "data": {"text/html": "<table></table>"}, "metadata": {}}
STREAM = {"output_type": "stream", "name": "stdout", "text": "3\n"}


def lesson(*, form: str = "py:percent", **cell: Any) -> Lesson:
    return Lesson("lessons/x.py", (Cell("code", "plt.show()", "plot", (12,), **cell),), format=form)


def run(*outputs: Any) -> Run:
    return Run("lessons/x.py", "passed", outputs={"plot": outputs})


def test_a_picture_without_alt_text_is_an_error_at_its_cell() -> None:
    (found,) = check_outputs(lesson(), run(STREAM, PICTURE))
    assert (found.code, found.severity, str(found.location)) == ("A603", "error", "lessons/x.py:12")
    assert '# %% alt="..."' in found.hint


@pytest.mark.parametrize(
    "cell", [{"metadata": {"alt": "Bars: 3 cases."}}, {"tags": ("remove-output",)}, {"tags": ("instructor",)}]
)
def test_a_picture_that_is_described_or_not_shown_is_fine(cell: dict[str, Any]) -> None:
    assert not check_outputs(lesson(**cell), run(PICTURE))


def test_an_alt_text_of_spaces_is_none_and_pictures_are_counted() -> None:
    (found,) = check_outputs(lesson(metadata={"alt": " "}), run(PICTURE, PICTURE))
    assert "2 pictures" in found.message


def test_tables_and_text_need_no_alt_text() -> None:
    assert not check_outputs(lesson(), run(STREAM, TABLE))


@pytest.mark.parametrize(
    ("form", "typed"), [("ipynb", '"alt"'), ("md:myst", ":alt:"), ("md:markdown", '```python alt="..."')]
)
def test_the_hint_says_what_to_type_in_the_format_of_the_source(form: str, typed: str) -> None:
    (found,) = check_outputs(lesson(form=form), run(PICTURE))
    assert typed in found.hint
