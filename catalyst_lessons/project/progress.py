"""How far the languages of a curriculum are: what the language menu and the status page go by."""

from __future__ import annotations

from catalyst_lessons.core.model import Language
from catalyst_lessons.core.rendering.status import share_of
from catalyst_lessons.core.translation.progress import Row
from catalyst_lessons.project.project import Project


def rows(project: Project) -> tuple[Row, ...]:
    """Every source in every language that is not its own, by language and in the order of the menu."""
    curriculum = project.curriculum
    sources = (*curriculum.lessons, *curriculum.exercises, *curriculum.pages)
    found = []
    for language in project.languages:
        for translated in (project.in_language(one, language) for one in sources if one.language != language.tag):
            edit = project.translation_url(translated)
            found.append(Row(translated.original, language, translated.progress, edit))
    return tuple(found)


def offered(project: Project) -> tuple[Language, ...]:
    """The languages of the language menu: the default one, and those that are translated far enough."""
    least = project.settings.switcher_threshold / 100
    if not least:
        return project.languages
    every = rows(project)
    shares = {one: share_of(row for row in every if row.language == one) for one in project.languages}
    default = project.settings.default_language
    return tuple(one for one in project.languages if one.tag == default or shares[one] >= least)
