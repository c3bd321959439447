"""The law of all readers: the same cells as Jupytext gives, and each line of each cell stands where it says."""

from __future__ import annotations

import contextlib
import json
import os
import re
import warnings
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.files.sources import SCRIPTS, Source, is_source, read_source

FIXTURES = Path(__file__).parent / "fixtures"
# A folder with lessons of others, too large to keep here: any sources below it are read.
CORPORA = os.environ.get("CATALYST_CORPORA", "")


def sources_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if is_source(path.name))


def misplaced(source: Source) -> list[tuple[str, int, str]]:
    """The lines of cells that are not part of the source line they point to."""
    whole = source.text.split("\n")
    found = []
    for cell in source.lesson.cells:
        lines = cell.source.split("\n")
        assert len(lines) == len(cell.lines), f"{len(lines)} lines, {len(cell.lines)} places: {cell}"
        for text, number in zip(lines, cell.lines, strict=True):
            if text.strip() and not stands_in(text, whole[number - 1], source.lesson.format):
                found.append((text, number, whole[number - 1]))
    return found


def stands_in(text: str, whole: str, name: str) -> bool:
    if name == "ipynb":
        # An upgraded heading has signs that its line in the file has not.
        plain = text.lstrip("# ") or text
        return any(json.dumps(plain, ensure_ascii=escaped)[1:-1] in whole for escaped in (True, False))
    # An indented magic loses the sign between its indentation and itself; the language of a cell stands as an
    # option in its marker, not as `%%language`.
    return text.strip() in whole or (text.startswith("%%") and text[2:].split()[0] in whole)


def jupytext_cells(source: Source) -> list[tuple[str, str]]:
    """Kind and text of the cells as Jupytext itself reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if source.lesson.format == "ipynb":
            notebook = nbformat.reads(source.text, as_version=4)
        else:
            extension, name = source.lesson.format.split(":")
            fmt = {"extension": f".{extension}", "format_name": name}
            if fmt["extension"] in SCRIPTS:
                del fmt["format_name"]  # Jupytext finds it by itself, and must come to the same
            notebook = jupytext.reads(source.text, fmt)
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def our_cells(source: Source) -> list[tuple[str, str]]:
    return [(cell.kind, cell.source) for cell in source.lesson.cells]


def without_header(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return cells[1:] if cells and cells[0][0] == "raw" and cells[0][1].startswith("---") else cells


def not_empty(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in cells if text]


def lines_of(text: str) -> list[str]:
    """The lines with something on them, but for those of `=` below a title."""
    return [line for line in text.split("\n") if line.strip() and not set(line.strip()) <= {"="}]


def lines_besides(title: str, text: str) -> list[str]:
    """The same without the first one that is the title."""
    lines = lines_of(text)
    at = next((n for n, line in enumerate(lines) if title in line and line.strip("# \t") == title), None)
    return lines if at is None else lines[:at] + lines[at + 1 :]


def assert_same_cells(source: Source) -> None:
    """The cells are Jupytext's, but for front matter, empty cells, and a title taken out of the first Markdown."""
    theirs, ours = not_empty(without_header(jupytext_cells(source))), not_empty(our_cells(source))
    if source.lesson.format == "py:sphinx":
        theirs = theirs[1:]  # the `%matplotlib inline` that stands in no source
    title = source.lesson.front.title.text
    if title and "title" not in source.lesson.front.lines:
        first = next(n for n, (kind, text) in enumerate(theirs) if kind == "markdown" and title in text)
        if len(ours) < len(theirs):
            del theirs[first]
        else:
            assert lines_besides(title, theirs[first][1]) == lines_of(ours[first][1])
            theirs[first] = ours[first]
    assert ours == theirs


@pytest.mark.parametrize("path", sources_in(FIXTURES))
def test_every_line_of_every_cell_stands_where_it_says(path: str) -> None:
    source = read_source(FIXTURES, path)
    assert source.lesson.cells
    assert misplaced(source) == []
    assert_same_cells(source)


@pytest.mark.parametrize("path", sources_in(Path(CORPORA)) if CORPORA else [])
def test_lessons_of_others_are_read_with_their_lines(path: str) -> None:
    source = read_source(Path(CORPORA), path)
    assert misplaced(source) == []
    assert_same_cells(source)


def test_the_law_sees_a_wrong_line() -> None:
    source = read_source(FIXTURES, "percent.py")
    cell = source.lesson.cells[0]
    moved = type(cell)(cell.kind, cell.source, cell.id, tuple(line + 1 for line in cell.lines))
    assert misplaced(Source(source.lesson.with_cells((moved,)), (), source.text))


