"""Reads MyST Markdown notebooks with Jupytext's parser, keeping the source line of each cell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.core.model import NOTHING, CellKind, Json, Location
from catalyst_lessons.core.yaml_reading import UNREADABLE, check_values, problem_of
from catalyst_lessons.files.sources.drafts import Draft, Reading, lines_from
from catalyst_lessons.files.sources.header import split_header
from catalyst_lessons.files.sources.jupytext_door import jupytext_part

_DIRECTIVES: Mapping[str, CellKind] = {"{code-cell}": "code", "{raw-cell}": "raw"}


def looks_like_myst(text: str, path: str) -> bool:
    """Whether a `.md` is a MyST notebook: its header says so, or it has a `{code-cell}` or `{raw-cell}`."""
    header = split_header(text.split("\n"), path)
    stated = header.format_name[1]
    if stated:
        return stated == "myst"
    # MyST keeps Jupyter's keys at the top level of the front matter, Jupytext Markdown below `jupyter:`.
    if {"kernelspec", "file_format"} & header.entries.keys():
        return True
    return any(name in text for name in _DIRECTIVES) and any(_directive(token) for token in _tokens(text))


def read_myst(text: str, path: str, extension: str) -> Reading:
    """The cells, front matter and metadata of a MyST notebook.

    The same cells as `jupytext.myst.myst_to_notebook` gives, without its validation of every cell.

    Raises:
        SourceError: the options of a cell cannot be read.
    """
    lines = text.split("\n")
    header = split_header(lines, path)
    body = [""] * header.body + lines[header.body :]
    reader = _Reader(body, path)
    drafts = tuple(reader.drafts())
    language = reader.lexer.removeprefix("i").rstrip("0123456789") if reader.lexer.startswith("i") else reader.lexer
    return Reading(
        drafts,
        header.entries,
        header.metadata,
        f"{extension[1:]}:myst",
        language or "python",
        header.findings,
    )


def _tokens(text: str) -> Iterator[Any]:
    """The tokens of the document's own blocks: what stands in a list or a quote is not a cell."""
    level = 0
    for token in jupytext_part("myst").get_parser().parse(text + "\n"):
        level += token.nesting
        if level == 0:
            yield token


def _directive(token: Any) -> str:
    return next((name for name in _DIRECTIVES if token.type == "fence" and token.info.startswith(name)), "")


class _Reader:
    """Reads cell after cell; `lexer` is the language that the first `{code-cell}` with one names."""

    def __init__(self, lines: list[str], path: str) -> None:
        self.lines = lines
        self.path = path
        self.lexer = ""

    def drafts(self) -> Iterator[Draft]:
        begin, metadata = 0, NOTHING
        for token in _tokens("\n".join(self.lines)):
            name = _directive(token)
            if not name and token.type != "myst_block_break":
                continue
            yield from self._markdown(begin, token.map[0], metadata)
            begin, metadata = token.map[1], NOTHING
            if name:
                self.lexer = self.lexer or token.info[len(name) :].strip()
                yield self._fenced(token, _DIRECTIVES[name])
            else:
                metadata = self._block_metadata(token)
        yield from self._markdown(begin, len(self.lines), metadata)

    def _markdown(self, begin: int, end: int, metadata: Mapping[str, Json]) -> Iterator[Draft]:
        text = "\n".join(self.lines[begin:end]).rstrip()
        source = text.lstrip("\n")
        if source:
            first = begin + len(text) - len(source) + 1
            yield Draft("markdown", source, lines_from(first, source), metadata)

    def _fenced(self, token: Any, kind: CellKind) -> Draft:
        myst = jupytext_part("myst")
        try:
            options, body = myst.read_fenced_cell(token, 0, kind.capitalize())
            check_values(options)
            # Notebooks hold JSON; YAML has numbers for keys, dates, sets and lists that are in themselves as well.
            options = json.loads(json.dumps(options, default=str))
        except myst.MystMetadataParsingError as error:
            raise self._bad_options(token, str(getattr(error.__context__, "problem", error))) from error
        except UNREADABLE as error:
            raise self._bad_options(token, problem_of(error, token.content)[0]) from error
        if not isinstance(options, dict):
            raise self._bad_options(token, f"found `{options}`")
        # The options stand above the text, so the text is the end of what is between the fences, but for an empty
        # last line, which Jupytext drops with the options.
        content = token.content.splitlines()
        above = len(content) - len(body)
        above -= bool(body) and content[above:] != body
        first = token.map[0] + 2 + (above if body else 0)
        source = "\n".join(body)
        return Draft(kind, source, lines_from(first, source), options)

    def _block_metadata(self, token: Any) -> Mapping[str, Json]:
        myst = jupytext_part("myst")
        try:
            metadata: Mapping[str, Json] = myst.read_cell_metadata(token, 0)
        except myst.MystMetadataParsingError as error:
            hint = 'write a JSON object, as in `+++ {"tags": ["hint"]}`, or nothing'
            message = f"what stands after `+++` is not JSON: {token.content.strip()}"
            raise SourceError(message, location=Location(self.path, token.map[0] + 1), hint=hint) from error
        return metadata

    def _bad_options(self, token: Any, problem: str) -> SourceError:
        hint = "write one option a line, as in `:tags: [hide-input]`, right below the opening fence"
        message = f"the options of this cell cannot be read: {problem}"
        return SourceError(message, location=Location(self.path, token.map[0] + 1), hint=hint)
