"""Comments in code: what translators get, where it goes, and that the code stays the same program."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.translation import extract, translate
from catalyst_lessons.core.translation import translating as translation
from catalyst_lessons.core.translation.code_comments import comments_in, same_code
from catalyst_lessons.core.translation.proved_code import code_differences
from catalyst_lessons.files.sources import read_whole
from catalyst_lessons.project import Project
from catalyst_lessons.project.proved_code import check_code
from catalyst_lessons.project.staging import stage
from catalyst_lessons.project.translating import check_translations
from tests.curricula import catalog as po
from tests.curricula import write_curriculum
from tests.translation.translation_cases import catalog


def code(source: str) -> Lesson:
    rows = tuple(range(1, source.count("\n") + 2))
    return Lesson("x.py", (Cell("code", source, "c", rows),), comments=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1  # one thing", ["one thing"]),
        ("# one\n# thing\nx = 1\n\n# two", ["one thing", "two"]),
        ("#one\n    \n# two", ["one", "two"]),
        ("%matplotlib inline\n# one\n!ls # not me\nx? \n# two", ["one", "two"]),
        ("files = !ls\n# one", ["one"]),
        ('s = "# not me"\nt = """\n# nor me\n% nor\n"""\n# one', ["one"]),
        ("f'{x!r}' # one", ["one"]),
        ("# noqa\n# type: ignore\n#| fig-cap: x\n# %% x\n### BEGIN SOLUTION\n#!x\n# 12 + 3", []),
        ("%%bash\n# not me", []),
        ("x = (  # broken\n", []),
        ("# one\nx = (\n", []),
    ],
)
def test_comments_for_people(source: str, expected: list[str]) -> None:
    assert [comment.text for comment in comments_in(source)] == expected
    assert [segment.text for segment in extract(code(source)) if segment.kind == "code comment"] == expected
    assert extract(replace(code(source), comments=False)) == ()


@pytest.mark.parametrize(
    ("source", "pairs", "expected"),
    [
        ("x = 1  # one", {"one": "uno"}, "x = 1  # uno"),
        ("if x:\n    #one\n    y()", {"one": "uno"}, "if x:\n    #uno\n    y()"),
        ("# one\n# two\nx", {"one two": "uno dos"}, "# uno dos\nx"),
        (
            "# " + "a " * 30 + "\n# b",
            {"a " * 30 + "b": "ñandú " * 20},
            "# " + ("ñandú " * 13).strip() + "\n# " + ("ñandú " * 7).strip(),
        ),
        ("%ls\n# one", {"one": "uno"}, "%ls\n# uno"),
        ('x = "one"  # one', {"one": "uno"}, 'x = "one"  # uno'),
    ],
)
def test_a_translation_stands_in_the_comment(source: str, pairs: dict[str, str], expected: str) -> None:
    assert translate(code(source), catalog(pairs)).cells[0].source == expected


def test_one_tree_is_one_program() -> None:
    assert same_code("x = 1  # a", "x=1 # b")
    assert same_code("%ls\nx = 1 # a", "%ls\nx = 1")
    assert not same_code("%ls a\nx = 1", "%ls b\nx = 1")
    assert not same_code("x = 1", "x = 2")
    assert not same_code("x = '# a'", "x = '# b'")
    assert not same_code("x = (", "x = ( ")


def test_a_change_of_the_program_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(source, place, text):
        return translation.Edit(0, len(source), "import os")

    monkeypatch.setattr(translation, "comment_edit", wrong)
    assert translate(code("x = 1  # one"), catalog({"one": "uno"})).cells[0].source == "x = 1  # one"


LINES = st.sampled_from(
    ["x = 1", "# words", "if x:\n    # deep\n    y()", "%time x", 's = """\n# no\n"""', "f(a,  # b\n  c)"]
)


@given(st.lists(LINES, max_size=6).map("\n".join), st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_law_no_translation_of_a_comment_changes_the_program(source: str, text: str) -> None:
    lesson = code(source)
    pairs = {segment.text: text for segment in extract(lesson)}
    after = translate(lesson, catalog(pairs)).cells[0].source
    assert same_code(source, after)
    if "%" not in source:
        assert ast.dump(ast.parse(source)) == ast.dump(ast.parse(after))


LESSON = "---\ntitle: One\n---\n\nText.\n\n```python\nx = 1  # one thing\n```\n\n```python\ny = 2\n```\n"
PO = "locales/es/LC_MESSAGES/lessons/a.po"
SPANISH = {"One": "Uno", "Text.": "Texto.", "one thing": "una cosa"}


def with_comments(folder: Path, *, on: bool) -> Project:
    root = write_curriculum(folder, {"lessons/a.md": LESSON, PO: po(SPANISH)})
    settings_file = root / "mkdocs.yml"
    text = settings_file.read_text()
    option = "\n      translate_comments: true" if on else "\n      translate_comments: false"
    settings_file.write_text(text.replace("catalyst-lessons:", f"catalyst-lessons:{option}", 1))
    project = Project.open(root, environ={})
    assert not [problem for problem in project.problems if problem.severity == "error"]
    assert project.settings.translate_comments is on
    return project


@pytest.mark.parametrize("on", [True, False])
def test_page_and_notebook_have_the_comments_and_the_run_has_the_source(tmp_path: Path, on: bool) -> None:
    project = with_comments(tmp_path, on=on)
    contents = stage(project, {}).contents
    page = contents["es/lessons/a.md"].decode()
    notebook = next(text.decode() for path, text in contents.items() if path.endswith("es/lessons/a.ipynb"))
    for made in (page, notebook):
        assert ("una cosa" in made) is on
        assert ("one thing" in made) is not on
    assert "one thing" in project.curriculum.lessons[0].code_cells[0].source
    assert not list(check_code(project))


def test_a_notebook_that_is_another_program_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = with_comments(tmp_path, on=True)
    tampered = Project.open(tmp_path, environ={})

    def another(lesson, language):
        found = Project.in_language(project, lesson, language)
        cells = tuple(replace(c, source=c.source.replace("y = 2", "y = 3")) for c in found.lesson.cells)
        return replace(found, lesson=replace(found.lesson, cells=cells), plain=None)

    monkeypatch.setattr(tampered, "in_language", another)
    (finding,) = check_code(tampered)
    assert (finding.code, finding.location.line) == ("T223", 12)
    assert "code cell 2 of the es notebook differs" in finding.message
    assert "T223" not in {one.code for one in check_translations(project)}


def test_a_missing_cell_is_a_difference() -> None:
    notebook = '{"cells": [{"cell_type": "markdown", "source": []}]}'
    (found,) = code_differences(read_whole("```python\nx\n```\n", "x.md"), notebook)
    assert (found.number, found.message) == (1, "expected 1, found 0")
