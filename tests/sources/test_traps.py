"""What has tripped readers of text notebooks: none of it may crash, change a cell or move a line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.files.sources import Source, is_source, read_source

Read = Callable[..., Source]

HEADER = "---\ntitle: Loops\n---\n"


def cells(source: Source) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(cell.kind, cell.source, cell.lines) for cell in source.lesson.cells]


def refused(read: Read, name: str, content: str | bytes) -> str:
    with pytest.raises(SourceError) as error:
        read(name, content)
    return str(error.value)


# The file ------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_text(read: Read) -> None:
    source = read("a.md", b"\xef\xbb\xbf---\ntitle: Loops\n---\nText\n")
    assert source.lesson.front.title.text == "Loops"
    assert cells(source) == [("markdown", "Text", (4,))]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_line_ends(read: Read, end: str) -> None:
    source = read("a.py", f"# ---{end}# title: Loops{end}# ---{end}{end}# %%{end}x = 1{end}y = 2{end}")
    assert cells(source) == [("code", "x = 1\ny = 2", (6, 7))]
    assert "\r" not in source.text


def test_bytes_that_are_not_utf8_are_told_with_their_line(read: Read) -> None:
    assert refused(read, "a.py", "# %%\nx = 1\n# niño\n".encode("latin-1")) == (
        "a.py:3: the source is not UTF-8: byte 0xf1 cannot stand here\n"
        "    hint: save the file as UTF-8; in most editors this is an option of Save As"
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file") as error:
        read_source(tmp_path, "lessons/01-x.py")
    assert str(error.value.location) == "lessons/01-x.py"


@pytest.mark.parametrize("name", ["a.py", "a.md", "a.myst", "a.Rmd", "a.R"])
def test_an_empty_file_is_a_lesson_without_cells(read: Read, name: str) -> None:
    assert cells(read(name, "")) == []


# The header ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.md", "a.myst", "a.Rmd", "a.markdown"])
@pytest.mark.parametrize(
    ("header", "line"), [("", 1), ("---\n---\n", 3), ("---\n---\n\n", 4), (HEADER, 4), ("---\n\n---\n", 4)]
)
def test_headers_of_markdown(read: Read, name: str, header: str, line: int) -> None:
    source = read(name, header + "Text\n")
    assert cells(source) == [("markdown", "Text", (line,))]
    assert source.findings == ()


@pytest.mark.parametrize(
    ("header", "line"),
    [("", 2), ("# ---\n# ---\n", 4), ("# ---\n# title: Loops\n# ---\n\n\n", 7), ("#!/x\n\n", 4)],
)
def test_headers_of_scripts(read: Read, header: str, line: int) -> None:
    assert cells(read("a.py", header + "# %%\nx = 1\n")) == [("code", "x = 1", (line,))]


@pytest.mark.parametrize("name", ["a.md", "a.myst", "a.Rmd"])
def test_a_header_alone_is_a_lesson_without_cells(read: Read, name: str) -> None:
    source = read(name, HEADER)
    assert cells(source) == []
    assert source.lesson.front.title.line == 2


def test_a_header_that_is_not_closed_is_text(read: Read) -> None:
    assert cells(read("a.md", "---\ntitle: Loops\n")) == [("markdown", "---\ntitle: Loops", (1, 2))]


def test_text_between_two_rules_is_no_header(read: Read) -> None:
    source = read("a.md", "---\nJust text.\n---\nMore\n")
    assert cells(source) == [("markdown", "---\nJust text.\n---\nMore", (1, 2, 3, 4))]


def test_a_broken_header_is_a_finding_and_the_cells_are_read(read: Read) -> None:
    source = read("a.py", "# ---\n# title: Loops: again\n# ---\n\n# %%\nx = 1\n")
    assert [str(finding) for finding in source.findings] == [
        "a.py:2: L101 the front matter is not valid YAML: mapping values are not allowed here\n"
        '    hint: put text that holds ": " or begins with a sign such as [ { @ ` * & in double quotes'
    ]
    assert cells(source) == [("code", "x = 1", (6,))]


def test_front_matter_stands_beside_jupyter_in_every_format(read: Read) -> None:
    kernel = "kernelspec:\n  name: ir\n  language: R\n  display_name: R\n"
    nested = "jupyter:\n" + "".join(f"  {line}\n" for line in kernel.splitlines())
    script = "".join(f"# {line}\n" for line in ["---", "title: Loops", *nested.splitlines(), "---"])
    for name, text in [("a.md", f"---\ntitle: Loops\n{nested}---\n"), ("a.R", script)]:
        lesson = read(name, text).lesson
        assert (lesson.front.title.text, lesson.kernel.name, dict(lesson.front.other)) == ("Loops", "ir", {})
    lesson = read("b.md", f"---\ntitle: Loops\n{kernel}---\n").lesson
    assert (lesson.format, lesson.front.title.text, lesson.kernel.name) == ("md:myst", "Loops", "ir")


# Formats -------------------------------------------------------------------------------------------------


def test_divs_in_markdown_are_not_taken_for_pandoc(read: Read) -> None:
    source = read("a.md", "::: challenge\nTry.\n:::\n")
    assert source.lesson.format == "md:markdown"
    assert cells(source) == [("markdown", "::: challenge\nTry.\n:::", (1, 2, 3))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("```{code-cell}\nx\n```\n", "md:myst"),
        ("````\n```{code-cell}\nx\n```\n````\n", "md:markdown"),
        ("---\nkernelspec:\n  name: python3\n---\nText\n", "md:myst"),
        ("---\njupyter:\n  kernelspec:\n    name: python3\n---\nText\n", "md:markdown"),
        ("---\njupytext:\n  text_representation:\n    format_name: myst\n---\nText\n", "md:myst"),
        (
            "---\njupyter:\n  jupytext:\n    text_representation:\n      extension: .md\n      format_name: markdown\n"
            "---\n```{code-cell}\nx\n```\n",
            "md:markdown",
        ),
        ("No code at all.\n", "md:markdown"),
    ],
)
def test_the_format_of_a_markdown_file(read: Read, text: str, name: str) -> None:
    assert read("a.md", text).lesson.format == name


def stated(name: str) -> str:
    representation = f"{{text_representation: {{extension: .md, format_name: {name}}}}}"
    return f"---\ntitle: x\njupyter:\n  jupytext: {representation}\n---\n"


def test_sources_for_other_programs_are_told(read: Read) -> None:
    assert refused(read, "a.qmd", HEADER) == (
        "a.qmd: this source is written for Quarto, and only Quarto itself can turn it into cells\n"
        "    hint: convert it once: `quarto convert a.qmd`, and keep the notebook as the source"
    )
    assert refused(read, "a.md", stated("pandoc")).startswith("a.md:3: this source is written for Pandoc")
    marimo = "import marimo\napp = marimo.App()\n\n@app.cell\ndef _():\n    return\n"
    assert refused(read, "a.py", marimo).startswith("a.py:1: this source is written for marimo")


def test_an_unknown_format_is_told_with_those_that_are_known(read: Read) -> None:
    assert refused(read, "a.md", stated("markdwon")) == (
        "a.md:3: `markdwon` is not a format of such files\n    hint: write one of: markdown, pandoc, myst"
    )


def test_other_endings_are_refused(read: Read) -> None:
    assert refused(read, "a.docx", b"").startswith("a.docx: `.docx` is not the ending of a source")


def test_what_is_a_source() -> None:
    yes = ["lessons/01-x.py", "a.md", "b/c.ipynb", "x.Rmd", "x.R", "x.qmd", "./a.md"]
    no = [
        "a.txt",
        "data/x.csv",
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        "lessons/_plots.py",
        "py",
        "Makefile",
    ]
    assert [path for path in yes + no if is_source(path)] == yes


# Cells ---------------------------------------------------------------------------------------------------


def test_a_marker_in_a_string_is_text(read: Read) -> None:
    source = read("a.py", '# %%\ntext = """\n# %% [markdown]\n"""\n\n# %%\ny = 2\n')
    assert cells(source) == [
        ("code", 'text = """\n# %% [markdown]\n"""', (2, 3, 4)),
        ("code", "y = 2", (7,)),
    ]


