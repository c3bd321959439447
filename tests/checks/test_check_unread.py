"""What could not be read is told once, and code that is in no cell is told with what begins one."""

from __future__ import annotations

import pytest

from catalyst_lessons.core.checks import check_lesson
from catalyst_lessons.files.sources import read_source


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        ('title: "A', ["L101"]),
        ("- a\n- b: [", ["L101"]),
        ("title: {a: b}\nobjectives: [{a: b}]", ["L103", "L103", "L141"]),
        ("title: A\nteaching: long", ["L103", "L141"]),
        ("objectives: [A]", ["L140", "L141"]),
    ],
)
def test_what_could_not_be_read_is_not_told_to_be_missing(tmp_path, head, codes):
    (tmp_path / "a.md").write_text(f"---\n{head}\n---\n\nText\n")
    source = read_source(tmp_path, "a.md")
    found = (*source.findings, *check_lesson(source.lesson, told=source.findings))
    assert [one.code for one in found if one.code in ("L101", "L103", "L140", "L141")] == codes
    (incomplete,) = [one.message for one in found if one.code == "L141"] or [""]
    assert not any(f"`{key}`" in incomplete for key in ("title", "objectives", "teaching") if f"{key}:" in head)


@pytest.mark.parametrize(
    ("name", "fence", "hint"),
    [
        ("a.md", "```r", "```R"),
        ("a.md", "~~~R", "```R"),
        ("a.Rmd", "```R", "```{r}"),
        ("a.Rmd", "```{.r}", "```{r}"),
    ],
)
def test_code_in_no_cell_is_told_with_what_begins_a_cell(tmp_path, name, fence, hint):
    head = "---\ntitle: A\njupyter:\n  kernelspec: {name: ir, display_name: R, language: R}\n---\n"
    end = fence[:3]
    (tmp_path / name).write_text(f"{head}\nText\n\n{fence}\nx <- 1\n{end}\n\n{fence}\ny <- 1\n{end}\n")
    lesson = read_source(tmp_path, name).lesson
    (finding,) = [one for one in check_lesson(lesson) if one.code == "L172"]
    assert finding.location.line == 9 and f"` {hint} `" in finding.hint
    (tmp_path / name).write_text(f"{head}\n{fence}\nx <- 1\n{end}\n\n{hint}\nx <- 1\n```\n")
    lesson = read_source(tmp_path, name).lesson
    assert lesson.code_cells and not [one for one in check_lesson(lesson) if one.code == "L172"]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.md", '```{code-cell}\nx = 1\n```\n\n+++ {"tags": ["my-color"]}\n\nText my-color\n', 5),
        ("a.md", "```{code-cell}\n:tags: [my-color]\n\nx = 1\n```\n", 2),
        ("a.md", "```{code-cell}\n---\ntags:\n- my-color\n---\nx = 1\n```\n", 4),
        ("a.py", '# %%\n# my-color\n\n# %% tags=["my-color"]\nx = 1\n', 4),
        ("a.md", '```python tags=["my-color"]\nx = 1\n```\n', 1),
        ("a.md", '```python\ny = "my-color"\n```\n\n```python tags=["my-color"]\nx = 1\n```\n', 5),
    ],
)
def test_a_tag_is_told_with_the_line_it_stands_in(tmp_path, name, text, line):
    (tmp_path / name).write_text(text)
    source = read_source(tmp_path, name)
    found = check_lesson(source.lesson, text=source.text)
    assert [one.location.line for one in found if one.code == "L171"] == [line]
