"""Ids of headings: those of the source in every language, as Python-Markdown's `toc` would give them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from catalyst_lessons.core.headings import heading_ids, headings_in, shared_heading_ids, slug, with_heading_ids, with_id
from catalyst_lessons.core.model import Cell
from tests.rendering.readers import to_soup


def cells(*texts: str, name: str = "c") -> tuple[Cell, ...]:
    return tuple(Cell("markdown", text, f"{name}{number}") for number, text in enumerate(texts))


def ids(*texts: str) -> list[str]:
    return [one for several in heading_ids(cells(*texts)).values() for one in several]


def toc_ids(text: str) -> list[str]:
    """What Python-Markdown gives the headings of a text by itself."""
    page = Markdown(extensions=["toc", "attr_list"])
    page.convert(text)
    return _flat(page.toc_tokens)


def _flat(tokens: list[dict]) -> list[str]:
    return [one for token in tokens for one in (token["id"], *_flat(token["children"]))]


@pytest.mark.parametrize(
    "title",
    [
        "Simple words",
        "With `code_here`, *emphasis* and __strong__",
        "_Plasmodium_ and snake_case",
        "What is `<table>` & co.?",
        "A [link *x*](a.md) here",
        "Ñandú, café & Ärger",
        "1. Numbers: 2 * 3",
        "Hyphens -- and — dashes",
        "An <https://example.org> address",
        "a < b and c > d",
        "Quotes \"a\" and 'b'",
        "Escaped \\* and \\_",
        "With a closing ##",
        "Explicit {#own-id}",
        "Explicit and more { .x #own key=y }",
        "&lt;tag&gt; &amp; entity",
        "![picture](a.png) beside",
        "<b>Bold</b> HTML",
    ],
)
def test_id_is_that_of_toc(title):
    assert ids(f"## {title}") == toc_ids(f"## {title}")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["A", "a", "A_1", "a 1", "B {#a}", "B {#a_1}", "C {#c}", "C"]), max_size=6))
def test_repeated_ids_are_counted_as_toc_counts(titles):
    own = [title.partition("#")[2] for title in titles if "#" in title]
    if len(own) == len(set(own)):  # toc leaves two own ids the same
        assert ids(*(f"## {title}" for title in titles)) == toc_ids("\n\n".join(f"## {title}" for title in titles))
    found = ids(*(f"## {title}" for title in titles))
    assert len(found) == len(set(found))


def test_titles_without_latin_letters_get_ids_too():
    assert ids("## 数据", "## ቡና", "## العربية") == ["section", "section_1", "section_2"]


def test_ids_of_the_page_itself_are_not_given_again():
    assert ids("## Top", "## Lesson exercises", "## X {#top}") == ["top_1", "lesson-exercises_1", "top_2"]


def test_headings_are_found_wherever_they_are():
    text = """\
# One

Two
===

Three
-----

!!! note "N"
    ### Four {#4a}

    ### Five {#five}

::: challenge
### The title of the box
#### Six ##
:::

```
# no
```

- item
---

| a |
---
"""
    found = [(heading.level, heading.text, heading.id) for heading in headings_in(text)]
    assert found == [
        (1, "One", ""),
        (1, "Two", ""),
        (2, "Three", ""),
        (3, "Four {#4a}", ""),
        (3, "Five", "five"),
        (4, "Six", ""),
    ]


def test_translation_has_the_ids_of_its_source():
    source = cells("## Loops\n\ntext\n\n!!! tip\n    ### In a box", "Under\n-----")
    spanish = cells("## Bucles\n\ntexto", '!!! tip\n    ### "En" una caja\n\nAbajo\n-----', name="x")
    shared = shared_heading_ids(source, spanish)
    assert shared == {"x0": ("loops",), "x1": ("in-a-box", "under")}
    page = "\n\n".join(with_heading_ids(cell.source, iter(shared[cell.id])) for cell in spanish)
    assert [heading["id"] for heading in to_soup(page).find_all(["h2", "h3"])] == ["loops", "in-a-box", "under"]


def test_translation_with_other_headings_has_its_own_ids():
    assert shared_heading_ids(cells("## A\n\n## B"), cells("## C", name="x")) == {"x0": ("c",)}


def test_ids_that_a_translator_changed_are_put_right():
    source, other = cells("## A {#own}"), cells("## B {#otro}")
    assert with_heading_ids(other[0].source, iter(shared_heading_ids(source, other)["c0"])) == "## B {#own}"


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("## A", "## A {#i}"),
        ("## A {#old}", "## A {#i}"),
        ("## A {.c}", "## A {.c #i}"),
        ("## A { .c #old k=v }", "## A {.c k=v #i}"),
        ("## A {: .c}", "## A {.c #i}"),
        ("## A {x} `{y}` ${z}$", "## A &#123;x&#125; `{y}` ${z}$ {#i}"),
        ("## A [x](y){ .btn } b", "## A [x](y){ .btn } b {#i}"),
        ("## H{sub}`2`O", "## H{sub}`2`O {#i}"),
    ],
)
def test_one_attribute_list_has_the_id(line, written):
    assert with_id(line, "i") == written


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("## A {x} y", "A {x} y"),
        ("## A {.c} {x}", "A {.c} {x}"),
        ("## A ##", "A"),
        ("## `{}`", "{}"),
        ("## A {.c}", "A"),
        ("A {x}\n---", "A {x}"),
        ("## {", "{"),
    ],
)
def test_browser_finds_the_id(line, title):
    text = with_heading_ids(line, iter(["the-id"]))
    heading = to_soup(text).h2
    assert heading["id"] == "the-id"
    assert heading.get_text() == f"{title}¶"


def test_what_stands_outside_headings_stays():
    text = "a # b\r\n\r\n## A\r\n\r\n```\n## no\n```\n#hashtag"
    assert with_heading_ids(text, iter(["i", "j", "k"])) == text.replace("## A\r", "## A {#i}\r")


def test_slug_is_plain():
    assert slug("Crème *brûlée* `x_y`!") == "creme-brulee-x_y"


def test_a_heading_that_ends_with_more_digits_than_a_number_has_is_counted_all_the_same():
    title = f"## x_{'9' * 5000}"
    first, second = ids(title, title)
    assert second == f"{first}_1"
