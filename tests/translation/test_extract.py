"""What is a segment and what is not, and where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalyst_lessons.core.model import Cell, FrontMatter, Lesson, Phrase
from catalyst_lessons.core.translation import extract
from tests.translation.translation_cases import cell, lesson


def found(source: str) -> list[tuple[str, str]]:
    return [(segment.kind, segment.text) for segment in extract(lesson(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## A heading {#id .cls}", [("heading", "A heading")]),
        ("## A heading ##", [("heading", "A heading")]),
        ("A heading\n=========", [("heading", "A heading")]),
        ("One\ntwo  three\n   four.", [("paragraph", "One two  three four.")]),
        ("Roses are red,  \nviolets are blue.", [("paragraph", "Roses are red,\nviolets are blue.")]),
        ("Roses are red,\\\nviolets are blue.", [("paragraph", "Roses are red,\nviolets are blue.")]),
        ("- [ ] Do it\n- [x] Done\n  at last", [("list item", "Do it"), ("list item", "Done at last")]),
        ("10. Ten\n\n    Still ten.", [("list item", "Ten"), ("list item", "Still ten.")]),
        ("> Quoted\n> twice\nlazily", [("quote", "Quoted twice lazily")]),
        ("> > - Deep\n> >   down", [("list item", "Deep down")]),
        (
            "| Name | *b* \\| c |\n|---|---|\n| `x` | 12 |\n| y | two words |",
            [("table cell", "Name"), ("table cell", "*b* \\| c"), ("table cell", "y"), ("table cell", "two words")],
        ),
        ("a | b\n--|--\nc | ", [("table cell", "a"), ("table cell", "b"), ("table cell", "c")]),
        ("> | a |\n> |---|\n> | b |", [("table cell", "a"), ("table cell", "b")]),
        ("- | a | b |\n  |---|---|\n  | c | d |", [("table cell", letter) for letter in "abcd"]),
        ("Text[^1]\n\n[^1]: A note\n    goes on.", [("paragraph", "Text[^1]"), ("footnote", "A note goes on.")]),
        ("[^1]: Nobody points here.", [("footnote", "Nobody points here.")]),
        ("Term\n:   Meaning\n    of it", [("term", "Term"), ("definition", "Meaning of it")]),
        ("The DNA.\n\n*[DNA]: the acid", [("paragraph", "The DNA."), ("abbreviation", "the acid")]),
        ("![A plot](a.png)", [("paragraph", "![A plot](a.png)")]),
        ('!!! note "A title"\n    Body\n    text.', [("callout title", "A title"), ("paragraph", "Body text.")]),
        ('??? tip "A title"\n    > Body', [("callout title", "A title"), ("quote", "Body")]),
        ('=== "First"\n    Body', [("tab title", "First"), ("paragraph", "Body")]),
        (":::{note} A title\n:class: dropdown\nBody\n:::", [("callout title", "A title"), ("paragraph", "Body")]),
        ("```{admonition} A title\nBody\n```", [("callout title", "A title"), ("paragraph", "Body")]),
        ("::: challenge\n\n## A title\n\nBody\n\n:::", [("callout title", "A title"), ("paragraph", "Body")]),
        (
            ":::{figure} a.png\n:width: 100%\n:alt: What is seen\n\nThe caption.\n:::",
            [("alt text", "What is seen"), ("caption", "The caption.")],
        ),
        ("- one\n\n  :::{tip}\n  inside\n  :::\n\n  after", [("list item", t) for t in ("one", "inside", "after")]),
        ("🔍 OVERVIEW\n^^^", [("paragraph", "🔍 OVERVIEW")]),
        ("```{image} a.png\n:alt: What is seen\n```", [("alt text", "What is seen")]),
        (
            "```{figure} a.png\nThe caption\nof it.\n\nA legend.\n```",
            [("caption", "The caption of it."), ("caption", "A legend.")],
        ),
        ("```{code-block} python\n:caption: What it does\nwords\n```", [("caption", "What it does")]),
        (
            ":::{table} What it holds\n:align: left\n\n| a | 1 |\n|---|---|\n| b | 2 |\n:::",
            [("caption", "What it holds"), ("table cell", "a"), ("table cell", "b")],
        ),
        (
            "Click ![the button](a.png) and `![x](y)`.",
            [("paragraph", "Click ![the button](a.png) and `![x](y)`."), ("alt text", "the button")],
        ),
        ("[![A badge](a.svg)](b.md)", [("paragraph", "[![A badge](a.svg)](b.md)")]),
        ("A paragraph\n{: .lead }\n\nAnother", [("paragraph", "A paragraph"), ("paragraph", "Another")]),
    ],
)
def test_blocks(source: str, expected: list[tuple[str, str]]) -> None:
    # A callout inside a list item is no list item itself.
    simple = [("list item" if text == "inside" else kind, text) for kind, text in found(source)]
    assert simple == expected


@pytest.mark.parametrize(
    "source",
    [
        "",
        "12 + 30",
        "`print(1)`",
        "$a + b$",
        "https://example.org/words",
        "<https://example.org/words>",
        "[](https://example.org/words)",
        "![](words.png)",
        "{{ words }}",
        "[TOC]",
        "[label]: https://example.org 'A title'",
        '[label]: https://example.org\n    "A title"',
        "{: .words }",
        "(words)=",
        "<!-- words -->",
        "% words",
        "```python\nwords\n```",
        "    words\n    indented",
        "$$\nwords\n$$",
        "<div>\nwords\n</div>",
        ':::{code-block} python\n:caption: ""\nwords\n:::',
        "- `code`\n- 12",
    ],
)
def test_what_is_no_segment(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<!-- i18n:skip -->\nNot me.\n\nMe.", ["Me."]),
        ("<!-- i18n:skip -->\n\n- Not me\n- nor me\n\nMe.", ["Me."]),
        ("% i18n:skip\n| not | me |\n|---|---|\n| nor | me |\n\nMe.", ["Me."]),
        ('<!-- i18n:skip -->\n!!! note "Not me"\n    Nor me.\n\nMe.', ["Me."]),
        ("- Me.\n\n  <!-- i18n:skip -->\n  Not me.\n\n- Me too.", ["Me.", "Me too."]),
        ("<!-- another word -->\nMe.", ["Me."]),
        (
            "Me.\n\n<!-- i18n:skip-start -->\nNot me.\n\n- Nor me.\n\n<!-- i18n:skip-end -->\n\nMe too.",
            ["Me.", "Me too."],
        ),
        ('<!-- i18n:skip-start -->\n!!! note "Not me"\n    Nor me.', []),
        ('!!! note "Me"\n    <!-- i18n:skip-start -->\n    Not me.\n\nNor me.', ["Me"]),
        ("<!-- i18n:skip-end -->\nMe.", ["Me."]),
        ("```text\n<!-- i18n:skip-start -->\n```\nMe.", ["Me."]),
    ],
)
def test_a_skip_mark_leaves_out_the_next_block(source: str, left: list[str]) -> None:
    assert [text for _, text in found(source)] == left


def test_what_is_skipped_reaches_from_cell_to_cell() -> None:
    cells = ("Me.\n\n<!-- i18n:skip-start -->", "Not me.", "Nor me.\n\n<!-- i18n:skip-end -->\n\nMe too.", "And me.")
    assert [segment.text for segment in extract(lesson(*cells))] == ["Me.", "Me too.", "And me."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<!-- i18n:comment: not food -->\nChips\n\nMore", [("Chips", "not food", ""), ("More", "", "")]),
        ("<!-- i18n:comment: a\n  b -->\n<!-- i18n:comment: c -->\n\nChips", [("Chips", "a b c", "")]),
        (
            "<!-- i18n:context: food -->\n- Chips\n- Fish\n\nMore",
            [("Chips", "", "food"), ("Fish", "", "food"), ("More", "", "")],
        ),
        ('<!-- i18n:context: a -->\n!!! note "One"\n    Two', [("One", "", "a"), ("Two", "", "a")]),
        ("% i18n:comment: x\n% i18n:context: y\nChips", [("Chips", "x", "y")]),
        ("<!-- i18n:comment: x -->\n<!-- i18n:skip -->\nChips\n\nMore", [("More", "", "")]),
    ],
)
def test_authors_tell_translators_what_they_mean(source: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(one.text, one.comment, one.context) for one in extract(lesson(source))] == expected


def test_front_matter_comes_first_with_its_lines() -> None:
    front = FrontMatter(
        title=Phrase("Loops", "en", 2),
        questions=(Phrase("What is a\nloop?", "en", 4),),
        objectives=(Phrase("Write one", "en", 6), Phrase("`for`", "en", 7)),
        keypoints=(Phrase("It ends", "en", 9),),
        prerequisites=(Phrase("Lists", "en", 11),),
    )
    segments = extract(replace(lesson("Text."), front=front))
    assert [(s.kind, s.text, s.location.line) for s in segments] == [
        ("title", "Loops", 2),
        ("question", "What is a loop?", 4),
        ("objective", "Write one", 6),
        ("keypoint", "It ends", 9),
        ("prerequisite", "Lists", 11),
        ("paragraph", "Text.", 1),
    ]


def test_the_alt_text_of_a_plot_is_a_segment_but_code_is_not() -> None:
    plot = Cell("code", "plot()  # a comment", "p", (5,), metadata={"alt": "Cases by week"})
    assert [(s.kind, s.text) for s in extract(Lesson("x.py", (plot,)))] == [("alt text", "Cases by week")]


def test_raw_cells_are_left_alone() -> None:
    assert extract(Lesson("x.py", (cell("Some words", "raw"),))) == ()


def test_a_segment_knows_its_line_and_the_headings_above_it() -> None:
    segments = extract(lesson("## One\n\nText.\n\n### Two", "Deep\n\n## Three\n\nFlat"))
    assert [(s.text, s.location.line, s.section) for s in segments] == [
        ("One", 1, ""),
        ("Text.", 3, "One"),
        ("Two", 5, "One"),
        ("Deep", 101, "One > Two"),
        ("Three", 103, ""),
        ("Flat", 105, "Three"),
    ]
