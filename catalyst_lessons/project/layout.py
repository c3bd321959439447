"""Where a curriculum is, and the names in it that are ours."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from catalyst_lessons.files.repository import is_tracked

SETTINGS = "mkdocs.yml"
CACHE = ".catalyst"
"""The folder of a project for what can be made again: the run cache and the staging tree. Not for version control."""


@functools.lru_cache(maxsize=64)
def cache_is_ours(root: Path) -> bool:
    """Whether what is kept in this project's cache was kept by us: not where version control brings it.

    Whoever may propose a change could bring a run that passed, or a source that has no faults. It is asked once for
    each project of a process.
    """
    return not (os.path.lexists(root / CACHE) and is_tracked(root, CACHE))


def find_root(start: Path) -> Path | None:
    """The folder of the curriculum that `start` is in, which has a `mkdocs.yml`; None if there is no such folder."""
    folder = start.resolve()
    return next((one for one in (folder, *folder.parents) if (one / SETTINGS).is_file()), None)
