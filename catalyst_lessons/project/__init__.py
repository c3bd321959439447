"""A curriculum on disk and everything that can be done with it: where core and files meet."""

from catalyst_lessons.project.project import Project

__all__ = ["Project"]
