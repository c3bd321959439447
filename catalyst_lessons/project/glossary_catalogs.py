"""Glossary entries that `glossary.yml` lacks in a language, given to its translators as a catalog and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from catalyst_lessons.core.errors import CatalystError
from catalyst_lessons.core.model import Cell, FrontMatter, Language, Lesson, Term
from catalyst_lessons.core.translation import Catalog, published
from catalyst_lessons.files.catalogs import catalog_path, read_catalog

GLOSSARY = "glossary"
"""The name of the catalog of a language."""


def glossary_lesson(terms: Iterable[Term], language: Language, *, source: str, path: str) -> Lesson:
    """The terms and definitions that are there in the source language and not in this one, as if they were a lesson."""
    cells = tuple(cell for term in terms if not _has(term, language) for cell in _cells(term, source))
    return Lesson(path, cells, FrontMatter(), source, "page")


def with_catalogs(
    terms: Sequence[Term], languages: Iterable[Language], *, root: Path, locales: str, source: str
) -> tuple[Term, ...]:
    """The terms with what the catalogs translate; what `glossary.yml` says itself goes before.

    A catalog that cannot be read gives nothing here: it is reported with the other catalogs.
    """
    for language in languages:
        try:
            catalog = read_catalog(root, catalog_path(locales, language, GLOSSARY), language.tag)
        except CatalystError:
            continue
        if catalog.messages:
            terms = [term if _has(term, language) else _translated(term, catalog, source) for term in terms]
    return tuple(terms)


def _has(term: Term, language: Language) -> bool:
    return term.keep or any(tag in term.terms for tag in (language.tag, language.tag.partition("-")[0]))


def _cells(term: Term, source: str) -> Iterator[Cell]:
    texts = (term.terms.get(source, ""), term.definitions.get(source, ""))
    for what, text in zip(("term", "definition"), texts, strict=True):
        if text.strip():
            yield Cell("markdown", text.strip(), f"{term.slug}-{what}", (term.line,))


def _translated(term: Term, catalog: Catalog, source: str) -> Term:
    name = _published(term.terms.get(source, ""), catalog)
    if not name:
        return term
    definition = _published(term.definitions.get(source, ""), catalog)
    definitions = {**term.definitions, catalog.language: definition} if definition else term.definitions
    return replace(term, terms={**term.terms, catalog.language: name}, definitions=definitions)


def _published(text: str, catalog: Catalog) -> str:
    return published(" ".join(text.split()), catalog) or ""
