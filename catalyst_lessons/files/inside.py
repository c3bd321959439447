"""Which files of a project may be read, shown and published: a stranger's change may bring links to any file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def leads_to(root: Path, path: str) -> str:
    """The project path of the file that this path leads to by whatever links; "" if none, or one outside."""
    file = root / path
    if not file.is_file():
        return ""
    place, top = file.resolve(), root.resolve()
    return place.relative_to(top).as_posix() if place.is_relative_to(top) else ""


def is_hidden(path: str) -> bool:
    """Whether a part of a path begins with a dot, as those of `.git/config` and `.env` do."""
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def may_be_shown(root: Path, path: str) -> bool:
    """Whether a project path is a file of the project that is not hidden, and leads to no other."""
    place = leads_to(root, path)
    return bool(place) and not is_hidden(path) and not is_hidden(place)
