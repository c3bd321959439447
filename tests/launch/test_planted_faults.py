"""Faults that trainers plant without knowing: each is told with its code, place and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalyst_lessons.core.report import Finding
from catalyst_lessons.project import Project
from catalyst_lessons.project.checking import Options, check_project
from catalyst_lessons.project.launching import launch_table, missing_targets
from catalyst_lessons.project.published_links import check_written
from tests.curricula import write_curriculum

LESSON = "---\ntitle: One\n---\n\nGood morning.\n"
PULL = "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fexample%2Flessons"
GOOD = f"{PULL}&branch=notebooks&targetPath=lessons&urlpath=lab%2Ftree%2Flessons%2Fen%2Flessons%2F01-one.ipynb"


def project(folder: Path, *options: str, lesson: str = LESSON) -> Project:
    write_curriculum(folder, {"lessons/01-one.md": lesson}, options="\n".join(options))
    return Project.open(folder, environ={})


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, finding.hint) for finding in findings if finding.code[0] in "CH"]


@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        (("hubs: [{id: a, url: 'http://hub.example.org'}]",), "C519", "write https://hub.example.org"),
        (("hub: unam",), "C521", "choose another one: none"),
        (("hub: showcse",), "C518", 'did you mean "showcase"?'),
        (("branch: refs/heads/notebooks",), "C513", 'write "notebooks"'),
        (("branch: 9fceb02d0ae598e95dc970b74767f19372d61af8",), "C513", "a launch link pulls a branch that grows"),
        (("preview_branch: 'notebooks {branch}'",), "C513", 'write "notebooks-x"'),
        (("hubs: [{id: a, url: 'https://a.org', parent_path: /srv}]",), "C511", 'write "srv"'),
        (("hubs: [{id: a, url: 'https://a.org', software: binder}]",), "C509", 'did you mean "binderhub"?'),
        (("hubs: [{id: a, url: 'https://a.org', languages: es}]",), "C507", ""),
    ],
)
def test_in_the_settings(tmp_path: Path, options: tuple[str, ...], code: str, hint: str) -> None:
    found = told(project(tmp_path, *options).problems)
    assert [one for one, _ in found] == [code]
    assert hint in found[0][1]


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (GOOD.replace("urlpath=lab", "urlpath=%2Flab"), "H414"),
        (GOOD.replace("lessons&branch", "lessons.git&branch").replace("&targetPath=lessons", ""), "H414"),
        (GOOD.replace("https://hub", "http://hub"), "H414"),
        (GOOD.replace("branch=notebooks", "branch=main"), "H417"),
        (GOOD.replace("01-one", "02-two"), "H410"),
        (GOOD.replace("hub.example.org", "unam.latam.catalystproject.2i2c.cloud"), "H416"),
        (GOOD, ""),
    ],
)
def test_in_a_link_that_somebody_wrote(tmp_path: Path, link: str, code: str) -> None:
    found = check_written(project(tmp_path, lesson=f"{LESSON}\n[Open]({link})\n"))
    assert [finding.code for finding in found] == ([code] if code else [])
    assert all(str(finding.location) == "lessons/01-one.md:7" for finding in found)


def test_a_notebook_that_is_not_there(tmp_path: Path) -> None:
    rows = launch_table(project(tmp_path))
    (tmp_path / "lessons/01-one.md").rename(tmp_path / "lessons/02-one.md")
    found = missing_targets(Project.open(tmp_path, environ={}), rows)
    assert {finding.code for finding in found} == {"H410"} and len(found) == len(rows)


def test_a_hub_that_cannot_open_links_is_told_once_and_gets_no_button(tmp_path: Path) -> None:
    here = project(tmp_path, "hubs: [{id: a, url: 'https://a.org', nbgitpuller: false}]")
    found = [one for one in check_project(here, Options(run=False)).findings if one.code.startswith("H40")]
    assert [(one.code, str(one.location)) for one in found] == [("H402", f"mkdocs.yml:{here.settings.lines['hubs.a']}")]
    assert {row.link.kind for row in launch_table(here)} == {"binder", "colab"}


def test_colab_is_offered_where_it_can_work(tmp_path: Path) -> None:
    assert "colab" in {row.link.kind for row in launch_table(project(tmp_path))}
    elsewhere = project(tmp_path, "repository: https://gitlab.com/example/lessons")
    assert {row.link.kind for row in launch_table(elsewhere)} == {"binder"}
    assert {row.link.kind for row in launch_table(project(tmp_path, "colab: false"))} == {"binder"}
    slash = check_project(project(tmp_path, "branch: learners/notebooks"), Options(run=False)).findings
    assert [one.code for one in slash if one.code.startswith("H40")] == ["H404"]
