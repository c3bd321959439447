"""What a run is kept under, and how it is kept."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Cell, FrontMatter, Kernel, Lesson, Location
from catalyst_lessons.core.report import CellTime, Run
from catalyst_lessons.files.kernels import cache
from catalyst_lessons.files.kernels.cache import RunCache, cache_key
from catalyst_lessons.files.kernels.execution import Limits

from .conftest import make

PASSED = Run(
    "lessons/a.py",
    "passed",
    seconds=1.5,
    cells=(CellTime(1, 11, 0.25, "print('ñ')"), CellTime(3, 20, 1.0)),
    memory=61,
    outputs={"c0": ({"output_type": "stream", "name": "stdout", "text": "ñ\ud800"},)},
)


def key(root: Path, lesson: Lesson) -> str:
    return cache_key(root, lesson)


def test_prose_and_display_tags_do_not_change_the_key(project: Path) -> None:
    lesson = make("lessons/a.py", "x = 1")
    prose = Cell("markdown", "Hello", "m", (1,))
    shown = replace(lesson.cells[0], tags=("hide-input",), lines=(40,))
    assert key(project, lesson) == key(project, lesson.with_cells((prose, shown)))
    assert key(project, lesson) == key(project, replace(lesson, language="es", front=FrontMatter(teaching=5)))


@pytest.mark.parametrize(
    "other",
    [
        make("lessons/a.py", "x = 2"),
        make("lessons/a.py", "x = 1", ""),
        make("lessons/a.py", "x = 1", tags=("raises-exception",)),
        make("lessons/a.py", "x = 1", tags=("skip-execution",)),
        make("lessons/b.py", "x = 1"),
        replace(make("lessons/a.py", "x = 1"), kernel=Kernel("ir", "R")),
    ],
)
def test_code_order_tags_and_kernel_change_the_key(project: Path, other: Lesson) -> None:
    assert key(project, make("lessons/a.py", "x = 1")) != key(project, other)


def test_form_and_limits_change_the_key(project: Path) -> None:
    lesson = make("lessons/a.py", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    keys = {cache_key(project, lesson, form=form) for form in ("lesson", "starter", "solution")}
    assert len(keys | {cache_key(project, lesson, limits=Limits(cell_seconds=1))}) == 4


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("open('data/x.csv')", "lessons/data/x.csv"),
        ("import glob\nglob.glob('data')", "lessons/data/new.csv"),
        ('pd.read_csv("../datasets/y.csv")', "datasets/y.csv"),
        ("import model", "lessons/model.py"),
        ("from model import VALUE as V", "lessons/model.py"),
        ("import os, model as m", "lessons/deeper.py"),
        ("%run model.py", "lessons/deeper.py"),
        ("!cat data/x.csv", "lessons/data/x.csv"),
        ("from pack import part", "lessons/pack/part.py"),
        ("import pack.part", "lessons/pack/__init__.py"),
        ("from model import *", "lessons/model.py"),
        ("from model import (\n    VALUE,  # one (of two)\n    OTHER as O,\n)", "lessons/model.py"),
        ("from pack import (\n    other, part,\n)", "lessons/pack/part.py"),
        ("import os, \\\n    model", "lessons/model.py"),
        ("x = 1; import model", "lessons/model.py"),
        ("try: import model\nexcept ImportError: pass", "lessons/model.py"),
        ("import pack", "lessons/pack/part.py"),
        ("import pack", "lessons/pack/within/leaf.py"),
        ("import pack", "lessons/pack/within/up.py"),
    ],
)
def test_files_the_code_names_or_imports_change_the_key(project: Path, code: str, path: str) -> None:
    (project / "lessons/pack/within").mkdir(parents=True)
    texts = {"__init__": "from .part import *", "part": "from .within.leaf import LEAF", "within/__init__": ""}
    texts |= {"within/leaf": "from . import up", "within/up": "from .....very.far import away\nfrom .. import part"}
    for name, text in texts.items():
        (project / f"lessons/pack/{name}.py").write_text(text)
    lesson = make("lessons/a.py", code)
    before = key(project, lesson)
    (project / "lessons/unrelated.csv").write_text("x")
    assert key(project, lesson) == before
    (project / path).write_text("other")
    assert key(project, lesson) != before


def test_declared_files_change_the_key(project: Path) -> None:
    lesson = replace(make("lessons/a.py", "x = 1"), front=FrontMatter(data=("data/x.csv", "gone.csv")))
    before = key(project, lesson)
    (project / "lessons/data/x.csv").write_text("other")
    assert key(project, lesson) != before


def test_versions_of_what_is_imported_change_the_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = make("lessons/a.py", "import yaml")
    before, other = key(project, lesson), key(project, make("lessons/a.py", "x = 1"))
    assert "PyYAML" in cache._version("yaml")
    for code in ("from yaml import *", "from yaml import (\n    dump,\n)", "try: import yaml\nexcept ImportError: 1"):
        assert cache._inputs(project / "lessons", code, declared=())[1] == {"yaml"}
    monkeypatch.setattr(cache, "_version", lambda name: f"{name} 99")
    assert key(project, lesson) != before
    assert key(project, make("lessons/a.py", "x = 1")) == other


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    store = RunCache(tmp_path / "runs")
    assert store.get("a" * 64) is None
    store.put("a" * 64, PASSED)
    found = store.get("a" * 64)
    assert found == PASSED.from_cache()
    assert found is not None
    assert found.outputs == PASSED.outputs
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [f"{'a' * 64}.json"]
    assert json.loads((tmp_path / "runs" / f"{'a' * 64}.json").read_text(encoding="utf-8"))["path"] == "lessons/a.py"


def test_a_starter_that_failed_comes_back_with_its_place(tmp_path: Path) -> None:
    run = replace(
        PASSED,
        form="starter",
        outcome="failed",
        location=Location("lessons/a.py", 12),
        cell=2,
        error="AssertionError",
        message="no",
        excerpt="----> 12 assert x",
    )
    RunCache(tmp_path).put("a" * 64, run)
    assert RunCache(tmp_path).get("a" * 64) == run.from_cache()


def test_only_passed_runs_are_kept(tmp_path: Path) -> None:
    store = RunCache(tmp_path)
    for outcome in ("failed", "errored", "skipped"):
        store.put("a" * 64, replace(PASSED, outcome=outcome))
    store.put("a" * 64, PASSED.from_cache())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "[" * 200_000, '{"schema": 0}', '{"schema": 1, "key": "b"}', "\x00"]
)
def test_a_corrupt_entry_is_none(tmp_path: Path, text: str) -> None:
    store = RunCache(tmp_path)
    store.put("a" * 64, PASSED)
    (tmp_path / f"{'a' * 64}.json").write_text(text)
    assert store.get("a" * 64) is None
    store.put("a" * 64, PASSED)
    assert store.get("a" * 64) is not None


def test_an_entry_of_before_cells_had_times_is_none(tmp_path: Path) -> None:
    store, path = RunCache(tmp_path), tmp_path / f"{'a' * 64}.json"
    store.put("a" * 64, PASSED)
    entry = json.loads(path.read_text(encoding="utf-8"))
    older = {name: value for name, value in entry.items() if name not in ("cells", "memory")}
    for told in (older, older | {"schema": 2}, entry | {"schema": 2}):
        path.write_text(json.dumps(told), encoding="utf-8")
        assert store.get("a" * 64) is None
    path.write_text(json.dumps(entry | {"memory": None}), encoding="utf-8")
    assert store.get("a" * 64) == replace(PASSED, memory=None).from_cache()


@pytest.mark.parametrize("cells", [None, 3, [1], [[1, 2]], [["x", 1, 1, ""]], [[1, 1, [], ""]], {"a": 1}])
def test_an_entry_whose_times_make_no_sense_is_none(tmp_path: Path, cells: object) -> None:
    store, path = RunCache(tmp_path), tmp_path / f"{'a' * 64}.json"
    store.put("a" * 64, PASSED)
    entry = json.loads(path.read_text(encoding="utf-8"))
    for told in (entry | {"cells": cells}, entry | {"memory": "much"}, entry | {"cell": float("inf")}):
        path.write_text(json.dumps(told), encoding="utf-8")
        assert store.get("a" * 64) is None


def test_an_entry_under_another_name_is_none(tmp_path: Path) -> None:
    store = RunCache(tmp_path)
    store.put("a" * 64, PASSED)
    os.rename(tmp_path / f"{'a' * 64}.json", tmp_path / f"{'b' * 64}.json")
    assert store.get("b" * 64) is None


def test_what_was_not_asked_for_longest_goes_first(tmp_path: Path) -> None:
    keys = [letter * 64 for letter in "abc"]
    RunCache(tmp_path).put(keys[0], PASSED)
    size = (tmp_path / f"{keys[0]}.json").stat().st_size
    store = RunCache(tmp_path, size * 2 + 10)
    store.put(keys[1], PASSED)
    for age, one in enumerate(keys[:2]):
        os.utime(tmp_path / f"{one}.json", (age, age))
    assert store.get(keys[0])
    store.put(keys[2], PASSED)
    store.trim()
    assert [bool(store.get(one)) for one in keys] == [True, False, True]
    (tmp_path / "notes.json").write_text("kept: it is not ours")
    RunCache(tmp_path, 0).trim()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]
