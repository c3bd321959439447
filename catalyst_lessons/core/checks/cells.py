"""Rules for cells: their tags are ones that something reads, and their code is code that can run elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalyst_lessons.core.checks.rule import Rule, in_code
from catalyst_lessons.core.checks.view import View
from catalyst_lessons.core.exercises import cell_language
from catalyst_lessons.core.ipython import python_tree
from catalyst_lessons.core.markup import Verbatim
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.prose import nearest
from catalyst_lessons.core.report import Finding

MISSPELLED_TAG = Rule(
    "L170",
    "A cell tag is probably misspelled",
    "warning",
    "Nothing reads it, so the cell is shown or run in a way that was not meant.",
)
UNKNOWN_TAG = Rule(
    "L171",
    "A cell tag is one we do not know",
    "info",
    "It does nothing here; another program may read it.",
)
NO_CELL = Rule(
    "L172",
    "Code of the lesson is in no cell",
    "warning",
    "It is shown and never run: nobody is told when it stops working, and the notebook has nothing to run.",
)
NOT_PYTHON = Rule(
    "X320",
    "The code of a cell does not parse",
    "error",
    "It fails before it begins, in every kernel.",
)
PATH_IN_CODE = Rule(
    "X321",
    "The code names a path of one computer",
    "warning",
    "The file is there for its author alone; learners get FileNotFoundError.",
)
RULES = (MISSPELLED_TAG, UNKNOWN_TAG, NO_CELL, NOT_PYTHON, PATH_IN_CODE)

OUR_TAGS = frozenset({"solution", "starter", "check", "hint", "instructor", "challenge"})
# Jupyter Book, MyST-NB ("Hide or remove content") and MyST's notebook cell tags.
_BOOK_TAGS = frozenset(
    (
        *("hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input", "remove-output", "remove-stdout"),
        *("remove-stderr", "full-width", "margin", "popout", "output_scroll", "scroll-output", "scroll-input"),
    )
)
# nbclient and papermill; thebe; nbconvert's slides and RISE; nbgrader and otter; nbval.
_PROGRAM_TAGS = frozenset(
    (
        *("raises-exception", "skip-execution", "parameters", "injected-parameters", "thebe-init", "skip", "notes"),
        *("slide", "subslide", "fragment", "nbgrader", "nbval-skip", "nbval-ignore-output", "nbval-check-output"),
        *("nbval-raises-exception", "nbval-test-name", "otter_ignore", "otter_answer_cell"),
    )
)
KNOWN_TAGS = OUR_TAGS | _BOOK_TAGS | _PROGRAM_TAGS

# Code in which an error is the lesson, or that never runs.
_MAY_FAIL = ("raises-exception", "skip-execution")
_FENCED = re.compile(r"\s*(?:`{3,}|~{3,})\s*(?:\{\s*\.?)?(?P<word>[A-Za-z]\w*)")
_MACHINE_STRING = re.compile(
    r"""["'](?P<path>(?:file://)?(?:/(?:home|Users|root|Volumes|content/drive)/|[A-Za-z]:(?:\\|/))[^"'\n]*)"""
)


def tags_are_known(view: View) -> Iterator[Finding]:
    """Tags that nothing we know of reads."""
    for number, cell in enumerate(view.lesson.cells):
        for tag in cell.tags:
            if tag in KNOWN_TAGS or re.match(r"(?:nbval|nbgrader|otter|thebe|rise)[-_:]", tag):
                continue
            near = nearest(tag.replace("_", "-"), KNOWN_TAGS, cutoff=0.8)
            if near:
                yield MISSPELLED_TAG.at(
                    view.at(view.line_above(number, tag)),
                    f"the cell tag `{tag}` is not known",
                    hint=f"did you mean `{near}`?",
                )
            else:
                hint = "leave it if another program reads it, else delete it"
                place = view.at(view.line_above(number, tag))
                yield UNKNOWN_TAG.at(place, f"the cell tag `{tag}` is not known", hint=hint)


def code_is_in_cells(view: View) -> Iterator[Finding]:
    """Lessons with a kernel whose code of that language stands in fences that are no cells, and in none that is."""
    language = view.lesson.kernel.language
    if view.lesson.code_cells or view.lesson.role == "page":
        return
    for cell, node in view.nodes:
        if not isinstance(node, Verbatim) or node.kind != "fence":
            continue
        opening = node.lines[0]
        found = _FENCED.match(opening.text)
        if found and found["word"].casefold() == language.casefold():
            shown, wanted = in_code(opening.text.strip()), in_code(f"```{_cell_mark(view.lesson)}")
            message = f"{shown} begins no cell, and the lesson has no other code: nothing in it is run"
            hint = f"begin each cell with {wanted}, written just so; leave it if the code is only to be read"
            yield NO_CELL.at(view.at(cell.line_of(opening.number)), message, hint=hint)
            return


def _cell_mark(lesson: Lesson) -> str:
    """What stands behind the backticks that begin a cell, in the format of a lesson."""
    language = lesson.kernel.language
    if lesson.format.endswith(":myst"):
        return f"{{code-cell}} {language}"
    return f"{{{language.lower()}}}" if lesson.format.startswith("Rmd:") else language


def python_parses(view: View) -> Iterator[Finding]:
    """Python cells that do not parse, IPython's own syntax aside."""
    for cell in view.lesson.code_cells:
        if cell.has(*_MAY_FAIL) or cell_language(cell, view.lesson) != "python":
            continue
        error = python_tree(cell.source)
        if isinstance(error, SyntaxError):
            hint = "correct it; if the error is the lesson, tag the cell `raises-exception`"
            line = cell.line_of((error.lineno or 1) - 1)
            yield NOT_PYTHON.at(view.at(line), f"the code does not parse: {error.msg}", hint=hint)


def no_machine_paths(view: View) -> Iterator[Finding]:
    """Strings in code that name a home folder or a drive."""
    for cell in view.lesson.code_cells:
        for number, line in enumerate(cell.source.split("\n")):
            found = _MACHINE_STRING.search(line)
            if found and not line.lstrip().startswith("#"):
                message = f"`{found['path']}` is a path on one computer"
                hint = "put it beside the lesson, name it under `data:`, and write its path from there"
                yield PATH_IN_CODE.at(view.at(cell.line_of(number)), message, hint=hint)


CHECKS = (tags_are_known, code_is_in_cells, python_parses, no_machine_paths)