def test_escaped_magics_are_magics_and_comments_stay_comments(read: Read) -> None:
    source = read("a.py", "# %%\n# %matplotlib inline\n# # %matplotlib inline\n# List the files\n# matplotlib\n")
    assert cells(source) == [
        ("code", "%matplotlib inline\n# %matplotlib inline\n# List the files\n# matplotlib", (2, 3, 4, 5))
    ]
    assert source.findings == ()


@pytest.mark.parametrize("comment", ["ls", "cat x", "copy the list first", "Why?"])
def test_comments_that_jupytext_takes_for_commands_are_told(read: Read, comment: str) -> None:
    source = read("a.py", f"# %%\nx = 1\n# {comment}\n")
    assert source.lesson.cells[0].source == f"x = 1\n{comment}"
    assert [str(finding) for finding in source.findings] == [
        f"a.py:3: L108 info: Jupytext reads this comment as the command `{comment}`, and the notebook runs it\n"
        "    hint: if it is meant as a comment, begin it with a capital letter or another word"
    ]


@pytest.mark.parametrize("comment", ["List", "ls = 3", "%time x", "!ls", "x = !ls", "catalog"])
def test_plain_comments_and_plain_magics_are_not_told(read: Read, comment: str) -> None:
    assert read("a.py", f"# %%\nx = 1\n# {comment}\n").findings == ()


