"""The `mkdocs.yml` of a staging tree that is built without our plugin."""

from __future__ import annotations

from typing import Any

from catalyst_lessons.adapters.markdown_settings import EXTENSIONS
from catalyst_lessons.project import Project
from catalyst_lessons.project.site import Section, navigation, translated_section
from catalyst_lessons.project.staging import SCRIPTS, STYLES


def settings_for(project: Project) -> str:
    """Settings with which MkDocs, ProperDocs and Zensical build the tree: a section of the menu for each language."""
    import yaml

    settings: dict[str, Any] = {
        "site_name": project.settings.title,
        "site_url": project.settings.site_url or None,
        "theme": {"name": "material", "font": False, "features": ["content.code.copy"]},
        "extra_css": list(STYLES),
        "extra_javascript": list(SCRIPTS),
        "markdown_extensions": [{name: options} if options else name for name, options in EXTENSIONS.items()],
        "nav": _nav(project),
    }
    return yaml.safe_dump({key: value for key, value in settings.items() if value}, allow_unicode=True, sort_keys=False)


def _nav(project: Project) -> list[Any]:
    menu = []
    for language in project.languages:
        pages: list[Any] = []
        for part in navigation(project):
            if isinstance(part, Section):
                pages.append(
                    {
                        translated_section(part, language, project.locales): [
                            f"{project.sitemap.folder(language)}/{page}" for page in part.pages
                        ]
                    }
                )
            else:
                pages.append(f"{project.sitemap.folder(language)}/{part}")
        menu.append({language.name: pages})
    return menu
