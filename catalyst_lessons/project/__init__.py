"""A curriculum on disk and everything that can be done with it: where core and files meet."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalyst_lessons.project.project import Project

__all__ = ["Project"]


def __getattr__(name: str) -> Any:
    """Loads what a curriculum needs when somebody has one: lone notebooks are checked without it."""
    if name != "Project":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from catalyst_lessons.project.project import Project

    return Project
