"""Which files below a folder are sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from catalyst_lessons.files.sources import is_source

NOT_LESSONS = frozenset({"data", "datasets", "images", "img", "fig", "figures", "files", "node_modules"})
"""Folders below the lessons whose files are not sources."""

ABOUT = frozenset({"readme", "license", "licence", "changelog", "contributing", "code_of_conduct"})
"""Names of files that speak of a folder, to those who open it, and are not lessons."""


def source_paths(root: Path, folder: str) -> Iterator[str]:
    """The project-relative paths of the sources below a folder, sorted."""
    for path in sorted((root / folder).rglob("*")):
        relative = path.relative_to(root).as_posix()
        inside = path.relative_to(root / folder).parts
        hidden = any(part.startswith((".", "_")) for part in inside) or not NOT_LESSONS.isdisjoint(inside[:-1])
        hidden = hidden or path.stem.lower() in ABOUT
        if not hidden and path.is_file() and is_source(relative) and _is_lesson_script(path):
            yield relative


def _is_lesson_script(path: Path) -> bool:
    """Whether a script is a lesson and not a module beside one: it has a Jupytext header or a cell marker."""
    if path.suffix.lower() in (".md", ".markdown", ".ipynb", ".rmd", ".qmd"):
        return True
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return True  # reading it says why not
    return bool(re.search(r"^\W{1,3} ?%%", text, re.M) or re.match(r"(?:\W{1,3}!.*\n)?\W{1,3} ?---\s*\n", text))
