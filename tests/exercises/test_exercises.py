"""Starter and solution from one source."""

from __future__ import annotations

import ast

import pytest

from catalyst_lessons.core.exercises import check_marks, has_solution, in_form, solution, starter
from catalyst_lessons.core.model import Cell, Kernel, Lesson


def code(source: str, *tags: str, first: int = 1, name: str = "c") -> Cell:
    lines = tuple(range(first, first + source.count("\n") + 1))
    return Cell("code", source, name, lines, tags)


def exercise(*cells: Cell, language: str = "python") -> Lesson:
    return Lesson("exercises/gc.py", cells, role="exercise", kernel=Kernel(language, language))


FUNCTION = """\
def gc(dna):
    \"\"\"Share of G and C.\"\"\"
    ### BEGIN SOLUTION
    n = dna.count("G")
    return n / len(dna)
    ### END SOLUTION
print(gc("GATTACA"))"""


def test_starter_has_a_gap_where_the_solution_was() -> None:
    (cell,) = starter(exercise(code(FUNCTION, first=10))).cells
    assert cell.source == (
        'def gc(dna):\n    """Share of G and C."""\n    # YOUR CODE HERE\n    ...\nprint(gc("GATTACA"))'
    )
    assert cell.lines == (10, 11, 12, 12, 16)
    assert "count" not in cell.source


def test_solution_keeps_the_answer_and_drops_the_marks() -> None:
    (cell,) = solution(exercise(code(FUNCTION, first=10))).cells
    assert cell.source.split("\n")[2] == '    n = dna.count("G")'
    assert "SOLUTION" not in cell.source
    assert cell.lines == (10, 11, 13, 14, 16)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    ### BEGIN SOLUTION\n    ### END SOLUTION",
        "def f():\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION",
        "for x in []:\n\t### BEGIN SOLUTION\n\tprint(x)\n\t### END SOLUTION",
        "total = sum([\n    ### BEGIN SOLUTION\n    1,\n    ### END SOLUTION\n])",
        "def f():\n    ### BEGIN SOLUTION\n\n    # first\n    return 1",
    ],
)
def test_a_starter_parses_whatever_the_region_held(source: str) -> None:
    (cell,) = starter(exercise(code(source))).cells
    ast.parse(cell.source)
    assert "# YOUR CODE HERE" in cell.source
    assert len(cell.lines) == cell.source.count("\n") + 1


@pytest.mark.parametrize(
    ("language", "source", "gap"),
    [
        (
            "R",
            "f <- function() {\n  ### BEGIN SOLUTION\n  1\n  ### END SOLUTION\n}",
            "  # YOUR CODE HERE\n  NULL",
        ),
        ("julia", "# BEGIN SOLUTION\nx = 1\n# END SOLUTION", "# YOUR CODE HERE\nnothing"),
        (
            "bash",
            "if true; then\n  ## BEGIN SOLUTION\n  ls\n  ## END SOLUTION\nfi",
            "  # YOUR CODE HERE\n  :",
        ),
        ("python", "%%bash\n### BEGIN SOLUTION\nls\n### END SOLUTION", "%%bash\n# YOUR CODE HERE\n:"),
        ("javascript", "// BEGIN SOLUTION\nlet x = 1\n// END SOLUTION", "// YOUR CODE HERE\n;"),
        ("python", "x = 1\n### begin solution\ny = 2\n### end solution", "x = 1\n# YOUR CODE HERE\n..."),
    ],
)
def test_marks_and_gaps_of_every_language(language: str, source: str, gap: str) -> None:
    (cell,) = starter(exercise(code(source), language=language)).cells
    assert gap in cell.source
    assert "SOLUTION" not in cell.source.upper()


def test_cells_by_tag() -> None:
    cells = [code(f"{tag} = 1", tag, name=tag) for tag in ("hint", "check", "solution", "starter", "instructor")]
    lesson = exercise(*cells)
    assert [cell.id for cell in starter(lesson).cells] == ["hint", "check", "starter"]
    assert [cell.id for cell in solution(lesson).cells] == ["hint", "check", "solution"]
    assert in_form(lesson, "lesson") is lesson


def test_a_form_of_a_form_is_the_form() -> None:
    lesson = exercise(code(FUNCTION), code("x = 1", "starter", name="s"), code("x = 2", "solution", name="t"))
    assert starter(starter(lesson)) == starter(lesson)
    assert solution(solution(lesson)) == solution(lesson)


def test_cells_without_marks_are_the_very_same() -> None:
    cell = Cell("code", "x = 1\n\ny = 2", "a", (3, 4, 5), metadata={"alt": "x"})
    assert starter(exercise(cell)).cells[0] is cell
    assert solution(exercise(cell)).cells[0] is cell


def test_a_mark_in_a_string_is_no_mark() -> None:
    source = 'text = """\n### BEGIN SOLUTION\n"""\nprint(text)'
    assert starter(exercise(code(source))).cells[0].source == source
    assert check_marks(exercise(code(source))) == ()
    assert not has_solution(exercise(code(source)))


def test_magics_do_not_hide_marks() -> None:
    source = "%matplotlib inline\n!ls it's\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    assert starter(exercise(code(source))).cells[0].source.endswith("# YOUR CODE HERE\n...")


def test_an_open_region_hides_the_rest_of_its_cell() -> None:
    lesson = exercise(code("### BEGIN SOLUTION\nsecret = 42", first=7))
    assert "secret" not in starter(lesson).cells[0].source
    assert solution(lesson).cells[0].source == "secret = 42"


def test_has_solution() -> None:
    assert has_solution(exercise(code(FUNCTION)))
    assert has_solution(exercise(code("x = 1", "solution")))
    assert has_solution(exercise(Cell("markdown", "Because.", "m", (1,), ("solution",))))
    assert not has_solution(exercise(code("x = 1", "check"), code("# the SOLUTION is near")))


def test_answers_in_prose() -> None:
    prose = Cell("markdown", "Why?\n\n<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->", "m", (1, 2, 3, 4, 5))
    assert starter(exercise(prose)).cells[0].source == "Why?\n\nYOUR ANSWER HERE"
    assert solution(exercise(prose)).cells[0].source == "Why?\n\nBecause."


def problems(source: str) -> list[tuple[int, str]]:
    return [(f.location.line, f.message) for f in check_marks(exercise(code(source, first=5)))]


def test_marks_without_a_partner() -> None:
    assert problems(FUNCTION) == []
    assert problems("x\n### END SOLUTION") == [(6, "a solution region ends that did not begin")]
    assert problems("x\n### BEGIN SOLUTION\ny") == [(6, "a solution region does not end in its cell")]
    assert problems("x\n### BEGIN SOLUTION") == [(6, "a solution region does not end in its cell")]
    nested = "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"
    assert problems(nested) == [(6, "a solution region begins inside the one of line 5")]


@pytest.mark.parametrize("line", ["# BEGIN_SOLUTION", "### SOLUTION BEGIN", "# start solution", "### BEGIN SOLUTIONS"])
def test_what_is_almost_a_mark(line: str) -> None:
    assert problems(line) == [(5, f"this line looks like a solution mark, and is none: {line}")]


def test_findings_have_code_place_and_hint() -> None:
    (finding,) = check_marks(exercise(code("### BEGIN SOLUTION", first=9)))
    assert str(finding) == (
        "exercises/gc.py:9: X301 a solution region does not end in its cell\n"
        "    hint: write `### END SOLUTION` after it, in the same cell"
    )
