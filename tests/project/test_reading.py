"""Finding the sources of a curriculum: all of them, in order, and nothing else."""

from __future__ import annotations

import os

import pytest

from catalyst_lessons.core.settings import parse_settings
from catalyst_lessons.project.reading import Reading, override_of, read_curriculum
from tests.curricula import LESSON, write_curriculum

SCRIPT = "# ---\n# title: A\n# ---\n\n# %%\nx = 1\n"


def reading(folder, files, languages=("en", "es"), options="") -> Reading:
    write_curriculum(folder, files, languages, options)
    settings, _ = parse_settings((folder / "mkdocs.yml").read_text())
    return read_curriculum(folder, settings)


def paths(lessons) -> list[str]:
    return [lesson.path for lesson in lessons]


def test_sources_have_their_roles_by_their_folders(tmp_path):
    files = {
        "lessons/a.md": LESSON,
        "lessons/pages/setup.md": LESSON,
        "exercises/e.py": SCRIPT,
        "lessons/deep/b.py": SCRIPT,
    }
    found = reading(tmp_path, files)
    assert paths(found.curriculum.lessons) == ["lessons/a.md", "lessons/deep/b.py"]
    assert paths(found.curriculum.pages) == ["lessons/pages/setup.md"]
    assert paths(found.curriculum.exercises) == ["exercises/e.py"]
    assert found.findings == () and found.texts["lessons/a.md"] == LESSON


def test_order_of_the_settings_comes_first(tmp_path):
    files = {f"lessons/{name}.md": LESSON for name in "abc"}
    found = reading(tmp_path, files, options="order: [lessons/c.md]")
    assert paths(found.curriculum.lessons) == ["lessons/c.md", "lessons/a.md", "lessons/b.md"]


def test_exercises_follow_their_lessons(tmp_path):
    files = {"lessons/1.md": LESSON, "lessons/2.md": LESSON}
    files |= {
        f"exercises/{name}.md": f"---\ntitle: E\nlesson: {to}\n---\n"
        for name, to in (("a", "lessons/2.md"), ("b", "x"))
    }
    files["exercises/c.md"] = "---\ntitle: E\nlesson: lessons/1.md\n---\n"
    assert paths(reading(tmp_path, files).curriculum.exercises) == [
        "exercises/c.md",
        "exercises/a.md",
        "exercises/b.md",
    ]


@pytest.mark.parametrize(
    "path",
    ["data/x.md", "images/x.ipynb", ".hidden/x.md", "_drafts/x.md", "_x.md", "x.csv", ".ipynb_checkpoints/x.ipynb"],
)
def test_what_is_no_lesson_is_passed_over(tmp_path, path):
    found = reading(tmp_path, {"lessons/a.md": LESSON, f"lessons/{path}": "{}"})
    assert paths(found.curriculum.lessons) == ["lessons/a.md"] and found.findings == ()


def test_modules_beside_lessons_are_passed_over(tmp_path):
    files = {
        "lessons/a.py": SCRIPT,
        "lessons/model.py": '"""Help."""\nimport math\n',
        "lessons/b.R": "#' ---\n#' title: B\n#' ---\n",
    }
    assert paths(reading(tmp_path, files).curriculum.lessons) == ["lessons/a.py", "lessons/b.R"]


def test_one_broken_notebook_is_a_finding_and_the_rest_is_read(tmp_path):
    found = reading(tmp_path, {"lessons/a.md": LESSON, "lessons/b.ipynb": '{"cells": [', "lessons/c.md": LESSON})
    assert paths(found.curriculum.lessons) == ["lessons/a.md", "lessons/c.md"]
    (finding,) = found.findings
    assert finding.code.startswith("L10") and finding.location.path == "lessons/b.ipynb" and finding.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read_is_a_finding(tmp_path):
    write_curriculum(tmp_path, {"lessons/a.md": LESSON, "lessons/b.py": SCRIPT})
    (tmp_path / "lessons/b.py").chmod(0)
    assert [finding.location.path for finding in reading(tmp_path, {}).findings] == ["lessons/b.py"]


