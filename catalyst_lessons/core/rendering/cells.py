"""The body of a page: prose as one kind of box, code as fences, outputs below, solutions folded away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from catalyst_lessons.core.headings import with_heading_ids
from catalyst_lessons.core.links import rewrite_links
from catalyst_lessons.core.markup_writers import to_material, without_callouts
from catalyst_lessons.core.model import NOTHING, Cell, Json, Kernel
from catalyst_lessons.core.rendering.maths import with_mathml
from catalyst_lessons.core.rendering.outputs import render_outputs
from catalyst_lessons.core.rendering.words import Words, title_in

LEARNERS_DO_NOT_SEE = frozenset({"instructor"})
"""Callout kinds and cell tags that are for trainers alone."""

_FOLDED = {"solution": "Solution", "hint": "Hint"}
_HIDDEN = ("remove-cell", "remove_cell", *LEARNERS_DO_NOT_SEE)
_NO_INPUT = ("remove-input", "remove_input", "hide-input", "hide_input")
_NO_OUTPUT = ("remove-output", "remove_output", "hide-output", "hide_output")
_MAGIC_LANGUAGES = {
    "bash": "bash",
    "sh": "bash",
    "R": "r",
    "html": "html",
    "javascript": "js",
    "latex": "latex",
}


PYTHON = Kernel()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the body of a page needs to know besides its cells.

    `resolve` turns a link's target into the address as seen from the page. `pictures` is the address of the folder of
    output pictures, ending in `/`. `outputs` are nbformat's outputs by cell id. `heading_ids` has, by cell id, those of its headings.
    """

    words: Words
    kernel: Kernel = PYTHON
    resolve: Callable[[str], str] = str
    pictures: str = ""
    outputs: Mapping[str, tuple[Json, ...]] = field(default=NOTHING)
    heading_ids: Mapping[str, tuple[str, ...]] = field(default=NOTHING)


def render_cells(cells: Iterable[Cell], around: Surroundings) -> str:
    """The cells as Markdown for a site page, without what only trainers see."""
    blocks = [_render(cell, around) for cell in cells]
    return "\n\n".join(block for block in blocks if block.strip())


def render_prose(text: str, around: Surroundings, ids: Iterable[str] = ()) -> str:
    """Markdown of any of the callout dialects as Markdown that MkDocs, ProperDocs and Zensical render alike."""
    text = with_heading_ids(text, iter(ids))
    text = rewrite_links(without_callouts(text, LEARNERS_DO_NOT_SEE), around.resolve)
    return with_mathml(to_material(text, title_of=title_in(around.words))).strip("\n")


def fence(code: str, language: str) -> str:
    """Code between fences that nothing inside it can close."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{code}\n{marks}"


def _render(cell: Cell, around: Surroundings) -> str:
    body = _body(cell, around)
    if cell.has(*_HIDDEN) or not body:
        return ""
    for tag, title in _FOLDED.items():
        if cell.has(tag):
            return folded(around.words(title), body, kind=tag)
    return body


def _body(cell: Cell, around: Surroundings) -> str:
    if cell.kind == "markdown":
        return render_prose(cell.source, around, around.heading_ids.get(cell.id, ()))
    return _code(cell, around) if cell.kind == "code" else ""


def folded(title: str, body: str, *, kind: str) -> str:
    """A box that opens on a tap, around Markdown that may hold fences and HTML."""
    return f'<details class="{kind}" markdown="1">\n<summary>{title}</summary>\n\n{body}\n\n</details>'


def _code(cell: Cell, around: Surroundings) -> str:
    parts = []
    source = cell.source.strip("\n")
    if source.strip():
        shown = fence(source, language_of(cell, around.kernel))
        hidden = cell.has(*_NO_INPUT)
        parts.append(folded(around.words("Code"), shown, kind="code") if hidden else shown)
    outputs = () if cell.has(*_NO_OUTPUT) else around.outputs.get(cell.id, ())
    parts.append(render_outputs(cell, outputs, words=around.words, pictures=around.pictures))
    return "\n\n".join(part for part in parts if part)


def language_of(cell: Cell, kernel: Kernel) -> str:
    """The language a cell is highlighted in: its cell magic's, else the kernel's."""
    magic = re.match(r"%%(\w+)", cell.source)
    named = _MAGIC_LANGUAGES.get(magic.group(1), "") if magic else ""
    return named or re.sub(r"[^\w+-]", "", kernel.language.lower()) or "text"
