"""Every launch link of the curriculum, followed on a Jupyter server with nbgitpuller, over HTTP, without a browser."""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import pytest
from hub.loopback import AUTHOR, Jupyter, git, git_remote, has_git_backend, jupyter_server, serving

from catalyst_lessons.core.launching.hub_report import HubFacts, Inside, Outside, is_ready, judge
from catalyst_lessons.core.launching.links import parse_link
from catalyst_lessons.core.launching.publishing import Needs
from catalyst_lessons.core.model import Cell, Kernel
from catalyst_lessons.core.report import Run
from catalyst_lessons.files.hub.asking import Door
from catalyst_lessons.files.hub.servers import Server, has_nbgitpuller, kernels, pull
from catalyst_lessons.files.kernels import verdict
from catalyst_lessons.files.kernels.execution import Limits
from catalyst_lessons.project import Project, hub_checking
from catalyst_lessons.project.hub_checking import Wanted
from catalyst_lessons.project.hub_running import HubEngine, run_on
from catalyst_lessons.project.launching import launch_table
from catalyst_lessons.project.publishing import notebook_branch, publish

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("jupyter-server"),
    pytest.mark.skipif(not has_git_backend(), reason="git has no http-backend here"),
]

UP = Outside("up", "6.1.1", login=302)
ROOT = Path(__file__).parents[2]
SOURCES = ("lessons", "exercises", "locales", "glossary.yml", "mkdocs.yml", "LICENSE-LESSONS.md")


@dataclass(frozen=True)
class Place:
    """The published curriculum of this repository, the address of its git remote, and a Jupyter server."""

    project: Project
    remote: str
    jupyter: Jupyter

    @property
    def server(self) -> Server:
        """The Jupyter server as that of a person on a hub."""
        return Server(Door(self.jupyter.url, self.jupyter.token), "ana", "")

    def get(self, path: str) -> str:
        """A page of the server as the learner's browser gets it."""
        headers = {"Authorization": f"token {self.jupyter.token}"}
        request = urllib.request.Request(self.jupyter.url + path, headers=headers)  # noqa: S310  loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("links")
    bare, sources, home = folder / "git" / "catalyst-lessons.git", folder / "sources", folder / "home"
    for path in (bare, sources, home):
        path.mkdir(parents=True)
    git(bare, "init", "-q", "--bare", "-b", "main")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, sources / name)  # type: ignore[operator]
    git(sources, "init", "-q", "-b", "main")
    git(sources, "add", "--all")
    git(sources, "commit", "-qm", "Lessons")
    git(sources, "remote", "add", "origin", str(bare))
    with serving(git_remote(folder / "git")) as host, jupyter_server(home) as jupyter:
        url = f"{host}/catalyst-lessons.git"
        project = Project.open(sources, environ={"PATH": os.environ["PATH"], **AUTHOR})
        project.settings = replace(project.settings, repository=url)
        assert publish(project, notebook_branch(project), push=True).pushed
        yield Place(project, url, jupyter)


def follow(place: Place, link: str) -> str:
    """What a click on a link ends with: "" if the file is there, else what is wrong.

    As nbgitpuller's own page does it: the page for the browser, the stream it listens to, then the file it opens.
    """
    query = urlsplit(link).query
    page = place.get(f"/git-pull?{query}")
    found = dict(re.findall(r'data-(\w+)="([^"]*)"', page))
    values = {name: unquote(html.unescape(found.get(name, ""))) for name in ("repo", "branch", "targetpath", "path")}
    done = pull(
        place.server,
        repository=values["repo"],
        branch=values["branch"],
        target_path=values["targetpath"],
        seconds=60,
    )
    if not done.there or done.reason:
        return done.reason or "no nbgitpuller"
    # The browser goes to what one decoding left, and takes what is behind a # away.
    opened = values["path"]
    if opened.startswith("/"):
        return f"404: //{opened}"
    name = unquote(opened.partition("#")[0].removeprefix("lab/tree/"))
    answer = Door(place.jupyter.url, place.jupyter.token).ask(f"/api/contents/{quote(name)}?content=0")
    return "" if answer.status == 200 else f"{answer.status}: {name}"


def test_every_link_of_the_curriculum_opens_its_notebook(place: Place) -> None:
    rows = [row for row in launch_table(place.project) if row.link.kind == "hub"]
    languages = {row.language.tag for row in rows}
    assert languages == {"en", "es", "pt", "fr"}
    assert len(rows) == len(languages) * len(place.project.curriculum.lessons + place.project.curriculum.exercises)
    # One pull, as learners have it, and then every file.
    assert follow(place, rows[0].link.url) == ""
    missing = [row.link.path for row in rows if not exists(place, row.link.url)]
    assert missing == []
    assert follow(place, rows[-1].link.url) == ""


