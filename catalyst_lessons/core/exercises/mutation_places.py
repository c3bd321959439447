"""The places of a Python program that a mutant may change, and what is written there instead."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalyst_lessons.core.ipython import parse

LONGEST = 60
"""Characters of code that a description shows."""

_Operators = Mapping[type[ast.AST], type[ast.AST]]
COMPARISONS: _Operators = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: _Operators = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
SPOKEN = frozenset({"print", "display", "input", "warn"})
"""Functions whose arguments people read and no check does."""
HARMLESS = frozenset({"copy", "close", "flush", "show", "tight_layout"})
"""Methods without which a result is, or may well be, the same."""
_SWAPPED = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
_UNSEEN = (ast.Assert, ast.Raise, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass)
_END = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the program (0-based lines, columns in bytes of UTF-8) and the text that takes its place."""

    first: int
    begin: int
    last: int
    end: int
    text: str
    description: str


def changes(tree: ast.Module) -> Iterator[Change]:
    """Every change there is to a program, in the order of its text.

    A name that is given a value in one place only keeps it: without it the program stops, whatever is checked.
    """
    names = Counter(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    names.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    yield from _of_block(tree.body, frozenset(name for name, times in names.items() if times == 1))


# Statements ----------------------------------------------------------------------------------------------------------


def _of_block(block: list[ast.stmt], once: frozenset[str]) -> Iterator[Change]:
    for statement in block:
        if not _is_unseen(statement):
            yield from _of_statement(statement, once)
        if isinstance(statement, _END):
            return  # what comes after is never reached


def _of_statement(statement: ast.stmt, once: frozenset[str]) -> Iterator[Change]:
    if isinstance(statement, ast.Return) and statement.value and not _is_none(statement.value):
        yield _replaced(statement, "return None")
    if isinstance(statement, ast.AugAssign) and type(statement.op) in ARITHMETIC:
        yield _altered(statement, op=ARITHMETIC[type(statement.op)]())
    if isinstance(statement, ast.If | ast.While):
        yield from _negated(statement.test)
    for part in _expressions(statement):
        yield from _of_expression(part)
    for block in _blocks(statement):
        yield from _of_block(block, once)
    if _can_go(statement, once):
        yield _replaced(statement, "pass", f"`{_short(statement)}` left out")


def _can_go(statement: ast.stmt, once: frozenset[str]) -> bool:
    if isinstance(statement, ast.Assign):
        names = {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        return not names & once
    return isinstance(statement, ast.AugAssign | ast.Expr | ast.Delete)


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions that stand in the statement itself: no annotations, no decorators, no default values of names."""
    if isinstance(statement, ast.AnnAssign):
        yield from [statement.value] if statement.value else []
    elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from [*statement.args.defaults, *(value for value in statement.args.kw_defaults if value)]
    elif not isinstance(statement, ast.ClassDef):
        yield from (part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.expr))


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(statement, name, None):
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body
    for case in getattr(statement, "cases", ()):
        yield case.body


# Expressions ---------------------------------------------------------------------------------------------------------


def _of_expression(node: ast.AST) -> Iterator[Change]:
    # Python 3.11 does not say where the parts of an f-string stand.
    if isinstance(node, ast.JoinedStr) or _is_spoken(node):
        return
    yield from _of_operation(node)
    yield from _of_value(node)
    for part in ast.iter_child_nodes(node):
        yield from _of_expression(part)


def _of_operation(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare():
            for n, operator in enumerate(node.ops):
                yield _altered(node, ops=[*node.ops[:n], COMPARISONS[type(operator)](), *node.ops[n + 1 :]])
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield _altered(node, op=ARITHMETIC[type(node.op)]())
        case ast.BoolOp():
            yield _altered(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield _replaced(node, f"({ast.unparse(node.operand)})")
        case ast.IfExp():
            yield from _negated(node.test)
        case ast.comprehension():
            yield from (change for condition in node.ifs for change in _negated(condition))


def _of_value(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant():
            yield from (_replaced(node, text) for text in _other_constants(node.value))
        case ast.Slice():
            yield from _other_slices(node)
        case ast.Call(func=ast.Name(id="range")):
            yield from (_one_off(bound) for bound in node.args[:2] if not _is_number(bound))
        case ast.Call(func=ast.Attribute(attr=name), args=[], keywords=[]) if name not in HARMLESS:
            yield _replaced(node, f"({ast.unparse(node.func.value)})", f"`.{name}()` left out")  # type: ignore[attr-defined]


def _other_constants(value: object) -> tuple[str, ...]:
    match value:
        case bool():
            return (str(not value),)
        case int() | float():
            return (repr(value + 1), f"({value - 1!r})" if value < 1 else repr(value - 1))
        case str() if value:
            return ('""',)
        case bytes() if value:
            return ('b""',)
        case _:
            return ()


def _other_slices(node: ast.Slice) -> Iterator[Change]:
    """One element fewer at an end that is open, one off at an end that is computed; constants change by themselves."""
    lower, upper = (ast.unparse(end) if end else "" for end in (node.lower, node.upper))
    if not node.lower and not node.step:
        yield _replaced(node, f"1:{upper}")
    if not node.upper and not node.step:
        yield _replaced(node, f"{lower}:-1")
    yield from (_one_off(end) for end in (node.lower, node.upper) if end and not _is_number(end))
    if node.step and not (lower or upper):
        yield _replaced(node, ":")


def _one_off(node: ast.expr) -> Change:
    return _replaced(node, f"({ast.unparse(node)}) - 1")


# What they share -----------------------------------------------------------------------------------------------------


def _negated(test: ast.expr) -> Iterator[Change]:
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _SWAPPED):
        return  # its operator is changed into its contrary already
    if not isinstance(test, ast.Constant):
        yield _replaced(test, f"(not ({ast.unparse(test)}))")


def _altered(node: ast.expr | ast.stmt, **fields: object) -> Change:
    """The node with other operators."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    text = ast.unparse(new)
    return _replaced(
        node, text if isinstance(node, ast.stmt) else f"({text})", f"`{_short(node)}` became `{_cut(text)}`"
    )


def _replaced(node: ast.AST, text: str, description: str = "") -> Change:
    assert isinstance(node, ast.stmt | ast.expr)  # noqa: S101  # the nodes that know where they stand
    description = description or f"`{_short(node)}` became `{_cut(_tidy(text))}`"
    last, end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return Change(node.lineno - 1, node.col_offset, last - 1, end, text, description)


def _short(node: ast.AST) -> str:
    return _cut(ast.unparse(node))


def _tidy(text: str) -> str:
    """The code without the parentheses that only splicing needs."""
    try:
        return ast.unparse(parse(text, mode="eval"))
    except SyntaxError:  # a statement, or the bounds of a slice
        return text


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _is_unseen(statement: ast.stmt) -> bool:
    """Whether no check sees what stands in it: a docstring, `...`, what is printed, a message, an import."""
    if isinstance(statement, ast.Expr) and (isinstance(statement.value, ast.Constant) or _is_spoken(statement.value)):
        return True
    if isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test):
        return True
    return isinstance(statement, _UNSEEN)


def _is_number(node: ast.AST) -> bool:
    node = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(node, ast.Constant)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_spoken(node: ast.AST) -> bool:
    """Whether it is a call such as `print(...)`."""
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "id", getattr(node.func, "attr", "")) in SPOKEN
