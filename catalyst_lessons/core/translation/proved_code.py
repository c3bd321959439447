"""Whether a translated notebook is the same program as its source, comments aside where those are translated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.translation.code_comments import same_code


@dataclass(frozen=True, slots=True)
class Difference:
    """A code cell that is another program: its number (1 for the first), and the line in the source, 0 if unknown."""

    number: int
    line: int = 0
    message: str = "differs"


def code_differences(lesson: Lesson, notebook: str) -> Iterator[Difference]:
    """The code cells of a notebook (nbformat's JSON) that are not those of the lesson it was made from."""
    theirs = [cell for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
    ours = lesson.code_cells
    if len(ours) != len(theirs):
        yield Difference(min(len(ours), len(theirs)) + 1, message=f"expected {len(ours)}, found {len(theirs)}")
        return
    for number, (cell, found) in enumerate(zip(ours, theirs, strict=True), start=1):
        source = "".join(found["source"])
        if source == cell.source:
            continue
        if not lesson.comments or not same_code(cell.source, source):
            yield Difference(number, cell.line)
