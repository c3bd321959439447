"""Three real hubs, the curriculum's notebooks on a git remote, and the site for each hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import yaml
from hub.e2e.learner import Learner
from hub.e2e.real_hub import RealHub, start_hub, what_is_missing
from hub.loopback import AUTHOR, git, git_remote, has_git_backend, serving

from tests.conftest import missing
from tests.site.conftest import copy_curriculum, run_tool, serve

__all__ = ["serve"]

LANGUAGES = ("en", "es")
HUBS = {
    "local": {},
    "prefixed": {"prefix": "/jupyter"},
    "plain": {"nbgitpuller": False},
}
Visit = Callable[..., AbstractContextManager[Learner]]


@pytest.fixture(scope="session")
def hubs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, RealHub]]:
    """The hubs by id, perhaps still starting: one as most are, one under a path, one without nbgitpuller."""
    reason = what_is_missing() or ("" if has_git_backend() else "git cannot serve HTTP here")
    if reason:
        missing(reason)
    folder = tmp_path_factory.mktemp("hubs")
    running: dict[str, RealHub] = {}
    try:
        for name, options in HUBS.items():
            running[name] = start_hub(folder / name, **options)
        yield running
    finally:
        for hub in running.values():
            hub.ask_to_stop()
        left = [process for hub in running.values() for process in hub.stop()]
    assert not left, f"these processes outlived their hub: {left}"


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A git server on loopback: the address of an empty repository, and its folder."""
    folder = tmp_path_factory.mktemp("remotes")
    repository = folder / "lessons.git"
    repository.mkdir()
    git(repository, "init", "-q", "--bare", "-b", "main")
    with serving(git_remote(folder)) as address:
        yield f"{address}/{repository.name}", repository


@pytest.fixture(scope="session")
def curriculum(hubs, remote, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the curriculum in a git repository, its notebooks published with our own command."""
    url, repository = remote
    folder = copy_curriculum(tmp_path_factory.mktemp("hub-site") / "curriculum")
    write_settings(folder, hubs["local"], "local", repository=url)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", str(repository))
    git(folder, "add", "mkdocs.yml", "glossary.yml", "lessons", "exercises", "locales")
    git(folder, "commit", "-q", "-m", "Lessons")
    git(folder, "push", "-q", "origin", "main")
    done = run_tool("catalyst", "notebooks", "publish", "--push", cwd=folder, **AUTHOR)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def address_of_site(hubs, remote, curriculum: Path, serve) -> Callable[[str], str]:
    """A function that builds and serves the site whose first button is for this hub, once."""
    addresses: dict[str, str] = {}

    def build(name: str) -> str:
        if name not in addresses:
            write_settings(curriculum, hubs[name], name, repository=remote[0])
            folder = curriculum.parent / f"site-{name}"
            built = run_tool("catalyst", "build", "--site-dir", str(folder), cwd=curriculum)
            assert built.returncode == 0, built.stderr[-4000:]
            addresses[name] = serve(folder)
        return addresses[name]

    return build


def write_settings(folder: Path, hub: RealHub, name: str, *, repository: str) -> None:
    """The curriculum's own settings with one hub, this remote, two languages, and no lesson run for the pages."""
    settings = yaml.safe_load((folder / "mkdocs.yml").read_text())
    blocks = {
        name: block for plugin in settings["plugins"] if isinstance(plugin, dict) for name, block in plugin.items()
    }
    blocks["i18n"]["languages"] = [row for row in blocks["i18n"]["languages"] if row["locale"] in LANGUAGES]
    described = {"id": name, "name": f"Hub {name}", "url": hub.url, "nbgitpuller": HUBS[name].get("nbgitpuller", True)}
    blocks["catalyst-lessons"] |= {"hub": name, "hubs": [described], "repository": repository, "execute": "never"}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings, allow_unicode=True))


@pytest.fixture
def visit(browser, hubs, address_of_site, tmp_path: Path) -> Visit:
    """A function that opens a page of the site for a hub, as somebody who was never here before.

    What goes wrong inside tells the end of the hub's log, and where a picture of the page is.
    """

    @contextmanager
    def open_it(name: str, path: str) -> Iterator[Learner]:
        address = address_of_site(name)
        hubs[name].wait()
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        learner = Learner(context.new_page(), hubs[name].url, f"learner-{tmp_path.name}"[:30].rstrip("-_").lower())
        try:
            learner.page.goto(address + path)
            yield learner
        except Exception as error:
            picture = tmp_path / "page.png"
            learner.page.screenshot(path=picture)
            error.add_note(f"at {learner.page.url}, seen in {picture}\nThe hub's log:\n{hubs[name].log()}")
            raise
        finally:
            context.close()

    return open_it
