"""Splits the header off a text source: interpreter line, encoding line and front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from catalyst_lessons.core.errors import CatalystError, SourceError
from catalyst_lessons.core.front_yaml import read_yaml
from catalyst_lessons.core.frontmatter import Entry
from catalyst_lessons.core.model import NOTHING, Json, Location
from catalyst_lessons.core.report import Finding

_MAPPINGS = ("jupytext", "kernelspec", "language_info")
_RULE = re.compile(r"---\s*")
_ENCODING = re.compile(r"[ \t\f]*\W.*?coding[:=][ \t]*[-_.a-zA-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the first cell. `body` is the line where the cells begin, 0 for the first.

    `found` says whether there is front matter, be it empty or broken.
    """

    body: int = 0
    found: bool = False
    entries: Mapping[str, Entry] = NOTHING
    findings: tuple[Finding, ...] = ()

    @property
    def metadata(self) -> dict[str, Json]:
        """The notebook's metadata: what stands under `jupyter:`, and at the top level as MyST has it."""
        jupyter = self.entries["jupyter"].value if "jupyter" in self.entries else {}
        metadata = dict(jupyter) if isinstance(jupyter, dict) else {"kernelspec": {"name": str(jupyter)}}
        for key in _MAPPINGS:
            # A key that somebody is about to write has no value yet: it says nothing.
            if not isinstance(metadata.get(key, {}), dict):
                del metadata[key]
            if key in self.entries and isinstance(self.entries[key].value, dict):
                metadata.setdefault(key, self.entries[key].value)
        return metadata

    @property
    def format_name(self) -> tuple[str, str]:
        """Extension and format name that the header states for the text, "" where it states none."""
        jupytext = self.metadata.get("jupytext")
        stated = jupytext.get("text_representation") if isinstance(jupytext, dict) else None
        stated = stated if isinstance(stated, dict) else {}
        return str(stated.get("extension") or ""), str(stated.get("format_name") or "")


def split_header(lines: Sequence[str], path: str, *, prefix: str = "", suffix: str = "") -> Header:
    """The header of a text source, by the same rules as Jupytext (`header_to_metadata_and_cell`), with lines.

    Unlike Jupytext's, it keeps going when the YAML is broken (finding L101), and it takes a block between two
    rules that holds no keys for text, not for a header.

    Args:
        lines: all lines of the source.
        path: the source's path, for findings.
        prefix: what begins a line of comment; "" for Markdown.
        suffix: what ends a line of comment, in languages that need it.
    """
    start = _preamble(lines, "#" if prefix == "#'" else prefix)
    block = _block(lines, start, prefix, suffix)
    if not block:
        return Header(start)
    begin, end, body = block
    text = "\n".join(_uncommented(line, prefix, suffix) for line in lines[begin:end])
    entries, findings = read_yaml(text, path=path, first_line=begin + 1)
    if entries is None:
        return Header(start)
    if body < len(lines) and not _uncommented(lines[body], prefix).strip():
        body += 1
    return Header(body, True, entries, findings)


def _preamble(lines: Sequence[str], comment: str) -> int:
    """The number of lines that tell how to run or decode the file (`#!`, and PEP 263 in line 1 or 2)."""
    start = 1 if comment and lines and lines[0].startswith("#!") else 0
    encoded = comment and start < len(lines) and lines[start].startswith(comment) and _ENCODING.match(lines[start])
    return start + bool(encoded)


def _block(lines: Sequence[str], start: int, prefix: str, suffix: str) -> tuple[int, int, int] | None:
    """Where the YAML begins and ends and what follows it begins; `None` where there is no front matter."""
    begin, wrapped = None, False
    for number in range(start, len(lines)):
        line = lines[number]
        if not line.startswith(prefix):
            return None
        if not prefix and begin is None and line.strip().startswith("<!--"):
            wrapped = True
            continue
        plain = _uncommented(line, prefix, suffix)
        if _RULE.fullmatch(plain):
            if begin is not None:
                return begin, number, _after_wrapper(lines, number + 1) if wrapped else number + 1
            begin = number + 1
        elif begin is None and plain.strip():
            return None
    return None


def _after_wrapper(lines: Sequence[str], number: int) -> int:
    """The line after the `-->` of a header in an HTML comment (Jupytext's `hide_notebook_metadata`)."""
    closing = next((n for n in range(number, len(lines)) if "-->" in lines[n]), number - 1)
    return closing + 1


def _uncommented(line: str, prefix: str, suffix: str = "") -> str:
    if prefix and line.startswith(prefix):
        line = line[len(prefix) :].removeprefix(" ")
    if suffix and line.rstrip().endswith(suffix):
        line = line.rstrip().removesuffix(suffix)
    return line


@contextmanager
def told_of(header: Header, path: str) -> Iterator[None]:
    """Turns whatever Jupytext stumbles over in what the header tells it into an error with the header's place.

    Raises:
        SourceError: Jupytext stumbled.
    """
    try:
        yield
    except CatalystError:
        raise
    except Exception as error:
        message = f"Jupytext cannot use what the front matter tells it: {error}"
        hint = "look at what stands under `jupytext:` and `kernelspec:`, or delete it: `jupytext --sync` writes it anew"
        location = Location(path, line_of_key(header, "jupytext", "jupyter", "kernelspec"))
        raise SourceError(message, location=location, hint=hint) from error


def line_of_key(header: Header, *keys: str) -> int:
    """The line of the first of these keys that the header has, else the source's first line."""
    return next((header.entries[key].key_line for key in keys if key in header.entries), 1)


def unknown_format(header: Header, name: str, path: str, *, known: Sequence[str]) -> SourceError:
    """The error for a header that states a format Jupytext does not have for this kind of file."""
    line = line_of_key(header, "jupytext", "jupyter")
    hint = "write one of: " + ", ".join(known)
    return SourceError(f"`{name}` is not a format of such files", location=Location(path, line), hint=hint)
