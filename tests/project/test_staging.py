"""The staging tree: pages, links, files, and what never gets there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalyst_lessons.core.model import Language
from catalyst_lessons.core.report import Run
from catalyst_lessons.core.sitemap import SiteMap
from catalyst_lessons.project import Project
from catalyst_lessons.project.addresses import Addresses, by_name
from catalyst_lessons.project.launching import launch_table, missing_targets
from catalyst_lessons.project.site import Section, check_built_site, navigation, stage_site
from catalyst_lessons.project.staging import stage
from tests.curricula import LESSON, write_curriculum
from tests.rendering.readers import to_soup


def opened(folder: Path, files: dict[str, str], **options: object) -> Project:
    return Project.open(write_curriculum(folder, files, **options), environ={})


def staged(folder: Path, body: str, **files: str) -> dict[str, bytes]:
    """The tree of a curriculum whose first lesson has this body."""
    more = {path.replace("__", "/"): text for path, text in files.items()}
    return stage(opened(folder, {"lessons/a.md": f"{LESSON}\n{body}", **more}), {}).contents


def link_in(page: bytes, text: str = "x") -> str:
    return to_soup(page.decode()).find("a", string=text)["href"]


FILES = {
    "lessons/a.md": LESSON,
    "lessons/deep/b.py": "# %%\n1",
    "lessons/pages/setup.md": LESSON,
    "exercises/e.md": LESSON,
    "lessons/data/x y.csv": "1",
}


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("deep/b.py", "deep/b.md"),
        ("deep/b.ipynb#x", "deep/b.md#x"),
        ("deep/b", "deep/b.md"),
        ("pages/setup.md#windows", "../setup.md#windows"),
        ("../exercises/e.md", "../exercises/e.md"),
        ("data/x%20y.csv", "../../assets/files/lessons/data/x%20y.csv"),
        ("#here", "#here"),
        ("https://example.org/a.md", "https://example.org/a.md"),
        ("gone.md", "gone.md"),
        ("data", "data"),
    ],
)
def test_links_of_a_source_lead_to_what_is_staged(tmp_path, target, address):
    project = opened(tmp_path, FILES)
    addresses = Addresses(tmp_path, project.sitemap, by_name(project.curriculum.sources))
    (lesson, _) = project.curriculum.lessons
    assert addresses.for_page(lesson, Language.of("es"), "es/lessons/a.md")(target) == address


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("deep/b.py#x", "deep/b.ipynb#x"),
        ("../exercises/e.md", "../exercises/e.ipynb"),
        ("data/x.csv", "data/x.csv"),
        ("pages/setup.md#windows", "https://x.org/setup/#windows"),
    ],
)
def test_links_of_a_notebook_lead_to_notebooks(tmp_path, target, address):
    project = opened(tmp_path, FILES)
    addresses = Addresses(tmp_path, project.sitemap, by_name(project.curriculum.sources))
    (lesson, _) = project.curriculum.lessons
    assert addresses.for_notebook(lesson, Language.of("es"), lambda _: "https://x.org/setup/")(target) == address
    if "setup" in target:
        assert addresses.for_notebook(lesson, Language.of("es"), lambda _: "")(target) == target


def test_every_language_has_every_page(tmp_path):
    project = opened(tmp_path, FILES)
    tree = stage(project, {})
    overviews = ("index", "schedule", "objectives", "glossary", "hubs", "print", "translation-status")
    names = ("lessons/a", "lessons/deep/b", "exercises/e", "exercises/index", "setup", *overviews)
    assert {path for path in tree.contents if path.endswith(".md")} == {
        f"{language}/{name}.md" for language in ("en", "es") for name in names
    }
    assert set(tree.stamps) == {path for path in tree.contents if path.endswith(".md")}
    assert len(set(tree.stamps.values())) == len(tree.stamps)


def test_two_stagings_give_the_same_bytes(tmp_path):
    project = opened(tmp_path, FILES)
    assert stage(project, {}).contents == stage(Project.open(tmp_path, environ={}), {}).contents


def test_staging_twice_writes_nothing(tmp_path):
    project = opened(tmp_path / "course", FILES)
    stage_site(project, tmp_path / "staged")
    for path in (tmp_path / "staged").rglob("*"):
        os.utime(path, (1, 1))
    stage_site(Project.open(project.root, environ={}), tmp_path / "staged")
    assert {path.stat().st_mtime for path in (tmp_path / "staged").rglob("*")} == {1}


def test_linked_files_are_staged(tmp_path):
    tree = staged(
        tmp_path,
        "[x](data/a.csv) ![y](images/b.png)\n\n```{figure} images/c.png\n:alt: C\n```",
        lessons__data__a_csv="no",
        **{"lessons__data__a.csv": "1", "lessons__images__b.png": "2", "lessons__images__c.png": "3"},
    )
    assert {path for path in tree if path.startswith("assets/files/")} == {
        "assets/files/lessons/data/a.csv",
        "assets/files/lessons/images/b.png",
        "assets/files/lessons/images/c.png",
    }
    images = [image["src"] for image in to_soup(tree["es/lessons/a.md"].decode()).find_all("img")]
    assert images == [f"../../assets/files/lessons/images/{name}.png" for name in "bc"]


@pytest.mark.parametrize(
    "target",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "../../secret.txt",
        "%2e%2e/%2e%2e/secret.txt",
        "../.env",
        "../.git/config",
        "data/../../.git/config",
        "link.txt",
        "linked/secret.txt",
        "to-hidden.txt",
        "/lessons/../../secret.txt",
        "%00",
        "x" * 300 + ".png",
        "token.txt",
        "settings/config",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("form", ["[x]({})", "![x]({})", "[x]: {}\n\n[x]", '<img src="{}">', "```{{figure}} {}\n```"])
def test_what_is_secret_or_outside_is_never_staged(tmp_path, target, form):
    (tmp_path / "secret.txt").write_text("SECRET")
    folder = tmp_path / "course"
    data = f"data: ['{target}']\n"
    files = {
        ".env": "SECRET",
        ".git/config": "SECRET",
        "lessons/a.md": LESSON.replace("title:", f"{data}title:") + form.format(target),
    }
    write_curriculum(folder, files)
    (folder / "lessons/link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "lessons/linked").symlink_to(tmp_path)
    (folder / "lessons/to-hidden.txt").symlink_to("../.git/config")
    (folder / "lessons/token.txt").symlink_to(folder / ".git/config")
    (folder / "lessons/settings").symlink_to(folder / ".git")
    tree = stage(Project.open(folder, environ={}), {}).contents
    assert not [path for path in tree if path.startswith("assets/files/")]
    assert not [path for path, content in tree.items() if b"SECRET" in content or b"root:" in content]


def test_home_page_of_its_own_ends_with_the_lessons(tmp_path):
    tree = stage(opened(tmp_path, {**FILES, "lessons/pages/index.md": LESSON}), {}).contents
    page = to_soup(tree["en/index.md"].decode())
    assert page.find("h2", id="lessons") and page.find("a", string="One")["href"] == "lessons/a.md"


def test_overview_of_its_own_is_kept(tmp_path):
    project = opened(tmp_path, {**FILES, "lessons/pages/glossary.md": LESSON})
    assert b"Good morning." in stage(project, {}).contents["en/glossary.md"]
    pages = [page for part in navigation(project) for page in (part.pages if isinstance(part, Section) else (part,))]
    assert pages.count("glossary.md") == 1


def test_exercise_shows_its_solution_folded_with_its_output(tmp_path):
    source = (
        "---\ntitle: E\n---\n\nTask.\n\n```python\n### BEGIN SOLUTION\nx = 42\n### END SOLUTION\n```\n\n"
        "```python\nprint('same')\n```\n"
    )
    project = opened(tmp_path, {"lessons/a.md": LESSON, "exercises/e.md": source})
    work, same = project.curriculum.exercises[0].code_cells
    outputs = {work.id: ({"output_type": "stream", "name": "stdout", "text": "OUT"},), same.id: ()}
    run = Run("exercises/e.md", "passed", "solution", outputs=outputs)
    page = to_soup(stage(project, {"exercises/e.md solution": run}).contents["en/exercises/e.md"].decode())
    box = page.select_one("details.solution")
    assert "x = 42" in box.get_text() and "OUT" in box.get_text() and "same" not in box.get_text()
    box.decompose()
    assert "42" not in page.get_text() and "OUT" not in page.get_text() and "YOUR CODE HERE" in page.get_text()


def test_pictures_of_runs_are_staged_once(tmp_path):
    source = "---\ntitle: A\n---\n\n```python\nplot()\n```\n"
    project = opened(tmp_path, {"lessons/a.md": source})
    (cell,) = project.curriculum.lessons[0].code_cells
    output = {"output_type": "display_data", "data": {"image/png": "AAAA"}}
    tree = stage(project, {"lessons/a.md lesson": Run("lessons/a.md", "passed", outputs={cell.id: (output,)})}).contents
    (picture,) = [path for path in tree if path.startswith("assets/outputs/")]
    for language in ("en", "es"):
        assert f"](../../{picture})".encode() in tree[f"{language}/lessons/a.md"]


def test_everything_for_printing_has_each_id_once(tmp_path):
    lesson = f"{LESSON}\n## Same\n\n## Own {{#own}}\n\n[x](#own) [y](b.md#same)\n"
    tree = stage(opened(tmp_path, {"lessons/a.md": lesson, "lessons/b.md": lesson}), {}).contents
    page = to_soup(tree["en/print.md"].decode())
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert ids == ["top", "a", "a-same", "a-own", "b", "b-same", "b-own"]
    assert [link["href"] for link in page.find_all("a", string="x")] == ["#a-own", "#b-own"]


def test_output_that_utf8_cannot_write_does_not_stop_us(tmp_path):
    project = opened(tmp_path, {"lessons/a.md": "---\ntitle: A\n---\n\n```python\nprint(half)\n```\n"})
    (cell,) = project.curriculum.lessons[0].code_cells
    outputs = {cell.id: ({"output_type": "stream", "name": "stdout", "text": "half \ud83d of a character"},)}
    tree = stage(project, {"lessons/a.md lesson": Run("lessons/a.md", "passed", outputs=outputs)}).contents
    assert "half \ufffd of a character" in to_soup(tree["en/lessons/a.md"].decode()).get_text()


def test_menu_is_in_teaching_order(tmp_path):
    options = "order: [lessons/deep/b.py]"
    parts = navigation(opened(tmp_path, {**FILES, "lessons/pages/more.md": LESSON}, options=options))
    assert parts == (
        "index.md",
        "setup.md",
        "schedule.md",
        Section("Lessons", ("lessons/deep/b.md", "lessons/a.md")),
        Section("Exercises", ("exercises/index.md", "exercises/e.md")),
        Section(
            "Reference",
            ("objectives.md", "glossary.md", "hubs.md", "more.md", "translation-status.md", "print.md"),
        ),
    )


@pytest.mark.parametrize("quote", ['"', ""])
def test_page_that_is_not_in_the_built_site_is_told(tmp_path, quote):
    project = opened(tmp_path, {"lessons/a.md": LESSON})
    stamps = {"en/index.md": "0" * 12, "es/lessons/a.md": "f" * 12}
    mark = f"<span class={quote}catalyst-stamp{quote} data-stamp={quote}{'0' * 12}{quote} hidden>"
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(mark)
    (finding,) = check_built_site(project, tmp_path / "site", stamps)
    assert finding.code == "A690" and "es/lessons/a/" in finding.message


HUB = """\
hub: ours
hubs:
  - id: ours
    name: Ours
    url: https://hub.example.org
    parent_path: {parent}
    interface: {interface}
