"""Search in a real browser: one index for each language, asked for when it is wanted, with and without accents."""

from __future__ import annotations

import json
import re

import pytest

from tests.site.conftest import Site

LESSON = "lessons/02-dna-sequences/"

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.browser]

LANGUAGES = ("", "es", "pt", "fr")


def index_of(site: Site, folder: str) -> dict:
    return json.loads((site.folder / folder / "search" / "search_index.json").read_text(encoding="utf-8"))


def results(page, words: str) -> list[str]:
    """The addresses of what a search finds, as the reader sees them."""
    page.locator("label.md-search__icon, .md-search__input").first.click()
    page.locator(".md-search__input").fill("")
    page.locator(".md-search__input").press_sequentially(words, delay=20)
    page.wait_for_selector(".md-search-result__item a")
    return [link.evaluate("link => link.href") for link in page.locator(".md-search-result__item a").all()]


def asked(page) -> list[str]:
    """The search indexes that a page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if "search_index" in one.url else None)
    return found


@pytest.mark.parametrize("folder", LANGUAGES)
def test_an_index_has_the_pages_of_its_language_and_no_others(site: Site, folder: str) -> None:
    places = {entry["location"].partition("#")[0] for entry in index_of(site, folder)["docs"]}
    assert {"", LESSON, "glossary/"} <= places
    assert not [place for place in places if re.match(r"(en|es|pt|fr)/", place)]
    assert all((site.folder / folder / place / "index.html").is_file() for place in places)
    assert "print/" not in places


def test_the_indexes_are_in_different_languages(site: Site) -> None:
    texts = {folder: json.dumps(index_of(site, folder), ensure_ascii=False) for folder in LANGUAGES}
    assert "Solución" in texts["es"]
    assert "Solución" not in texts[""] + texts["pt"] + texts["fr"]


def test_a_spanish_reader_finds_spanish_pages_and_downloads_no_others(open_page, site: Site) -> None:
    page = open_page("es/")
    requests = asked(page)
    found = results(page, "notebook")
    assert found
    assert all(address.startswith(f"{site.address}es/") for address in found)
    assert requests == [f"{site.address}es/search/search_index.json"]


def test_a_result_leads_to_its_place(open_page, site: Site) -> None:
    page = open_page(f"fr/{LESSON}")
    results(page, "séquence")
    page.locator(".md-search-result__item a").first.click()
    page.wait_for_url(f"{site.address}fr/**")
    assert page.locator("article h1").is_visible()
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_default_language_finds_its_own_pages(open_page, site: Site) -> None:
    page = open_page("glossary/")
    requests = asked(page)
    found = results(page, "notebook")
    assert found
    assert not [address for address in found if re.search(r"/(es|pt|fr)/", address)]
    assert requests == [f"{site.address}search/search_index.json"]


def test_nothing_is_downloaded_until_the_reader_goes_to_the_search_box(open_page) -> None:
    page = open_page("es/setup/")
    requests = asked(page)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert requests == []
    page.locator(".md-search__input").focus()
    page.wait_for_selector(".md-search-result__meta")
    page.wait_for_function(
        "() => performance.getEntriesByName(location.origin + '/es/search/search_index.json').length"
    )
    assert len(requests) == 1


def test_nothing_is_missing_that_a_page_asks_for(open_page) -> None:
    page = open_page("pt/setup/")
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    page.reload()
    results(page, "lição")
    page.wait_for_load_state("networkidle")
    assert missing == []


@pytest.mark.parametrize(
    ("folder", "plain", "written"), [("es", "sesion", "sesión"), ("pt", "licao", "lição"), ("fr", "lecon", "leçon")]
)
def test_words_are_found_without_their_accents(open_page, folder: str, plain: str, written: str) -> None:
    page = open_page(f"{folder}/")
    without = results(page, plain)
    marks = {mark.casefold() for mark in page.locator(".md-search-result__item mark").all_inner_texts()}
    assert any(written in mark for mark in marks)
    assert not page.locator(".md-search-result__terms").count()  # "missing: ..."
    page.locator(".md-search__input").fill(written)
    page.wait_for_function(
        "count => document.querySelectorAll('.md-search-result__item a').length === count", arg=len(without)
    )
    assert without


def test_a_word_that_is_not_there_is_not_found(open_page) -> None:
    page = open_page("es/")
    page.locator("label.md-search__icon, .md-search__input").first.click()
    page.locator(".md-search__input").press_sequentially("xilofonista", delay=20)
    page.wait_for_function("() => /\\w/.test(document.querySelector('.md-search-result__meta').textContent)")
    page.wait_for_timeout(300)
    assert page.locator(".md-search-result__item a").count() == 0


@pytest.mark.parametrize(
    ("folder", "told"),
    [("", "Search cannot start"), ("es", "La búsqueda no puede"), ("pt", "A pesquisa não"), ("fr", "La recherche ne")],
)
def test_in_pages_opened_from_a_disk_search_says_that_it_cannot_start(browser, site: Site, folder, told) -> None:
    page = browser.new_page()
    page.goto((site.folder / folder / "index.html").as_uri())
    page.locator(".md-search__input").click()
    meta = page.locator(".md-search-result__meta")
    meta.wait_for()
    assert meta.inner_text().startswith(told)
    page.close()


def test_an_index_that_cannot_be_fetched_is_told(open_page) -> None:
    page = open_page("es/")
    page.route("**/search_index.json", lambda route: route.fulfill(status=404))
    page.locator("label.md-search__icon, .md-search__input").first.click()
    page.wait_for_function(
        "document.querySelector('.md-search-result__meta').textContent.startsWith('La búsqueda no puede empezar')"
    )