def test_comments_stay_where_the_header_says_so(read: Read) -> None:
    header = "# ---\n# jupyter:\n#   jupytext:\n#     comment_magics: false\n# ---\n"
    source = read("a.py", header + "# %%\n# ls\n# %matplotlib inline\n")
    assert source.lesson.cells[0].source == "# ls\n# %matplotlib inline"
    assert source.findings == ()


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        *(("a.py", "# %%\n", ""), ("a.py", '# %% [markdown]\n"""\n', '\n"""\n'), ("a.md", "", "")),
        *(
            ("a.myst", "Text\n", ""),
            ("a.myst", "```{code-cell}\n", "\n```\n"),
            ("a.Rmd", "```{r}\n", "\n```\n"),
        ),
    ],
)
def test_separators_within_a_line_are_text(read: Read, separator: str, name: str, begin: str, end: str) -> None:
    text = f"a{separator}b {separator}c\n{separator}d\nlast"
    source = read(name, begin + text + end)
    assert source.lesson.cells[-1].source.endswith(text)
    assert source.lesson.cells[-1].lines[-1] == (begin + text).count("\n") + 1


def test_a_form_feed_before_a_marker_is_no_text(read: Read) -> None:
    source = read("a.py", "# %%\nx = 1\n\n\x0c# %%\ny = 2\n")
    assert cells(source) == [("code", "x = 1", (2,)), ("code", "y = 2", (5,))]


def test_tabs_stay(read: Read) -> None:
    assert cells(read("a.py", "# %%\nif x:\n\ty = 1\t# b\n")) == [("code", "if x:\n\ty = 1\t# b", (2, 3))]


def test_cell_options_that_cannot_be_read_are_told(read: Read) -> None:
    source = read("a.py", '# %%\nx = 1\n\n# %% alt="A bar chart\ny = 2\n')
    assert cells(source) == [("code", "x = 1", (2,)), ("code", "y = 2", (5,))]
    assert [str(finding).splitlines()[0] for finding in source.findings] == [
        'a.py:4: L109 these cell options cannot be read: # %% alt="A bar chart'
    ]
    assert not source.lesson.cells[1].metadata


