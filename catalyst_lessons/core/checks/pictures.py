"""Rules for pictures: those who cannot see them are told what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from catalyst_lessons.core.checks.rule import Rule, short
from catalyst_lessons.core.checks.view import Reference, View
from catalyst_lessons.core.links import split_anchor
from catalyst_lessons.core.model import Cell, Json, Lesson
from catalyst_lessons.core.report import Finding, Run

NO_ALT = Rule(
    "A601",
    "A picture has no alt text",
    "error",
    "Alt text is what blind learners hear, and what everyone reads while the picture does not load (WCAG 1.1.1).",
)
EMPTY_WORDS = Rule(
    "A602",
    "The alt text of a picture says nothing",
    "warning",
    "A file name, or the word image, does not tell what the picture shows (WCAG 1.1.1).",
)
NO_OUTPUT_ALT = Rule(
    "A603",
    "A plot has no alt text",
    "error",
    "A plot that code draws is a picture like any other: say in its cell what it shows (WCAG 1.1.1).",
)
RULES = (NO_ALT, EMPTY_WORDS, NO_OUTPUT_ALT)

_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|avif|pdf)", re.I)
_SAYS_NOTHING = frozenset(
    (
        *("image", "picture", "photo", "figure", "fig", "plot", "chart", "graph", "graphic", "screenshot", "diagram"),
        *("alt", "text", "imagen", "figura", "foto", "gráfico", "gráfica", "captura", "diagrama", "imagem", "gravura"),
        *("graphique", "diagramme", "photographie", "mchoro", "picha"),
    )
)
# Tags by which a cell's outputs are not shown on any page.
_NOT_SHOWN = ("remove-output", "remove-cell", "instructor")
_ADD_ALT: dict[str, str] = {
    "ipynb": 'add `"alt": "..."` to the metadata of the cell',
    "md:myst": "write `:alt: ...` in the line below `{code-cell}`",
    "md:markdown": 'write ```` ```python alt="..." ```` where the cell begins',
}


def pictures_have_alt_text(view: View) -> Iterator[Finding]:
    """Pictures without alt text, and those whose alt text is the file's name or an empty word."""
    for one in view.references:
        if not one.image or one.described:
            continue
        if not one.text.strip():
            message = f"the picture `{short(one.target)}` has no alt text"
            hint = f"say what it shows: `![Map of the cases by district]({short(one.target)})`"
            yield NO_ALT.at(view.at(one.line), message, hint=hint)
        elif _says_nothing(one):
            message = f'the alt text "{one.text.strip()}" does not say what the picture shows'
            yield EMPTY_WORDS.at(
                view.at(one.line), message, hint="write one sentence, as you would tell it on the phone"
            )


def check_outputs(lesson: Lesson, run: Run) -> tuple[Finding, ...]:
    """A603 for each code cell that drew pictures in this run and has no `alt` to tell what they show."""
    return tuple(
        _no_output_alt(lesson, cell, count)
        for cell in lesson.code_cells
        if (count := _pictures(run.outputs.get(cell.id, ()))) and not _alt(cell) and not cell.has(*_NOT_SHOWN)
    )


CHECKS = (pictures_have_alt_text,)


def _no_output_alt(lesson: Lesson, cell: Cell, count: int) -> Finding:
    what = "a picture" if count == 1 else f"{count} pictures"
    add = _ADD_ALT.get(lesson.format, 'write `# %% alt="..."` where the cell begins')
    message = f"this cell draws {what}, and has no alt text"
    return NO_OUTPUT_ALT.at(lesson.at(cell.line), message, hint=f"{add}, and say what the plot shows")


def _alt(cell: Cell) -> str:
    return str(cell.metadata.get("alt") or "").strip()


def _pictures(outputs: tuple[Json, ...]) -> int:
    return sum(any(str(kind).startswith("image/") for kind in output.get("data") or ()) for output in outputs)


def _says_nothing(one: Reference) -> bool:
    text = one.text.strip()
    name = unquote(split_anchor(one.target)[0]).rpartition("/")[2]
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return (
        bool(_FILE_NAME.fullmatch(text))
        or (" " not in text and _letters(text) in (_letters(name), _letters(name.rpartition(".")[0])))
        or all(word in _SAYS_NOTHING for word in words)
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
