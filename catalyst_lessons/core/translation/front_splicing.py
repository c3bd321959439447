"""Translations in the place of the prose of YAML front matter, byte for byte the same everywhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from catalyst_lessons.core.frontmatter import PHRASE_LISTS
from catalyst_lessons.core.translation.splicing import Edit
from catalyst_lessons.core.yaml_reading import UNREADABLE, plain_yaml

PROSE = ("title", *PHRASE_LISTS)
"""The keys whose texts are translated."""

_RULE = re.compile(r"(?P<prefix>(?:#'|//|--|;;|%|#|\*)? ?)---[ \t]*$")


@dataclass(frozen=True, slots=True)
class FrontBlock:
    """Where front matter stands: its YAML, the line where that begins (0 for the first), and what comes before it."""

    yaml: str
    line: int
    prefix: str = ""


def front_block(lines: Sequence[str]) -> FrontBlock | None:
    """The front matter at the top of a source whose lines these are, without their ends; None where there is none."""
    begin, prefix = -1, ""
    for number, line in enumerate(lines):
        rule = _RULE.match(line)
        if begin >= 0:
            if rule and rule["prefix"] == prefix:
                content = (line[len(prefix) :] for line in lines[begin:number])
                return FrontBlock("\n".join(content), begin, prefix)
            if not line.startswith(prefix.rstrip()):
                return None
        elif rule:
            begin, prefix = number + 1, rule["prefix"]
        elif line.strip() and not re.match(r"#!|#.*coding[:=]|<!--", line):
            return None
    return None


def front_edits(block: FrontBlock, text_for: Callable[[str], str | None]) -> Iterator[tuple[int, int, int, int, str]]:
    """For each text that has a translation: its first line and column, its last line and column, what stands there.

    Lines and columns are those of the YAML. The style of quotes stays, unless it cannot hold the translation.
    """
    try:
        node = yaml.compose(block.yaml, Loader=yaml.SafeLoader)
    except UNREADABLE:
        return
    for scalar, inside in _scalars(node) if isinstance(node, yaml.MappingNode) else ():
        text = text_for(" ".join(scalar.value.split()))
        if text is not None:
            start, end = scalar.start_mark, scalar.end_mark
            written = _written(text, scalar, block.yaml, inside=inside)
            yield start.line, start.column, end.line, end.column, written


def _scalars(node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, bool]]:
    """The texts under our keys, and whether they stand between brackets."""
    for key, value in node.value:
        if key.value not in PROSE:
            continue
        if isinstance(value, yaml.ScalarNode):
            yield value, False
        elif isinstance(value, yaml.SequenceNode):
            yield from ((item, bool(value.flow_style)) for item in value.value if isinstance(item, yaml.ScalarNode))


def _written(text: str, scalar: yaml.ScalarNode, source: str, *, inside: bool) -> str:
    """A text as YAML, in the scalar's own style where that can hold it."""
    if scalar.style in ("|", ">"):
        lines = source.split("\n")[scalar.start_mark.line : scalar.end_mark.line]
        head, body = lines[0][scalar.start_mark.column :], next((line for line in lines[1:] if line.strip()), "  ")
        kept = "" if scalar.end_mark.column else "\n"
        return f"{head}\n{body[: len(body) - len(body.lstrip())]}{text}{kept}"
    if scalar.style == "'":
        return "'" + text.replace("'", "''") + "'"
    if scalar.style != '"' and reads_as_itself(text, inside=inside):
        return text
    return json.dumps(text, ensure_ascii=False)


def reads_as_itself(text: str, *, inside: bool = False) -> bool:
    """Whether YAML reads a text without quotes as that very text, between brackets if it stands there."""
    form = f"[{text}]" if inside else f"- {text}"
    try:
        return bool(plain_yaml(form) == [text]) and "\n" not in text
    except UNREADABLE:
        return False


def as_edit(found: tuple[int, int, int, int, str], starts: Sequence[int], *, prefix: str = "", line: int = 0) -> Edit:
    """A find of `front_edits` as an edit of the whole text, whose lines begin at `starts`."""
    first, begin, last, end, text = found
    shift = len(prefix)
    stop = starts[line + last] + (end + shift if end else 0)
    return Edit(starts[line + first] + begin + shift, stop, text.replace("\n", f"\n{prefix}") if prefix else text)
