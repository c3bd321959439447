"""Rules for cells: their tags are ones that something reads, and their code is code that can run elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalyst_lessons.core.checks.rule import Rule, nearest
from catalyst_lessons.core.checks.view import View
from catalyst_lessons.core.exercises import cell_language
from catalyst_lessons.core.ipython import python_tree
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
RULES = (MISSPELLED_TAG, UNKNOWN_TAG, NOT_PYTHON, PATH_IN_CODE)

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
_MACHINE_STRING = re.compile(
    r"""["'](?P<path>(?:file://)?(?:/(?:home|Users|root|Volumes|content/drive)/|[A-Za-z]:(?:\\|/))[^"'\n]*)"""
)


def tags_are_known(view: View) -> Iterator[Finding]:
    """Tags that nothing we know of reads."""
    for cell in view.lesson.cells:
        for tag in cell.tags:
            if tag in KNOWN_TAGS or re.match(r"(?:nbval|nbgrader|otter|thebe|rise)[-_:]", tag):
                continue
            near = nearest(tag.replace("_", "-"), KNOWN_TAGS, cutoff=0.8)
            if near:
                yield MISSPELLED_TAG.at(
                    view.at(cell.line), f"the cell tag `{tag}` is not known", hint=f"did you mean `{near}`?"
                )
            else:
                hint = "leave it if another program reads it, else delete it"
                yield UNKNOWN_TAG.at(view.at(cell.line), f"the cell tag `{tag}` is not known", hint=hint)


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


CHECKS = (tags_are_known, python_parses, no_machine_paths)
