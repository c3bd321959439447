"""A loop that prints is taken in by C code: the same text in the same cells, in the same order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .conftest import make
from .test_engines_agree import fast
from .test_times import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fast path is Linux's")
LOOP = "for i in range(3000): print(i)"
LINES = "".join(f"{i}\n" for i in range(3000))


def cells(project: Path, *code: str) -> list[str]:
    """What each cell prints on the fast path, from whichever stream."""
    lesson = make("lessons/a.py", *code)
    (told,) = run(fast, project, lesson)
    assert told.stop is None
    return ["".join(one.get("text", "") for one in told.outputs.get(cell.id, ())) for cell in lesson.code_cells]


ORDERED = {
    "a loop": (LOOP, LINES),
    "a write that was kept before": (
        "import sys\nw = sys.stdout.write\nfor i in range(3000):\n    print(i)\n    if i == 2900: n = w('kept\\n')",
        LINES.replace("2900\n", "2900\nkept\n"),
    ),
    "flushed": ("for i in range(3000): print(i, flush=i % 1000 == 999)", LINES),
    "slow at its end": (f"import time\n{LOOP}\ntime.sleep(0.03)\n{LOOP}\n{LOOP}", LINES * 3),
    "no UTF-8": ("for i in range(3000): print('\\ud800 é')", "? é\n" * 3000),
    "line ends": ("import sys\nfor i in range(3000): n = sys.stdout.write('a\\r\\nb\\r')", "a\r\nb\r" * 3000),
    "a forked process": (
        f"import os\n{LOOP}\npid = os.fork()\nif not pid:\n    print('child', flush=True)\n    os._exit(0)\n"
        "status = os.waitpid(pid, 0)\nprint('parent')",
        LINES + "child\nparent\n",
    ),
    "a process": (
        f"import subprocess\n{LOOP}\ndone = subprocess.run(['echo', 'child'])\nprint('parent')",
        LINES + "child\nparent\n",
    ),
    "the shell": (f"import os\n{LOOP}\ndone = os.system('echo child')\nprint('parent')", LINES + "child\nparent\n"),
}


@pytest.mark.parametrize("case", ORDERED)
def test_what_is_printed_is_all_there_and_in_order(project: Path, case: str) -> None:
    code, expected = ORDERED[case]
    text = "".join(cells(project, code))
    # Without pytest's comparison of thousands of lines.
    assert (text == expected) is True, text[-200:]


def test_a_write_that_was_kept_in_a_loop_goes_on(project: Path) -> None:
    kept = "import sys\nfor i in range(3000):\n    print(i)\n    write = sys.stdout.write"
    assert cells(project, kept, "n = write('later\\n')") == [LINES, "later\n"]


def test_the_length_is_told(project: Path) -> None:
    code = "import sys\nassert {sys.stdout.write('äb') for _ in range(3000)} == {2}"
    assert cells(project, code) == ["äb" * 3000]


THREAD = """import threading
done = threading.Event()
def talk():
    while not done.wait(0.0005): print('thread')
    print('thread ends')
thread = threading.Thread(target=talk); thread.start()"""
TASK = """import asyncio
async def talk():
    for _ in range(100):
        print('task')
        await asyncio.sleep(0.0005)
task = asyncio.create_task(talk())"""


def test_threads_print_between(project: Path) -> None:
    # To whichever cell runs, as in an ordinary kernel of Python 3.11: their text and the loop's are all there.
    texts = cells(project, THREAD, LOOP, "done.set(); thread.join()")
    assert texts[1].replace("thread", " ").split() == LINES.split()
    assert texts[2].endswith("thread ends\n")


def test_tasks_of_another_cell_print_there(project: Path) -> None:
    awaiting = "for i in range(3000):\n    print(i)\n    if not i % 100: await asyncio.sleep(0.001)"
    first, second, third = cells(project, TASK, awaiting, "await task")
    assert set(first.split()) <= {"task"}
    assert (second, third) == (LINES, "")
