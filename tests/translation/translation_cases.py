"""Lessons and catalogs small enough to read in a test."""

from __future__ import annotations

import re
from collections.abc import Mapping

import markdown

from catalyst_lessons.core.markup.writers import to_material
from catalyst_lessons.core.model import Cell, CellKind, Lesson
from catalyst_lessons.core.translation import Catalog, Message

EXTENSIONS = [
    "admonition",
    "pymdownx.details",
    "pymdownx.superfences",
    "tables",
    "def_list",
    "footnotes",
    "attr_list",
    "abbr",
]


def cell(source: str, kind: CellKind = "markdown", first: int = 1) -> Cell:
    return Cell(kind, source, f"c{first}", tuple(range(first, first + source.count("\n") + 1)))


def lesson(*sources: str) -> Lesson:
    return Lesson("lessons/01-x.md", tuple(cell(source, first=1 + 100 * n) for n, source in enumerate(sources)))


def catalog(pairs: Mapping[str, str], language: str = "es") -> Catalog:
    messages = {source: Message(source, text, line=n) for n, (source, text) in enumerate(pairs.items(), start=3)}
    return Catalog(language, "es.po", messages)


def rendered_tags(source: str) -> list[str]:
    """The tags, addresses and code of the page a Markdown source makes."""
    page = markdown.markdown(to_material(source, title_of=str.title), extensions=EXTENSIONS)
    return re.findall(r"""</?\w+|(?:href|src|class|id)="[^"]*"|<code>[^<]*""", page)
