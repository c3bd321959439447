"""The values everything else speaks of: Location, Language, Phrase, Cell, FrontMatter, Lesson, Curriculum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

CellKind = Literal["markdown", "code", "raw"]
Role = Literal["lesson", "exercise", "page"]
Form = Literal["lesson", "starter", "solution"]
Direction = Literal["ltr", "rtl"]
Json = Any
"""Anything that `json.loads` gives back."""


class _Nothing(Mapping[str, Json]):
    """An empty mapping that nobody can fill, and that a dataclass takes for a default because it has a hash."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Json:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __hash__(self) -> int:
        return 0


NOTHING: Mapping[str, Json] = _Nothing()

# Scripts written from right to left, by the languages that use them (CLDR's character orientation).
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source: the path as we print it (POSIX, relative to the project) and the line, 1 for the first.

    Line 0 stands for the whole file.
    """

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site: its BCP 47 tag, its own name for itself, and the direction it is written in."""

    tag: str
    name: str = ""
    direction: Direction = "ltr"

    @classmethod
    def of(cls, tag: str, name: str = "") -> Language:
        """The language with this tag (`pt-BR`; `pt_BR` is taken too); the direction follows from the tag."""
        tag = tag.replace("_", "-")
        direction: Direction = "rtl" if tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"
        return cls(tag, name or tag, direction)

    @property
    def folder(self) -> str:
        """The tag as gettext and our folders write it: `pt-BR` becomes `pt_BR`."""
        return self.tag.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A short stretch of Markdown prose and the tag of the language it is written in; `line` is its source line.

    `stale` says that it was translated until it changed; `earlier` is that translation, "" if it may not be shown.
    """

    text: str
    language: str = ""
    line: int = 0
    stale: bool = False
    earlier: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Cell:
    """A notebook cell that knows where it stands in its source.

    `lines` has the source line (1 for the first) of each line of `source`; an empty cell has one entry, the line where
    it begins. `tags` are nbformat's. `metadata` is the cell's other metadata, without tags.
    """

    kind: CellKind
    source: str
    id: str
    lines: tuple[int, ...] = (0,)
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Json] = field(default=NOTHING, hash=False)

    @property
    def line(self) -> int:
        """The source line where the cell's text begins."""
        return self.lines[0] if self.lines else 0

    def line_of(self, offset: int) -> int:
        """The source line of line `offset` of the cell (0 for its first line); the last known one beyond its end."""
        if not self.lines:
            return 0
        return self.lines[min(max(offset, 0), len(self.lines) - 1)]

    def has(self, *tags: str) -> bool:
        """Whether the cell carries any of these tags."""
        return any(tag in self.tags for tag in tags)


@dataclass(frozen=True, slots=True)
class Kernel:
    """The kernel a notebook asks for: kernelspec name, language, and the name people read."""

    name: str = "python3"
    language: str = "python"
    display_name: str = "Python 3"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a source says of itself before its first cell. Minutes are whole minutes; `None` where nothing is said.

    `lines` has the source line of each key that was there; `other` the keys that are not ours, as they were read.
    """

    title: Phrase = Phrase("")
    questions: tuple[Phrase, ...] = ()
    objectives: tuple[Phrase, ...] = ()
    keypoints: tuple[Phrase, ...] = ()
    prerequisites: tuple[Phrase, ...] = ()
    teaching: int | None = None
    exercises: int | None = None
    authors: tuple[str, ...] = ()
    license: str = ""
    level: str = ""
    data: tuple[str, ...] = ()
    date: str = ""
    lesson: str = ""
    lines: Mapping[str, int] = field(default=NOTHING, hash=False)
    other: Mapping[str, Json] = field(default=NOTHING, hash=False)

    @property
    def minutes(self) -> int:
        """Teaching and exercise minutes together."""
        return (self.teaching or 0) + (self.exercises or 0)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One source file as cells: a lesson, an exercise or a plain page, in the language it is written in.

    `path` is the source's POSIX path relative to the project; `format` is Jupytext's name (`py:percent`, `md:myst`,
    `ipynb`...). A translated lesson has the target's `language` and keeps `path`, ids, code and lines. `comments` says
    whether translators are given the comments in its code.
    """

    path: str
    cells: tuple[Cell, ...]
    front: FrontMatter = FrontMatter()
    language: str = "en"
    role: Role = "lesson"
    format: str = "ipynb"
    kernel: Kernel = Kernel()
    comments: bool = False

    @property
    def name(self) -> str:
        """The path without its ending: what pages, notebooks and catalogues are named after."""
        return re.sub(r"\.[^./]+$", "", self.path)

    @property
    def folder(self) -> str:
        """The project-relative folder of the source, "" at the top."""
        return self.path.rpartition("/")[0]

    @property
    def code_cells(self) -> tuple[Cell, ...]:
        """The cells a kernel runs, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "code")

    def at(self, line: int = 0) -> Location:
        """A place in this source."""
        return Location(self.path, line)

    def with_cells(self, cells: tuple[Cell, ...]) -> Lesson:
        """The same lesson with other cells."""
        return replace(self, cells=cells)


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry: its slug, and by language the term, its definition (Markdown) and other good words for it.

    `keep` says that the term stays as it is in every language.
    """

    slug: str
    terms: Mapping[str, str] = field(default=NOTHING, hash=False)
    definitions: Mapping[str, str] = field(default=NOTHING, hash=False)
    line: int = 0
    also: Mapping[str, tuple[str, ...]] = field(default=NOTHING, hash=False)
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Curriculum:
    """All lessons, exercises and plain pages, each in teaching order, and the glossary."""

    title: str
    lessons: tuple[Lesson, ...] = ()
    exercises: tuple[Lesson, ...] = ()
    pages: tuple[Lesson, ...] = ()
    glossary: tuple[Term, ...] = ()

    @property
    def sources(self) -> tuple[Lesson, ...]:
        """Every source of the curriculum."""
        return self.pages + self.lessons + self.exercises

    def exercises_of(self, lesson: Lesson) -> tuple[Lesson, ...]:
        """The exercises that name this lesson in their front matter."""
        return tuple(exercise for exercise in self.exercises if exercise.front.lesson == lesson.path)