"""


@pytest.mark.parametrize("parent", ["shared", "a/b"])
@pytest.mark.parametrize("interface", ["lab", "tree", "rstudio"])
def test_launch_links_lead_to_notebooks(tmp_path, parent, interface):
    options = HUB.format(parent=parent, interface=interface)
    project = opened(tmp_path, FILES, options=options)
    assert project.problems == ()
    rows = launch_table(project)
    assert {(row.link.kind, row.language.tag) for row in rows} == {
        (k, t) for k in ("hub", "binder", "colab") for t in ("en", "es")
    }
    assert missing_targets(project, rows) == ()


def test_launch_link_to_nothing_is_told(tmp_path):
    rows = launch_table(opened(tmp_path, FILES))
    (tmp_path / "exercises/e.md").unlink()
    findings = missing_targets(Project.open(tmp_path, environ={}), rows)
    assert {(one.code, one.location.path) for one in findings} == {("H410", "exercises/e.md")}


def test_without_a_repository_there_are_no_buttons_but_the_download(tmp_path):
    project = opened(tmp_path, FILES, options="repository: ''")
    page = to_soup(stage(project, {}).contents["en/lessons/a.md"].decode())
    assert [link["data-launch"] for link in page.nav.find_all("a")] == ["download"]
    assert not page.nav.find("code") and project.edit_url("x") == ""


def test_sitemap_of_a_project_knows_the_folders_of_its_languages(tmp_path):
    project = opened(tmp_path, FILES, languages=("en", "pt_BR"))
    assert project.sitemap == SiteMap("lessons", project.settings.language_folders)
    assert "pt_BR/lessons/a.md" in stage(project, {}).contents
