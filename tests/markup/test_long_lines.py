"""Lines of hundreds of kilobytes, as nobody writes them but to stop a build, are read in time that grows with them.

Each of these took the square of its length before, which is hours: a fault of that kind shows as a test without end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalyst_lessons.core.checks.view import View
from catalyst_lessons.core.glossary.terms import bare_name
from catalyst_lessons.core.headings import headings_in, with_id
from catalyst_lessons.core.links import links_in, rewrite_links
from catalyst_lessons.core.markup import parse_markup
from catalyst_lessons.core.markup.alike import read_alike
from catalyst_lessons.core.markup.plain import plain_prose
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.rendering.glosses import Gloss, with_glosses
from catalyst_lessons.core.rendering.html import plain
from catalyst_lessons.core.rendering.html_images import images_as_markdown
from catalyst_lessons.core.rendering.maths import set_aside
from catalyst_lessons.core.translation.code_comments import comments_in, same_code
from catalyst_lessons.core.translation.inline import scan_inline
from catalyst_lessons.core.translation.messages import Catalog, Message
from catalyst_lessons.core.translation.rematching import bare
from catalyst_lessons.core.translation.stretches import stretches
from catalyst_lessons.core.translation.translating import translate

LONG = 400_000
"""Characters; the square of it is 160 billion steps."""


@pytest.mark.parametrize(
    ("read", "before", "repeated", "behind"),
    [
        (links_in, "", "<a ", ""),
        (links_in, "", "<img src=", ""),
        (links_in, "--> ", "<!--", ""),
        (links_in, "[", "[a](b)", ""),
        (links_in, "", "[", "](b)"),
        (images_as_markdown, "<img ", "`", ""),
        (images_as_markdown, "<img ", "a", ">"),
        (scan_inline, "a", "\\(", ""),
        (scan_inline, "a", "\\[", ""),
        (scan_inline, "a", "{{", ""),
        (scan_inline, "a", "{%", ""),
        (scan_inline, "a", "[^", ""),
        (scan_inline, "{", "=", ""),
        (scan_inline, "[a](b", ' "b', ""),
        (scan_inline, "[a](b", " ", ")"),
        (plain, "x", "_", "x"),
        (parse_markup, "::: a", " ", "!"),
        (parse_markup, "::: tab\n# a", " \t", "x\n:::"),
        (parse_markup, "", "\\[\n", ""),
        (parse_markup, "::: {.x ", "a", "}"),
        (headings_in, "# a", " \t", "x"),
        (headings_in, "# a {", "#a", ""),
        (bare_name, "", "(", ""),
        (bare_name, "a", " ", "a"),
        (stretches, "words ", "![![a](b) c", ""),
        (scan_inline, "a", "-", ""),
        (set_aside, "$$\n", "b\n", ""),
        (bare, "a", " ", "a"),
        (lambda text: same_code(text, f"{text}#"), "", " ", "a"),
        (lambda text: same_code(text, f"{text}#"), "", " ", "="),
        (lambda text: with_glosses(text, [Gloss("word", "d", "g")]), "words ", "\\[", ""),
    ],
)
def test_time_does_not_grow_with_the_square(read: Callable[[str], object], before, repeated, behind):
    read(f"{before}{repeated * (LONG // len(repeated))}{behind}")


def test_the_cells_of_a_row_are_counted_once():
    rows = ("|a" * 8000, "|-" * 8000, "|b" * 8000)
    assert len(stretches("\n".join(f"{row}|" for row in rows))) == 16_000


def test_nested_brackets_are_read_once():
    # Before, each pair doubled the time.
    assert plain_prose(["![" + "[b](c)" * 5000], attributes=True)


def test_the_words_for_a_picture_are_translated_once():
    lesson = Lesson("lessons/a.md", (Cell("markdown", "See ![uno](a.png) and ![dos](b.png).", "c1", (1,)),))
    found = {"uno": "dos", "dos": "tres", lesson.cells[0].source: "Ver ![uno](a.png) y ![dos](b.png)."}
    catalog = Catalog("es", "", {text: Message(text, words) for text, words in found.items()})
    assert translate(lesson, catalog).cells[0].source == "Ver ![dos](a.png) y ![tres](b.png)."


def test_comments_of_several_lines_know_their_line():
    comments = comments_in("x = 1\n# one\n# two\n\ny = 2  # three\n# four")
    assert [(one.text, one.row) for one in comments] == [("one two", 1), ("three", 4), ("four", 5)]


def test_backticks_in_ever_longer_runs():
    # No code span has more than 32; each length had a look at the rest of the text.
    ticks = " a ".join("`" * length for length in range(1, 33))
    assert read_alike([f'{ticks} \\"']) == [f"{ticks} &#34;"]
    assert read_alike(["`" * 40 + '\\"' + "`" * 40]) == ["`" * 40 + "&#34;" + "`" * 40]


def test_what_stands_in_an_address_is_no_address_of_its_own():
    assert rewrite_links('[a](<img src="b">) [c](d)', "x{}".format) == '[a](<ximg src="b">) [c](xd)'


def test_an_escaped_bracket_is_text_to_the_glossary():
    gloss = [Gloss("word", "d", "g")]
    assert with_glosses("\\[word](a) b", gloss) == '\\[[word](g "d"){.catalyst-term}](a) b'
    assert with_glosses("\\\\[word](a) b", gloss) == "\\\\[word](a) b"


def test_a_heading_loses_only_what_closes_it():
    assert [heading.text for heading in headings_in("# a ##\n\n# b#\n\n# c # d\n\n##  #\n\n## e {#f}")] == [
        "a",
        "b#",
        "c # d",
        "#",
        "e",
    ]
    assert with_id("A \t {#x}", "y") == "A {#y}"


def test_pictures_on_one_line_are_looked_at_once():
    text = "![](a.png)" * 20_000 + "<img " * 20_000
    view = View(Lesson("lessons/a.md", (Cell("markdown", text, "c1", (1,)),)))
    assert len(view.references) == 20_000
