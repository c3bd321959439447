"""The glossary of a curriculum in the formats of translation platforms."""

from __future__ import annotations

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.glossary.export import to_bilingual_csv, to_csv, to_tbx
from catalyst_lessons.core.model import Language
from catalyst_lessons.project.project import Project


def exported(project: Project, form: str, *, language: str = "") -> str:
    """The terms as `csv` or `tbx`, the source language first; with a language, CSV of that one beside the source.

    Raises:
        UsageError: the site does not have that language, or there are no terms.
    """
    terms, settings = project.curriculum.glossary, project.settings
    source = settings.language(settings.source_language)
    others = [one for one in project.languages if one != source]
    if not terms:
        raise UsageError(f"there are no terms in {settings.glossary}", hint="begin with an entry: `- slug: hub`")
    if form == "tbx":
        return to_tbx(terms, [source, *others], title=settings.title)
    if not language:
        return to_csv(terms, [source, *others])
    target = next((one for one in others if one.tag == Language.of(language).tag), None)
    if target is None:
        known = ", ".join(one.tag for one in others)
        raise UsageError(f'"{language}" is no language to translate into', hint=f"expected one of {known}")
    return to_bilingual_csv(terms, source, target)
