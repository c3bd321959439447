"""Files that the code of a notebook reads or imports and that do not travel with it to the hub."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.kernels.cache import files_of
from catalyst_lessons.project.notebooks import travelling_files


def check_files_travel(root: Path, sources: Iterable[Lesson]) -> Iterator[Finding]:
    """A warning for each file of the project that the code names or imports and the front matter does not.

    A check runs a notebook in a copy of its folder, where the file is; learners get only what is declared.
    """
    root = Path(os.path.abspath(root))
    for lesson in sources:
        there = {root / path for path in travelling_files(lesson)}
        for path in sorted(files_of(root, lesson) - there):
            name = Path(os.path.relpath(path, root / lesson.folder)).as_posix()
            line = _line_of(lesson, name)
            if line and path.is_relative_to(root):
                message = f"the code reads `{name}`, which does not travel with the notebook: learners do not get it"
                yield Finding("X322", message, lesson.at(line), _hint(lesson, name), "warning")


def _line_of(lesson: Lesson, name: str) -> int:
    """The line of the code that names the file, or that imports the module; 0 where none does.

    A folder that the code names stands for all its files; those are none that it surely reads.
    """
    module = name.partition("/")[0].removesuffix(".py") if name.endswith(".py") else ""
    for cell in lesson.code_cells:
        for number, row in enumerate(cell.source.split("\n")):
            if name in row or (module and "import" in row and module in row):
                return cell.line_of(number)
    return 0


def _hint(lesson: Lesson, name: str) -> str:
    written = ", ".join((*lesson.front.data, name))
    return f"write `data: [{written}]` in the front matter"
