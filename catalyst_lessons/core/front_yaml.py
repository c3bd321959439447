"""Front matter as it is written: the entries of a YAML mapping, each with its line."""

from __future__ import annotations

import re
from dataclasses import replace

import yaml

from catalyst_lessons.core.frontmatter import Entry
from catalyst_lessons.core.model import Json, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.core.yaml_reading import UNREADABLE, check_aliases, problem_of

# Line breaks and control characters that YAML 1.1 refuses or takes for line ends, and editors do not.
_STRAY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: dates stay text, tags of other programs (`!r`) give the text behind them."""


def _as_written(loader: _Loader, node: yaml.Node) -> Json:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)
_Loader.add_constructor(None, _as_written)  # PyYAML: None stands for every unknown tag


def read_yaml(text: str, *, path: str, first_line: int = 1) -> tuple[dict[str, Entry] | None, tuple[Finding, ...]]:
    """The entries of a YAML mapping by key, each with its line; `None` where the text is no mapping.

    Never raises: YAML that cannot be read gives no entries and a finding L101; a key that stands twice, L105.

    Args:
        text: the YAML alone, without its `---` lines.
        path: the source's path, for findings.
        first_line: the source line of the text's first line.
    """
    findings: list[Finding] = []
    text = _STRAY.sub(" ", text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, ()
        if not isinstance(node, yaml.MappingNode):
            return None, ()
        check_aliases(node)
        return _entries(loader, node, path=path, first_line=first_line, findings=findings), tuple(findings)
    except UNREADABLE as error:
        return {}, (*findings, _bad_yaml(error, text, path=path, first_line=first_line))
    finally:
        loader.dispose()


def _bad_yaml(error: Exception, text: str, *, path: str, first_line: int) -> Finding:
    problem, line = problem_of(error, text)
    hint = 'put text that holds ": " or begins with a sign such as [ { @ ` * & in double quotes'
    if "\t" in text:
        hint = "YAML is indented with spaces: replace the tabs"
    message = f"the front matter is not valid YAML: {problem}"
    return Finding("L101", message, Location(path, first_line + max(line, 0)), hint)


def _entries(
    loader: _Loader, node: yaml.MappingNode, *, path: str, first_line: int, findings: list[Finding]
) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), first_line + key_node.start_mark.line
        if key in entries:
            before = entries[key].key_line
            message = f"`{key}` stands twice in the front matter, first in line {before}; the last one counts"
            findings.append(Finding("L105", message, Location(path, line), "keep one of them", "warning"))
        entries[key] = replace(_entry(loader, value_node, first_line), key_line=line)
    return entries


def _entry(loader: _Loader, node: yaml.Node, first_line: int, *, depth: int = 1) -> Entry:
    value = loader.construct_object(node, deep=True)
    line = first_line + node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        # Not deeper: aliases within aliases would make an endless tree of a few lines.
        items = node.value if depth else ()
        return Entry(value, line, items=tuple(_entry(loader, item, first_line, depth=0) for item in items))
    if isinstance(node, yaml.ScalarNode):
        # The text of a block scalar begins below its sign.
        return Entry(value, line + (node.style in ("|", ">")), node.value.strip())
    return Entry(value, line)
