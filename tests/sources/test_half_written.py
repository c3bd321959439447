"""Sources that somebody is still writing, or that a program broke: an error with its place, or none, but no crash."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.files.sources import Source

Read = Callable[..., Source]

BODIES = {
    "a.md": "Text\n\n```python\n1\n```\n",
    "a.py": "# %% [markdown]\n# T\n\n# %%\n1\n",
    "a.Rmd": "T\n\n```{r}\n1\n```\n",
    "a.R": "#+\n1\n",
    "b.md": "T\n\n```{code-cell}\n1\n```\n",
}
KEYS = (
    "jupytext",
    "kernelspec",
    "jupytext:\n    formats",
    "jupytext:\n    cell_markers",
    "jupytext:\n    main_language",
    "jupytext:\n    custom_cell_magics",
    "jupytext:\n    text_representation",
    "jupytext:\n    text_representation:\n      extension",
    "jupytext:\n    text_representation:\n      jupytext_version",
)


def written(name: str, key: str, value: str) -> str:
    mark = "" if name.endswith("md") else "# "
    front = f"---\njupyter:\n  {key}: {value}\n---\n"
    return "".join(f"{mark}{line}\n" for line in front.splitlines()) + "\n" + BODIES[name]


def refusal(read: Read, name: str, text: str) -> SourceError | None:
    try:
        assert read(name, text).lesson.cells
    except SourceError as error:
        return error
    return None


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", BODIES)
def test_no_value_of_jupyters_keys_crashes(read: Read, name: str, key: str) -> None:
    for value in ("", "word", "3", "[a, b]", "{a: 1}", "true", "!!binary aGk="):
        error = refusal(read, name, written(name, key, value))
        assert error is None or (error.location and error.location.line and error.hint)


@pytest.mark.parametrize("name", BODIES)
def test_a_key_without_its_value_says_nothing(read: Read, name: str) -> None:
    assert read(name, written(name, "kernelspec", "")).lesson.kernel == read(name, BODIES[name]).lesson.kernel


def test_what_jupytext_stumbles_over_is_told_with_its_place(read: Read) -> None:
    with pytest.raises(SourceError, match=r"a\.md:2: Jupytext cannot use what the front matter tells it: 'foo'"):
        read("a.md", written("a.md", "jupytext:\n    formats", "foo"))


def test_a_cells_language_is_a_word(read: Read) -> None:
    assert len(read("a.md", "```python language=5\n1\n```\n").lesson.cells) == 1


@pytest.mark.parametrize("option", ["tags: !foo bar", "tags: {[a]: b}", "date: 2026-99-99", "[a, b]"])
def test_options_that_yaml_cannot_build_are_told(read: Read, option: str) -> None:
    with pytest.raises(SourceError, match=r"a\.md:3: the options of this cell cannot be read"):
        read("a.md", f"Text\n\n```{{code-cell}}\n:{option}\n1\n```\n")


@pytest.mark.parametrize("cells", [5, 1.5, True, "text", {"a": 1}])
def test_cells_that_are_no_list(read: Read, cells: object) -> None:
    with pytest.raises(SourceError, match=r"a\.ipynb:1: the `cells` of the notebook are no list"):
        read("a.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))


def test_a_number_that_python_does_not_read(read: Read) -> None:
    with pytest.raises(SourceError, match="4300 digits"):
        read("a.ipynb", f'{{"cells": [], "metadata": {{"x": {"9" * 5000}}}}}')
