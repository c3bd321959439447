"""Agreed terms in translations: used, kept, or missed; and what is not to be found."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.glossary import parse_glossary
from catalyst_lessons.core.glossary.terms import check_terms
from catalyst_lessons.core.translation.messages import Catalog, Message
from tests.translation.translation_cases import lesson

GLOSSARY = """
- slug: notebook
  en: {term: notebook, def: A document.}
  es: {term: cuaderno, def: Un documento., also: [libreta]}
- slug: dna_sequence
  en: {term: DNA sequence, def: Letters.}
  es: {term: secuencia de ADN, def: Letras.}
- slug: sequence
  en: {term: sequence, def: Things in order.}
  es: {term: sucesión, def: Cosas en orden.}
- slug: fuzzy
  en: {term: fuzzy, def: Not sure.}
  es: {term: fuzzy (dudosa), def: No es seguro.}
- slug: jupyter
  do-not-translate: true
  en: {term: Jupyter, def: A project.}
- slug: screen
  en: {term: screen, def: A display.}
  pt: {term: ecrã, def: x}
  pt-BR: {term: tela, def: x}
"""
TERMS = parse_glossary(GLOSSARY, path="glossary.yml")[0]


def found(source: str, translation: str, *, language: str = "es", **other) -> list[str]:
    message = Message(source, translation, line=7, **other)
    catalog = Catalog(language, "es.po", {source: message})
    return [f"{one.code} {one.message}" for one in check_terms(lesson(source), catalog, TERMS)]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Open the notebook.", "Abre el cuaderno."),
        ("Open both notebooks.", "Abre los dos Cuadernos."),
        ("Open the notebook.", "Abre la libreta."),
        ("A DNA sequence is long.", "Una secuencia larga de ADN."),
        ("A sequence of numbers.", "Unas sucesiones de números."),
        ("Choose *New Notebook*.", "Elige *New Notebook*."),
        ("It is fuzzy.", "Está marcada como fuzzy."),
        ("Jupyter is free.", "Jupyter es libre."),
        ("Run `notebook` now.", "Ejecútalo ahora: `notebook`."),
        ("My notebook-like thing.", "Mi cosa."),
        ("Notebookish things.", "Cosas."),
    ],
)
def test_a_term_that_is_used_or_not_meant_is_no_finding(source: str, translation: str) -> None:
    assert found(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation", "said"),
    [
        (
            "Open the notebook.",
            "Abre el bloc.",
            ['T240 expected "cuaderno" or "libreta" for "notebook", found no form of it'],
        ),
        (
            "A DNA sequence.",
            "Una sucesión.",
            ['T240 expected "secuencia de ADN" for "DNA sequence", found no form of it'],
        ),
        ("Jupyter is free.", "Júpiter es libre.", ['T241 "Jupyter" is missing']),
    ],
)
def test_a_term_that_is_missed_is_told_with_what_was_expected(source: str, translation: str, said: list[str]) -> None:
    assert found(source, translation) == said


def test_only_what_is_published_is_looked_at() -> None:
    assert found("Open the notebook.", "Abre el bloc.", fuzzy=True) == []
    assert found("Open the notebook.", "") == []


def test_a_region_has_its_own_term() -> None:
    assert found("Look at the screen.", "Veja a tela.", language="pt-BR") == []
    assert found("Look at the screen.", "Veja a tela.", language="pt") == [
        'T240 expected "ecrã" for "screen", found no form of it'
    ]
    assert found("Open the notebook.", "Abra.", language="pt-BR") == []


def test_the_finding_names_the_line_of_the_catalog() -> None:
    message = Message("A notebook.", "Un bloc.", line=7)
    (one,) = check_terms(lesson("A notebook."), Catalog("es", "es.po", {message.source: message}), TERMS)
    assert (str(one.location), one.severity) == ("es.po:7", "warning")
    assert "`notebook` under `also:`" in one.hint


def test_a_term_that_is_all_in_parentheses_is_not_looked_for() -> None:
    terms, _ = parse_glossary("- slug: x\n  en: {term: (optional)}\n  es: {term: (opcional)}\n", path="glossary.yml")
    catalog = Catalog("es", "es.po", {"Some text": Message("Some text", "Un texto")})
    assert list(check_terms(lesson("Some text"), catalog, terms)) == []
