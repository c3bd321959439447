"""The body of a page: prose as one kind of box, code as fences, outputs below, solutions folded away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from catalyst_lessons.core.headings import with_heading_ids
from catalyst_lessons.core.links import rewrite_links
from catalyst_lessons.core.markup.writers import to_material, without_callouts
from catalyst_lessons.core.model import NOTHING, Cell, Json, Kernel
from catalyst_lessons.core.rendering.glosses import Gloss, with_glosses
from catalyst_lessons.core.rendering.html_images import images_as_markdown
from catalyst_lessons.core.rendering.maths import with_mathml
from catalyst_lessons.core.rendering.outputs import attachments_of, render_outputs
from catalyst_lessons.core.rendering.words import Words, title_in

LEARNERS_DO_NOT_SEE = frozenset({"instructor"})
"""Callout kinds and cell tags that are for trainers alone."""

_FOLDED = {"solution": "Solution", "hint": "Hint", "hide-cell": "More"}
"""Cell tags whose cells open on a tap, and the title they have."""

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
    output pictures, ending in `/`. `outputs` are nbformat's outputs by cell id. `heading_ids` has, by cell id, those of
    its headings. `glosses` are the words of the glossary that readers can look up.
    """

    words: Words
    kernel: Kernel = PYTHON
    resolve: Callable[[str], str] = str
    pictures: str = ""
    outputs: Mapping[str, tuple[Json, ...]] = field(default=NOTHING)
    heading_ids: Mapping[str, tuple[str, ...]] = field(default=NOTHING)
    glosses: tuple[Gloss, ...] = ()


def render_cells(cells: Iterable[Cell], around: Surroundings) -> str:
    """The cells as Markdown for a site page, without what only trainers see.

    Prose of all cells is read as one text, because Jupytext cuts a callout that holds code into several cells; each
    code cell stands in it as a mark until the callouts have found their form.
    """
    blocks: dict[str, str] = {}
    parts = []
    for number, cell in enumerate(cell for cell in cells if not cell.has(*_HIDDEN)):
        if cell.kind == "markdown":
            parts.append(_prose(cell, around))
        elif cell.kind == "code":
            mark = f"{_MARK}{number}{_MARK}"
            blocks[mark] = _code(cell, around)
            parts.append(mark)
    text = with_glosses(without_callouts("\n\n".join(parts), LEARNERS_DO_NOT_SEE), around.glosses)
    text = with_mathml(to_material(text, title_of=title_in(around.words)))
    text = _MARKED.sub(lambda match: _indented(blocks.get(match.group(2), ""), match.group(1)), text)
    return text.strip("\n")


def render_phrase(text: str, around: Surroundings) -> str:
    """A line of Markdown from the front matter, with the addresses of its links and its formulas."""
    return with_mathml(rewrite_links(text, around.resolve))


# From Unicode's private use area: no prose has it.
_MARK = "\ue000"
_MARKED = re.compile(rf"^([ \t]*)({_MARK}\d+{_MARK})[ \t]*$", re.M)


def _prose(cell: Cell, around: Surroundings) -> str:
    """A Markdown cell with the ids of its headings and the addresses of its links; folded if its tag says so."""
    text = with_heading_ids(cell.source, iter(around.heading_ids.get(cell.id, ())))
    attached = {f"attachment:{name}": f"{around.pictures}{one.name}" for name, one in attachments_of(cell).items()}
    text = rewrite_links(images_as_markdown(text), lambda target: attached.get(target) or around.resolve(target))
    fold = next((tag for tag in _FOLDED if cell.has(tag)), "")
    return folded(around.words(_FOLDED[fold]), text, kind=fold) if fold and text.strip() else text


def fence(code: str, language: str) -> str:
    """Code between fences that nothing inside it can close."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{code}\n{marks}"


def folded(title: str, body: str, *, kind: str) -> str:
    """A box that opens on a tap, around Markdown."""
    return f'??? {kind} "{title}"\n\n{_indented(body, "    ")}'


def _indented(text: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" if line.strip() else "" for line in text.split("\n"))


def _code(cell: Cell, around: Surroundings) -> str:
    parts = []
    source = cell.source.strip("\n")
    if source.strip():
        shown = fence(source, language_of(cell, around.kernel))
        hidden = cell.has(*_NO_INPUT)
        parts.append(folded(around.words("Code"), shown, kind="code") if hidden else shown)
    outputs = () if cell.has(*_NO_OUTPUT) else around.outputs.get(cell.id, ())
    parts.append(render_outputs(cell, outputs, words=around.words, pictures=around.pictures))
    body = "\n\n".join(part for part in parts if part)
    fold = next((tag for tag in _FOLDED if cell.has(tag)), "")
    return folded(around.words(_FOLDED[fold]), body, kind=fold) if fold and body else body


def language_of(cell: Cell, kernel: Kernel) -> str:
    """The language a cell is highlighted in: its cell magic's, else the kernel's."""
    magic = re.match(r"%%(\w+)", cell.source)
    named = _MAGIC_LANGUAGES.get(magic.group(1), "") if magic else ""
    return named or re.sub(r"[^\w+-]", "", kernel.language.lower()) or "text"
