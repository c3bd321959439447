"""From tracebacks, as kernels of several ages print them, to source lines."""

from __future__ import annotations

import time

import pytest

from catalyst_lessons.core.report import CellTime, Run, Scene
from catalyst_lessons.files.kernels.execution import Execution, Limits, Stop
from catalyst_lessons.files.kernels.verdict import judge

from .conftest import make

LESSON = make("a.py", "def f(x):\n    return 1 / x", "a = 1\nb = 2\nf(0)", "c = 3")
HEAD = "ZeroDivisionError                         Traceback (most recent call last)\n"
TRACEBACKS = {
    "IPython 9": "Cell \x1b[32mIn[2]\x1b[39m\x1b[32m, line 3\x1b[39m\n----> 3 f(0)\n\n"
    "Cell In[1], line 2, in f(x)\n----> 2 x",
    "IPython 8.5": "Cell In [2], line 3\n----> 3 f(0)\n\nCell In [1], line 2, in f(x)\n----> 2 return 1 / x\n",
    "IPython 8.0": "Input In [2], in <cell line: 3>()\n      1 a\n----> 3 f(0)\n\n"
    "Input In [1], in f(x)\n----> 2 return 1\n",
    "IPython 7": "<ipython-input-2-0a1b2c> in <module>\n      2 b\n----> 3 f(0)\n\n"
    "<ipython-input-1-9f8e> in f(x)\n----> 2 x\n",
}


def verdict(stop: Stop) -> Run:
    return judge(Run("a.py", "skipped"), LESSON, Execution(counts={1: 0, 2: 1}, stop=stop), limits=Limits())


@pytest.mark.parametrize("age", TRACEBACKS)
def test_the_line_of_the_failing_cell_and_the_innermost_line(age: str) -> None:
    traceback = HEAD + TRACEBACKS[age] + "\nZeroDivisionError: division by zero"
    run = verdict(Stop("raised", 1, "ZeroDivisionError", "division by zero", traceback))
    assert (str(run.location), run.cell) == ("a.py:16", 2)
    assert run.excerpt == "----> 12 return 1 / x"


def test_of_chained_exceptions_the_last_one_counts() -> None:
    again = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
    run = verdict(Stop("raised", 1, "OSError", "x", f"Cell In[2], line 1\n{again}{HEAD}Cell In[2], line 2\n"))
    assert str(run.location) == "a.py:15"


def test_without_any_frame_the_cell_begins_the_search() -> None:
    assert str(verdict(Stop("raised", 1, "Error", "Error in eval(expr): no 'x'", "1. f(0)")).location) == "a.py:14"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("invalid syntax (1843956808.py, line 1)", "invalid syntax"),
        ("invalid syntax (<string>, line 1)", "invalid syntax (<string>, line 1)"),
        ("x" * 5000, "x" * 2000),
    ],
)
def test_messages(message: str, expected: str) -> None:
    assert verdict(Stop("raised", 0, "E", message)).message == expected


@pytest.mark.parametrize("name", ["tokenize", "string"])
def test_what_ipython_cannot_even_read_is_told_with_its_line(name: str) -> None:
    # As Python 3.11 and later ones name the cell there.
    stop = Stop("raised", 1, "IndentationError", f"unindent (<{name}>, line 3)", f"  File \x1b[32m<{name}>:3\n    b\n")
    assert (str(verdict(stop).location), verdict(stop).message) == ("a.py:16", "unindent")


@pytest.mark.parametrize("line", ["/tokenize.py:1\n", "/tokenize.py:1\n\n", "\n"])
def test_a_traceback_full_of_what_looks_like_it_is_read_in_no_time(line: str) -> None:
    text = line * 40_000
    began = time.process_time()
    verdict(Stop("raised", 1, "E", "m", text))
    assert time.process_time() - began < 5


