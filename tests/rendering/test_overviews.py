"""Schedule, addresses, glossary and the pages made from all lessons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalyst_lessons.core.glossary import parse_glossary
from catalyst_lessons.core.model import FrontMatter, Language, Lesson, Phrase
from catalyst_lessons.core.rendering import overviews
from catalyst_lessons.core.rendering.cells import Surroundings
from catalyst_lessons.core.rendering.dates import localized_date
from catalyst_lessons.core.rendering.overviews import Overview
from catalyst_lessons.core.schedule import plan
from catalyst_lessons.core.sitemap import SiteMap, address, relative
from tests.rendering.readers import to_soup, unbalanced

ENGLISH, SPANISH = Language.of("en"), Language.of("es")


def lesson(name: str = "one", minutes: int = 30, **front: object) -> Lesson:
    return Lesson(f"lessons/{name}.md", (), FrontMatter(title=Phrase(name, "en"), teaching=minutes, **front))


def view(language: Language = ENGLISH) -> Overview:
    return Overview(
        language,
        str,
        "0123456789ab",
        lambda one: f"{one.name}.md",
        lambda _: Surroundings(str, resolve=lambda to: f"r/{to}"),
    )


def day(*minutes: int, **other: object) -> str:
    slots = plan(
        [lesson(str(number), length) for number, length in enumerate(minutes)],
        **{"start": "09:00", "break_every": 90, "break_minutes": 15, **other},
    )
    return " ".join(f"{slot.clock}{'+' if slot.lesson else '-'}{slot.minutes}" for slot in slots)


@pytest.mark.parametrize(
    ("minutes", "slots"),
    [
        ((), ""),
        ((40, 50), "09:00+40 09:40+50"),
        ((40, 51), "09:00+40 09:40-15 09:55+51"),
        ((100, 10), "09:00+100 10:40-15 10:55+10"),
        ((0, 100), "09:00+0 09:00+100"),
        ((60, 100, 0, 100), "09:00+60 10:00-15 10:15+100 11:55-15 12:10+0 12:10+100"),
    ],
)
def test_breaks_stand_where_they_are_due(minutes, slots):
    assert day(*minutes) == slots


def test_no_breaks_and_days_past_midnight():
    assert day(60, 60, break_every=0) == "09:00+60 10:00+60"
    assert day(60, 60, break_minutes=0) == "09:00+60 10:00+60"
    assert day(90, 30, start="23:00", break_every=0) == "23:00+90 00:30+30"


def test_schedule_page_tells_when_the_day_ends():
    slots = plan([lesson("a | b", 60), lesson("c", 60)], start="09:00", break_every=90, break_minutes=15)
    rows = [
        [cell.get_text() for cell in row.find_all("td")]
        for row in to_soup(overviews.schedule_page(slots, view())).find_all("tr")
    ]
    assert rows[1:] == [
        ["09:00", "a | b", "60 min"],
        ["10:00", "Break", "15 min"],
        ["10:15", "c", "60 min"],
        ["11:15", "End", ""],
    ]
    assert "There are no lessons yet." in overviews.schedule_page((), view())


def test_objectives_are_listed_by_lesson_with_their_links():
    one = lesson(objectives=(Phrase("See [x](x.md).", "en"),), keypoints=(Phrase("Braces {x}", "en"),))
    page = to_soup(overviews.objectives_page([one, lesson("two")], view()))
    assert [heading["id"] for heading in page.find_all("h2")] == ["one"]
    assert page.li.a["href"] == "r/x.md"


def test_exercises_stand_below_their_lesson():
    tied = Lesson("exercises/a.py", (), FrontMatter(title=Phrase("A {x}"), lesson="lessons/one.md", exercises=5))
    free = Lesson("exercises/b.py", (), FrontMatter(title=Phrase("B"), lesson="lessons/gone.md"))
    page = to_soup(overviews.exercises_page([free, tied], [lesson()], view()))
    assert [(tag.name, tag["id"], tag.get_text().rstrip("¶")) for tag in page.find_all(["h2", "h3"])] == [
        ("h2", "one", "one"),
        ("h3", "a", "A {x} (5 min)"),
        ("h2", "b", "B"),
    ]


def test_lesson_list_is_in_order():
    page = to_soup(overviews.lesson_list([lesson("b", questions=(Phrase("Why?", "en"),)), lesson("a", 0)], view()))
    assert [" ".join(item.get_text().split()) for item in page.find_all("li")] == ["b (30 min) Why?", "a"]


def test_titles_in_another_language_are_marked():
    span = to_soup(overviews.lesson_list([lesson()], view(SPANISH))).li.span
    assert span["lang"] == "en" and span.get_text() == "one"


def test_print_page_has_every_body_below_its_title():
    page = to_soup(overviews.print_page([(lesson(), "Text."), (lesson("two"), "More.")], view()))
    assert [(tag["id"], tag["class"]) for tag in page.find_all("h2")] == [
        ("one", ["catalyst-print-lesson"]),
        ("two", ["catalyst-print-lesson"]),
    ]


def test_headings_on_the_print_page_are_below_the_title_of_their_lesson():
    body = '## A {#a}\n\n### B\n\n###### C\n\n```sh\n## no heading\n```\n\n!!! note "N"\n\n    ## In a box'
    page = to_soup(overviews.print_page([(lesson(), body)], view()))
    names = [(tag.name, tag.get_text().rstrip("¶")) for tag in page.find_all(["h2", "h3", "h4", "h5", "h6"])]
    assert names == [("h2", "one"), ("h3", "A"), ("h4", "B"), ("h6", "C"), ("h3", "In a box")]
    assert page.find("h3")["id"] == "a"
    assert "## no heading" in page.get_text()


GLOSSARY = """\
- slug: loop
  en:
    term: "loop & <b>"
    def: "Code that *repeats*, see [list](#list)."
  es:
    term: bucle
    def: Código que se repite.
