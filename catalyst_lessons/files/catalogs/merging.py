"""Brings the entries of a catalog in line with its texts: exact, then moved, then known elsewhere, then alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from catalyst_lessons.core.translation.messages import Message, Segment, key_of
from catalyst_lessons.core.translation.published_blocks import BLOCK
from catalyst_lessons.core.translation.rematching import bare

if TYPE_CHECKING:
    import polib

Memory = Mapping[str, Message]
"""Translations known from elsewhere, by `Segment.key`."""


def templates(segments: Iterable[Segment]) -> list[polib.POEntry]:
    """One untranslated entry for each text, where it first stands, with every file it comes from."""
    import polib

    entries: dict[str, polib.POEntry] = {}
    for segment in segments:
        if not segment.text.strip():
            continue
        # A line number would touch the entry at every edit above it; a space would end the path.
        place = (segment.location.path.replace(" ", "%20"), "")
        fresh = polib.POEntry(
            msgid=segment.text,
            msgctxt=segment.context or None,
            comment=_comment(segment),
            occurrences=[],
            flags=[],
        )
        entry = entries.setdefault(segment.key, fresh)
        if segment.comment and segment.comment not in entry.comment:
            entry.comment += f"\n{segment.comment}"
        if place not in entry.occurrences and place[0]:
            entry.occurrences.append(place)
    return list(entries.values())


def block_entries(blocks: Mapping[str, str]) -> list[polib.POEntry]:
    """One entry for each block as it was published."""
    import polib

    return [polib.POEntry(msgid=source, msgstr=text, msgctxt=BLOCK) for source, text in blocks.items()]


def merged(
    old: polib.POFile, wanted: list[polib.POEntry], memory: Memory, *, rematch: bool = False
) -> list[polib.POEntry]:
    """The wanted entries with what is known of their translations, then what is obsolete.

    With `rematch`, texts that differ in marks and white space alone are the same.
    """
    plain = [entry for entry in old if not entry.msgid_plural]
    known = {_key(entry): entry for entry in reversed(plain)}
    known |= {_key(entry): entry for entry in reversed(plain) if not entry.obsolete}
    texts = {_key(entry) for entry in wanted}
    gone = {_key(e): e for e in old if _key(e) not in texts and not e.obsolete and e.msgstr.strip()}
    used = _by_marks(wanted, known, gone) if rematch else set()
    for entry in wanted:
        if _key(entry) in known:
            _keep(entry, known[_key(entry)])
        elif entry.msgctxt != BLOCK and not entry.msgstr:
            used |= _context_changed(entry, gone)
        if not entry.msgstr and (found := memory.get(_key(entry))):
            _remember(entry, found)
    fresh = [entry for entry in wanted if not entry.msgstr and _key(entry) not in known]
    for entry, source in _matches(fresh, {key: e for key, e in gone.items() if key not in used}):
        used.add(source)
        _take_over(entry, gone[source])
    return wanted + [_obsolete(e) for e in old if _stays(e, texts, used)]


def _key(entry: polib.POEntry) -> str:
    return key_of(entry.msgid, entry.msgctxt or "")


def _comment(segment: Segment) -> str:
    comment = f"{segment.kind} · {segment.section}" if segment.section else segment.kind
    return " ".join(comment.split()) + (f"\n{segment.comment}" if segment.comment else "")


def _stays(entry: polib.POEntry, texts: set[str], used: set[str]) -> bool:
    """Whether an old entry is kept as obsolete: it has a translation that has not moved to another entry."""
    if not entry.msgid_plural and _key(entry) in texts:
        return False
    if not entry.obsolete and _key(entry) in used:
        return False
    return bool(entry.msgstr.strip() or any(entry.msgstr_plural.values()))


def _keep(entry: polib.POEntry, known: polib.POEntry) -> None:
    """Give an entry the translation of the same text; an obsolete one comes back as it was."""
    entry.msgstr = known.msgstr or entry.msgstr
    entry.tcomment = known.tcomment
    fuzzy = known.msgstr and "fuzzy" in known.flags
    entry.flags = [flag for flag in known.flags if flag != "fuzzy" or fuzzy]
    # The text before the change is only of use while the translation waits to be looked at.
    entry.previous_msgid = known.previous_msgid if fuzzy else None


def _remember(entry: polib.POEntry, found: Message) -> None:
    """Give an entry a translation known from elsewhere."""
    entry.msgstr = found.translation
    entry.tcomment = entry.tcomment or found.comment
    entry.flags = [*(["fuzzy"] if found.fuzzy else []), *(flag for flag in entry.flags if flag != "fuzzy")]


def _take_over(entry: polib.POEntry, source: polib.POEntry) -> None:
    """Give a new entry the translation of one that disappeared, as fuzzy."""
    entry.msgstr = source.msgstr
    entry.tcomment = source.tcomment
    entry.flags = ["fuzzy", *(flag for flag in source.flags if flag != "fuzzy")]
    waiting = "fuzzy" in source.flags and source.previous_msgid
    entry.previous_msgid = source.previous_msgid if waiting else source.msgid


def _context_changed(entry: polib.POEntry, gone: dict[str, polib.POEntry]) -> set[str]:
    """Take over, as fuzzy, the translation of the same text under another context or none."""
    found = gone.get(entry.msgid) if entry.msgctxt else None
    if found is None:
        return set()
    _take_over(entry, found)
    return {entry.msgid}


def _by_marks(wanted: list[polib.POEntry], known: Mapping[str, object], gone: dict[str, polib.POEntry]) -> set[str]:
    """Give new entries the translation of a text that says the same with other marks; the keys of what was used."""
    by_words = {bare(entry.msgid): key for key, entry in gone.items()}
    used: set[str] = set()
    for entry in wanted:
        source = by_words.get(bare(entry.msgid))
        if source is not None and source not in used and _key(entry) not in known:
            _keep(entry, gone[source])
            entry.msgstr = bare(entry.msgstr) if entry.msgid == bare(entry.msgid) else entry.msgstr
            used.add(source)
    return used


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


def _matches(fresh: list[polib.POEntry], gone: Mapping[str, polib.POEntry]) -> list[tuple[polib.POEntry, str]]:
    """New entries with the key of the disappeared entry each resembles most, none used twice."""
    from rapidfuzz import fuzz, process

    choices = {key: entry.msgid for key, entry in gone.items() if entry.msgctxt != BLOCK}
    found = [
        (score, -number, entry, key)
        for number, entry in enumerate(fresh)
        for _, score, key in process.extract(
            entry.msgid, choices, scorer=fuzz.ratio, score_cutoff=likeness(entry.msgid), limit=5
        )
    ]
    pairs: dict[str, tuple[polib.POEntry, str]] = {}
    taken: set[str] = set()
    for _, _, entry, source in sorted(found, key=lambda match: match[:2], reverse=True):
        if _key(entry) not in pairs and source not in taken:
            pairs[_key(entry)] = (entry, source)
            taken.add(source)
    return list(pairs.values())


def likeness(text: str) -> float:
    """How alike, of 100, two texts must be: in a short one, a single other word changes what it says."""
    return 90 if len(text) < 40 else 78 if len(text) < 80 else 65
