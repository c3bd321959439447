"""Catalogs of a curriculum kept up: from one another, with renamed lessons, for the site's own texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalyst_lessons.adapters.cli import run
from catalyst_lessons.core.translation import Coverage
from catalyst_lessons.core.translation.status_formats import Line, badges
from catalyst_lessons.files.catalogs import read_catalog
from catalyst_lessons.project import Project
from catalyst_lessons.project.staging import stage
from catalyst_lessons.project.translating import check_translations, update_catalogs
from catalyst_lessons.project.translations import site_words, words_in
from tests.curricula import catalog, write_curriculum

PO = "locales/es/LC_MESSAGES/lessons/{}.po"
ONE = "---\ntitle: One\n---\n\nA sentence that stands in two lessons.\n\nAnother one, only here.\n"
TWO = "---\ntitle: Two\n---\n\nSomething of its own.\n"
SPANISH = {
    "One": "Uno",
    "A sentence that stands in two lessons.": "Una frase que está en dos lecciones.",
    "Another one, only here.": "Otra, solo aquí.",
}


def opened(folder: Path, files: dict[str, str]) -> Project:
    return Project.open(write_curriculum(folder, files), environ={})


def messages(project: Project, name: str):
    return read_catalog(project.root, PO.format(name), "es").messages


def test_a_text_that_moves_to_another_lesson_brings_its_translation(tmp_path: Path) -> None:
    project = opened(tmp_path, {"lessons/a.md": ONE, "lessons/b.md": TWO, PO.format("a"): catalog(SPANISH)})
    sentence = "A sentence that stands in two lessons."
    (tmp_path / "lessons/a.md").write_text(ONE.replace(f"{sentence}\n\n", ""))
    (tmp_path / "lessons/b.md").write_text(f"{TWO}\n{sentence}\n")
    update_catalogs(Project.open(tmp_path, environ={}), write=True)
    assert (messages(project, "b")[sentence].translation, messages(project, "b")[sentence].fuzzy) == (
        SPANISH[sentence],
        False,
    )
    assert sentence not in messages(project, "a")
    # Once more, after it has gone: the obsolete message of the first lesson is memory, too.
    (tmp_path / PO.format("b")).unlink()
    update_catalogs(Project.open(tmp_path, environ={}), write=True)
    assert messages(project, "b")[sentence].translation == SPANISH[sentence]


def test_what_two_lessons_translate_in_two_ways_is_fuzzy_in_a_third(tmp_path: Path) -> None:
    text = "---\ntitle: T\n---\n\nThe same words.\n"
    files = {f"lessons/{name}.md": text for name in "abc"}
    files |= {PO.format(n): catalog({"The same words.": f"Las {n}"}) for n in "ab"}
    project = opened(tmp_path, files)
    update_catalogs(project, write=True)
    assert messages(project, "c")["The same words."].fuzzy
    assert not messages(project, "a")["The same words."].fuzzy


def test_a_refused_translation_is_no_memory(tmp_path: Path) -> None:
    files = {f"lessons/{name}.md": "---\ntitle: T\n---\n\nThe same words.\n" for name in "ab"}
    project = opened(tmp_path, {**files, PO.format("a"): catalog({"The same words.": "<b>Las</b>"})})
    update_catalogs(project, write=True)
    assert messages(project, "b")["The same words."].translation == ""


def test_a_renamed_lesson_takes_its_catalog_along(tmp_path: Path) -> None:
    project = opened(tmp_path, {"lessons/a.md": ONE, "lessons/z.md": TWO, PO.format("a"): catalog(SPANISH)})
    update_catalogs(project, write=True)
    (tmp_path / "lessons/a.md").rename(tmp_path / "lessons/c.md")
    old, new = PO.format("a"), PO.format("c")
    moved = f"{new} (moved from {old})"
    assert update_catalogs(Project.open(tmp_path, environ={}), write=False) == ((moved,), ())
    assert (tmp_path / old).is_file() and not (tmp_path / new).exists()
    assert update_catalogs(Project.open(tmp_path, environ={}), write=True) == ((moved,), ())
    assert not (tmp_path / old).exists()
    assert messages(project, "c")["Another one, only here."].translation == "Otra, solo aquí."
    assert update_catalogs(Project.open(tmp_path, environ={}), write=True) == ((), ())


def test_a_catalog_of_another_lesson_is_not_taken_for_a_renamed_one(tmp_path: Path) -> None:
    project = opened(tmp_path, {"lessons/b.md": TWO, PO.format("a"): catalog(SPANISH)})
    update_catalogs(project, write=True)
    assert (tmp_path / PO.format("a")).is_file()
    assert messages(project, "b")["Two"].translation == ""


def test_the_catalog_of_a_deleted_lesson_is_told_and_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"lessons/a.md": ONE, "lessons/b.md": TWO, PO.format("a"): catalog(SPANISH)}
    assert update_catalogs(opened(tmp_path, files), write=True)[1] == ()
    (tmp_path / "lessons/a.md").unlink()
    _, (finding,) = update_catalogs(Project.open(tmp_path, environ={}), write=True)
    assert (finding.code, finding.severity, str(finding.location)) == ("T231", "info", PO.format("a"))
    assert run(["--project", str(tmp_path), "translate", "update", "--check"]) == 0
    assert "T231 info: this catalog belongs to no source" in capsys.readouterr().err
    assert (tmp_path / PO.format("a")).is_file()


def test_the_title_of_the_site_is_translated(tmp_path: Path) -> None:
    project = opened(tmp_path, {"lessons/b.md": TWO})
    update_catalogs(project, write=True)
    path = tmp_path / "locales/es/LC_MESSAGES/site.po"
    title = project.settings.title
    path.write_text(catalog({title: "Un curso"}), encoding="utf-8")
    assert site_words(tmp_path, "locales", project.settings.language("es"))(title) == "Un curso"
    path.write_text(catalog({title: "<b>Un curso</b>"}), encoding="utf-8")
    assert site_words(tmp_path, "locales", project.settings.language("es"))(title) == title
    assert "T206" in {finding.code for finding in check_translations(Project.open(tmp_path, environ={}))}


def test_a_curriculum_has_words_of_its_own_for_the_interface(tmp_path: Path) -> None:
    own = "locales/es/LC_MESSAGES/interface.po"
    pairs = {"Questions": "Preguntas nuestras", "Objectives": "<script>x</script>"}
    files = {
        "lessons/b.md": TWO.replace("---\n\n", "questions: ['Why?']\nobjectives: [Do]\n---\n\n"),
        own: catalog(pairs),
    }
    project = opened(tmp_path, files)
    words = words_in("es", project.locales)
    assert (words("Questions"), words("Objectives")) == ("Preguntas nuestras", words_in("es")("Objectives"))
    page = stage(project, {}).contents["es/lessons/b.md"].decode()
    assert "Preguntas nuestras" in page and "<script>x" not in page
    changed, _ = update_catalogs(project, write=True)
    assert own in changed  # the words that it does not have yet
    assert read_catalog(tmp_path, own, "es").messages["Questions"].translation == "Preguntas nuestras"


def test_a_language_without_words_for_the_interface_gets_a_catalog_for_them(tmp_path: Path) -> None:
    project = Project.open(write_curriculum(tmp_path, {"lessons/b.md": TWO}, languages=("en", "am", "es")), environ={})
    changed, _ = update_catalogs(project, write=True)
    assert "locales/am/LC_MESSAGES/interface.po" in changed
    assert "locales/es/LC_MESSAGES/interface.po" not in changed
    assert len(read_catalog(tmp_path, "locales/am/LC_MESSAGES/interface.po", "am").messages) > 50


def test_normalize_brings_catalogs_of_another_cut_along(tmp_path: Path) -> None:
    files = {"lessons/b.md": "---\ntitle: Two\n---\n\n## A heading of two words\n\n- An item of a list\n"}
    old = {"## A heading of two words": "## Un título", "*   An item of a list": "* Un elemento"}
    project = opened(tmp_path, {**files, PO.format("b"): catalog(old)})
    update_catalogs(project, write=True, rematch=True)
    found = messages(project, "b")
    assert [
        (found[text].translation, found[text].fuzzy) for text in ("A heading of two words", "An item of a list")
    ] == [
        ("Un título", False),
        ("Un elemento", False),
    ]
    assert "X-Catalyst-Segments: 1" in (tmp_path / PO.format("b")).read_text()
    assert update_catalogs(project, write=True, rematch=True) == ((), ())


def test_a_catalog_of_an_older_cut_is_brought_along_by_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = opened(
        tmp_path, {"lessons/b.md": "## A heading\n", PO.format("b"): catalog({"## A heading": "## Un título"})}
    )
    update_catalogs(project, write=False)
    assert messages(project, "b").keys() == {"## A heading"}
    monkeypatch.setattr("catalyst_lessons.files.catalogs.SEGMENTS", 2)
    update_catalogs(project, write=True)
    found = messages(project, "b")["A heading"]
    assert (found.translation, found.fuzzy) == ("Un título", False)
    assert "X-Catalyst-Segments: 2" in (tmp_path / PO.format("b")).read_text()


def test_comments_and_contexts_of_authors_reach_the_catalog(tmp_path: Path) -> None:
    marks = "<!-- i18n:comment: what we sit at -->\n<!-- i18n:context: furniture -->"
    text = f"---\ntitle: T\n---\n\n{marks}\n\nTable\n\nTable\n"
    project = opened(tmp_path, {"lessons/b.md": text})
    update_catalogs(project, write=True)
    written = (tmp_path / PO.format("b")).read_text()
    assert '#. what we sit at\n#: lessons/b.md\nmsgctxt "furniture"\nmsgid "Table"' in written
    written = written.replace(
        'msgctxt "furniture"\nmsgid "Table"\nmsgstr ""', 'msgctxt "furniture"\nmsgid "Table"\nmsgstr "Mesa"'
    )
    written = written.replace('\nmsgid "Table"\nmsgstr ""', '\nmsgid "Table"\nmsgstr "Tabla"')
    (tmp_path / PO.format("b")).write_text(written, encoding="utf-8")
    page = stage(Project.open(tmp_path, environ={}), {}).contents["es/lessons/b.md"].decode()
    assert page.index("Mesa") < page.index("Tabla")
    assert update_catalogs(Project.open(tmp_path, environ={}), write=False)[0] == ()


def test_templates_are_written_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_curriculum(tmp_path, {"lessons/b.md": TWO})
    command = ["--project", str(tmp_path), "translate", "extract"]
    assert run([*command, "--check"]) == 1
    assert run(command) == 0
    pot = (tmp_path / "locales/templates/lessons/b.pot").read_text()
    assert 'msgid "Something of its own."\nmsgstr ""' in pot and "Language:" not in pot
    assert run([*command, "--check"]) == 0
    capsys.readouterr()
    (tmp_path / "lessons/b.md").write_text(TWO.replace("own", "kind"))
    assert run([*command, "--output", str(tmp_path / "pots")]) == 0
    assert (tmp_path / "pots/lessons/b.pot").is_file()


def test_status_tells_what_is_left_and_who_was_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    po = catalog({"Two": "Dos"}).replace(
        'msgstr ""\n', 'msgstr ""\n"PO-Revision-Date: 2026-11-01 10:00+0000\\n"\n"Last-Translator: A <a|b>\\n"\n', 1
    )
    write_curriculum(tmp_path, {"lessons/b.md": TWO, PO.format("b"): po})
    command = ["--project", str(tmp_path), "translate", "status"]
    assert run([*command, "--format", "json", "--badge", str(tmp_path / "badge.json")]) == 0
    found = json.loads(capsys.readouterr().out)
    row = found["catalogs"][0]
    assert (row["language"], row["path"], row["translated"], row["untranslated"], row["words_left"]) == (
        "es",
        "lessons/b.md",
        1,
        1,
        4,
    )
    assert (row["changed"], row["reviewer"]) == ("2026-11-01 10:00+0000", "A <a|b>")
    assert found["languages"]["es"]["total"] == 3  # and the title of the site
    badge = json.loads((tmp_path / "badge-es.json").read_text())
    assert badge == {"schemaVersion": 1, "label": "es", "message": "33%", "color": "orange"}
    assert run([*command, "--format", "markdown"]) == 0
    assert (
        "| es | lessons/b.md | 1 (50%) | 0 | 1 | 0 | 4 | 2026-11-01 10:00+0000 | A &lt;a\\|b> |"
        in capsys.readouterr().out
    )
    assert run(command) == 0
    assert (
        "es\t 50%\tlessons/b.md\t1 translated, 0 fuzzy, 1 untranslated, 0 refused\t4 words left"
        in capsys.readouterr().out
    )


def test_a_badge_is_only_bright_when_all_is_done() -> None:
    colors = {
        share: json.loads(badges([Line("es", "x", Coverage(translated=share, untranslated=1000 - share))])["es"])
        for share in (0, 500, 999, 1000)
    }
    assert [(one["message"], one["color"]) for one in colors.values()] == [
        ("0%", "red"),
        ("50%", "yellow"),
        ("99%", "green"),
        ("100%", "brightgreen"),
    ]


def test_check_is_asked_for_one_language_and_printed_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"lessons/b.md": TWO, PO.format("b"): catalog({"Two": "<b>Dos</b>"})}
    write_curriculum(tmp_path, files, languages=("en", "es", "fr"))
    command = ["--project", str(tmp_path), "translate", "check"]
    assert run([*command, "--language", "fr"]) == 0
    capsys.readouterr()
    assert run([*command, "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["path"], finding["line"]) == ("T206", PO.format("b"), 6)
    assert run([*command, "--format", "github", "--language", "es"]) == 1
    assert capsys.readouterr().out.startswith(f"::error file={PO.format('b')},line=6")
    assert run([*command, "--language", "xx"]) == 2


@pytest.mark.slow
def test_five_thousand_messages_with_a_tenth_edited_take_seconds(tmp_path: Path) -> None:
    from time import perf_counter

    words = [f"Sentence {n} tells of thing {n * 7} and what it does to item {n * 13} of the list." for n in range(5000)]
    text = "---\ntitle: T\n---\n\n" + "\n\n".join(words)
    files = {"lessons/b.md": text, PO.format("b"): catalog({word: f"Ñ {word}" for word in words})}
    write_curriculum(tmp_path, files)
    edited = ["Now " + word.lower() if n % 10 == 0 else word for n, word in enumerate(words)]
    (tmp_path / "lessons/b.md").write_text("---\ntitle: T\n---\n\n" + "\n\n".join(edited))
    project = Project.open(tmp_path, environ={})
    began = perf_counter()
    update_catalogs(project, write=True)
    assert perf_counter() - began < 60
    found = messages(project, "b")
    assert sum(message.fuzzy for message in found.values()) == 500
