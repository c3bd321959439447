"""What the comparison of engines leaves out, and that it leaves out no more."""

from __future__ import annotations

import pandas as pd
import pytest

from .normal import normal

SCORES = {"test_score": [0.5, 0.75], "train_score": [1.0, 0.25]}
FAST = {"fit_time": [0.000508, 0.02], "score_time": [1e-7, 12.5]}
SLOW = {"fit_time": [123.5, 1.0], "score_time": [0.25, 0.5]}
OTHER_SCORES = {"test_score": [0.5, 0.5], "train_score": [1.0, 0.25]}


def shown(*columns: dict[str, list[float]]) -> list[object]:
    table = pd.DataFrame({name: values for some in columns for name, values in some.items()})
    data = {"text/plain": f"{table!r}\n\n{table['test_score']!r}", "text/html": f"<div>{table.to_html()}</div>"}
    return normal([{"output_type": "execute_result", "data": data}, {"output_type": "end"}])


@pytest.mark.parametrize(("before", "after"), [((), (SCORES,)), ((SCORES,), ())], ids=["first", "last"])
def test_only_the_times_go_from_a_table_that_measures_itself(before: tuple, after: tuple) -> None:
    assert shown(*before, FAST, *after) == shown(*before, SLOW, *after)
    assert "0.75" in str(shown(*before, FAST, *after))


def test_other_scores_in_such_a_table_are_a_difference() -> None:
    (one,), (other,) = shown(FAST, SCORES), shown(SLOW, OTHER_SCORES)
    for kind in ("text/plain", "text/html"):
        assert one["data"][kind] != other["data"][kind]  # type: ignore[index]


def test_tables_without_times_stay_as_they_are() -> None:
    assert shown(SCORES) != shown(OTHER_SCORES)


def test_speed_is_not_compared_but_what_was_done_is() -> None:
    def bar(text: str) -> list[object]:
        return normal([{"output_type": "stream", "name": "stderr", "text": text}])

    assert bar("100% 3/3 [00:00<00:00, 898.4it/s]") == bar("100% 3/3 [00:00<00:00, 3.02it/s]")
    assert bar("100% 3/3 [00:00<00:00, 898.4it/s]") != bar("66% 2/3 [00:00<00:00, 898.4it/s]")


def test_what_comes_through_descriptors_has_no_order_and_must_be_there() -> None:
    one, other = ([{"output_type": "stream", "name": "stdout", "text": text}] for text in ("a\nb\nc\n", "a\nc\nb\n"))
    assert normal(one) != normal(other)
    for code in ("!echo b", "out = !ls", "%%bash\necho b", "subprocess.run(['echo', 'b'])", "os.system('echo b')"):
        assert normal(one, code=code) == normal(other, code=code), code
    lost = [{"output_type": "stream", "name": "stdout", "text": "a\nc\n"}]
    assert normal(one, code="!echo b") != normal(lost, code="!echo b")
    assert normal(one, code="x != y") != normal(other, code="x != y")