- slug: list
  en: {term: list, def: }
- slug: gone
  es: {term: null, def: x}
- en: {term: no slug}
- just text
"""


def test_glossary_keeps_what_it_can_use():
    terms, findings = parse_glossary(GLOSSARY, path="glossary.yml")
    assert [(term.slug, term.line) for term in terms] == [("loop", 1), ("list", 8)]
    assert terms[1].definitions == {"en": ""}
    assert [(finding.code, finding.location.line) for finding in findings] == [("L131", 10), ("L131", 12), ("L131", 13)]


@pytest.mark.parametrize(
    ("text", "line"),
    [("- slug: [\n", 2), ("slug: loop\nen: {}\n", 1), ("just words", 1), ("- a: \x07", 0), ("- d: 2026-13-45\n", 0)],
)
def test_glossary_that_is_none_is_one_finding(text, line):
    terms, findings = parse_glossary(text, path="glossary.yml")
    assert terms == () and [(one.code, one.location.path, one.location.line) for one in findings] == [
        ("L130", "glossary.yml", line)
    ]


def test_empty_glossary_is_fine():
    assert parse_glossary("", path="glossary.yml") == ((), ())
    assert parse_glossary("# nothing\n", path="glossary.yml") == ((), ())


def test_a_slug_that_stands_twice_is_a_finding_and_the_first_one_counts():
    terms, findings = parse_glossary("- slug: a\n  en: {term: x}\n- slug: a\n  en: {term: y}\n", path="glossary.yml")
    assert [term.terms["en"] for term in terms] == ["x"]
    assert [(finding.code, finding.location.line) for finding in findings] == [("L131", 3)]


@pytest.mark.parametrize("text", ["- slug: !!bool maybe", "- slug: a\n  en: {term: !!int ''}", "- " + "[" * 3000])
def test_a_glossary_that_yaml_cannot_make_is_a_finding(text):
    terms, findings = parse_glossary(text, path="glossary.yml")
    assert (terms, [finding.code for finding in findings]) == ((), ["L130"])


def test_glossary_page_is_in_the_order_of_its_language():
    terms, _ = parse_glossary(GLOSSARY, path="glossary.yml")
    text = overviews.glossary_page(terms, view(SPANISH), source_language="en")
    page = to_soup(text)
    assert [(term["id"], term.get_text()) for term in page.find_all("dt")] == [("loop", "bucle"), ("list", "list")]
    assert page.find_all("dt")[1].span["lang"] == "en" and page.dt.span is None
    english = to_soup(overviews.glossary_page(terms, view(), source_language="en"))
    assert [term.get_text() for term in english.find_all("dt")] == ["list", "loop & <b>"]
    assert english.find("a", string="list")["href"] == "#list"
    assert unbalanced(str(page)) == []


def test_pages_and_notebooks_have_their_places():
    sitemap = SiteMap("lessons", {"pt-BR": "pt_BR"})
    page = Lesson("lessons/pages/setup.md", (), role="page")
    brazilian = Language.of("pt-BR")
    assert sitemap.page(page, ENGLISH) == "en/setup.md"
    assert sitemap.page(lesson("01"), brazilian) == "pt_BR/lessons/01.md"
    assert sitemap.notebook(lesson("01"), "solution", brazilian) == "pt_BR/lessons/01-solution.ipynb"
    assert sitemap.staged_notebook(lesson("01"), "starter", ENGLISH) == "notebooks/en/lessons/01.ipynb"
    assert sitemap.folder(Language.of("pt")) == "pt"


def test_addresses_can_stand_in_links():
    assert relative("assets/files/my file (1).csv", "en/lessons/x.md") == "../../assets/files/my%20file%20%281%29.csv"
    assert relative("en/setup.md", "en/index.md") == "setup.md"
    assert address("en/index.md", "en") == "" and address("es/index.md", "en") == "es/"
    assert (
        address("en/lessons/x.md", "en") == "lessons/x/" and address("es/exercises/index.md", "en") == "es/exercises/"
    )


def test_dates_are_written_as_their_language_writes_them():
    assert localized_date("2026-11-22", SPANISH) == "22 de noviembre de 2026"
    assert localized_date("2026-11-22", Language.of("xx-YY")) == "2026-11-22"
    assert localized_date("soon", ENGLISH) == "soon"


def test_overviews_are_in_the_words_of_their_language():
    spanish = replace(view(SPANISH), words={"Schedule": "Horario: {hoy}"}.get)
    page = spanish.page("Schedule", "x")
    assert 'title: "Horario: {hoy}"' in page and to_soup(page).h1["id"] == "top"
