"""Reads, updates and writes gettext catalogs: the one door to polib and rapidfuzz."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from catalyst_lessons.core.model import NOTHING, Language
from catalyst_lessons.core.po_syntax import broken_po, check_po, decode_po
from catalyst_lessons.core.translation import Catalog, Message, Segment

if TYPE_CHECKING:
    import polib

# Poedit and msgcat wrap here too, so a catalog that passed through them comes back with the same lines.
WIDTH = 79


def catalog_path(locales: str, language: Language, name: str) -> str:
    """The path of the catalog of the source called `name`: `locales/pt_BR/LC_MESSAGES/lessons/01-x.po`."""
    return f"{locales}/{language.folder}/LC_MESSAGES/{name}.po"


def read_catalog(root: Path, path: str, language: str) -> Catalog:
    """The catalog at `root/path`, an empty one where there is no file.

    Raises:
        CatalogError: the file is not a PO file we can read; it says where and what to do.
    """
    read = _read_po(root, path)
    if read is None:
        return Catalog(language, path)
    po, lines = read
    messages: dict[str, Message] = {}
    for entry, line in zip(po, lines, strict=True):
        if not entry.obsolete and (entry.msgctxt is None or entry.msgid not in messages):
            messages[entry.msgid] = _message(entry, line)
    return Catalog(language, path, MappingProxyType(messages))


def update_catalog(
    root: Path,
    path: str,
    segments: Iterable[Segment],
    *,
    language: Language,
    project: str,
    write: bool,
    now: datetime | None = None,
    memory: Mapping[str, str] = NOTHING,
) -> bool:
    """Bring the catalog at `root/path` in line with the segments; return whether it changes (or would).

    Messages whose text is still there keep their translation. A new message that resembles one that
    disappeared takes over its translation as fuzzy, with the old text beside it. What disappeared stays at
    the end as obsolete, and comes back when its text does. Nothing is written when the content is the same,
    however the file is wrapped.

    Args:
        root: the project's folder.
        path: the catalog's path in it.
        segments: the texts to translate, in the order they are to stand; of a lesson, or of anything else.
        language: the language of the translations.
        project: the name for the header's Project-Id-Version.
        write: whether to write the file; else only say whether it would change.
        now: what counts as now for POT-Creation-Date, which is renewed only when the texts changed.
        memory: translations by source text, known from elsewhere, for messages that have none.

    Raises:
        CatalogError: there is a catalog, but it cannot be read.
    """
    import polib

    read = _read_po(root, path)
    old = read[0] if read else polib.POFile(wrapwidth=WIDTH)
    new = polib.POFile(wrapwidth=WIDTH)
    new.header = old.header
    new.metadata_is_fuzzy = old.metadata_is_fuzzy
    new.extend(_merged(old, _templates(segments), memory))
    renew = {e.msgid for e in old if not e.obsolete} != {e.msgid for e in new if not e.obsolete}
    date = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M%z") if renew or read is None else ""
    new.metadata = _header(old.metadata, language=language, project=project, date=date)
    if read is not None and _content(old) == _content(new):
        return False
    if write:
        _write(root / path, str(new))
    return True


def _message(entry: polib.POEntry, line: int) -> Message:
    return Message(
        entry.msgid,
        entry.msgstr,
        fuzzy="fuzzy" in entry.flags,
        line=line,
        previous=entry.previous_msgid or "",
        comment=entry.tcomment,
    )


def _templates(segments: Iterable[Segment]) -> list[polib.POEntry]:
    """One untranslated entry for each text, where it first stands, with every file it comes from."""
    import polib

    entries: dict[str, polib.POEntry] = {}
    for segment in segments:
        if not segment.text.strip():
            continue
        # A line number would touch the entry at every edit above it; a space would end the path.
        place = (segment.location.path.replace(" ", "%20"), "")
        comment = f"{segment.kind} · {segment.section}" if segment.section else segment.kind
        entry = entries.setdefault(
            segment.text, polib.POEntry(msgid=segment.text, comment=_flat(comment), occurrences=[], flags=[])
        )
        if place not in entry.occurrences and place[0]:
            entry.occurrences.append(place)
    return list(entries.values())


def _merged(old: polib.POFile, wanted: list[polib.POEntry], memory: Mapping[str, str]) -> list[polib.POEntry]:
    """The wanted entries with what is known of their translations, then what is obsolete."""
    known = {e.msgid: e for e in reversed(old) if e.msgctxt is None and not e.msgid_plural}
    known |= {e.msgid: e for e in reversed(old) if e.msgctxt is None and not e.msgid_plural and not e.obsolete}
    texts = {entry.msgid for entry in wanted}
    gone = {e.msgid: e for e in old if e.msgid not in texts and not e.obsolete and e.msgstr.strip()}
    for entry in wanted:
        if entry.msgid in known:
            _keep(entry, known[entry.msgid])
        if not entry.msgstr and memory.get(entry.msgid):
            entry.msgstr = memory[entry.msgid]
    fresh = [entry for entry in wanted if not entry.msgstr and entry.msgid not in known]
    used = set()
    for entry, source in _matches(fresh, list(gone)):
        used.add(source)
        _take_over(entry, gone[source])
    return wanted + [_obsolete(e) for e in old if _stays(e, texts, used)]


def _stays(entry: polib.POEntry, texts: set[str], used: set[str]) -> bool:
    """Whether an old entry is kept as obsolete: it has a translation that has not moved to another entry."""
    if entry.msgctxt is None and not entry.msgid_plural and entry.msgid in texts:
        return False
    if not entry.obsolete and entry.msgid in used:
        return False
    return bool(entry.msgstr.strip() or any(entry.msgstr_plural.values()))


def _keep(entry: polib.POEntry, known: polib.POEntry) -> None:
    """Give an entry the translation of the same text; an obsolete one comes back as it was."""
    entry.msgstr = known.msgstr
    entry.tcomment = known.tcomment
    fuzzy = known.msgstr and "fuzzy" in known.flags
    entry.flags = [flag for flag in known.flags if flag != "fuzzy" or fuzzy]
    # The text before the change is only of use while the translation waits to be looked at.
    entry.previous_msgid = known.previous_msgid if fuzzy else None


def _take_over(entry: polib.POEntry, source: polib.POEntry) -> None:
    """Give a new entry the translation of one that disappeared, as fuzzy."""
    entry.msgstr = source.msgstr
    entry.tcomment = source.tcomment
    entry.flags = ["fuzzy", *(flag for flag in source.flags if flag != "fuzzy")]
    waiting = "fuzzy" in source.flags and source.previous_msgid
    entry.previous_msgid = source.previous_msgid if waiting else source.msgid


def _obsolete(entry: polib.POEntry) -> polib.POEntry:
    import polib

    return polib.POEntry(
        msgid=entry.msgid,
        msgstr=entry.msgstr,
        msgctxt=entry.msgctxt,
        msgid_plural=entry.msgid_plural,
        msgstr_plural=entry.msgstr_plural,
        tcomment=entry.tcomment,
        flags=list(entry.flags),
        obsolete=True,
    )


def _matches(fresh: list[polib.POEntry], gone: list[str]) -> list[tuple[polib.POEntry, str]]:
    """New entries with the disappeared text each resembles most, no text used twice."""
    from rapidfuzz import fuzz, process

    found = [
        (score, -number, entry, source)
        for number, entry in enumerate(fresh)
        for source, score, _ in process.extract(
            entry.msgid, gone, scorer=fuzz.ratio, score_cutoff=_likeness(entry.msgid), limit=5
        )
    ]
    pairs: dict[str, tuple[polib.POEntry, str]] = {}
    taken: set[str] = set()
    for _, _, entry, source in sorted(found, key=lambda match: match[:2], reverse=True):
        if entry.msgid not in pairs and source not in taken:
            pairs[entry.msgid] = (entry, source)
            taken.add(source)
    return list(pairs.values())


def _likeness(text: str) -> float:
    """How alike, of 100, two texts must be: in a short one, a single other word changes what it says."""
    return 90 if len(text) < 40 else 78 if len(text) < 80 else 65


def _header(old: Mapping[str, str], *, language: Language, project: str, date: str) -> dict[str, str]:
    """The header fields: what others wrote there is kept, what describes the file is made right."""
    header = {
        "Project-Id-Version": project,
        "POT-Creation-Date": "",
        "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "",
        "Language-Team": "",
        "Plural-Forms": _plural_forms(language),
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


def _content(po: polib.POFile) -> tuple[object, ...]:
    """Everything a catalog says, but not how it is wrapped."""
    entries = [
        {**vars(entry), "linenum": 0, "encoding": "", "obsolete": bool(entry.obsolete)}
        for entry in sorted(po, key=lambda entry: bool(entry.obsolete))
    ]
    return (po.header, dict(po.metadata), entries)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _read_po(root: Path, path: str) -> tuple[polib.POFile, list[int]] | None:
    """The parsed file, and the line of the `msgid` of each of its entries; None where there is no file."""
    import polib

    file = root / path
    if not file.is_file():
        return None
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


def _write(file: Path, text: str) -> None:
    """Put the text at `file` in one step, so that nobody ever reads half a catalog."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(name, file.stat().st_mode if file.exists() else 0o644)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
