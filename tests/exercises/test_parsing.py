"""Code is parsed although Python takes threads that parse side by side for a fault, and however deep it is."""

from __future__ import annotations

import ast

import pytest

from catalyst_lessons.core.exercises.mutation import mutants
from catalyst_lessons.core.ipython import parse, python_tree
from catalyst_lessons.core.model import Cell, Lesson
from catalyst_lessons.core.translation.code_comments import same_code

DEEP = "x = " + "-" * 12_000 + "1"


def test_what_python_takes_for_its_own_fault_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    real, faults = ast.parse, iter([SystemError("AST constructor recursion depth mismatch")] * 3)

    def sometimes(source: str, mode: str = "exec") -> ast.AST:
        for fault in faults:
            raise fault
        return real(source, mode=mode)

    monkeypatch.setattr(ast, "parse", sometimes)
    assert ast.dump(parse("x = 1")) == ast.dump(real("x = 1"))


def test_a_fault_that_stays_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> ast.AST:
        raise SystemError("broken")

    monkeypatch.setattr(ast, "parse", never)
    with pytest.raises(SystemError, match="broken"):
        parse("x = 1")


def test_code_that_is_too_deep_is_no_code() -> None:
    assert isinstance(python_tree(DEEP), SyntaxError)
    assert same_code(DEEP, DEEP + " + 1") is False
    lesson = Lesson("a.py", (Cell("code", DEEP, "a", (1,), ("solution",)),))
    assert list(mutants(lesson)) == []
