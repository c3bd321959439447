"""Whole settings files against what is said of them: each `tests/golden/settings/*.yml` and its `.txt`."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from catalyst_lessons.core.errors import SettingsError
from catalyst_lessons.core.settings import Settings, parse_settings
from catalyst_lessons.project.known_hubs import known_hubs

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
