"""`catalyst new`: what it writes builds at once, fails the check until it is filled, and is written over nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
import yaml
from curricula import write_curriculum

from catalyst_lessons.adapters.cli import run as catalyst
from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.scaffold import filled, texts_of
from catalyst_lessons.core.settings.adding import with_language
from catalyst_lessons.core.settings.languages import ENGLISH
from catalyst_lessons.files.sources import read_source
from catalyst_lessons.project.scaffolding import TEMPLATES, WHICH_LESSON, words_in

PLACEHOLDER = re.compile(r"\[TODO: ([^\]]+)\]")
TRANSLATED = ("es", "pt", "fr")
FORMATS = ("a.md", "b.py", "c.ipynb", "d.md --myst")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, in no repository that CI knows."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def new(*arguments: str) -> None:
    assert catalyst(["new", *arguments]) == 0


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    """What the check finds that is more than a remark, and the runs that did not pass."""
    capsys.readouterr()
    catalyst(["check", "--format", "json", *options])
    report = json.loads(capsys.readouterr().out)
    failed = [run for run in report["runs"] if run["outcome"] != "passed"]
    return [one for one in report["findings"] if one["severity"] != "info"] + failed


def placeholders(folder: Path) -> Iterator[tuple[str, int]]:
    """Every line with a placeholder in what becomes a page or a notebook."""
    for path in (folder / "mkdocs.yml", *folder.glob("lessons/*.*"), *folder.glob("exercises/*.*")):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
            if "[TODO:" in line:
                yield path.relative_to(folder).as_posix(), number


def fill(folder: Path) -> None:
    """Write something of one's own in place of every placeholder, minutes where minutes belong."""
    for path in {folder / name for name, _ in placeholders(folder)}:
        text = re.sub(r"((?:teaching|exercises): \S*?)\[TODO: [^\]]+\]", r"\g<1>15", path.read_text("utf-8"))
        text = re.sub(r"(lesson: \S*?)\[TODO: [^\]]+\]", r"\g<1>lessons/01-first-lesson.md", text)
        path.write_text(PLACEHOLDER.sub(lambda found: f"Rain, seen as {found[1][:12].strip()}", text), "utf-8")


def test_a_new_curriculum_builds_at_once(here: Path) -> None:
    new("curriculum", "rain in a week")
    assert catalyst(["--project", "rain in a week", "build"]) == 0
    page = (here / "rain in a week/site/lessons/01-first-lesson/index.html").read_text("utf-8")
    assert re.search(r">\s*32\s*<", page), "the result of the example"
    assert "[TODO: the name of this lesson]" in page
    assert "Rain in a week" in page