def test_a_line_of_a_text_that_is_executed_is_none_of_the_cell() -> None:
    traceback = "Cell In[2], line 1\n----> 1 exec('x = = 1\\n')\n\n  File <string>:3\n"
    found = verdict(Stop("raised", 1, "SyntaxError", "invalid syntax (<string>, line 3)", traceback))
    assert (str(found.location), found.message) == ("a.py:14", "invalid syntax (<string>, line 3)")


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (
            Stop("died", 0, status=-11),
            "the kernel was ended in this cell by SIGSEGV, a fault in compiled code",
        ),
        (
            Stop("died", message="No module named x", status=1),
            "the kernel ended before the first cell with exit status 1: No module named x",
        ),
        (Stop("died", message="no such file"), "the kernel did not start: no such file"),
        (Stop("died", 0, status=-250), "the kernel was ended in this cell by signal 250"),
    ],
)
def test_deaths(stop: Stop, expected: str) -> None:
    run = verdict(stop)
    assert (run.outcome, run.error, run.message) == ("errored", "DeadKernelError", expected)


def test_nothing_stopped_it() -> None:
    outputs = {"c0": ({"output_type": "stream", "name": "stdout", "text": "1"},)}
    run = judge(Run("a.py", "skipped"), LESSON, Execution(outputs), limits=Limits())
    assert (run.outcome, run.outputs) == ("passed", outputs)


# Times, memory, and what stands around a failing line


def test_times_have_the_line_and_the_first_words_of_their_cells() -> None:
    lesson = make("a.py", "\n  x = 1\ny = 2", "", "# " + "long " * 40)
    run = judge(Run("a.py", "skipped"), lesson, Execution(seconds={2: 0.12345, 0: 2}, memory=80), limits=Limits())
    assert run.cells == (CellTime(1, 11, 2, "x = 1"), CellTime(3, 17, 0.123, ("# " + "long " * 40)[:80] + "…"))
    assert (run.memory, run.scene) == (80, None)


def scene(source: str, line: int, *outputs: dict[str, object]) -> Scene:
    stop = Stop("raised", 0, "E", "x", f"\x1b[31mCell In[1], line {line}\x1b[0m\n")
    execution = Execution({"c0": outputs}, {1: 0}, stop)
    found = judge(Run("a.py", "skipped"), make("a.py", source), execution, limits=Limits()).scene
    assert found is not None
    return found


def test_lines_around_the_failing_one_are_those_of_its_cell() -> None:
    source = "\n".join(f"line {n}" for n in range(1, 31))
    for line, first, last in ((1, 1, 5), (2, 1, 6), (15, 7, 19), (30, 22, 30)):
        found = scene(source, line)
        assert found.code == tuple((n + 10, f"line {n}") for n in range(first, last + 1))
        assert found.code[found.failing] == (line + 10, f"line {line}")
    assert scene("x", 1).traceback == "Cell In[1], line 1"


def test_what_was_printed_is_told_as_a_terminal_leaves_it() -> None:
    outputs = (
        {"output_type": "stream", "name": "stdout", "text": "a\r\n\x1b[31m10%\r50%\r100%\x1b[0m\n\n"},
        {"output_type": "execute_result", "data": {"text/plain": ["<Figure", " 1>"], "image/png": "x"}},
        {"output_type": "display_data", "data": {"text/html": "<b>"}},
        {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["never"]},
        {"output_type": "stream", "name": "stderr", "text": "end"},
    )
    assert scene("x", 1, *outputs).printed == "a\n100%\n\n<Figure 1>\n\nend"


@pytest.mark.parametrize("text", ["x" * 10_000_000, "\r".join(["50%"] * 3_000_000), "\x1b]" * 40_000])
def test_of_very_much_that_was_printed_the_end_is_told(text: str) -> None:
    began = time.monotonic()
    told = scene("x", 1, {"output_type": "stream", "name": "stdout", "text": f"{text}\nend"}).printed
    assert time.monotonic() - began < 1
    assert told.startswith("…") and told.endswith("end") and len(told) <= 2001
