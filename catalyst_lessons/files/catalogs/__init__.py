"""Reads, updates and writes gettext catalogs: the one door to polib and rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from catalyst_lessons.core.errors import CatalogError
from catalyst_lessons.core.model import NOTHING, Language, Location
from catalyst_lessons.core.translation.messages import Catalog, Message, Segment, key_of
from catalyst_lessons.core.translation.published_blocks import BLOCK
from catalyst_lessons.core.translation.stretches import SEGMENTS
from catalyst_lessons.files.catalogs.merging import Memory, block_entries, merged, templates
from catalyst_lessons.files.catalogs.po_files import VERSION, WIDTH, content, header, read_po, version_of
from catalyst_lessons.files.writing import write_bytes

if TYPE_CHECKING:
    import polib


@dataclass(frozen=True, slots=True)
class Credits:
    """Who changed a catalog last, when, and in what language it is, as its header says; "" where it does not."""

    reviewer: str = ""
    changed: str = ""
    language: str = ""


def catalog_path(locales: str, language: Language, name: str) -> str:
    """The path of the catalog of the source called `name`: `locales/pt_BR/LC_MESSAGES/lessons/01-x.po`."""
    return f"{locales}/{language.folder}/LC_MESSAGES/{name}.po"


def catalog_paths(root: Path, locales: str, language: Language) -> Iterator[str]:
    """The paths of all catalogs there are in a language, sorted."""
    folder = root / locales / language.folder / "LC_MESSAGES"
    yield from (path.relative_to(root).as_posix() for path in sorted(folder.rglob("*.po")))


def move_catalog(root: Path, old: str, new: str) -> None:
    """Move a catalog, so that version control sees a rename; folders that become empty go."""
    (root / new).parent.mkdir(parents=True, exist_ok=True)
    (root / old).replace(root / new)
    for folder in (root / old).parents:
        if folder == root or any(folder.iterdir()):
            break
        folder.rmdir()


def read_catalog(root: Path, path: str, language: str, *, anywhere: bool = False) -> Catalog:
    """The catalog at `root/path`, an empty one where there is no file; `anywhere`, it may be a link out of `root`.

    Raises:
        CatalogError: the file is not a PO file we can read; it says where and what to do.
    """
    read = read_po(root, path, anywhere=anywhere)
    if read is None:
        return Catalog(language, path)
    messages: dict[str, Message] = {}
    blocks: dict[str, Message] = {}
    for entry, line in zip(*read, strict=True):
        if entry.obsolete:
            continue
        if entry.msgctxt == BLOCK:
            blocks[entry.msgid] = _message(entry, line)
        else:
            messages[key_of(entry.msgid, entry.msgctxt or "")] = _message(entry, line)
    return Catalog(language, path, MappingProxyType(messages), MappingProxyType(blocks))


def read_obsolete(root: Path, path: str) -> tuple[Message, ...]:
    """The obsolete messages of a catalog; none where there is no file, or no PO file.

    Raises:
        CatalogError: the file is not a PO file we can read.
    """
    read = read_po(root, path)
    return tuple(_message(e, n) for e, n in zip(*read, strict=True) if e.obsolete and not e.msgctxt) if read else ()


def read_credits(root: Path, path: str, *, anywhere: bool = False) -> Credits:
    """Who changed a catalog last, and when.

    Raises:
        CatalogError: the file is not a PO file we can read.
    """
    read = read_po(root, path, anywhere=anywhere)
    said = read[0].metadata if read else {}
    changed = str(said.get("PO-Revision-Date", ""))
    language = str(said.get("Language", "")).replace("_", "-")
    return Credits(str(said.get("Last-Translator", "")), "" if changed.startswith("YEAR") else changed, language)


def read_foreign(root: Path, path: str) -> dict[str, str]:
    """The translations in a catalog of any program, by source text, without those that are fuzzy.

    Raises:
        CatalogError: there is no such file, or it is not a PO file we can read.
    """
    read = read_po(root, path, anywhere=True)
    if read is None:
        raise CatalogError("there is no such catalog", location=Location(path), code="T230", hint="check the path")
    ready = (entry for entry in read[0] if not entry.obsolete and entry.translated())
    return {entry.msgid: entry.msgstr for entry in ready if entry.msgstr}


def update_catalog(
    root: Path,
    path: str,
    segments: Iterable[Segment],
    *,
    language: Language,
    project: str,
    write: bool,
    now: datetime | None = None,
    memory: Memory = NOTHING,
    blocks: Mapping[str, str] = NOTHING,
    rematch: bool = False,
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
        memory: messages known from elsewhere, for texts that have no translation here.
        blocks: blocks of a translation as it was published, by their source.
        rematch: whether texts that differ in marks and white space alone are the same; they always are in a catalog
            whose header says that an earlier version of this program, which cut texts in another way, made it.

    Raises:
        CatalogError: there is a catalog, but it cannot be read.
    """
    import polib

    read = read_po(root, path)
    old = read[0] if read else polib.POFile(wrapwidth=WIDTH)
    new = polib.POFile(wrapwidth=WIDTH)
    rematch = rematch or (read is not None and version_of(old) < SEGMENTS)
    new.header = old.header
    new.metadata_is_fuzzy = old.metadata_is_fuzzy
    new.extend(merged(old, [*templates(segments), *block_entries(blocks)], memory, rematch=rematch))
    renew = {e.msgid for e in old if not e.obsolete} != {e.msgid for e in new if not e.obsolete}
    date = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M%z") if renew or read is None else ""
    new.metadata = header(old.metadata, language=language, project=project, date=date)
    if rematch:
        new.metadata[VERSION] = str(SEGMENTS)
    if read is not None and content(old) == content(new):
        return False
    if write:
        write_bytes(root / path, str(new).encode())
    return True


def template(segments: Iterable[Segment], *, project: str, now: datetime | None = None) -> str:
    """A PO template (`.pot`) of the segments: what programs other than ours begin a new language with."""
    import polib

    pot = polib.POFile(wrapwidth=WIDTH)
    pot.metadata = {
        "Project-Id-Version": project,
        "POT-Creation-Date": (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M%z"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        VERSION: str(SEGMENTS),
    }
    pot.extend(templates(segments))
    return str(pot)


def _message(entry: polib.POEntry, line: int) -> Message:
    return Message(
        entry.msgid,
        entry.msgstr,
        fuzzy="fuzzy" in entry.flags,
        line=line,
        previous=entry.previous_msgid or "",
        comment=entry.tcomment,
    )
