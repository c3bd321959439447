"""YAML that anybody may have written: all that PyYAML raises for it, in words, and a bound for what aliases make."""

from __future__ import annotations

import yaml

from catalyst_lessons.core.model import Json

# PyYAML's own errors, and what its constructors stumble over: `!!bool maybe` is a KeyError, `!!int ""` an IndexError.
UNREADABLE = (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""Everything that reading a text as YAML can raise."""

ALIASED = 100_000
"""How many values aliases may add: within one another, ten lines of them make more than a computer holds."""


def plain_yaml(text: str) -> Json:
    """The values of a text, with PyYAML's safe types.

    Raises:
        UNREADABLE: it is not YAML, or its aliases make too much of it.
    """
    return placed_yaml(text)[0]


def placed_yaml(text: str) -> tuple[Json, yaml.Node | None]:
    """The values of a text, and its node, which knows the lines.

    Raises:
        UNREADABLE: it is not YAML, or its aliases make too much of it.
    """
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        check_aliases(node)
        return loader.construct_document(node), node
    finally:
        loader.dispose()


def check_aliases(node: yaml.Node) -> None:
    """Nothing, if a document is about as large as it was written.

    Raises:
        MarkedYAMLError: its aliases make far more of it.
    """
    sizes: dict[int, int] = {}
    if _size(node, sizes) > len(sizes) + ALIASED:
        problem = "its aliases make far more of it than is written"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def check_values(value: Json) -> None:
    """Nothing, if values that another program read hold one another no more often than `ALIASED`.

    Raises:
        ValueError: aliases make far more of them.
    """
    if _count(value, {}) > ALIASED:
        raise ValueError("its aliases make far more of it than is written")


def problem_of(error: Exception, text: str) -> tuple[str, int]:
    """What is wrong with a text, in words, and the line of it (0 for the first) where that is known, else -1."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = min(mark.line, text.count("\n")) if mark else -1
    if not isinstance(error, yaml.YAMLError | ValueError | RecursionError):
        return "a value is not what its tag (`!!...`) says", line
    return str(getattr(error, "problem", None) or " ".join(str(error).split())), line


def _count(value: Json, counts: dict[int, int]) -> int:
    """How many values there are in a value, those counted again that aliases repeat."""
    if not isinstance(value, dict | list | tuple | set):
        return 1
    if id(value) not in counts:
        counts[id(value)] = 1  # what an alias in its own anchor sees
        inside = value.values() if isinstance(value, dict) else value
        counts[id(value)] = 1 + sum(_count(one, counts) for one in inside)
    return counts[id(value)]


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many values a node makes, those counted again that it has by aliases."""
    if id(node) not in sizes:
        sizes[id(node)] = 1  # what an alias in its own anchor sees
        children = node.value if isinstance(node, yaml.CollectionNode) else ()
        pairs = (part for child in children for part in (child if isinstance(child, tuple) else (child,)))
        sizes[id(node)] = 1 + sum(_size(part, sizes) for part in pairs)
    return sizes[id(node)]
