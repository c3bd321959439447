"""Whole lessons against what is said of them: each `tests/golden/checks/*.md` or `.py` and its `.txt`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from catalyst_lessons.core.report import Finding

Check = Callable[[Mapping[str, str]], tuple[Finding, ...]]

GOLDEN = Path(__file__).parents[1] / "golden" / "checks"
SOURCES = sorted(path for path in GOLDEN.iterdir() if path.suffix in (".md", ".py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_lesson_is_told_about_as_its_golden_text_says(check: Check, path: Path) -> None:
    folder = "exercises" if path.stem.startswith("exercise") else "lessons"
    files = {"lessons/data/cases.csv": "day,cases\n", f"{folder}/{path.name}": path.read_text(encoding="utf-8")}
    now = "".join(f"{finding}\n" for finding in check(files))
    golden = path.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


def test_the_clean_lesson_is_clean() -> None:
    assert (GOLDEN / "clean.txt").read_text(encoding="utf-8") == ""
