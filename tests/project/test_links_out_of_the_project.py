"""Catalogs and the glossary may be links in a stranger's pull request: what they lead to is neither read nor quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalyst_lessons.adapters.cli import run
from catalyst_lessons.project import Project
from catalyst_lessons.project.publishing import _declared
from catalyst_lessons.project.translations import site_words, words_in
from tests.curricula import LESSON, write_curriculum

PRIVATE = "words-of-the-runner"
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture(params=["outside", "hidden"])
def linked(request, tmp_path: Path):
    """A curriculum in whose place a file of this content stands behind a link."""
    root = tmp_path / "in"
    write_curriculum(root, {"lessons/a.md": LESSON}, ("en", "es"))

    def put(path: str, content: str) -> Path:
        target = tmp_path / "secret" if request.param == "outside" else root / ".git/config"
        target.parent.mkdir(exist_ok=True)
        target.write_text(content, encoding="utf-8")
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).unlink(missing_ok=True)
        (root / path).symlink_to(target)
        return root

    return put


@pytest.mark.parametrize(
    "content", [f"{PRIVATE}\n", f"{PO}msgid {PRIVATE}\n", f'{PO}msgid "{PRIVATE}"\nmsgstr "x"\n' * 2]
)
@pytest.mark.parametrize("name", ["lessons/a", "glossary", "site", "interface"])
def test_a_catalog_that_leads_out_is_not_read(linked, capsys, name: str, content: str) -> None:
    root = linked(f"locales/es/LC_MESSAGES/{name}.po", content)
    run(["--project", str(root), "translate", "check"])
    run(["--project", str(root), "check", "--no-run"])
    assert PRIVATE not in "".join(capsys.readouterr())


def test_a_catalog_that_leads_out_is_told(linked, capsys) -> None:
    root = linked("locales/es/LC_MESSAGES/lessons/a.po", f"{PRIVATE}\n")
    assert run(["--project", str(root), "translate", "check"]) == 1
    assert "locales/es/LC_MESSAGES/lessons/a.po: T230 this is a link to a " in capsys.readouterr().out


def test_words_behind_a_link_are_not_used(linked) -> None:
    root = linked("locales/es/LC_MESSAGES/interface.po", f'{PO}msgid "Exercises"\nmsgstr "{PRIVATE}"\n')
    assert PRIVATE not in words_in("es", root / "locales")("Exercises")
    root = linked("locales/es/LC_MESSAGES/site.po", f'{PO}msgid "Title"\nmsgstr "{PRIVATE}"\n')
    project = Project.open(root)
    assert site_words(root, "locales", project.languages[1])("Title") == "Title"


@pytest.mark.parametrize(
    "content", [f"{PRIVATE}: [\n", f"- slug: {PRIVATE}\n", f"- slug: {PRIVATE}\n  en: {{term: x}}\n"]
)
def test_a_glossary_that_leads_out_is_told_and_not_read(linked, content: str) -> None:
    project = Project.open(linked("glossary.yml", content))
    assert project.curriculum.glossary == ()
    (finding,) = project.reading.findings
    assert (finding.code, finding.location.path) == ("L130", "glossary.yml")
    assert "link" in finding.message and PRIVATE not in str(finding)


def test_requirements_that_lead_out_are_not_read(linked) -> None:
    assert _declared(linked("requirements.txt", PRIVATE)) == ""


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    write_curriculum(tmp_path, {"lessons/a.md": LESSON}, ("en", "es"))
    (tmp_path / "terms.yml").write_text("- slug: hub\n  en: {term: hub, def: A computer}\n")
    (tmp_path / "glossary.yml").unlink(missing_ok=True)
    (tmp_path / "glossary.yml").symlink_to("terms.yml")
    assert [term.slug for term in Project.open(tmp_path).curriculum.glossary] == ["hub"]
