"""What came of a run on the fast path: from its process's report, which may be anything, and the guard's words."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, get_args

from catalyst_lessons.core.model import Json, Lesson
from catalyst_lessons.files.kernels.execution import Execution, Stop, StopKind

FRAME = re.compile(r'File "([^"]+)", line (\d+) in (\S+)')
OUTPUTS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "stream": {"name": str, "text": str},
    "error": {"ename": str, "evalue": str, "traceback": list},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict, "execution_count": (int, type(None))},
}
"""The kinds of outputs, and what each has to have."""
LENGTH = 20
"""Bytes that the number of a report's bytes takes at most."""


def execution_of(report: bytes, end: Json, lesson: Lesson) -> Execution:
    """From the child's report and the guard's words.

    Raises:
        ValueError: the report is none of ours: the notebook has written it.
    """
    try:
        found, texts = _loads(report)
        return _execution(found, texts, end, lesson)
    except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"not a report: {error!r}") from error


def _execution(found: Json, texts: memoryview, end: Json, lesson: Lesson) -> Execution:
    cells = range(len(lesson.code_cells))
    counts = {int(number): _one_of(index, cells) for number, index in found.get("counts", ())}
    if end["why"] or end["status"] != 0 or not found:
        return Execution(counts=counts, stop=_stop_of_guard(end, cells))
    if found.get("stop"):
        return Execution(counts=counts, stop=_stop(found["stop"], cells))
    ids = {cell.id for cell in lesson.code_cells}
    printed = Printed(texts)
    outputs = {
        _one_of(cell, ids): tuple(_output(value, printed) for value in values)
        for cell, values in found["outputs"].items()
    }
    seconds = {_one_of(index, cells): _number(took) for index, took in found["seconds"]}
    return Execution(outputs, counts, seconds=seconds, memory=round(_number(found["memory"]) / 1024))


def _one_of(value: Any, known: Any) -> Any:
    if isinstance(value, bool) or value not in known:
        raise ValueError("a report of a cell that there is not")
    return value


def _number(value: Any) -> float:
    if not 0 <= float(value) < math.inf:
        raise ValueError("a report of no time or memory")
    return float(value)


class Printed:
    """What the cells printed, one text after another."""

    def __init__(self, texts: memoryview) -> None:
        self._rest = texts

    def take(self, size: int) -> str:
        """The next one, of so many bytes.

        Raises:
            ValueError: there are not so many, or they are no UTF-8.
        """
        if not 0 <= size <= len(self._rest):
            raise ValueError("an output of more text than there is")
        text, self._rest = self._rest[:size], self._rest[size:]
        return str(text, "utf-8")


def _output(output: Any, printed: Printed) -> Json:
    if output["output_type"] == "stream" and type(output["text"]) is int:
        output["text"] = printed.take(output["text"])
    for name, kind in OUTPUTS[output["output_type"]].items():
        if not isinstance(output[name], kind):
            raise ValueError(f"an output whose {name} is none")
    if not all(isinstance(line, str) for line in output.get("traceback", ())):
        raise ValueError("a traceback that is not text")
    return dict(output)


def _stop(told: Any, cells: range) -> Stop:
    stop = Stop(**told)
    texts = (stop.error, stop.message, stop.traceback)
    if stop.kind not in get_args(StopKind) or not all(isinstance(text, str) for text in texts):
        raise ValueError("an end that is none")
    _one_of(stop.cell, (-1, *cells))
    return Stop(stop.kind, stop.cell, *texts)


def _stop_of_guard(end: Json, cells: range) -> Stop:
    cell = end["cell"] if end["cell"] in cells else -1
    match end["why"]:
        case "timeout":
            return Stop("timeout", cell, traceback=frames(end["stack"], end["files"]))
        case "crowd" | "flood" as kind:
            return Stop(kind, cell)
        case _ if end["status"]:
            return Stop("died", cell, status=end["status"])
        case _:
            return Stop("unproved", cell, message="no report")


def frames(stack: str, files: Mapping[str, int]) -> str:
    """A stack dump of faulthandler's as IPython would print its frames in cells, outermost first."""
    lines = []
    for name, line, function in FRAME.findall(stack):
        if name in files:
            lines.append(f"Cell In[{files[name]}], line {line}, in {function}()")
    return "\n".join(reversed(lines))


def _loads(report: bytes) -> tuple[Json, memoryview]:
    """Its JSON, and what was printed, which stands behind it; nothing if it is not all there."""
    begin = report.find(b"\n", 0, LENGTH) + 1
    end = report.find(b"\n", begin) + 1
    whole = memoryview(report)
    length = report[: max(0, begin - 1)]
    if not (length.isdigit() and end and int(length) == len(report) - begin):
        return {}, whole[:0]
    text = str(whole[begin:end], "ascii", "replace")
    try:
        found = json.loads(text)
        if "\\ud" in text:
            # Half a surrogate pair cannot be written to any file.
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}, whole[:0]
    return found if isinstance(found, dict) else {}, whole[end:]
