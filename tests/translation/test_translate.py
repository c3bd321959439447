"""Translations put in place: what changes, and what must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.model import Cell, FrontMatter, Lesson, Phrase
from catalyst_lessons.core.translation import Catalog, Coverage, Gap, Message, coverage, extract, translate
from tests.translation.translation_cases import catalog, lesson, rendered_tags


@pytest.mark.parametrize(
    ("source", "pairs", "expected"),
    [
        ("## One {#one}", {"One": "Uno"}, "## Uno {#one}"),
        ("One\ntwo\nthree.\n\nFour", {"One two three.": "Uno dos tres."}, "Uno dos tres.\n\nFour"),
        ("> One\n> two\n\n> Three", {"One two": "Uno dos"}, "> Uno dos\n\n> Three"),
        ("1. [ ] One\n   two\n2. Three", {"One two": "Uno dos"}, "1. [ ] Uno dos\n2. Three"),
        ("> One,  \n> two", {"One,\ntwo": "Uno,\ndos"}, "> Uno,  \n> dos"),
        ("- One,\\\n  two", {"One,\ntwo": "Uno,\ndos"}, "- Uno,\\\n  dos"),
        ("One,  \ntwo", {"One,\ntwo": "Uno dos"}, "Uno dos"),
        ("|a|b |\n|-|-|\n|c|d|", {"b": "be", "c": "ce"}, "|a|be |\n|-|-|\n|ce|d|"),
        ('!!! note "One"\n    Two\n    three', {"One": "Uno", "Two three": "Dos"}, '!!! note "Uno"\n    Dos'),
        ('::: {.note title="One"}\nTwo\n:::', {"One": 'U"no'}, '::: {.note title="U&quot;no"}\nTwo\n:::'),
        ("One two\nthree\n---", {"One two three": "Uno dos tres"}, "Uno dos\ntres\n---"),
        ("[^1]: One\n    two", {"One two": "Uno"}, "[^1]: Uno"),
        (
            ":::{figure} a.png\n:alt: One\n\nTwo\n:::",
            {"One": "Uno", "Two": "Dos"},
            ":::{figure} a.png\n:alt: Uno\n\nDos\n:::",
        ),
        ("One\r\ntwo\r\n\r\nThree\r\n", {"One two": "Uno"}, "Uno\r\n\r\nThree\r\n"),
        ("*[DNA]: the acid", {"the acid": "el ácido"}, "*[DNA]: el ácido"),
    ],
)
def test_a_translation_stands_where_the_text_stood(source: str, pairs: dict[str, str], expected: str) -> None:
    assert translate(lesson(source), catalog(pairs)).cells[0].source == expected


def test_the_translation_is_there_and_the_source_text_is_gone() -> None:
    source = '## Alpha\n\nBeta\ngamma.\n\n- Delta\n\n| Epsilon |\n|---|\n| Zeta |\n\n> Eta\n\n!!! tip "Theta"\n    Iota'
    words = {"Alpha", "Beta gamma.", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota"}
    out = (
        translate(lesson(source), catalog({word: f"«{n}» ñandú" for n, word in enumerate(sorted(words))}))
        .cells[0]
        .source
    )
    for n, word in enumerate(sorted(words)):
        assert f"«{n}» ñandú" in out
        assert not any(part in out for part in word.split())


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("See [the docs][].", "Vea [los textos][].", "Vea [los textos][the docs]."),
        ("See [the docs].", "Vea [los textos].", "Vea [los textos][the docs]."),
        ("See [the docs].", "Vea [the docs].", "Vea [the docs]."),
        ("See [the docs].", "Vea [los textos][the docs].", "Vea [los textos][the docs]."),
        ("Of [the docs], [Python]", "De [Python]: [textos]", "De [Python]: [textos][the docs]"),
        ("[unknown] and [the docs]", "[the docs] y [lo otro]", "[the docs] y [lo otro]"),
        ("`[x]` in [the docs]", "`[x]` en [textos]", "`[x]` en [textos][the docs]"),
    ],
)
def test_a_link_whose_text_is_its_label_keeps_the_label(source: str, translation: str, expected: str) -> None:
    # The definitions may stand in another cell: on the page they are one text.
    before = lesson(source, "[the docs]: https://docs.python.org\n[python]: https://python.org")
    assert translate(before, catalog({source: translation})).cells[0].source == expected


@pytest.mark.parametrize(
    "message",
    [
        Message("One `two`.", ""),
        Message("One `two`.", "  "),
        Message("One `two`.", "Uno `two`.", fuzzy=True),
        Message("One `two`.", "Uno `dos`."),
        Message("One `two`.", "- Uno `two`."),
    ],
)
def test_what_is_not_ready_is_not_published(message: Message) -> None:
    before = lesson("One `two`.")
    asked: list[tuple[str, str]] = []

    def fallback(gap: Gap) -> str:
        asked.append((gap.text, gap.language))
        return f"<{gap.text}>"

    cat = Catalog("es", "es.po", {message.source: message})
    assert translate(before, cat).cells == before.cells
    assert translate(before, cat, fallback=fallback).cells[0].source == "<One `two`.>"
    assert asked == [("One `two`.", "en")]


def test_a_stale_text_brings_its_earlier_translation() -> None:
    stale = Message("One `two` three.", "Uno `two`.", fuzzy=True, previous="One `two`.")
    gaps: list[Gap] = []
    front = FrontMatter(objectives=(Phrase("One `two` three.", "en"), Phrase("New.", "en")))
    before = replace(lesson("One `two` three.\n\nNew."), front=front)
    out = translate(
        before,
        Catalog("es", "es.po", {stale.source: stale}),
        fallback=lambda gap: gaps.append(gap) or gap.text,
        earlier=True,
    )
    assert [(gap.text, gap.stale, gap.earlier) for gap in gaps] == [
        ("One `two` three.", True, "Uno `two`."),
        ("New.", False, ""),
    ]
    assert [(one.stale, one.earlier) for one in out.front.objectives] == [(True, "Uno `two`."), (False, "")]


@pytest.mark.parametrize("attack", ["Uno <script>alert(1)</script>", "[Uno](javascript:alert(1))", "Uno {{ config }}"])
def test_an_earlier_translation_that_the_text_of_today_does_not_allow_is_not_shown(attack: str) -> None:
    """The earlier text in the catalog is the translator's word alone, so it vouches for nothing."""
    planted = Message("One", attack, fuzzy=True, previous=attack)
    gaps: list[Gap] = []
    translate(lesson("One"), Catalog("es", "", {"One": planted}), fallback=lambda gap: gaps.append(gap) or gap.text)
    assert [(gap.stale, gap.earlier) for gap in gaps] == [(True, "")]