def test_options_that_jupytext_stumbles_over_are_told_with_their_line(read: Read) -> None:
    told = refused(read, "a.Rmd", "Text\n\n```{r, fig.cap=c(1}\nx\n```\n")
    assert told.startswith("a.Rmd:3: the cell that begins here cannot be read: Option line")
    told = refused(read, "a.md", "```python tags=3\nx\n```\n")
    assert told.startswith("a.md:1: the cell that begins here cannot be read: 'int'")
    told = refused(read, "a.myst", "Text\n\n```{code-cell}\n:tags: [a\nx\n```\n")
    assert told.startswith("a.myst:3: the options of this cell cannot be read: ")
    told = refused(read, "a.myst", "Text\n\n+++ {tags}\n\nText\n")
    assert told.startswith("a.myst:3: what stands after `+++` is not JSON: {tags}")
    for block in ("a: !!bool x", "a: &a [*a]"):
        told = refused(read, "a.myst", f"Text\n\n```{{code-cell}}\n---\n{block}\n---\nx\n```\n")
        assert told.startswith("a.myst:3: the options of this cell cannot be read: ")


@pytest.mark.parametrize(
    "header", ["jupytext: {text_representation: [1]}", "jupytext: {formats: [x]}", "kernelspec: {language: [x]}"]
)
def test_headers_that_jupytext_stumbles_over_are_told_with_their_line(read: Read, header: str) -> None:
    told = refused(read, "a.py", f"# ---\n# title: A\n# jupyter:\n#   {header}\n# ---\n\n# %%\n1\n")
    assert told.startswith("a.py:3: Jupytext cannot use what the front matter tells it: ")


def test_options_of_a_cell_are_json_whatever_yaml_they_are(read: Read) -> None:
    (cell,) = read("a.myst", "```{code-cell}\n---\n1: a\nb: 2026-11-22\n---\nx\n```\n").lesson.cells
    assert dict(cell.metadata) == {"1": "a", "b": "2026-11-22"}


@pytest.mark.parametrize(
    ("options", "tags"),
    [
        ('tags=["hint", "check"]', ("hint", "check")),
        ('tags="hint"', ("hint",)),
        ('tags="hint, check"', ("hint", "check")),
        ('tags=["remove_input", "hide_cell", "my_tag"]', ("remove-input", "hide-cell", "my_tag")),
        ('tags=["a", "a"]', ("a",)),
    ],
)
def test_tags(read: Read, options: str, tags: tuple[str, ...]) -> None:
    (cell,) = read("a.md", f"```python {options}\nx\n```\n").lesson.cells
    assert cell.tags == tags
    assert "tags" not in cell.metadata


def test_layout_is_not_kept_in_metadata(read: Read) -> None:
    (cell, _) = read("a.py", '# %% [markdown] name="x"\n"""\nText\n"""\n# %%\ny = 1\n').lesson.cells
    assert dict(cell.metadata) == {"name": "x"}


# Ids, title, kernel --------------------------------------------------------------------------------------


def test_ids_follow_from_the_text_and_are_unique(read: Read) -> None:
    text = "# %%\nx = 1\n\n# %%\nx = 1\n\n# %% [markdown]\n# x = 1\n"
    first, second, third = (cell.id for cell in read("a.py", text).lesson.cells)
    assert len({first, second, third}) == 3
    moved = read("a.py", "# %%\nnew = 1\n\n" + text).lesson.cells
    assert [cell.id for cell in moved][1:] == [first, second, third]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Loops\n\n", "Loops"),
        ("#   Loops in *Python* ##\n", "Loops in *Python*"),
        ("\n# Loops\n", "Loops"),
        ("Loops\n=====\n\n", "Loops"),
    ],
)
def test_a_first_heading_becomes_the_title_and_leaves_the_cell(read: Read, heading: str, title: str) -> None:
    source = read("a.md", heading + "Text.\n", language="es")
    phrase = source.lesson.front.title
    assert (phrase.text, phrase.language, phrase.line) == (title, "es", 1 + heading.startswith("\n"))
    assert cells(source) == [("markdown", "Text.", (heading.count("\n") + 1,))]


def test_a_target_above_the_title_stays(read: Read) -> None:
    source = read("a.md", "(loops)=\n# Loops\n\nText.\n")
    assert source.lesson.front.title.text == "Loops"
    assert cells(source) == [("markdown", "(loops)=\nText.", (1, 4))]


