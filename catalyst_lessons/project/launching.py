"""Every launch link of a curriculum, and whether it leads to a notebook that is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalyst_lessons.core.launching.links import LaunchLink, parse_link
from catalyst_lessons.core.model import Language, Lesson
from catalyst_lessons.core.report import Finding
from catalyst_lessons.project.notebooks import notebook_tree
from catalyst_lessons.project.project import Project


@dataclass(frozen=True, slots=True)
class LaunchRow:
    """One launch button: on which page, in which language, and where it leads."""

    lesson: Lesson
    language: Language
    link: LaunchLink


def launch_table(project: Project) -> tuple[LaunchRow, ...]:
    """The launch buttons of all pages, by source, then language."""
    return tuple(
        LaunchRow(lesson, language, link)
        for lesson in project.curriculum.lessons + project.curriculum.exercises
        for language in project.languages
        for link in project.launch_links(lesson, project.forms(lesson)[0], language)[0]
    )


def missing_targets(project: Project, rows: Sequence[LaunchRow]) -> tuple[Finding, ...]:
    """A finding for each link that, read back as the hub would, names no file of the notebook tree."""
    published = notebook_tree(project).contents
    parents = {hub.url.rstrip("/"): hub.parent_path for hub in project.settings.hubs}
    opened = ((row, parse_link(row.link.url, parent_path=parents.get(row.link.hub, ""))) for row in rows)
    # RStudio opens no file from a link.
    return tuple(_missing(row) for row, link in opened if link.interface != "rstudio" and link.path not in published)


def _missing(row: LaunchRow) -> Finding:
    message = f"the {row.link.kind} link opens {row.link.path}, which is not among the notebooks"
    return Finding("H410", message, row.lesson.at(), "see what `catalyst notebooks write DIR` writes")
