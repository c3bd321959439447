"""The size budget of the code: small functions, modules with one job, and no word for a place that has none."""

from __future__ import annotations

import ast
import io
import statistics
import tokenize
from pathlib import Path

PACKAGE = Path(__file__).parent.parent.parent / "catalyst_lessons"
BANNED = {"utils", "helpers", "common", "manager", "handler", "processor", "info", "data"}
NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
    tokenize.STRING,
}


def code_lines(text: str) -> int:
    """Lines with code on them: no comments, docstrings or blank lines."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return len({token.start[0] for token in tokens if token.type not in NOT_CODE})


def function_lengths(text: str) -> dict[str, int]:
    """By name and line, the lines of each function without its docstring."""
    lengths = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            length = (node.end_lineno or 0) - node.lineno + 1 - (docstring.count("\n") + 1 if docstring else 0)
            lengths[f"{node.name}:{node.lineno}"] = length
    return lengths


def modules() -> dict[str, str]:
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def test_no_module_has_two_jobs() -> None:
    assert {name: code_lines(text) for name, text in modules().items() if code_lines(text) > 300} == {}


def test_functions_are_small() -> None:
    lengths = sorted(length for text in modules().values() for length in function_lengths(text).values())
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 30
    assert lengths[-1] <= 60


def test_every_module_says_what_it_holds() -> None:
    assert [name for name, text in modules().items() if not ast.get_docstring(ast.parse(text))] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name for name in modules() if BANNED.intersection(Path(name).stem.split("_"))] == []


def test_a_long_function_would_be_found() -> None:
    text = "def long():\n" + "    x = 1\n" * 61
    assert function_lengths(text) == {"long:1": 62}
    assert code_lines('"""Docs."""\n\n# why\nx = 1\n') == 1
