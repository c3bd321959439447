"""Outputs without what differs from run to run, and the differences between the engines that we know and accept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .tables import without_times

# What is another in every run, of whatever engine.
RUN_BY_RUN = (
    (re.compile(r"/[^\s'\"]*/ipykernel_\d+/\d+\.py"), "CELL.py"),
    (re.compile(r"/[^\s'\"]*/catalyst-[^\s'\"/]*"), "FOLDER"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0xADDRESS"),
    (re.compile(r"\b\d+(?:\.\d+)?(?:e[+-]\d+)? ?(?:ns|[\u00b5\u03bcu]s|ms|s|min)\b"), "TIME"),
    (re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b"), "ID"),
    (re.compile(r"[\d.]+(?:it/s|s/it)"), "SPEED"),  # tqdm
    (re.compile(r"Task-\d+"), "Task-N"),
    (re.compile(r"\b(?:pid|PID)[ =:]*\d+"), "PID"),
)
FORK_WARNING = re.compile(r"[^\n]*DeprecationWarning: This process \(PID\) is multi-threaded[^\n]*\n[^\n]*\n")
# Where in an SVG ids and dates stand.
SVG = re.compile(r'(?:id|href|xlink:href)="[^"]*"|url\(#[^)]*\)|<dc:date>[^<]*')

DIFFERENCES = {
    "the order of two streams": (
        "ipykernel sends what was printed every 0.2 s, from a thread, stdout and stderr each on its own: in a slow "
        "cell the two come in pieces and mixed, in a quick one stdout first. The fast path always has the latter."
    ),
    "what C code and child processes print": (
        "A thread of ipykernel reads the descriptors when its turn comes, before or after what the cell prints itself, "
        "and its result; the fast path reads them before it. Lines of such cells are compared without their order, and "
        "the pieces that print there show nothing else."
    ),
    "half a surrogate pair": (
        "ipykernel's own thread fails to send it, and the text is lost; the fast path keeps it as a question mark."
    ),
    "output of the cell before": (
        "What a thread or a task prints after its cell ended is dropped by nbclient, or comes in time by chance."
    ),
    "the depth of the stack": "The kernel's own frames below a cell are not as many: a recursion without end shows it.",
    "threads": "An ordinary kernel has five threads of its own (sockets, heartbeat), the fast path none.",
    "a warning of forks": (
        "Python 3.12 and later warn where a process with threads is forked: an ordinary kernel has threads of its own."
    ),
    "the debugger": "debugpy is not loaded in the fast path: code that names it goes to an ordinary kernel.",
    "the history on disk": "There is none in the fast path: code that asks for it goes to an ordinary kernel.",
}
"""Differences between the fast path and an ordinary kernel, with their reasons. Outputs are compared without them."""

UNSURE = {
    "an Output widget": (
        "It takes over the outputs of cells, which its front end keeps and sends back: nbclient plays that front end."
    ),
    "an output that no notebook may have": (
        "nbformat refuses it, with words of its own: an ordinary kernel's engine has them."
    ),
}
"""What the fast path gives up while it runs; `only_ordinary` names what it does not begin."""


PRINTS_ELSEWHERE = re.compile(r"subprocess|Popen|os\.system|os\.write|ctypes|^%%|(?:^|=) *!", re.MULTILINE)
"""Code whose output comes, in part, through the descriptors."""


def normal(outputs: Iterable[Any], *, code: str = "") -> list[Any]:
    """The outputs of a cell in a form in which two runs of it are equal."""
    found = list(_streams_first([_value(output) for output in outputs]))
    return [_in_any_order(output) for output in found] if PRINTS_ELSEWHERE.search(code) else found


def _in_any_order(output: Any) -> Any:
    return {**output, "text": sorted(output["text"].split("\n"))} if "text" in output else output


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        if "image/png" in value:
            # Pixels are the same, but for the time in the file.
            value = {**value, "image/png": "PNG"}
        return {key: _value(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        values = [_value(one) for one in value]
        # How many frames of an endless recursion there are depends on how deep the stack was when it began.
        if len(values) > 100:
            return [one for number, one in enumerate(values) if one not in values[max(0, number - 2) : number]]
        return values
    return normal_text(value) if isinstance(value, str) else value


def normal_text(text: str) -> str:
    """The text without what differs from run to run."""
    if "<svg" in text:
        text = SVG.sub("", text)
    text = without_times(text)
    for pattern, name in RUN_BY_RUN:
        text = pattern.sub(name, text)
    return FORK_WARNING.sub("", text)


def _streams_first(outputs: list[Any]) -> Iterator[Any]:
    """Between two displays: all of stdout, then all of stderr."""
    streams: dict[str, str] = {}
    for output in [*outputs, {"output_type": "end"}]:
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
            continue
        yield from ({"stream": name, "text": streams[name]} for name in sorted(streams, reverse=True) if streams[name])
        streams = {}
        if output["output_type"] != "end":
            yield output
