"""The title of the site in each language, in the built pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from catalyst_lessons.project import Project
from tests.curricula import catalog
from tests.site.conftest import run_tool, write_site


@pytest.mark.slow
def test_each_language_has_its_title(tmp_path: Path) -> None:
    lesson = "---\ntitle: Two\n---\n\nSomething of its own.\n"
    root = write_site(tmp_path, {"lessons/b.md": lesson, "lessons/pages/index.md": "# Home\n\nHello.\n"})
    title = Project.open(root, environ={}).settings.title
    path = root / "locales/es/LC_MESSAGES/site.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = 'Sobre "esto" http-equiv="refresh'
    path.write_text(catalog({title: "Un curso para todos", "About it": told}), encoding="utf-8")
    settings = root / "mkdocs.yml"
    settings.write_text(f"{settings.read_text()}site_description: About it\n")
    done = run_tool("catalyst", "build", cwd=root)
    assert done.returncode == 0, done.stderr
    english, spanish = (
        next((root / "site").glob(f"{folder}lessons/b*/index.html")).read_text() for folder in ("", "es/")
    )
    assert "Un curso para todos" in spanish and f"<title>Two - {title}" not in spanish and title not in spanish
    described = BeautifulSoup(spanish, "html.parser").select_one("meta[name=description]")
    # Themes put it between quotes as it is: a translation must not end them.
    assert described and described.attrs == {"name": "description", "content": told}
    assert '<meta name="description" content="About it">' in english
    assert title in english and "Un curso para todos" not in english
