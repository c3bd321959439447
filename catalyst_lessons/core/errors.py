"""What stops us: where it is, what is wrong, and what to try."""

from __future__ import annotations

import errno

from catalyst_lessons.core.model import Location

_PLACE = "choose another place, or see who may write there"
_SYSTEM = {
    errno.EACCES: ("we may not read or write this", _PLACE),
    errno.EPERM: ("the system does not allow this", _PLACE),
    errno.EROFS: ("nothing can be written on this disk", _PLACE),
    errno.ENOENT: ("there is no such file or folder", "look at the spelling of the path"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "choose another place, or move the file away"),
    errno.EEXIST: ("a file stands where a folder is needed", "choose another place, or move the file away"),
    errno.EISDIR: ("a folder stands where a file is needed", "choose another place, or move the folder away"),
    errno.ELOOP: ("links lead in a circle here", "delete one of the links"),
    errno.ENAMETOOLONG: ("this name is too long", "choose a shorter one"),
    errno.ENOSPC: ("the disk is full", "make room: `.catalyst/` may be deleted at any time"),
    errno.EDQUOT: ("the disk is full, as far as it is yours", "make room: `.catalyst/` may be deleted at any time"),
}


class CatalystError(Exception):
    """We cannot go on. Printed as `path:line: code message` and an indented hint, never as a traceback.

    Args:
        message: what is wrong, with what was expected and what was found.
        location: the place in a source, a catalog or the settings.
        code: the finding code under which the docs explain it, or "".
        hint: what to type or change.
    """

    def __init__(self, message: str, *, location: Location | None = None, code: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.code = code
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        code = f"{self.code} " if self.code else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{place}{code}{self.message}{hint}"


class SourceError(CatalystError):
    """A lesson, exercise or page that cannot be read."""


class CatalogError(CatalystError):
    """A PO catalog that cannot be read."""


class SettingsError(CatalystError):
    """Settings that cannot be used at all: no `mkdocs.yml`, or one that is not YAML."""


class NoSettingsError(SettingsError):
    """There is no `mkdocs.yml`, so there is no curriculum here."""


class UsageError(CatalystError):
    """A command that was called in a way it cannot answer."""


class SystemRefusedError(CatalystError):
    """The computer did not let us read or write: the disk is full, a folder is not ours."""


def told_by_system(error: OSError) -> SystemRefusedError | None:
    """The error in plain words with its path, None where it may as well be a bug of ours."""
    if error.errno not in _SYSTEM or (error.filename is None and error.errno not in (errno.ENOSPC, errno.EDQUOT)):
        return None
    message, hint = _SYSTEM[error.errno]
    place = Location(str(error.filename)) if error.filename is not None else None
    return SystemRefusedError(message, location=place, hint=hint)
