"""Drafts: cells as a reader of one format found them, before tags, ids and the title are sorted out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalyst_lessons.core.frontmatter import Entry
from catalyst_lessons.core.model import NOTHING, Cell, CellKind, Json, Kernel, Phrase
from catalyst_lessons.core.prose import without_closing_hashes
from catalyst_lessons.core.report import Finding

# Metadata that tell how a file was laid out or shown, not what the cell is (jupytext/cell_metadata.py).
_LAYOUT = frozenset(
    {
        *("skipline", "noskipline", "cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker"),
        *("region_name", "cell_depth", "comment_questions", "autoscroll", "collapsed", "scrolled", "trusted"),
        *("execution", "ExecuteTime"),
    }
)

# Spelled with a hyphen by Jupyter Book; Jupytext's R Markdown reader and older notebooks write an underscore.
_UNDERSCORED = re.compile(r"(hide|remove)_(cell|input|output)")

# nbformat 4.5, "Cell ids".
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

_ATX_TITLE = re.compile(r" {0,3}#[ \t]+(.*)")
# Blank lines, MyST targets, and pictures in Markdown or HTML, with a link around them or not.
_ABOVE_TITLE = re.compile(
    r"\s*+(?:\([^()\s]+\)=|\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?|(?:<a\b[^>]*>)?<img\b[^>]*>(?:</a>)?)?\s*"
)

# Kernels by language, as their makers name them; any other kernel is named like its language.
_KERNELS = {
    "python": Kernel(),
    "r": Kernel("ir", "R", "R"),
    "julia": Kernel("julia", "julia", "Julia"),
    "bash": Kernel("bash", "bash", "Bash"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A cell as it stands in its source: kind, text, source lines, metadata with tags, its id if it has one."""

    kind: CellKind
    source: str
    lines: tuple[int, ...]
    metadata: Mapping[str, Json] = field(default=NOTHING)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader found in a source.

    `entries` is the front matter, `metadata` the notebook's, `format` Jupytext's name for the format, `language`
    the programming language where no kernel is named.
    """

    drafts: tuple[Draft, ...]
    entries: Mapping[str, Entry]
    metadata: Mapping[str, Json]
    format: str
    language: str = "python"
    findings: tuple[Finding, ...] = ()


def lines_from(first: int, source: str) -> tuple[int, ...]:
    """The source lines of a text that stands in one piece from line `first` on."""
    return tuple(range(first, first + source.count("\n") + 1))


# Cells --------------------------------------------------------------------------------------------


def cells_of(drafts: Sequence[Draft]) -> tuple[Cell, ...]:
    """The drafts as cells, each with tags and its own id: the one it carries, else one made from its text."""
    taken: set[str] = set()
    ordinals: Counter[str] = Counter()
    kept = [_kept_id(draft, taken) for draft in drafts]
    ids = (cell_id or _made_id(draft, taken, ordinals) for draft, cell_id in zip(drafts, kept, strict=True))
    return tuple(_cell(draft, cell_id) for draft, cell_id in zip(drafts, ids, strict=True))


def _cell(draft: Draft, cell_id: str) -> Cell:
    tags = _tags(draft.metadata)
    metadata = {key: value for key, value in draft.metadata.items() if key not in _LAYOUT and key != "tags"}
    if draft.kind == "code" and metadata.get("eval") is False:
        del metadata["eval"]
        tags = tuple(dict.fromkeys((*tags, "skip-execution")))
    return Cell(draft.kind, draft.source, cell_id, draft.lines, tags, metadata or NOTHING)


def _tags(metadata: Mapping[str, Json]) -> tuple[str, ...]:
    tags = metadata.get("tags") or ()
    if isinstance(tags, str):
        tags = re.split(r"[\s,]+", tags.strip())
    if not isinstance(tags, list | tuple):
        return ()
    return tuple(dict.fromkeys(_UNDERSCORED.sub(r"\1-\2", str(tag)) for tag in tags if tag))


def _kept_id(draft: Draft, taken: set[str]) -> str:
    if draft.id in taken or not _ID.fullmatch(draft.id):
        return ""
    taken.add(draft.id)
    return draft.id


def _made_id(draft: Draft, taken: set[str], ordinals: Counter[str]) -> str:
    """An id that follows from the cell's text; `ordinals` counts the cells that say the same."""
    said = f"{draft.kind}\n{draft.source}"
    while True:
        text = f"{draft.kind}\n{ordinals[said]}\n{draft.source}"
        made = "cell-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        ordinals[said] += 1
        if made not in taken:
            taken.add(made)
            return made


