"""Rules for what sources say of other files: declared data, the lesson of an exercise, and the checks of exercises."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from catalyst_lessons.core.checks.links import MACHINE
from catalyst_lessons.core.checks.rule import Rule
from catalyst_lessons.core.checks.view import View, Whole
from catalyst_lessons.core.links import project_path
from catalyst_lessons.core.prose import nearest
from catalyst_lessons.core.report import Finding

NO_DATA = Rule(
    "L157",
    "A data file is declared and is not there",
    "error",
    "The notebook is published without it, and fails where it reads the file.",
)
DATA_OUTSIDE = Rule(
    "L158",
    "A data file lies outside the project",
    "error",
    "Only files of the project travel with the notebooks.",
)
NO_LESSON = Rule(
    "L159",
    "An exercise names a lesson that is not there",
    "error",
    "The exercise is then listed under no lesson.",
)
NO_CHECK = Rule(
    "X310",
    "An exercise has no check",
    "warning",
    "Without a cell tagged `check` learners cannot know whether they have solved it, and neither can we.",
)
RULES = (NO_DATA, DATA_OUTSIDE, NO_LESSON, NO_CHECK)


def data_is_there(whole: Whole) -> Iterator[Finding]:
    """Files under `data:` that are missing, or cannot travel with the notebook."""
    for view in whole.views:
        for written in view.lesson.front.data:
            path = project_path(view.lesson.folder, written)
            if _is_elsewhere(written) or path.startswith(".."):
                message = f"`data` names `{written}`, which lies outside the project"
                hint = "copy the file into the project, beside the lesson, and name the copy, such as `data/cases.csv`"
                yield DATA_OUTSIDE.at(view.at_key("data"), message, hint=hint)
            elif not whole.exists(path):
                message = f"`data` names `{written}`, and there is no file `{path}`"
                yield NO_DATA.at(view.at_key("data"), message, hint=_data_hint(whole, view, written))


def lessons_are_there(whole: Whole) -> Iterator[Finding]:
    """Exercises whose `lesson:` is no lesson of the curriculum."""
    lessons = [view.lesson.path for view in whole.views if view.lesson.role == "lesson"]
    for view in whole.views:
        named = view.lesson.front.lesson
        if named and view.lesson.role == "exercise" and named not in lessons:
            near = _meant_lesson(view, named, lessons)
            hint = (
                f"write `lesson: {near}`"
                if near
                else "write the path from the project's top, such as `lesson: lessons/02-loops.py`"
            )
            yield NO_LESSON.at(view.at_key("lesson"), f"`lesson` names `{named}`, which is no lesson here", hint=hint)


def exercises_are_checked(view: View) -> Iterator[Finding]:
    """Exercises without a code cell tagged `check`."""
    if view.lesson.role == "exercise" and not any(cell.has("check") for cell in view.lesson.code_cells):
        message = "the exercise has no cell tagged `check`"
        hint = 'add a cell `# %% tags=["check"]` with `assert result == 42, "a message that helps"`'
        yield NO_CHECK.at(view.at(), message, hint=hint)


CHECKS = (exercises_are_checked,)
CURRICULUM_CHECKS = (data_is_there, lessons_are_there)


def _is_elsewhere(written: str) -> bool:
    return bool(MACHINE.match(written) or re.match(r"/|[a-z][a-z0-9+.-]+://", written, re.I))


def _data_hint(whole: Whole, view: View, written: str) -> str:
    folder = view.lesson.folder or "."
    from_top = project_path("", written)
    if whole.exists(from_top):
        return f"paths begin at the folder of this file: write `{posixpath.relpath(from_top, folder)}`"
    return "look at the spelling and at upper and lower case, or add the file to the project"


def _meant_lesson(view: View, named: str, lessons: list[str]) -> str:
    """The lesson that was probably meant: counted from the exercise's folder, without ending, or misspelled."""
    candidates = (posixpath.normpath(named), project_path(view.lesson.folder, named))
    stems = {re.sub(r"\.[^./]+$", "", path): path for path in lessons}
    for path in candidates:
        found = path if path in lessons else stems.get(re.sub(r"\.[^./]+$", "", path), "")
        if found:
            return found
    return nearest(named, lessons)
