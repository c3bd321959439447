"""Mutants of an exercise: its solution with one place changed, which a check that checks something notices."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from catalyst_lessons.core.exercises.contract import answer_lines, cell_language, solution
from catalyst_lessons.core.exercises.mutation_places import Change, changes
from catalyst_lessons.core.ipython import parse
from catalyst_lessons.core.model import Cell, Lesson

# Lines of IPython that Python does not parse: `%matplotlib inline`, `!ls`. (A cell magic leaves no Python to change.)
_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A solution with one place changed: what was changed there, and on which source line."""

    lesson: Lesson
    description: str
    line: int


def mutants(lesson: Lesson, *, limit: int = 20) -> tuple[Mutant, ...]:
    """At most `limit` mutants of an exercise's solution, by source line; the same ones each time.

    Changed are operators, constants, conditions, bounds, returned values and whole statements, and only in what a
    learner writes: between solution marks and in `solution` cells, and only where a `check` cell comes after it. Left
    alone is what no check can see: docstrings, annotations, printed text, messages of exceptions, unreachable code.
    Where there are more than `limit`, each line has its turn before any has its second.
    """
    answer = solution(lesson)
    sources = {cell.id: cell for cell in lesson.code_cells}
    last_check = max((n for n, cell in enumerate(answer.cells) if cell.kind == "code" and cell.has("check")), default=0)
    found: list[Mutant] = []
    for cell in answer.cells[:last_check]:
        if cell.kind != "code" or cell.has("check") or cell_language(cell, lesson) != "python":
            continue
        open_lines = answer_lines(sources[cell.id], lesson)
        found += [_mutant(answer, cell, change) for change in _changes_in(cell, open_lines)]
    return tuple(sorted(_spread(found, limit), key=lambda mutant: mutant.line))


def _changes_in(cell: Cell, open_lines: tuple[bool, ...]) -> Iterator[Change]:
    text = _MAGIC.sub(r"\1pass", cell.source)
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    seen = {ast.dump(tree)}
    for change in changes(tree):
        if not all(open_lines[change.first : change.last + 1]):
            continue
        try:
            after = ast.dump(parse(_spliced(text, change)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if after not in seen:
            seen.add(after)
            yield change


def _spliced(source: str, change: Change) -> str:
    lines = source.split("\n")
    # Columns of `ast` count bytes of UTF-8.
    before = lines[change.first].encode()[: change.begin].decode()
    after = lines[change.last].encode()[change.end :].decode()
    return "\n".join((*lines[: change.first], before + change.text + after, *lines[change.last + 1 :]))


def _mutant(answer: Lesson, cell: Cell, change: Change) -> Mutant:
    lines = cell.lines[: change.first + 1] + cell.lines[change.last + 1 :]
    changed = replace(cell, source=_spliced(cell.source, change), lines=lines)
    cells = tuple(changed if one.id == cell.id else one for one in answer.cells)
    return Mutant(answer.with_cells(cells), change.description, cell.line_of(change.first))


def _spread(found: list[Mutant], limit: int) -> list[Mutant]:
    """The first `limit` of them, when each line gives one after another."""
    turns: dict[int, Iterator[int]] = {}
    ranked = [(next(turns.setdefault(mutant.line, count())), n) for n, mutant in enumerate(found)]
    return [found[n] for _, n in sorted(ranked)[:limit]]