# Title --------------------------------------------------------------------------------------------


def take_title(drafts: tuple[Draft, ...], language: str) -> tuple[Phrase, tuple[Draft, ...]]:
    """The heading of level 1 that opens the first Markdown cell, and the drafts without that heading.

    An empty phrase, and the drafts as they were, where there is no such heading. MyST targets and pictures (a course's
    logo) above it stay.
    """
    number = next((n for n, draft in enumerate(drafts) if draft.kind == "markdown" and not _before_title(draft)), None)
    found = _heading(drafts[number].source.split("\n")) if number is not None else None
    if number is None or not found:
        return Phrase(""), drafts
    title, begin, end = found
    draft = drafts[number]
    rest = _without(draft, begin, end)
    return Phrase(title, language, draft.lines[begin]), drafts[:number] + rest + drafts[number + 1 :]


def _before_title(draft: Draft) -> bool:
    """Whether a Markdown cell has only what may stand above a title."""
    return all(_ABOVE_TITLE.fullmatch(line) for line in draft.source.split("\n"))


def _heading(lines: list[str]) -> tuple[str, int, int] | None:
    """Text, first line and end of a level 1 heading that has nothing above it that readers read."""
    at = 0
    while at < len(lines) and _ABOVE_TITLE.fullmatch(lines[at]):
        at += 1
    atx = _ATX_TITLE.fullmatch(lines[at]) if at < len(lines) else None
    if atx:
        text = without_closing_hashes(atx[1])
        return (text, at, at + 1) if text else None
    # CommonMark's setext heading; of one line, because a longer one is rather a paragraph above a rule.
    if (
        at + 1 < len(lines)
        and re.fullmatch(r" {0,3}=+\s*", lines[at + 1])
        and re.match(r" {0,3}[^\s>#=`~-]", lines[at])
    ):
        return lines[at].strip(), at, at + 2
    return None


def _without(draft: Draft, begin: int, end: int) -> tuple[Draft, ...]:
    lines = draft.source.split("\n")
    while end < len(lines) and not lines[end].strip():
        end += 1
    if not any(line.strip() for line in lines[:begin]):
        begin = 0
    kept = lines[:begin] + lines[end:]
    if not any(line.strip() for line in kept):
        return ()
    return (replace(draft, source="\n".join(kept), lines=draft.lines[:begin] + draft.lines[end:]),)


# Kernel -------------------------------------------------------------------------------------------


def kernel_of(metadata: Mapping[str, Json], language: str) -> Kernel:
    """The kernel a notebook's metadata ask for, else the usual one of its programming language."""
    spec = metadata.get("kernelspec")
    spec = {"name": spec} if isinstance(spec, str) else spec if isinstance(spec, dict) else {}
    info = metadata.get("language_info")
    # `julia-1.10` and `python3` are named after their language, `ir` is not.
    stem = re.match(r"[a-z]*", str(spec.get("name", "")).lower())
    named = next((k for key, k in _KERNELS.items() if stem and stem[0] in (key, k.name)), None)
    said = spec.get("language") or (info.get("name") if isinstance(info, dict) else "") or (named and named.language)
    spoken = str(said or language or "python")
    usual = _KERNELS.get(spoken.lower()) or Kernel(spoken, spoken, spoken.capitalize())
    name = str(spec.get("name") or usual.name)
    return Kernel(name, spoken, str(spec.get("display_name") or (usual.display_name if name == usual.name else name)))
