"""Which warm parents are planned for which notebooks."""

from __future__ import annotations

from catalyst_lessons.files.kernels.forking.planning import Imports, plan


def planned(*imports: Imports, most: int = 11) -> set[Imports]:
    return set(plan(imports, most=most).values())


def test_one_notebook_needs_none() -> None:
    assert planned(("numpy", "pandas")) == set()
    assert planned() == planned(()) == set()


def test_two_of_the_same_share_one_in_their_order() -> None:
    assert planned(("pandas", "numpy"), ("numpy", "pandas")) == {("pandas", "numpy")}


def test_what_different_ones_have_in_common_is_shared() -> None:
    assert planned(("numpy", "pandas", "json"), ("csv", "numpy", "pandas"), ("scipy.stats",)) == {("numpy", "pandas")}


def test_a_part_of_another_set_is_a_parent_of_it() -> None:
    many = [("numpy",)] * 3 + [("numpy", "pandas")] * 3
    assert planned(*many) == {("numpy",), ("numpy", "pandas")}


def test_modules_of_the_standard_library_are_worth_it_only_for_many() -> None:
    assert planned(*[("json", "csv")] * 2) == set()
    assert planned(*[("json", "csv")] * 20) == {("json", "csv")}


def test_submodules_cost_little_more_than_their_package() -> None:
    assert planned(("numpy", "numpy.linalg"), ("numpy", "numpy.fft")) == {("numpy",)}


def test_the_most_useful_ones_are_taken() -> None:
    many = [(f"package{number}",) for number in range(20) for _ in range(2 + number)]
    assert planned(*many, most=2) == {("package19",), ("package18",)}


def test_there_are_never_more_than_may_be() -> None:
    many = [tuple(f"package{(n * k) % 97}" for k in range(1, 6)) for n in range(1000)]
    assert 0 < len(planned(*many)) <= 11