def test_coverage_counts_each_state() -> None:
    messages = [Message("A a", "B"), Message("B b", "C", fuzzy=True), Message("C c", "`x`"), Message("D d", "")]
    cat = Catalog("es", "", {message.source: message for message in messages})
    counted = coverage(lesson("A a\n\nA a\n\nB b\n\nC c\n\nD d\n\nE e"), cat)
    assert counted == Coverage(translated=2, fuzzy=1, untranslated=2, refused=1)
    assert counted.ratio == pytest.approx(1 / 3)
    assert coverage(lesson("`x`"), cat).ratio == 1.0


def test_front_matter_phrases_tell_their_language() -> None:
    front = FrontMatter(title=Phrase("One", "en", 2), questions=(Phrase("Two?", "", 3), Phrase("Three?", "fr", 4)))
    out = translate(replace(lesson(), front=front), catalog({"One": "Uno"})).front
    assert out.title == Phrase("Uno", "es", 2)
    assert out.questions == (Phrase("Two?", "en", 3), Phrase("Three?", "fr", 4))


def test_only_the_alt_text_of_a_code_cell_is_translated() -> None:
    plot = Cell("code", "One", "p", (5,), ("check",), {"alt": "One", "name": "One"})
    out = translate(Lesson("x.py", (plot,)), catalog({"One": "Uno"}), fallback=lambda gap: f"?{gap.text}").cells[0]
    assert out == replace(plot, metadata=out.metadata)
    assert dict(out.metadata) == {"alt": "Uno", "name": "One"}
    kept = translate(Lesson("x.py", (plot,)), catalog({}), fallback=lambda gap: f"?{gap.text}").cells[0]
    assert kept is plot


