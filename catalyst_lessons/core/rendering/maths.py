"""Formulas as MathML, made when the page is built: no script, no font and no network in the reader's browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalyst_lessons.core.markup import Line, Node, Prose, Verbatim, parse_markup, walk
from catalyst_lessons.core.rendering import html

_CODE_OR_MATH = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`{1,32})(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?<![\\$\w])\$\$(?P<display>\s*[^$\s][^$]*)\$\$(?![\w$])"  # as MathJax reads it, also among words
    r"|(?<![\\$\w])\$(?P<tex>[^\s$](?:[^$]*[^\s$\\])?)\$(?![\w$])"
)
_DELIMITED = re.compile(r"^(?:\$\$|\\\[)(.*)(?:\$\$|\\\])$", re.S)
# What we publish of latex2mathml's work: it lets HTML in `\text{}` and addresses in `\href` through as they are,
# and spells out commands that it does not know.
_MATHML = re.compile(r"""(?:[^<&]|&#?\w+;|</?m[a-z]+(?: (?!on|href)[a-z]+="[^"<>]*")* ?/?>)*""")
_UNKNOWN = re.compile(r">\\[A-Za-z]")
# latex2mathml leaves the backslash of these in `\text{}`.
_ESCAPED = re.compile(r"\\([_%$#{}])")
# Of the environments that put formulas below one another, without numbers, latex2mathml knows `split`.
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(?:equation|align|aligned|eqnarray|gather|gathered)\*?\}")


def inline_math(tex: str) -> str:
    """A formula that stands in a line of text; one we cannot read stays as it was written."""
    return f'<span class="math">{_mathml(tex, "inline")}</span>'


def display_math(tex: str) -> str:
    """A formula on a line of its own."""
    return f'<div class="math" tabindex="0">{_mathml(tex, "block")}</div>'


def with_mathml(text: str) -> str:
    """A Markdown text with its `$…$` and `$$…$$` formulas as MathML; code is left alone."""
    if not any(mark in text for mark in ("$", "\\begin{", "\\[")):
        return text
    lines = text.split("\n")
    for node in walk(parse_markup(text)):
        _convert(node, lines)
    return "\n".join(line for line in lines if line != _GONE)


def formulas_in(node: Node) -> Iterator[tuple[int, str]]:
    """The formulas right in a node of a Markdown text, each with the number of its line."""
    if isinstance(node, Prose):
        for line in node.lines:
            found = (one["tex"] or one["display"] for one in _CODE_OR_MATH.finditer(line.text))
            yield from ((line.number, tex) for tex in found if tex)
    elif isinstance(node, Verbatim) and node.kind == "math":
        yield node.lines[0].number, _tex_of(node.lines)


def is_readable(tex: str) -> bool:
    """Whether a formula can be shown; else its TeX is."""
    return _made(tex, "inline") is not None


def set_aside(text: str) -> tuple[str, dict[str, str]]:
    """A Markdown text with a mark in place of each formula, and the MathML that belongs there, for readers that would
    take a formula for Markdown or throw its HTML away."""
    kept: dict[str, str] = {}

    def mark(one: re.Match[str]) -> str:
        if one["code"]:
            return one["code"]
        # From Unicode's private use area: no text has it.
        name = f"\ue001{len(kept)}\ue001"
        kept[name] = inline_math(one["tex"] or one["display"].strip())
        return name

    return _CODE_OR_MATH.sub(mark, text), kept


_GONE = "\0"


def _convert(node: Node, lines: list[str]) -> None:
    if isinstance(node, Prose):
        for line in node.lines:
            new = _CODE_OR_MATH.sub(lambda one: one["code"] or inline_math(one["tex"] or one["display"]), line.text)
            lines[line.number] = line.replaced_in(lines[line.number], new)
    elif isinstance(node, Verbatim) and node.kind == "math":
        _convert_block(node.lines, lines)


def _convert_block(block: tuple[Line, ...], lines: list[str]) -> None:
    tex = _tex_of(block)
    first = block[0]
    lines[first.number] = first.replaced_in(lines[first.number], display_math(tex))
    for line in block[1:]:
        lines[line.number] = _GONE


def _tex_of(block: tuple[Line, ...]) -> str:
    return _DELIMITED.sub(r"\1", "\n".join(line.text for line in block).strip()).strip()


def _mathml(tex: str, display: str) -> str:
    made = _made(tex, display)
    return f"<code>{html.text(tex)}</code>" if made is None else html.sealed(made)


def _made(tex: str, display: str) -> str | None:
    """The MathML of a formula, None where it cannot be made or would bring in more than MathML."""
    from latex2mathml.converter import convert

    inner = _ENVIRONMENT.sub(r"\\\1{split}", tex.strip())
    try:
        made = _ESCAPED.sub(r"\1", convert(inner, display=display))
    except Exception:  # noqa: BLE001  latex2mathml raises many kinds, IndexError too, for TeX it does not know
        made = "<"
    readable = _MATHML.fullmatch(made) and not _UNKNOWN.search(made)
    return made if readable else None
