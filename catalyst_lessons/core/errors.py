"""What stops us: where it is, what is wrong, and what to try."""

from __future__ import annotations

from catalyst_lessons.core.model import Location


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


class UsageError(CatalystError):
    """A command that was called in a way it cannot answer."""
