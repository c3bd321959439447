"""A lesson as a notebook: what a learner's JupyterLab, and git, get."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from catalyst_lessons.core.exercises import solution, starter
from catalyst_lessons.core.model import Cell, Kernel, Language, Phrase
from catalyst_lessons.core.rendering.notebooks import Attribution, render_notebook
from tests.rendering.sample import CELLS, FRONT, LESSON, resolve

GOLDEN = Path(__file__).parents[1] / "golden" / "rendering"
ENGLISH = Language.of("en")


def rendered(lesson=LESSON, form="lesson", **other) -> str:
    options = {
        "language": ENGLISH,
        "words": str,
        "attribution": Attribution("Rice course"),
        "resolve": resolve,
        **other,
    }
    return render_notebook(lesson, form, **options)


def cells_of(*cells: Cell, form="lesson") -> list[dict]:
    """The cells of a notebook of these cells, without head and foot."""
    lesson = replace(LESSON, cells=cells)
    made = json.loads(rendered(starter(lesson) if form == "starter" else lesson, form))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in made if not cell["id"].startswith("catalyst-")]


def test_notebook_is_written_as_in_the_golden_file():
    page = "https://rice.example.org/lessons/02-rice/"
    assert rendered(attribution=Attribution("Rice course", page)) == (GOLDEN / "lesson.ipynb").read_text("utf-8")


def test_notebook_is_valid_and_has_no_outputs():
    notebook = nbformat.reads(rendered(), as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_two_calls_give_the_same_bytes():
    assert rendered() == rendered()
    assert rendered().endswith("}\n")


def test_code_is_that_of_the_source():
    shown = ["".join(cell["source"]) for cell in json.loads(rendered())["cells"] if cell["cell_type"] == "code"]
    assert shown == [cell.source for cell in CELLS if cell.kind == "code"]


def test_code_that_only_the_page_leaves_out_stays_for_later_cells():
    made = cells_of(
        Cell("code", "import x", "a", tags=("remove-cell",)), Cell("markdown", "b", "b", tags=("remove-cell",))
    )
    assert [(cell["source"], cell["metadata"]["jupyter"]) for cell in made] == [("import x", {"source_hidden": True})]


def test_what_trainers_alone_see_is_absent():
    assert "Secret timing" not in rendered() and "Only for trainers" not in rendered()


def test_callouts_are_quotes():
    (cell,) = cells_of(Cell("markdown", '!!! note "N"\n    Text.\n\n::: challenge\nTask.\n:::', "a"))
    assert cell["source"] == "> **N**\n>\n> Text.\n\n> **Challenge**\n>\n> Task."


def test_callout_that_holds_code_leaves_no_marks():
    made = cells_of(
        Cell("markdown", ":::: challenge\nPredict.", "a"),
        Cell("code", "print(1)", "b"),
        Cell("markdown", "Then?\n::::\n\nAfter.\n\n```\n:::\n```", "c"),
    )
    assert [cell["source"] for cell in made] == [
        "> **Challenge**\n>\n> Predict.",
        "print(1)",
        "Then?\n\nAfter.\n\n```\n:::\n```",
    ]


SPLIT = (
    Cell("markdown", "Task.\n\n::: solution\nThe answer is", "a"),
    Cell("code", "answer = 42", "b"),
    Cell("markdown", "because it is.\n:::\n\nAfter.", "c"),
)


def test_solution_that_holds_code_is_not_in_a_starter():
    made = cells_of(*SPLIT, form="starter")
    assert [cell["source"] for cell in made] == ["Task.\n\nAfter."]
    assert "answer" in rendered(replace(LESSON, cells=SPLIT))


def test_trainers_callout_that_holds_code_is_absent_whole():
    hidden = tuple(replace(cell, source=cell.source.replace("solution", "instructor")) for cell in SPLIT)
    assert [cell["source"] for cell in cells_of(*hidden)] == ["Task.\n\nAfter."]


EXERCISE = (
    Cell("markdown", "Write it.\n\n??? solution\n    Return 42.", "task"),
    Cell("code", "def f():\n    ### BEGIN SOLUTION\n    return 42\n    ### END SOLUTION", "work"),
    Cell("markdown", "Look it up.", "hint", tags=("hint",)),
    Cell("markdown", "It is 42.", "why", tags=("solution",)),
    Cell("code", "print(42)", "more", tags=("solution",)),
)


def test_starter_has_no_solution():
    lesson = replace(LESSON, role="exercise", cells=EXERCISE)
    text = rendered(starter(lesson), "starter")
    assert "42" not in text and "SOLUTION" not in text
    assert "YOUR CODE HERE" in text and json.loads(text)["metadata"]["catalyst"]["form"] == "starter"


def test_solution_has_it_without_marks():
    text = rendered(solution(replace(LESSON, role="exercise", cells=EXERCISE)), "solution")
    assert text.count("42") == 4 and "BEGIN SOLUTION" not in text
    assert "<details><summary>Solution</summary>" in text


def test_attribution_is_in_the_metadata():
    page, source = "https://x.org/a/", "https://example.org/edit"
    metadata = json.loads(rendered(attribution=Attribution("Rice course", page, source)))["metadata"]
    assert metadata["catalyst"] == {
        "authors": ["A. Author", "B. Writer"],
        "curriculum": "Rice course",
        "form": "lesson",
        "language": "en",
        "license": "CC-BY-4.0",
        "page": page,
        "source": source,
    }


def test_kernel_is_that_of_the_source():
    metadata = json.loads(rendered(replace(LESSON, kernel=Kernel("ir", "R", "R"))))["metadata"]
    assert metadata["kernelspec"] == {"display_name": "R", "language": "R", "name": "ir"}
    assert metadata["language_info"] == {"name": "R"}


def test_pasted_pictures_stay_in_their_cell():
    pasted = {"x.png": {"image/png": "AAAA"}}
    (cell,) = cells_of(Cell("markdown", "![x](attachment:x.png)", "a", metadata={"attachments": pasted}))
    assert cell["attachments"] == pasted and "attachments" not in cell["metadata"]


def test_title_of_several_lines_is_one_heading():
    head = json.loads(rendered(replace(LESSON, front=replace(FRONT, title=Phrase("a\n\n# b")))))["cells"][0]["source"]
    assert head[0] == "# a # b\n"


def test_words_that_json_cannot_hold_do_not_stop_us():
    made = cells_of(Cell("code", "x", "a", metadata={"when": Path("somewhere")}))
    assert made[0]["metadata"]["when"] == "somewhere"


@pytest.mark.parametrize("separator", ["\u2028", "\x0c", "\x85", "\r\n"])
def test_odd_line_ends_stay(separator):
    assert cells_of(Cell("code", f"a{separator}b", "a"))[0]["source"] == f"a{separator}b"


def test_a_line_that_looks_like_our_mark_for_a_cell_is_left_out():
    first, second = cells_of(Cell("markdown", "One.\n\n\ue0009\ue000\n\nTwo.", "a"), Cell("code", "1", "b"))
    assert (first["source"].split(), second["source"]) == (["One.", "Two."], "1")
