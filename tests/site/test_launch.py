"""Launch buttons of small sites: another hub or remote changes every one of them, and previews open their own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from catalyst_lessons.core.launching.links import LaunchLink, parse_link
from catalyst_lessons.project import Project
from catalyst_lessons.project.launching import launch_table
from tests.curricula import settings
from tests.site.conftest import THEME, run_tool, write_site

pytestmark = pytest.mark.xdist_group("site")

LESSON = "---\ntitle: {title}\n---\n\n## First\n\nGood morning.\n"
EXERCISE = '---\ntitle: Work\nlesson: lessons/01-one.md\n---\n\n```python tags=["solution"]\nprint(1)\n```\n'
FILES = {
    "lessons/01-one.md": LESSON.format(title="One"),
    "lessons/02-two.md": LESSON.format(title="Two"),
    "exercises/work.md": EXERCISE,
}
HUBS = """\
repository: ''
hub: {hub}
hubs:
  - id: ours
    url: https://hub.example.org/jupyter
    name: {{en: Our hub, es: Nuestro hub}}
    region: Latin America
    country: AR
    join: {{en: Everybody here., es: Todo el mundo aquí.}}
    memory: 2
    cpu: 1
    contact: hub@example.org
  - id: theirs
    url: https://theirs.example.org
    interface: notebooks
  - id: plain
    url: https://plain.example.org
    name: Plain hub
    nbgitpuller: false
  - id: cicada
"""
NO_CI = {"GITHUB_ACTIONS": "", "GITHUB_SERVER_URL": "", "GITHUB_REPOSITORY": ""}


def built(folder: Path, hub: str, remote: str, **environ: str) -> Path:
    """A small site of this hub, in a clone of this remote, built by nobody's CI unless `environ` says so."""
    write_site(folder, {**FILES, "mkdocs.yml": settings(("en", "es"), HUBS.format(hub=hub)) + THEME})
    for command in (("init", "-q"), ("remote", "add", "origin", remote)):
        subprocess.run(["git", *command], cwd=folder, check=True)
    done = run_tool("catalyst", "build", "--strict", cwd=folder, **{**NO_CI, **environ})
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "site"


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def launches(site: Path) -> dict[str, list[LaunchLink]]:
    """The launch links of every page that has a launch bar."""
    pages = {page: soup(page).select("[data-launch-bar] a[data-launch]") for page in site.rglob("index.html")}
    return {
        page.relative_to(site).as_posix(): [parse_link(tag["href"]) for tag in tags if tag["data-launch"] != "download"]
        for page, tags in pages.items()
        if tags
    }


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("ours"), "ours", "https://github.com/example/lessons.git")


def test_another_hub_and_another_remote_change_every_button(ours: Path, tmp_path: Path) -> None:
    """The settings of the fork have another hub and nothing else; its remote is another one, by itself."""
    fork = built(tmp_path, "theirs", "git@gitlab.com:a-fork/group/lessons.git")
    first, second = launches(ours), launches(fork)
    assert first.keys() == second.keys() and len(first) == 6
    for page in first:
        assert [link.kind for link in first[page]] == ["hub", "hub", "binder", "colab"]
        assert [link.kind for link in second[page]] == ["hub", "hub", "binder"]
        assert {link.repository.page for link in first[page]} == {"https://github.com/example/lessons"}
        assert {link.repository.page for link in second[page]} == {"https://gitlab.com/a-fork/group/lessons"}
        assert (first[page][0].hub, second[page][0].hub) == (
            "https://hub.example.org/jupyter",
            "https://theirs.example.org",
        )
        assert {link.path for link in first[page]} == {link.path for link in second[page]}
        assert all(link.path.startswith("es/" if page.startswith("es/") else "en/") for link in first[page])


def test_every_link_opens_a_notebook_that_is_there(ours: Path) -> None:
    for links in launches(ours).values():
        assert all((ours / "notebooks" / link.path).is_file() for link in links)


def test_hubs_without_a_button_are_explained_in_the_pages_language(ours: Path) -> None:
    english = [tag.get_text() for tag in soup(ours / "lessons/01-one/index.html").select(".catalyst-closed")]
    spanish = [tag.get_text() for tag in soup(ours / "es/lessons/01-one/index.html").select(".catalyst-closed")]
    assert english == [
        "Plain hub opens no notebooks from a link. Use the line for git below, in a terminal there.",
        "CICADA was switched off (February 2026). Use another of the ways here.",
    ]
    assert spanish[1] == "CICADA se apagó (febrero de 2026). Usa otra de las opciones de aquí."
    addresses = {link.hub for links in launches(ours).values() for link in links}
    assert not [address for address in addresses if "plain" in address or "cicada" in address]


def test_the_script_is_told_what_the_buttons_are_made_of(ours: Path) -> None:
    bar = soup(ours / "es/lessons/01-one/index.html").select_one("[data-launch-settings]")
    told = json.loads(bar["data-launch-settings"])
    assert {name: told[name] for name in ("repository", "branch", "path", "target")} == {
        "repository": "https://github.com/example/lessons.git",
        "branch": "notebooks",
        "path": "es/lessons/01-one.ipynb",
        "target": "lessons",
    }
    assert [(hub["id"], hub["name"]) for hub in told["hubs"]] == [("ours", "Nuestro hub"), ("theirs", "theirs")]
    assert told["words"]["choose"] == "Elige tu hub"


def test_a_pull_request_from_a_fork_opens_its_own_branch(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    repo = {"clone_url": "https://github.com/ana/lessons.git"}
    event.write_text(json.dumps({"pull_request": {"head": {"repo": repo}}}))
    ci = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "example/lessons",
        "GITHUB_HEAD_REF": "fix/typo",
        "GITHUB_EVENT_PATH": str(event),
    }
    folder = tmp_path / "curriculum"
    write_site(folder, {**FILES, "mkdocs.yml": settings(("en", "es"), "hub: showcase") + THEME})
    rows = launch_table(Project.open(folder, environ=ci))
    assert {row.link.kind for row in rows} == {"hub", "binder", "colab"}
    for row in rows:
        assert row.link.repository.page == "https://github.com/ana/lessons"
        assert row.link.branch == "notebooks-fix-typo"
        # Two branches in one folder stop nbgitpuller, or are mixed by it.
        assert row.link.kind != "hub" or row.link.target_path == "lessons-fix-typo"
    own = launch_table(Project.open(folder, environ={}))
    assert {(row.link.repository.page, row.link.branch) for row in own} == {
        ("https://github.com/example/lessons", "notebooks")
    }


def test_the_directory_has_every_hub_in_the_pages_language(ours: Path) -> None:
    page = soup(ours / "es/hubs/index.html").select_one("article")
    assert [tag.get_text().strip("¶") for tag in page.select("h2")] == ["Latinoamérica", "En otra parte", "Mundo"]
    names = [tag.get_text().strip("¶") for tag in page.select("h3")]
    assert names == ["Nuestro hub", "theirs", "Plain hub", "2i2c Showcase", "Binder"]
    text = page.get_text()
    for words in ("Argentina", "Todo el mundo aquí.", "2 GB de memoria y 1 CPU"):
        assert words in text
    old = page.select_one("details")
    assert len(old.select("li")) == 22
    assert "UNAM, México: unam.latam.catalystproject.2i2c.cloud (febrero de 2026)" in old.get_text()
    assert not old.select("a")
    uses = [tag["href"] for tag in page.select("a[href*='?hub=']")]
    assert uses == [f"../lessons/01-one/?hub={name}" for name in ("ours", "theirs", "showcase")]
