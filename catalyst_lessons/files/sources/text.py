"""Reads scripts, Markdown and R Markdown with Jupytext's cell readers, keeping the lines of each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.core.model import Json, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.sources.drafts import Draft, Reading
from catalyst_lessons.files.sources.header import Header, line_of_key, split_header, told_of, unknown_format
from catalyst_lessons.files.sources.jupytext_door import jupytext_part

# Formats that Jupytext hands over to a program of their own.
PROGRAMS = {"pandoc": "Pandoc", "quarto": "Quarto", "marimo": "marimo"}

# What IPython takes for a command (jupytext/magics.py), where an author may as well have meant a comment.
_WORD_COMMAND = re.compile(
    r"\s*((cat|cd|cp|mv|rm|rmdir|mkdir|copy|ddir|echo|ls|ldir|ren)($|\s)|[!?]\s|[^\s%!?]+\?\s*$)"
)


# What separates two code cells in a Sphinx-Gallery script.
_NO_TEXT = ('""', "''")


class _Line(str):
    """A source line that knows its number while Jupytext's readers cut the list of lines into cells."""

    __slots__ = ("number",)
    number: int


def numbered(lines: Sequence[str], first: int) -> list[_Line]:
    """The lines with their numbers, the first of them being source line `first`."""
    made = [_Line(line) for line in lines]
    for number, line in enumerate(made, first):
        line.number = number
    return made


def read_text(text: str, path: str, extension: str) -> Reading:
    """The cells, front matter and metadata of a source in one of Jupytext's text formats other than MyST.

    Args:
        text: the source, with `\\n` line ends.
        path: the source's path, for findings and errors.
        extension: the ending with its dot, as Jupytext has it.

    Raises:
        SourceError: the source needs another program, states an unknown format, or has an unreadable cell.
    """
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    header, metadata = _header(lines, path, extension)
    with told_of(header, path):
        converter = _converter(header, metadata, lines, path, extension=extension)
        language = _default_language(metadata, extension)
        reader = _CellReader(converter, language, path)
        cells = list(reader.cells(numbered(lines[header.body :], header.body + 1)))
        main = _set_languages(cells, metadata, converter)
    drafts = tuple(_draft(cell) for cell in cells if not _is_gap(cell, lines))
    named = f"{extension[1:]}:{converter.fmt['format_name']}"
    findings = (*header.findings, *reader.findings)
    return Reading(drafts, header.entries, metadata, named, main or language or "python", findings)


# Formats ------------------------------------------------------------------------------------------


def _header(lines: list[str], path: str, extension: str) -> tuple[Header, dict[str, Json]]:
    """The header of a script or of Markdown, and the notebook's metadata in it."""
    script = jupytext_part("languages")._SCRIPT_EXTENSIONS.get(extension, {})
    header = split_header(lines, path, prefix=script.get("comment", ""), suffix=script.get("comment_suffix", ""))
    if extension in (".r", ".R") and not header.found:
        header = split_header(lines, path, prefix="#'")
    return header, header.metadata


def _converter(header: Header, metadata: dict[str, Json], lines: list[str], path: str, *, extension: str) -> Any:
    """Jupytext's converter for the format that the header states or the text looks like; it completes `metadata`."""
    formats = jupytext_part("formats")
    name, options = _format_name(header, lines, path, extension)
    if name in PROGRAMS:
        raise needs_program(PROGRAMS[name], path, line_of_key(header, "jupytext", "jupyter"))
    name = formats.get_format_implementation(extension, name).format_name
    fmt = {"extension": extension, "format_name": name, **options}
    converter = jupytext_part("jupytext").TextNotebookConverter(fmt, None)
    formats.rearrange_jupytext_metadata(metadata)
    converter.update_fmt_with_notebook_options(metadata, read=True)
    return converter


def _format_name(header: Header, lines: list[str], path: str, extension: str) -> tuple[str, dict[str, Json]]:
    """Jupytext's name and options for the format: the stated one, else Markdown, else what a script looks like."""
    formats, metadata = jupytext_part("formats"), header.metadata
    stated = formats.format_name_for_ext(metadata, extension, explicit_default=False)
    known = [fmt.format_name for fmt in formats.JUPYTEXT_FORMATS if fmt.extension == extension]
    if stated and stated not in known:
        raise unknown_format(header, stated, path, known=known)
    if stated or extension in (".md", ".markdown", ".Rmd"):
        return stated or known[0], {}
    name, options = formats.guess_format("\n".join(lines[header.body :]), extension)
    return str(name), options


def needs_program(program: str, path: str, line: int = 0) -> SourceError:
    """The error for a source that Jupytext reads only with the help of another program."""
    message = f"this source is written for {program}, and only {program} itself can turn it into cells"
    hint = f"convert it once: `{_CONVERT.get(program, '')}`, and keep the notebook as the source".replace("FILE", path)
    return SourceError(message, location=Location(path, line), hint=hint)


_CONVERT = {
    "Pandoc": "pandoc FILE --to ipynb --output NAME.ipynb",
    "Quarto": "quarto convert FILE",
    "marimo": "marimo export ipynb FILE --output NAME.ipynb",
}


def _default_language(metadata: dict[str, Json], extension: str) -> str | None:
    languages = jupytext_part("languages")
    language: str | None = languages.default_language_from_metadata_and_ext(metadata, extension)
    return language


# Cells --------------------------------------------------------------------------------------------


