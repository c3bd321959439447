"""Reads `.ipynb` notebooks, with the line of the JSON file where each line of a cell stands."""

from __future__ import annotations

import json
import json.decoder
import json.scanner
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.core.frontmatter import Entry, from_json
from catalyst_lessons.core.model import CellKind, Json, Location
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.sources.drafts import Draft, Reading

_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})( |$)", re.MULTILINE)
_KINDS = ("markdown", "code", "raw")


class _Placed(str):
    """A JSON string that knows the line of the file where it begins."""

    __slots__ = ("line",)
    line: int


def read_notebook(text: str, path: str) -> Reading:
    """The cells, front matter and metadata of a notebook of any nbformat version up to 4.

    Front matter is the first raw cell where it begins with `---`, else the metadata's `catalyst`, else its `title`.

    Raises:
        SourceError: it is no JSON, has conflict marks of Git, or is no notebook that we know.
    """
    notebook = _load(text, path)
    drafts = tuple(_drafts(notebook, text, path))
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    entries, findings, drafts = _front_matter(drafts, metadata, text=text, path=path)
    return Reading(drafts, entries, metadata, "ipynb", findings=findings)


# JSON with lines ----------------------------------------------------------------------------------


def _load(text: str, path: str) -> dict[str, Any]:
    try:
        notebook = _decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error, text, path) from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        message = f"the notebook holds a number that cannot be read: {error}"
        raise SourceError(message, location=Location(path)) from error
    except RecursionError as error:
        raise SourceError("the notebook is nested too deep to be read", location=Location(path)) from error
    if not isinstance(notebook, dict) or not {"cells", "worksheets"} & notebook.keys():
        message = "this is JSON but not a notebook: it has no `cells`"
        raise SourceError(message, location=Location(path, 1), hint="save the notebook again in Jupyter")
    return notebook


def _decoder(text: str) -> json.JSONDecoder:
    """A JSON decoder whose string values are `_Placed`; the keys are plain."""
    line_of = _line_counter(text)
    # Typeshed knows neither the decoder's attributes nor Python's own scanner; both are as old as the module.
    decoder: Any = json.JSONDecoder()
    scanstring: Any = json.decoder.scanstring  # type: ignore[attr-defined]

    def parse_string(text: str, begin: int, *options: bool) -> tuple[str, int]:
        plain, end = scanstring(text, begin, *options)
        placed = _Placed(plain)
        placed.line = line_of(begin)
        return placed, end

    decoder.parse_string = parse_string
    decoder.scan_once = json.scanner.py_make_scanner(decoder)  # type: ignore[attr-defined]
    return cast(json.JSONDecoder, decoder)


def _line_counter(text: str) -> Callable[[int], int]:
    ends = [found.start() for found in re.finditer("\n", text)]
    return lambda offset: bisect_right(ends, offset) + 1


def _not_json(error: json.JSONDecodeError, text: str, path: str) -> SourceError:
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        message = "the notebook has conflict marks of Git: two versions were merged and one of them must be chosen"
        hint = f"`git checkout --ours {path}` or `--theirs` keeps one of them; nbdime can merge both"
        return SourceError(message, location=Location(path, line), hint=hint)
    if not text.strip():
        hint = "save the notebook again in Jupyter, or delete the file"
        return SourceError("the notebook is empty: it has no JSON", location=Location(path, 1), hint=hint)
    hint = "save the notebook again in Jupyter; if it was edited by hand, look for a missing comma or quote"
    said = error.msg.removesuffix(" at").removesuffix(" starting")  # the place follows in Python's own message
    return SourceError(f"the notebook is not valid JSON: {said}", location=Location(path, error.lineno), hint=hint)


# Cells --------------------------------------------------------------------------------------------


def _drafts(notebook: Mapping[str, Any], text: str, path: str) -> Iterator[Draft]:
    major = notebook.get("nbformat", 4 if "cells" in notebook else 3)
    if not isinstance(major, int) or major > 4:
        message = f"the notebook has nbformat {major}; we read versions up to 4"
        raise SourceError(message, location=Location(path, 1), hint="save it as nbformat 4")
    cells = list(_json_cells(notebook, path))
    upgraded = _upgraded(text, path) if major < 4 else cells
    for cell, new in zip(cells, upgraded, strict=True):
        yield _draft(cell, new, path)


def _json_cells(notebook: Mapping[str, Any], path: str) -> Iterator[dict[str, Any]]:
    sheets = notebook.get("worksheets", [notebook])
    for sheet in sheets if isinstance(sheets, list) else []:
        cells = sheet.get("cells") or [] if isinstance(sheet, dict) else []
        if not isinstance(cells, list):
            hint = "save the notebook again in Jupyter"
            raise SourceError("the `cells` of the notebook are no list", location=Location(path, 1), hint=hint)
        for cell in cells:
            if not isinstance(cell, dict):
                raise SourceError("a cell of the notebook is no JSON object", location=Location(path, _line_in(cell)))
            yield cell


def _upgraded(text: str, path: str) -> list[dict[str, Any]]:
    """The cells of an old notebook as nbformat 4 has them; nbformat keeps their order and number."""
    import nbformat

    try:
        notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:  # nbformat raises whatever the old file makes it stumble over
        message = f"the notebook is of an old format that cannot be brought up to date: {error}"
        hint = f"try `jupyter nbconvert --to notebook --inplace {path}`"
        raise SourceError(message, location=Location(path, 1), hint=hint) from error
    return list(notebook["cells"])


