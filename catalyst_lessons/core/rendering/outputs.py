"""Outputs of code cells as HTML, and pictures as files that are named by their content."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalyst_lessons.core.model import Cell, Json
from catalyst_lessons.core.rendering import html
from catalyst_lessons.core.rendering.maths import display_math, set_aside
from catalyst_lessons.core.rendering.words import Words

LONGEST_TEXT = 200
"""Lines of text output that a page shows; the rest is in the notebook."""

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
# Where a package is installed tells the name of who built the site, and is another on every computer.
_INSTALLED = re.compile(
    r"(?:[A-Za-z]:)?(?:[/\\][^\s\"'/\\:]+){1,60}(?=[/\\](?:(?:site|dist)-packages|python3\.\d+)[/\\])"
)
_PICTURES = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
}
_TABLE_TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
    ),
    *(
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
    ),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that an output shows: its file name (a hash of its bytes) and its bytes."""

    name: str
    content: bytes

    @classmethod
    def of(cls, content: bytes, ending: str) -> Picture:
        """The picture with this content, named by it."""
        return cls(f"{hashlib.sha256(content).hexdigest()[:16]}.{ending}", content)


def pictures_in(outputs: Iterable[Json]) -> tuple[Picture, ...]:
    """The pictures that a page shows of these outputs, one for each that has any."""
    found = (_picture(output.get("data", {})) for output in outputs)
    return tuple(picture for picture in found if picture)


def attachments_of(cell: Cell) -> dict[str, Picture]:
    """By name, the pictures that somebody pasted into a Markdown cell (nbformat's attachments)."""
    pasted = cell.metadata.get("attachments", {})
    given = pasted.items() if isinstance(pasted, Mapping) else ()
    found = ((name, _picture(data)) for name, data in given if isinstance(data, Mapping))
    return {name: picture for name, picture in found if picture}


def render_outputs(cell: Cell, outputs: Iterable[Json], *, words: Words, pictures: str) -> str:
    """The outputs of a cell as Markdown, "" when there are none: HTML, each on one line, and pictures.

    Pictures are Markdown images, because only the generator knows where a page will be and can write their address.

    Args:
        cell: the code cell; its `alt` metadata describes its pictures.
        outputs: nbformat's outputs.
        words: the page's language.
        pictures: the address of the folder of pictures, as seen from the page, ending in `/`.
    """
    shown = [_render(output, cell, words, pictures) for output in _joined(outputs)]
    return "\n\n".join(part for part in shown if part)


def _boxed(markup: str) -> str:
    return f'<div class="catalyst-output">{markup}</div>' if markup else ""


def _joined(outputs: Iterable[Json]) -> Iterator[Json]:
    """The outputs with neighboring pieces of the same stream as one."""
    last: dict[str, Json] | None = None
    for output in outputs:
        if last and output.get("output_type") == "stream" and output.get("name") == last.get("name"):
            last["text"] += _string(output.get("text", ""))
            continue
        if last:
            yield last
        last = {**output, "text": _string(output.get("text", ""))} if output.get("output_type") == "stream" else None
        if last is None:
            yield output
    if last:
        yield last


def _render(output: Json, cell: Cell, words: Words, pictures: str) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        text = _string(output.get("text", ""))
        return _boxed(_preformatted(_INSTALLED.sub("…", text) if output.get("name") == "stderr" else text, words))
    if kind == "error":
        return _boxed(_error(output, words))
    return _rich(output.get("data", {}), cell, words, pictures)


