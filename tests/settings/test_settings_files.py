"""Whole settings files against what is said of them: each `tests/golden/settings/*.yml` and its `.txt`."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from catalyst_lessons.core.errors import SettingsError
from catalyst_lessons.core.settings import Settings, parse_settings
from catalyst_lessons.project import Project
from catalyst_lessons.project.known_hubs import known_hubs
from tests.curricula import settings, write_curriculum

GOLDEN = Path(__file__).parents[1] / "golden" / "settings"
ENVIRON = {"SITE_URL": "https://lessons.example.org/", "TIMEOUT": "45", "ONLY": "es"}


def told(text: str) -> str:
    """The findings or the error as people read them, then every setting that is not its default."""
    try:
        settings, findings = parse_settings(text, environ=ENVIRON, known_hubs=known_hubs())
    except SettingsError as error:
        return f"{error}\n"
    default = Settings()
    changed = [
        f"{field.name} = {getattr(settings, field.name)!r}"
        for field in fields(Settings)
        if field.name != "lines" and getattr(settings, field.name) != getattr(default, field.name)
    ]
    return "\n".join([*map(str, findings), "---", *changed, ""])


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.yml")), ids=lambda path: path.stem)
def test_a_settings_file_is_told_about_as_its_golden_text_says(path: Path) -> None:
    golden = path.with_suffix(".txt")
    now = told(path.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


def test_six_planted_mistakes_are_six_findings_on_their_lines() -> None:
    text = (GOLDEN / "six-mistakes.yml").read_text(encoding="utf-8")
    planted = {number for number, line in enumerate(text.splitlines(), 1) if "# mistake" in line}
    _, findings = parse_settings(text, known_hubs=known_hubs())
    assert len(planted) == 6
    assert sorted(finding.location.line for finding in findings) == sorted(planted)
    assert all(finding.hint for finding in findings)


@pytest.mark.parametrize(
    ("files", "path", "title"),
    [
        ({"other.yml": settings(options="repository: https://github.com/a/other")}, "other.yml", "Small curriculum"),
        ({"other.yml": "INHERIT: mkdocs.yml\nsite_name: Other\n"}, "mkdocs.yml", "Small curriculum"),
        ({"ci/other.yml": "INHERIT: ../mkdocs.yml\n", "ci/lessons/a.md": "x"}, "../mkdocs.yml", "Small curriculum"),
        ({"other.yml": "INHERIT: nowhere.yml\nsite_name: Other\n"}, "other.yml", "Other"),
        ({"other.yml": "INHERIT: other.yml\nsite_name: Other\n"}, "other.yml", "Other"),
    ],
)
def test_the_settings_are_those_of_the_file_that_was_given(tmp_path, files, path, title):
    write_curriculum(tmp_path, files)
    (given,) = (tmp_path / name for name in files if name.endswith("other.yml"))
    project = Project.open(given=given)
    assert (project.root, project.settings.path, project.settings.title) == (given.parent, path, title)
    if "https" in given.read_text():
        assert project.settings.repository == "https://github.com/a/other"


def test_a_build_with_another_file_takes_its_settings(tmp_path):
    from mkdocs.config import load_config

    other = settings(options="lessons: elsewhere").replace("site_name: Small", "docs_dir: elsewhere\nsite_name: Small")
    write_curriculum(tmp_path, {"elsewhere/a.md": "# A\n", "lessons/b.md": "# B\n", "other.yml": other})
    config = load_config(str(tmp_path / "other.yml"))
    config.plugins.on_config(config)
    staged = sorted(path.name for path in Path(config.docs_dir).rglob("[ab].md"))
    assert staged == ["a.md", "a.md"]
