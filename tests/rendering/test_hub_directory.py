"""The directory of hubs as a browser sees it: nothing a trainer writes about a hub becomes more than text."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering.hub_directory import hubs_page
from catalyst_lessons.core.rendering.localized import language_name, place
from catalyst_lessons.core.rendering.overviews import Overview
from tests.rendering.readers import to_soup
from tests.rendering.sample import around


def page_of(*hubs: Hub, language: str = "en", lesson: str = ""):
    view = Overview(Language.of(language), str, "0" * 12, lambda _: "", lambda _: around())
    return to_soup(hubs_page(hubs, view, lesson=lesson))


def test_what_is_written_about_a_hub_stays_text() -> None:
    bad = '<script>x</script> | *a* [b](javascript:x) "'
    hub = Hub("a", bad, "https://a.org", join=bad, profile=bad, region=bad, country=bad, contact=bad)
    page = page_of(hub, Hub("b", bad, "https://b.org", "retired", since=bad, country=bad))
    assert not page.select("script, em")
    assert [link["href"] for link in page.select("a:not(.headerlink)")] == ["https://a.org"]
    assert page.get_text().count('<script>x</script> | *a* [b](javascript:x) "') >= 7


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("hub@example.org", "mailto:hub@example.org"),
        ("https://example.org/help", "https://example.org/help"),
        ("http://example.org", None),
        ("javascript:alert(1)", None),
        ("hub@example.org?bcc=x@y.org", None),
        ("Ana, room 4", None),
    ],
)
def test_a_contact_is_a_link_where_it_is_surely_one(contact: str, href: str | None) -> None:
    page = page_of(Hub("a", "A", "https://a.org", contact=contact))
    links = [link["href"] for link in page.select("li a") if link["href"] != "https://a.org"]
    assert links == ([href] if href else [])
    assert contact in page.get_text()


def test_a_hub_without_nbgitpuller_is_not_offered_for_the_lessons() -> None:
    page = page_of(
        Hub("a", "A", "https://a.org"), Hub("b", "B", "https://b.org", nbgitpuller=False), lesson="lessons/one.md"
    )
    assert [link["href"] for link in page.select("a[href*=lessons]")] == ["lessons/one.md?hub=a"]


def test_no_hub_at_all_is_told() -> None:
    assert "There is no hub here yet." in page_of().get_text()


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Latin America", "es", "Latinoamérica"),
        ("africa", "fr", "Afrique"),
        ("AR", "pt", "Argentina"),
        ("ke", "sw", "Kenya"),
        ("world", "es", "Mundo"),
        ("Our campus", "es", "Our campus"),
        ("XX", "es", "XX"),
        ("Africa", "tlh", "Africa"),
        ("", "es", ""),
    ],
)
def test_places_have_their_name_in_the_language(name: str, language: str, expected: str) -> None:
    assert place(name, Language.of(language)) == expected


def test_languages_have_their_name_in_the_language() -> None:
    assert language_name("es", Language.of("fr")) == "espagnol"
    assert language_name("pt-BR", Language.of("es")) == "portugués (Brasil)"
    assert language_name("tlh", Language.of("es")) == "tlh"


def test_a_hub_without_a_region_stands_under_its_country() -> None:
    hubs = (Hub("a", "A", "https://a.org", country="KE"), Hub("b", "B", "https://b.org"))
    page = page_of(*hubs, Hub("c", "C", "https://c.org", region="Africa", country="KE"))
    headings = [heading.get_text().rstrip("¶") for heading in page.find_all("h2")]
    assert headings == ["Kenya", "Africa", "Elsewhere"]
