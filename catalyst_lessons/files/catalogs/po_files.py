"""PO files on disk: read with every slip told by its line, compared by what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from catalyst_lessons.core.errors import CatalogError
from catalyst_lessons.core.model import Language, Location
from catalyst_lessons.core.translation.po_syntax import broken_po, check_po, decode_po
from catalyst_lessons.core.translation.stretches import SEGMENTS
from catalyst_lessons.files.inside import leads_astray

if TYPE_CHECKING:
    import polib

# Poedit and msgcat wrap here too, so a catalog that passed through them comes back with the same lines.
WIDTH = 79
VERSION = "X-Catalyst-Segments"
"""The header field with the version of our rules for what a segment is; a catalog without it is of version 1."""


def header(old: Mapping[str, str], *, language: Language, project: str, date: str) -> dict[str, str]:
    """The header fields: what others wrote there is kept, what describes the file is made right."""
    header = {
        "Project-Id-Version": project,
        "POT-Creation-Date": "",
        "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "",
        "Language-Team": "",
        "Plural-Forms": _plural_forms(language),
        **({} if old else {VERSION: str(SEGMENTS)}),
    }
    header |= old
    return header | {
        "POT-Creation-Date": date or header["POT-Creation-Date"],
        "Language": language.folder,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }


def _plural_forms(language: Language) -> str:
    from babel.core import UnknownLocaleError
    from babel.messages.plurals import get_plural

    try:
        return get_plural(language.folder).plural_forms
    except (UnknownLocaleError, ValueError):
        return get_plural("en").plural_forms


def version_of(po: polib.POFile) -> int:
    """The version of our rules for what a segment is that a catalog was made with."""
    said = str(po.metadata.get(VERSION, "1"))
    return int(said) if said.isdecimal() else 1


def content(po: polib.POFile) -> tuple[object, ...]:
    """Everything a catalog says, but not how it is wrapped."""
    entries = [
        {
            **vars(entry),
            "linenum": 0,
            "encoding": "",
            "obsolete": bool(entry.obsolete),
            "comment": entry.comment.split(),
        }
        for entry in sorted(po, key=lambda entry: bool(entry.obsolete))
    ]
    return (po.header, dict(po.metadata), entries)


def read_po(root: Path, path: str, *, anywhere: bool = False) -> tuple[polib.POFile, list[int]] | None:
    """The parsed file, and the line of the `msgid` of each of its entries; None where there is no file.

    A link out of `root` is not followed, but `anywhere`: for files that are ours, or that the user named.
    """
    import polib

    file = root / path
    if not file.is_file():
        return None
    if not anywhere and (astray := leads_astray(root, path)):
        raise CatalogError(astray, location=Location(path), code="T230", hint="put the file itself here")
    text, charset = decode_po(file.read_bytes(), path)
    lines = check_po(text, path)
    try:
        po = polib.pofile(str(file), encoding=charset, wrapwidth=WIDTH)
    except (OSError, ValueError, IndexError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise broken_po(path, int(found[1]) if found else 0, "this is not a PO entry") from None
    if len(lines) == len(po) + 1:
        del lines[0]  # the header's
    if len(lines) != len(po):
        raise broken_po(path, 0, f"expected {len(lines)} entries, one for each msgid, found {len(po)}")
    _refuse_duplicates(po, lines, path)
    return po, lines


def _refuse_duplicates(po: polib.POFile, lines: list[int], path: str) -> None:
    seen: dict[tuple[str | None, str], int] = {}
    for entry, line in zip(po, lines, strict=True):
        first = seen.setdefault((entry.msgctxt, entry.msgid), line) if not entry.obsolete else line
        if first != line:
            text = entry.msgid if len(entry.msgid) <= 60 else entry.msgid[:59] + "…"
            raise broken_po(
                path,
                line,
                f"the message {text!r} is here twice, first on line {first}",
                "keep the better one",
            )
