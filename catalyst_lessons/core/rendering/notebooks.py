"""A lesson or exercise as the notebook a learner opens: prose in their language, code untouched, no outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from catalyst_lessons.core.links import rewrite_links
from catalyst_lessons.core.markup import Prose, parse_markup, walk
from catalyst_lessons.core.markup.writers import to_blockquotes, without_callouts
from catalyst_lessons.core.model import Cell, Form, Json, Language, Lesson, Phrase
from catalyst_lessons.core.rendering.cells import LEARNERS_DO_NOT_SEE
from catalyst_lessons.core.rendering.html import plain
from catalyst_lessons.core.rendering.localized import listed
from catalyst_lessons.core.rendering.pages import plain_title, shown, shown_title
from catalyst_lessons.core.rendering.words import Words, title_in

Resolve = Callable[[str], str]

_NO_SOLUTION = LEARNERS_DO_NOT_SEE | {"solution"}
_FOLDED = ("solution", "hide-input", "hide-cell", "remove-input", "remove-cell")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where a notebook comes from: the curriculum's title, the page and the source it was made from ("" if unknown)."""

    curriculum: str
    page: str = ""
    source: str = ""


def render_notebook(
    lesson: Lesson,
    form: Form,
    *,
    language: Language,
    words: Words,
    attribution: Attribution,
    resolve: Resolve = str,
) -> str:
    """The notebook as nbformat 4.5 JSON, the same text for the same lesson (nbformat's own spacing, keys sorted).

    `lesson` is already in `language` and in the form wanted; `resolve` rewrites the links of its prose.
    """
    hidden = _NO_SOLUTION if form == "starter" else LEARNERS_DO_NOT_SEE
    cells = [_head(lesson, language, words, resolve)]
    cells += [_cell(cell, words, resolve) for cell in _shown_cells(lesson, hidden)]
    cells += list(_tail(lesson, language, words, resolve))
    document = {
        "cells": [cell for cell in cells if cell["source"] or cell["cell_type"] == "code"],
        "metadata": _metadata(lesson, form, language, attribution),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def _shown_cells(lesson: Lesson, hidden: frozenset[str]) -> Iterator[Cell]:
    """The cells without what is hidden; code that only the page leaves out stays, because later cells need it.

    A callout that holds code is several cells: prose is read as one text, with a mark before each cell.
    """
    kept = [cell for cell in lesson.cells if not cell.has(*hidden)]
    kept = [cell for cell in kept if cell.kind == "code" or not cell.has("remove-cell")]
    texts = (_MARKED.sub("", cell.source) if cell.kind == "markdown" else "" for cell in kept)
    marked = "\n\n".join(f"{_MARK}{number}{_MARK}\n\n{text}" for number, text in enumerate(texts))
    _, *pieces = _MARKED.split(without_callouts(marked, hidden))
    for number, text in zip(pieces[::2], pieces[1::2], strict=True):
        cell = kept[int(number)]
        yield replace(cell, source=_without_ends(text.strip("\n"))) if cell.kind == "markdown" else cell


# From Unicode's private use area: no prose has it, and a line that looks like a mark all the same is left out.
_MARK = "\ue000"
_MARKED = re.compile(rf"^[ \t]*{_MARK}(\d+){_MARK}[ \t]*$", re.M)


def _without_ends(text: str) -> str:
    """The text without lines that end a callout of an earlier cell."""
    prose = (line for node in walk(parse_markup(text)) if isinstance(node, Prose) for line in node.lines)
    ends = {line.number for line in prose if re.fullmatch(r" {0,3}:{3,}[ \t]*", line.text)}
    return "\n".join(row for number, row in enumerate(text.split("\n")) if number not in ends).strip("\n")


def _metadata(lesson: Lesson, form: Form, language: Language, attribution: Attribution) -> dict[str, Json]:
    front, kernel = lesson.front, lesson.kernel
    ours = {
        "authors": list(front.authors),
        "curriculum": attribution.curriculum,
        "form": form,
        "language": language.tag,
        "license": front.license,
        "page": attribution.page,
        "source": attribution.source or lesson.path,
    }
    return {
        "catalyst": {key: value for key, value in ours.items() if value},
        "kernelspec": {"display_name": kernel.display_name, "language": kernel.language, "name": kernel.name},
        "language_info": {"name": kernel.language},
        "title": plain_title(lesson),
    }


def _head(lesson: Lesson, language: Language, words: Words, resolve: Resolve) -> dict[str, Json]:
    front = lesson.front
    blocks = [
        f"# {shown_title(lesson, language)}",
        _list(words("Questions"), front.questions, language),
        _list(words("Objectives"), front.objectives, language),
    ]
    return _markdown("title", rewrite_links("\n\n".join(block for block in blocks if block), resolve))


def _tail(lesson: Lesson, language: Language, words: Words, resolve: Resolve) -> Iterator[dict[str, Json]]:
    front = lesson.front
    if front.keypoints:
        yield _markdown("keypoints", rewrite_links(_list(words("Key points"), front.keypoints, language), resolve))
    credit = [f"{words('Authors')}: {listed(front.authors, language)}" if front.authors else "", front.license]
    line = " · ".join(part for part in credit if part)
    yield _markdown("credit", f"*{line}*" if line else "")


def _list(title: str, phrases: tuple[Phrase, ...], language: Language) -> str:
    items = "\n".join(f"> - {shown(phrase, language)}" for phrase in phrases)
    return f"> **{title}**\n>\n{items}" if items else ""


def _markdown(name: str, source: str) -> dict[str, Json]:
    return {"cell_type": "markdown", "id": f"catalyst-{name}", "metadata": {}, "source": _lines(source)}


def _cell(cell: Cell, words: Words, resolve: Resolve) -> dict[str, Json]:
    metadata = {key: value for key, value in cell.metadata.items() if key not in ("attachments", "stored_error")}
    metadata |= {"tags": list(cell.tags)} if cell.tags else {}
    common = {"cell_type": cell.kind, "id": cell.id, "metadata": metadata}
    if cell.kind == "code":
        folded = {"jupyter": {"source_hidden": True}} if cell.has(*_FOLDED) else {}
        return common | {
            "execution_count": None,
            "metadata": metadata | folded,
            "outputs": [],
            "source": _lines(cell.source),
        }
    if cell.kind == "raw":
        return common | {"source": _lines(cell.source)}
    prose = rewrite_links(cell.source, resolve)
    prose = to_blockquotes(prose, title_of=title_in(words)).strip("\n")
    attached = {"attachments": cell.metadata["attachments"]} if cell.metadata.get("attachments") else {}
    return common | attached | {"source": _lines(_folded(prose, cell, words))}


def _folded(prose: str, cell: Cell, words: Words) -> str:
    """Hints and solutions in Markdown cells open on a click, as on the page."""
    for tag, title in (("hint", "Hint"), ("solution", "Solution")):
        if cell.has(tag) and prose:
            return f"<details><summary>{plain(words(title))}</summary>\n\n{prose}\n\n</details>"
    return prose


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
