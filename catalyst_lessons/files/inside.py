"""Which files of a project may be shown to its readers: none outside it and none that is hidden, by any way."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def is_there(root: Path, path: str) -> bool:
    """Whether there is a file or folder; a name that no file system takes (too long, with a NUL) is not there."""
    try:
        return (root / path).exists()
    except (OSError, ValueError):
        return False


def may_be_shown(root: Path, path: str) -> bool:
    """Whether a project path is a file that readers may get: inside the project, and no part of its name hidden.

    Both hold for the path as it is written and, where it is a link, for the file it leads to: `.git/config` may hold
    the token of a CI job, and a link to it is easily slipped into a pull request.
    """
    written = PurePosixPath(path)
    if written.is_absolute() or _is_hidden(written) or not is_there(root, path):
        return False
    place, top = (root / path).resolve(), root.resolve()
    return place.is_file() and place.is_relative_to(top) and not _is_hidden(place.relative_to(top))


def _is_hidden(path: PurePosixPath | Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
