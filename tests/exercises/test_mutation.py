"""What a mutant changes, what it leaves alone, and that it is a Python program still."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalyst_lessons.core.exercises.mutation import mutants
from catalyst_lessons.core.model import Cell, Lesson

CHECK = Cell("code", "assert f(1) == 1", "check", (90,), ("check",))


def exercise(body: str, *more: Cell, opening: str = "def f(x):\n") -> Lesson:
    """An exercise whose solution is the body, from line 12 on."""
    lines = [f"    {line}" for line in ("### BEGIN SOLUTION", *body.split("\n"), "### END SOLUTION")]
    source = opening + "\n".join(lines)
    first = 11 - opening.count("\n")
    work = Cell("code", source, "work", tuple(range(first, first + source.count("\n") + 1)))
    return Lesson("exercises/f.py", (work, *(more or (CHECK,))), role="exercise")


def told(body: str, **options: int) -> list[str]:
    return [f"{mutant.line - 11} {mutant.description}" for mutant in mutants(exercise(body), **options)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if x < y:\n    y()", ["1 `x < y` became `not x < y`", "1 `x < y` became `x <= y`", "2 `y()` left out"]),
        ("g(x is not y)", ["1 `x is not y` became `x is y`", "1 `g(x is not y)` left out"]),
        ("return x + y", ["1 `return x + y` became `return None`", "1 `x + y` became `x - y`"]),
        ("return x and y", ["1 `return x and y` became `return None`", "1 `x and y` became `x or y`"]),
        ("return None", []),
        ("y = not x", ["1 `not x` became `x`"]),
        ("y = 7", ["1 `7` became `8`", "1 `7` became `6`"]),
        ("y = 0.5", ["1 `0.5` became `1.5`", "1 `0.5` became `-0.5`"]),
        ("y = True", ["1 `True` became `False`"]),
        ("y = 'ñ'", ["1 `'ñ'` became `''`"]),
        ("y = x[:z]", ["1 `:z` became `1:z`", "1 `z` became `z - 1`"]),
        ("y = x[z:]", ["1 `z:` became `z:-1`", "1 `z` became `z - 1`"]),
        ("y = x[::-1]", ["1 `::-1` became `:`", "1 `-1` became `1`", "1 `1` became `2`", "1 `1` became `0`"]),
        ("y = range(z)", ["1 `z` became `z - 1`"]),
        ("y = x.upper()", ["1 `.upper()` left out"]),
        ("y = 1 if z else 1", ["1 `z` became `not z`", *["1 `1` became `2`", "1 `1` became `0`"] * 2]),
        ("y = [z for z in x if z]", ["1 `z` became `not z`"]),
        ("x += z", ["1 `x += z` became `x -= z`", "1 `x += z` left out"]),
        ("x = z", ["1 `x = z` left out"]),
    ],
)
def test_what_is_changed(body: str, expected: list[str]) -> None:
    assert told(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        '"""The 3 words of a docstring."""',
        "pass",
        "...",
        "print('total', 3)",
        "y: 'int | None'",
        "raise ValueError('not 3')",
        "import math",
        "assert x, 'give 3'",
        "y = f'{x + 1}'",
        "y = x",
        "y = x.copy()",
        "%matplotlib inline",
    ],
)
def test_what_no_check_can_see_is_left_alone(body: str) -> None:
    assert told(body) == []


def test_what_is_never_reached_is_left_alone() -> None:
    assert told("return x\ny = 3") == ["1 `return x` became `return None`"]
    assert told("while z:\n    break\n    y = 3") == ["1 `z` became `not z`"]


def test_only_what_the_learner_writes_is_changed() -> None:
    given_code = Cell("code", "k = 3", "given", (2,))
    lesson = exercise("return 4", given_code, CHECK, opening="LIMIT = 9\ndef f(x):\n")
    assert {mutant.line for mutant in mutants(lesson)} == {12}


def test_a_solution_cell_is_what_the_learner_writes_whole() -> None:
    cells = (Cell("code", "def f(x):\n    return x * 2", "work", (5, 6), ("solution",)), CHECK)
    assert [mutant.line for mutant in mutants(Lesson("exercises/f.py", cells))] == [6, 6, 6, 6]


def test_without_a_check_after_it_there_is_nothing_to_try() -> None:
    assert mutants(exercise("return 1", Cell("code", "f(1)", "use", (90,)))) == ()
    after = Cell("code", "### BEGIN SOLUTION\nz = 3\n### END SOLUTION", "after", (95, 96, 97))
    assert {mutant.line for mutant in mutants(exercise("return 1", CHECK, after))} == {12}


def test_other_languages_are_left_alone() -> None:
    cell = Cell("code", "%%bash\n### BEGIN SOLUTION\nx=1\n### END SOLUTION", "sh", (1, 2, 3, 4))
    assert mutants(Lesson("exercises/f.py", (cell, CHECK))) == ()


def test_every_line_has_its_turn_before_any_has_its_second() -> None:
    body = "a = 1\nb = 2\nc = 3"
    assert [line.split()[0] for line in told(body, limit=3)] == ["1", "2", "3"]
    assert [line.split()[0] for line in told(body, limit=4)] == ["1", "1", "2", "3"]
    assert told(body) == told(body, limit=6)


def test_a_mutant_is_the_solution_but_for_one_place() -> None:
    lesson = exercise("y = ('ñandú',\n     x + 1)  # why\nreturn y")
    for mutant in mutants(lesson, limit=99):
        work, check = mutant.lesson.cells
        assert check == CHECK
        assert "SOLUTION" not in work.source
        assert len(work.lines) == work.source.count("\n") + 1
        assert ast.dump(ast.parse(work.source)) != ast.dump(
            ast.parse("def f(x):\n    y = ('ñandú', x + 1)\n    return y")
        )
    sources = [mutant.lesson.cells[0].source for mutant in mutants(lesson, limit=99)]
    assert "def f(x):\n    y = ('ñandú',\n         (x - 1))  # why\n    return y" in sources
    assert len(set(sources)) == len(sources) == 5


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "'é'", "3", "x.strip()", "x[1:]", "True"]),
    lambda inner: st.builds(
        "({} {} {})".format, inner, st.sampled_from(["+", "<", "and", "in", "//", "if x else"]), inner
    ),
    max_leaves=6,
)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=4))
def test_mutants_are_programs_that_differ_and_come_in_the_same_order(expressions: list[str]) -> None:
    lesson = exercise("\n".join([*(f"y = g({one})" for one in expressions), "return y"]))
    found = mutants(lesson, limit=500)
    dumps = [ast.dump(ast.parse(mutant.lesson.cells[0].source)) for mutant in found]
    assert len(set(dumps)) == len(dumps)
    assert found == mutants(lesson, limit=500)
    assert [mutant.line for mutant in found] == sorted(mutant.line for mutant in found)
    assert mutants(lesson, limit=3) == mutants(lesson, limit=3)
