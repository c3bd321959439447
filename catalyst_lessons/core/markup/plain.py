"""What MyST, Quarto and Carpentries sources write beside callouts (roles, figures...), as plain Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from catalyst_lessons.core.markup.markers import fence_marker, heading, read_options
from catalyst_lessons.core.markup.nodes import Line, Verbatim

_ATTRIBUTE = r"""(?:[.\#][\w:-]+|[\w-]+=(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"'{}]+))"""
_ATTRIBUTES = rf"\{{:?\s*{_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*\s*\}}"
_BRACKETS = r"(?:\\.|[^\[\]\\]|\[(?:\\.|[^\[\]\\])*\])*"
_INLINE = re.compile(
    rf"""
    \\.  # an escaped character
    | (?:\{{(?P<role>[A-Za-z][\w:+-]*)\}})?  # a role, and code
      (?<!`)(?P<ticks>`{{1,32}})(?!`)(?P<code>(?:(?!\n\s*\n).)+?)(?<!`)(?P=ticks)(?!`)
    | !\[(?P<caption>{_BRACKETS})\]\((?P<target>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)(?P<image>{_ATTRIBUTES})
    | (?<=[)\]`])(?P<attributes>{_ATTRIBUTES})
    """,
    re.VERBOSE | re.DOTALL,
)
_ALT = re.compile(
    r"""(?<![\w-])(?:fig-)?alt=(?:"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'|(?P<bare>[^\s"'{}]+))"""
)
_ATTRIBUTE_LINE = re.compile(rf"\s*{_ATTRIBUTES}\s*$")
_HEADING_ATTRIBUTES = re.compile(rf"(?<!\s)\s+{_ATTRIBUTES}\s*$")
_REFERENCE = re.compile(r"(?P<text>(?:.*\S)??)\s*<(?P<target>[^<>]*)>$", re.DOTALL)
_DIRECTIVE_FENCE = re.compile(r"\{(?P<name>[A-Za-z][\w:+-]*)(?P<rest>[^}]*)\}\s*(?P<argument>.*)$")
_EQUATION_LABEL = re.compile(r"(?<=\$\$)\s*\([\w:.-]+\)\s*$")
_CODE_ROLES = frozenset(
    {"code", "kbd", "file", "command", "program", "samp", "envvar", "option", "literal", "python", "bash"}
)
_OBJECT_ROLES = frozenset({"func", "class", "meth", "mod", "attr", "obj", "data", "exc"})
# What pymdownx.superfences takes after the language; with anything else there it sees no fence at all.
_SUPERFENCES_INFO = re.compile(r"""(?:[\w#.+-]*(?:\s+(?:title|hl_lines|linenums)="[^"]*")*|\{\s*\.[^{}]*\})$""")
_CODE_DIRECTIVES = frozenset({"code", "code-block", "sourcecode", "code-cell"})


def plain_prose(lines: Sequence[str], *, attributes: bool) -> list[str]:
    """Lines of prose with MyST roles as their text, and the `alt` of an image as its alternative text.

    With `attributes` False, attribute lists of headings, links and images are left out too, for readers
    that would show them (JupyterLab).
    """
    text = "\n".join(lines)
    text = _INLINE.sub(lambda found: _inline(found, attributes=attributes), text)
    rows = text.split("\n")
    return rows if attributes else [_bare(row) for row in rows if not _ATTRIBUTE_LINE.match(row)]


def plain_verbatim(node: Verbatim, *, attributes: bool) -> list[str]:
    """The lines of a verbatim node as plain Markdown, without its first line's indentation; may be empty.

    A MyST comment is left out. With `attributes` False, for readers that do not know them, so are a
    `(label)=` (an anchor otherwise), the width of a figure, and what a fence says beside its language.
    """
    lines = [line.dedent(node.lines[0].indent) for line in node.lines]
    rows = [line.text for line in lines]
    if node.kind == "fence":
        return _fence(lines, closed=node.closed, attributes=attributes)
    if node.kind == "comment":
        return [] if rows[0].startswith("%") else rows
    if node.kind == "target":
        return [f'<a id="{escape(rows[0].strip()[1:-2])}"></a>'] if attributes else []
    if node.kind == "math":
        return [*rows[:-1], _EQUATION_LABEL.sub("", rows[-1])]
    return rows


def fenced(rows: Sequence[str], language: str = "") -> list[str]:
    """Lines in a code fence that none of them can close."""
    runs = [len(run) for row in rows for run in re.findall("`{3,}", row)]
    ticks = "`" * (max(runs, default=2) + 1)
    return [ticks + language, *rows, ticks]


def _inline(found: re.Match[str], *, attributes: bool) -> str:
    if found["image"]:
        return _image(found, attributes=attributes)
    if found["role"]:
        return _role(found["role"].lower(), found["code"].strip(), found[0])
    return "" if found["attributes"] and not attributes else found[0]


def _role(role: str, text: str, written: str) -> str:
    """The text that a MyST role shows; a reference shows its own words, else what it refers to."""
    if role == "math":
        return f"${text}$"
    if role in ("sub", "sup", "subscript", "superscript"):
        return f"<{role[:3]}>{text}</{role[:3]}>"
    reference = _REFERENCE.match(text)
    shown = (reference["text"] or reference["target"]) if reference else text.lstrip("!")
    if role == "download" and reference:
        return f"[{shown}]({reference['target']})"
    if role in _CODE_ROLES or role.rpartition(":")[2] in _OBJECT_ROLES:
        short = shown.rpartition(".")[2] if shown.startswith("~") else shown
        return written[written.index("`") :] if short == text else f"`{short}`"
    return shown


def _image(found: re.Match[str], *, attributes: bool) -> str:
    """An image with its `alt` attribute as alternative text; the words in brackets are then its caption."""
    alt = _ALT.search(found["image"])
    rest = (_ALT.sub("", found["image"]) if alt else found["image"]).strip("{}: ")
    shown = f"{{ {' '.join(rest.split())} }}" if rest and attributes else ""
    if not alt:
        return f"![{found['caption']}]({found['target']}){shown}"
    text = alt["double"] or alt["single"] or alt["bare"] or ""
    image = f"![{_alternative(text)}]({found['target']}){shown}"
    if not found["caption"].strip():
        return image
    before, after = found.string[: found.start()], found.string[found.end() :]
    indent = before.rpartition("\n")[2]
    alone = not indent.strip() and not after.partition("\n")[0].strip()
    return f"{image}\n\n{indent}{found['caption']}" if alone else f"{image} {found['caption']}"


def _alternative(text: str) -> str:
    """Words that can stand between the brackets of an image."""
    text = re.sub(r"\\(['\"])", r"\1", text)
    return re.sub(r"(?<!\\)([\[\]])", r"\\\1", " ".join(text.split()))


def _bare(row: str) -> str:
    """A heading without its attribute list; any other line as it is."""
    return _HEADING_ATTRIBUTES.sub("", row) if heading(Line(0, 0, row)) else row


def _fence(lines: Sequence[Line], *, closed: bool, attributes: bool) -> list[str]:
    """A fence that ends with as many marks as it begins with (pymdownx); directives as what they show."""
    body = list(lines[1:-1] if closed else lines[1:])
    fence = fence_marker(lines[0].text)
    info = lines[0].text.lstrip(" :").strip() if fence is None else fence.info
    if directive := _DIRECTIVE_FENCE.match(info):
        return _directive(directive, body, attributes=attributes)
    mark = "```" if fence is None else fence.character * fence.length
    known = attributes and _SUPERFENCES_INFO.match(info)
    return [mark + (info if known else _language(info)), *(line.text for line in body), mark]


def _language(info: str) -> str:
    """The language of a fence: its first word, or the first class of `{.python #id}`."""
    words = info.strip("{} ").split()
    return words[0].lstrip(".").rstrip(",") if words else ""


def _directive(directive: re.Match[str], body: Sequence[Line], *, attributes: bool) -> list[str]:
    name, argument = directive["name"].lower(), directive["argument"].strip()
    count, options = read_options(body)
    rows = [line.text for line in body[count:]]
    if name in ("figure", "image"):
        width = options.get("width", "") if attributes else ""
        return _figure(argument, options.get("alt", ""), width, rows if name == "figure" else [])
    if name == "math":
        return ["$$", *([argument] if argument else []), *_trim(rows), "$$"]
    if name in _CODE_DIRECTIVES:
        return fenced(_trim(rows), argument)
    return fenced([line.text for line in body], name)


def _figure(target: str, alt: str, width: str, caption: Sequence[str]) -> list[str]:
    target = f"<{target}>" if " " in target else target
    image = f"![{_alternative(alt.strip(chr(34)))}]({target})" + (f'{{ width="{width}" }}' if width else "")
    words = _trim(caption)
    return [image, *(["", *words] if words else [])]


def _trim(rows: Sequence[str]) -> list[str]:
    """The lines without the blank ones at both ends."""
    filled = [index for index, row in enumerate(rows) if row.strip()]
    return list(rows[filled[0] : filled[-1] + 1]) if filled else []
