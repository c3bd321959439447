"""A language added to the text of `mkdocs.yml`, whose comments and layout stay; or the lines to add by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.settings.parsing import I18N
from catalyst_lessons.core.settings.yaml_marks import TAG, TAG_OF, explain

Tree = object
"""A YAML node as plain tuples of tags and values, for comparing."""


def yaml_text(text: str) -> str:
    """A text as YAML: as it is where it is one word, else in double quotes."""
    plain = re.fullmatch(r"[^\W\d_][\w.-]*", text) and TAG_OF(yaml.ScalarNode, text, (True, False)) == f"{TAG}str"
    return text if plain else json.dumps(text, ensure_ascii=False)


def with_language(text: str, *, tag: str, name: str, default: Language, path: str = "mkdocs.yml") -> str:
    """The settings with one more language of the i18n plugin, after the others; every other byte as it was.

    Args:
        text: the file, with its own line ends.
        tag: the `locale`.
        name: the language's own name.
        default: the language of the site's front page, for a file that has no list of languages yet.
        path: the file's path, for the error.

    Raises:
        UsageError: the file has a form that we do not edit; it says which lines to add, and where.
    """
    rows = (f"- locale: {yaml_text(tag)}", f"  name: {yaml_text(name)}")
    root = _composed(text)
    languages = _languages(root)
    if languages is None:
        raise _by_hand(path, *_place_of_list(root), rows=(*_first_list(default), *(f"      {row}" for row in rows)))
    changed = _after_last(text, languages, rows)
    if changed is None or not _is_one_more(text, changed, tag, name):
        flow = f"{{locale: {yaml_text(tag)}, name: {yaml_text(name)}}}"
        where = "at the end of the list `languages:`"
        raise _by_hand(path, languages.start_mark.line + 1, where, rows=(flow,) if languages.flow_style else rows)
    return changed


def _first_list(default: Language) -> tuple[str, ...]:
    """The settings of the i18n plugin with the one language that the site has."""
    rows: tuple[str, ...] = (f"- {I18N}:", "docs_structure: folder", "languages:")
    rows += (f"- locale: {yaml_text(default.tag)}", f"name: {yaml_text(default.name)}", "default: true")
    return tuple(" " * indent + row for indent, row in zip((0, 4, 4, 6, 8, 8), rows, strict=True))


def _place_of_list(root: yaml.Node | None) -> tuple[int, str]:
    """The line of the place where the plugin belongs, and that place in words."""
    plugins = _field(root, "plugins")
    if not isinstance(root, yaml.MappingNode) or plugins is None:
        return 0, "with `- search` below `plugins:`"
    line = next(key.start_mark.line + 1 for key, value in root.value if value is plugins)
    return line, "in place of `- i18n:` and what is below it" if _block(plugins) else "below `plugins:`"


def _by_hand(path: str, line: int, where: str, *, rows: tuple[str, ...]) -> UsageError:
    message = f"this file has a form that is not edited by itself; add to it, {where}:"
    shown = "".join(f"\n        {row}" for row in rows)
    return UsageError(message + shown, location=Location(path, line), hint="then run `catalyst translate update`")


def _composed(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        line, message = explain(error, text)
        raise UsageError(f"not YAML: {message}", location=Location("mkdocs.yml", line), code="C501") from None


def _languages(root: yaml.Node | None) -> yaml.SequenceNode | None:
    """The list of languages below the i18n plugin; None where there is no list, or nothing in it."""
    found = _field(_block(_field(root, "plugins")), "languages")
    return found if isinstance(found, yaml.SequenceNode) and found.value else None


def _block(plugins: yaml.Node | None) -> yaml.Node | None:
    """The settings of the i18n plugin, whichever way the plugins are listed."""
    items = plugins.value if isinstance(plugins, yaml.SequenceNode) else [plugins]
    return next(filter(None, (_field(item, I18N) for item in items)), None)


def _field(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _after_last(text: str, languages: yaml.SequenceNode, rows: tuple[str, ...]) -> str | None:
    """The text with the rows below the last item, indented as it is; None where it has no line of its own."""
    lines = text.splitlines(keepends=True)
    first = languages.value[-1].start_mark
    before = lines[first.line][: first.column]
    if languages.flow_style or before.strip() != "-":
        return None
    last = max(_last_lines(languages.value[-1]))
    while _is_comment_of_item(lines[last + 1 : last + 2], first.column):
        last += 1
    end = "\r\n" if lines[last].endswith("\r\n") else "\n"
    new = (before + rows[0][2:], " " * first.column + rows[1][2:])
    above = "".join(lines[: last + 1])
    above += "" if above.endswith("\n") else end
    return above + "".join(row + end for row in new) + "".join(lines[last + 1 :])


def _is_comment_of_item(line: list[str], column: int) -> bool:
    """Whether a line is a comment that stands as far in as the item does, and so speaks of it."""
    return bool(line) and line[0].lstrip().startswith("#") and len(line[0]) - len(line[0].lstrip()) >= column


def _last_lines(node: yaml.Node) -> Iterator[int]:
    """The lines, counted from 0, on which the values of a node begin or end; a mapping ends with its last value."""
    if isinstance(node, yaml.ScalarNode):
        yield node.end_mark.line if node.style not in ("|", ">") else node.end_mark.line - 1
        return
    flow = isinstance(node, yaml.CollectionNode) and node.flow_style
    yield node.end_mark.line if flow else node.start_mark.line
    for child in node.value:
        for one in child if isinstance(child, tuple) else (child,):
            yield from _last_lines(one)


def _is_one_more(text: str, changed: str, tag: str, name: str) -> bool:
    """Whether the only thing that changed for a reader of YAML is the new item at the end of the list."""
    try:
        before, after = _composed(text), _composed(changed)
    except UsageError:
        return False
    old, new = _languages(before), _languages(after)
    if old is None or new is None or len(new.value) != len(old.value) + 1:
        return False
    added = _tree(new.value.pop())
    expected = [((f"{TAG}str", "locale"), (f"{TAG}str", tag)), ((f"{TAG}str", "name"), (f"{TAG}str", name))]
    return added == (f"{TAG}map", expected) and _tree(before) == _tree(after)


def _tree(node: yaml.Node | None) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return node.tag, [(_tree(key), _tree(value)) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return node.tag, [_tree(one) for one in node.value]
    return (node.tag, node.value) if node else None
