"""Glossary entries that the file lacks in a language go out as a catalog and come back as terms."""

from __future__ import annotations

from pathlib import Path

from catalyst_lessons.project import Project
from catalyst_lessons.project.updating import update_catalogs
from tests.curricula import LESSON, catalog, write_curriculum

GLOSSARY = """
- slug: hub
  en: {term: hub, def: A shared computer.}
  es: {term: hub, def: Una computadora compartida.}
- slug: kernel
  en: {term: kernel, def: "The program that runs\\n    the code."}
"""
PO = "locales/es/LC_MESSAGES/glossary.po"


def write(folder: Path, **files: str) -> Project:
    return Project.open(write_curriculum(folder, {"lessons/one.md": LESSON, "glossary.yml": GLOSSARY, **files}))


def term(project: Project, slug: str) -> tuple[str, str]:
    found = next(term for term in project.curriculum.glossary if term.slug == slug)
    return found.terms.get("es", ""), found.definitions.get("es", "")


def test_only_what_is_missing_goes_out(tmp_path: Path) -> None:
    changed, findings = update_catalogs(write(tmp_path), write=True)
    text = (tmp_path / PO).read_text()
    assert (PO in changed, findings) == (True, ())
    assert 'msgid "kernel"' in text
    assert 'msgid "The program that runs the code."' in text
    assert "hub" not in text
    assert update_catalogs(Project.open(tmp_path), write=False) == ((), ())


def test_a_translated_entry_is_a_term_of_the_language(tmp_path: Path) -> None:
    translated = catalog({"kernel": "núcleo", "The program that runs the code.": "El programa que ejecuta el código."})
    project = write(tmp_path, **{PO: translated})
    assert term(project, "kernel") == ("núcleo", "El programa que ejecuta el código.")
    assert term(project, "hub") == ("hub", "Una computadora compartida.")
    update_catalogs(project, write=True)
    assert "núcleo" in (tmp_path / PO).read_text().partition("#~")[0]


def test_fuzzy_and_refused_entries_are_none(tmp_path: Path) -> None:
    fuzzy = catalog({"kernel": "núcleo"}, fuzzy=("kernel",))
    assert term(write(tmp_path / "fuzzy", **{PO: fuzzy}), "kernel") == ("", "")
    refused = catalog({"kernel": "<script>x</script>"})
    assert term(write(tmp_path / "refused", **{PO: refused}), "kernel") == ("", "")


def test_a_broken_catalog_is_told_and_the_glossary_stays(tmp_path: Path) -> None:
    project = write(tmp_path, **{PO: 'msgid "kernel\nmsgstr ""\n'})
    assert term(project, "hub")[0] == "hub"
    assert [finding.code for finding in update_catalogs(project, write=False)[1]] == ["T230"]
