"""Lessons for the kernel tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Cell, Lesson

Make = Callable[..., Lesson]


def make(path: str, *sources: str, tags: tuple[str, ...] = ()) -> Lesson:
    """A lesson with a cell for each source, two lines apart, the first on line 11; `tags` are the last
    cell's."""
    cells, line = [], 11
    for number, source in enumerate(sources):
        end = line + source.count("\n") + 1
        last = number == len(sources) - 1
        cells.append(Cell("code", source, f"c{number}", tuple(range(line, end)), tags if last else ()))
        line = end + 1
    return Lesson(path, tuple(cells))


@pytest.fixture(scope="session")
def lesson() -> Make:
    return make


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two folders of lessons and some data."""
    root = tmp_path / "curso"
    for path, text in {
        "mkdocs.yml": "site_name: x\n",
        "lessons/a.py": "1",
        "lessons/data/x.csv": "a\n1\n",
        "datasets/y.csv": "b\n2\n",
        "lessons/model.py": "import deeper\nVALUE = deeper.VALUE\n",
        "lessons/deeper.py": "VALUE = 1\n",
        "lessons/.git/config": "no",
        "lessons/node_modules/m.js": "no",
        "lessons/env/pyvenv.cfg": "no",
        ".git/config": "no",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes; not part of a quick look")
