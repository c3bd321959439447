"""Whole texts, written for the page and for the notebook, as the golden files have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalyst_lessons.core.markup.writers import to_blockquotes, to_material

GOLDEN = Path(__file__).parents[1] / "golden" / "markup"
NAMES = ["dialects", "lists", "plain"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("form", "write"), [("material", to_material), ("notebook", to_blockquotes)])
def test_text_is_written_as_in_the_golden_file(name, form, write):
    source = (GOLDEN / f"{name}.md").read_text("utf-8")
    assert write(source, title_of=str.capitalize) == (GOLDEN / f"{name}.{form}.md").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_material_form_is_a_fixed_point(name):
    once = (GOLDEN / f"{name}.material.md").read_text("utf-8")
    assert to_material(once, title_of=str.capitalize) == once
