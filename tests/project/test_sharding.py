"""Shares of the work: each name in one of them, the same ones each time, and none much longer than it need be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import Lesson
from catalyst_lessons.core.report import Run
from catalyst_lessons.core.sharding import Shard, shares
from catalyst_lessons.project.durations import DURATIONS, record, recorded, share_of

NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=3), unique=True, max_size=30)
SECONDS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.floats(0, 1000), max_size=30)


@given(NAMES, SECONDS, st.integers(1, 9))
def test_shares_hold_each_name_once(names: list[str], seconds: dict[str, float], count: int) -> None:
    found = shares(names, seconds, count=count)
    assert len(found) == count
    assert sorted(name for share in found for name in share) == sorted(names)
    assert all(list(share) == [name for name in names if name in share] for share in found)


@given(NAMES, SECONDS, st.integers(1, 9), st.randoms())
def test_the_order_of_the_names_does_not_matter(names, seconds, count, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = random.sample(names, len(names))
    before, after = (shares(one, seconds, count=count) for one in (names, shuffled))
    assert [set(share) for share in before] == [set(share) for share in after]


@pytest.mark.parametrize("text", ["1/100000000000", "1/10001", f"1/{'9' * 5000}"])
def test_more_shares_than_there_can_be_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="share"):
        Shard.of(text)
    assert Shard.of("10000/10000").count == 10_000


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), st.integers(1, 6))
def test_no_share_is_longer_than_a_fair_one_and_the_longest_piece(lengths: list[float], count: int) -> None:
    seconds = {str(n): length for n, length in enumerate(lengths)}
    loads = [sum(seconds[name] for name in share) for share in shares(seconds, seconds, count=count)]
    assert max(loads) <= sum(lengths) / count + max(lengths) + 1e-6


def test_the_longest_goes_alone_and_the_unknown_counts_as_the_median() -> None:
    assert shares(["a", "b", "c", "d"], {"a": 9, "b": 3, "c": 3}, count=2) == (("a",), ("b", "c", "d"))
    assert shares(["a", "b", "c", "d"], {}, count=2) == (("a", "c"), ("b", "d"))


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/3/5", "1.5/2"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(UsageError, match="is no share"):
        Shard.of(text)


def test_a_share_is_written_as_it_is_read() -> None:
    assert str(Shard.of(" 2/5 ")) == "2/5"


def test_durations_are_kept_by_form_and_those_of_others_stay(tmp_path: Path) -> None:
    record(tmp_path, [Run("a.py", "passed", seconds=1.5), Run("b.py", "failed", "starter", seconds=2)])
    record(tmp_path, [Run("a.py", "passed", seconds=2.5), Run("c.py", "errored", seconds=9), Run("d.py", "skipped")])
    assert recorded(tmp_path) == {"a.py lesson": 2.5, "b.py starter": 2.0}
    assert [path.name for path in tmp_path.iterdir()] == [DURATIONS]
    assert json.loads((tmp_path / DURATIONS).read_text(encoding="utf-8")) == recorded(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": "long"}', "\x00"])
def test_durations_that_cannot_be_read_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / DURATIONS).write_text(text)
    assert recorded(tmp_path) == {}


def test_the_forms_of_an_exercise_stay_together(tmp_path: Path) -> None:
    runs = [Run("a.py", "passed", "solution", seconds=3), Run("a.py", "failed", "starter", seconds=3)]
    record(tmp_path, [*runs, Run("b.py", "passed", seconds=4), Run("c.py", "passed", seconds=1)])
    lessons = [Lesson(path, ()) for path in ("a.py", "b.py", "c.py")]
    parts = [share_of(lessons, Shard(number, 2), folder=tmp_path) for number in (1, 2)]
    assert [[lesson.path for lesson in part] for part in parts] == [["a.py"], ["b.py", "c.py"]]
