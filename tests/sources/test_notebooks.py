"""Notebooks: places in the JSON, front matter in three places, old formats, and what is no notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.files.sources import Source

Read = Callable[..., Source]


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False)


def cell(kind: str, source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source} | more


def refused(read: Read, content: str | bytes) -> str:
    with pytest.raises(SourceError) as error:
        read("a.ipynb", content)
    return str(error.value)


def test_front_matter_in_a_raw_cell_keeps_its_lines_in_the_file(read: Read) -> None:
    head = ["---\n", "title: Bucles\n", "language: es\n", "questions:\n", "- ¿Por qué?\n", "---"]
    source = read("a.ipynb", notebook(cell("raw", head), cell("markdown", "Texto")))
    front, lines = source.lesson.front, source.text.split("\n")
    assert (front.title.text, source.lesson.language) == ("Bucles", "es")
    assert "title: Bucles" in lines[front.lines["title"] - 1]
    assert "¿Por qué?" in lines[front.questions[0].line - 1]
    assert [cell.kind for cell in source.lesson.cells] == ["markdown"]


def test_findings_of_a_raw_cell_stand_at_their_line_in_the_file(read: Read) -> None:
    source = read("a.ipynb", notebook(cell("raw", ["---\n", "title: x\n", "teaching: ten\n", "---"])))
    (finding,) = source.findings
    assert finding.code == "L103"
    assert "teaching: ten" in source.text.split("\n")[finding.location.line - 1]


def test_front_matter_in_the_metadata_keeps_its_lines(read: Read) -> None:
    ours = {"title": "Loops", "teaching": 10, "questions": ["Why?", "How?"], "language": "sw"}
    source = read("a.ipynb", notebook(cell("markdown", "# Not the title"), catalyst=ours))
    front, lines = source.lesson.front, source.text.split("\n")
    assert (front.title.text, front.teaching, source.lesson.language) == ("Loops", 10, "sw")
    for key in ours:
        assert f'"{key}":' in lines[front.lines[key] - 1]
    assert [lines[phrase.line - 1].strip(' ,"') for phrase in front.questions] == ["Why?", "How?"]
    assert source.lesson.cells[0].source == "# Not the title"


def test_wrong_values_in_the_metadata_are_findings(read: Read) -> None:
    source = read("a.ipynb", notebook(catalyst={"title": "Loops", "teaching": "ten", "objectve": []}))
    assert [finding.code for finding in source.findings] == ["L102", "L103"]
    assert '"teaching": "ten"' in source.text.split("\n")[source.findings[1].location.line - 1]


def test_the_title_in_the_metadata(read: Read) -> None:
    source = read("a.ipynb", notebook(cell("markdown", "Text"), title="Loops"))
    assert source.lesson.front.title.text == "Loops"
    assert '"title": "Loops"' in source.text.split("\n")[source.lesson.front.title.line - 1]


def test_the_first_heading_is_the_title_where_nothing_else_is(read: Read) -> None:
    source = read("a.ipynb", notebook(cell("code", "x"), cell("markdown", ["# Loops\n", "\n", "Text"])))
    assert source.lesson.front.title.text == "Loops"
    assert source.lesson.cells[1].source == "Text"
    assert '"Text"' in source.text.split("\n")[source.lesson.cells[1].line - 1]


def test_a_raw_cell_that_is_no_front_matter_is_a_cell(read: Read) -> None:
    source = read("a.ipynb", notebook(cell("raw", "---\nJust text\n---"), cell("raw", "---\ntitle: x\n---")))
    assert len(source.lesson.cells) == 2
    assert source.lesson.front.title.text == ""


def test_ids_are_kept_where_they_are_valid_and_unique(read: Read) -> None:
    cells = [cell("code", "x", id=carried) for carried in ("a-1", "a-1", "not valid!", "", "x" * 65)]
    ids = [c.id for c in read("a.ipynb", notebook(*cells, cell("code", "x"))).lesson.cells]
    assert ids[0] == "a-1"
    assert len(set(ids)) == 6
    assert all(made.startswith("cell-") for made in ids[1:])
    assert ids == [c.id for c in read("a.ipynb", notebook(*cells, cell("code", "x"))).lesson.cells]


def test_a_made_id_gives_way_to_one_that_stands_in_the_file(read: Read) -> None:
    (made,) = (c.id for c in read("a.ipynb", notebook(cell("code", "x"))).lesson.cells)
    ids = [c.id for c in read("b.ipynb", notebook(cell("code", "x"), cell("code", "y", id=made))).lesson.cells]
    assert ids[1] == made != ids[0]


def test_of_the_outputs_only_the_name_of_an_error_is_kept(read: Read) -> None:
    error = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": []}
    stream = {"output_type": "stream", "name": "stdout", "text": ["secret"]}
    first, second = read(
        "a.ipynb", notebook(cell("code", "x", outputs=[stream, error]), cell("code", "y", outputs=[stream]))
    ).lesson.cells
    assert dict(first.metadata) == {"stored_error": "NameError"}
    assert not second.metadata


def test_pasted_images_are_kept(read: Read) -> None:
    pasted = {"a.png": {"image/png": "iVBORw0KGgo="}}
    (found,) = read("a.ipynb", notebook(cell("markdown", "![](attachment:a.png)", attachments=pasted))).lesson.cells
    assert found.metadata["attachments"] == pasted


def test_any_kernel(read: Read) -> None:
    spec = {"name": "xcpp17", "display_name": "C++17", "language": "C++17"}
    kernel = read("a.ipynb", notebook(kernelspec=spec)).lesson.kernel
    assert (kernel.name, kernel.language, kernel.display_name) == ("xcpp17", "C++17", "C++17")
    assert read("b.ipynb", notebook(language_info={"name": "R"})).lesson.kernel.name == "ir"


def test_notebooks_of_old_formats_are_brought_up_to_date(read: Read) -> None:
    sheet = {
        "cells": [{"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Old"]}],
        "metadata": {},
    }
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}
    source = read("a.ipynb", json.dumps(old, indent=1))
    assert source.lesson.front.title.text == "Old"
    assert '"Old"' in source.text.split("\n")[source.lesson.front.title.line - 1]


@pytest.mark.parametrize("source", [None, [], "", [""]])
def test_an_empty_cell_stands_where_it_begins(read: Read, source: Any) -> None:
    read_source = read("a.ipynb", notebook(cell("code", "x"), cell("code", source)))
    second = read_source.lesson.cells[1]
    assert second.source == "" and len(second.lines) == 1
    assert read_source.lesson.cells[0].line < second.line <= read_source.text.count("\n")


def test_a_notebook_on_one_line_has_all_its_lines_there(read: Read) -> None:
    text = json.dumps(json.loads(notebook(cell("code", ["a\n", "b"]))))
    assert read("a.ipynb", text).lesson.cells[0].lines == (1, 1)


# What is no notebook -------------------------------------------------------------------------------------


def test_json_that_is_broken_is_told_with_its_line(read: Read) -> None:
    assert refused(read, '{\n "cells": [\n  {"source": "x"}\n  {}\n ]\n}') == (
        "a.ipynb:4: the notebook is not valid JSON: Expecting ',' delimiter\n"
        "    hint: save the notebook again in Jupyter; if it was edited by hand, look for a missing comma or quote"
    )


def test_a_notebook_that_was_cut_off_is_told_in_a_whole_sentence(read: Read) -> None:
    told = refused(read, '{"cells": [{"source": "1+')
    assert told.startswith("a.ipynb:1: the notebook is not valid JSON: Unterminated string\n")


def test_conflict_marks_of_git_are_told(read: Read) -> None:
    text = notebook(cell("code", "x")).replace(' "cells"', '<<<<<<< HEAD\n "cells"', 1)
    assert refused(read, text) == (
        "a.ipynb:2: the notebook has conflict marks of Git: two versions were merged and one of them must be chosen\n"
        "    hint: `git checkout --ours a.ipynb` or `--theirs` keeps one of them; nbdime can merge both"
    )


def test_conflict_marks_in_a_cell_are_text(read: Read) -> None:
    assert read("a.ipynb", notebook(cell("markdown", "<<<<<<< HEAD"))).lesson.cells[0].source == "<<<<<<< HEAD"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "a.ipynb:1: the notebook is empty"),
        (" \n", "a.ipynb:1: the notebook is empty"),
        ("[]", "a.ipynb:1: this is JSON but not a notebook"),
        ('{"a": 1}', "a.ipynb:1: this is JSON but not a notebook"),
        ('{"cells": [], "nbformat": 5}', "a.ipynb:1: the notebook has nbformat 5; we read versions up to 4"),
        ('{"cells": [\n"x"], "nbformat": 4}', "a.ipynb:2: a cell of the notebook is no JSON object"),
        ('{"cells": [\n{"cell_type": "sql"}]}', "a.ipynb:2: unknown type of cell `sql`"),
        (
            '{"worksheets": 3, "nbformat": 3}',
            "a.ipynb:1: the notebook is of an old format that cannot be brought",
        ),
        (
            notebook(cell("code", ["a\n", "\\ud83d"])).replace("\\\\", "\\"),
            "a.ipynb:8: the cell holds half of a char",
        ),
        (b'{"cells": [],\n"x": "\xff"}', "a.ipynb:2: the source is not UTF-8"),
        ('{"cells": [], "x": ' + "1" * 5000 + "}", "a.ipynb: the notebook holds a number that cannot be read"),
        ("[" * 100_000, "a.ipynb: the notebook is nested too deep"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_notebook_is_told(read: Read, content: str | bytes, told: str) -> None:
    assert refused(read, content).startswith(told)