@pytest.mark.parametrize("text", ["## Part\n", "Text.\n\n# Late\n", "#hashtag\n", "#\n", "- item\n===\n"])
def test_what_is_no_title_stays(read: Read, text: str) -> None:
    source = read("a.md", text)
    assert source.lesson.front.title.text == ""
    assert source.lesson.cells[0].source == text.rstrip("\n")


def test_a_heading_below_a_title_in_front_matter_stays(read: Read) -> None:
    source = read("a.md", HEADER + "# Another\n")
    assert (source.lesson.front.title.text, source.lesson.cells[0].source) == ("Loops", "# Another")


def test_a_cell_of_a_title_alone_is_left_out(read: Read) -> None:
    assert cells(read("a.py", "# %% [markdown]\n# # Loops\n\n# %%\nx = 1\n")) == [("code", "x = 1", (5,))]


@pytest.mark.parametrize(
    ("name", "text", "kernel"),
    [
        ("a.py", "# %%\n", ("python3", "python")),
        ("a.R", "# %%\n", ("ir", "R")),
        ("a.Rmd", "```{r}\nx\n```\n", ("ir", "R")),
        ("a.Rmd", "```{python}\nx\n```\n", ("python3", "python")),
        ("a.jl", "# %%\n", ("julia", "julia")),
        ("a.sh", "# %%\n", ("bash", "bash")),
        ("a.md", "```bash\nls\n```\n", ("bash", "bash")),
        ("a.md", "Text\n", ("python3", "python")),
        ("a.myst", "```{code-cell} ipython3\nx\n```\n", ("python3", "python")),
        ("a.myst", "```{code-cell} julia\nx\n```\n", ("julia", "julia")),
        ("a.md", "---\njupyter: julia-1.10\n---\n", ("julia-1.10", "julia")),
        ("a.py", "# ---\n# jupyter:\n#   kernelspec:\n#     name: my-env\n# ---\n", ("my-env", "python")),
    ],
)
def test_the_kernel(read: Read, name: str, text: str, kernel: tuple[str, str]) -> None:
    found = read(name, text).lesson.kernel
    assert (found.name, found.language) == kernel


def test_rmarkdown_options_become_tags(read: Read) -> None:
    text = "```{r, eval=FALSE, echo=FALSE}\nx\n```\n\n```{r, eval=TRUE}\ny\n```\n"
    first, second = read("a.Rmd", text).lesson.cells
    assert set(first.tags) == {"skip-execution", "remove-input"} and not first.metadata
    assert second.tags == ()


@pytest.mark.parametrize("text", ["# a" + " \t" * 200_000 + "x\n", " " * 400_000 + "x\n", "# A ##\n"])
def test_a_title_of_white_space_is_read_once(read: Read, text: str) -> None:
    # Before, the square of its length: hours.
    assert read("a.md", text).lesson.front.title.text[:1] in ("a", "A", "")


# Cost ----------------------------------------------------------------------------------------------------


def test_looking_at_paths_and_reading_notebooks_do_not_import_jupytext(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    code = (
        "import sys, pathlib; from catalyst_lessons.files.sources import is_source, read_source;"
        f"is_source('a.py'); read_source(pathlib.Path({str(tmp_path)!r}), 'a.ipynb');"
        "print(sorted({'jupytext', 'nbformat', 'markdown_it'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("mark", ["---\n{}\n---", ":{}"])
def test_options_that_aliases_blow_up_are_told(read: Read, mark: str) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    rows = ("\n" if mark.startswith("-") else "\n:").join(["a0: &a0 x", *levels])
    text = f"```{{code-cell}} python\n{mark.format(rows)}\nprint(1)\n```\n"
    assert "a.md:1: the options of this cell cannot be read: its aliases make far more" in refused(read, "a.md", text)


def test_options_that_use_an_alias_are_fine(read: Read) -> None:
    text = "```{code-cell} python\n:a: &tags [hide-input]\n:tags: *tags\nprint(1)\n```\n"
    assert read("a.md", text).lesson.cells[0].tags == ("hide-input",)