def exists(place: Place, link: str) -> bool:
    parsed = parse_link(link)
    return place.server.door.ask(f"/api/contents/{parsed.target_path}/{quote(parsed.path)}?content=0").status == 200


def test_faults_put_into_a_link_are_seen(place: Place) -> None:
    good = next(row.link.url for row in launch_table(place.project) if row.link.kind == "hub")
    query = {name: values[0] for name, values in parse_qs(urlsplit(good).query).items()}

    def changed(**parts: str) -> str:
        kept = {name: value for name, value in {**query, **parts}.items() if value}
        return f"{good.partition('?')[0]}?{urlencode(kept)}"

    assert follow(place, changed()) == ""
    assert "does not exist" in follow(place, changed(branch="notebook"))
    assert follow(place, changed(urlpath=query["urlpath"].replace("01-", "99-"))).startswith("404: ")
    # Without `targetPath`, nbgitpuller keeps `.git` in the folder's name.
    shutil.rmtree(place.jupyter.home / "catalyst-lessons")
    assert follow(place, changed(targetPath="")).startswith("404: catalyst-lessons/")
    assert follow(place, changed(urlpath="/" + query["urlpath"])).startswith("404: //")


def test_the_look_from_inside(place: Place) -> None:
    """What `catalyst hub check` does with a token, on a real server, without the hub around it."""
    server = place.server
    assert has_nbgitpuller(server)
    assert "python3" in (kernels(server) or ())
    hub = place.project.settings.hubs[0]
    want = hub_checking.wanted_by(place.project, hub)
    seen = hub_checking._pulling(server, want, Inside(user="ana"), seconds=60)
    assert (seen.nbgitpuller, seen.pulled, seen.absent) == (True, True, ())
    seen = hub_checking._computer(server, want, seen)
    assert seen.python and seen.memory and seen.disk
    assert set(seen.packages) == set(want.needs.versions) and all(seen.packages.values())
    facts = HubFacts("x", "X", "https://x.org", outside=UP, inside=seen, versions=want.needs.versions)
    assert is_ready(judge(facts))

    wrong = replace(want, paths=("catalyst-lessons/es/lessons/99.ipynb",), branch="gone")
    assert "does not exist" in hub_checking._pulling(server, wrong, Inside(), seconds=60).pull_reason
    missing = hub_checking._pulling(server, replace(wrong, branch=want.branch), Inside(), seconds=60)
    assert missing.absent == wrong.paths
    poor = hub_checking._computer(server, Wanted(Needs({"nothing": "1"}, {"nothing": "no_such"})), Inside())
    assert poor.packages == {"nothing": ""}


def test_lessons_and_solutions_run_there(place: Place) -> None:
    """What `catalyst check --hub` does: kernels of the server, in the folders that were pulled."""
    server = place.server
    want = hub_checking.wanted_by(place.project, place.project.settings.hubs[0])
    assert hub_checking._pulling(server, want, Inside(), seconds=60).pulled
    project = place.project
    runs = run_on(project, server, want.target_path)
    assert {run.path for run in runs} == {one.path for one in project.curriculum.lessons + project.curriculum.exercises}
    assert [f"{run.path}: {run.error}: {run.message}" for run in runs if not run.good] == []
    assert sum(run.outcome == "passed" for run in runs) >= len(project.curriculum.exercises)
    assert json.loads(server.door.ask("/api/kernels").text) == []


def test_a_fault_on_the_hub_has_its_line(place: Place) -> None:
    server, project = place.server, place.project
    broken = replace(
        project.curriculum.lessons[0],
        cells=(Cell("code", "x = 1\nx / 0", "a", (7, 8)), Cell("code", "never", "b", (9,))),
    )
    execution = asyncio.run(HubEngine(project, server, "")(broken, Path(), Limits()))
    assert execution.stop and (execution.stop.kind, execution.stop.cell) == ("raised", 0)
    run = verdict.judge(Run(broken.path, "skipped"), broken, execution, limits=Limits())
    assert (run.outcome, run.error, run.location) == ("failed", "ZeroDivisionError", broken.at(8))
    slow = replace(broken, cells=(Cell("code", "import time; time.sleep(9)", "a"),))
    stopped = asyncio.run(HubEngine(project, server, "")(slow, Path(), Limits(cell_seconds=0.5)))
    assert stopped.stop and stopped.stop.kind == "timeout"
    assert (set(execution.seconds), set(stopped.seconds)) == ({0}, {0})
    assert 0.5 <= stopped.seconds[0] < 9 and stopped.memory is None
    nowhere = replace(broken, kernel=Kernel("no-such-kernel"))
    missing = asyncio.run(HubEngine(project, server, "")(nowhere, Path(), Limits(start_seconds=20)))
    assert missing.stop and missing.stop.kind == "unavailable"