def _rich(data: Mapping[str, Json], cell: Cell, words: Words, pictures: str) -> str:
    """The richest form that is light and safe: picture, table, formula, Markdown, text; never a widget's dump."""
    if any("widget-view" in mimetype for mimetype in data):
        return _interactive(words)
    picture = _picture(data)
    if picture:
        alt = html.text(str(cell.metadata.get("alt", "")))
        return f"![{alt}]({pictures}{picture.name}){{ .catalyst-picture loading=lazy decoding=async }}"
    if "text/html" in data:
        return _boxed(_table(_string(data["text/html"]), words)) or _interactive(words)
    if "text/latex" in data:
        return _boxed(display_math(_string(data["text/latex"]).strip().strip("$")))
    if "text/markdown" in data:
        return _boxed(_markdown(_string(data["text/markdown"])))
    return _boxed(_preformatted(_string(data.get("text/plain", "")), words))


def _interactive(words: Words) -> str:
    note = html.text(words("This part is interactive: open the notebook to use it."))
    return _boxed(f'<p class="catalyst-widget">{note}</p>')


def _picture(data: Mapping[str, Json]) -> Picture | None:
    for mimetype, ending in _PICTURES.items():
        if mimetype in data:
            raw = _string(data[mimetype])
            try:
                content = raw.encode() if ending == "svg" else base64.b64decode(raw)
            except (ValueError, binascii.Error):
                return None
            return Picture.of(content, ending)
    return None


def _table(markup: str, words: Words) -> str:
    """An HTML output with only harmless tags: no script, style or event attribute survives.

    "" where that leaves nothing to read: the output was a program, as Plotly's and Bokeh's are.
    """
    clean = _harmless(markup)
    # pandas writes its empty corner as a heading of nothing, which a screen reader would announce.
    clean = re.sub(r"<th([^>]*)></th>", r"<td\1></td>", clean)
    if not html.plain(clean):
        return ""
    label = html.text(words("Table"))
    return (
        f'<div class="catalyst-html" role="region" tabindex="0" aria-label="{label}">{html.sealed(clean.strip())}</div>'
    )


def _markdown(text: str) -> str:
    """A text that the code wrote in Markdown, as JupyterLab shows it, with harmless tags alone."""
    from markdown_it import MarkdownIt

    text, formulas = set_aside(text)
    made = html.sealed(_harmless(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)).strip())
    for mark, formula in formulas.items():
        made = made.replace(mark, formula)
    return f'<div class="catalyst-html" tabindex="0">{made}</div>' if made else ""


def _harmless(markup: str) -> str:
    import nh3

    attributes = {"*": {"class", "colspan", "rowspan", "scope", "title", "lang", "dir"}, "a": {"href"}}
    return nh3.clean(markup, tags=_TABLE_TAGS, attributes=attributes, clean_content_tags={"script", "style"})


def _error(output: Json, words: Words) -> str:
    name, value = str(output.get("ename", "")), str(output.get("evalue", ""))
    trace = "\n".join(_ANSI.sub("", str(line)) for line in output.get("traceback", ())) or f"{name}: {value}"
    trace = _INSTALLED.sub("…", trace)
    label = html.text(words("Error message"))
    return f'<div class="catalyst-error"><p>{label}</p>{_preformatted(trace, words)}</div>'


def _preformatted(value: str, words: Words) -> str:
    lines = _ANSI.sub("", value).rstrip("\n").split("\n")
    if lines == [""]:
        return ""
    more = html.text(words("… more in the notebook"))
    cut = f'<p class="catalyst-cut">{more}</p>' if len(lines) > LONGEST_TEXT else ""
    body = html.text("\n".join(_overwritten(line) for line in lines[:LONGEST_TEXT]))
    # A line break right behind `<pre>` is not shown (HTML, 13.2.6.4.7), so one is given away.
    body = html.text("\n") + body if not lines[0] else body
    return f'<pre class="catalyst-text" tabindex="0">{body}</pre>{cut}'


def _overwritten(line: str) -> str:
    """What a terminal shows of a line with carriage returns: the last thing written over it."""
    return line.rstrip("\r").rpartition("\r")[2]


def _string(value: Json) -> str:
    """nbformat keeps text as a string or as a list of lines."""
    return "".join(str(part) for part in value) if isinstance(value, list) else str(value)
