"""What a workshop with a curriculum asks of a hub."""

from __future__ import annotations

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.launching.links import clone_line, hub_link
from catalyst_lessons.core.launching.publishing import requirements
from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering.hub_request import Workshop
from catalyst_lessons.project.project import Project
from catalyst_lessons.project.publishing import PREFLIGHT, lesson_needs


def workshop_of(project: Project, hub: Hub | None, *, dates: str, people: int, language: str) -> Workshop:
    """The workshop as the request tells it; the link to try opens the preflight notebook in that language."""
    settings, repository = project.settings, project.repository
    clone = clone_line(repository, branch=project.branch, target_path=project.target_path) if repository else ""
    return Workshop(
        settings.title,
        dates,
        people,
        settings.memory,
        packages=tuple(requirements(lesson_needs(project)).split()),
        link=_link(project, hub, language),
        clone=clone,
        hub=hub.url if hub else "",
    )


def _link(project: Project, hub: Hub | None, language: str) -> str:
    settings = project.settings
    if hub is None or project.repository is None:
        return ""
    tags = {one.tag: one for one in project.languages}
    chosen = tags.get(language) or tags.get(settings.default_language) or Language.of(language)
    path = f"{chosen.folder}/{PREFLIGHT}"
    try:
        target = project.target_path
        return hub_link(hub, project.repository, branch=project.branch, path=path, target_path=target).url
    except UsageError:
        return ""
