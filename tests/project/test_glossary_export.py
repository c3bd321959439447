"""`catalyst glossary export`: what Weblate and Crowdin read."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

from catalyst_lessons.adapters.cli import run
from tests.curricula import write_curriculum

GLOSSARY = """\
- slug: hub
  en: {term: hub, def: "A *server*, with `code` & more."}
  es: {term: centro, def: "Un servidor.", also: [hub]}
- slug: jupyter
  do-not-translate: true
  en: {term: Jupyter}
"""


def export(tmp_path: Path, *options: str, glossary: str = GLOSSARY) -> tuple[int, str]:
    if not (tmp_path / "c").exists():
        write_curriculum(tmp_path / "c", {"glossary.yml": glossary, "lessons/a.md": "---\ntitle: A\n---\n\nOne.\n"})
    target = tmp_path / "out"
    code = run(["--project", str(tmp_path / "c"), "glossary", "export", *options, "--output", str(target)])
    return code, target.read_text(encoding="utf-8") if target.exists() else ""


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_a_row_for_each_term_and_columns_for_each_language(tmp_path: Path) -> None:
    code, text = export(tmp_path, "--format", "csv")
    assert code == 0
    assert rows(text) == [
        ["Concept", "Translatable", "Term [en]", "Description [en]", "Term [es]", "Description [es]"],
        ["hub", "yes", "hub", "A server, with code & more.", "centro", "Un servidor."],
        ["jupyter", "no", "Jupyter", "", "Jupyter", ""],
    ]


def test_csv_of_one_language_has_the_columns_of_weblate(tmp_path: Path) -> None:
    _, text = export(tmp_path, "--format", "csv", "--language", "es")
    assert rows(text) == [
        ["source", "target", "developer_comments"],
        ["hub", "centro", "A server, with code & more."],
        ["Jupyter", "Jupyter", ""],
    ]


def test_tbx_has_every_word_and_what_is_not_translated(tmp_path: Path) -> None:
    _, text = export(tmp_path, "--format", "tbx")
    hub, jupyter = ElementTree.fromstring(text).iter("termEntry")  # noqa: S314  our own output
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    words = {one.get(lang): [term.text for term in one.iter("term")] for one in hub.iter("langSet")}
    assert words == {"en": ["hub"], "es": ["centro", "hub"]}
    assert hub.find("langSet/descrip").text == "A server, with code & more."
    assert jupyter.findtext("note") == "do not translate"


def test_a_language_the_site_does_not_have_is_told(tmp_path: Path, capsys) -> None:
    assert export(tmp_path, "--format", "csv", "--language", "sw") == (2, "")
    assert '"sw" is no language to translate into\n    hint: expected one of es' in capsys.readouterr().err


def test_a_curriculum_without_terms_is_told(tmp_path: Path, capsys) -> None:
    assert export(tmp_path, "--format", "tbx", glossary="") == (2, "")
    assert "there are no terms in glossary.yml" in capsys.readouterr().err
