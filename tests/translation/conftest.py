"""Lessons and catalogs small enough to read in a test."""

from __future__ import annotations

from catalyst_lessons.core.model import Cell, CellKind, Lesson
from catalyst_lessons.core.translation import Catalog, Message


def cell(source: str, kind: CellKind = "markdown", first: int = 1) -> Cell:
    return Cell(kind, source, f"c{first}", tuple(range(first, first + source.count("\n") + 1)))


def lesson(*sources: str) -> Lesson:
    return Lesson("lessons/01-x.md", tuple(cell(source, first=1 + 100 * n) for n, source in enumerate(sources)))


def catalog(language: str = "es", **words: str) -> Catalog:
    return of_pairs(words, language)


def of_pairs(pairs: dict[str, str], language: str = "es") -> Catalog:
    return Catalog(language, "es.po", {source: Message(source, text) for source, text in pairs.items()})
