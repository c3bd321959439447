"""The site in a real browser: a phone, a slow reader's language, no script, paper, the dark, and no outside network."""

from __future__ import annotations

import pytest

from tests.site.conftest import PHONE

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.browser]

LESSON = "lessons/02-dna-sequences/"


def sideways(page) -> int:
    """By how many CSS pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("path", ["", "es/", LESSON, f"pt/{LESSON}", "fr/lessons/04-teaching-with-a-hub/", "es/print/"])
def test_nothing_is_wider_than_a_small_phone(open_page, path: str) -> None:
    page = open_page(path, **PHONE)
    assert sideways(page) <= 0


def test_a_page_that_is_too_wide_would_be_found(open_page) -> None:
    page = open_page(LESSON, **PHONE)
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', '<div style=\"width:900px\">x</div>')"
    )
    assert sideways(page) > 0


def test_the_switcher_keeps_the_readers_place(open_page) -> None:
    page = open_page(f"{LESSON}#a-first-plot", **PHONE)
    page.get_by_role("button", name="Select language").first.tap()
    page.locator("a[hreflang=es]:visible").first.tap()
    page.wait_for_url(f"**/es/{LESSON}#a-first-plot")
    heading = page.locator("#a-first-plot")
    assert page.locator("html").get_attribute("lang") == "es"
    assert 0 <= heading.bounding_box()["y"] < 400
    assert "A first plot" not in heading.inner_text()


def test_the_switcher_keeps_a_place_the_reader_scrolled_to(open_page) -> None:
    page = open_page(LESSON)
    page.locator("#where-to-go-next").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#one-row-per-sequence').scrollIntoView()")
    page.wait_for_timeout(300)
    page.locator(".md-header .md-select").hover()
    page.locator("a[hreflang=fr]:visible").first.click()
    page.wait_for_url(f"**/fr/{LESSON}#**")
    assert page.url.rpartition("#")[2] == "one-row-per-sequence"


def test_no_page_asks_another_host_for_anything(open_page) -> None:
    for path in ("", f"es/{LESSON}", "fr/glossary/"):
        page = open_page(path)
        page.wait_for_load_state("networkidle")
        assert page.foreign == []


def test_a_lesson_is_whole_without_javascript(open_page) -> None:
    page = open_page(f"es/{LESSON}", java_script_enabled=False, **PHONE)
    assert page.locator("[data-launch=hub]").first.is_visible()
    solution = page.locator("details.solution").first
    assert not solution.locator("p").last.is_visible()
    solution.locator("summary").click()
    assert solution.locator("p").last.is_visible()
    assert page.locator("img.catalyst-picture").first.get_attribute("alt")


def test_paper_has_the_solutions_and_no_menu(open_page) -> None:
    page = open_page("es/print/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.solution p").last.is_visible()
    assert not page.locator(".md-sidebar--primary").first.is_visible()
    assert not page.locator(".md-header").first.is_visible()


def test_text_can_be_read_in_the_dark(open_page) -> None:
    page = open_page(f"pt/{LESSON}", color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    ink, paper = page.evaluate(
        """() => { const style = (element, name) => getComputedStyle(element).getPropertyValue(name);
            return [style(document.querySelector('article p'), 'color'), style(document.body, 'background-color')]; }"""
    )
    assert ink != paper


def test_buttons_are_large_enough_for_a_thumb(open_page) -> None:
    page = open_page(f"fr/{LESSON}", **PHONE)
    for button in page.locator("[data-launch]").all():
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_search_finds_words_of_the_readers_language(open_page) -> None:
    page = open_page("es/")
    page.locator("label.md-search__icon, .md-search__input").first.click()
    page.locator(".md-search__input").press_sequentially("contenido", delay=20)
    page.wait_for_selector(".md-search-result__item a")
    assert "/es/" in page.locator(".md-search-result__item a").first.get_attribute("href")
