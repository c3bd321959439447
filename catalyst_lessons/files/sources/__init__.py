"""Reads lessons, exercises and pages from any Jupytext format, each line of each cell with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from catalyst_lessons.core.errors import SourceError
from catalyst_lessons.core.frontmatter import front_matter_of
from catalyst_lessons.core.model import Lesson, Location, Role
from catalyst_lessons.core.report import Finding
from catalyst_lessons.files.sources.drafts import Draft, Reading, cells_of, kernel_of, take_title
from catalyst_lessons.files.sources.notebook import read_notebook

# The endings that Jupytext reads as scripts, written down because importing Jupytext costs half a second.
SCRIPTS = frozenset(
    {
        *(
            ".R",
            ".clj",
            ".coco",
            ".cpp",
            ".cs",
            ".do",
            ".fs",
            ".fsx",
            ".go",
            ".gp",
            ".groovy",
            ".hs",
            ".java",
        ),
        *(
            ".jenner",
            ".jl",
            ".js",
            ".lgt",
            ".logtalk",
            ".lua",
            ".m",
            ".mac",
            ".ml",
            ".pro",
            ".ps1",
            ".py",
            ".q",
        ),
        *(
            ".r",
            ".resource",
            ".robot",
            ".rs",
            ".sage",
            ".sas",
            ".scala",
            ".scm",
            ".sh",
            ".sos",
            ".ss",
            ".tcl",
        ),
        *(".ts", ".wolfram", ".xsh"),
    }
)
MARKDOWN = frozenset({".md", ".markdown", ".Rmd"})
MYST = frozenset({".myst", ".mystnb", ".mnb"})
EXTENSIONS = SCRIPTS | MARKDOWN | MYST | {".ipynb", ".qmd"}

# What `str.splitlines` takes for a line end, and editors, Python and JSON do not. Form feeds that open a line
# of comment are left alone: Jupytext finds cell markers behind them.
_SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_SEPARATOR = re.compile(f"[{_SEPARATORS}](?![{_SEPARATORS}\\s]*(?:#|//|--|;;|%))|(?<=[^\\n])[{_SEPARATORS}]")


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was read: its lesson, what is wrong with it, and its text with `\\n` line ends."""

    lesson: Lesson
    findings: tuple[Finding, ...]
    text: str


def is_source(path: str) -> bool:
    """Whether a path ends as sources do and no part of it begins with `.` or `_` (checkpoints, own modules)."""
    parts = PurePosixPath(path).parts
    return PurePosixPath(path).suffix in EXTENSIONS and not any(re.match(r"\.[^.]|_", part) for part in parts)


def read_text_of(root: Path, path: str) -> str:
    """The text of a source, with `\\n` line ends.

    Raises:
        SourceError: it cannot be read, or is not UTF-8.
    """
    return _decode(_read_bytes(root, path), path)


def read_source(root: Path, path: str, *, role: Role = "lesson", language: str = "en") -> Source:
    """The lesson in a source file, and the findings of its front matter and cell options.

    Args:
        root: the project's folder.
        path: the source's POSIX path relative to it.
        role: what the source is to the curriculum.
        language: the tag that holds where the front matter names no language.

    Raises:
        SourceError: with the line and a hint, where the file cannot be read as cells at all.
    """
    text = _decode(_read_bytes(root, path), path)
    reading = read_cells(text, path)
    front, language, findings = front_matter_of(reading.entries, path=path, language=language)
    drafts = reading.drafts
    if not front.title.text:
        title, drafts = take_title(drafts, language)
        front = replace(front, title=title)
    kernel = kernel_of(reading.metadata, reading.language)
    lesson = Lesson(path, cells_of(drafts), front, language, role, reading.format, kernel)
    return Source(lesson, reading.findings + findings, text)


def read_whole(text: str, path: str, *, language: str = "en") -> Lesson:
    """The lesson in a text that belongs to no curriculum, its first heading left in its cell.

    Raises:
        SourceError: with the line and a hint, where the text cannot be read as cells at all.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").replace("\r", "\n")
    reading = read_cells(text, path)
    front, language, _ = front_matter_of(reading.entries, path=path, language=language)
    kernel = kernel_of(reading.metadata, reading.language)
    return Lesson(path, cells_of(reading.drafts), front, language, "page", reading.format, kernel)


def _read_bytes(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError as error:
        message = f"the source cannot be read: {error.strerror or error}"
        hint = "look at the spelling of the path, and at upper and lower case"
        raise SourceError(message, location=Location(path), hint=hint) from error


def _decode(raw: bytes, path: str) -> str:
    """The file's text without a byte order mark and with `\\n` line ends."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"the source is not UTF-8: byte 0x{raw[error.start]:02x} cannot stand here"
        hint = "save the file as UTF-8; in most editors this is an option of Save As"
        raise SourceError(message, location=Location(path, line), hint=hint) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_cells(text: str, path: str) -> Reading:
    """The cells, front matter and metadata of a text, by the ending of its path."""
    extension = PurePosixPath(path).suffix
    if extension == ".ipynb":
        return read_notebook(text, path)
    # What a folder of notebooks does not need is not loaded for it.
    from catalyst_lessons.files.sources.myst import looks_like_myst, read_myst
    from catalyst_lessons.files.sources.text import needs_program, read_text

    if extension == ".qmd":
        raise needs_program("Quarto", path)
    if extension not in EXTENSIONS:
        hint = "write it as .md, .py, .Rmd, .R, .jl or another script that Jupytext knows, or as .ipynb"
        raise SourceError(f"`{extension}` is not the ending of a source", location=Location(path), hint=hint)
    if extension in MYST or (extension == ".md" and looks_like_myst(text, path)):
        return _with_separators(read_myst, text, path, extension)
    return _with_separators(read_text, text, path, extension)


def _with_separators(reader: Callable[[str, str, str], Reading], text: str, path: str, extension: str) -> Reading:
    """What the reader finds, with odd separators hidden from it, because it takes them for line ends."""
    if not _SEPARATOR.search(text):
        return reader(text, path, extension)
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    hidden = dict(zip(_SEPARATORS, free, strict=False))
    shown: Mapping[int, str] = {ord(stand_in): separator for separator, stand_in in hidden.items()}
    reading = reader(_SEPARATOR.sub(lambda found: hidden[found[0]], text), path, extension)
    return replace(reading, drafts=tuple(_shown(draft, shown) for draft in reading.drafts))


def _shown(draft: Draft, shown: Mapping[int, str]) -> Draft:
    return replace(draft, source=draft.source.translate(shown))
