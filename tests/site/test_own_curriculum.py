"""The curriculum of this repository keeps its own rules: translated, checked, and every link leads to a notebook."""

from __future__ import annotations

import json

from tests.site.conftest import ROOT, run_tool


def test_no_catalog_is_behind_its_source() -> None:
    updated = run_tool("catalyst", "translate", "update", "--check", cwd=ROOT)
    assert (updated.returncode, updated.stdout) == (0, "")


def test_every_lesson_is_translated_into_every_language() -> None:
    status = json.loads(run_tool("catalyst", "translate", "status", "--format", "json", cwd=ROOT).stdout)
    assert status["languages"].keys() == {"en", "es", "pt", "fr"}
    for language, total in status["languages"].items():
        assert (language, total["fuzzy"], total["untranslated"], total["refused"]) == (language, 0, 0, 0)
        assert total["translated"] > 100


def test_no_translation_breaks_anything() -> None:
    checked = run_tool("catalyst", "translate", "check", "--format", "json", cwd=ROOT)
    assert checked.returncode == 0
    assert [finding for finding in json.loads(checked.stdout)["findings"] if finding["severity"] != "info"] == []


def test_the_rules_find_nothing() -> None:
    checked = run_tool("catalyst", "check", "--no-run", "--format", "json", cwd=ROOT)
    report = json.loads(checked.stdout)
    assert checked.returncode == 0
    assert [finding for finding in report["findings"] if finding["severity"] != "info"] == []


def test_every_launch_link_leads_to_a_notebook() -> None:
    linked = run_tool("catalyst", "links", cwd=ROOT)
    assert linked.returncode == 0
    assert len(linked.stdout.splitlines()) >= 7 * 4 * 2
