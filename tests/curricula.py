"""Small curricula on disk, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

SETTINGS = """\
site_name: Small curriculum
site_url: https://lessons.example.org/
plugins:
  - i18n:
      docs_structure: folder
      languages:
{languages}
  - catalyst-lessons:
{options}
"""

DEFAULTS = {"repository": "https://github.com/example/lessons", "execute": "never"}

LESSON = """\
---
title: One
---

Good morning.
"""


def settings(languages: Sequence[str] = ("en", "es"), options: str = "") -> str:
    """A `mkdocs.yml` with these languages, the first one the default; `options` are lines of our own block."""
    rows = [
        f"        - locale: {tag}\n          name: Name of {tag}" + ("\n          default: true" if index == 0 else "")
        for index, tag in enumerate(languages)
    ]
    given = [line for line in options.split("\n") if line.strip()]
    names = {line.partition(":")[0] for line in given}
    lines = [*(f"{name}: {value}" for name, value in DEFAULTS.items() if name not in names), *given]
    return SETTINGS.format(languages="\n".join(rows), options="\n".join(f"      {line}" for line in lines))


def write_curriculum(
    folder: Path, files: Mapping[str, str], languages: Sequence[str] = ("en", "es"), options: str = ""
) -> Path:
    """Write a curriculum into a folder: `mkdocs.yml` unless it is among the files, and the files by path.

    Nothing is run (`execute: never`) and the repository is known, unless `options` (lines of the block
    `catalyst-lessons:`) say otherwise.
    """
    for path, text in {"mkdocs.yml": settings(languages, options), **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


def catalog(messages: Mapping[str, str], *, language: str = "es", fuzzy: Sequence[str] = ()) -> str:
    """A PO catalog with these translations by source text."""
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = (
        ("#, fuzzy\n" if source in fuzzy else "") + f"msgid {_quoted(source)}\nmsgstr {_quoted(translation)}\n"
        for source, translation in messages.items()
    )
    return "\n".join((head, *entries))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