def _draft(cell: dict[str, Any], new: dict[str, Any], path: str) -> Draft:
    """The draft of a cell: lines from the file's JSON, the rest from `new`, the cell as nbformat 4 has it."""
    line = _line_in(cell)
    kind = str(new.get("cell_type"))
    if kind not in _KINDS:
        hint = "a cell is one of " + ", ".join(_KINDS)
        raise SourceError(f"unknown type of cell `{kind}`", location=Location(path, line), hint=hint)
    found = next((cell[key] for key in ("source", "input", "code", "text") if key in cell), "")
    source, lines = _joined(found, getattr(cell.get("cell_type"), "line", line))
    source = source if new is cell else str(new["source"])
    _refuse_half_characters(source, lines, path)
    return Draft(cast(CellKind, kind), source, lines, _cell_metadata(new), str(cell.get("id", "")))


def _joined(source: Json, line: int) -> tuple[str, tuple[int, ...]]:
    """A cell's text and the file's line of each of its lines, from one string or a list of strings."""
    pieces = source if isinstance(source, list) else [source or ""]
    lines, empty = [getattr(pieces[0], "line", line) if pieces else line], True
    for piece in filter(None, pieces):
        place = getattr(piece, "line", line)
        if empty:
            lines[-1] = place
        lines += [place] * str(piece).count("\n")
        empty = str(piece).endswith("\n")
    return "".join(map(str, pieces)), tuple(lines)


def _cell_metadata(cell: Mapping[str, Any]) -> dict[str, Json]:
    """The cell's metadata, with what we keep of the rest: pasted images and the name of a stored error."""
    metadata = cell.get("metadata")
    metadata = dict(metadata) if isinstance(metadata, dict) else {}
    if cell.get("attachments"):
        metadata["attachments"] = cell["attachments"]
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        if isinstance(output, dict) and output.get("output_type") == "error":
            metadata.setdefault("stored_error", str(output.get("ename", "")))
    return metadata


def _refuse_half_characters(source: str, lines: tuple[int, ...], path: str) -> None:
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        line = lines[min(source.count("\n", 0, error.start), len(lines) - 1)]
        message = "the cell holds half of a character (a lone surrogate), which no UTF-8 file can keep"
        hint = "delete the broken sign (often an emoji) and type it again"
        raise SourceError(message, location=Location(path, line), hint=hint) from error


def _line_in(value: Json) -> int:
    """The first line that a string within the value knows, 0 where there is none."""
    if isinstance(value, _Placed):
        return value.line
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((line for part in parts if (line := _line_in(part))), 0)


# Front matter -------------------------------------------------------------------------------------


def _front_matter(
    drafts: tuple[Draft, ...], metadata: Mapping[str, Json], *, text: str, path: str
) -> tuple[dict[str, Entry], tuple[Finding, ...], tuple[Draft, ...]]:
    first = drafts[0] if drafts else None
    if first and first.kind == "raw" and re.match(r"---[ \t]*(\n|$)", first.source):
        entries, findings = _from_raw_cell(first, path)
        if entries is not None:
            return entries, findings, drafts[1:]
    ours = metadata.get("catalyst")
    if isinstance(ours, dict):
        begin = max((found.start() for found in re.finditer(r'"catalyst"\s*:\s*\{', text)), default=0)
        return {str(key): _entry(str(key), value, text, begin) for key, value in ours.items()}, (), drafts
    title = metadata.get("title")
    return (
        ({"title": from_json(title, getattr(title, "line", 0))} if isinstance(title, str) else {}),
        (),
        drafts,
    )


def _from_raw_cell(draft: Draft, path: str) -> tuple[dict[str, Entry] | None, tuple[Finding, ...]]:
    # What reads YAML takes as long to load as a hundred notebooks to be read, and few of them have any.
    from catalyst_lessons.core.front_yaml import read_yaml

    lines = draft.source.split("\n")[1:]
    end = next((n for n, line in enumerate(lines) if re.fullmatch(r"---\s*", line)), len(lines))
    entries, findings = read_yaml("\n".join(lines[:end]), path=path, first_line=1)

    # The cell's lines need not follow one another in the JSON: each line of the YAML is brought to its place.
    def place(line: int) -> int:
        return draft.lines[min(max(line, 0), len(draft.lines) - 1)]

    def moved(entry: Entry) -> Entry:
        items = None if entry.items is None else tuple(moved(item) for item in entry.items)
        return Entry(entry.value, place(entry.line), entry.text, items, place(entry.key_line))

    findings = tuple(
        Finding(f.code, f.message, Location(path, place(f.location.line)), f.hint, f.severity) for f in findings
    )
    return (None if entries is None else {key: moved(entry) for key, entry in entries.items()}), findings


def _entry(key: str, value: Json, text: str, begin: int) -> Entry:
    found = re.compile(rf'"{re.escape(key)}"\s*:').search(text, begin)
    line = text.count("\n", 0, found.start()) + 1 if found else 0
    entry = from_json(value, line)
    return Entry(entry.value, line, entry.text, entry.items, line)
