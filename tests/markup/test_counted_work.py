"""Twice the text takes twice the work, not four times: counted, where a clock would need many megabytes to tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalyst_lessons.core.links import links_in, rewrite_links
from catalyst_lessons.core.markup import Line, Prose, parse_markup, parser
from catalyst_lessons.core.markup.writers import without_callouts
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.translation import stretches as reading
from catalyst_lessons.core.translation import translating
from catalyst_lessons.core.translation.messages import Catalog, Message
from catalyst_lessons.core.translation.segments import extract
from catalyst_lessons.core.translation.stretches import stretches
from tests.counted import Compared, Rows, characters, grows_with, rows, steps


@pytest.mark.parametrize(
    ("read", "unit"),
    [
        (parse_markup, "::: a\nb\n:::\n"),
        (parse_markup, ":::{note}\nb\n:::\n"),
        (parse_markup, ":::{note}\n---\n:::\n"),
        (parse_markup, "::: a\n\\[\n:::\n"),
        (stretches, "<!-- i18n:skip-start -->\n\na\n\n<!-- i18n:skip-end -->\n\nb\n\n"),
    ],
)
def test_steps(read: Callable[[str], object], unit: str) -> None:
    assert grows_with(lambda number: steps(read, unit * number), 100)


def test_square_work_is_seen() -> None:
    def compare(text: str) -> object:
        return [one == other for one in text for other in text]

    def cut(text: str) -> object:
        return [text[:place] for place in range(len(text))]

    assert not grows_with(lambda number: steps(compare, "a" * number), 100)
    assert not grows_with(lambda number: characters(cut, "a" * number), 100)
    assert grows_with(lambda number: characters(lambda text: text.split(" "), "a " * number), 100)


@pytest.mark.parametrize("opening", ["::: tab\n# a\n", "::: {.panel-tabset}\n# a\n"])
def test_the_lines_of_a_tab_are_put_together_once(monkeypatch: pytest.MonkeyPatch, opening: str) -> None:
    held = 0

    class Counted(Prose):
        def __init__(self, lines: tuple[Line, ...]) -> None:
            nonlocal held
            held += len(lines)
            super().__init__(lines)

    monkeypatch.setattr(parser, "Prose", Counted)

    def lines(number: int) -> int:
        nonlocal held
        held = 0
        parser.parse_markup.__wrapped__(opening + "b\n" * number + ":::\n")
        return held

    assert grows_with(lines, 100)


@pytest.mark.parametrize("unit", ["[a](b) ", "![a](b) ", '<a href="b">c</a> ', "[a][b](c) "])
@pytest.mark.parametrize("read", [links_in, lambda text: rewrite_links(text, lambda target: f"../{target}")])
def test_a_line_of_links_is_copied_a_few_times(read: Callable[[str], object], unit: str) -> None:
    parse_markup.cache_clear()
    assert grows_with(lambda number: characters(read, unit * number), 100)


def test_links_in_links_are_not_copied_for_each() -> None:
    parse_markup.cache_clear()
    assert grows_with(lambda number: characters(links_in, "[" * number + "](b)" * number), 500)
    assert [link.text for link in links_in("[![c](d) e](b)")] == ["c", "![c](d) e"]


def test_lines_are_not_moved_for_each_callout_that_is_left_out() -> None:
    def leave_out(text: str) -> object:
        return without_callouts(text, {"instructor"})

    assert grows_with(lambda number: rows(leave_out, "::: instructor\n:::\n\na\n\n" * number), 100)
    assert without_callouts("a\n\n::: instructor\nb\n:::\n\n::: instructor\n:::\n\nc\n", {"instructor"}) == "a\n\nc\n"


def test_the_rows_of_a_page_are_not_copied_for_each_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    masked = reading._masked
    monkeypatch.setattr(reading, "_masked", lambda rows: Rows(masked(rows)))

    def copied(number: int) -> int:
        Rows.copied = 0
        stretches("a b\n\n" * number)
        return Rows.copied

    assert grows_with(copied, 100)


def test_the_labels_of_a_paragraph_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    label_of = translating.label_of
    monkeypatch.setattr(translating, "label_of", lambda text: Compared(label_of(text)))

    def compared(number: int) -> int:
        names = [f"l{one}" for one in range(number)]
        source, definitions = " ".join(f"[{name}]" for name in names), "\n".join(f"[{name}]: b" for name in names)
        lesson = Lesson("lessons/a.md", (Cell("markdown", f"{source} [z]\n\n{definitions}\n[z]: c", "c1", (1,)),))
        translation = " ".join(f"[{name}]" for name in reversed(names))
        messages = {f"{source} [z]": Message(f"{source} [z]", f"{translation} [a z]")}
        Compared.compared = 0
        translated = translating.translate(lesson, Catalog("es", "", messages)).cells[0].source
        assert translated.startswith(f"{translation} [a z][z]\n")
        return Compared.compared

    assert grows_with(compared, 100)


def test_the_path_of_headings_is_written_once_for_all_below_it() -> None:
    lesson = Lesson("lessons/a.md", (Cell("markdown", "# One\n\n## Two\n\na\n\nb\n\n## Three\n\nc", "c1", (1,)),))
    sections = {segment.text: segment.section for segment in extract(lesson)}
    assert sections == {"One": "", "Two": "One", "a": "One > Two", "b": "One > Two", "Three": "One", "c": "One > Three"}
    assert sections["a"] is sections["b"]
