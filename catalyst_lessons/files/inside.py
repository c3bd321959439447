"""Which files of a project may be read, shown and published: a stranger's change may bring links to any file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def is_there(root: Path, path: str) -> bool:
    """Whether there is a file or folder; a name that no file system takes (too long, with a NUL) is not there."""
    try:
        return (root / path).exists()
    except (OSError, ValueError):
        return False


def leads_to(root: Path, path: str) -> str:
    """The project path of the file that this path leads to by whatever links; "" if none, or one outside."""
    if not is_there(root, path) or not (root / path).is_file():
        return ""
    place, top = (root / path).resolve(), root.resolve()
    return place.relative_to(top).as_posix() if place.is_relative_to(top) else ""


def is_hidden(path: str) -> bool:
    """Whether a part of a path begins with a dot, as those of `.git/config` and `.env` do."""
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def leads_astray(root: Path, path: str) -> str:
    """What is wrong with a file that is there, in words, if it is a link to where nothing may be read; else ""."""
    place = leads_to(root, path)
    if not place:
        return "this is a link to a file outside the project"
    return "this is a link to a hidden file" if place != path and is_hidden(place) else ""


def may_be_shown(root: Path, path: str) -> bool:
    """Whether a project path is a file that readers may get: inside the project, and no part of its name hidden.

    Both hold for the path as it is written and, where it is a link, for the file it leads to: `.git/config` may hold
    the token of a CI job, and a link to it is easily slipped into a pull request.
    """
    if PurePosixPath(path).is_absolute() or is_hidden(path):
        return False
    place = leads_to(root, path)
    return bool(place) and not is_hidden(place)