def test_link_that_leads_out_is_not_read(tmp_path):
    (tmp_path / "secret.md").write_text(LESSON)
    folder = tmp_path / "course"
    write_curriculum(folder, {"lessons/a.md": LESSON})
    (folder / "lessons/b.md").symlink_to(tmp_path / "secret.md")
    (folder / "lessons/c.md").symlink_to(folder / "lessons/a.md")
    (folder / ".git").mkdir()
    (folder / ".git/config").write_text(LESSON)
    (folder / "lessons/d.md").symlink_to(folder / ".git/config")
    (folder / "lessons/e.md").symlink_to("e.md")
    found = reading(folder, {})
    assert paths(found.curriculum.lessons) == ["lessons/a.md", "lessons/c.md"]
    assert [str(finding).partition("\n")[0] for finding in found.findings] == [
        "lessons/b.md: L100 this is a link to a file outside the project",
        "lessons/d.md: L100 this is a link to a hidden file",
    ]


def test_link_to_a_hidden_file_is_not_read(tmp_path):
    write_curriculum(tmp_path, {"lessons/a.md": LESSON, ".git/config": "token = SECRET"})
    (tmp_path / "lessons/b.md").symlink_to(tmp_path / ".git/config")
    found = reading(tmp_path, {})
    assert paths(found.curriculum.lessons) == ["lessons/a.md"]
    assert [(finding.code, finding.location.path) for finding in found.findings] == [("L100", "lessons/b.md")]


@pytest.mark.parametrize("name", [b"lessons/\xff.md", b"lessons/a\\b.md", b"lessons/a\nb.md", b"lessons/\x1b[31m.md"])
def test_a_name_that_no_page_can_have_is_a_finding(tmp_path, name):
    write_curriculum(tmp_path, {"lessons/a.md": LESSON})
    try:
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write(LESSON)
    except OSError:
        pytest.skip("the file system takes no such name")
    found = reading(tmp_path, {})
    assert paths(found.curriculum.lessons) == ["lessons/a.md"]
    assert [finding.code for finding in found.findings] == ["L100"]
    assert str(found.findings[0].location).isprintable()


def test_two_sources_of_one_name_are_a_finding(tmp_path):
    found = reading(tmp_path, {"lessons/a.md": LESSON, "lessons/a.py": SCRIPT})
    assert [(one.code, str(one.location)) for one in found.findings] == [("L132", "lessons/a.py")]


def test_folder_inside_the_other_is_read_once(tmp_path):
    files = {"lessons/a.md": LESSON, "lessons/practice/e.py": SCRIPT}
    found = reading(tmp_path, files, options="exercises: lessons/practice")
    assert (paths(found.curriculum.lessons), paths(found.curriculum.exercises)) == (
        ["lessons/a.md"],
        ["lessons/practice/e.py"],
    )
    assert found.findings == ()


def test_missing_folder_and_order_are_findings(tmp_path):
    found = reading(tmp_path, {}, options="order: [lessons/gone.md]")
    assert [(one.code, one.location.path) for one in found.findings] == [("C530", "mkdocs.yml"), ("C531", "mkdocs.yml")]
    assert found.findings[1].location.line == 15


def test_hand_written_translations_stand_beside_their_original(tmp_path):
    files = {
        "lessons/a.py": SCRIPT,
        "lessons/a.es.md": LESSON,
        "lessons/pages/index.md": LESSON,
        "lessons/pages/index.es.md": LESSON,
    }
    found = reading(tmp_path, files)
    assert set(found.overrides) == {("lessons/a.py", "es"), ("lessons/pages/index.md", "es")}
    assert found.overrides["lessons/a.py", "es"].language == "es"
    assert paths(found.curriculum.sources) == ["lessons/pages/index.md", "lessons/a.py"]


def test_translation_without_an_original_is_a_lesson_of_its_language(tmp_path):
    found = reading(tmp_path, {"lessons/a.es.md": LESSON})
    assert [(one.path, one.language) for one in found.curriculum.lessons] == [("lessons/a.es.md", "es")]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("lessons/a.pt.md", ("lessons/a", "pt")),
        ("lessons/a.pt-BR.md", ("lessons/a", "pt-BR")),
        ("lessons/a.pt_BR.md", ("lessons/a", "pt-BR")),
        ("lessons/a.fr.md", ("lessons/a.fr", "")),
        ("lessons/alpha.md", ("lessons/alpha", "")),
    ],
)
def test_translations_are_told_by_their_names(path, found):
    assert override_of(path, ("pt", "pt-BR")) == found


def test_broken_glossary_leaves_the_lessons(tmp_path):
    found = reading(tmp_path, {"lessons/a.md": LESSON, "glossary.yml": "- slug: ["})
    assert [one.code for one in found.findings] == ["L130"] and found.curriculum.lessons
