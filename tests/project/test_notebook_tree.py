"""The notebook tree: what hubs pull."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from catalyst_lessons.core.exercises import MARK
from catalyst_lessons.project import Project
from catalyst_lessons.project.notebooks import notebook_tree
from tests.curricula import LESSON, catalog, write_curriculum

ROOT = Path(__file__).parents[2]
SOURCE = """\
---
title: Rice
data: [data/rice.csv, ../shared/all.csv, data/gone.csv]
authors: [A. Author]
license: CC-BY-4.0
---

Good morning. ![field](images/field.png) [next](b.md)

```{figure} images/map.png
:alt: Map
```

::: instructor
Secret timing.
:::

```python
print("one")
```
"""
FILES = {
    "lessons/a.md": SOURCE,
    "lessons/b.md": LESSON,
    "lessons/data/rice.csv": "1",
    "lessons/data/unused.csv": "2",
    "lessons/images/field.png": "3",
    "lessons/images/map.png": "4",
    "shared/all.csv": "5",
    "locales/es/LC_MESSAGES/lessons/b.po": catalog({"Good morning.": "Buenos días."}),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Project:
    return Project.open(write_curriculum(tmp_path_factory.mktemp("small"), FILES), environ={})


@pytest.fixture(scope="module")
def ours() -> Project:
    """The curriculum of this repository."""
    return Project.open(ROOT, environ={})


def notebooks(project: Project) -> dict[str, nbformat.NotebookNode]:
    tree = notebook_tree(project).contents
    return {path: nbformat.reads(text.decode(), 4) for path, text in tree.items() if path.endswith(".ipynb")}


def test_data_and_pictures_stand_beside_the_notebooks(small):
    files = ("data/rice.csv", "images/field.png", "images/map.png")
    expected = {f"{tag}/lessons/{name}.ipynb" for tag in ("en", "es") for name in "ab"}
    expected |= {f"{tag}/lessons/{file}" for tag in ("en", "es") for file in files}
    expected |= {f"{tag}/shared/all.csv" for tag in ("en", "es")}
    tree = notebook_tree(small)
    assert set(tree.contents) == expected
    assert tree.sources["es/lessons/data/rice.csv"] == "lessons/data/rice.csv"


def test_prose_is_translated_and_code_is_not(small):
    english, spanish = (notebooks(small)[f"{tag}/lessons/b.ipynb"] for tag in ("en", "es"))
    assert "Buenos días." in str(spanish) and "Good morning." not in str(spanish)
    assert "Good morning." in str(english)
    assert spanish.metadata.catalyst.language == "es"


def test_notebook_tells_where_it_comes_from(small):
    metadata = notebooks(small)["es/lessons/a.ipynb"].metadata.catalyst
    assert metadata.page == "https://lessons.example.org/es/lessons/a/"
    assert metadata.source == "https://github.com/example/lessons/edit/main/lessons/a.md"
    assert metadata.authors == ["A. Author"] and metadata.license == "CC-BY-4.0"
    assert metadata.curriculum == "Small curriculum"


def test_trainers_notes_are_absent(small):
    assert not [path for path, text in notebook_tree(small).contents.items() if b"Secret timing" in text]


def test_two_trees_have_the_same_bytes(small):
    assert notebook_tree(small).contents == notebook_tree(Project.open(small.root, environ={})).contents


def test_every_notebook_of_ours_is_valid_and_has_no_outputs(ours):
    found = notebooks(ours)
    assert len(found) > 10
    for notebook in found.values():
        nbformat.validate(notebook)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        assert not [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]


def test_code_is_the_same_in_all_languages(ours):
    found = notebooks(ours)
    code = {
        path: [cell.source for cell in notebook.cells if cell.cell_type == "code"] for path, notebook in found.items()
    }
    first = ours.languages[0].folder
    for path, cells in code.items():
        assert cells == code[f"{first}/{path.partition('/')[2]}"], path


def solution_lines(text: str) -> list[str]:
    """The lines between solution marks that say something, and say it nowhere else (as a hint may)."""
    lines, rest, inside = [], [], False
    for line in text.split("\n"):
        mark = MARK.match(line.removeprefix("# ") if line.startswith("# ###") else line)
        inside = mark[1].upper() == "BEGIN" if mark else inside
        (lines if inside and not mark else rest).append(line.strip())
    return [line for line in lines if len(line) > 12 and not any(line in other for other in rest)]


def test_starters_hold_no_line_of_a_solution(ours):
    tree = notebook_tree(ours).contents
    told = 0
    for exercise in ours.curriculum.exercises:
        secret = solution_lines((ROOT / exercise.path).read_text("utf-8"))
        told += len(secret)
        for language in ours.languages:
            starter = json.dumps(json.loads(tree[f"{language.folder}/{exercise.name}.ipynb"]), ensure_ascii=False)
            solved = tree[f"{language.folder}/{exercise.name}-solution.ipynb"].decode()
            for line in secret:
                written = json.dumps(line, ensure_ascii=False)[1:-1]
                assert written not in starter, f"{exercise.path}: {line}"
                assert written in solved
    assert told > 10


def test_notebooks_of_ours_hold_no_marks_of_callouts(ours):
    for path, notebook in notebooks(ours).items():
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                assert not [
                    line for line in cell.source.split("\n") if line.lstrip("> ").startswith((":::", "!!!", "???"))
                ], path
