"""Sources that were read before come back the same, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from catalyst_lessons.core.lesson_json import lesson_from_json, lesson_to_json
from catalyst_lessons.core.model import FrontMatter, Lesson, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.sources import is_source, read_source
from catalyst_lessons.files.sources.kept import Kept, KeptSources, key_of

FIXTURES = Path(__file__).parent / "fixtures"
FINDING = Finding("L101", "ñ\ud800", Location("a.py", 3), "try", "warning")


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir() if is_source(path.name)))
def test_every_format_comes_back_the_same(name: str) -> None:
    lesson = read_source(FIXTURES, name).lesson
    assert lesson_from_json(json.loads(json.dumps(lesson_to_json(lesson)))) == lesson


def test_what_is_kept_comes_back_under_its_key_alone(tmp_path: Path) -> None:
    store = KeptSources(tmp_path / "sources")
    kept = Kept(read_source(FIXTURES, "percent.py").lesson, (FINDING,), (replace(FINDING, code="L102"),))
    store.put("percent.py", "key", kept)
    assert store.get("percent.py", "key") == kept
    assert store.get("percent.py", "other key") is None
    assert store.get("other.py", "key") is None
    store.put("percent.py", "new key", kept)
    assert len(list((tmp_path / "sources").iterdir())) == 1, "one file for each source"


@pytest.mark.parametrize("other", [{1: "a"}, {"a": {1, 2}}, {"a": b"x"}, {"a": (1, 2)}])
def test_what_json_cannot_hold_is_not_kept(tmp_path: Path, other: dict[str, object]) -> None:
    lesson = Lesson("a.py", (), FrontMatter(other=other))
    KeptSources(tmp_path).put("a.py", "key", Kept(lesson, (), ()))
    assert KeptSources(tmp_path).get("a.py", "key") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": "key"}', '{"key": "key", "lesson": {}}'])
def test_a_broken_entry_is_none(tmp_path: Path, text: str) -> None:
    store = KeptSources(tmp_path)
    store.put("a.py", "key", Kept(Lesson("a.py", ()), (), ()))
    (path,) = tmp_path.iterdir()
    path.write_text(text)
    assert store.get("a.py", "key") is None


def test_a_folder_that_cannot_be_written_to_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    KeptSources(tmp_path / "file").put("a.py", "key", Kept(Lesson("a.py", ()), (), ()))


def test_the_key_tells_its_parts_apart() -> None:
    assert key_of("a", "b") == key_of("a", "b")
    assert len({key_of("a", "b"), key_of("ab", ""), key_of("", "ab"), key_of("a\nb")}) == 4
