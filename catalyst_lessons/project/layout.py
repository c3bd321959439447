"""Where a curriculum is, and the names in it that are ours."""

from __future__ import annotations

from pathlib import Path

SETTINGS = "mkdocs.yml"
CACHE = ".catalyst"
"""The folder of a project for what can be made again: the run cache and the staging tree. Not for version control."""


def find_root(start: Path) -> Path | None:
    """The folder of the curriculum that `start` is in, which has a `mkdocs.yml`; None if there is no such folder."""
    folder = start.resolve()
    return next((one for one in (folder, *folder.parents) if (one / SETTINGS).is_file()), None)
