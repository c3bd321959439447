"""Python as notebooks have it: with IPython's magics, shell commands and help between its lines."""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from typing import Any

TRIES = 20
"""After which it is taken for what it says."""
_PYTHON_MAGICS = frozenset(
    {"time", "timeit", "capture", "prun", "debug", "memit", "mprun", "lprun", "python", "python3"}
)
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)[^\n]*")
# IPython's own syntax, line by line: magics, shell commands, help, and commands that automagic takes without a sign.
_COMMAND = r"(?:pip|conda|mamba|cd|ls|cat|cp|mv|rm|mkdir|rmdir|echo|env|man|less|more)\b(?!\s*[=(.\[,:])[^\n]*"
_MAGIC_LINE = re.compile(rf"^(?P<indent>[ \t]*)(?:[%!?][^\n]*|[^\n#'\"]*\?|{_COMMAND})$", re.M)
_MAGIC_VALUE = re.compile(r"^(?P<left>[ \t]*[\w.,\[\]'\" ()*]+?=\s*)(?:%|!)[^\n]*$", re.M)


def python_tree(source: str) -> ast.Module | SyntaxError:
    """The syntax tree of a cell's code, what is IPython's in it left out; the error where it is no Python.

    A cell that a magic hands to another language has an empty tree.
    """
    magic = _CELL_MAGIC.match(source)
    if magic:
        if magic["name"] not in _PYTHON_MAGICS:
            return ast.Module([], [])
        source = source[: magic.start()] + source[magic.end() :]
    found = _parse(source)
    # Masked only where it does not parse as it stands: a line that begins with `%` can be plain Python.
    return _parse(without_magics(source)) if isinstance(found, SyntaxError) else found


def parse(source: str, mode: str = "exec") -> Any:
    """The tree of the code, as `ast.parse`; once more where another thread has parsed at the same time, which Python
    3.11 takes for a fault of its own (https://github.com/python/cpython/issues/106905).

    Raises:
        SyntaxError: it is no Python.
        ValueError, RecursionError, MemoryError: it cannot be parsed.
    """
    for _ in range(TRIES):
        with contextlib.suppress(SystemError):
            return ast.parse(source, mode=mode)
    return ast.parse(source, mode=mode)


def without_magics(source: str) -> str:
    """The code with IPython's magics, shell commands and help replaced by statements that do nothing."""
    source = _MAGIC_VALUE.sub(lambda found: f"{found['left']}None", source)
    return _MAGIC_LINE.sub(lambda found: f"{found['indent']}pass", source)


def _parse(source: str) -> ast.Module | SyntaxError:
    with warnings.catch_warnings():
        # An odd escape such as "\d" is a warning for the author's linter, not for the reader of a lesson.
        warnings.simplefilter("ignore")
        try:
            tree: ast.Module = parse(source)
            return tree
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxError(str(error) or "it is nested too deeply")
