"""The title of the site in each language, in the built pages."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    path.write_text(catalog({title: "Un curso para todos"}), encoding="utf-8")
    done = run_tool("catalyst", "build", cwd=root)
    assert done.returncode == 0, done.stderr
    english, spanish = (
        next((root / "site").glob(f"{folder}lessons/b*/index.html")).read_text() for folder in ("", "es/")
    )
    assert "Un curso para todos" in spanish and f"<title>Two - {title}" not in spanish and title not in spanish
    assert title in english and "Un curso para todos" not in english