class _CellReader:
    """Reads cell after cell with a Jupytext cell reader.

    It calls the two steps of `BaseCellReader.read` itself, because the third, nbformat's validation of each
    cell, costs four times as much as both.
    """

    def __init__(self, converter: Any, language: str | None, path: str) -> None:
        self.converter = converter
        self.language = language
        self.path = path
        self.findings: list[Finding] = []

    def cells(self, lines: list[_Line]) -> Iterator[dict[str, Any]]:
        """Each cell as a dictionary with nbformat's `source` and `metadata`.

        `marker` is the line where the cell begins with all that belongs to it, `start` that of its text,
        `length` the number of lines of its text.
        """
        while lines:
            reader = self.converter.implementation.cell_reader_class(self.converter.fmt, self.language)
            try:
                length = self._read(reader, lines)
            except Exception as error:  # Jupytext raises whatever a broken option line makes it stumble over
                raise self._unreadable(error, lines) from error
            yield self._cell(reader, lines[:length])
            lines = lines[length:]

    def _unreadable(self, error: Exception, lines: list[_Line]) -> SourceError:
        """The error for the cell that begins here, or for the next one, whose options Jupytext looks at already."""
        quoted = re.search(r'"(.+)"', str(error))
        line = next((line.number for line in lines if quoted and quoted[1] in line), lines[0].number)
        hint = 'look at its options: text in double quotes, lists in brackets, as in tags=["hint"]'
        message = f"the cell that begins here cannot be read: {error}"
        return SourceError(message, location=Location(self.path, line), hint=hint)

    @staticmethod
    def _read(reader: Any, lines: list[_Line]) -> int:
        reader.metadata_and_language_from_option_line(lines[0])
        if reader.metadata and "language" in reader.metadata:
            reader.language = reader.metadata.pop("language")
        # A copy: the reader of Sphinx-Gallery scripts changes the lines it gets.
        length = int(reader.find_cell_content(list(lines)))
        if length <= 0:
            raise ValueError("Jupytext found no end of it")
        return length

    def _cell(self, reader: Any, lines: list[_Line]) -> dict[str, Any]:
        content = [str(line) for line in reader.content]
        marker = lines[0].number
        start = _start(reader, marker)
        metadata = dict(reader.metadata or {})
        if reader.language:
            metadata["language"] = str(reader.language)
        elif reader.cell_type == "code":
            self._note_commands(content, start, lines)
        if "incorrectly_encoded_metadata" in metadata:
            self._note_bad_options(lines[0])
            # What is left of them are words of the broken option, taken for options without a value.
            del metadata["incorrectly_encoded_metadata"]
            metadata = {key: value for key, value in metadata.items() if value is not None}
        places = {"marker": marker, "start": start, "length": max(len(content), 1)}
        return {
            "kind": reader.cell_type or "raw",
            "source": "\n".join(content),
            "metadata": metadata,
            **places,
        }

    def _note_bad_options(self, marker: _Line) -> None:
        hint = 'write them as in tags=["hint"] alt="A bar chart": text in double quotes, lists in brackets'
        message = f"these cell options cannot be read: {marker.strip()}"
        self.findings.append(Finding("L109", message, Location(self.path, marker.number), hint))

    def _note_commands(self, content: list[str], start: int, lines: list[_Line]) -> None:
        """Tell of each comment that Jupytext reads as a command because it looks like one, such as `# ls`."""
        for number, line in enumerate(content, start):
            at = number - lines[0].number
            if 0 <= at < len(lines) and line != lines[at] and _WORD_COMMAND.match(line):
                message = f"Jupytext reads this comment as the command `{line.strip()}`, and the notebook runs it"
                hint = "if it is meant as a comment, begin it with a capital letter or another word"
                self.findings.append(Finding("L108", message, Location(self.path, number), hint, "info"))


def _start(reader: Any, first: int) -> int:
    """The source line of the cell's first line.

    Cells stand in one piece in their source, so any line that is still the file's own tells it. Where all were
    changed (comment signs cut off, quotes taken away), the cell stands where its lines are part of the source's.
    """
    for number, line in enumerate(reader.content):
        if isinstance(line, _Line):
            return line.number - number
    original = reader.org_content
    begin = next((line.number - n for n, line in enumerate(original) if isinstance(line, _Line)), first)
    for skipped in range(len(original) - len(reader.content) + 1):
        if all(line in whole for line, whole in zip(reader.content, original[skipped:], strict=False)):
            return begin + skipped
    return begin


def _set_languages(cells: list[dict[str, Any]], metadata: dict[str, Json], converter: Any) -> str | None:
    """Give cells of another language their `%%language` line, as Jupytext does; return the main language."""
    fmt, found = converter.fmt, dict(metadata)
    found["jupytext"] = dict(metadata.get("jupytext") or {})
    magics = [name for key in ("custom_cell_magics", "custom_language_magics") for name in fmt.get(key, "").split(",")]
    jupytext_part("languages").set_main_and_cell_language(found, cells, fmt["extension"], magics)
    main: str | None = found["jupytext"].get("main_language")
    return main


def _is_gap(cell: dict[str, Any], lines: list[str]) -> bool:
    """Whether it is no cell of the author's but blank lines between others, which Jupytext gives as an empty cell."""
    return not cell["source"] and (not lines[cell["marker"] - 1].strip() or lines[cell["marker"] - 1] in _NO_TEXT)


def _draft(cell: dict[str, Any]) -> Draft:
    """The draft of a cell; a `%%language` line that was put before its text stands at its marker."""
    start, source = cell["start"], cell["source"]
    added = source.count("\n") + 1 - cell["length"]
    lines = (cell["marker"],) * added + tuple(range(start, start + cell["length"]))
    return Draft(cell["kind"], source, lines, cell["metadata"])
