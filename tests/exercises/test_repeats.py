"""Which differences between two runs of a notebook mean something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalyst_lessons.core.exercises.repeats import check_repeat
from catalyst_lessons.core.model import Cell, Json, Lesson
from catalyst_lessons.core.report import Run

LESSON = Lesson("a.py", tuple(Cell("code", "f()", name, (line,)) for name, line in (("a", 3), ("b", 9), ("c", 15))))


def text(value: str, name: str = "stdout") -> Json:
    return {"output_type": "stream", "name": name, "text": value}


def data(**values: Json) -> Json:
    shown = {key.replace("_", "/"): value for key, value in values.items()}
    return {"output_type": "execute_result", "execution_count": 1, "data": shown, "metadata": {}}


def run(**outputs: Json) -> Run:
    return Run("a.py", "passed", outputs={cell: (output,) for cell, output in outputs.items()})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (text("<Dog object at 0x7f00aa10>"), text("<Dog object at 0x7f11bb20>")),
        (text("Wall time: 1.2 s"), text("Wall time: 803 ms")),
        (text("1.31 µs ± 4.2 ns per loop"), text("1.4 µs ± 12 ns per loop")),
        (text("10%| 1/10\r100%| 10/10 [00:01<00:00, 9.1it/s]"), text("100%| 10/10 [00:02<00:00, 8.3it/s]")),
        (text("anything", "stderr"), text("else", "stderr")),
        (data(text_html='<style id="T_3fa1c">'), data(text_html='<style id="T_99bd0">')),
        (
            data(text_plain="IntSlider 3f0b7c1e-0a55-4b8e-9d0c-0b1c2d3e4f50"),
            data(text_plain="IntSlider 99999999-0a55-4b8e-9d0c-0b1c2d3e4f50"),
        ),
        ({**data(text_plain="1"), "execution_count": 1}, {**data(text_plain="1"), "execution_count": 7}),
        (text("in ipykernel_12/34.py"), text("in ipykernel_98/76.py")),
    ],
)
def test_what_means_nothing_is_not_told(first: Json, second: Json) -> None:
    assert check_repeat(LESSON, run(a=first), run(a=second)) == ()


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (text("mean\n0.41"), text("mean\n0.57"), "gives `0.57` instead of `0.41`"),
        (text("{'a', 'b'}"), text("{'b', 'a'}"), "gives `{'b', 'a'}` instead of `{'a', 'b'}`"),
        (data(image_png="iVBOR1"), data(image_png="iVBOR2"), "gives another image/png"),
        (text("12 s are 720 mm"), text("13 s are 721 mm"), "`… are 721 mm` instead of `… are 720 mm`"),
        (text("`x`"), text("y"), "`y` instead of `'x'`"),
    ],
)
def test_what_means_something_is_told_with_the_line_of_its_cell(first: Json, second: Json, words: str) -> None:
    (finding,) = check_repeat(LESSON, run(b=first), run(b=second))
    assert (finding.code, finding.severity, str(finding.location)) == ("X352", "warning", "a.py:9")
    assert words in finding.message


def test_later_cells_are_counted() -> None:
    first, second = (run(a=text(one), b=text(one), c=text(one)) for one in "12")
    (finding,) = check_repeat(LESSON, first, second)
    assert finding.location.line == 3
    assert finding.message.endswith("(so do 2 other cells)")


def test_an_output_that_comes_or_goes() -> None:
    (finding,) = check_repeat(LESSON, run(a=text("1")), run())
    assert "0 outputs instead of 1" in finding.message


def test_a_second_run_that_fails_is_told_where_it_failed() -> None:
    failed = replace(run(), outcome="failed", error="AssertionError", message="no", location=LESSON.at(15))
    (finding,) = check_repeat(LESSON, run(), failed)
    assert str(finding.location) == "a.py:15"
    assert "fails at another: AssertionError: no" in finding.message


def test_what_was_not_run_is_not_compared() -> None:
    assert check_repeat(LESSON, run(a=text("1")), replace(run(), outcome="errored")) == ()
    assert check_repeat(LESSON, replace(run(a=text("1")), outcome="failed"), run()) == ()