def test_its_workflow_has_no_secret_and_keeps_no_token(here: Path) -> None:
    new("curriculum", "course")
    text = (here / "course/.github/workflows/lessons.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    steps = workflow["jobs"]["lessons"]["steps"]
    assert workflow["permissions"] == {"contents": "read"}
    assert steps[0]["with"] == {"persist-credentials": False}
    assert [step["run"].split()[:2] for step in steps if "catalyst " in step.get("run", "")][1:] == [
        ["catalyst", "check"],
        ["catalyst", "translate"],
        ["catalyst", "build"],
    ]
    assert "secrets." not in text


@pytest.mark.parametrize("tag", ["en", *TRANSLATED])
def test_the_check_names_every_placeholder_with_its_line(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    new("curriculum", "course", "--language", tag)
    monkeypatch.chdir(here / "course")
    found = checked(capsys, "--no-run")
    assert {one["code"] for one in found} == {"L103", "L142"}
    wanted = sorted(placeholders(here / "course"))
    assert sorted((one["path"], one["line"]) for one in found if one["severity"] == "error") == wanted
    assert len(wanted) > 25
    assert catalyst(["check", "--no-run"]) == 1


def test_filled_in_every_format_passes_the_check(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new("curriculum", "course")
    monkeypatch.chdir(here / "course")
    for name in FORMATS:
        new("lesson", *f"lessons/02-{name}".split())
        new("exercise", *f"exercises/{name}".split())
    before = {path for path, _ in placeholders(here / "course")}
    named = {one["path"] for one in checked(capsys, "--no-run") if one["code"] == "L142"}
    assert named == before
    assert len(named) == 11
    fill(here / "course")
    assert checked(capsys) == []


@pytest.mark.parametrize("kind", ["lesson", "exercise"])
def test_all_formats_say_the_same(here: Path, kind: str) -> None:
    write_curriculum(here, {}, options="license: CC0-1.0")
    said = []
    for name in FORMATS:
        new(kind, *f"{kind}s/{name}".split())
        source = read_source(here, f"{kind}s/{name.split()[0]}")
        front = source.lesson.front
        assert {finding.code for finding in source.findings} == {"L103"}, "minutes that are none yet"
        assert front.license == "CC0-1.0"
        phrases = [one.text for one in (front.title, *front.questions, *front.objectives, *front.keypoints)]
        cells = [(cell.kind, cell.source, cell.tags) for cell in source.lesson.cells]
        said.append((phrases, front.authors, front.lesson, front.level, cells))
    assert said == [said[0]] * len(FORMATS)
    assert [tags for _, _, tags in said[0][-1] if tags] == ([("check",), ("hint",)] if kind == "exercise" else [])


def test_sources_are_begun_in_the_language_of_the_curriculum(here: Path) -> None:
    write_curriculum(here, {}, options="source_language: es")
    new("exercise", "exercises/lluvia.py")
    text = (here / "exercises/lluvia.py").read_text("utf-8")
    assert "[TODO: el nombre de este ejercicio]" in text
    assert "the name" not in text
    assert "[TODO: la lección a la que pertenece" in text


def test_an_exercise_names_its_lesson(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_curriculum(here, {"lessons/a.md": "---\ntitle: A\n---\n\nHello.\n"})
    new("exercise", "exercises/one.py", "--lesson", "lessons/a.md")
    assert "# lesson: lessons/a.md\n" in (here / "exercises/one.py").read_text("utf-8").replace('"', "")
    assert catalyst(["new", "exercise", "exercises/two.py", "--lesson", "lessons/b.md"]) == 2
    assert "lessons/b.md is no lesson" in capsys.readouterr().err
    assert not (here / "exercises/two.py").exists()


@pytest.mark.parametrize("kind", ["lesson", "exercise"])
def test_texts_of_templates_are_translated_and_break_nothing(kind: str) -> None:
    template = (TEMPLATES / f"{kind}.txt").read_text("utf-8")
    texts = {*texts_of(template), *texts_of((TEMPLATES / "curriculum/mkdocs.yml").read_text("utf-8")), WHICH_LESSON}
    for tag in TRANSLATED:
        words = words_in(tag)
        assert [text for text in texts if words(text) == text and text != "It works."] == []
        # They stand between double quotes, in YAML and in Python, and between brackets.
        assert [text for text in texts if re.search(r'["\\\[\]\n]', words(text))] == []
    assert words_in("pt-BR")("your name") == "seu nome"
    assert words_in("sw")("your name") == "your name"


def test_catalogs_of_the_templates_have_no_text_that_is_gone() -> None:
    templates = [path.read_text("utf-8") for path in (*TEMPLATES.glob("*.txt"), TEMPLATES / "curriculum/mkdocs.yml")]
    texts = {text for template in templates for text in texts_of(template)} | {WHICH_LESSON}
    for tag in TRANSLATED:
        catalog = polib.pofile(str(TEMPLATES / f"locales/{tag}/LC_MESSAGES/scaffold.po"))
        assert {entry.msgid for entry in catalog} == texts


def test_what_comes_into_a_template_is_not_read_as_one() -> None:
    assert filled("⟦a⟧ ⟨b⟩ «c»", words=lambda text: f"⟨{text}⟩", values={"c": "⟦d⟧"}) == "[TODO: ⟨a⟩] ⟨b⟩ ⟦d⟧"


# Nothing is written over ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("lessons/there.md", "there already"),
        ("lessons/there.py", "there already"),
        ("lessons/link.py", "there already"),
        ("lessons/folder.md", "there already"),
        ("lesson.md", "write `catalyst new lesson lessons/lesson.md`"),
        ("../lessons/one.md", "not in the folder of the lessons"),
        ("lessons/../../one.md", "not in the folder of the lessons"),
        ("lessons/out/one.md", "not in the folder of the lessons"),
        ("exercises/one.md", "not in the folder of the lessons"),
        ("lessons/one.txt", "end the name with .md"),
        ("lessons/one", "end the name with .md"),
        ("lessons/Mi lección 1.md", "write `lessons/mi-leccion-1.md`"),
        ("lessons/one.es.md", "write `lessons/one-es.md`"),
        ("lessons/a\nb.md", "write `lessons/a-b.md`"),
        ("lessons/a\\b.md", "write `lessons/a-b.md`"),
        ("lessons/.hidden.md", "letters, digits and hyphens alone"),
        ("lessons/_one.md", "not read as a lesson"),
        ("lessons/readme.md", "not read as a lesson"),
        ("lessons/data/one.md", "not read as lessons"),
        ("lessons/pages/one.md", "not read as lessons"),
    ],
)
def test_places_where_no_lesson_can_be(here: Path, capsys: pytest.CaptureFixture[str], path: str, told: str) -> None:
    root = write_curriculum(here / "project", {"lessons/there.md": "---\ntitle: A\n---\n"})
    (here / "elsewhere").mkdir()
    (root / "lessons/out").symlink_to(here / "elsewhere", target_is_directory=True)
    (root / "lessons/folder.md").mkdir()
    (root / "lessons/link.py").symlink_to(here / "nowhere.py")
    before = {one: one.read_bytes() if one.is_file() else b"" for one in sorted(here.rglob("*"))}
    assert catalyst(["--project", str(root), "new", "lesson", path]) == 2
    assert told in capsys.readouterr().err
    assert {one: one.read_bytes() if one.is_file() else b"" for one in sorted(here.rglob("*"))} == before


def test_myst_is_for_markdown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_curriculum(here, {})
    assert catalyst(["new", "lesson", "lessons/a.py", "--myst"]) == 2
    assert "--myst is for .md files" in capsys.readouterr().err


def test_a_path_is_read_from_where_we_are(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_curriculum(here, {"lessons/there.md": "---\ntitle: A\n---\n"})
    monkeypatch.chdir(here / "lessons")
    new("lesson", "deeper/one.py")
    assert (here / "lessons/deeper/one.py").is_file()
    new("exercise", "exercises/one.py")
    assert (here / "exercises/one.py").is_file()


def test_a_curriculum_needs_an_empty_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "cloned/.git").mkdir(parents=True)
    new("curriculum", "cloned")
    assert catalyst(["new", "curriculum", "cloned"]) == 2
    (here / "mine").mkdir()
    (here / "mine/notes.txt").write_text("mine")
    assert catalyst(["new", "curriculum", "mine"]) == 2
    assert catalyst(["new", "curriculum", "mine/notes.txt"]) == 2
    assert catalyst(["new", "curriculum", "other", "--language", "Spanish"]) == 2
    told = capsys.readouterr().err
    assert "mine is not empty: it has notes.txt" in told
    assert "notes.txt is a file" in told
    assert sorted(path.name for path in here.rglob("*") if path.parent.name in ("mine", "other")) == ["notes.txt"]


@pytest.mark.parametrize("name", ["Ünïcode & <b>", "a: b #c", "--", "123", '"quoted"'])
def test_a_folder_may_have_any_name(here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert catalyst(["new", "curriculum", "--", name]) == 0
    capsys.readouterr()
    catalyst(["--project", name, "check", "--no-run", "--format", "json"])
    assert {one["code"] for one in json.loads(capsys.readouterr().out)["findings"]} == {"H401", "L103", "L142"}


# Languages ------------------------------------------------------------------------------------------------------------

HEAD = "plugins:\n  - i18n:\n      docs_structure: folder\n      languages:\n"
TAIL = "  # ours\n  - catalyst-lessons:  # as it was\n      start: '09:00'\n"
FIRST_LIST = """\
mkdocs.yml:2: this file has a form that is not edited by itself; add to it, below `plugins:`:
        - i18n:
            docs_structure: folder
            languages:
              - locale: en
                name: English
                default: true
              - locale: sw
                name: Kiswahili
"""
ADDED = [
    ("        - locale: en\n          name: English\n          default: true  # first\n", "        "),
    ("      - locale: en\n        default: true\n        name: English\n        # build: false\n\n", "      "),
    ("        -   locale: en\n            default: true\n            name: |\n              English\n\n", "        "),
    ("        - {locale: en, name: English,\n           default: true}\n", "        "),
    ("        -\n          locale: en\n          name: English\n          default: true\n", None),
]


@pytest.mark.parametrize(("items", "indent"), ADDED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_language_comes_after_the_others_and_nothing_else_changes(items: str, indent: str | None, end: str) -> None:
    text = ("site_name: A # title\n" + HEAD + items + TAIL).replace("\n", end)
    if indent is None:
        with pytest.raises(UsageError, match=r"at the end of the list `languages:`:\n +- locale: pt-BR\n +  name: \"P"):
            with_language(text, tag="pt-BR", name="Português (Brasil)", default=ENGLISH)
        return
    changed = with_language(text, tag="pt-BR", name="Português (Brasil)", default=ENGLISH)
    new_rows = [row for row in changed.split(end) if "pt-BR" in row or "Português" in row]
    assert [row.split() for row in new_rows] == [["-", "locale:", "pt-BR"], ["name:", '"Português', '(Brasil)"']]
    assert changed.replace("".join(row + end for row in new_rows), "") == text
    last = items.rstrip().split("\n")[-1].strip()
    assert changed.index("pt-BR") > changed.index(last), "a comment that belongs to the last language stays with it"
    assert changed.index("pt-BR") < changed.index("# ours")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("site_name: A\n", "below `plugins:`"),
        ("site_name: A\nplugins:\n  - catalyst-lessons:\n", FIRST_LIST),
        ("site_name: A\nplugins: [search]\n", "mkdocs.yml:2: this file"),
        ("site_name: A\nplugins:\n  - i18n:\n      languages: []\n", "in place of `- i18n:`"),
        (HEAD.replace("languages:\n", "languages: [{locale: en, name: English}]\n"), "{locale: sw, name: Kiswahili}"),
        (HEAD + "        - &one\n          locale: en\n          name: English\n        - *one\n", "- locale: sw"),
    ],
)
def test_where_a_language_cannot_be_added_the_lines_are_told(text: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        with_language(text, tag="sw", name="Kiswahili", default=ENGLISH)
    assert told in str(raised.value)
    assert "catalyst translate update" in raised.value.hint


def test_a_file_without_a_last_line_end_and_a_tag_that_yaml_misreads() -> None:
    changed = with_language(
        HEAD + "        - locale: en\n          name: English", tag="no", name="Norsk", default=ENGLISH
    )
    assert changed.endswith('name: English\n        - locale: "no"\n          name: Norsk\n')


def test_a_new_language_has_catalogs_and_the_others_stay(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new("curriculum", "course")
    settings = here / "course/mkdocs.yml"
    before = settings.read_text("utf-8")
    assert catalyst(["--project", "course", "new", "language", "es"]) == 0
    spanish = here / "course/locales/es/LC_MESSAGES/lessons/01-first-lesson.po"
    assert spanish.is_file()
    assert "next: translate" in capsys.readouterr().out
    spanish.unlink()
    assert catalyst(["--project", "course", "new", "language", "sw"]) == 0
    assert not spanish.exists(), "only the catalogs of the new language are made"
    rows = "        - locale: es\n          name: Español\n        - locale: sw\n          name: Kiswahili\n"
    assert settings.read_text("utf-8") == before.replace("  - catalyst-lessons:\n", rows + "  - catalyst-lessons:\n")
    assert catalyst(["--project", "course", "translate", "update", "--check"]) == 1
    assert catalyst(["--project", "course", "translate", "update"]) == 0
    assert catalyst(["--project", "course", "translate", "update", "--check"]) == 0


@pytest.mark.parametrize(
    ("tag", "told"),
    [("en", "mkdocs.yml:7: the site has the language en already"), ("spanish", "C515"), ("pt_br", "write pt-BR")],
)
def test_tags_that_cannot_be_added(here: Path, capsys: pytest.CaptureFixture[str], tag: str, told: str) -> None:
    settings = write_curriculum(here, {}) / "mkdocs.yml"
    before = settings.read_bytes()
    assert catalyst(["new", "language", tag]) == 2
    assert told in capsys.readouterr().err
    assert settings.read_bytes() == before
    assert not (here / "locales").exists()


def test_a_language_that_nobody_named_needs_a_name(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = write_curriculum(here, {}) / "mkdocs.yml"
    assert catalyst(["new", "language", "xx"]) == 2
    assert "--name" in capsys.readouterr().err
    assert catalyst(["new", "language", "xx", "--name", 'Our: "own"']) == 0
    assert '          name: "Our: \\"own\\""\n' in settings.read_text("utf-8")