def test_lines_still_lead_to_the_source() -> None:
    before = lesson("One\ntwo\nthree\n\nFour,  \nfive\n\nSix")
    pairs = {"One two three": "Uno", "Four,\nfive": "Cuatro,\ncinco"}
    out = translate(before, catalog(pairs)).cells[0]
    lines = dict(zip(out.source.split("\n"), out.lines, strict=True))
    assert (lines["Uno"], lines["Cuatro,  "], lines["cinco"], lines["Six"]) == (1, 5, 6, 8)


def test_the_lesson_is_in_the_new_language() -> None:
    assert translate(lesson("One"), catalog({}, "pt-BR")).language == "pt-BR"


BLOCKS = [
    "Words and `code` and\nmore *words*.",
    "## A heading {#here}",
    "A heading\n---",
    "- one\n- two\n  lines\n\n  ```python\n  words = 1\n  ```\n\n- three",
    "1. one\n2. [ ] two\n\n    deeper",
    "> quoted\n> twice\n>\n> - item\n{: .lead }",
    "| a | `b|c` |\n|---|:-:|\n| d \\| e | f |",
    "Term\n:   meaning\n\n    more",
    "Text[^n] with [a link][] and [another][l].\n\n[^n]: A note.\n\n[a link]: x.md\n[l]: y.md 'T'",
    "```python\nwords = 1\n```",
    "$$\nx\n$$",
    '!!! note "A title"\n    Body\n\n    - item\n\n    ??? tip\n        Deep',
    ":::{note} A title\n:class: dropdown\n\nBody\n:::",
    ":::: challenge\n\n## Title\n\nBody\n\n::: solution\n\nDone\n\n:::\n\n::::",
    "<div>\nraw\n</div>",
    "<!-- i18n:skip -->\nSkipped words",
    "![An image](a.png)",
    "Hard  \nbreak\\\nhere",
    "    indented code",
    "---",
    "*[HTML]: Hyper Text",
]
marks = st.text(alphabet=st.sampled_from("ab \n\t\r>-#*|:`~!?=[](){}$\\1.+<_^%\"'\x0b\xa0é"), max_size=120)
documents = st.lists(st.one_of(st.sampled_from(BLOCKS), marks), max_size=6).map("\n\n".join)


@given(documents)
@settings(max_examples=300, deadline=None)
def test_law_an_empty_catalog_changes_no_byte(source: str) -> None:
    before = lesson(source)
    assert translate(before, Catalog("es")).cells == before.cells


@given(documents)
@settings(max_examples=300, deadline=None)
def test_law_a_segment_is_what_stands_in_its_place(source: str) -> None:
    for segment in extract(lesson(source)):
        place = source[segment.place.start : segment.place.end]
        words = "".join(segment.text.split())
        assert "".join(place.replace("\\\n", "").replace(">", "").split()).replace("\\", "") == words.replace(
            ">", ""
        ).replace("\\", "")


@given(st.lists(st.sampled_from(BLOCKS), max_size=8).map("\n\n".join))
@settings(max_examples=200, deadline=None)
def test_law_each_segment_translated_to_itself_renders_to_the_same_tags(source: str) -> None:
    before = lesson(source)
    pairs = {segment.text: segment.text for segment in extract(before)}
    after = translate(before, catalog(pairs))
    assert coverage(before, catalog(pairs)).ratio == 1.0
    assert rendered_tags(after.cells[0].source) == rendered_tags(source)
    assert [s.text for s in extract(after)] == [s.text for s in extract(before)]


@given(st.lists(st.sampled_from(BLOCKS), max_size=8).map("\n\n".join))
@settings(max_examples=200, deadline=None)
def test_law_other_words_render_to_the_same_tags(source: str) -> None:
    before = lesson(source)
    after = translate(before, catalog({s.text: f"Ñandú {s.text}" for s in extract(before)}))
    assert rendered_tags(after.cells[0].source) == rendered_tags(source)
    # An image with words beside it has its alt text as a message of its own.
    assert all(segment.text.startswith("Ñandú ") for segment in extract(after) if segment.kind != "alt text")