def test_our_list_of_script_endings_is_jupytexts() -> None:
    from jupytext.languages import _SCRIPT_EXTENSIONS

    assert set(_SCRIPT_EXTENSIONS) == SCRIPTS


# Laws over sources made of the pieces that trouble readers ------------------------------------------------

PYTHON = st.sampled_from(
    [
        *(
            "",
            "",
            "x = 1",
            "    y = 2",
            "# a comment",
            "# ls",
            "# %matplotlib inline",
            "# # %time x",
            "#",
            "# +",
        ),
        *(
            "# -",
            "# %%",
            "# %% [markdown]",
            '# %% tags=["a"]',
            "# %% [markdown] active='py'",
            "def f():",
            '"""',
            "'''",
        ),
        *(
            's = """text',
            "it's",
            "# ```",
            "#%%",
            "  # %% in",
            "# %% [raw]",
            '# %% language="bash"',
            "\t",
            "# é 🎈",
        ),
        *(
            "# <codecell>",
            "# In[3]:",
            "# + [markdown]",
            "# region",
            "# endregion",
            "%time x",
            "!ls",
            "# !ls \\",
        ),
        *("################################", '"""one line"""', '"""\n', '\n"""', 'r"""'),
    ]
)
MARKDOWN = st.sampled_from(
    [
        *(
            "",
            "",
            "text",
            "# Title",
            "## Part",
            "```python",
            "```",
            "````python",
            "````",
            "    code",
            "```{r}",
            "***",
        ),
        *(
            '<!-- #region tags=["a"] -->',
            "<!-- #endregion -->",
            "<!-- #raw -->",
            "<!-- #endraw -->",
            ":::",
            "::: x",
        ),
        *(
            "```python tags=['a']",
            "~~~",
            "x = '''",
            "```bash",
            "- item",
            "  ```python",
            "> quote",
            "```{python}",
        ),
        *(
            "```{code-cell}",
            ":tags: [a]",
            "```{raw-cell}",
            "+++",
            '+++ {"a": 1}',
            "===",
            "Text  ",
            "```python .noeval",
        ),
    ]
)


HEADERS = [[], ["---", "title: x", "---"], ["---", "jupyter:", "  a: 1", "---", ""], ["---", "---", "", ""]]


def assert_law(folder: Path, name: str, lines: list[str]) -> None:
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    try:
        source = read_source(folder, name)
    except SourceError:
        # Options of a cell that cannot be read: Jupytext stumbles over them as well.
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it stumbles over
            jupytext.read(folder / name, fmt={"format_name": "myst"} if "{code-cell}" in str(lines) else {})
        return
    assert misplaced(source) == []
    # Jupytext gives up on empty headers, or takes the text after them for YAML; we do not.
    with contextlib.suppress(yaml.YAMLError, nbformat.ValidationError):
        assert_same_cells(source)


LAW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@given(
    st.sampled_from(HEADERS),
    st.lists(PYTHON, max_size=14),
    st.sampled_from(["x.py", "x.py", "x.R", "x.jl", "x.sh"]),
)
def test_the_law_holds_for_scripts(tmp_path: Path, header: list[str], lines: list[str], name: str) -> None:
    assert_law(tmp_path, name, [f"# {line}".rstrip() if line else line for line in header] + lines)


@LAW
@given(
    st.sampled_from(HEADERS),
    st.lists(MARKDOWN, max_size=14),
    st.sampled_from(["x.md", "x.md", "x.Rmd", "x.markdown", "x.myst"]),
)
def test_the_law_holds_for_markdown(tmp_path: Path, header: list[str], lines: list[str], name: str) -> None:
    assert_law(tmp_path, name, header + lines)


@LAW
@given(st.text(alphabet='a"\\\n\u2028\x0cé🎈'), st.booleans(), st.booleans())
def test_the_law_holds_for_notebooks(tmp_path: Path, text: str, escaped: bool, joined: bool) -> None:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": text if joined else re.findall(r".*\n|.+", text),
    }
    cell |= {"outputs": [], "execution_count": None, "id": "a"}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "x.ipynb").write_text(json.dumps(notebook, indent=1, ensure_ascii=escaped), encoding="utf-8")
    source = read_source(tmp_path, "x.ipynb")
    assert our_cells(source) == [("code", text)]
    assert misplaced(source) == []
