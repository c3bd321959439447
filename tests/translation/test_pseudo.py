"""Pseudo-translation: it goes through every check, and renders to the same tags as the source."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.translation import coverage, extract, translate
from catalyst_lessons.core.translation.pseudo import CLOSING, OPENING, pseudo, pseudo_catalog
from catalyst_lessons.files.sources import is_source, read_whole
from tests.translation.test_translate import BLOCKS
from tests.translation.translation_cases import lesson, rendered_tags

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for name in ("lessons", "exercises") for path in (ROOT / name).rglob("*") if is_source(path.name))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Use `print(x)` now", "`print(x)`"),
        ("See [the docs](https://a.org/b_c) and [x][label].", "](https://a.org/b_c)"),
        ("{ref}`a <b>` and $a_i$ in {{ name }}", "{{ name }}"),
        ("<kbd title='no'>Control</kbd> &nbsp; https://a.org/case", "https://a.org/case"),
        ("The HTML of it[^note]", "HTML"),
    ],
)
def test_words_have_accents_and_marks_stay(text: str, kept: str) -> None:
    made = pseudo(text)
    assert made.startswith(OPENING) and made.endswith(CLOSING)
    assert kept in made
    assert len(made) > len(text) * 1.2
    assert any(letter in made for letter in "åéîöûñç")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_each_lesson_renders_to_the_same_tags(path: Path) -> None:
    before = read_whole(path.read_text(encoding="utf-8"), path.name)
    made = pseudo_catalog(before)
    after = translate(before, made)
    assert coverage(before, made).ratio == 1.0
    for old, new in zip(before.cells, after.cells, strict=True):
        if old.kind == "code":
            assert new.source == old.source
        else:
            assert rendered_tags(new.source) == rendered_tags(old.source)
            assert not extract(lesson(old.source)) or new.source != old.source


@given(st.lists(st.sampled_from(BLOCKS), max_size=6).map("\n\n".join))
@settings(max_examples=100, deadline=None)
def test_law_nothing_is_refused(source: str) -> None:
    assert coverage(lesson(source), pseudo_catalog(lesson(source))).ratio == 1.0
