"""The curriculum of this repository, built once as CI of a fork would build it, and served on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.curricula import settings, write_curriculum

ROOT = Path(__file__).parent.parent.parent
FORK = "https://github.com/a-fork/lessons-of-ours"
SOURCES = ("mkdocs.yml", "glossary.yml", "lessons", "exercises", "locales")

PHONE = {"viewport": {"width": 360, "height": 720}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

# A fork's CI: nothing in the settings names a repository, so the buttons have to find the fork.
FORK_CI = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "a-fork/lessons-of-ours",
    "GITHUB_REF_NAME": "main",
    "GITHUB_HEAD_REF": "",
    "NO_MKDOCS_2_WARNING": "1",
}


@dataclass(frozen=True)
class Site:
    """A built site: its project, its folder, and its address on loopback."""

    project: Path
    folder: Path
    address: str


def run_tool(*command: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A program of this environment, with the environment of a fork's CI."""
    program = Path(sys.executable).parent / command[0]
    settings = {**os.environ, **FORK_CI, **environ}
    return subprocess.run(
        [str(program), *command[1:]], cwd=cwd, env=settings, capture_output=True, text=True, timeout=600, check=False
    )


def copy_curriculum(target: Path) -> Path:
    """The curriculum without the code, as a fork of the lessons alone would have it, with any run cache there is."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (*SOURCES, ".catalyst/runs"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        elif source.exists():
            shutil.copy(source, target / name)
    return target


THEME = """
docs_dir: lessons
theme:
  name: material
  font: false
validation:
  links:
    anchors: warn
"""


def write_site(folder: Path, files: Mapping[str, str], languages: Sequence[str] = ("en", "es")) -> Path:
    """A small curriculum that MkDocs can build."""
    return write_curriculum(folder, {"mkdocs.yml": settings(languages) + THEME, **files})


class _Quiet(SimpleHTTPRequestHandler):
    # A browser keeps no connection open to us, so that nothing is left when the server closes.
    protocol_version = "HTTP/1.0"

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def serve() -> Iterator:
    """A function that serves a folder on loopback and gives its address."""
    servers = []

    def start(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, serve) -> Site:
    """The whole curriculum in all its languages, built with `catalyst build --strict`."""
    project = copy_curriculum(tmp_path_factory.mktemp("site") / "curriculum")
    built = run_tool("catalyst", "build", "--strict", cwd=project)
    assert built.returncode == 0, built.stderr[-4000:]
    return Site(project, project / "site", serve(project / "site"))


@pytest.fixture
def open_page(browser, site: Site) -> Iterator:
    """A function that opens a page of the site and gives it with the addresses it asked other hosts for."""
    contexts = []

    def open_it(path: str, **options):
        context = browser.new_context(**{**DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.foreign = []
        page.on("request", lambda request: page.foreign.append(request.url) if "127.0.0.1" not in request.url else None)
        page.goto(site.address + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
