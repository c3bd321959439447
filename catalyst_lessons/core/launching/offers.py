"""What a curriculum offers to open a notebook with: its hubs, Binder and Colab, and why one of them cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalyst_lessons.core.errors import UsageError
from catalyst_lessons.core.launching.hubs import Hub
from catalyst_lessons.core.launching.links import LaunchLink, binder_link, clone_line, colab_link, hub_link
from catalyst_lessons.core.launching.repositories import Repository

GITHUB = "github.com"


@dataclass(frozen=True, slots=True)
class Published:
    """A notebook where learners get it from; `alone` if it needs no file beside it."""

    repository: Repository
    branch: str
    path: str
    target_path: str
    alone: bool = True

    @property
    def clone(self) -> str:
        """The line for a terminal that gets it without any hub; "" if there is none."""
        try:
            return clone_line(self.repository, branch=self.branch, target_path=self.target_path)
        except UsageError:
            return ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A way that cannot be offered: the code of the finding, the id of the hub or "", and what is wrong."""

    code: str
    hub: str
    error: UsageError


def offers(
    notebook: Published, hubs: Iterable[Hub], *, binder: str, colab: bool
) -> tuple[tuple[LaunchLink, ...], tuple[Refused, ...]]:
    """The links that open the notebook, in the order they are shown, and those that cannot be made.

    `binder` is the address of a BinderHub, "" for none. Colab is left out without a word where it cannot work: where
    the repository is elsewhere than on GitHub, or the notebook reads files beside it.
    """
    links: list[LaunchLink] = []
    refused: list[Refused] = []
    for code, name, make in _ways(notebook, hubs, binder=binder, colab=colab):
        try:
            links.append(make())
        except UsageError as error:
            refused.append(Refused(code, name, error))
    return tuple(links), tuple(refused)


def _ways(
    notebook: Published, hubs: Iterable[Hub], *, binder: str, colab: bool
) -> list[tuple[str, str, Callable[[], LaunchLink]]]:
    ways = [(("H403" if hub.software == "binderhub" else "H402"), hub.id, _on(hub, notebook)) for hub in hubs]
    if binder:
        ways.append(("H403", "", _in_binder(notebook, binder)))
    if colab and notebook.alone and notebook.repository.host == GITHUB:
        ways.append(("H404", "", lambda: colab_link(notebook.repository, branch=notebook.branch, path=notebook.path)))
    return ways


def _on(hub: Hub, notebook: Published) -> Callable[[], LaunchLink]:
    if hub.software == "binderhub":
        return _in_binder(notebook, hub.url)
    target, path = notebook.target_path, notebook.path
    return lambda: hub_link(hub, notebook.repository, branch=notebook.branch, path=path, target_path=target)


def _in_binder(notebook: Published, address: str) -> Callable[[], LaunchLink]:
    return lambda: binder_link(notebook.repository, branch=notebook.branch, path=notebook.path, binder=address)


def preview_branch(pattern: str, branch: str) -> str:
    """The branch that holds the notebooks of a pull request from `branch`; without a slash, which Colab cannot take."""
    return pattern.replace("{branch}", branch.replace("/", "-"))


def preview_folder(target_path: str, branch: str) -> str:
    """The folder of a preview's clone: two branches cannot live in one, nbgitpuller would stop or mix them."""
    return f"{target_path}-{branch.replace('/', '-')}"
