"""The page for volunteers, and numbers and lists as languages write them."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.model import Cell, FrontMatter, Language, Lesson, Phrase
from catalyst_lessons.core.rendering.cells import Surroundings
from catalyst_lessons.core.rendering.localized import listed, number, percent
from catalyst_lessons.core.rendering.overviews import Overview
from catalyst_lessons.core.rendering.status import status_page
from catalyst_lessons.core.translation import Coverage
from catalyst_lessons.core.translation.messages import Catalog, Message
from catalyst_lessons.core.translation.progress import Progress, Row, progress, words_in
from tests.rendering.readers import to_soup

ENGLISH, SPANISH, ARABIC = Language.of("en", "English"), Language.of("es", "Español"), Language.of("ar", "العربية")


def lesson(name: str) -> Lesson:
    return Lesson(f"lessons/{name}.md", (), FrontMatter(title=Phrase(f"Lesson | {name}", "en")))


def view(language: Language = ENGLISH) -> Overview:
    return Overview(language, str, "0123456789ab", lambda one: f"{one.name}.md", lambda _: Surroundings(str))


def row(name: str, translated: int, fuzzy: int, empty: int, language: Language = SPANISH, **other) -> Row:
    far = Progress(Coverage(translated, fuzzy, empty), words_left=10 * (fuzzy + empty), **other)
    return Row(lesson(name), language, far, f"https://example.org/{language.tag}/{name}")


def test_a_table_for_each_language_tells_where_to_begin() -> None:
    rows = [row("a", 1, 0, 3), row("b", 5, 2, 0), row("c", 4, 0, 0), row("a", 2, 0, 0, ARABIC)]
    soup = to_soup(status_page(rows, view()))
    spanish, arabic = soup.find_all("table")
    assert [[cell.get_text() for cell in line.find_all("td")[1:]] for line in spanish.find_all("tr")[1:]] == [
        ["25%", "30"],
        ["71%", "20"],
        ["100%", "0"],
    ]
    first, second, third = spanish.find_all("tr")[1:]
    assert "A good place to begin" in second.get_text()
    assert "Sentences that changed after they were translated: 2" in second.get_text()
    assert "A good place to begin" not in first.get_text() + third.get_text() + arabic.get_text()
    assert first.find_all("a")[1]["href"] == "https://example.org/es/a"
    assert [heading.span["lang"] for heading in soup.find_all("h2")] == ["es", "ar"]
    assert soup.find_all("h2")[1].span["dir"] == "rtl"
    text = soup.get_text()
    assert "66% translated, 50 words left." in text
    assert "Everything is translated." in text


def test_an_outdated_page_written_by_hand_is_not_done() -> None:
    soup = to_soup(status_page([row("a", 4, 0, 0, outdated=True)], view()))
    assert "The original has changed" in soup.get_text()
    assert "A good place to begin" in soup.get_text()


def test_words_left_are_those_that_are_not_published() -> None:
    source = Lesson("x.md", (Cell("markdown", "One two.\n\nThree `four` five.\n\nThree `four` five.\n\nSix.", "a"),))
    messages = [Message("One two.", "Uno dos."), Message("Three `four` five.", "Tres", fuzzy=True)]
    found = progress(source, Catalog("es", "", {one.source: one for one in messages}))
    assert found.coverage == Coverage(translated=1, fuzzy=2, untranslated=1)
    assert found.words_left == 3
    assert not found.done


@pytest.mark.parametrize(
    ("text", "count"),
    [("Two words", 2), ("It's `code here` and $x + y$", 2), ("[a link](https://example.org/a/b)", 2), ("", 0)],
)
def test_words_are_counted_without_code_and_addresses(text: str, count: int) -> None:
    assert words_in(text) == count


@pytest.mark.parametrize(
    ("tag", "names", "joined"),
    [
        ("en", ["Ana", "Bo", "Chidi"], "Ana, Bo, and Chidi"),
        ("es", ["Ana", "Bo", "Chidi"], "Ana, Bo y Chidi"),
        ("es", ["Ana", "Inés"], "Ana e Inés"),
        ("ar", ["Ana", "Bo"], "Ana وBo"),
        ("pt-BR", ["Ana"], "Ana"),
        ("zxx", ["Ana", "Bo"], "Ana, Bo"),
    ],
)
def test_lists_are_joined_as_the_language_does(tag: str, names: list[str], joined: str) -> None:
    assert listed(names, Language.of(tag)) == joined


def test_only_all_of_it_is_a_hundred_percent() -> None:
    assert percent(0.999, ENGLISH) == "99%"
    assert percent(1.0, Language.of("fr")) == "100\u00a0%"
    assert number(12345, Language.of("es")) == "12.345"
