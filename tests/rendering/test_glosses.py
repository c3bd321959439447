"""Words of the glossary on a page: once, in prose alone, and with nothing broken."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.glossary import parse_glossary
from catalyst_lessons.core.model import Cell, Language
from catalyst_lessons.core.rendering.cells import render_cells
from catalyst_lessons.core.rendering.glosses import glosses, with_glosses
from tests.rendering.readers import to_html, to_soup
from tests.rendering.sample import around

GLOSSARY = """
- slug: hub
  en: {term: hub, def: "A *server* with [notebooks](#notebook), say \\"JupyterHub\\" ]( { | <b>."}
  es: {term: hub}
- slug: community_hub
  en: {term: community hub, def: "A hub of many."}
- slug: notebook
  en: {term: notebook (document), def: "A document."}
  es: {term: cuaderno, def: "Un documento."}
"""
TERMS = parse_glossary(GLOSSARY, path="glossary.yml")[0]
ENGLISH = glosses(TERMS, Language.of("en"), address="../glossary.md")


def glossed(*sources: str) -> str:
    cells = [Cell("markdown", source, f"c{number}") for number, source in enumerate(sources)]
    return render_cells(cells, around(glosses=ENGLISH))


def terms(markdown: str) -> list[tuple[str, str]]:
    found = to_soup(markdown).select("a.catalyst-term")
    return [(one.get_text(), one["href"].rpartition("#")[2]) for one in found]


def test_the_first_of_each_word_is_a_link_with_its_definition() -> None:
    page = glossed("Your hub has Notebooks.", "A hub, a community hub, a notebook.")
    assert terms(page) == [("hub", "hub"), ("Notebooks", "notebook"), ("community hub", "community_hub")]
    hub = to_soup(page).select_one("a.catalyst-term")
    assert hub["title"] == 'A server with notebooks, say "JupyterHub" ]( { | .'
    assert to_soup(page).select("b") == []


@pytest.mark.parametrize(
    "source",
    [
        "## A hub",
        "Run `hub` now.",
        "```\nhub\n```",
        "[the hub](https://example.org/hub)",
        "[a hub][hub] and [hub][]\n\n[hub]: https://example.org",
        "![a hub](hub.png)",
        "<span title='hub'>x</span>",
        "See https://hub.example.org/hub for more.",
        "<https://example.org/hub>",
        "$hub + 1$",
        "| hub |\n| --- |\n| hub |",
        '!!! note "The hub"\n\n    Text.',
        "A hub-like thing, a github.",
        "<span lang='es' dir='ltr' class='untranslated'>El hub y otro</span>",
        "Words {.hub}",
        "Text[^hub]\n\n[^hub]: note",
    ],
)
def test_what_is_no_plain_prose_is_left_alone(source: str) -> None:
    assert with_glosses(source, ENGLISH) == source


@pytest.mark.parametrize(
    ("source", "tag"),
    [("- a hub", "li"), ("> a hub", "blockquote"), ("!!! note\n\n    a hub", "div"), ("**a hub**", "strong")],
)
def test_prose_in_lists_quotes_and_callouts_has_them(source: str, tag: str) -> None:
    assert to_soup(glossed(source)).select_one(f"{tag} a.catalyst-term")


def test_the_text_reads_as_before() -> None:
    source = "One hub.\n\n1. A *community hub* and\n   a notebook: [x](y.md)\n\n!!! tip\n    hub\n"
    plain = render_cells([Cell("markdown", source, "c")], around())
    assert to_soup(glossed(source)).get_text() == to_soup(plain).get_text()
    assert to_html(glossed(source)) != to_html(plain)


def test_a_word_needs_a_definition_in_the_pages_language() -> None:
    spanish = glosses(TERMS, Language.of("es"), address="g.md")
    assert [(one.name, one.address) for one in spanish] == [("cuaderno", "g.md#notebook")]
