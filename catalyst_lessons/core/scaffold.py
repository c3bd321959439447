"""What `catalyst new` writes: templates with placeholders filled in a language, and one source in each format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalyst_lessons.core.model import Cell, Json

PLACEHOLDER = "[TODO: {}]"
"""What an author is to replace. The rule L142 finds it in prose, front matter, settings and code."""

SourceForm = Literal["markdown", "myst", "notebook"]

# ⟦text⟧ is a placeholder, ⟨text⟩ is text that may stay, both in the author's language; «name» is a value.
_MARKED = re.compile(r"⟦(?P<placeholder>[^⟧]+)⟧|⟨(?P<text>[^⟩]+)⟩|«(?P<value>\w+)»")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A source to be written: the lines of its front matter without their `---`, and its cells."""

    front: tuple[str, ...]
    cells: tuple[Cell, ...]


def filled(template: str, *, words: Callable[[str], str], values: Mapping[str, str]) -> str:
    """A template with its texts in the author's language and its values in place; what comes in is not read again.

    Raises:
        KeyError: the template wants a value that is not given.
    """

    def replaced(found: re.Match[str]) -> str:
        if found["placeholder"]:
            return PLACEHOLDER.format(words(found["placeholder"]))
        return words(found["text"]) if found["text"] else values[found["value"]]

    return _MARKED.sub(replaced, template)


def texts_of(template: str) -> tuple[str, ...]:
    """The texts of a template that are there to be translated, in order."""
    return tuple(found["placeholder"] or found["text"] for found in _MARKED.finditer(template) if not found["value"])


def front_of(percent: str) -> tuple[str, ...]:
    """The front matter of a percent script, its lines without comment signs and without the `---` around them."""
    lines = percent.split("\n")
    end = lines.index("# ---", 1)
    return tuple(line[2:] for line in lines[1:end])


def written(sketch: Sketch, form: SourceForm) -> str:
    """The source in Jupytext Markdown, in MyST Markdown, or as a notebook (nbformat 4.5)."""
    return {"markdown": _markdown, "myst": _myst, "notebook": _notebook}[form](sketch)


def _markdown(sketch: Sketch) -> str:
    return _text(sketch, (_markdown_cell(cell, after) for cell, after in _with_earlier(sketch.cells)))


def _markdown_cell(cell: Cell, earlier: Cell | None) -> str:
    """A cell of Jupytext Markdown: a fence, prose, or, where it has tags or follows other prose, a region."""
    tags = f" tags={json.dumps(cell.tags)}" if cell.tags else ""
    if cell.kind == "code":
        return f"```python{tags}\n{cell.source}\n```"
    if tags or (earlier and earlier.kind == "markdown"):
        return f"<!-- #region{tags} -->\n{cell.source}\n<!-- #endregion -->"
    return cell.source


def _myst(sketch: Sketch) -> str:
    return _text(sketch, (_myst_cell(cell, after) for cell, after in _with_earlier(sketch.cells)))


def _myst_cell(cell: Cell, earlier: Cell | None) -> str:
    """A cell of MyST: a directive, or prose, which begins with `+++` where it has tags or follows other prose."""
    if cell.kind == "code":
        tags = f":tags: [{', '.join(cell.tags)}]\n\n" if cell.tags else ""
        return f"```{{code-cell}} python\n{tags}{cell.source}\n```"
    if cell.tags:
        return f"+++ {json.dumps({'tags': cell.tags})}\n\n{cell.source}"
    return f"+++\n\n{cell.source}" if earlier and earlier.kind == "markdown" else cell.source


def _with_earlier(cells: Sequence[Cell]) -> Iterable[tuple[Cell, Cell | None]]:
    return zip(cells, (None, *cells), strict=False)


def _text(sketch: Sketch, cells: Iterable[str]) -> str:
    return "\n\n".join(("\n".join(("---", *sketch.front, "---")), *cells)) + "\n"


def _notebook(sketch: Sketch) -> str:
    head = Cell("raw", "\n".join(("---", *sketch.front, "---")), "front-matter", ())
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [_notebook_cell(cell) for cell in (head, *sketch.cells)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _notebook_cell(cell: Cell) -> Json:
    code: Json = {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
    tags = {"tags": cell.tags} if cell.tags else {}
    return {
        "cell_type": cell.kind,
        **code,
        "id": cell.id,
        "metadata": tags,
        "source": cell.source.splitlines(keepends=True),
    }
